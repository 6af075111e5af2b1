"""Judges amounts to be reached by the year's end against their path (method §3); knows no other kind of target."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from transforms import paths
from transforms.assessments import Assessment, Status
from transforms.declared.targets import About, OfWhich, Reach
from transforms.figures import HUNDRED, exact, printed, round_half_up
from transforms.judging.case import (
    PERCENT_PLACES,
    Case,
    number_of,
    rest_of_last_year,
    status_by_gap,
    without_figure,
)
from transforms.readings import Measure


def amount(case: Case, target: Reach | About | OfWhich) -> Assessment:
    """Completion against the declared path, and what is still needed; the gap is that of the printed percentages."""
    found = case.figure
    if found is None or found.value is None:
        return without_figure(case)
    value = found.value
    least = target.least if isinstance(target, About) else target.value
    # Judged as printed (method §4): nobody may see 170.0 called below 170.
    reached = round_half_up(value, case.places) >= least
    completion = HUNDRED * value / target.value
    by_last_year = paths.last_year(case.indicator, case.period, case.series)
    declared = paths.declared(case.indicator.path, case.period, by_last_year)
    path_words = _PATH_WORDS[case.indicator.path.kind]
    notes: tuple[str, ...] = ()
    if declared is None:
        declared = paths.elapsed(case.period)
        path_words = _PATH_WORDS["elapsed"]
        notes = ("缺上年同期数据，按序时进度判断",)
    # Percentage points are the difference of two percentages as printed, as the statistics offices reckon it.
    printed_gap = round_half_up(completion, PERCENT_PLACES) - round_half_up(declared, PERCENT_PLACES)
    batch = case.indicator.path if case.indicator.path.kind == "batch" else None
    waiting = batch is not None and case.period.month < batch.month
    needed = Decimal(0) if reached else least - value
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        "",
        value=value,
        figure_period=case.period,
        completion=completion,
        last_year_path=by_last_year,
        declared_path=declared,
        gap=None if waiting else completion - declared,
        printed_gap=None if waiting else printed_gap,
        gap_unit="" if waiting else "百分点",
        needed=needed,
        needed_per_month=needed / case.period.months_left if case.period.months_left else None,
        needed_growth=_growth_of_the_rest(case, needed) if needed else None,
        growth=number_of(case, Measure.YEAR_TO_DATE_GROWTH),
        cells=found.cells,
        notes=notes,
    )
    if reached:
        # Within its tolerance a target is reached with less than the number: then there's no gap to tell.
        shown = None if waiting or printed_gap < 0 else printed_gap
        reached_words = _reached_words(case, target, value)
        return replace(made, status=Status.COMPLETED, verdict=reached_words, printed_gap=shown)
    if case.last:
        short = f"距全年目标差{printed(needed, case.places)}{case.indicator.unit}"
        return replace(made, status=Status.MISSED, verdict=short)
    if batch is not None and waiting:
        return replace(made, status=Status.NOT_DUE, verdict=f"{batch.month}月集中认定，此前不作序时要求")
    if round_half_up(declared, PERCENT_PLACES) == 0 and value <= 0:
        # Nothing was done where nothing had to be: nobody may read a row of zeros as being on pace.
        return replace(made, status=Status.NOT_DUE, verdict=f"{path_words}本期尚无进度要求")
    return replace(
        made,
        status=status_by_gap(printed_gap, case.lines.ahead, case.lines.severe),
        verdict=f"{path_words}{printed(declared, PERCENT_PLACES)}%判断",
    )


_PATH_WORDS = {
    "elapsed": "按序时进度",
    "last-year": "按历史同期进度",
    "schedule": "按下达的分月计划",
    "batch": "按集中认定时间",
    "flat": "按全年目标",
}


def _reached_words(case: Case, target: Reach | About | OfWhich, value: Decimal) -> str:
    if isinstance(target, About) and round_half_up(value, case.places) < target.value:
        return f"已达到全年目标（允许偏差{exact(target.tolerance)}{case.indicator.unit}以内）"
    return "已达到全年目标"


def _growth_of_the_rest(case: Case, needed: Decimal) -> Decimal | None:
    """Growth in % that the remaining months together must show over last year's same months."""
    base = rest_of_last_year(case)
    return None if base is None else HUNDRED * needed / base - HUNDRED
