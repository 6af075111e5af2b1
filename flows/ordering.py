"""A backfill as a person asks for it, at the console or on Prefect's page, into one that can be made; makes none."""

from __future__ import annotations

from collections.abc import Sequence

from flows.backfill import Backfill, Which
from flows.clock import moment
from flows.jobs import Beside
from flows.workspace import Workspace
from transforms.errors import UsageError
from transforms.periods import Period


def ordered(
    workspace: Workspace,
    districts: Sequence[str],
    first: str | None,
    last: str | None,
    *,
    workers: int,
    stale: bool,
    force: bool,
    notices: bool,
    as_of: str | None,
) -> Backfill:
    """The backfill from first to last, of first alone, or of all that is stale; UsageError where it can't be meant."""
    if stale and force:
        raise UsageError("stale makes less than usual and force more; leave one of them out")
    if not first and (last or not stale):
        raise UsageError("which periods? name the first and the last, such as 2024-02 and 2024-12, or the first alone")
    if workers < 1:
        raise UsageError(f"{workers} workers: at least one is needed")
    try:
        begin = Period.parse(first) if first else None
        end = Period.parse(last) if last else begin
    except ValueError as error:
        raise UsageError(str(error)) from None
    if begin is not None and end is not None and begin > end:
        raise UsageError(f"{begin} comes after {end}; name the earlier period first")
    return Backfill(
        workspace,
        workspace.districts_named(",".join(districts)),
        begin,
        end,
        workers,
        moment(as_of) if as_of is not None else None,
        (Beside.NOTICES,) if notices else (),
        Which.STALE if stale else Which.ALL if force else Which.DUE,
    )
