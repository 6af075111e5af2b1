"""Turns ledgers into a table of the facts that their rows state; counts nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from transforms.dates import iso_date
from transforms.district import District
from transforms.figures import parse_number
from transforms.frames.areas import nearest_area
from transforms.frames.table import place_of, shown, table
from transforms.observations import LedgerEntry, Received
from transforms.periods import Period
from transforms.plan import AtLeast, Count, Plan
from transforms.readings import Cell, Ledger, LedgerColumn, LedgerRow, Table
from transforms.units import convert, plain_unit

COLUMNS = (
    "workbook",
    "sheet",
    "ledger",
    "column",
    "name",
    "name_key",
    "credit_code",
    "firm_code",
    "area",
    "nearest",
    "date_text",
    "date",
    "as_of",
    "as_of_words",
    "year_start",
    "undated",
    "amount_text",
    "amount",
    "yi_amount",
    "least",
    "shown",
    "least_words",
    "stated",
    "listed",
)

ENTRY_COLUMNS = ("indicator", "code", "name", "date", "area", "amount", "date_words")

_PROJECTS = ("项目名称", "工程名称")
_FIRMS = ("企业名称", "公司名称", "单位名称", "企业", "公司")
"""Heads of columns whose names are unique; a training or a meeting may bear the same name twice."""
_CODES = ("统一社会信用代码", "社会信用代码", "信用代码")


def ledgers_frame(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> pd.DataFrame:
    """One row for each fact (a name, a code, a date, an amount, an area) of the reference period's ledgers.

    Of vintages of one ledger the newest is taken. An earlier month's is left out: the later repeats its rows.
    """
    counts = [i.counted for i in plan.indicators if i.counted] if plan else []
    newest: dict[tuple[str, Period | None], tuple[dt.datetime, str, Received, Table]] = {}
    for one in received:
        for part in one.contents.tables:
            if part.ledger is None or (period and part.period and part.period != period):
                continue
            item = (one.received, one.contents.workbook, one, part)
            key = (part.title or f"{part.workbook}/{part.sheet}", part.period)
            if key not in newest or newest[key][:2] <= item[:2]:
                newest[key] = item
    rows: list[dict[str, object]] = []
    for _, _, one, part in newest.values():
        assert part.ledger is not None
        rules = [count for count in counts if count.ledger in part.title]
        rows += _Facts(one, part, part.ledger, rules, district, period).rows()
    return table(COLUMNS, rows)


def entries_frame(entries: Sequence[LedgerEntry], plan: Plan, period: Period) -> pd.DataFrame:
    """One row for each ledger row that was counted for an indicator."""
    names = {indicator.code: indicator.name for indicator in plan.indicators}
    return table(
        ENTRY_COLUMNS,
        (
            {
                **place_of((entry.cell,)),
                "subject": f"{names.get(entry.code, entry.code)}（台账计数）：{entry.name}",
                "period": str(period),
                "needs": True,
                "indicator": names.get(entry.code, entry.code),
                "code": entry.code,
                "name": _squeezed(entry.name) or None,
                "date": entry.date,
                "area": entry.area,
                "amount": entry.amount,
                "date_words": entry.date or "无日期",
            }
            for entry in entries
        ),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """One ledger with the rules that count it."""

    one: Received
    part: Table
    ledger: Ledger
    rules: Sequence[Count]
    district: District
    period: Period | None

    def rows(self) -> Iterator[dict[str, object]]:
        at = self.part.period or self.period
        yield {**self._base(None, None, at), "stated": self.ledger.stated_count, "listed": len(self.ledger.rows)}
        dates = dict.fromkeys(rule.date for rule in self.rules if rule.date)
        amounts = dict.fromkeys((*_amount_columns(self.rules), *_yi_columns(self.ledger)))
        areas = dict.fromkeys(rule.area for rule in self.rules if rule.area)
        for row in self.ledger.rows:
            yield from self._names(row, at)
            for name in areas:
                yield from self._area(row, name, at)
            for name in dates:
                yield from self._date(row, name, at)
            for name in amounts:
                yield from self._amount(row, name, at)

    def _base(self, row: LedgerRow | None, column: LedgerColumn | None, at: Period | None) -> dict[str, object]:
        ref = f"{column.letter}{row.number}" if row and column else ""
        cell = Cell(self.one.contents.vintage, self.one.contents.workbook, self.part.sheet, ref)
        return {
            **place_of((cell,)),
            "subject": f"台账《{self.part.title}》" + (f"第{row.number}行" if row else ""),
            "period": str(at or ""),
            "needs": bool(self.rules),
            "workbook": self.one.contents.workbook,
            "sheet": self.part.sheet,
            "ledger": self.part.title,
            "column": column.name if column else "",
        }

    def _text(self, row: LedgerRow, name: str) -> tuple[LedgerColumn, str] | None:
        position = self.ledger.position(name)
        return None if position is None else (self.ledger.columns[position], row.texts[position].strip())

    def _names(self, row: LedgerRow, at: Period | None) -> Iterator[dict[str, object]]:
        heads = [column.name for column in self.ledger.columns]
        projects = [head for head in heads if any(word in head for word in _PROJECTS)]
        firms = [head for head in heads if head in _FIRMS]
        for name in (projects or firms)[:1]:
            found = self._text(row, name)
            if found and found[1]:
                yield {**self._base(row, found[0], at), "name": found[1], "name_key": _squeezed(found[1])}
        for name in [head for head in heads if any(word in head for word in _CODES)][:1]:
            found = self._text(row, name)
            if found and found[1]:
                code = _squeezed(found[1]).upper()
                # One firm may have several projects, but stands once among the firms.
                firm = None if projects else code
                yield {**self._base(row, found[0], at), "credit_code": code, "firm_code": firm}

    def _area(self, row: LedgerRow, name: str, at: Period | None) -> Iterator[dict[str, object]]:
        found = self._text(row, name)
        if found and found[1] and self.district.areas:
            yield {**self._base(row, found[0], at), "area": found[1], "nearest": nearest_area(found[1], self.district)}

    def _date(self, row: LedgerRow, name: str, at: Period | None) -> Iterator[dict[str, object]]:
        found = self._text(row, name)
        if found is None or at is None:
            return
        column, text = found
        date = iso_date(text)
        fact = {**self._base(row, column, at), "undated": text, "date_text": text or None}
        if date is not None:
            fact |= {
                "date": date.isoformat(),
                "as_of": at.last_day.isoformat(),
                "as_of_words": f"{at.chinese()}末",
                "year_start": Period(at.year, 1).first_day.isoformat(),
            }
        yield fact

    def _amount(self, row: LedgerRow, name: str, at: Period | None) -> Iterator[dict[str, object]]:
        found = self._text(row, name)
        if found is None or not found[1]:
            return
        column, text = found
        value = parse_number(text)
        fact = {**self._base(row, column, at), "amount_text": text, "amount": value}
        if value is not None:
            fact["shown"] = shown(value, column.unit)
            fact["yi_amount"] = value if plain_unit(column.unit) == "亿元" else None
            least = self._least(column)
            if least is not None:
                fact |= {"least": least, "least_words": shown(least, column.unit)}
        yield fact

    def _least(self, column: LedgerColumn) -> Decimal | None:
        """The lowest threshold that a row of this ledger can be counted under, in the column's unit.

        None where some rule counts rows without a threshold in this column.
        """
        found: list[Decimal] = []
        for rule in self.rules:
            limits = [c for c in rule.where if isinstance(c, AtLeast) and c.column == column.name]
            values = [convert(limit.value, limit.unit, column.unit or limit.unit) for limit in limits]
            known = [value for value in values if value is not None]
            if not known:
                return None
            found.append(max(known))
        return min(found, default=None)


def _amount_columns(rules: Sequence[Count]) -> Iterator[str]:
    for rule in rules:
        yield from (condition.column for condition in rule.where if isinstance(condition, AtLeast))
        yield from (name for name in (rule.sum,) if name)


def _yi_columns(ledger: Ledger) -> Iterator[str]:
    yield from (column.name for column in ledger.columns if plain_unit(column.unit) == "亿元")


def _squeezed(text: str) -> str:
    return "".join(text.split())
