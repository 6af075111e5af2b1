"""What a workbook said, in its own words, each figure with its cell; gives no meaning to a label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import partial
from itertools import compress
from typing import NamedTuple, cast, overload

from transforms.doubts import Doubt
from transforms.periods import Period


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell of one vintage: the workbook's bytes, its name, the sheet and the A1 reference."""

    vintage: str
    workbook: str
    sheet: str
    ref: str

    def __str__(self) -> str:
        return f"{self.workbook}《{self.sheet}》{self.ref}"


class Measure(StrEnum):
    """What a column of a table measures, over the period that its reading names by its last month."""

    MONTH = "month"
    """本月, 当月: the month alone."""
    YEAR_TO_DATE = "year-to-date"
    """累计: January to the month."""
    MONTH_GROWTH = "month-growth"
    """本月同比, %."""
    YEAR_TO_DATE_GROWTH = "year-to-date-growth"
    """累计同比, %."""
    LEVEL = "level"
    """期末, 现状, 比重: as it stands at the period's end."""
    QUARTER = "quarter"
    """当季值: the quarter that ends with the month."""
    YEAR = "year"
    """全年: the whole year; its period is December."""
    LAST_YEAR = "last-year"
    """上年同期: the same measure a year before, repeated for comparison; never a source of history."""
    ANNUAL_TARGET = "annual-target"
    """全年目标, as a table repeats it."""
    COMPLETION = "completion"
    """完成率, %, as the source states it."""
    RANK = "rank"
    """位次, as the source states it."""
    DONE = "done"
    """是否完成: a milestone's 是 or 否."""
    DATE = "date"
    """完成日期."""
    EVIDENCE = "evidence"
    """佐证材料, 依据文号."""
    REMARK = "remark"
    """情况说明, 进展情况: the unit's own words."""


class State(StrEnum):
    """What stood in the cell. Missing is three things, and an error is a fourth (method §1)."""

    NUMBER = "number"
    TEXT = "text"
    NO_ITEM = "no-item"
    """— : there is no such item."""
    TOO_SMALL = "too-small"
    """… : too small to print."""
    BLANK = "blank"
    """Nothing: not known."""
    ERROR = "error"
    """#N/A, #REF!, #DIV/0! …: a fault of the file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell of a table with the words that name it.

    ``label`` is the row's or column's own words without numbering, unit brackets and 其中; ``parent`` is the label
    that a 其中 row belongs to. ``area`` is empty where the table names none. ``value`` is exact (None unless
    ``state`` is NUMBER), in ``unit``, which is empty where the table names none. ``raw`` is the cell's text as it
    stands.
    """

    label: str
    area: str
    period: Period | None
    measure: Measure
    value: Decimal | None
    unit: str
    cell: Cell
    raw: str
    state: State = State.NUMBER
    parent: str = ""
    code: str = ""
    """The code that a return gives the row (指标代码), by which audit formulas name it; empty where it gives none."""
    corrected: str = ""
    """Why the value isn't the one in the cell, where a declared correction has been applied."""


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column of a ledger: its head's words, the unit in its bracket, and its letter."""

    name: str
    unit: str
    letter: str


class LedgerRow(NamedTuple):
    """A project or firm: the sheet's row number and the raw texts, one for each column of the ledger."""

    number: int
    texts: tuple[str, ...]


# What LedgerRow(…) comes down to, without a Python call for each of 50,000 rows.
_made = cast(Callable[[tuple[int, tuple[str, ...]]], LedgerRow], partial(tuple.__new__, LedgerRow))


@dataclass(frozen=True, slots=True)
class LedgerRows(Sequence[LedgerRow]):
    """A ledger's rows, kept by columns: a count asks two or three of these, and few rows are ever looked at.

    ``numbers`` are the sheet's row numbers, ``texts`` has for each column its texts from the first row to the last.
    """

    numbers: list[int]
    texts: list[list[str]]

    @classmethod
    def of(cls, rows: Iterable[LedgerRow], columns: int) -> LedgerRows:
        """These rows, each of so many columns."""
        kept = [(row.number, row.texts) for row in rows]
        return cls([number for number, _ in kept], [[texts[at] for _, texts in kept] for at in range(columns)])

    def where(self, kept: Iterable[object]) -> LedgerRows:
        """Those rows for which the one in ``kept`` is true."""
        chosen = list(map(bool, kept))
        return LedgerRows(list(compress(self.numbers, chosen)), [list(compress(texts, chosen)) for texts in self.texts])

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> LedgerRow: ...
    @overload
    def __getitem__(self, at: slice) -> LedgerRows: ...
    def __getitem__(self, at: int | slice) -> LedgerRow | LedgerRows:
        if isinstance(at, slice):
            return LedgerRows(self.numbers[at], [texts[at] for texts in self.texts])
        return LedgerRow(self.numbers[at], tuple(texts[at] for texts in self.texts))

    def __iter__(self) -> Iterator[LedgerRow]:
        return map(_made, zip(self.numbers, zip(*self.texts, strict=True), strict=True))


UNCOMPUTED = "#UNCOMPUTED"
"""What a ledger keeps of a formula without a computed value."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One project or firm a row. Dates are ISO texts, numbers plain decimals, as exact as the cell holds them.

    An error cell is the error's own text (#N/A), a formula that nothing computed is UNCOMPUTED: neither is a blank.
    """

    columns: tuple[LedgerColumn, ...]
    rows: Sequence[LedgerRow]
    """Whatever they're given as, they're kept as LedgerRows."""
    stated_count: int | None = None
    """The count that the heading states (共16项), to be compared with the rows."""

    def __post_init__(self) -> None:
        if not isinstance(self.rows, LedgerRows):
            object.__setattr__(self, "rows", LedgerRows.of(self.rows, len(self.columns)))

    def texts(self, position: int) -> Sequence[str]:
        """The column's texts, one for each row."""
        assert isinstance(self.rows, LedgerRows)
        return self.rows.texts[position]

    def position(self, name: str) -> int | None:
        """Where the column of that name stands in each row's texts, or None."""
        return next((i for i, column in enumerate(self.columns) if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet: which layout knew it, what its title says, and what was read."""

    layout: str
    workbook: str
    sheet: str
    title: str
    period: Period | None
    reporter: str = ""
    """报送单位, as the table states it."""
    readings: tuple[Reading, ...] = ()
    ledger: Ledger | None = None
    notes: tuple[str, ...] = ()
    extent: str = field(default="", compare=False)
    """Where it stands in its sheet (A3:F14), head and rows; for telling of it, so that the store doesn't keep it."""

    def __str__(self) -> str:
        return f"{self.workbook}《{self.sheet}》{self.extent}"


@dataclass(frozen=True, slots=True)
class Contents:
    """All that was read from one file: its tables, and what was wrong with it, all faults at once."""

    vintage: str
    workbook: str
    tables: tuple[Table, ...] = ()
    doubts: tuple[Doubt, ...] = field(default=())

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of every table, in the order of the file."""
        return tuple(reading for table in self.tables for reading in table.readings)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the tables, in order, each once."""
        named = {table.period for table in self.tables if table.period}
        return tuple(sorted(named | {r.period for r in self.readings if r.period}))
