"""The command `yuebao`: reads arguments, calls the flows, and turns faults into a sentence and an exit status."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter, Token

from flows import console
from flows.usage import sentence
from flows.workspace import Workspace
from transforms.errors import DoubtError, PartialError, UsageError, YuebaoError
from transforms.periods import Period

# Nobody is told of a run: Prefect's and Great Expectations' telemetry are off before either is imported.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

_EXIT_STATUS = """
Exit status: 0 done; 1 any other fault; 2 the command can't mean anything; 3 a declaration has faults; 4 no input, or
none that can be read; 5 a critical doubt stands in the way; 6 some periods of a backfill, or some sources of a pull,
failed; 7 the machine lacks something; 130 interrupted.
"""

app = App(
    name="yuebao",
    help="yuebao (月报): how far each target of an annual plan has come, from the bureau's spreadsheets to a bulletin.",
    help_epilogue=_EXIT_STATUS,
    version=lambda: version("yuebao"),
    version_flags=["--version"],
)
plan_app = App(name="plan", help="Look at and check what is declared: districts, plans, corrections.")
app.command(plan_app)


def whole_number(_type: type, tokens: Sequence[Token]) -> int:
    """A whole number as it was typed: the parser's own conversion makes 6 of 5.5."""
    if not re.fullmatch(r"[+-]?\d{1,9}", tokens[0].value):
        raise ValueError(f"{tokens[0].value} isn't a whole number")
    return int(tokens[0].value)


WorkspaceOption = Annotated[
    Path | None,
    Parameter(
        name="--workspace",
        help="Work on this folder's data_raw and data_out (also YUEBAO_WORKSPACE).",
    ),
]
DistrictArgument = Annotated[str, Parameter(help="The district's id: its folder's name in data_raw.")]
PeriodArgument = Annotated[str, Parameter(help="The reference period, YYYY-MM.")]
AsOfOption = Annotated[
    str | None,
    Parameter(help="Use only what had been received by then: 2024-07-20 or 2024-07-20T09:30 (Beijing time)."),
]

NoticesOption = Annotated[
    bool,
    Parameter(
        name="--notices",
        negative="",
        help="Also make a notice (督办单) for each unit that is behind or hasn't reported, in the folder's notices/.",
    ),
]


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
    job = Job(Workspace.at(workspace), district, _period(period), known, beside)
    with console.telling_stages() as tell:
        made = run_month(job, tell)
    console.print_made(made, job.workspace)


