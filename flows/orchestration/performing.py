"""How a stage is carried out where Prefect watches: as a task named after it; told to the operator in any case."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flows.jobs import Perform

P = ParamSpec("P")
T = TypeVar("T")

Tell = Callable[[str], None]
"""Tells the operator what is being done."""


def telling(perform: Perform, tell: Tell) -> Perform:
    """The same way to carry out a stage, with the operator told of it by the stage's first sentence."""

    def told(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        tell((stage.__doc__ or stage.__name__).split("\n")[0].split(";")[0].rstrip("."))
        return perform(stage, *args, **kwargs)

    return told


def as_task(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Carry out a stage as a task named after it.

    What it works on stays out of Prefect's sight: it would walk through every reading to look for futures.
    """
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    def hidden() -> T:
        return stage(*args, **kwargs)

    name = getattr(stage, "task_name", stage.__name__)
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(hidden)()
