"""What a sheet is made of: columns, and cells that are numbers with the digits that are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from transforms.figures import parse_number, places_of


class Form(StrEnum):
    """How a number is shown; what the cell holds is the number alone."""

    PLAIN = "plain"
    SIGNED = "signed"
    """+2.4: a gap."""
    TIED = "tied"
    """2（并列）: a rank that another shares."""
    MOVED = "moved"
    """上升2位, 下降1位, 持平: how a rank changed."""


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with the digits that are shown; what the cell holds is exact as far as a double can be."""

    value: Decimal
    places: int
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, its width in half-width characters, and what its cells are."""

    head: str
    width: float
    kind: str = "text"
    """text, centred, number, date, or beside: a text that runs on into the empty cells at its right."""


Cell = str | int | Number | dt.date
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. What only programs need stands in the columns ``beside``, at the end, and isn't printed."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    beside: Sequence[Column] = ()
    kept: int = 1
    """Columns that stay in view when the others are scrolled."""
    note: str = ""
    """What a reader must know of the whole table."""


CODE = Column("编码", 30, "beside")
HASH = Column("SHA-256", 68, "beside")


def typed(text: str) -> Cell:
    """A printed figure as a number with its printed digits; other texts (—, ①) as they are."""
    value = parse_number(text)
    return text if value is None else Number(value, places_of(value))
