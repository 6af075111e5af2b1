"""Arranges the ledger rows that were counted into lists for a reader, each row in one list; counts nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.ledgers.counting_wording import rule_words
from transforms.observations import LedgerEntry
from transforms.writing.bulletin import CountedList, CountedPart, CountedRow

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
        yield CountedList(
            f"{indicator.name}{_columns_of(indicator)}",
            tuple(
                _row(entry, district, "".join(marks[part.code] for part in parts if entry.cell in cells[part.code]))
                for entry in rows
            ),
            rule_words(indicator.counted) if indicator.counted else "",
            tuple(CountedPart(marks[part.code], part.name, len(counted[part.code])) for part in parts),
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


def _columns_of(indicator: Indicator) -> str:
    """What the ledger calls the list's date and amount: （日期为签约日期，数额为总投资）."""
    rule = indicator.counted
    columns = {"日期": rule.date, "数额": rule.amount} if rule else {}
    told = [f"{head}为{column}" for head, column in columns.items() if column and column != head]
    return f"（{'，'.join(told)}）" if told else ""


def _row(entry: LedgerEntry, district: District, marks: str) -> CountedRow:
    area = district.area(entry.area)
    place = str(entry.cell)
    return CountedRow(entry.name, area.name if area else entry.area, entry.date, entry.amount, place, marks)
