"""How a stage is carried out where Prefect watches: as a task named after it; told to the operator in any case."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import ParamSpec, TypeVar

from flows.jobs import Perform
from flows.logs import binding, heard_by, stage_told

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
        with stage_told(stage):
            return stage(*args, **kwargs)

    name = getattr(stage, "task_name", stage.__name__)
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(hidden)()


@contextmanager
def shown_with_its_run() -> Iterator[None]:
    """Show the log's lines on the page of the Prefect run that is under way, and its id in the lines.

    Straight to the server: Prefect's own logger would print them on the operator's console, too.
    """
    from prefect.runtime import flow_run

    id_ = flow_run.get_id()
    if id_ is None:
        yield
        return
    logger = _to_the_server()

    def heard(level: str, words: str) -> None:
        logger.log(logging.getLevelNamesMapping()[level.upper()], words, extra={"flow_run_id": id_})

    with binding(flow_run=id_), heard_by(heard):
        yield


@cache
def _to_the_server() -> logging.Logger:
    from prefect.logging.handlers import APILogHandler

    logger = logging.getLogger("yuebao")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(APILogHandler())
    return logger
