"""Prints for the operator and for other programs; decides nothing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transforms.declared.plan import Indicator, Plan
from transforms.errors import YuebaoError
from transforms.figures import exact

if TYPE_CHECKING:
    from flows.archive import Archived
    from flows.auditing import Audited
    from flows.backfill import Outcome
    from flows.forms import MadeForms
    from flows.issuing import Altered, Issued, Proposal
    from flows.monthly import Made
    from flows.pull import Pulled
    from flows.status import DistrictStatus, Reports
    from flows.store import Issue
    from flows.workspace import Workspace
    from transforms.arrivals import SourceRecord
    from transforms.audits.asking import Asked
    from transforms.readings import Contents, Reading
    from transforms.reporting.owed import UnitReport
    from transforms.writing.bulletin import Bulletin


def complain(error: YuebaoError) -> int:
    """Print a fault on standard error; gives its exit status."""
    print(f"yuebao: {error}", file=sys.stderr)
    return error.exit_status


def as_json(told: Any, _text: Callable[[], Iterator[str]]) -> None:
    """Print it for a program."""
    print(json.dumps(told, ensure_ascii=False, indent=2))


def as_text(_told: Any, text: Callable[[], Iterator[str]]) -> None:
    """Print it for a person."""
    for line in text():
        print(line)


Show = Callable[[Any, Callable[[], Iterator[str]]], None]


@contextmanager
def telling_stages() -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being done: one line that changes on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: print(f"… {stage}", file=sys.stderr)
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda stage: status.update(stage)


@contextmanager
def telling_outcomes(total: int) -> Iterator[Callable[[Outcome], None]]:
    """Show on standard error how far a backfill has come, with the time left on a terminal."""
    if not sys.stderr.isatty():
        yield lambda outcome: print(f"… {outcome.period} {outcome.result}", file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("backfill", total=total)

        def told(outcome: Outcome) -> None:
            progress.update(task, advance=1, description=f"{outcome.period} {outcome.result}")

        yield told


def print_made(made: Made, workspace: Workspace) -> None:
    """What a run made: the statuses counted, what was doubted, the paths."""
    from transforms.writing.editing import UNKNOWN_QUOTE

    counts = Counter(assessment.status for assessment in made.assessments)
    words = "，".join(f"{status.chinese}{count}项" for status, count in sorted(counts.items(), key=lambda one: -one[1]))
    print(f"{made.period.chinese()}：{len(made.assessments)}项指标，{words}")
    for doubt in made.doubts:
        if doubt.severity.value == "warning":
            print(f"  ! {doubt.chinese()}")
        elif doubt.expectation == UNKNOWN_QUOTE:
            print(f"  · {doubt.chinese()}")
    for name in made.documents:
        print(workspace.shown(made.folder / name))
    if made.notices is not None:
        for one in made.notices["none"]:
            print(f"  no notice for {one['unit']}: {one['why']}")


def print_issued(issued: Issued, workspace: Workspace) -> None:
    """What was published, or that nothing had changed, and what is wrong with issues on disk."""
    for one in issued.put_back:
        print(f"put back from the store: {workspace.shown(issued.folder.with_name(one.folder))}")
    if issued.bulletin is None:
        print(f"nothing has changed since {_issue_words(issued.issue)}; nothing was published")
    else:
        print(f"published {_issue_words(issued.issue)}")
        _print_revisions(issued.bulletin)
    print(workspace.shown(issued.folder))
    for altered in issued.altered:
        print(f"  ! {_altered_words(altered)}")


def print_proposal(proposal: Proposal) -> None:
    """What would be published, and what has changed since it was last told."""
    if proposal.bulletin is None:
        assert proposal.own is not None
        print(f"nothing has changed since {_issue_words(proposal.own)}; nothing would be published")
        return
    print(f"would publish {proposal.bulletin.number} {proposal.bulletin.title}")
    _print_revisions(proposal.bulletin)


def _print_revisions(bulletin: Bulletin) -> None:
    if bulletin.revisions_lead:
        print(f"  {bulletin.revisions_lead}")
    for row in bulletin.revisions:
        old, new = (side.text + row.unit if side.text else "无数据" for side in (row.old, row.new))
        print(f"  {row.name}，{row.period}：{old} → {new}（{row.reason}）")


def _issue_words(issue: Issue) -> str:
    return f"{issue.designation} by {issue.by} on {issue.at:%Y-%m-%d %H:%M}"


def _altered_words(altered: Altered) -> str:
    issue = altered.issue
    again = f"`yuebao publish {issue.district} {issue.period} --by NAME` puts it back as it was"
    if not altered.files:
        return f"issue {issue.folder} ({issue.designation}) is gone from {altered.folder.parent.name}/; {again}"
    return (
        f"issue {issue.folder} ({issue.designation}) was changed on disk since it was published: "
        f"{', '.join(altered.files)}; move the folder away, then {again}"
    )


def print_forms(forms: MadeForms, workspace: Workspace) -> None:
    """The forms by their paths, then those that were left alone."""
    for name in forms.made:
        print(workspace.shown(forms.folder / name))
    print(f"{len(forms.made)} forms made")
    for name in forms.kept:
        print(f"  kept as it is, changed since it was made: {name} (move it away, and run again, to have a new one)")


def print_archived(archived: Archived, workspace: Workspace) -> None:
    """What the archive lists, and its path."""
    print(f"{archived.bulletins} bulletins")
    for one in archived.unlisted:
        print(f"  not listed: {one}")
    print(workspace.shown(archived.index))


def print_backfill(outcomes: Sequence[Outcome]) -> None:
    """What became of each period, failures last with their causes."""
    counts = Counter(outcome.result.value for outcome in outcomes)
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    for outcome in outcomes:
        if outcome.exit_status:
            print(f"{outcome.period} failed: {outcome.message}")


def print_pulled(pulled: Pulled) -> None:
    """What was new in the sources."""
    print(f"{pulled.files} files in the sources, {len(pulled.new)} new, {len(pulled.gone)} gone")
    for one in pulled.sources:
        failed = f", {len(one.faults)} failed" if one.faults else ""
        print(
            f"{one.source.kind} {one.source.place}: {len(one.new)} new, {len(one.changed)} changed, "
            f"{one.unchanged} unchanged, {len(one.gone)} gone{failed}"
        )
        for sign, vintages in (("+", one.new), ("~", one.changed), ("-", one.gone)):
            for vintage in vintages:
                print(f"  {sign} {vintage.origin}  {vintage.sha256[:12]}  received {vintage.received:%Y-%m-%d}")
        for why, count in Counter(passed.why for passed in one.passed_over).items():
            print(f"  passed over {count}: {why}")
        for fault in one.faults:
            print(f"  ! {fault}")
    for vintage in pulled.undeclared:
        print(f"  - {vintage.origin}  {vintage.sha256[:12]}  of no source that is declared")


def print_contents(contents: Contents, show: Show) -> None:
    """What was read from a file and what is wrong with it."""
    show(_contents(contents), lambda: _contents_lines(contents))


def print_plan(plan: Plan, show: Show) -> None:
    """A year's plan."""
    show(_plan(plan), lambda: _plan_lines(plan))


