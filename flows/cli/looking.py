"""Commands that show how things stand and change nothing."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import AsOfOption, DistrictArgument, PeriodArgument, WorkspaceOption, app, period_of
from flows.cli.each import ask_each
from flows.workspace import Workspace


@app.command
def status(
    district: Annotated[str | None, Parameter(help="One district; all of them by default.")] = None,
    period: Annotated[
        str | None,
        Parameter(
            help="Who has reported for this period, YYYY-MM; by default the newest finished month with anything due."
        ),
    ] = None,
    *,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show for every period what has been made, what is stale and missing; and which units have reported."""
    from flows.status import reports_of, status_of

    at = Workspace.at(workspace)
    wanted = period_of(period) if period is not None else None
    districts = (district,) if district else at.districts()
    told = ask_each(districts, lambda one: (one, status_of(at, one), reports_of(at, one, wanted)))
    console.print_status(list(told.found.values()), console.as_json if json else console.as_text)
    told.end()


@app.command
def explain(
    district: DistrictArgument,
    period: PeriodArgument,
    code: Annotated[str, Parameter(help="The indicator's code; `yuebao plan show` lists them.")],
    *,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Explain one figure: its clause, its cells, the arithmetic step by step, and what is still needed."""
    from flows.clock import moment
    from flows.explaining import explanation
    from flows.jobs import Job

    job = Job(Workspace.at(workspace), district, period_of(period), moment(as_of) if as_of is not None else None)
    print(explanation(job, code))
