"""Arranges the ledger rows that were counted into lists for a reader, each row in one list; counts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.figures import exact, places_of, printed
from transforms.ledgers.counting_wording import rule_words
from transforms.observations import LedgerEntry
from transforms.units import convert
from transforms.writing.bulletin import ROWS, CountedList, CountedPart, CountedRow

_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
"""More parts of one target than a plan will ever have."""


def counted_lists(entries: Sequence[LedgerEntry], plan: Plan, district: District) -> Iterator[CountedList]:
    """A list for each indicator that rows were counted for, in the plan's order.

    A part of another target (其中5亿元以上) whose rows all stand in its whole's list has none of its own: its rows are
    marked there.
    """
    counted = {i.code: [entry for entry in entries if entry.code == i.code] for i in plan.indicators}
    covered = {
        indicator.code
        for indicator in plan.indicators
        if (whole := _whole(indicator, plan)) and _within(counted[indicator.code], counted[whole])
    }
    for indicator in plan.indicators:
        rows = counted[indicator.code]
        if not rows or indicator.code in covered:
            continue
        parts = [part for part in plan.indicators if part.code in covered and _whole(part, plan) == indicator.code]
        marks = {part.code: mark for part, mark in zip(parts, _MARKS[: len(parts)], strict=True)}
        cells = {part.code: {entry.cell for entry in counted[part.code]} for part in parts}
        amounts, amount_unit = _amounts([entry.amount for entry in rows])
        rule = indicator.counted
        yield CountedList(
            title=indicator.name,
            rows=tuple(
                _row(
                    entry,
                    amount,
                    district,
                    "".join(marks[part.code] for part in parts if entry.cell in cells[part.code]),
                )
                for entry, amount in zip(rows, amounts, strict=True)
            ),
            rule=rule_words(rule) if rule else "",
            parts=tuple(
                CountedPart(marks[part.code], part.name, len(counted[part.code]), _measure_word(part)) for part in parts
            ),
            unit=_measure_word(indicator),
            date_head=(rule and rule.date) or "日期",
            amount_head=(rule and rule.amount) or "数额",
            amount_unit=amount_unit,
        )


def _whole(part: Indicator, plan: Plan) -> str | None:
    """The code of the target that this one is part of, where both are counted from one ledger."""
    if part.target.kind != "of-which" or part.counted is None:
        return None
    whole = plan.indicator(part.target.parent)
    return whole.code if whole and whole.counted and whole.counted.ledger == part.counted.ledger else None


def _within(part: Sequence[LedgerEntry], whole: Sequence[LedgerEntry]) -> bool:
    """Nothing is within anything; but a whole without rows has no list to be marked in."""
    return bool(whole) and {entry.cell for entry in part} <= {entry.cell for entry in whole}


def _measure_word(indicator: Indicator) -> str:
    """The indicator's unit counts its rows, except where a column of them is summed (3条 with 120个 posts)."""
    return ROWS if indicator.counted is None or indicator.counted.sum else indicator.unit


_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)([^\d\s.,，]+)")


def _amounts(texts: Sequence[str]) -> tuple[list[str], str]:
    """The amounts as a column prints them, and the unit of all; as they came where one is no amount, or units differ.

    They are exact: zeros at their ends make them equally long, none is rounded. Amounts of less than 1亿元 are in 万元.
    """
    found = {text: _AMOUNT.fullmatch(text) for text in texts if text}
    units = {match[2] for match in found.values() if match}
    if len(units) != 1 or not all(found.values()):
        return list(texts), ""
    unit = units.pop()
    values = {text: Decimal(match[1]) for text, match in found.items() if match}
    if unit == "亿元" and any(abs(value) < 1 for value in values.values()):
        values = {text: value for text, one in values.items() if (value := convert(one, unit, "万元")) is not None}
        unit = "万元"
    places = max(places_of(Decimal(exact(value) or "0")) for value in values.values())
    return [f"{printed(values[text], places)}{unit}" if text else "" for text in texts], unit


def _row(entry: LedgerEntry, amount: str, district: District, marks: str) -> CountedRow:
    area = district.area(entry.area)
    return CountedRow(entry.name, area.name if area else entry.area, entry.date, amount, str(entry.cell), marks)
