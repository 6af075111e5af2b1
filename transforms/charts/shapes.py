"""Draws the shape of each status, the same that stands beside its word in the text; knows no indicator."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from transforms.assessments import Status
from transforms.charts.drawing import GOOD, INK, PAPER, POOR, Outline, number

_OUTLINED = 0.9


def status_marks(placed: Iterable[tuple[Status, float, float]], size: float) -> list[Outline]:
    """The shapes at these centres, all of a status in one outline, which keeps a calendar of hundreds small."""
    grouped: dict[Status, list[str]] = {}
    for status, x, y in placed:
        grouped.setdefault(status, []).append(_path(status, x, y, size))
    return [
        Outline("".join(grouped[status]), fill, stroke, _OUTLINED)
        for status, (fill, stroke) in _INKS.items()
        if status in grouped
    ]


_INKS = {
    Status.COMPLETED: (GOOD, GOOD),
    Status.AHEAD: (GOOD, GOOD),
    Status.ON_PATH: (GOOD, GOOD),
    Status.BEHIND: (POOR, INK),
    Status.SEVERELY_BEHIND: (INK, INK),
    Status.MISSED: (INK, INK),
    Status.NOT_DUE: (PAPER, INK),
    Status.NOT_REPORTED: (PAPER, INK),
}


def _path(status: Status, x: float, y: float, size: float) -> str:
    half = size / 2
    match status:
        case Status.COMPLETED:
            return polygon(_star(x, y, half * 1.12))
        case Status.AHEAD:
            return polygon([(x, y - half * 0.85), (x + half, y + half * 0.8), (x - half, y + half * 0.8)])
        case Status.BEHIND | Status.SEVERELY_BEHIND:
            return polygon([(x, y + half * 0.85), (x + half, y - half * 0.8), (x - half, y - half * 0.8)])
        case Status.ON_PATH | Status.NOT_DUE:
            return circle(x, y, half * 0.82)
        case Status.MISSED | Status.NOT_REPORTED:
            side = half * 0.78
            return polygon([(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)])


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    inner = radius * 0.42
    turns = [(at, radius if at % 2 == 0 else inner) for at in range(10)]
    return [(x + r * math.sin(math.pi * at / 5), y - r * math.cos(math.pi * at / 5)) for at, r in turns]


def circle(x: float, y: float, radius: float) -> str:
    """A circle as a path."""
    r, across = number(radius), number(2 * radius)
    return f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z"


def diamond(x: float, y: float, half: float) -> str:
    """A square on its corner as a path."""
    return polygon([(x, y - half), (x + half, y), (x, y + half), (x - half, y)])


def polygon(points: Sequence[tuple[float, float]]) -> str:
    """A closed outline through the points."""
    return f"{polyline(points)}z"


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """An open line through the points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
