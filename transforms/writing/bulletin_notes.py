"""Tells what stands behind the figures: doubts, corrections and files; decides nothing about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from transforms.assessments import Assessment
from transforms.declared.corrections import Correction, Corrections
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.observations import Harmonised, Observation, Received
from transforms.periods import Period
from transforms.readings import Cell, Measure
from transforms.tables.labels import names_of
from transforms.writing.assessment_wording import earlier_point
from transforms.writing.bulletin import QualityRow, SourceRow
from transforms.writing.indicator_rows import sources
from transforms.writing.target_wording import plain

MEASURE_WORDS = {
    Measure.MONTH: "当月",
    Measure.YEAR_TO_DATE: "累计",
    Measure.MONTH_GROWTH: "当月同比",
    Measure.YEAR_TO_DATE_GROWTH: "累计同比",
    Measure.LEVEL: "期末",
    Measure.QUARTER: "当季",
    Measure.YEAR: "全年",
    Measure.DONE: "是否完成",
    Measure.DATE: "完成日期",
    Measure.EVIDENCE: "佐证材料",
}


# --- Quality ------------------------------------------------------------------------------------


def quality_rows(
    plan: Plan, doubts: Sequence[Doubt], known: Harmonised, corrections: Corrections
) -> tuple[QualityRow, ...]:
    """The doubts that a reader must know of, then the corrections that were applied."""
    rows = list(_doubt_rows(doubts))
    for observation in known.observations:
        if observation.corrected:
            rows.append(_correction_row(plan, observation, corrections))
    rows += [
        QualityRow(
            subject=row.subject,
            place="；".join(sources([row.cell])),
            found=row.found,
            treatment=f"按更正值{row.corrected}采用，更正有效期至{chinese_day(row.until)}",
        )
        for row in known.corrected_rows
    ]
    return tuple(dict.fromkeys(rows))


_UNREPORTED = "figure-present"
_FILE_MISSING = "expected-file-came"


def _doubt_rows(doubts: Sequence[Doubt]) -> Iterator[QualityRow]:
    """One row a doubt; what a unit owes is one row, however many figures, and tells no operator what to do."""
    owed: dict[tuple[tuple[str, ...], Period | None], list[str]] = {}
    for doubt in doubts:
        if doubt.expectation == _UNREPORTED:
            of_period = doubt.period.chinese() if doubt.period else ""
            owed.setdefault((doubt.places, doubt.period), []).append(doubt.subject.removesuffix(of_period))
    for doubt in doubts:
        if doubt.severity is Severity.INFO:
            continue
        place = "；".join(doubt.places)
        if doubt.expectation == _FILE_MISSING:
            yield QualityRow(doubt.subject, place, doubt.found, "请报送单位补报；未补报前相关指标列为未报")
        elif doubt.expectation != _UNREPORTED:
            yield QualityRow(doubt.subject, place, f"{doubt.found}；应为：{doubt.expected}", doubt.cure)
        elif names := owed.pop((doubt.places, doubt.period), []):
            of_period = f"（{doubt.period.chinese()}）" if doubt.period else ""
            found = f"应报而未收到数据{len(names)}项：{'、'.join(names)}"
            yield QualityRow(
                f"指标数据{of_period}", place, found, "请报送单位补报或核对表中的指标名称；未补报前列为未报"
            )


def _correction_row(plan: Plan, observation: Observation, corrections: Corrections) -> QualityRow:
    treatment = f"按更正值{plain(observation.value)}{observation.unit}采用" if observation.value is not None else ""
    rule = _rule_of(plan, observation, corrections)
    if rule is not None:
        treatment += f"，更正有效期至{chinese_day(rule.until)}"
    return QualityRow(
        subject=figure_name(
            plan,
            observation.code,
            observation.area,
            MEASURE_WORDS.get(observation.measure, ""),
            observation.period.chinese(),
        ),
        place="；".join(sources(observation.cells)),
        found=observation.corrected or "",
        treatment=treatment,
    )


def _rule_of(plan: Plan, observation: Observation, corrections: Corrections) -> Correction | None:
    indicator = plan.indicator(observation.code)
    labels = {name for label in indicator.labels for name in names_of(label)} if indicator else set()
    return next(
        (
            rule
            for rule in corrections.corrections
            if names_of(rule.label) & labels
            and (rule.area or "") == observation.area
            and rule.period == str(observation.period)
            and rule.measure == observation.measure
        ),
        None,
    )


def figure_name(plan: Plan, code: str, *details: str) -> str:
    """规模以上工业总产值（甲镇，累计）; a growth target's own 增速 gives way to the measure (累计同比)."""
    indicator = plan.indicator(code)
    name = indicator.name if indicator else code
    if indicator is not None and indicator.target.kind in {"grow", "range"}:
        name = name.removesuffix("增速")
    inside = "，".join(detail for detail in details if detail)
    return f"{name}{f'（{inside}）' if inside else ''}"


# --- Sources ------------------------------------------------------------------------------------


def chinese_day(day: dt.date) -> str:
    """2024年7月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def source_rows(
    received: Sequence[Received],
    known: Harmonised,
    assessments: Sequence[Assessment],
    district: District,
    period: Period,
) -> tuple[SourceRow, ...]:
    """The files that the bulletin's figures rest on, those of the newest period first.

    Beside the period's own these are the month before, for changes, and of last year the same month and the total, for
    paths. Files of other months are known, but nothing that is printed was taken from them.
    """
    told = {period, period.last_year, Period(period.year - 1, 12)} | ({period.previous} if period.month > 1 else set())
    used = {cell.vintage for o in known.observations if o.period in told for cell in o.cells}
    used |= {cell.vintage for assessment in assessments for cell in _cells_behind(assessment)}
    used |= {cell.vintage for r in known.revisions for cell in (r.old_cell, r.new_cell)}
    chosen = [one for one in received if one.contents.vintage in used]
    chosen.sort(key=lambda one: one.contents.workbook)
    chosen.sort(key=lambda one: one.contents.periods[-1:], reverse=True)
    return tuple(
        SourceRow(
            workbook=one.contents.workbook,
            reporter="、".join(_reporters(one, district)),
            period=_periods(one),
            received=_moment(one.received),
            sha256=one.contents.vintage,
        )
        for one in chosen
    )


def _moment(received: dt.datetime) -> str:
    """With the hour where it's known: a folder of the inbox gives just the day."""
    return f"{received:%Y-%m-%d}" if received.time() == dt.time() else f"{received:%Y-%m-%d %H:%M}"


def _cells_behind(assessment: Assessment) -> Iterator[Cell]:
    """The figure's own cells, those it's compared with, and for a limit all of the year's."""
    yield from assessment.cells
    earlier = earlier_point(assessment)
    if earlier is not None:
        yield from earlier.cells
    if assessment.indicator.target.kind in {"ceiling", "clear"}:
        for point in assessment.history:
            yield from point.cells


def _reporters(one: Received, district: District) -> list[str]:
    named = [table.reporter for table in one.contents.tables if table.reporter]
    plain = [unit.name if (unit := district.unit(name)) else name for name in named]
    return list(dict.fromkeys(plain))


def _periods(one: Received) -> str:
    periods = one.contents.periods
    if not periods:
        return ""
    first, last = periods[0], periods[-1]
    return last.chinese() if first == last else f"{first.chinese()}—{last.chinese()}"