@app.command
def backfill(
    district: DistrictArgument,
    first: PeriodArgument,
    last: PeriodArgument,
    *,
    workers: Annotated[int, Parameter(converter=whole_number, help="Worker processes.")] = 1,
    notices: NoticesOption = False,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make the bulletins of many periods, FIRST to LAST.

    A period whose inputs haven't changed is left as it is; one that fails doesn't stop the others.
    """
    from flows.backfill import Backfill
    from flows.clock import moment
    from flows.jobs import Beside
    from flows.orchestration import run_backfill

    order = Backfill(
        Workspace.at(workspace),
        district,
        _period(first),
        _period(last),
        workers,
        moment(as_of) if as_of is not None else None,
        (Beside.NOTICES,) if notices else (),
    )
    if order.first > order.last:
        raise UsageError(f"{first} comes after {last}; name the earlier period first")
    if workers < 1:
        raise UsageError(f"--workers {workers}: at least one is needed")
    with console.telling_outcomes(len(order.jobs())) as told:
        outcomes = run_backfill(order, told)
    console.print_backfill(outcomes)
    failed = [outcome for outcome in outcomes if outcome.exit_status]
    if failed:
        raise PartialError(f"{len(failed)} of {len(outcomes)} periods failed; their causes are told above")


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
    correction (更正) is published beside it; where nothing has, nothing is done.
    """
    from flows.issuing import Order, proposed
    from flows.jobs import Job
    from flows.orchestration import run_publication

    order = Order(Job(Workspace.at(workspace), district, _period(period)), by, number)
    if dry_run:
        console.print_proposal(proposed(order))
        return
    with console.telling_stages() as tell:
        issued = run_publication(order, tell)
    console.print_issued(issued, order.job.workspace)


@app.command
def pull(district: DistrictArgument, *, workspace: WorkspaceOption = None) -> None:
    """Take what is new in the district's sources into the store, and read it; makes no bulletin."""
    from flows.monthly import take_in
    from flows.store import Store

    at = Workspace.at(workspace)
    declared = at.district(district)
    store = Store(at.store_address)
    try:
        pulled = take_in(at, declared, store)
    finally:
        store.close()
    console.print_pulled(pulled)
    pulled.require_all()


@app.command
def read(
    file: Annotated[Path, Parameter(help="A spreadsheet: xlsx, xls, xlsb, ods, csv or tsv, whatever its suffix says.")],
    *,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
) -> None:
    """Show what would be read from a spreadsheet: every figure with its words and its cell, and what is wrong."""
    from flows.reading import read_file
    from transforms.arrivals import critical

    contents = read_file(file)
    console.print_contents(contents, console.as_json if json else console.as_text)
    stopping = critical(contents.doubts)
    if stopping:
        raise DoubtError(f"{file}: {len(stopping)} critical doubt(s) would stop its period:", stopping)


@app.command(name="check")
def check_files(
    *files: Annotated[
        Path, Parameter(help="Spreadsheets, or folders of them; without any, all that was received for the period.")
    ],
    district: Annotated[
        str | None,
        Parameter(help="Hold them against this district's plan and history; by default the one that they lie in."),
    ] = None,
    period: Annotated[str | None, Parameter(help="The reference period, YYYY-MM; by default each file's own.")] = None,
    report: Annotated[
        Path | None, Parameter(help="Write what was found as an HTML page, to be read or printed.")
    ] = None,
    marked: Annotated[
        Path | None,
        Parameter(help="Write a copy of each doubtful workbook into this folder, its cells coloured and commented."),
    ] = None,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Tell a clerk in Chinese what is wrong in files: cell, what was found, what was expected, what to do.

    Keeps nothing: neither the store nor the sources change.
    """
    from flows.check_command import CheckCommand, run_check

    run_check(
        CheckCommand(
            Workspace.at(workspace),
            files,
            district,
            _period(period) if period is not None else None,
            report,
            marked,
            console.as_json if json else console.as_text,
        )
    )


@app.command
def audit(
    formulas: Annotated[Path, Parameter(help="The audit formulas: a bureau's workbook, or YAML.")],
    /,
    *files: Annotated[Path, Parameter(help="The returns: each formula may take its operands from any of them.")],
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON: every formula in every column.")] = (
        False
    ),
) -> None:
    """Ask audit formulas (审核公式) of filled returns: what holds, what fails with its cells, what can't be told."""
    from flows.auditing import audited
    from transforms.arrivals import critical
    from transforms.audits.asking import broken

    if not files:
        raise UsageError("name at least one return after the formulas; see `yuebao audit --help`")
    found = audited(formulas, files)
    console.print_audited(found, console.as_json if json else console.as_text)
    stopping = critical(broken(found.asked))
    if stopping:
        raise DoubtError(f"{len(stopping)} critical formula(s) don't hold:", stopping)


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
    wanted = _period(period) if period is not None else None
    told = []
    for one in [district] if district else at.districts():
        reports = reports_of(at, one, wanted)
        told.append((one, status_of(at, one), reports))
    console.print_status(told, console.as_json if json else console.as_text)


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

    job = Job(Workspace.at(workspace), district, _period(period))
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

    job = Job(Workspace.at(workspace), district, _period(period))
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

    job = Job(Workspace.at(workspace), district, _period(period), moment(as_of) if as_of is not None else None)
    print(explanation(job, code))


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


def main() -> None:
    """Run the command; a user's fault is a sentence on standard error, never a traceback."""
    try:
        app(sys.argv[1:], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        sys.exit(console.complain(UsageError(sentence(error))))
    except YuebaoError as error:
        sys.exit(console.complain(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone away (yuebao plan show … | head); that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


if __name__ == "__main__":
    main()
