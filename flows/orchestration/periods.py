"""Makes many periods, as one flow with a task for each where a server is configured, here or on other machines."""

from __future__ import annotations

from collections.abc import Callable

from flows.backfill import Backfill, backfill, on_this_machine
from flows.jobs import directly
from flows.orchestration.server import answering, keep_to_ourselves, require_answer, server_configured
from flows.outcomes import Notice, Outcome
from transforms.errors import UsageError


def run_backfill(
    order: Backfill, told: Callable[[Outcome], None], notice: Notice | None = None, on: str | None = None
) -> tuple[Outcome, ...]:
    """Make many periods, as one Prefect flow with a task for each period if a server is configured.

    ``on`` names where else they're made: ``pool:NAME`` or ``dask:ADDRESS``.
    """
    if not server_configured():
        if on is not None:
            raise UsageError(f"--on {on}: other machines are reached by a Prefect server; set PREFECT_API_URL to its")
        return backfill(order, directly, told, notice, on_this_machine)
    keep_to_ourselves()
    require_answer()
    from flows.orchestration.backfills import show_backfill

    with answering():
        return show_backfill(order, told, notice or Notice(), on)
