"""Tells how many lines a text takes in a spreadsheet's column; no program is trusted to fit rows by itself."""

from __future__ import annotations

import unicodedata
from math import ceil


def line_count(text: str, width: float) -> int:
    """How many lines the text takes in cells of that width together; a Chinese character is two wide."""
    room = max(1.0, width - 2)
    return sum(
        max(1, ceil(sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in line) / room))
        for line in text.split("\n")
    )
