"""Words one assessment: how far it has come, its gap and what is still needed; judges nothing anew."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from transforms.assessments import Assessment, Point, Status
from transforms.declared.paths import PRO_RATED
from transforms.declared.plan import Frequency, Indicator
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
from transforms.figures import HUNDRED, printed, round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.periods import Period
from transforms.writing.target_wording import plain, target_words
from transforms.writing.wording import (
    POINT,
    change_of_level,
    change_of_rate,
    gap_to_level,
    gap_to_path,
    gap_to_rate,
    growth,
    measured,
    month_end,
    quarters_so_far,
    year_so_far,
)

ELAPSED, LAST_YEAR = "序时进度", "历史同期进度"
FALLEN_BEHIND = (Status.SEVERELY_BEHIND, Status.BEHIND, Status.MISSED)
"""The statuses that a bulletin must answer for, the gravest first."""

_AT_AN_END = ("hold", "ceiling", "clear")


def subject(assessment: Assessment) -> str:
    """The name that a sentence begins with; a rate's own 增速 gives way to 同比增长."""
    name = assessment.indicator.sentence_name
    if assessment.indicator.target.kind in {"grow", "range"}:
        return name.removesuffix("增速").removesuffix("增长率")
    return name


def list_name(indicator: Indicator) -> str:
    """The name in a list of targets, where a rate must not read like the amount beside it."""
    name = indicator.sentence_name
    if indicator.target.kind in {"grow", "range"} and not name.endswith(("增速", "增长率")):
        return f"{name}增速"
    return name


def when(assessment: Assessment) -> str:
    """The time of the figure: 1—6月, 6月底 for a level; with the year where it's another one."""
    period = assessment.figure_period or assessment.period
    target = assessment.indicator.target
    if target.kind in _AT_AN_END:
        return time_of_level(assessment.indicator, period, assessment.period.year)
    if target.kind == "repeat" and target.every is not Every.YEAR:
        return f"{period.month}月" if target.every is Every.MONTH else f"{'一二三四'[period.quarter - 1]}季度"
    return year_so_far(period, assessment.period.year)


def time_of_level(indicator: Indicator, period: Period, year: int) -> str:
    """6月底 for what there is at a month's end; 上半年 or 1—6月 for a share of what flows, such as 占GDP比重."""
    if indicator.price_basis is None:
        return month_end(period, year)
    return quarters_so_far(period, year) if indicator.frequency is Frequency.QUARTERLY else year_so_far(period, year)


def figure(assessment: Assessment) -> str:
    """The figure with its unit, or with 同比 for a rate; empty without one."""
    value, indicator = assessment.value, assessment.indicator
    if value is None:
        return ""
    if indicator.target.kind in {"grow", "range"}:
        return growth(value)
    return measured(value, indicator.printed_places, indicator.unit)


def stands_at(assessment: Assessment) -> str:
    """The figure as it follows its name in a sentence: 完成89.0亿元, 26个, 为19.4%, 同比增长8.2%."""
    shown, kind = figure(assessment), assessment.indicator.target.kind
    if not shown or kind in {"grow", "range"}:
        return shown
    if assessment.indicator.unit == "%" or kind in _AT_AN_END:
        return f"为{shown}"
    # What is counted follows its name at once (新开工项目26个); what is measured is 完成.
    return f"完成{shown}" if is_measured(assessment.indicator) else shown


def is_measured(indicator: Indicator) -> bool:
    """Whether the figure is an amount of money or the like, not a count of things."""
    return indicator.price_basis is not None or indicator.printed_places > 0


def completion_text(assessment: Assessment) -> str:
    """The completion as printed; with more digits where it would print a 100% that isn't reached."""
    completion = assessment.completion
    if completion is None:
        return ""
    places = PERCENT_PLACES
    if assessment.status is not Status.COMPLETED and completion < HUNDRED:
        while places < 6 and round_half_up(completion, places) >= HUNDRED:
            places += 1
    return f"{printed(completion, places)}%"


def share_of_target(assessment: Assessment) -> str:
    """完成全年170亿元以上目标的52.4%; empty where nothing is pro-rated."""
    if assessment.completion is None:
        return ""
    words = f"全年{target_words(assessment.indicator)}目标的{completion_text(assessment)}"
    match assessment.status:
        case Status.COMPLETED:
            return f"完成{words}，已完成全年目标"
        case Status.MISSED:
            return f"占{words}，未完成全年目标"
        case _:
            return f"完成{words}"


# --- Gap ----------------------------------------------------------------------------------------


def path_name(assessment: Assessment) -> str:
    """What the path that the status rests on is called; 序时进度 where last year's is unknown."""
    match assessment.indicator.path.kind:
        case "last-year":
            return LAST_YEAR if assessment.last_year_path is not None else ELAPSED
        case "schedule":
            return "分月计划进度"
        case "batch":
            return "应达进度"
        case _:
            return ELAPSED


