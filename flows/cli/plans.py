"""Commands about what is declared."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import DistrictArgument, WorkspaceOption, plan_app, whole_number
from flows.workspace import Workspace


@plan_app.command
def check(
    district: Annotated[str | None, Parameter(help="One district; all of them by default.")] = None,
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Check all declarations and tell all faults at once, each with file and line.

    Where the text of a plan's document is there, every quote must stand in it and every target in its quote.
    """
    from flows.declaration_check import check_declarations
    from transforms.errors import DeclarationError

    at = Workspace.at(workspace)
    checked = check_declarations(at, [district] if district else at.districts())
    if checked.faults:
        raise DeclarationError(checked.faults)
    print(checked)


@plan_app.command
def show(
    district: DistrictArgument,
    year: Annotated[int, Parameter(converter=whole_number, help="The plan's year.")],
    *,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show a year's plan: every target with its clause, quote, path and units."""
    plan = Workspace.at(workspace).plan(district, year)
    console.print_plan(plan, console.as_json if json else console.as_text)
