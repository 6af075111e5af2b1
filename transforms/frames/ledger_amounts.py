"""Facts of the amounts in ledgers: whether they are numbers, above their threshold, and of a size with the others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from transforms.declared.counting import AtLeast, Below
from transforms.figures import exact, parse_number, round_half_up
from transforms.frames.ledger_page import Page
from transforms.frames.table import shown
from transforms.ledgers.conditions import is_nothing
from transforms.readings import LedgerColumn, LedgerRow
from transforms.units import convert, plain_unit

COLUMNS = (
    "amount_text", "amount", "yi_amount", "least", "shown", "least_words", "counted_amount",
    "times_usual", "usual_times", "usual_words", "yi_usual",
)  # fmt: skip

_FEWEST = 5
"""Amounts from which on their median says what is usual."""


def facts_of(page: Page) -> Iterator[dict[str, object]]:
    """Of each amount that a rule asks for, and of each in a column of 亿元."""
    asked = {c.column for rule in page.counts for c in rule.where if isinstance(c, AtLeast | Below)}
    summed = {rule.sum for rule in page.counts if rule.sum}
    yi = (column.name for column in page.ledger.columns if plain_unit(column.unit) == "亿元")
    for name in dict.fromkeys((*sorted(asked), *sorted(summed), *yi)):
        numbers = [value for _, _, text in page.texts(name) if (value := parse_number(text)) is not None and value > 0]
        usual = median(numbers) if len(numbers) >= _FEWEST and name in asked else None
        position = page.ledger.position(name)
        column = page.ledger.columns[position] if position is not None else None
        if usual is not None and column is not None and plain_unit(column.unit) == "亿元":
            yield {**page.base(None, column), "yi_usual": usual, "usual_words": f"{exact(usual)}亿元"}
        for row, its, text in page.texts(name):
            if text:
                yield _amount(page, row, its, text, usual, name in asked)


def _amount(
    page: Page,
    row: LedgerRow,
    column: LedgerColumn,
    text: str,
    usual: Decimal | None,
    is_asked: bool,
) -> dict[str, object]:
    value = parse_number(text)
    fact = {**page.base(row, column), "amount_text": None if is_nothing(text) else text, "amount": value}
    if value is None:
        return fact
    fact["shown"] = shown(value, column.unit)
    fact["yi_amount"] = value if plain_unit(column.unit) == "亿元" else None
    if is_asked:
        fact["counted_amount"] = value
    least = _least(page, column)
    if least is not None:
        fact |= {"least": least if value > 0 else None, "least_words": shown(least, column.unit)}
    if usual and value > 0:
        # Too small an amount in 亿元 is below the threshold, and told so.
        small = plain_unit(column.unit) in {"万元", "元"}
        fact |= {
            "times_usual": round_half_up(value / usual, 0),
            "usual_times": round_half_up(usual / value, 0) if small else None,
            "usual_words": shown(usual, column.unit),
        }
    return fact


def _least(page: Page, column: LedgerColumn) -> Decimal | None:
    """The lowest threshold that a row of this ledger can be counted under, in the column's unit.

    None where some rule counts rows without a threshold in this column.
    """
    found: list[Decimal] = []
    for rule in page.counts:
        limits = [c for c in rule.where if isinstance(c, AtLeast) and c.column == column.name]
        values = [convert(limit.value, limit.unit, column.unit or limit.unit) for limit in limits]
        known = [value for value in values if value is not None]
        if not known:
            return None
        found.append(max(known))
    return min(found, default=None)
