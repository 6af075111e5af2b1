"""Judges growth rates, levels, ceilings and what is to be cleared, none of which is pro-rated (method §2)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from transforms.assessments import Assessment, Status
from transforms.declared.targets import Ceiling, Grow, Hold, Range
from transforms.figures import HUNDRED, exact, printed, round_half_up
from transforms.judging.case import PERCENT_PLACES, Case, last_year, rest_of_last_year, status_by_gap, without_figure
from transforms.readings import Measure


def rate(case: Case, target: Grow | Range) -> Assessment:
    """The year-to-date rate against the full-year rate, in percentage points."""
    found = case.figure
    if found is None or found.value is None:
        return without_figure(case)
    shown = round_half_up(found.value, case.places)
    gap = shown - target.value
    made = Assessment(
        case.indicator,
        case.period,
        status_by_gap(gap, case.lines.ahead_rate, case.lines.severe_rate),
        "累计增速与全年目标增速直接比较",
        value=found.value,
        figure_period=case.period,
        gap=found.value - target.value,
        printed_gap=gap,
        gap_unit="百分点",
        needed=max(-gap, Decimal(0)),
        needed_growth=_rate_of_the_rest(case, target.value, found.value) if gap < 0 else None,
        growth=found.value,
        cells=found.cells,
    )
    if isinstance(target, Range) and gap >= 0:
        made = replace(made, verdict="高于目标区间上限" if shown > target.upper else "处于目标区间")
    if case.last:
        return replace(made, status=Status.COMPLETED if gap >= 0 else Status.MISSED)
    return made


def _rate_of_the_rest(case: Case, target: Decimal, so_far: Decimal) -> Decimal | None:
    """Growth in % that the remaining months must show, from last year's levels and the published rate so far.

    The published rate stands on the comparable base, so this year's own level isn't used: its scope may differ.
    """
    rest = rest_of_last_year(case)
    by_now = last_year(case, Measure.YEAR_TO_DATE)
    if rest is None or by_now is None or case.last:
        return None
    whole = by_now + rest
    return HUNDRED * (whole * (1 + target / HUNDRED) - by_now * (1 + so_far / HUNDRED)) / rest - HUNDRED


def level(case: Case, target: Hold) -> Assessment:
    """The latest level against its target, in its unit or in percentage points."""
    found = case.figure
    if found is None or found.value is None:
        return without_figure(case)
    gap = round_half_up(found.value, case.places) - target.value
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        "已达到目标水平，年内须保持",
        value=found.value,
        figure_period=case.period,
        gap=found.value - target.value,
        printed_gap=gap,
        gap_unit="百分点" if case.indicator.unit == "%" else case.indicator.unit,
        needed=max(-gap, Decimal(0)),
        cells=found.cells,
        notes=_way_gone(case, target, found.value),
    )
    if gap >= 0:
        return replace(made, status=Status.COMPLETED, verdict="年末达到目标水平") if case.last else made
    if case.last:
        return replace(made, status=Status.MISSED, verdict="年末未达到目标水平")
    severe = round_half_up(_shortfall(case, target, gap), PERCENT_PLACES) <= case.lines.severe
    return replace(made, status=Status.SEVERELY_BEHIND if severe else Status.BEHIND, verdict="低于目标水平")


def _shortfall(case: Case, target: Hold, gap: Decimal) -> Decimal:
    """A level in % lacks percentage points, any other a share of its target; a target of zero has no shares."""
    if case.indicator.unit == "%":
        return gap
    return HUNDRED * gap / abs(target.value) if target.value else Decimal(0)


def _way_gone(case: Case, target: Hold, value: Decimal) -> tuple[str, ...]:
    """The share of the way from last year's end to the target that is gone, where there is one to go."""
    if target.baseline is None or target.baseline >= target.value:
        return ()
    start = f"上年末为{exact(target.baseline)}{case.indicator.unit}"
    if value < target.baseline:
        return (f"{start}，现低于上年末",)
    share = HUNDRED * (value - target.baseline) / (target.value - target.baseline)
    return (f"{start}，需提升部分已完成{printed(share, PERCENT_PLACES)}%",)


def ceiling(case: Case, target: Ceiling) -> Assessment:
    """Kept or broken now, and at each earlier period of the year."""
    found = case.figure
    if found is None or found.value is None:
        return without_figure(case)
    reported = [
        (month, figure.value)
        for month in case.period.months_of_year_so_far()
        if (figure := case.series.figure(case.indicator, month)) is not None and figure.value is not None
    ]
    broken = [month for month, value in reported if round_half_up(value, case.places) > target.value]
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        f"年内已报{len(reported)}期均未超过上限",
        value=found.value,
        figure_period=case.period,
        gap=target.value - found.value,
        printed_gap=target.value - round_half_up(found.value, case.places),
        gap_unit="百分点" if case.indicator.unit == "%" else case.indicator.unit,
        cells=found.cells,
    )
    if case.period in broken:
        return replace(
            made,
            status=Status.MISSED if case.last else Status.BEHIND,
            verdict=f"超过上限，年内已报{len(reported)}期中{len(broken)}期超限",
        )
    if broken:
        months = "、".join(f"{month.month}月" for month in broken)
        told = f"本期未超过上限，年内{months}曾超限"
        made = replace(made, verdict=told, notes=(told,))
    # The year is judged by its last figure, as other levels are; what was broken before is told.
    return replace(made, status=Status.COMPLETED) if case.last else made


def cleared(case: Case) -> Assessment:
    """Cleared, or N left; it can be lost again."""
    found = case.figure
    if found is None or found.value is None:
        return without_figure(case)
    left = round_half_up(found.value, case.places)
    cleared_before = [
        month
        for month in case.period.months_of_year_so_far()
        if month != case.period
        and (figure := case.series.figure(case.indicator, month)) is not None
        and figure.value is not None
        and round_half_up(figure.value, case.places) <= 0
    ]
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        "已清零，须动态保持",
        value=found.value,
        figure_period=case.period,
        gap=-left,
        printed_gap=-left,
        gap_unit=case.indicator.unit,
        needed=left,
        cells=found.cells,
    )
    if left <= 0:
        return replace(made, status=Status.COMPLETED, verdict="年末已清零") if case.last else made
    verdict = f"未清零，尚有{exact(left)}{case.indicator.unit}"
    if cleared_before:
        verdict = f"{cleared_before[-1].month}月曾清零后反弹，现有{exact(left)}{case.indicator.unit}"
    return replace(made, status=Status.MISSED if case.last else Status.BEHIND, verdict=verdict)
