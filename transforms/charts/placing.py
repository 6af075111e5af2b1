"""Finds room for labels: apart from each other, off the lines, within the drawing; knows no figure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from transforms.charts.drawing import ASCENT, DESCENT, Anchor, Rectangle, Words

Point = tuple[float, float]
_SAMPLES = 24


def spread(wanted: Sequence[float], pitch: float, low: float, high: float) -> list[float]:
    """Heights as near as can be to those wanted, at least ``pitch`` apart, in the same order, from low to high."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed = list(wanted)
    floor = low
    for at in order:
        placed[at] = max(wanted[at], floor)
        floor = placed[at] + pitch
    ceiling = high
    for at in reversed(order):
        placed[at] = min(placed[at], ceiling)
        ceiling = placed[at] - pitch
    return placed


def beside(
    point: Point, text: str, size: float, within: Rectangle, lines: Sequence[Sequence[Point]], taken: Sequence[Words]
) -> Words:
    """The text next to a point: where it hides the least of the lines, and on no other text if there's room."""
    made = [words for words in _candidates(point, text, size) if _holds(within, words.rectangle)]
    candidates = made or [_kept_inside(next(iter(_candidates(point, text, size))), within)]
    obstacles = [sample for line in lines for sample in _samples(line)]
    rectangles = [words.rectangle for words in taken]

    def cost(words: Words) -> int:
        place = words.rectangle
        hidden = sum(place.left <= x <= place.right and place.top <= y <= place.bottom for x, y in obstacles)
        return hidden + 1000 * sum(place.overlaps(other) for other in rectangles)

    return min(candidates, key=cost)


def _candidates(point: Point, text: str, size: float) -> list[Words]:
    x, y = point
    above, below, level = y - 5 - DESCENT * size, y + 5 + ASCENT * size, y + (ASCENT - DESCENT) / 2 * size
    places: list[tuple[float, float, Anchor]] = [
        (x, above, "middle"),
        (x, below, "middle"),
        (x - 3, above, "end"),
        (x + 3, below, "start"),
        (x + 3, above, "start"),
        (x - 3, below, "end"),
        (x + 7, level, "start"),
        (x - 7, level, "end"),
        (x, above - size, "middle"),
        (x, below + size, "middle"),
    ]
    return [Words(left, base, text, size, anchor) for left, base, anchor in places]


def _holds(within: Rectangle, place: Rectangle) -> bool:
    return (
        within.left <= place.left
        and place.right <= within.right
        and within.top <= place.top
        and place.bottom <= within.bottom
    )


def _kept_inside(words: Words, within: Rectangle) -> Words:
    half = (words.rectangle.right - words.rectangle.left) / 2
    x = min(max(words.x, within.left + half), within.right - half)
    y = min(max(words.y, within.top + ASCENT * words.size), within.bottom - DESCENT * words.size)
    return Words(x, y, words.text, words.size, "middle", words.fill)


def _samples(line: Sequence[Point]) -> list[Point]:
    made = list(line)
    for (x1, y1), (x2, y2) in pairwise(line):
        made += [(x1 + (x2 - x1) * at / _SAMPLES, y1 + (y2 - y1) * at / _SAMPLES) for at in range(1, _SAMPLES)]
    return made
