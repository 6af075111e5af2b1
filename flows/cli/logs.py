"""The command that shows what happened."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import WorkspaceOption, app, period_of
from flows.workspace import Workspace


@app.command
def log(
    district: Annotated[str | None, Parameter(help="Of this district; by default of any.")] = None,
    period: Annotated[str | None, Parameter(help="Of this period, YYYY-MM; by default of any.")] = None,
    *,
    run: Annotated[str | None, Parameter(help="The run with this id, in place of the last.")] = None,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print the lines as they are kept.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show what happened in the last run: its stages with their seconds, what was pulled, doubted, tried again."""
    from flows.log_files import KEPT_DAYS, lines_of
    from transforms.errors import InputError
    from transforms.log_lines import last_run, of_run

    at = Workspace.at(workspace)
    if district is not None:
        at.district(district)
    lines = list(lines_of(at.logs_folder, KEPT_DAYS))
    wanted = str(period_of(period)) if period is not None else None
    chosen = run or last_run(lines, district, wanted)
    told = of_run(lines, chosen) if chosen else ()
    if not told:
        about = " ".join(filter(None, (run or district, wanted)))
        raise InputError(f"no run{f' of {about}' if about else ''} is in {at.shown(at.logs_folder)}; see its spelling")
    if json:
        console.print_log_as_kept(told)
    else:
        console.print_log(told)
