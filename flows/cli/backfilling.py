"""The command that makes the bulletins of many periods."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import AsOfOption, NoticesOption, WorkspaceOption, app, whole_number
from flows.workspace import Workspace
from transforms.errors import PartialError


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
    from flows.ordering import ordered

    order = ordered(
        Workspace.at(workspace),
        [districts],
        first,
        last,
        workers=workers,
        stale=stale,
        force=force,
        notices=notices,
        as_of=as_of,
    )
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
