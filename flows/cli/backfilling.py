"""The command that makes the bulletins of many periods."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import AsOfOption, NoticesOption, WorkspaceOption, app, period_of, whole_number
from flows.workspace import Workspace
from transforms.errors import PartialError, UsageError


@app.command
def backfill(
    districts: Annotated[
        str, Parameter(name="DISTRICTS", help="A district's id, or several with commas between them, or all.")
    ],
    first: Annotated[str | None, Parameter(help="The first reference period, YYYY-MM; left out, with --stale.")] = None,
    last: Annotated[str | None, Parameter(help="The last one; left out, FIRST alone.")] = None,
    *,
    workers: Annotated[int, Parameter(converter=whole_number, help="Worker processes.")] = 1,
    stale: Annotated[
        bool,
        Parameter(name="--stale", negative="", help="Remake what was made and is stale, and nothing else."),
    ] = False,
    force: Annotated[bool, Parameter(name="--force", negative="", help="Make what is up to date, too.")] = False,
    dry_run: Annotated[
        bool,
        Parameter(name="--dry-run", negative="", help="Say what would be made, and why; make, pull and keep nothing."),
    ] = False,
    on: Annotated[
        str | None,
        Parameter(
            help="Have it made elsewhere: pool:NAME (the workers of a Prefect work pool) or dask:tcp://HOST:PORT (a "
            "Dask cluster)."
        ),
    ] = None,
    notices: NoticesOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make the bulletins of many periods, FIRST to LAST, of one district or several.

    A period whose inputs haven't changed is left as it is; one that fails doesn't stop the others. It can be killed and
    repeated at any moment, and goes on where it was.
    """
    from flows.backfill import Backfill, Which
    from flows.clock import moment
    from flows.jobs import Beside

    at = Workspace.at(workspace)
    if stale and force:
        raise UsageError("--stale makes less than usual and --force more; leave one of them out")
    if first is None and not stale:
        raise UsageError("which periods? name the first and the last, as in yuebao backfill DISTRICT 2024-02 2024-12")
    if workers < 1:
        raise UsageError(f"--workers {workers}: at least one is needed")
    order = Backfill(
        at,
        at.districts_named(districts),
        period_of(first) if first else None,
        period_of(last or first or "") if first else None,
        workers,
        moment(as_of) if as_of is not None else None,
        (Beside.NOTICES,) if notices else (),
        Which.STALE if stale else Which.ALL if force else Which.DUE,
    )
    if order.first and order.last and order.first > order.last:
        raise UsageError(f"{first} comes after {last}; name the earlier period first")
    if dry_run:
        from flows.foreseeing import foresee

        console.print_foreseen(foresee(order))
        return
    from flows.orchestration import run_backfill

    with console.telling_progress() as progress:
        outcomes = run_backfill(order, progress.outcome, progress, on)
    console.print_backfill(outcomes)
    failed = [outcome for outcome in outcomes if outcome.exit_status]
    if failed:
        raise PartialError(f"{len(failed)} of {len(outcomes)} periods failed; their causes are told above")
