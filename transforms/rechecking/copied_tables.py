"""Finds tables that say the same under two periods, or nearly the same twice under one; opens no file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from transforms.doubts import Severity
from transforms.periods import Period
from transforms.readings import Reading, Table
from transforms.rechecking.missing_periods import runs, skipped
from transforms.rechecking.table_series import Difference, SeriesKey, TableSeries, agree, are_comparable
from transforms.spreadsheets.sheets import column_index
from transforms.tables.findings import SAME_FIGURES, SAME_TABLE_TWICE, Findings


def tell_copies(
    tables: Sequence[TableSeries],
    concerns: Callable[[TableSeries, TableSeries], bool],
    differences: Sequence[Difference],
    findings: Findings,
) -> list[Difference]:
    """Name the tables that say the same under two periods, or nearly the same under one; gives what is left.

    Two tables of one period each that agree in four of five figures are one table that stands twice, and the
    ``differences`` between them are told with it. Without ``differences`` (between files, where a later file may say
    the same again) only those under two periods are told.
    """
    twice: list[tuple[TableSeries, TableSeries]] = []
    for one, other, equal in _look_alike(tables):
        if not concerns(one, other) or not one.has_shape_of(other):
            continue
        if one.periods == other.periods:
            if len(one.periods) == 1 and _is_one_table(one, other, equal):
                twice.append((one, other))
        elif _are_apart(one, other) and 10 * equal >= 9 * _most(one, other):
            _tell_same_figures(one, other, equal, findings)
    left = list(differences)
    for one, other in twice:
        left = _tell_twice(one, other, tables, left, findings)
    return left


def _is_one_table(one: TableSeries, other: TableSeries, equal: int) -> bool:
    return one.table.workbook == other.table.workbook and 5 * equal >= 4 * _most(one, other)


def _are_apart(one: TableSeries, other: TableSeries) -> bool:
    """Whether they're of as many periods, none of them the same."""
    return len(one.periods) == len(other.periods) and not set(one.periods) & set(other.periods)


_ENOUGH = 8
_DIFFERENT_ENOUGH = 5


def _look_alike(tables: Sequence[TableSeries]) -> Iterator[tuple[TableSeries, TableSeries, int]]:
    """Pairs of tables with many equal figures in the same places, zeros aside, and how many those are."""
    seen: dict[tuple[object, ...], list[int]] = {}
    for number, table in enumerate(tables):
        equal: Counter[int] = Counter()
        values: dict[int, set[object]] = {}
        for place, value in _placed(table):
            key = (*place, value)
            for earlier in seen.get(key, ()):
                equal[earlier] += 1
                values.setdefault(earlier, set()).add(value)
            seen.setdefault(key, []).append(number)
        for earlier, count in equal.items():
            if count >= _ENOUGH and len(values[earlier]) >= _DIFFERENT_ENOUGH:
                yield tables[earlier], table, count


def _placed(table: TableSeries) -> Iterator[tuple[tuple[object, ...], object]]:
    at = {period: position for position, period in enumerate(table.periods)}
    for key, figures in table.own.items():
        for period, reading in figures.items():
            if reading.value:
                yield (key, at[period]), reading.value


def _most(one: TableSeries, other: TableSeries) -> int:
    return max(sum(1 for _ in _placed(one)), sum(1 for _ in _placed(other)))


def _tell_same_figures(one: TableSeries, other: TableSeries, equal: int, findings: Findings) -> None:
    found = (
        f"{other.table}写的是{_said(other.periods)}，{one.table}写的是{_said(one.periods)}，"
        f"{_most(one, other)}个数中有{equal}个相同"
    )
    for table in (one, other):
        findings.add(SAME_FIGURES, str(table.table), found, apart=f"{one.table}{other.table}")


def _said(periods: Sequence[Period]) -> str:
    first, last = periods[0], periods[-1]
    return first.chinese() if first == last else f"{first.chinese()}至{last.chinese()}"


def _tell_twice(
    one: TableSeries,
    other: TableSeries,
    tables: Sequence[TableSeries],
    differences: Sequence[Difference],
    findings: Findings,
) -> list[Difference]:
    period = one.periods[0]
    differing = [
        (key, one.own[key][period], other.own[key][period])
        for key in one.own
        if key in other.own and not _same(one.own[key][period], other.own[key][period])
    ]
    changes = "；".join(
        f"“{key[0]}{key[2]}”《{mine.cell.sheet}》{mine.cell.ref}是{mine.raw.strip()}，"
        f"《{theirs.cell.sheet}》{theirs.cell.ref}是{theirs.raw.strip()}"
        f"{_elsewhere(key, period, (one, other), tables)}"
        for key, mine, theirs in differing
    )
    found = f"{one.table}与{other.table}写的都是{_year_or_month(period)}，{_extent_told(one, other, len(differing))}"
    found += f"；不同的是：{changes}" if changes else ""
    found += _gap_beside(one, tables)
    rule = SAME_TABLE_TWICE if differing else replace(SAME_TABLE_TWICE, severity=Severity.WARNING)
    apart = f"{one.table}{other.table}"
    places = [str(reading.cell) for _, mine, theirs in differing for reading in (mine, theirs)]
    for place in places or [str(one.table), str(other.table)]:
        findings.add(rule, place, found, period, apart=apart)
    told = {key for key, _, _ in differing}
    return [
        left
        for left in differences
        if not (left.period == period and left.key in told and (left.new.table in (one, other)))
    ]


def _same(one: Reading, other: Reading) -> bool:
    return not are_comparable(one, other) or agree(one, other)


def _elsewhere(
    key: SeriesKey, period: Period, those: tuple[TableSeries, TableSeries], tables: Sequence[TableSeries]
) -> str:
    """What a third table says of the same figure, which may tell the two apart."""
    for table in tables:
        reading = table.own.get(key, {}).get(period)
        if reading is not None and table not in those:
            return f"（《{table.table.sheet}》{reading.cell.ref}是{reading.raw.strip()}）"
    return ""


def _extent_told(one: TableSeries, other: TableSeries, differing: int) -> str:
    sizes = {_size(one.table), _size(other.table)}
    if len(sizes) == 1 and (size := sizes.pop()):
        return f"{size}格中有{size - differing}格相同"
    figures = sum(1 for key in one.own if key in other.own)
    return f"{figures}个数中有{figures - differing}个相同"


_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def _size(table: Table) -> int:
    found = _RANGE.fullmatch(table.extent)
    if not found:
        return 0
    return (column_index(found[3]) - column_index(found[1]) + 1) * (int(found[4]) - int(found[2]) + 1)


def _year_or_month(period: Period) -> str:
    return f"{period.year}年" if period.month == 12 else period.chinese()


def _gap_beside(one: TableSeries, tables: Sequence[TableSeries]) -> str:
    """The period that the run lacks right beside this one, which one of the two may be."""
    for group in runs(tables):
        if one in group:
            for before, after, missing in skipped(table.periods[0] for table in group):
                if one.periods[0] in (before, after):
                    return f"；这批表恰好缺{'、'.join(_year_or_month(period) for period in missing)}"
    return ""
