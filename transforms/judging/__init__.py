"""Judges each indicator of a plan against its target and path (method §2 to §5); writes no sentence of the bulletin."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from transforms import paths
from transforms.assessments import Assessment, Point, Status
from transforms.declared.district import District, Lines
from transforms.declared.plan import (
    About,
    Ceiling,
    Clear,
    Either,
    Grow,
    Hold,
    Indicator,
    Milestone,
    OfWhich,
    Plan,
    Range,
    Reach,
    Repeat,
)
from transforms.judging.amounts import amount
from transforms.judging.case import PERCENT_PLACES, Case
from transforms.judging.deeds import YES, deed
from transforms.judging.levels import ceiling, cleared, level, rate
from transforms.judging.repeats import repeated
from transforms.observations import Harmonised
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series

__all__ = ["PERCENT_PLACES", "YES", "assess"]


def assess(plan: Plan, known: Harmonised, district: District, period: Period) -> tuple[Assessment, ...]:
    """Every indicator of the plan, judged for the period, in the plan's order, beside what it was judged before."""
    series = Series(known.observations)
    revised = {(r.code, r.period, r.measure) for r in known.revisions if not r.area}
    made = []
    for indicator in plan.indicators:
        now = _judge(Case(indicator, period, series, district.lines))
        notes = list(now.notes)
        figure = series.figure(indicator, now.figure_period) if now.figure_period else None
        if figure is not None and figure.corrected:
            notes.append(f"更正：{figure.corrected}")
        if figure is not None and (indicator.code, figure.period, figure.measure) in revised:
            notes.append("此数已由来源单位修订，采用最新数")
        made.append(
            replace(
                now,
                previous_status=_before(indicator, period, series, district.lines),
                notes=tuple(notes),
                history=_history(indicator, period, series),
                evidence=now.evidence or series.words(indicator.code, period, Measure.EVIDENCE),
                remark=_remark(indicator, period, series),
            )
        )
    return tuple(made)


def _before(indicator: Indicator, period: Period, series: Series, lines: Lines) -> Status | None:
    """The status when the indicator was last due this year: for a quarterly one that of the quarter before."""
    for month in range(period.month - 1, 0, -1):
        status = _judge(Case(indicator, Period(period.year, month), series, lines)).status
        if status is not Status.NOT_DUE:
            return status
    return None


def _judge(case: Case) -> Assessment:
    target = case.indicator.target
    match target:
        case Reach() | About() | OfWhich():
            made = amount(case, target)
        case Grow() | Range():
            made = rate(case, target)
        case Hold():
            made = level(case, target)
        case Ceiling():
            made = ceiling(case, target)
        case Clear():
            made = cleared(case)
        case Repeat():
            made = repeated(case, target)
        case Milestone():
            made = deed(case, ("",), target.due)
        case Either():
            made = deed(case, (*target.options, ""), target.due)
        case _:
            assert_never(target)
    return replace(made, elapsed_path=paths.elapsed(case.period))


def _remark(indicator: Indicator, period: Period, series: Series) -> str:
    options = (*indicator.target.options, "") if indicator.target.kind == "either" else ("",)
    words = (series.words(indicator.code, period, Measure.REMARK, option).rstrip("。；") for option in options)
    return "；".join(dict.fromkeys(word for word in words if word))


def _history(indicator: Indicator, period: Period, series: Series) -> tuple[Point, ...]:
    points = []
    for month in period.months_of_year_so_far():
        figure = series.figure(indicator, month)
        points.append(Point(month, figure.value, figure.cells) if figure else Point(month, None))
    return tuple(points)
