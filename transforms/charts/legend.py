"""Lays out the key under a chart, line by line, and a chart that has nothing to show; knows no indicator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from transforms.assessments import Status
from transforms.charts.drawing import GREY, PLAIN, SMALL, Drawing, Mark, Words, text_width, wrapped
from transforms.charts.shapes import status_marks

Sign = Callable[[float, float], Sequence[Mark]]
"""Draws the sign of an entry around the middle of its place, which is :data:`PLACE` wide."""

PLACE = 19.0
_PITCH = 14.0
_APART = 12.0


def legend(entries: Iterable[tuple[Sign, str]], left: float, top: float, right: float) -> tuple[list[Mark], float]:
    """The marks of the key, and where the next thing below it may begin."""
    marks: list[Mark] = []
    x, y = left, top + _PITCH / 2
    for sign, text in entries:
        wide = PLACE + text_width(text, SMALL)
        if x > left and x + wide > right:
            x, y = left, y + _PITCH
        marks += [*sign(x + PLACE / 2 - 0.5, y), Words(x + PLACE, y + 3, text, SMALL)]
        x += wide + _APART
    return marks, (y + _PITCH / 2 if marks else top)


def status_entries(statuses: Iterable[Status]) -> list[tuple[Sign, str]]:
    """The shapes of the statuses that there are, in the statuses' own order."""
    found = set(statuses)
    return [(_status_sign(status), status.chinese) for status in Status if status in found]


def _status_sign(status: Status) -> Sign:
    return lambda x, y: status_marks([(status, x, y)], 8.5)


def nothing_to_show(name: str, width: float, title: str, why: str) -> Drawing:
    """A chart that says in words why it has nothing to show; an empty frame would look like zero."""
    lines = wrapped(why, PLAIN, width - 12)
    marks = tuple(Words(width / 2, 16 + 13 * at, line, PLAIN, "middle", GREY) for at, line in enumerate(lines))
    return Drawing(name, width, 12 + 13 * len(lines), title, why, marks)