def print_status(told: Sequence[tuple[str, DistrictStatus, Reports | None]], show: Show) -> None:
    """For each district its periods by what has been made, then its units by what they have sent."""
    show(
        [_status(*one) for one in told],
        lambda: (line for one in told for line in _status_lines(*one)),
    )


def _status(district: str, status: DistrictStatus, reports: Reports | None) -> dict[str, Any]:
    return {
        "district": district,
        "periods": [
            {
                "period": str(one.period),
                "standing": one.standing.value,
                "files": one.files,
                "message": one.message,
                "publication": one.publication.value,
                "issue": one.issue
                and {
                    "designation": one.issue.designation,
                    "folder": one.issue.folder,
                    "by": one.issue.by,
                    "at": one.issue.at.isoformat(),
                },
            }
            for one in status.periods
        ],
        "altered_issues": [{"folder": one.issue.folder, "files": list(one.files)} for one in status.altered],
        "not_pulled": list(status.waiting),
        "reports": reports
        and {
            "period": str(reports.period),
            "units": [
                {
                    "unit": one.unit,
                    "state": one.state.value,
                    "received": [moment.isoformat() for moment in one.received],
                    "missing": list(one.missing),
                    "missing_files": list(one.missing_files),
                    "empty": list(one.empty),
                    "newest": str(one.newest) if one.newest else None,
                }
                for one in reports.units
            ],
        },
    }


