"""Judges each indicator of a plan against its target and path (method §2 to §5); writes no sentence of the bulletin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from transforms import paths
from transforms.assessments import Assessment, Point, Status
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.declared.targets import (
    About,
    Ceiling,
    Clear,
    Either,
    Grow,
    Hold,
    Milestone,
    OfWhich,
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
from transforms.reporting.forms import ledger_sender
from transforms.series import Series

__all__ = ["PERCENT_PLACES", "YES", "assess"]


def assess(plan: Plan, known: Harmonised, district: District, period: Period) -> tuple[Assessment, ...]:
    """Every indicator of the plan, judged for the period, in the plan's order, beside what it was judged before."""
    series = Series(known.observations)
    revised = {(r.code, r.period, r.measure) for r in known.revisions if not r.area}
    made = []
    for indicator in plan.indicators:
        year = [_judge(Case(indicator, month, series, district.lines)) for month in period.months_of_year_so_far()]
        now = year[-1]
        notes = list(now.notes)
        figure = series.figure(indicator, now.figure_period) if now.figure_period else None
        if figure is not None and figure.corrected:
            notes.append(f"更正：{figure.corrected}")
        if figure is not None and (indicator.code, figure.period, figure.measure) in revised:
            notes.append("此数已由来源单位修订，采用最新数")
        made.append(
            replace(
                now,
                previous_status=_last_due(year[:-1]),
                notes=tuple(notes),
                history=tuple(_point(judged, series) for judged in year),
                sender=_sender(indicator, district),
                evidence=now.evidence or series.words(indicator.code, period, Measure.EVIDENCE),
                remark=_remark(indicator, period, series),
            )
        )
    return tuple(made)


def _last_due(earlier: Sequence[Assessment]) -> Status | None:
    """The status when the indicator was last due this year: for a quarterly one that of the quarter before."""
    return next((one.status for one in reversed(earlier) if one.status is not Status.NOT_DUE), None)


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


def _sender(indicator: Indicator, district: District) -> str:
    """The unit that sends the ledger that the indicator is counted from."""
    return (ledger_sender(indicator.counted, district) or "") if indicator.counted else ""


def _remark(indicator: Indicator, period: Period, series: Series) -> str:
    options = (*indicator.target.options, "") if indicator.target.kind == "either" else ("",)
    words = (series.words(indicator.code, period, Measure.REMARK, option).rstrip("。；") for option in options)
    return "；".join(dict.fromkeys(word for word in words if word))


def _point(judged: Assessment, series: Series) -> Point:
    """The month as it's judged; its own figure only, since what isn't due is told with an earlier one."""
    figure = series.figure(judged.indicator, judged.period)
    made = Point(judged.period, judged.status, None, judged.completion, judged.growth)
    return made if figure is None else replace(made, value=figure.value, cells=figure.cells)
