"""The command that examines the installation."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import WorkspaceOption, app
from flows.workspace import Workspace


@app.command
def doctor(
    district: Annotated[str | None, Parameter(help="One district; all of them by default.")] = None,
    *,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Examine the installation: libraries, fonts, store, Prefect, disk, clock, sources, secrets; tell the cure of each.

    Changes nothing. All checks are made, whatever becomes of the others. Exit status 7 where the machine has a fault,
    3 where only a declaration has, 0 where nothing worse than a warning was found.
    """
    from flows.doctor import examine
    from transforms.errors import YuebaoError
    from transforms.examining import Verdict, exit_status

    at = Workspace.at(workspace)
    if district is not None and district not in at.districts():
        at.district(district)  # Says which there are.
    found = examine(
        at, (district,) if district else at.districts(), console.tell_nobody if json else console.tell_finding
    )
    console.print_examined(found, console.as_json if json else console.as_text)
    findings = [one for findings in found.values() for one in findings]
    status = exit_status(findings)
    if status:
        faults = sum(one.verdict is Verdict.FAULT for one in findings)
        told = YuebaoError(f"{faults} fault(s); each is told above with its cure")
        told.exit_status = status
        raise told