def _status_lines(district: str, status: DistrictStatus, reports: Reports | None) -> Iterator[str]:
    yield f"{district}:"
    if not status.periods:
        yield "  nothing pulled yet; run `yuebao pull` or `yuebao run`"
    for one in status.periods:
        publication = f"{one.publication}: {_issue_words(one.issue)}" if one.issue else one.publication.value
        told = ("" if one.publication.value == "none" else publication, one.message)
        yield f"  {one.period}  {one.standing:<8} {one.files:>3} files  {'; '.join(filter(None, told))}".rstrip()
    yield from (f"  {_altered_words(one)}" for one in status.altered)
    for source in status.elsewhere:
        yield f"  {source.place}  {_last_pulled(source.record)}"
    for origin in status.waiting:
        yield f"  not pulled yet: {origin}"
    if reports is None:
        yield "  reports: no planned month has ended, or a declaration has faults (see `yuebao plan check`)"
        return
    counts = Counter(unit.state.value for unit in reports.units)
    chosen = " (the newest finished month with anything due)" if reports.chosen else ""
    yield f"  reports for {reports.period}{chosen}: {', '.join(f'{n} {state}' for state, n in counts.items())}"
    for unit in reports.units:
        yield f"    {unit.state:<12} {unit.unit}{_report_words(unit)}"
        for words, names in (("no figure", unit.missing), ("no file", unit.missing_files), ("left empty", unit.empty)):
            if names:
                yield f"                 {words}: {'、'.join(names)}"


def _report_words(unit: UnitReport) -> str:
    if unit.received:
        days = list(dict.fromkeys(f"{moment:%Y-%m-%d}" for moment in unit.received))
        return f"  received {days[0]}" + (f", last {days[-1]}" if len(days) > 1 else "")
    return f"  last reported for {unit.newest}" if unit.newest else ""


