"""Counting rules: which rows of a ledger make a figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from transforms.declared.contract import Declared


class AtLeast(Declared):
    """The column's number is at least ``value`` (以上 includes the number itself, 民法典 第1259条)."""

    kind: Literal["at-least"]
    column: str
    value: Decimal
    unit: str


class Below(Declared):
    """The column's number is below ``value`` (不满 excludes the number itself, 民法典 第1259条)."""

    kind: Literal["below"]
    column: str
    value: Decimal
    unit: str


class OneOf(Declared):
    """The column's text is one of these: an honour, a level, a batch (批次). Widths and blanks make no difference."""

    kind: Literal["one-of"]
    column: str
    values: tuple[str, ...] = Field(min_length=1)


class NoneOf(Declared):
    """The column's text is none of these; a blank one isn't either."""

    kind: Literal["none-of"]
    column: str
    values: tuple[str, ...] = Field(min_length=1)


class StartsWith(Declared):
    """The column's text begins with one of these: sectors by code (C39) or by name (电子)."""

    kind: Literal["starts-with"]
    column: str
    values: tuple[str, ...] = Field(min_length=1)


class Filled(Declared):
    """The column isn't blank."""

    kind: Literal["filled"]
    column: str


class InYear(Declared):
    """The column's date lies in the year that is counted: 当年签约 beside a count by 开工日期."""

    kind: Literal["in-year"]
    column: str


Condition = Annotated[AtLeast | Below | OneOf | NoneOf | StartsWith | Filled | InYear, Field(discriminator="kind")]


class Count(Declared):
    """Rows of a ledger that are counted: dated from 1 January to the period's end, and meeting every condition.

    ``date`` None counts the rows as the ledger of the period lists them (a stock, such as all above-scale firms).
    ``sum`` names a number column to be added up in place of counting rows.
    """

    ledger: str
    """Words that the ledger's title has, such as 工业项目台账."""
    date: str | None = None
    where: tuple[Condition, ...] = ()
    sum: str | None = None
    area: str | None = None
    """The column that names the township or park."""
    name: str | None = None
    """The column that names the project or firm, for the list of what was counted."""
    amount: str | None = None
    """The column whose number the list shows."""
    parts: tuple[str, ...] = ()
    """Who each send a part of the ledger: units, townships or parks, all of them needed; by default it's one file's."""
