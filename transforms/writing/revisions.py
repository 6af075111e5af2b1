"""Tells which earlier figures have changed, from what to what and why: since an issue, or between vintages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase

from transforms.assessments import AreaTable
from transforms.declared.plan import Plan
from transforms.figures import places_of, printed
from transforms.observations import Harmonised, Observation, Revision
from transforms.periods import Period
from transforms.readings import Cell
from transforms.superseding import agree, in_unit
from transforms.units import plain_unit
from transforms.writing.bulletin import Figure, RevisionRow
from transforms.writing.bulletin_notes import MEASURE_WORDS, chinese_day, figure_name
from transforms.writing.editions import Edition
from transforms.writing.indicator_rows import figure
from transforms.writing.published import Published, is_told, key_of, last_told, told_figures


def revision_rows(
    plan: Plan,
    known: Harmonised,
    period: Period,
    tables: Sequence[AreaTable],
    issues: Sequence[Published],
    in_hand: Collection[str],
) -> tuple[RevisionRow, ...]:
    """Every figure that readers were told and that isn't so any more, and every one that came late; the newest first.

    ``tables`` are the areas that this bulletin ranks, ``issues`` those that it's held against (published.held_against),
    ``in_hand`` the hashes of the vintages that haven't been withdrawn. Before anything was issued, each revision of a
    vintage counts that came after the month before: what came by then has stood in that month's bulletin.
    """
    if not issues:
        return _between_vintages(plan, known, tables, period)
    return _since(plan, known, period, tables, issues, in_hand)


def revisions_lead(edition: Edition, issues: Sequence[Published], rows: Sequence[RevisionRow]) -> str:
    """What the rows are held against, with their number; a correction says too that no figure has changed."""
    if not issues or not (rows or edition.correction):
        return ""
    against = "、".join(one.designation for one in issues)
    if rows:
        return f"与{against}所载相比，{len(rows)}项数据有变化，均以本期为准。"
    return f"与{against}所载相比，数据没有变化。"


# --- Since an issue -----------------------------------------------------------------------------


def _since(
    plan: Plan,
    known: Harmonised,
    period: Period,
    tables: Sequence[AreaTable],
    issues: Sequence[Published],
    in_hand: Collection[str],
) -> tuple[RevisionRow, ...]:
    before = last_told(issues)
    now = {key_of(one): one for one in known.observations if one.value is not None}
    changes: list[tuple[Observation | None, Observation | None]] = [
        (old, new)
        for key, old in before.items()
        if old.period <= period and plan.indicator(old.code) is not None and _differ(old, new := now.get(key))
    ]
    told = told_figures(known, plan, tables, period)
    changes += [(None, new) for new in told if key_of(new) not in before and _was_due(new, period, issues)]
    reasons = _Reasons(known, {vintage for issue in issues for vintage in issue.vintages}, in_hand)
    rows = [(one, _row(plan, old, new, reasons.why(old, new))) for old, new in changes if (one := new or old)]
    order = {indicator.code: at for at, indicator in enumerate(plan.indicators)}
    rows.sort(key=lambda row: (order[row[0].code], row[0].period, row[0].area, row[0].measure))
    rows.sort(key=lambda row: row[0].received.date(), reverse=True)
    return tuple(row for _, row in rows)


def _differ(old: Observation, new: Observation | None) -> bool:
    return new is None or not agree(in_unit(old, new.unit), new)


def _was_due(new: Observation, period: Period, issues: Sequence[Published]) -> bool:
    """Whether an issue told of the figure's month and left it open; of last year's a correction alone is asked."""
    if any(issue.period == period for issue in issues):
        return True
    told_then = max(issue.period for issue in issues)
    return new.period.year == period.year and new.period < period and new.period <= told_then


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Why a figure isn't what it was, by what is known now, which files were known then and which are in hand."""

    known: Harmonised
    known_then: Collection[str]
    in_hand: Collection[str]

    def why(self, old: Observation | None, new: Observation | None) -> str:
        withdrawn = old is not None and any(cell.vintage not in self.in_hand for cell in old.cells)
        if new is None:
            return "原报送文件已撤回，现无此数" if withdrawn else "来源单位重新报送后无此数"
        if new.corrected and (old is None or new.corrected != old.corrected):
            return f"更正：{new.corrected}"
        if any(cell.vintage not in self.known_then for cell in new.cells):
            came = f"{chinese_day(new.received.date())}收到"
            return f"补报（{came}）" if old is None else f"来源单位重新报送（{came}）"
        if withdrawn:
            return "原报送文件已撤回，按现有文件采用"
        if old is not None and old.corrected and not new.corrected:
            return "原更正已取消，按来源数采用"
        return self._corrected_rows(old, new) or "统计口径、计数规则或更正登记有调整"

    def _corrected_rows(self, old: Observation | None, new: Observation) -> str:
        """What was corrected in the rows of a ledger that are counted now and weren't, or the other way round."""
        changed = set(map(_row_of, old.cells if old else ())) ^ set(map(_row_of, new.cells))
        found = dict.fromkeys(row.found for row in self.known.corrected_rows if _row_of(row.cell) in changed)
        return f"更正：{'；'.join(found)}" if found else ""


def _row_of(cell: Cell) -> tuple[str, str, str]:
    return cell.vintage, cell.sheet, cell.ref.lstrip(ascii_uppercase)


def _row(plan: Plan, old: Observation | None, new: Observation | None, why: str) -> RevisionRow:
    one = new or old
    assert one is not None
    if old is not None and old.unit != one.unit:
        old = in_unit(old, one.unit)
    values = [side.value for side in (old, new) if side is not None and side.value is not None]
    places = max((places_of(value) for value in values), default=0)
    return RevisionRow(
        name=figure_name(plan, one.code, one.area, MEASURE_WORDS.get(one.measure, "")),
        period=one.period.chinese(),
        old=Figure("") if old is None else _revised(old.value, places, old.cells),
        new=Figure("") if new is None else _revised(new.value, places, new.cells),
        unit=plain_unit(one.unit),
        reason=why,
    )


# --- Between vintages ---------------------------------------------------------------------------


def _between_vintages(
    plan: Plan, known: Harmonised, tables: Sequence[AreaTable], period: Period
) -> tuple[RevisionRow, ...]:
    """Each once, however many files told it."""
    order = {indicator.code: at for at, indicator in enumerate(plan.indicators)}
    rows = {
        (r.code, r.area, r.period, r.measure, r.old, r.new, r.received.date()): _revision_row(plan, r)
        for r in sorted(known.revisions, key=lambda r: (order.get(r.code, len(order)), r.period, r.area))
        if r.received.date() > period.previous.last_day and is_told(r, plan, tables, period)
    }
    newest_first = sorted(rows.items(), key=lambda row: row[0][-1], reverse=True)
    return tuple(row for _, row in newest_first)


def _revision_row(plan: Plan, revision: Revision) -> RevisionRow:
    places = max((places_of(value) for value in (revision.old, revision.new) if value is not None), default=0)
    return RevisionRow(
        name=figure_name(plan, revision.code, revision.area, MEASURE_WORDS.get(revision.measure, "")),
        period=revision.period.chinese(),
        old=_revised(revision.old, places, (revision.old_cell,)),
        new=_revised(revision.new, places, (revision.new_cell,)),
        unit=plain_unit(revision.unit),
        reason=f"来源单位重新报送（{chinese_day(revision.received.date())}收到）",
    )


def _revised(value: Decimal | None, places: int, cells: Sequence[Cell]) -> Figure:
    return figure("" if value is None else printed(value, places), cells)
