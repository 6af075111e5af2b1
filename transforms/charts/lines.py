"""Draws an indicator's year as a line beside last year's and the path to its target; judges nothing."""

from __future__ import annotations

from decimal import Decimal

from transforms.assessments import Status
from transforms.charts.axis import Axis, axis_of
from transforms.charts.drawing import (
    GOOD,
    GREY,
    INK,
    PAPER,
    SHADE,
    SMALL,
    Box,
    Drawing,
    Line,
    Mark,
    Outline,
    Rectangle,
    Words,
    text_width,
)
from transforms.charts.legend import Sign, legend, nothing_to_show, status_entries
from transforms.charts.months import (
    Months,
    bridges,
    frame,
    labels_width,
    lines_through,
    points_of,
    runs,
    told,
    unreported,
)
from transforms.charts.placing import Point, beside, spread
from transforms.charts.shapes import circle, polygon
from transforms.writing.histories import NEWEST_VINTAGE, IndicatorHistory, Shown

_TOP, _LABEL_PITCH = 18.0, 11.0


def line(history: IndicatorHistory, title: str = "", width: float = 460, height: float = 190) -> Drawing:
    """This year's months, last year's, the path and the target; a month without a figure is a gap."""
    title = title or f"{history.name}：本年各月、上年各月与全年目标"
    now = [month.value for month in history.months]
    if not any(now) and not any(history.last_year):
        return nothing_to_show("line", width, title, f"{history.name}本年和上年均无数据。")
    axis = _axis(history, now, height)
    margin = max((text_width(text, SMALL) for text in _margin_texts(history, now)), default=0)
    months = Months(labels_width(axis) + 8, width - margin - 8)
    before, path, this = (points_of(months, axis, values) for values in (history.last_year, history.path, now))
    marks = [*_range_band(history, months, axis), *frame(months, axis, history.unit)]
    marks += _target_marks(history, months, axis)
    marks += lines_through(before, GREY, 1, "4 2.5")
    marks += [Outline("".join(_square(x, y) for x, y in filter(None, before)), PAPER, GREY, 1)] if any(before) else []
    marks += lines_through(path, INK, 1, "1 2")
    marks += [*bridges(this, [month.status for month in history.months]), *lines_through(this, GOOD, 2)]
    marks += [Outline("".join(circle(x, y, 2.6) for x, y in filter(None, this)), GOOD, PAPER, 0.6)] if any(this) else []
    marks += unreported(months, history.months, axis.start)
    marks += _margin_labels(history, now, months, axis)
    known = [(value, place) for value, place in zip(now, this, strict=True) if value and place]
    if known and not (len(now) == 12 and now[-1]):
        value, place = known[-1]
        within = Rectangle(months.left, _TOP - 12, months.right, axis.start - 1)
        lines = [*runs(before), *runs(path), *runs(this), *_target_lines(history, months, axis)]
        taken = [mark for mark in marks if isinstance(mark, Words)]
        marks.append(beside(place, value.text, SMALL, within, lines, taken))
    key, bottom = legend(_entries(history, now), 0, axis.start + 18, width)
    return Drawing("line", width, bottom, title, _description(history, now), (*marks, *key))


def _axis(history: IndicatorHistory, now: list[Shown | None], height: float) -> Axis:
    drawn = [*now, *history.last_year, *history.path, history.target, history.upper]
    values = [one.value for one in drawn if one is not None]
    # An amount grows from nothing; a level's or a rate's changes would be lost on an axis from zero.
    always = (Decimal(0),) if history.is_pro_rated or min(values) <= 0 or min(values) * 3 < max(values) else ()
    return axis_of(values, height, _TOP, always)


# --- Target -------------------------------------------------------------------------------------


def _range_band(history: IndicatorHistory, months: Months, axis: Axis) -> list[Mark]:
    if history.target is None or history.upper is None:
        return []
    top, foot = axis.at(history.upper.value), axis.at(history.target.value)
    return [Box(months.left, top, months.right - months.left, foot - top, SHADE)]


