"""The command that publishes."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import DistrictArgument, PeriodArgument, WorkspaceOption, app, period_of, whole_number
from flows.workspace import Workspace


@app.command
def publish(
    district: DistrictArgument,
    period: PeriodArgument,
    *,
    by: Annotated[str, Parameter(help="Who signs the issue; kept with it.")],
    number: Annotated[
        int | None,
        Parameter(
            converter=whole_number,
            help="The number that the organ's register gives it; by default the next after the last issue's.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, Parameter(name="--dry-run", negative="", help="Say what would be published; publish nothing.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Publish a period's draft as it was looked at: give it its number, and keep it for good.

    It appears in data_out/DISTRICT/issues. An issue is never overwritten: where something has changed since, a
    correction (更正) is published beside it; where nothing has, nothing is done. What is owed and due is delivered; a
    channel that fails is told, and tried again by `yuebao deliver` or the upkeep.
    """
    from flows.delivering import deliver_issued
    from flows.issuing import Order, proposed
    from flows.jobs import Job
    from flows.orchestration import run_publication

    order = Order(Job(Workspace.at(workspace), district, period_of(period)), by, number)
    if dry_run:
        console.print_proposal(proposed(order))
        return
    with console.telling_stages() as tell:
        issued = run_publication(order, tell)
    console.print_issued(issued, order.job.workspace)
    if issued.bulletin is not None:
        console.print_handed_over(deliver_issued(order.job.workspace, district))
