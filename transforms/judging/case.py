"""One indicator at one period with what is known of it, and what judging any kind needs; knows no kind of target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from transforms.assessments import Assessment, Status
from transforms.declared.district import Lines
from transforms.declared.plan import Indicator
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Measure, State
from transforms.series import Series
from transforms.wanted import measures_of

PERCENT_PLACES = 1
"""Digits after the point of every printed completion rate and path."""


@dataclass(frozen=True, slots=True)
class Case:
    """One indicator at one period, with all that is known and the district's lines."""

    indicator: Indicator
    period: Period
    series: Series
    lines: Lines

    @property
    def last(self) -> bool:
        """Whether the year is over."""
        return self.period.month == 12

    @property
    def places(self) -> int:
        """Digits after the point of the indicator's printed figures."""
        return self.indicator.printed_places

    @property
    def due(self) -> bool:
        """Whether a figure falls due in this month."""
        return self.indicator.last_due(self.period) == self.period

    @property
    def figure(self) -> Observation | None:
        """The figure that is judged, of just this period."""
        return self.series.figure(self.indicator, self.period)


def without_figure(case: Case) -> Assessment:
    """未报 where a figure is due, or fell due this year and never came; else 未到期, with the latest known figure."""
    if case.indicator.may_have_no_item and case.series.says_no_item(case.indicator, case.period):
        return Assessment(case.indicator, case.period, Status.NOT_DUE, "本期无此项（来源填“—”）")
    if case.due:
        return _not_reported(case)
    last_due = case.indicator.last_due(case.period)
    owed = last_due is not None and case.series.figure(case.indicator, last_due) is None
    status = Status.NOT_REPORTED if owed else Status.NOT_DUE
    verdict = f"{last_due.chinese()}应报未报" if owed and last_due else "本期无数据发布安排"
    latest = case.series.latest(case.indicator, case.period)
    if latest is None:
        return Assessment(case.indicator, case.period, status, verdict)
    return Assessment(
        case.indicator,
        case.period,
        status,
        f"{verdict}，最近一期为{latest.period.chinese()}",
        value=latest.value,
        figure_period=latest.period,
        cells=latest.cells,
    )


_INSTEAD = {
    State.NO_ITEM: "来源填“{}”（无此项）",
    State.TOO_SMALL: "来源填“{}”（不足最小计量单位）",
    State.TEXT: "来源填“{}”，不是数",
    State.ERROR: "来源单元格为错误值{}",
}
"""Missing is three things, and an error is a fourth (method §1): none of them is a figure, and each is told apart."""


def _not_reported(case: Case) -> Assessment:
    for measure in measures_of(case.indicator):
        found = case.series.observation(case.indicator.code, case.period, measure)
        if found is not None and found.state in _INSTEAD:
            verdict = f"本期应报未报：{_INSTEAD[found.state].format(found.text)}"
            return Assessment(case.indicator, case.period, Status.NOT_REPORTED, verdict, cells=found.cells)
    return Assessment(case.indicator, case.period, Status.NOT_REPORTED, "本期应报未报")


def status_by_gap(gap: Decimal, ahead: Decimal, severe: Decimal) -> Status:
    """The status of a gap between printed numbers: nobody sees 10.0% called below 10%, or equal prints apart."""
    if gap < 0:
        return Status.SEVERELY_BEHIND if gap <= severe else Status.BEHIND
    return Status.AHEAD if gap >= ahead and gap > 0 else Status.ON_PATH


def rest_of_last_year(case: Case) -> Decimal | None:
    """What last year's months after this one amounted to; None where it isn't known or not positive."""
    by_now = last_year(case, Measure.YEAR_TO_DATE)
    total = case.series.number(case.indicator.code, Period(case.period.year - 1, 12), Measure.YEAR_TO_DATE)
    if by_now is None or total is None or total.value is None or total.value <= by_now:
        return None
    return total.value - by_now


def last_year(case: Case, measure: Measure) -> Decimal | None:
    """The same measure of the same period a year before."""
    found = case.series.number(case.indicator.code, case.period.last_year, measure)
    return found.value if found else None


def number_of(case: Case, measure: Measure) -> Decimal | None:
    """The period's figure of another measure."""
    found = case.series.number(case.indicator.code, case.period, measure)
    return found.value if found else None