def _target_marks(history: IndicatorHistory, months: Months, axis: Axis) -> list[Mark]:
    """A stroke in December for what is reached by then; a line all along for what holds at any time."""
    if history.target is None:
        return []
    if history.is_pro_rated:
        y = axis.at(history.target.value)
        return [Line(months.right - months.step, y, months.right, y, INK, 2)]
    return [Line(*start, *end, INK, 1.2, "6 3") for start, end in _target_lines(history, months, axis)]


def _target_lines(history: IndicatorHistory, months: Months, axis: Axis) -> list[list[Point]]:
    if history.is_pro_rated:
        return []
    ends = [one for one in (history.target, history.upper) if one is not None]
    return [[(months.left, axis.at(one.value)), (months.right, axis.at(one.value))] for one in ends]


# --- Labels at the right ------------------------------------------------------------------------


def _margin(history: IndicatorHistory, now: list[Shown | None]) -> list[tuple[Shown, str]]:
    """What is told at December's side, with its words."""
    made: list[tuple[Shown, str]] = []
    if history.target is not None:
        low = "下限" if history.upper is not None else "上限" if history.kind == "ceiling" else "目标"
        made.append((history.target, f"{low}{history.target.text}"))
    if history.upper is not None:
        made.append((history.upper, f"上限{history.upper.text}"))
    if history.last_year[-1] is not None:
        made.append((history.last_year[-1], f"上年{history.last_year[-1].text}"))
    if len(now) == 12 and now[-1] is not None:
        made.append((now[-1], f"本年{now[-1].text}"))
    return made


def _margin_texts(history: IndicatorHistory, now: list[Shown | None]) -> list[str]:
    return [text for _, text in _margin(history, now)]


def _margin_labels(history: IndicatorHistory, now: list[Shown | None], months: Months, axis: Axis) -> list[Words]:
    told_there = _margin(history, now)
    wanted = [axis.at(one.value) for one, _ in told_there]
    placed = spread(wanted, _LABEL_PITCH, axis.end, axis.start)
    return [Words(months.right + 5, y + 3, text, SMALL) for y, (_, text) in zip(placed, told_there, strict=True)]


# --- Key and words ------------------------------------------------------------------------------


def _entries(history: IndicatorHistory, now: list[Shown | None]) -> list[tuple[Sign, str]]:
    entries: list[tuple[Sign, str]] = []
    if any(now):
        entries.append((_this_sign, "本年"))
    if any(history.last_year):
        entries.append((_before_sign, "上年"))
    if any(history.path):
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, INK, 1, "1 2")], f"应达（{history.path_name}）"))
    if history.target is not None and history.is_pro_rated:
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, INK, 2)], "全年目标"))
    elif history.target is not None:
        words = "全年目标区间" if history.upper is not None else "上限" if history.kind == "ceiling" else "全年目标"
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, INK, 1.2, "6 3")], words))
    missing = [month.status for month in history.months if month.value is None]
    return [*entries, *status_entries(status for status in missing if status is Status.NOT_REPORTED)]


def _this_sign(x: float, y: float) -> list[Mark]:
    return [Line(x - 8, y, x + 8, y, GOOD, 2), Outline(circle(x, y, 2.6), GOOD, PAPER, 0.6)]


def _before_sign(x: float, y: float) -> list[Mark]:
    return [Line(x - 8, y, x + 8, y, GREY, 1, "4 2.5"), Outline(_square(x, y), PAPER, GREY, 1)]


def _square(x: float, y: float) -> str:
    return polygon([(x - 2, y - 2), (x + 2, y - 2), (x + 2, y + 2), (x - 2, y + 2)])


def _description(history: IndicatorHistory, now: list[Shown | None]) -> str:
    parts = [f"本年：{told(now, history.unit)}" if any(now) else "本年尚无数据"]
    missing = [str(m.period.month) for m in history.months if m.value is None and m.status is Status.NOT_REPORTED]
    if missing:
        parts.append(f"{'、'.join(missing)}月未报")
    if any(history.last_year):
        parts.append(f"上年：{told(history.last_year, history.unit)}")
    if history.target is not None:
        parts.append(f"全年目标{history.target_cell}{history.unit}")
    return f"{'；'.join(parts)}。{NEWEST_VINTAGE}。"
