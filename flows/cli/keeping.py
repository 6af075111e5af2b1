"""Commands that see to what is kept: moving a district whole, and holding everything against the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import DistrictArgument, WorkspaceOption, app
from flows.cli.each import ask_each
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault


@app.command(name="export")
def export_(
    district: DistrictArgument,
    file: Annotated[Path, Parameter(help="The file to make, such as luan-jinan.tar.gz; one that is there is left.")],
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Pack a district whole into one file: declarations, files that came, bulletins, its rows of the store."""
    from flows.moving import export_district

    console.print_moved(export_district(Workspace.at(workspace), district, file), "packed")
    print(file)


@app.command(name="import")
def import_(
    file: Annotated[Path, Parameter(help="A file that `yuebao export` made.")],
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Unpack a district that `yuebao export` packed; one that is here already is left as it is."""
    from flows.moving import import_district

    console.print_moved(import_district(Workspace.at(workspace), file), "unpacked")


@app.command
def verify(
    district: Annotated[str | None, Parameter(help="One district; all of them by default.")] = None,
    *,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Hash every kept input and output anew, and tell what is missing, changed or unknown to the store."""
    from flows.verifying import verify as verified

    at = Workspace.at(workspace)
    told = ask_each((district,) if district else at.districts(), lambda one: verified(at, one))
    console.print_verified(list(told.found.values()), console.as_json if json else console.as_text)
    broken = sum(len(one.broken) for one in told.found.values())
    if not broken:
        told.end()
    else:
        told.complain()
        raise EnvironmentFault(f"{broken} kept file(s) are missing or changed; each is told above with its cure")
