"""Commands that make something of what was pulled: bulletins, forms, edits, the archive."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import (
    AsOfOption,
    DistrictArgument,
    NoticesOption,
    PeriodArgument,
    WorkspaceOption,
    app,
    period_of,
)
from flows.workspace import Workspace


@app.command
def run(
    district: DistrictArgument,
    period: PeriodArgument,
    *,
    notices: NoticesOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make one period's bulletin: pull, read, validate, judge, render.

    Its folder data_out/DISTRICT/PERIOD appears whole or not at all.
    """
    from flows.clock import moment
    from flows.jobs import Beside, Job
    from flows.orchestration import run_month

    known = moment(as_of) if as_of is not None else None
    beside = (Beside.NOTICES,) if notices else ()
    job = Job(Workspace.at(workspace), district, period_of(period), known, beside)
    with console.telling_stages() as tell:
        made = run_month(job, tell)
    console.print_made(made, job.workspace)


@app.command
def forms(
    district: DistrictArgument,
    period: PeriodArgument,
    *,
    unit: Annotated[
        tuple[str, ...], Parameter(help="Only this unit's form; give it again for more.", negative="")
    ] = (),
    workspace: WorkspaceOption = None,
) -> None:
    """Make the forms that the units fill in for a period, one workbook each, ready to send.

    They appear in data_out/DISTRICT/forms/PERIOD; a form there that somebody has filled in is left as it is.
    """
    from flows.forms import make_forms
    from flows.jobs import Job

    job = Job(Workspace.at(workspace), district, period_of(period))
    console.print_forms(make_forms(job, unit), job.workspace)


@app.command
def edit(
    district: DistrictArgument,
    period: PeriodArgument,
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the Markdown file in which an editor rewrites the period's paragraphs, the automatic ones as comments.

    It is data_raw/DISTRICT/edits/PERIOD.md; one that is there is left as it is. A later run takes what was written.
    """
    from flows.edits import begin_edit
    from flows.jobs import Job

    job = Job(Workspace.at(workspace), district, period_of(period))
    file, made = begin_edit(job)
    print(f"{job.workspace.shown(file)}{'' if made else ': left as it is; edit it, or move it away to have a new one'}")


@app.command
def archive(district: DistrictArgument, *, workspace: WorkspaceOption = None) -> None:
    """Remake the archive: all bulletins, and a page with the history of each indicator and area.

    data_out/DISTRICT/index.html and its pages; every run, backfill and publication makes it, too.
    """
    from flows.archive import make_archive

    at = Workspace.at(workspace)
    console.print_archived(make_archive(at, at.district(district)), at)
