"""Words what the months to come must bring for a target to be reached; an inferred growth says what it rests on."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from transforms.assessments import Assessment, Status
from transforms.declared.targets import (
    About,
    Ceiling,
    Clear,
    Either,
    Every,
    Grow,
    Hold,
    Milestone,
    OfWhich,
    Range,
    Reach,
    Repeat,
)
from transforms.figures import round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.periods import Period
from transforms.writing.assessment_wording import FALLEN_BEHIND, is_measured, is_pro_rated, lacking
from transforms.writing.target_wording import plain
from transforms.writing.wording import POINT, measured, months_to_come, percent


def needed_words(assessment: Assessment) -> str:
    """What the months to come must bring; empty where nothing is lacking, unknown, or the year over."""
    indicator, target = assessment.indicator, assessment.indicator.target
    if assessment.value is None or not assessment.period.months_left or not _lacks(assessment):
        return ""
    match target:
        case Reach() | About() | OfWhich():
            return _needed_amount(assessment)
        case Grow() | Range():
            if assessment.needed_growth is None:
                return ""
            return _needed_rate(assessment.needed_growth, assessment.period)
        case Hold():
            return _needed_level(assessment)
        case Ceiling():
            return f"须降至{plain(target.value)}{indicator.unit}以下（含本数）"
        case Clear():
            return f"还需清零{lacking(assessment)}"
        case Repeat():
            current = {Every.MONTH: "本月", Every.QUARTER: "本季度", Every.YEAR: "年内"}[target.every]
            return f"{current}还需完成{lacking(assessment)}"
        case Milestone() | Either():
            return ""
        case _:
            assert_never(target)


def further_needed_words(assessment: Assessment) -> str:
    """The same in a sentence after the gap: a level lacks just its gap, and that has been told."""
    return "" if assessment.indicator.target.kind == "hold" else needed_words(assessment)


def _lacks(assessment: Assessment) -> bool:
    if assessment.status in {Status.COMPLETED, Status.NOT_REPORTED}:
        return False
    if assessment.indicator.target.kind == "ceiling":
        return assessment.status in FALLEN_BEHIND
    return bool(assessment.needed)


def needed_beside_so_far(assessment: Assessment) -> str:
    """The same as further_needed_words, with the monthly mean so far beside the one that is needed."""
    if not is_pro_rated(assessment) or not needed_words(assessment):
        return further_needed_words(assessment)
    return _needed_amount(assessment, _mean_so_far(assessment))


def _needed_amount(assessment: Assessment, so_far: str = "") -> str:
    target, indicator, period = assessment.indicator.target, assessment.indicator, assessment.period
    floor = ""
    if isinstance(target, About) and target.tolerance:
        floor = f"按“左右”下限{plain(target.least)}{indicator.unit}计，"
    rest = "12月" if period.months_left == 1 else f"后{period.months_left}个月"
    words = f"{floor}{rest}还需完成{lacking(assessment)}"
    mean = _monthly_mean(assessment)
    if mean:
        words += f"，月均{mean}{so_far}"
    # A growth of counted things, or of a target that is only about a number, would say too much.
    if is_measured(indicator) and not floor and assessment.needed_growth is not None:
        words += f"，按上年同期水平推算{_must_grow(assessment.needed_growth)}"
    return words


def _mean_so_far(assessment: Assessment) -> str:
    """（前6个月月均1.2个）; nothing of one month, or where the mean would print a zero."""
    indicator, months, value = assessment.indicator, assessment.period.month, assessment.value
    if value is None or months == 1:
        return ""
    places = indicator.printed_places if is_measured(indicator) else 1
    mean = round_half_up(value / months, places)
    return f"（前{months}个月月均{measured(mean, places, indicator.unit)}）" if mean > 0 else ""


def _must_grow(rate: Decimal) -> str:
    shown = round_half_up(rate, PERCENT_PLACES)
    if shown == 0:
        return "须与上年同期持平"
    if shown < 0:
        return f"同比降幅不得超过{percent(abs(shown))}"
    return f"须同比增长{percent(shown)}以上"


def _monthly_mean(assessment: Assessment) -> str:
    """The mean of the months left, with the figure's digits; none for a share of a thing that can't be shared out."""
    indicator, mean = assessment.indicator, assessment.needed_per_month
    if mean is None or assessment.period.months_left == 1:
        return ""
    places = indicator.printed_places
    if is_measured(indicator):
        return measured(mean, places, indicator.unit) if round_half_up(mean, places) else ""
    if mean < 1:
        return ""
    return measured(mean, places if mean == mean.to_integral_value() else 1, indicator.unit)


def _needed_rate(rate: Decimal, period: Period) -> str:
    """An inferred growth always says what it's inferred from."""
    rest = months_to_come(period)
    shown = round_half_up(rate, PERCENT_PLACES)
    words = f"增速须达到{percent(shown)}以上" if shown > 0 else _must_grow(rate)
    return f"按上年同期水平推算，{rest}{words}"


def _needed_level(assessment: Assessment) -> str:
    indicator = assessment.indicator
    needed = assessment.needed or Decimal(0)
    if indicator.unit == "%":
        return f"还需提高{measured(needed, indicator.printed_places, POINT)}"
    return f"还需增加{lacking(assessment)}"
