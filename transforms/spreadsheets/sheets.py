"""A sheet as a grid of exact values with A1 references; knows neither file formats nor layouts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from transforms.figures import exact, from_float

Raw = str | float | int | bool | dt.date | dt.time | dt.timedelta | None
"""What an engine hands out for a cell; a datetime is a date."""


class Kind(StrEnum):
    """What stands in a cell."""

    BLANK = "blank"
    NUMBER = "number"
    PERCENT = "percent"
    """A number that its format shows as a percentage; ``number`` is the shown one (12.3 for 0.123)."""
    TEXT = "text"
    DATE = "date"
    """``text`` is ISO."""
    BOOLEAN = "boolean"
    ERROR = "error"
    """``text`` is #N/A, #REF! …"""
    UNCOMPUTED = "uncomputed"
    """A formula that no program has computed yet, so that nothing, or a false zero, is kept for it."""


@dataclass(frozen=True, slots=True)
class Value:
    """One cell: what it is, its text as it stands (numbers as plain decimals), and its number."""

    kind: Kind
    text: str
    number: Decimal | None = None


BLANK = Value(Kind.BLANK, "")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, zero-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a clerk doesn't see: the sheet, rows and columns (zero-based)."""

    sheet: bool = False
    rows: tuple[range, ...] = ()
    columns: tuple[range, ...] = ()


EPOCH, EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
"""Workbooks made on a Macintosh may count from 1904."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a reading engine doesn't tell of a sheet; the fields are those of :class:`Sheet`."""

    special: Mapping[tuple[int, int], Value] = field(default_factory=dict)
    scaled: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: Hidden = Hidden()
    merges: tuple[Merge, ...] = ()
    stray: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The rows as the engine gave them (zero-based, ragged), and what it couldn't tell, cell by cell.

    ``special`` overrides the rows: errors, percentages, uncomputed formulas, dates in formats that the engine doesn't
    know. Reading a row's raw values directly is for ledgers, which are long; all others ask :meth:`value`.
    """

    name: str
    rows: Sequence[Sequence[Raw]]
    special: Mapping[tuple[int, int], Value] = field(default_factory=dict)
    merges: tuple[Merge, ...] = ()
    epoch: dt.date = EPOCH
    """The day that serial number 0 stands for."""
    hidden: Hidden = Hidden()
    scaled: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Numbers of which a reader sees a thousandth or less: their number formats."""
    stray: tuple[str, ...] = ()
    """References of lone cells so far away that they were set aside."""

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.rows)

    def width(self, row: int) -> int:
        """The number of cells that the row has."""
        return len(self.rows[row]) if 0 <= row < len(self.rows) else 0

    @cached_property
    def widest(self) -> int:
        """The most cells that a row has."""
        return max(map(len, self.rows), default=0)

    @cached_property
    def unnumbered(self) -> Sequence[int]:
        """The rows that don't begin with a number: of a long ledger's, all but a few."""
        return [row for row, raws in enumerate(self.rows) if not raws or type(raws[0]) is not float]

    def value(self, row: int, column: int) -> Value:
        """The cell's value; blank outside the grid and inside a merged range but for its first cell."""
        special = self.special.get((row, column))
        if special is not None:
            return special
        if not 0 <= row < len(self.rows) or not 0 <= column < len(self.rows[row]):
            return BLANK
        return plain_value(self.rows[row][column])

    def words(self, row: int, column: int) -> str:
        """The cell's text, a merged range's text in each of its cells, without white space around it."""
        return self.value(*self._covered.get((row, column), (row, column))).text.strip()

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged range that the cell lies in, or None."""
        anchor = self._covered.get((row, column))
        return self._anchors[anchor] if anchor else None

    @cached_property
    def _anchors(self) -> Mapping[tuple[int, int], Merge]:
        return {(merge.top, merge.left): merge for merge in self.merges}

    @cached_property
    def _covered(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        covered: dict[tuple[int, int], tuple[int, int]] = {}
        for merge in self._anchors.values():
            height, width = merge.bottom - merge.top + 1, merge.right - merge.left + 1
            # A range merged over the whole sheet is decoration; its cells aren't worth a million entries.
            if height * width > _LARGEST_MERGE or len(covered) > _MOST_COVERED:
                continue
            for row in range(merge.top, merge.bottom + 1):
                for column in range(merge.left, merge.right + 1):
                    covered[row, column] = (merge.top, merge.left)
        return covered


def plain_value(raw: Raw) -> Value:
    """The value of what an engine handed out."""
    if raw is None or raw == "":
        return BLANK
    if isinstance(raw, str):
        return _text(raw)
    if isinstance(raw, bool):
        return Value(Kind.BOOLEAN, "TRUE" if raw else "FALSE")
    if isinstance(raw, int | float):
        return number_value(raw)
    if isinstance(raw, dt.datetime):
        return Value(Kind.DATE, raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" "))
    return Value(Kind.DATE if isinstance(raw, dt.date) else Kind.TEXT, str(raw))


def number_value(number: float) -> Value:
    """A number with the 15 digits that a spreadsheet keeps."""
    value = from_float(number)
    if not value.is_finite():
        return Value(Kind.ERROR, "#NUM!")
    return Value(Kind.NUMBER, exact(value) or "", value)


def percent_value(number: float) -> Value:
    """A number that is shown as a percentage."""
    value = Decimal(exact(from_float(number) * 100) or "0")
    return Value(Kind.PERCENT, f"{value:f}%", value)


def error_value(code: str) -> Value:
    """An error cell, its code as Excel shows it."""
    return Value(Kind.ERROR, code)


UNCOMPUTED = Value(Kind.UNCOMPUTED, "")


def reference(row: int, column: int) -> str:
    """The A1 reference of a zero-based cell."""
    return f"{letters(column)}{row + 1}"


def ranges_of(numbers: Iterable[int]) -> tuple[range, ...]:
    """Rising numbers as ranges without gaps."""
    made: list[range] = []
    for number in numbers:
        if made and made[-1].stop == number:
            made[-1] = range(made[-1].start, number + 1)
        else:
            made.append(range(number, number + 1))
    return tuple(made)


def letters(column: int) -> str:
    """The letters of a zero-based column."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_index(letters: str) -> int:
    """The zero-based column of its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_LARGEST_MERGE = 10_000
_MOST_COVERED = 1_000_000
_ERROR_WORDS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")


def _text(raw: str) -> Value:
    # A CSV has only texts; what Excel wrote there as an error is one.
    if raw.startswith("#") and _ERROR_WORDS.fullmatch(raw.strip()):
        return error_value(raw.strip())
    return Value(Kind.TEXT, raw) if raw.strip() else BLANK
