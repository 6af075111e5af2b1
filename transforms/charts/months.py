"""Lays the twelve months of a year along a chart, with an axis of figures beside them; knows no indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.assessments import Status
from transforms.charts.axis import Axis
from transforms.charts.drawing import GREY, INK, PALE, SMALL, Line, Mark, Outline, Words, text_width
from transforms.charts.shapes import polyline, status_marks
from transforms.writing.histories import HistoryMonth, Shown


@dataclass(frozen=True, slots=True)
class Months:
    """Where each month stands between the two sides of the plot."""

    left: float
    right: float

    @property
    def step(self) -> float:
        """The room of one month."""
        return (self.right - self.left) / 12

    def at(self, month: int) -> float:
        """The middle of a month's room, 1 to 12."""
        return self.left + self.step * (month - 0.5)


def labels_width(axis: Axis) -> float:
    """What the labels of the axis need at most."""
    return max(text_width(label, SMALL) for label in axis.labels())


def frame(months: Months, axis: Axis, unit: str) -> list[Mark]:
    """The grid, the axis' labels with the unit above them, and the months' names below."""
    marks: list[Mark] = [Words(0, 10, f"（{unit}）", SMALL, "start", GREY)]
    for tick, label in zip(axis.ticks, axis.labels(), strict=True):
        y, base = axis.at(tick), tick == axis.ticks[0] or tick == 0
        marks.append(Line(months.left, y, months.right, y, GREY if base else PALE, 0.7))
        marks.append(Words(months.left - 4, y + 3, label, SMALL, "end", GREY))
    return [*marks, *month_names(months, axis.start + 12)]


def month_names(months: Months, y: float) -> list[Words]:
    """The twelve months; where they're narrow the last alone bears 月."""
    roomy = months.step > text_width("12月", SMALL) + 1.5
    names = [f"{month}月" if roomy or month == 12 else str(month) for month in range(1, 13)]
    placed = [months.at(month) for month in range(1, 13)]
    if not roomy:
        placed[-1] += text_width("月", SMALL) / 2  # Its figure stands under its month.
    return [Words(x, y, name, SMALL, "middle", GREY) for x, name in zip(placed, names, strict=True)]


def points_of(months: Months, axis: Axis, values: Sequence[Shown | None]) -> list[tuple[float, float] | None]:
    """Where each month's figure stands; None where there is none."""
    return [
        None if value is None else (months.at(month), axis.at(value.value)) for month, value in enumerate(values, 1)
    ]


def runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    made: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            made.append([])
        else:
            made[-1].append(point)
    return [run for run in made if run]


def lines_through(
    points: Sequence[tuple[float, float] | None], stroke: str, thickness: float, dash: str = ""
) -> list[Mark]:
    """A line through each stretch; a single point has none."""
    return [Outline(polyline(run), "none", stroke, thickness, dash) for run in runs(points) if len(run) > 1]


def bridges(points: Sequence[tuple[float, float] | None], statuses: Sequence[Status]) -> list[Mark]:
    """Thin dots over months in which nothing was due (a quarter's); over what wasn't reported there's no line."""
    marks: list[Mark] = []
    last: int | None = None
    for at, point in enumerate(points):
        if point is None:
            continue
        if last is not None and at - last > 1 and set(statuses[last + 1 : at]) == {Status.NOT_DUE}:
            start = points[last]
            if start is not None:
                marks.append(Line(*start, *point, INK, 0.7, "1 2.5"))
        last = at
    return marks


def unreported(months: Months, history: Sequence[HistoryMonth], y: float) -> list[Mark]:
    """The shape of 未报 on the axis in each month that is due without a figure."""
    missing = [month for month in history if month.status is Status.NOT_REPORTED and month.value is None]
    return [*status_marks([(month.status, months.at(month.period.month), y) for month in missing], 7)]


def told(values: Sequence[Shown | None], unit: str) -> str:
    """The months' figures in words, for who can't see the line: 1月14.2亿元，2月未报."""
    return "，".join(f"{month}月{value.text}{unit}" for month, value in enumerate(values, 1) if value is not None)
