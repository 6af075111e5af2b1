"""How a stage is carried out where Prefect watches: as a task named after it; told to the operator in any case."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flows.jobs import Job, Perform
from flows.logs import binding, heard_by, stage_told
from flows.orchestration.server import answering
from flows.outcomes import Outcome, Result
from transforms.errors import EnvironmentFault, YuebaoError

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

P = ParamSpec("P")
T = TypeVar("T")

Tell = Callable[[str], None]
"""Tells the operator what is being done."""

_EXIT_STATUS = re.compile(r" \[exit status (\d)\]\Z")


def telling(perform: Perform, tell: Tell) -> Perform:
    """The same way to carry out a stage, with the operator told of it by the stage's first sentence."""

    def told(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        tell((stage.__doc__ or stage.__name__).split("\n")[0].split(";")[0].rstrip("."))
        return perform(stage, *args, **kwargs)

    return told


def as_task(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Carry out a stage as a task named after it, or after its period; what became of that is the task's state.

    What it works on stays out of Prefect's sight: it would walk through every reading to look for futures. So does a
    user's fault, but for its sentence: Prefect would log a traceback.
    """
    from prefect import task
    from prefect.cache_policies import NO_CACHE
    from prefect.states import Failed

    given: list[T] = []
    faults: list[YuebaoError] = []

    def hidden() -> Any:
        try:
            with stage_told(stage):
                given.append(stage(*args, **kwargs))
        except YuebaoError as error:
            faults.append(error)
            return Failed(message=str(error))
        return state_of(given[0]) if isinstance(given[0], Outcome) else given[0]

    period = getattr(stage, "task_name", None)
    named: dict[str, Any] = {"name": stage.__name__} if period is None else {"name": "period", "task_run_name": period}
    carried_out: Any = task(cache_policy=NO_CACHE, persist_result=False, **named)(hidden)
    with answering():
        state: State[Any] = carried_out(return_state=True)
        if not given and not faults:
            state.result()  # raises what came up
    if faults:
        raise faults[0]
    return given[0]


def state_of(outcome: Outcome) -> State[Any]:
    """What Prefect shows of a period: completed, completed as up to date, or failed with its message."""
    from prefect.states import Completed, Failed

    if outcome.result is Result.FAILED:
        return Failed(message=f"{outcome.message} [exit status {outcome.exit_status}]")
    return Completed(name="Completed" if outcome.result is Result.MADE else "UpToDate", message=outcome.result.value)


def outcome_of(job: Job, state: State[Any] | None) -> Outcome:
    """The outcome that the state of a period's run elsewhere tells of; one that tells of none was lost."""
    message = (state and state.message) or "its run was lost"
    if state is not None and state.is_completed():
        return Outcome(job.district, job.period, Result.MADE)
    found = _EXIT_STATUS.search(message)
    status = int(found[1]) if found else EnvironmentFault.exit_status
    told = message[: found.start()] if found else f"{job.name}: {message}; run again"
    return Outcome(job.district, job.period, Result.FAILED, told, status)


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

    # Not "yuebao": what the store and claims say outside a run would come here, too, and the server refuses it.
    logger = logging.getLogger("yuebao-shown-with-its-run")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(APILogHandler())
    return logger