def gap_words(assessment: Assessment) -> str:
    """By how much it's ahead or behind; empty without a figure or where nothing is due yet."""
    value, indicator, target = assessment.value, assessment.indicator, assessment.indicator.target
    if assessment.status in {Status.NOT_DUE, Status.NOT_REPORTED}:
        return ""
    match target:
        case Milestone() | Either() | Repeat() | Clear():
            return assessment.verdict
        case Reach() | About() | OfWhich():
            return _gap_of_amount(assessment)
        case Grow() | Range() | Hold() | Ceiling():
            return "" if value is None else _gap_of_level(indicator, target, value)
        case _:
            assert_never(target)


def _gap_of_amount(assessment: Assessment) -> str:
    completion, declared = assessment.completion, assessment.declared_path
    if completion is None or declared is None:
        return ""
    if assessment.status is Status.COMPLETED:
        return ""
    if assessment.status is Status.MISSED:
        return f"比全年目标少{lacking(assessment)}"
    paths = _paths(assessment, declared)
    shown = round_half_up(completion, PERCENT_PLACES)
    if has_one_gap_to_several(assessment):
        return gap_to_path(completion, declared, "和".join(paths), alike=True)
    told = [gap_to_path(completion, path, called) for called, path in paths.items()]
    if len({shown < round_half_up(path, PERCENT_PLACES) for path in paths.values()}) > 1:
        # Behind one path and not behind another: the reader must learn which of them counts.
        told[0] += "（状态据此判断）"
    return "，".join(told)


def has_one_gap_to_several(assessment: Assessment) -> bool:
    """Whether 序时进度 and 历史同期进度 ask for the same, so that one gap is told to both."""
    if assessment.declared_path is None:
        return False
    paths = _paths(assessment, assessment.declared_path).values()
    return len(paths) > 1 and len({round_half_up(path, PERCENT_PLACES) for path in paths}) == 1


def _paths(assessment: Assessment, declared: Decimal) -> dict[str, Decimal]:
    """The path that counts, then the others, by what they're called."""
    name = path_name(assessment)
    return {name: declared} | {
        other: path
        for other, path in ((ELAPSED, assessment.elapsed_path), (LAST_YEAR, assessment.last_year_path))
        if path is not None and other != name
    }


def lacking(assessment: Assessment) -> str:
    """What is missing from the target, with its unit."""
    indicator = assessment.indicator
    return measured(assessment.needed or Decimal(0), indicator.printed_places, indicator.unit)


def _gap_of_level(indicator: Indicator, target: Grow | Range | Hold | Ceiling, value: Decimal) -> str:
    places, words = indicator.printed_places, target_words(indicator)
    match target:
        case Grow():
            return gap_to_rate(value, target.value, places, f"全年{words}的目标")
        case Range():
            return _gap_to_range(value, target, places, f"全年{words}的目标区间")
        case Hold():
            return gap_to_level(value, target.value, places, indicator.unit, f"{words}的目标")
        case Ceiling():
            return _gap_to_ceiling(indicator, target, value)
        case _:
            assert_never(target)


def _gap_to_range(value: Decimal, target: Range, places: int, name: str) -> str:
    shown = round_half_up(value, places)
    if shown < target.value:
        return f"低于{name}下限{measured(target.value - shown, places, POINT)}"
    if shown > target.upper:
        return f"高于{name}上限{measured(shown - target.upper, places, POINT)}"
    return f"处于{name}"


def _gap_to_ceiling(indicator: Indicator, target: Ceiling, value: Decimal) -> str:
    limit = f"{plain(target.value)}{indicator.unit}的上限"
    over = round_half_up(value, indicator.printed_places) - target.value
    if over <= 0:
        return f"未超过{limit}"
    unit = POINT if indicator.unit == "%" else indicator.unit
    return f"超过{limit}{measured(over, indicator.printed_places, unit)}"


# --- Change -----------------------------------------------------------------


def earlier_point(assessment: Assessment) -> Point | None:
    """The figure of the latest earlier period of the year that had one; None for the first."""
    if assessment.figure_period is None:
        return None
    earlier = [
        point for point in assessment.history if point.period < assessment.figure_period and point.value is not None
    ]
    return earlier[-1] if earlier else None


def change_words(assessment: Assessment) -> str:
    """The judged figure against the one before it, for rates, levels and counts; empty for a first figure."""
    before, value, indicator = earlier_point(assessment), assessment.value, assessment.indicator
    if before is None or before.value is None or value is None:
        return ""
    year = assessment.period.year
    match indicator.target:
        case Grow() | Range():
            return change_of_rate(value, before.value, year_so_far(before.period, year))
        case Hold() | Ceiling() | Clear() | Reach() | About() | OfWhich():
            if indicator.target.kind in _AT_AN_END:
                since = time_of_level(indicator, before.period, year)
            else:
                since = month_end(before.period, year)
            return change_of_level(value, before.value, indicator.printed_places, indicator.unit, since)
        case _:
            return ""


def remark_words(assessment: Assessment) -> str:
    """The unit's own words, joined without a stop in their midst and without one at their end."""
    return assessment.remark.replace("。；", "；").rstrip("。；")


def is_pro_rated(assessment: Assessment) -> bool:
    """Whether the target is an amount to be reached step by step."""
    return assessment.indicator.target.kind in PRO_RATED
