"""Commands about files: pulling, reading, checking and auditing them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import DistrictArgument, WorkspaceOption, app, period_of
from flows.workspace import Workspace
from transforms.errors import DoubtError, UsageError
from transforms.told_names import told_path


@app.command
def pull(district: DistrictArgument, *, workspace: WorkspaceOption = None) -> None:
    """Take what is new in the district's sources into the store, and read it; makes no bulletin."""
    from flows.logs import run_told
    from flows.monthly import take_in
    from flows.store import Store

    at = Workspace.at(workspace)
    declared = at.district(district)
    with run_told(at.logs_folder, "pull", district=district):
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
        raise DoubtError(f"{told_path(str(file))}: {len(stopping)} critical doubt(s) would stop its period:", stopping)


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
            period_of(period) if period is not None else None,
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
