"""What a chart is drawn of: lines, boxes, outlines and words at places; knows no markup and no indicator."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

INK, GREY, PALE, SHADE, PAPER = "#1a1a1a", "#6b6b6b", "#dcdcdc", "#eeeeee", "#ffffff"
GOOD, POOR, FAINT = "#1f4e79", "#e39a5b", "#b9c9d9"
"""Dark blue, light orange and a pale blue: apart in grey and to the colour-blind; none tells a thing alone."""

SMALL, PLAIN = 9.5, 10.5
"""Sizes of words in the units of a drawing, which are a page's px (0.75 points) unless its CSS stretches it."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = INK
    thickness: float = 1
    dash: str = ""
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = "none"
    thickness: float = 1
    kind: str = "box"


@dataclass(frozen=True, slots=True)
class Outline:
    """Any path, in the notation of SVG."""

    d: str
    fill: str = "none"
    stroke: str = "none"
    thickness: float = 1
    dash: str = ""
    kind: str = "outline"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float = PLAIN
    anchor: Anchor = "start"
    fill: str = INK
    kind: str = "words"

    @property
    def rectangle(self) -> Rectangle:
        """What it covers, on the generous side."""
        width = text_width(self.text, self.size)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return Rectangle(left, self.y - ASCENT * self.size, left + width, self.y + DESCENT * self.size)


Mark = Line | Box | Outline | Words


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole chart; ``title`` names it and ``description`` says in sentences what it shows to who can't see it."""

    name: str
    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]


def number(value: float) -> str:
    """A coordinate with two digits at most: a hundredth of a point is less than any printer draws."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


ASCENT, DESCENT = 0.88, 0.14
"""Of a line of text, in parts of its size: Chinese characters in Noto Sans SC."""

_NARROW = {"%": 0.93, ".": 0.28, ",": 0.28, "-": 0.36, " ": 0.26, ":": 0.3, "(": 0.36, ")": 0.36, "−": 0.56, "/": 0.4}
_DIGIT, _CAPITAL, _LETTER = 0.56, 0.75, 0.64


def text_width(text: str, size: float) -> float:
    """How wide the text is at most in Noto Sans SC, or in another sans that a reader has in its place."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if character in _NARROW:
        return _NARROW[character]
    if character.isdigit() and character.isascii():
        return _DIGIT
    if unicodedata.category(character) == "Cf":
        return 0
    if character.isascii():
        return 0.93 if character in "mwMW" else _CAPITAL if character.isupper() else _LETTER
    return 1


def wrapped(text: str, size: float, width: float) -> list[str]:
    """The text in lines of that width; words of Latin letters and figures stay whole where they fit."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width(lines[-1] + piece, size) > width:
            lines.append("")
        for character in piece:
            # A piece that is wider than a line by itself is parted.
            if lines[-1] and text_width(lines[-1] + character, size) > width:
                lines.append("")
            lines[-1] += character
    return _without_lone_signs(lines)


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for character in text:
        if piece and character.isascii() and piece[-1].isascii() and not character.isspace():
            piece += character
            continue
        if piece:
            yield piece
        piece = character
    if piece:
        yield piece


_NEVER_FIRST, _NEVER_LAST = "）》”、，。；：！？)%〕", "（《“(〔"


def _without_lone_signs(lines: Sequence[str]) -> list[str]:
    """No line begins with a closing sign, which takes the character before it along, nor ends with an opening one."""
    made = list(lines)
    for at in range(1, len(made)):
        while made[at] and made[at][0] in _NEVER_FIRST and len(made[at - 1]) > 1:
            made[at] = made[at - 1][-1] + made[at]
            made[at - 1] = made[at - 1][:-1]
        while made[at - 1] and made[at - 1][-1] in _NEVER_LAST:
            made[at] = made[at - 1][-1] + made[at]
            made[at - 1] = made[at - 1][:-1]
    return [line for line in made if line]


def lines_of_words(lines: Sequence[str], x: float, middle: float, size: float, anchor: Anchor = "start") -> list[Words]:
    """Lines of text set around a height, one below the other."""
    pitch = LEADING * size
    first = middle - pitch * (len(lines) - 1) / 2 + (ASCENT - DESCENT) / 2 * size
    return [Words(x, first + pitch * at, line, size, anchor) for at, line in enumerate(lines)]


LEADING = 1.2
"""From a baseline to the next, in parts of the size."""
