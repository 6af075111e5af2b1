"""Draws a headline indicator's months of all years, and an area's ranks, as small lines; judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from transforms.archive.pages import AreaLine, Card
from transforms.charts.drawing import GOOD, GREY, INK, PALE, PAPER, SMALL, Drawing, Line, Mark, Outline, Words
from transforms.charts.months import runs
from transforms.charts.shapes import circle, polyline
from transforms.periods import Period

_WIDTH, _TOP, _FOOT, _HEIGHT = 260.0, 8.0, 48.0, 62.0
_SIDE = 6.0

Point = tuple[float, float]


def sparkline(card: Card) -> Drawing:
    """Every month of every year that is known; a new year begins a new line, and a month without a figure is a gap."""
    known = [(period, shown) for period, shown in card.points if shown is not None]
    title = f"{card.page.word}历月走势"
    if not known:
        return Drawing(
            "spark", _WIDTH, _HEIGHT, title, "没有数据。", (Words(_SIDE, _FOOT / 2 + _TOP, "没有数据", SMALL),)
        )
    values = [float(shown.value) for _, shown in known]
    low, high = min(values), max(values)
    first, last = card.points[0][0].ordinal, card.points[-1][0].ordinal

    def at(period: Period, value: float) -> Point:
        across = (period.ordinal - first) / max(1, last - first)
        up = (value - low) / (high - low) if high > low else 0.5
        return _SIDE + across * (_WIDTH - 2 * _SIDE), _FOOT - up * (_FOOT - _TOP)

    placed = [(period, at(period, float(shown.value)) if shown else None) for period, shown in card.points]
    marks: list[Mark] = [*_years(placed)]
    marks += _lines(placed)
    end = at(known[-1][0], float(known[-1][1].value))
    marks.append(Outline(circle(*end, 2.8), GOOD, PAPER, 0.8))
    (oldest, from_), (newest, to) = known[0], known[-1]
    ends = f"{oldest.chinese()}为{from_.text}{card.unit}，{newest.chinese()}为{to.text}{card.unit}"
    told = f"{ends}，共{len(known)}个月有数据。"
    return Drawing("spark", _WIDTH, _HEIGHT, title, told, tuple(marks))


def _years(placed: Sequence[tuple[Period, Point | None]]) -> Iterable[Mark]:
    """A thin upright before each January, and the year's number under its first month."""
    first, last = placed[0][0].ordinal, placed[-1][0].ordinal
    step = (_WIDTH - 2 * _SIDE) / max(1, last - first)
    for year, months in groupby(placed, key=lambda one: one[0].year):
        x = _SIDE + (next(months)[0].ordinal - first) * step
        if x > _SIDE:
            yield Line(x - step / 2, _TOP - 4, x - step / 2, _FOOT + 3, PALE, 1)
        yield Words(x - (0 if x == _SIDE else step / 2 - 3), _HEIGHT - 2, str(year), SMALL, fill=GREY)


def _lines(placed: Iterable[tuple[Period, Point | None]]) -> Iterable[Mark]:
    for _, months in groupby(placed, key=lambda one: one[0].year):
        for run in runs([point for _, point in months]):
            if len(run) == 1:
                yield Outline(circle(*run[0], 1.6), INK)
            else:
                yield Outline(polyline(run), stroke=INK, thickness=1.6)


def rank_line(line: AreaLine) -> Drawing:
    """The area's ranks, the first on top, month by month; a month without a rank is a gap."""
    width, height, left, foot = 460.0, 150.0, 34.0, 128.0
    most = max((month.among for month in line.months), default=1)
    title = f"{line.area.word}：{line.indicator.word}{line.year}年各月位次"

    def at(month: int, rank: float) -> Point:
        down = (rank - 1) / max(1, most - 1)
        return left + (month - 0.5) * (width - left) / 12, 14 + down * (foot - 22)

    marks: list[Mark] = []
    for rank in dict.fromkeys((1, (most + 1) // 2, most)):
        _, y = at(1, rank)
        marks += [Line(left, y, width, y, PALE, 1), Words(left - 5, y + 3, f"第{rank}", SMALL, "end", GREY)]
    marks += [Words(at(month, 1)[0], height - 4, f"{month}月", SMALL, "middle", GREY) for month in range(1, 13)]
    placed = [(one.period, at(one.period.month, one.rank) if one.rank is not None else None) for one in line.months]
    marks += _lines(placed)
    for month in line.months:
        if month.rank is not None:
            x, y = at(month.period.month, month.rank)
            marks += [Outline(circle(x, y, 2.6), GOOD, PAPER, 0.8), Words(x, y - 5, str(month.rank), SMALL, "middle")]
    told = "，".join(f"{one.period.month}月{one.place}" for one in line.months if one.rank is not None)
    return Drawing("ranks", width, height, title, f"{told}。" if told else "各月均未参与排名。", tuple(marks))
