"""Tells what a cell's number format makes a reader see that isn't what is stored; knows no file format."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache


class Shown(Enum):
    """How a number looks on the sheet."""

    AS_STORED = "as stored"
    PERCENT = "percent"
    """A hundred times what is stored, with %."""
    CHINESE_DATE = "chinese date"
    """A day, by a built-in format that only Chinese Excel has."""
    SCALED = "scaled"
    """A thousandth, a millionth or, by a point written among the digits, a ten-thousandth of what is stored."""


@cache
def shown(code: str) -> Shown:
    """What a format code makes of a number (ECMA-376 part 1, §18.8.31)."""
    positive = _FIRST_SECTION.match(code)
    section = positive[0] if positive else code
    if "%" in _LITERAL.sub("", section):
        return Shown.PERCENT
    if _TRAILING_COMMA.search(_LITERAL.sub("", section)) or _POINT_AMONG_DIGITS.search(section):
        return Shown.SCALED
    return Shown.AS_STORED


def shown_built_in(number: int) -> Shown:
    """The same for a format that has a number and no code."""
    if number in {9, 10}:
        return Shown.PERCENT
    return Shown.CHINESE_DATE if number in _CHINESE_DATES else Shown.AS_STORED


_CHINESE_DATES = {*range(27, 37), *range(50, 59)}
"""Built-in formats that are dates in Chinese Excel (57 is 2024年6月); the engines take them for plain numbers."""
_FIRST_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*', re.DOTALL)
_LITERAL = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]', re.DOTALL)
_TRAILING_COMMA = re.compile(r"[0#?],+(?![0#?,])")
_POINT_AMONG_DIGITS = re.compile(r'[0#?](?:[\\!][.．万]|"[.．]")[0#?]')
"""0!.0, and 0\\.0000 write a point where the number has none: Excel's trick for showing 万元."""
