"""Draws what fits into a table's cell or one line: an indicator's year, and how many indicators have each status."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.assessments import Status
from transforms.charts.axis import axis_of
from transforms.charts.drawing import (
    GOOD,
    GREY,
    INK,
    PAPER,
    PLAIN,
    POOR,
    Box,
    Drawing,
    Line,
    Mark,
    Outline,
    Words,
    text_width,
)
from transforms.charts.legend import legend, nothing_to_show, status_entries
from transforms.charts.months import Months, lines_through, points_of, told
from transforms.charts.placing import spread
from transforms.charts.shapes import circle, status_marks
from transforms.writing.bulletin import StatusCount
from transforms.writing.histories import IndicatorHistory

_INSET = 2.5


def sparkline(history: IndicatorHistory, title: str = "", width: float = 64, height: float = 18) -> Drawing:
    """This year's months as a line with a dot at the latest, the path or the target dotted; empty without a figure."""
    now = [month.value for month in history.months]
    title = title or f"{history.name}本年各月"
    if not any(now):
        return Drawing("sparkline", width, height, title, f"{history.name}本年尚无数据。", ())
    level = None if history.is_pro_rated else history.target
    so_far = history.path[: len(now)]
    drawn = [*now, *so_far, level]
    axis = axis_of([one.value for one in drawn if one is not None], height - _INSET, _INSET)
    months = Months(_INSET, width - _INSET)
    marks: list[Mark] = []
    if level is not None:
        marks.append(Line(0, axis.at(level.value), width, axis.at(level.value), GREY, 0.8, "1.5 1.5"))
    marks += lines_through(points_of(months, axis, so_far), GREY, 0.8, "1.5 1.5")
    points = points_of(months, axis, now)
    marks += lines_through(points, GOOD, 1.3)
    known = [point for point in points if point is not None]
    # A figure between two gaps has no line: it's shown by its dot, the latest by a greater one.
    marks.append(Outline("".join(circle(*point, 0.9) for point in known[:-1]) + circle(*known[-1], 2), GOOD))
    return Drawing("sparkline", width, height, title, f"{told(now, history.unit)}。", tuple(marks))


_HEIGHT, _PITCH = 16.0, 34.0
_FILLS = {
    Status.COMPLETED: GOOD,
    Status.AHEAD: "#4d7eab",
    Status.ON_PATH: "#9bb9d4",
    Status.BEHIND: POOR,
    Status.SEVERELY_BEHIND: INK,
    Status.MISSED: INK,
    Status.NOT_DUE: PAPER,
    Status.NOT_REPORTED: PAPER,
}


def counts(statuses: Sequence[StatusCount], total: int, title: str = "", width: float = 460) -> Drawing:
    """One strip of all indicators, parted by status, each part with its shape and number below it."""
    title = title or f"{total}项指标的状态"
    shown = [one for one in statuses if one.count]
    if not shown:
        return nothing_to_show("counts", width, title, "没有指标。")
    marks: list[Mark] = []
    middles: list[float] = []
    x = 0.5
    for one in shown:
        wide = (width - 1) * one.count / total
        edge = GREY if _FILLS[one.status] == PAPER else PAPER
        marks.append(Box(x, 0.5, wide, _HEIGHT, _FILLS[one.status], edge, 1))
        if one.status is Status.NOT_REPORTED:
            marks += _hatch(x, wide)
        middles.append(x + wide / 2)
        x += wide
    half = _PITCH / 2
    places = spread(middles, _PITCH, half, width - half)
    for one, middle, place in zip(shown, middles, places, strict=True):
        number = str(one.count)
        left = place - (12 + text_width(number, PLAIN)) / 2
        marks.append(Line(middle, _HEIGHT + 1, place, _HEIGHT + 8, GREY, 0.7))
        marks += status_marks([(one.status, left + 4.5, _HEIGHT + 15)], 8.5)
        marks.append(Words(left + 12, _HEIGHT + 18.5, number, PLAIN))
    key, bottom = legend(status_entries(one.status for one in shown), 0, _HEIGHT + 26, width)
    description = "，".join(f"{one.word}{one.count}项（{one.share}）" for one in shown)
    return Drawing("counts", width, bottom, title, f"共{total}项：{description}。", (*marks, *key))


def _hatch(x: float, wide: float) -> list[Mark]:
    """Slanting strokes, so that what nobody reported doesn't look like what isn't due."""
    starts = range(4, int(wide + _HEIGHT), 6)
    return [
        Line(x + max(0, at - _HEIGHT), min(at, _HEIGHT) + 0.5, x + min(at, wide), max(0, at - wide) + 0.5, GREY, 0.7)
        for at in starts
        if max(0, at - _HEIGHT) < wide
    ]
