"""Makes many periods, as one flow with a task for each where a server is configured."""

from __future__ import annotations

from collections.abc import Callable

from flows.backfill import Backfill, Outcome, backfill
from flows.jobs import directly
from flows.orchestration.performing import as_task, shown_with_its_run
from flows.orchestration.server import keep_to_ourselves, require_answer, server_configured


def run_backfill(order: Backfill, told: Callable[[Outcome], None]) -> tuple[Outcome, ...]:
    """Make many periods, as one Prefect flow with a task for each period if a server is configured."""
    if not server_configured():
        return backfill(order, directly, told)
    keep_to_ourselves()
    require_answer()
    from prefect import flow

    @flow(name="yuebao-backfill", flow_run_name=f"{order.district} {order.first} to {order.last}", persist_result=False)
    def periods(district: str, first: str, last: str, workers: int) -> tuple[Outcome, ...]:  # noqa: ARG001
        with shown_with_its_run():
            return backfill(order, as_task, told)

    return periods(order.district, str(order.first), str(order.last), order.workers)
