"""The flows that Prefect shows of a backfill, made to be deployed: all its periods, and one period for a worker.

``yuebao_backfill`` is what `yuebao serve` registers beside the months' runs: in Prefect's UI one period is run again,
or a range made, by its parameters. ``yuebao_period`` is what a backfill on a work pool has its workers run. Both are
named by their module's path, so that every machine runs its own installed program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

from httpx import HTTPError
from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from flows.backfill import Backfill, Spread, backfill, on_this_machine
from flows.backfill_ends import tell_of_failures, tell_of_fault
from flows.elsewhere import carry_out
from flows.handing_over import place_of
from flows.orchestration.known_failures import without_traceback
from flows.orchestration.performing import as_task, shown_with_its_run, state_of
from flows.orchestration.processes import tell_process
from flows.orchestration.scheduled import ASKED
from flows.orchestration.server import unanswered
from flows.orchestration.spreading import on_dask, on_pool
from flows.ordering import ordered
from flows.outcomes import Notice, Outcome
from flows.workspace import Workspace
from transforms.errors import UsageError, YuebaoError


def _run_name() -> str:
    given = flow_run.parameters
    reach = " to ".join(str(given[one]) for one in ("first", "last") if given.get(one)) or "all that is stale"
    return f"{', '.join(given['districts'])} {reach}"


@flow(
    name="yuebao-backfill", flow_run_name=_run_name, on_running=[tell_process, without_traceback], persist_result=False
)
def yuebao_backfill(
    districts: list[str],
    first: Annotated[str, Field(pattern=ASKED)] | None = None,
    last: Annotated[str, Field(pattern=ASKED)] | None = None,
    workers: int = 1,
    force: bool = False,
    stale: bool = False,
    notices: bool = False,
    as_of: str | None = None,
    on: str | None = None,
    workspace: str | None = None,
) -> State[Any]:
    """Make many periods, or one again: ``first`` alone is one period; ``stale`` without it is all that is stale."""
    try:
        at = Workspace.at(Path(workspace) if workspace else None)
    except YuebaoError as error:
        return Failed(message=str(error))
    try:
        order = ordered(
            at,
            districts,
            first,
            last,
            workers=workers,
            stale=stale,
            force=force,
            notices=notices,
            as_of=as_of or None,
        )
    except YuebaoError as error:
        tell_of_fault(at, districts, None, str(error))
        return Failed(message=str(error))
    return _unwatched(order, on)


def _unwatched(order: Backfill, on: str | None) -> State[Any]:
    """Carry out a backfill that was asked for on the page; nobody may be looking any more, so ops are told."""
    logger = get_run_logger()

    class Logged(Notice):
        def due(self, count: int) -> None:
            logger.info("%d periods to make", count)

        def said(self, words: str) -> None:
            logger.info("%s", words)

    def told(outcome: Outcome) -> None:
        logger.info("%s %s %s", outcome.district, outcome.period, outcome.result)

    try:
        with ExitStack() as stack:
            stack.enter_context(shown_with_its_run())
            outcomes = backfill(order, as_task, told, Logged(), _spread(order, on, stack))
    except YuebaoError as error:
        tell_of_fault(order.workspace, order.districts, order.first, str(error))
        return Failed(message=str(error))
    except Exception as error:
        fault = f"程序错误，请联系开发人员：{place_of(error)}"
        tell_of_fault(order.workspace, order.districts, order.first, fault)
        raise
    tell_of_failures(order.workspace, outcomes)
    return _state(outcomes)


@flow(
    name="yuebao-period",
    flow_run_name="{district} {period}",
    on_running=[tell_process, without_traceback],
    persist_result=False,
)
def yuebao_period(
    district: str,
    period: str,
    as_of: str | None,
    notices: bool,
    workspace: str,
    mark: str,
    expected: dict[str, str],
) -> State[Any]:
    """Make one period of a backfill on the worker that took it."""
    with shown_with_its_run():
        return state_of(carry_out(district, period, as_of, notices, workspace, mark, expected))


def show_backfill(
    order: Backfill, told: Callable[[Outcome], None], notice: Notice, on: str | None
) -> tuple[Outcome, ...]:
    """Carry a backfill out in this process, as the flow that the server shows."""
    outcomes: list[Outcome] = []

    def carried_out() -> State[Any]:
        with shown_with_its_run():
            outcomes.extend(backfill(order, as_task, told, notice, spread))
        return _state(outcomes)

    shown = flow(name="yuebao-backfill", flow_run_name=order.words(), on_running=[tell_process], persist_result=False)(
        _under_way
    )
    parameters = {
        "districts": list(order.districts),
        "first": str(order.first) if order.first else None,
        "last": str(order.last) if order.last else None,
        "workers": order.workers,
        "which": order.which.value,
        "as_of": order.as_of.isoformat() if order.as_of else None,
        "on": on,
    }
    with ExitStack() as stack:
        # Before the flow begins: what is wrong with the place is the user's to hear, not a failed run.
        spread = _spread(order, on, stack)
        _UNDER_WAY.append(carried_out)
        stack.callback(_UNDER_WAY.pop)
        try:
            state: State[Any] = shown(parameters, return_state=True)
        except HTTPError as error:
            if not outcomes:
                raise
            notice.said(f"what became of it isn't shown: {unanswered(error)}")
            return tuple(outcomes)
    if not outcomes and not state.is_completed():
        state.result()  # raises what came up
    return tuple(outcomes)


_UNDER_WAY: list[Callable[[], State[Any]]] = []
"""What the flow shown just now carries out: a Dask task takes its flow along, which must not hold connections."""


def _under_way(parameters: Mapping[str, Any]) -> State[Any]:  # noqa: ARG001 - Prefect shows them
    return _UNDER_WAY[-1]()


def _spread(order: Backfill, on: str | None, stack: ExitStack) -> Spread:
    kind, _, where = (on or "").partition(":")
    if not on:
        return on_this_machine
    if kind == "pool" and where:
        return stack.enter_context(on_pool(order.workspace, where, yuebao_period))
    if kind == "dask" and where:
        return stack.enter_context(on_dask(order.workspace, where))
    raise UsageError(f"--on {on}: write pool:NAME, a work pool's name, or dask:tcp://HOST:PORT, a scheduler's address")


def _state(outcomes: tuple[Outcome, ...] | list[Outcome]) -> State[Any]:
    """The whole backfill's: failed where a period failed, whatever became of the others."""
    counts = Counter(one.result.value for one in outcomes)
    words = ", ".join(f"{count} {result}" for result, count in sorted(counts.items())) or "nothing to make"
    failed = [f"{one.district} {one.period}" for one in outcomes if one.exit_status]
    return Failed(message=f"{words}: {', '.join(failed)}") if failed else Completed(message=words)