def _last_pulled(record: SourceRecord | None) -> str:
    if record is None:
        return "never pulled"
    if not record.faults:
        return f"pulled {record.tried:%Y-%m-%d %H:%M}"
    whole = f"last whole {record.whole:%Y-%m-%d %H:%M}" if record.whole else "never whole"
    return f"failed {record.tried:%Y-%m-%d %H:%M}, {whole}: {record.faults[0]}"


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "district": plan.district,
        "year": plan.year,
        "document": plan.document.model_dump(mode="json"),
        "units_note": plan.units_note,
        "indicators": [_indicator(indicator) for indicator in plan.indicators],
        "qualitative": [task.model_dump(mode="json") for task in plan.qualitative],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    target = indicator.target
    told = {
        "code": indicator.code,
        "name": indicator.name,
        "kind": target.kind,
        "operator": target.operator,
        "value": exact(target.value),
        "unit": indicator.unit,
        "clause": indicator.clause,
        "quote": indicator.quote,
        "also": [stand.model_dump() for stand in indicator.also],
        "frequency": indicator.frequency.value,
        "path": indicator.path.kind,
        "lead_units": list(indicator.lead_units),
        "cooperating_units": list(indicator.cooperating_units),
        "units_basis": indicator.units_basis,
        "reported_by": indicator.reported_by,
        "labels": list(indicator.labels),
    }
    extras = target.model_dump(mode="json", exclude={"kind", "operator", "value"}, exclude_none=True)
    return told | {key: _plain(value) for key, value in extras.items()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _plan_lines(plan: Plan) -> Iterator[str]:
    document = plan.document
    yield f"{document.citation}  {document.issued}"
    if plan.units_note:
        yield plan.units_note
    for section in plan.sections:
        yield ""
        yield section.title
        for indicator in plan.indicators:
            if indicator.section == section.id:
                yield f"  {indicator.code}"
                value = (
                    ""
                    if indicator.target.value is None
                    else f" {indicator.target.operator} {exact(indicator.target.value)}"
                )
                judged = f"{indicator.target.kind}{value} {indicator.unit}；路径 {indicator.path.kind}"
                yield f"      {indicator.name}（{judged}）"
                yield f"      {indicator.clause}：“{indicator.quote}”"
                yield f"      牵头：{'、'.join(indicator.lead_units)}；报送：{indicator.reported_by}"
        for task in plan.qualitative:
            if task.section == section.id:
                yield f"  {task.code}"
                yield f"      {task.task}（定性任务；报送：{task.reported_by}）"


def _contents(contents: Contents) -> dict[str, Any]:
    return {
        "file": contents.workbook,
        "sha256": contents.vintage,
        "tables": [
            {
                "layout": table.layout,
                "sheet": table.sheet,
                "title": table.title,
                "period": str(table.period) if table.period else None,
                "reporter": table.reporter,
                "notes": list(table.notes),
                "ledger": None
                if table.ledger is None
                else {
                    "columns": [
                        {"name": column.name, "unit": column.unit, "letter": column.letter}
                        for column in table.ledger.columns
                    ],
                    "stated_count": table.ledger.stated_count,
                    "rows": [{"row": row.number, "texts": list(row.texts)} for row in table.ledger.rows],
                },
            }
            for table in contents.tables
        ],
        "readings": [_reading(reading) for reading in contents.readings],
        "doubts": [doubt.told() for doubt in contents.doubts],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "label": reading.label,
        "parent": reading.parent,
        "area": reading.area,
        "period": str(reading.period) if reading.period else None,
        "measure": reading.measure.value,
        "value": exact(reading.value),
        "unit": reading.unit,
        "state": reading.state.value,
        "sheet": reading.cell.sheet,
        "cell": reading.cell.ref,
        "raw": reading.raw,
    }


def _contents_lines(contents: Contents) -> Iterator[str]:
    for table in contents.tables:
        period = table.period.chinese() if table.period else "—"
        reporter = f"，{table.reporter}" if table.reporter else ""
        yield f"《{table.sheet}》{table.title}  [{table.layout}，{period}{reporter}]"
        for reading in table.readings:
            value = exact(reading.value) if reading.value is not None else f"({reading.state})"
            area = f"{reading.area} " if reading.area else ""
            yield (
                f"  {reading.cell.ref:<6} {area}{reading.label}  {reading.period or '—'} {reading.measure}  "
                f"{value}{reading.unit if reading.value is not None else ''}  〔{reading.raw}〕"
            )
        if table.ledger is not None:
            yield "  " + " | ".join(column.name for column in table.ledger.columns)
            for row in table.ledger.rows:
                yield f"  {row.number:<4} " + " | ".join(row.texts)
    for doubt in contents.doubts:
        yield f"  ! {doubt.severity} {doubt.chinese()}"
    counted = sum(len(table.ledger.rows) for table in contents.tables if table.ledger)
    yield (
        f"{len(contents.tables)} tables, {len(contents.readings)} readings, {counted} ledger rows, "
        f"{len(contents.doubts)} doubts"
    )


def print_audited(audited: Audited, show: Show) -> None:
    """What became of each audit formula: counts for each scope and column, then what doesn't hold or can't be told."""
    told = {
        "formulas": [_asked(one) for one in audited.asked],
        "doubts": [doubt.told() for doubt in audited.doubts],
    }
    show(told, lambda: _audited_lines(audited))


def _asked(one: Asked) -> dict[str, Any]:
    audit, outcome = one.audit, one.outcome
    column = outcome.column
    return {
        "scope": audit.scope,
        "report": audit.report,
        "number": audit.number,
        "formula": audit.formula.text,
        "declared": audit.place,
        "severity": audit.severity.value,
        "period": str(column.period) if column else None,
        "area": column.area if column else None,
        "measure": column.measure.value if column and column.measure else None,
        "row": column.row if column else None,
        "verdict": outcome.verdict.value,
        "left": exact(outcome.left),
        "right": exact(outcome.right),
        "reason": outcome.reason,
        "operands": [
            {
                "name": found.name,
                "raw": found.raw,
                "lack": found.lack,
                "cells": [{"workbook": cell.workbook, "sheet": cell.sheet, "cell": cell.ref} for cell in found.cells],
            }
            for found in outcome.found
        ],
    }


def _audited_lines(audited: Audited) -> Iterator[str]:
    from transforms.audits.asking import told_broken, told_undecided, where
    from transforms.audits.evaluation import Verdict

    asked = audited.asked
    columns: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        column = one.outcome.column
        # A formula of each row is asked of a hundred; they're counted together.
        place = where(replace(column, row="")) if column else "no row of theirs anywhere"
        columns.setdefault((one.audit.scope, place), []).append(one)
    for (scope, place), group in columns.items():
        counts = Counter(one.outcome.verdict for one in group)
        relations = Counter(one.audit.formula.relation.value for one in group if one.outcome.verdict is Verdict.PASS)
        kinds = ", ".join(f"{relation} {count}" for relation, count in relations.items())
        passed = f"{counts[Verdict.PASS]} pass" + (f" ({kinds})" if kinds else "")
        yield f"《{scope}》{place}: {passed}, {counts[Verdict.FAIL]} fail, {counts[Verdict.UNDECIDED]} not evaluable"
    for one in asked:
        if one.outcome.verdict is Verdict.FAIL:
            yield f"  ! {one.audit.severity} {told_broken(one).chinese()}"
    for doubt in told_undecided(asked):
        yield f"  ? {doubt.chinese()}"
    for doubt in audited.doubts:
        yield f"  ! {doubt.severity} {doubt.chinese()}"
