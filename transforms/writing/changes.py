"""Words what has changed since the month before: growth, gap, status and the areas' ranks; judges nothing anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from transforms import paths
from transforms.assessments import AreaStanding, AreaTable, Assessment, Status
from transforms.declared.plan import Indicator
from transforms.figures import HUNDRED, round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series
from transforms.writing.area_wording import AREA_KINDS
from transforms.writing.assessment_wording import (
    FALLEN_BEHIND,
    change_words,
    earlier_point,
    has_one_gap_to_several,
    is_pro_rated,
    list_name,
    path_name,
)
from transforms.writing.wording import (
    POINT,
    change_of_rate,
    counted_list,
    growth,
    measured,
    month_end,
    movement,
    year_so_far,
)

_COMPARABLE_PATHS = ("elapsed", "last-year", "schedule")
"""Paths that ask for something every month; where nothing was due before, no gap was there to change."""
_FEWEST_RANKED = 4
"""Of fewer areas a move of one place is as much as there is."""
_MOST_MOVED = 3
_LESS_IS_BETTER = ("ceiling", "clear")


# --- Growth and level ---------------------------------------------------------------------------


def growth_and_change(assessment: Assessment, series: Series) -> tuple[str, str]:
    """Growth beside an amount and how it has changed; without a growth, how the figure itself has."""
    if not is_pro_rated(assessment) or assessment.growth is None:
        return "", change_words(assessment)
    before = _earlier_growth(assessment.indicator, assessment.period, series)
    if before is None:
        return growth(assessment.growth), ""
    since, rate = before
    return growth(assessment.growth), change_of_rate(assessment.growth, rate, since)


def _earlier_growth(indicator: Indicator, period: Period, series: Series) -> tuple[str, Decimal] | None:
    for month in reversed(list(period.months_of_year_so_far())[:-1]):
        found = series.number(indicator.code, month, Measure.YEAR_TO_DATE_GROWTH)
        if found is not None and found.value is not None:
            return year_so_far(month, period.year), found.value
    return None


def has_come_nearer(assessment: Assessment) -> bool | None:
    """Whether a rate or level that is held against the whole target moved towards it; None where it didn't move."""
    before, value = earlier_point(assessment), assessment.value
    if is_pro_rated(assessment) or before is None or before.value is None or value is None:
        return None
    places = assessment.indicator.printed_places
    now, then = round_half_up(value, places), round_half_up(before.value, places)
    if now == then:
        return None
    return (now < then) if assessment.indicator.target.kind in _LESS_IS_BETTER else (now > then)


# --- Gap ----------------------------------------------------------------------------------------


def change_of_gap(assessment: Assessment, series: Series) -> str:
    """差距较5月底收窄0.4个百分点, of an amount that was behind its path then as now; else empty.

    Both gaps are those of the printed percentages, so that a reader who subtracts gets the change.
    """
    indicator, now = assessment.indicator, assessment.printed_gap
    before = earlier_point(assessment)
    if assessment.completion is None or now is None or now >= 0 or before is None or before.value is None:
        return ""
    if not assessment.period.months_left:
        return ""  # What counts now is what the year's target lacks.
    if indicator.path.kind not in _COMPARABLE_PATHS or indicator.target.value is None:
        return ""
    by_last_year = paths.last_year(indicator, before.period, series)
    if indicator.path.kind == "last-year" and (by_last_year is None) != (assessment.last_year_path is None):
        return ""  # One of the two was held against 序时进度 for want of last year's figures.
    declared = paths.declared(indicator.path, before.period, by_last_year)
    due = paths.elapsed(before.period) if declared is None else declared
    completion = HUNDRED * before.value / indicator.target.value
    then = round_half_up(completion, PERCENT_PLACES) - round_half_up(due, PERCENT_PLACES)
    if then >= 0:
        return ""
    since, apart = month_end(before.period, assessment.period.year), now - then
    # Two paths that ask for the same now asked for different shares then: one gap can have widened, the other narrowed.
    gap = f"与{path_name(assessment)}的差距" if has_one_gap_to_several(assessment) else "差距"
    if apart == 0:
        return f"{gap}与{since}持平"
    return f"{gap}较{since}{'收窄' if apart > 0 else '扩大'}{measured(abs(apart), PERCENT_PLACES, POINT)}"


# --- Status -------------------------------------------------------------------------------------


def has_changed(assessment: Assessment) -> bool:
    """Whether the status is another than when the indicator was last due; what isn't due now says nothing."""
    if assessment.period.month == 12:
        return False  # The year's last statuses are other ones; that is no change.
    return assessment.status is not Status.NOT_DUE and assessment.previous_status not in {None, assessment.status}


def weight_of_change(assessment: Assessment) -> int:
    """What has got worse comes first, then what has got better without having caught up, then the others."""
    if assessment.status not in FALLEN_BEHIND:
        return 2 * len(FALLEN_BEHIND)
    at = FALLEN_BEHIND.index(assessment.status)
    recovering = assessment.previous_status in FALLEN_BEHIND[:at]
    return at + len(FALLEN_BEHIND) * recovering


def status_changes(assessments: Iterable[Assessment]) -> str:
    """与上次评价相比，甲、乙由达到序时转为未达到序时，丙由…; what is no longer reported is told elsewhere."""
    grouped: dict[tuple[Status, Status], list[str]] = {}
    for assessment in sorted((a for a in assessments if has_changed(a)), key=weight_of_change):
        if assessment.status is not Status.NOT_REPORTED and assessment.previous_status:
            moved = assessment.previous_status, assessment.status
            grouped.setdefault(moved, []).append(list_name(assessment.indicator))
    told = [f"{'、'.join(names)}由{then.chinese}转为{now.chinese}" for (then, now), names in grouped.items()]
    return f"与上次评价相比，{'；'.join(told)}。" if told else ""


# --- Ranks --------------------------------------------------------------------------------------


def rank_changes(tables: Sequence[AreaTable]) -> str:
    """Which areas rose and fell most since last month, by each ranked indicator; empty where none moved."""
    told = [text for table in tables if (text := _moved_most(table))]
    return f"从位次变化看，{'；'.join(told)}。" if told else ""


def _moved_most(table: AreaTable) -> str:
    ranked = [standing for standing in table.standings if standing.rank is not None]
    if len(ranked) < _FEWEST_RANKED:
        return ""
    moves = {s.area: (s.previous_rank - s.rank) for s in ranked if s.rank and s.previous_rank}
    rose, fell = max(moves.values(), default=0), min(moves.values(), default=0)
    by_area = {standing.area: standing for standing in ranked}
    parts = []
    for step, most in ((rose, "上升"), (fell, "下降")):
        areas = [by_area[area] for area, moved in moves.items() if moved == step != 0]
        if areas:
            # That one step was the largest needn't be told of those who moved by one.
            parts.append(_movers(areas, table, f"{most}最多的是" if abs(step) > 1 else f"{most}的有"))
    return f"{list_name(table.indicator)}{'，'.join(parts)}" if parts else ""


def _movers(areas: Sequence[AreaStanding], table: AreaTable, lead: str) -> str:
    one = areas[0]
    moved = movement(one.rank or 0, one.previous_rank or 0)
    if len(areas) == 1:
        return f"{lead}{one.area}（{moved}，居第{one.rank}位）"
    names = counted_list([area.area for area in areas], _MOST_MOVED, f"个{AREA_KINDS[table.kind]}")
    return f"{lead}{names}（均{moved}）"
