"""One ledger with the rules that count it, and how a fact of it is placed; states no fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transforms.declared.counting import Count, NoneOf, OneOf, StartsWith
from transforms.declared.district import District
from transforms.frames.table import place_of
from transforms.ledgers.conditions import is_error
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Cell, Ledger, LedgerColumn, LedgerRow, Table


@dataclass(frozen=True, slots=True)
class Page:
    """``rules`` are the plan's for this ledger, each with its indicator's name; ``at`` is the period it's read for."""

    one: Received
    part: Table
    ledger: Ledger
    rules: tuple[tuple[str, Count], ...]
    district: District
    at: Period | None

    @property
    def counts(self) -> tuple[Count, ...]:
        """The rules alone."""
        return tuple(rule for _, rule in self.rules)

    @property
    def group(self) -> str:
        """What rows are compared within: the ledger, whose parts several may send."""
        return next((rule.ledger for rule in self.counts if rule.parts), self.part.title)

    @property
    def worded(self) -> tuple[str, ...]:
        """The columns whose words some rule asks for."""
        asked = (c.column for rule in self.counts for c in rule.where if isinstance(c, OneOf | NoneOf | StartsWith))
        return tuple(dict.fromkeys(asked))

    def base(self, row: LedgerRow | None, column: LedgerColumn | None) -> dict[str, object]:
        """The columns that every fact has."""
        return {
            **place_of((self.cell(row, column),)),
            "subject": f"台账《{self.part.title}》" + (f"第{row.number}行" if row else ""),
            "period": str(self.at or ""),
            "needs": bool(self.rules),
            "workbook": self.one.contents.workbook,
            "sheet": self.part.sheet,
            "ledger": self.part.title,
            "group": self.group,
            "column": column.name if column else "",
        }

    def cell(self, row: LedgerRow | None, column: LedgerColumn | None) -> Cell:
        """Where it stands; the row alone where no column is meant."""
        ref = f"{column.letter}{row.number}" if row and column else ""
        if row and column is None and self.ledger.columns:
            ref = f"{self.ledger.columns[0].letter}{row.number}"
        return Cell(self.one.contents.vintage, self.one.contents.workbook, self.part.sheet, ref)

    def texts(self, name: str | None) -> Iterator[tuple[LedgerRow, LedgerColumn, str]]:
        """Each row's text in the column, errors left out: what they stand for isn't known."""
        position = self.ledger.position(name) if name else None
        if position is not None:
            column = self.ledger.columns[position]
            for row, text in zip(self.ledger.rows, map(str.strip, self.ledger.texts(position)), strict=True):
                if not is_error(text):
                    yield row, column, text

    def text(self, row: LedgerRow, name: str | None) -> str:
        """The row's text in the column; empty where there's no such column or an error."""
        position = self.ledger.position(name) if name else None
        text = "" if position is None else row.texts[position].strip()
        return "" if is_error(text) else text
