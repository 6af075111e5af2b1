"""Readings that have been given their indicator, area, measure, period and unit, and what is told about a revision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from transforms.doubts import Doubt
from transforms.periods import Period
from transforms.readings import Cell, Contents, Measure, State

WHOLE = ""
"""The area that stands for the whole district."""


@dataclass(frozen=True, slots=True)
class Received:
    """The contents of one vintage and when it came."""

    contents: Contents
    received: dt.datetime
    in_force: bool = True
    """False once a newer vintage has taken its place in the source: then it only tells what was revised."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure, or one unit's words, about one indicator.

    ``area`` is WHOLE or the name of a declared area. ``value`` is in ``unit``, the indicator's own, and None unless
    ``state`` is NUMBER; ``places`` are the digits that the source printed, in that unit. ``text`` holds words (remark,
    evidence, date, 是 or 否). A count has the cells of every row that was counted. ``corrected`` says why the value
    isn't the one in the cell.
    """

    code: str
    area: str
    period: Period
    measure: Measure
    value: Decimal | None
    unit: str
    state: State
    text: str
    places: int
    cells: tuple[Cell, ...]
    received: dt.datetime
    corrected: str | None = None
    option: str = ""
    """Which of an either-target's options the words are about."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that a later vintage changed: both values with their cells; the newer one is used."""

    code: str
    area: str
    period: Period
    measure: Measure
    old: Decimal | None
    new: Decimal | None
    unit: str
    old_cell: Cell
    new_cell: Cell
    received: dt.datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row that was counted for an indicator: its name, area, date and amount as texts, with its cell."""

    code: str
    name: str
    area: str
    date: str
    amount: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """A ledger's cell that a declared correction was applied to, with what it says for a reader."""

    subject: str
    cell: Cell
    found: str
    corrected: str
    until: dt.date


@dataclass(frozen=True, slots=True)
class Harmonised:
    """All that is known about a plan's indicators as of one moment, newest vintage first."""

    observations: tuple[Observation, ...]
    revisions: tuple[Revision, ...]
    entries: tuple[LedgerEntry, ...]
    doubts: tuple[Doubt, ...]
    reporters: tuple[str, ...]
    """The units that sent something for the reference period."""
    corrected_rows: tuple[CorrectedRow, ...] = ()
