"""Counts the rows of a ledger by a declared rule; knows neither the indicator's target nor the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from transforms.figures import parse_number
from transforms.periods import Period
from transforms.plan import AtLeast, Condition, Count, Filled, OneOf
from transforms.readings import Ledger
from transforms.units import convert


@dataclass(frozen=True, slots=True)
class Counted:
    """One row that meets the rule: its sheet row, its texts by column, the day it counts from, and what it adds."""

    number: int
    texts: dict[str, str]
    date: dt.date | None
    adds: Decimal


class MissingColumns(LookupError):
    """The ledger lacks columns that the rule names, or has them in a unit that can't be converted."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__("、".join(names))


def counted_rows(ledger: Ledger, rule: Count, period: Period) -> Iterator[Counted]:
    """The rows that count for the period: dated from 1 January to its last day, and meeting every condition.

    A row whose date is blank or can't be read doesn't count. Raises MissingColumns before the first row.
    """
    names = tuple(column.name for column in ledger.columns)
    missing = tuple(dict.fromkeys(name for name in _named(rule) if name not in names))
    if missing:
        raise MissingColumns(missing)
    units = {column.name: column.unit for column in ledger.columns}
    unfit = tuple(
        f"{condition.column}（{condition.unit}）"
        for condition in rule.where
        if condition.kind == "at-least" and _converted(Decimal(1), condition, units) is None
    )
    if unfit:
        raise MissingColumns(unfit)
    return _rows(ledger, names, rule, period)


def _rows(ledger: Ledger, names: tuple[str, ...], rule: Count, period: Period) -> Iterator[Counted]:
    units = {column.name: column.unit for column in ledger.columns}
    first = dt.date(period.year, 1, 1)
    for row in ledger.rows:
        texts = dict(zip(names, row.texts, strict=True))
        date = iso_date(texts[rule.date]) if rule.date else None
        if rule.date and (date is None or not first <= date <= period.last_day):
            continue
        if not all(_holds(condition, texts, units) for condition in rule.where):
            continue
        adds = Decimal(1) if rule.sum is None else parse_number(texts[rule.sum])
        if adds is not None:
            yield Counted(row.number, texts, date, adds)


def iso_date(text: str) -> dt.date | None:
    """The day that an ISO text names, or None."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _named(rule: Count) -> Iterator[str]:
    yield from (condition.column for condition in rule.where)
    yield from (name for name in (rule.date, rule.sum) if name)


def _holds(condition: Condition, texts: dict[str, str], units: dict[str, str]) -> bool:
    text = texts[condition.column]
    match condition:
        case AtLeast():
            value = parse_number(text)
            if value is None:
                return False
            converted = _converted(value, condition, units)
            return converted is not None and converted >= condition.value
        case OneOf():
            return text in condition.values
        case Filled():
            return text.strip() not in _NOTHING
        case _:
            assert_never(condition)


def _converted(value: Decimal, condition: AtLeast, units: dict[str, str]) -> Decimal | None:
    # Without its unit an amount says nothing: read in the threshold's own, a ledger in 万元 would count every row.
    return convert(value, units[condition.column], condition.unit)


_NOTHING = frozenset({"", "—", "——", "－", "-", "--", "/", "无"})
"""What is written in a ledger's cell to say that there is nothing."""
