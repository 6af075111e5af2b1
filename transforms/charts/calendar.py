"""Draws a year as a calendar, each indicator's status month by month in its shape; judges nothing."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.assessments import Status
from transforms.charts.drawing import (
    GREY,
    LEADING,
    PALE,
    PLAIN,
    SHADE,
    Box,
    Drawing,
    Line,
    Mark,
    lines_of_words,
    wrapped,
)
from transforms.charts.legend import legend, nothing_to_show, status_entries
from transforms.charts.months import Months, month_names
from transforms.charts.shapes import status_marks
from transforms.writing.histories import NEWEST_VINTAGE, IndicatorHistory

_NAME_SHARE, _TOP, _ROW, _SHAPE, _EDGE = 0.34, 17.0, 14.5, 8.5, 8.0


def calendar(histories: Sequence[IndicatorHistory], title: str = "", width: float = 460) -> Drawing:
    """A row for each indicator, a column for each month; months to come are empty, this month's column is shaded."""
    if not histories:
        return nothing_to_show("calendar", width, title or "各月状态", "没有指标。")
    period = histories[0].now.period
    title = title or f"各指标{period.year}年各月状态"
    months = Months(width * _NAME_SHARE, width - _EDGE)
    placed: list[tuple[Status, float, float]] = []
    marks: list[Mark] = []
    y = _TOP
    for history in histories:
        lines = wrapped(history.name, PLAIN, months.left - 6)
        height = max(_ROW, len(lines) * LEADING * PLAIN + 4)
        marks += lines_of_words(lines, 0, y + height / 2, PLAIN)
        placed += [(one.status, months.at(one.period.month), y + height / 2) for one in history.months]
        y += height
        marks.append(Line(0, y, width, y, PALE, 0.5))
    shade = Box(months.at(period.month) - months.step / 2, 0, months.step, y, SHADE)
    frame = [Line(0, _TOP, width, _TOP, GREY, 0.7), Line(0, y, width, y, GREY, 0.7)]
    key, bottom = legend(status_entries(status for status, _, _ in placed), 0, y + 4, width)
    drawn = (shade, *month_names(months, 11), *marks, *frame, *status_marks(placed, _SHAPE), *key)
    return Drawing("calendar", width, bottom, title, _description(histories), drawn)


def _description(histories: Sequence[IndicatorHistory]) -> str:
    return f"{'；'.join(f'{history.name}：{_months(history)}' for history in histories)}。{NEWEST_VINTAGE}。"


def _months(history: IndicatorHistory) -> str:
    """1月未到期，2—4月未达到序时: months of one status are told together."""
    stretches: list[tuple[int, int, Status]] = []
    for one in history.months:
        month = one.period.month
        if stretches and stretches[-1][2] is one.status:
            stretches[-1] = (stretches[-1][0], month, one.status)
        else:
            stretches.append((month, month, one.status))
    return "，".join(
        f"{first}月{status.chinese}" if first == last else f"{first}—{last}月{status.chinese}"
        for first, last, status in stretches
    )
