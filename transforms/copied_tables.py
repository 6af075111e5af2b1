"""Finds tables whose figures are another table's under other periods: moved along, or copied whole; opens no file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from transforms.doubts import Severity
from transforms.findings import MOVED, SAME_FIGURES, SAME_TABLE_TWICE, Findings
from transforms.missing_periods import runs, skipped
from transforms.periods import Period
from transforms.readings import Reading, Table
from transforms.sheets import column_index
from transforms.table_series import SeriesKey, TableSeries, agree, are_comparable


class Side(NamedTuple):
    """A figure with the table it stands in."""

    table: TableSeries
    reading: Reading


@dataclass(frozen=True, slots=True)
class Difference:
    """Two tables that say different things of one series and period; ``old`` is the one that came first."""

    key: SeriesKey
    period: Period
    old: Side
    new: Side


def explain_copies(differences: Iterable[Difference], findings: Findings) -> list[Difference]:
    """Name the tables whose figures are another's moved by some periods; gives what that doesn't explain."""
    pairs: dict[tuple[int, int], list[Difference]] = {}
    for one in differences:
        pairs.setdefault((id(one.old.table), id(one.new.table)), []).append(one)
    unexplained: list[Difference] = []
    copies: dict[tuple[int, _Move], list[list[Difference]]] = {}
    for (old, _), those in pairs.items():
        move = _move(those)
        moved = [one for one in those if move and _is_moved(one, move)]
        if move and moved:
            copies.setdefault((old, move), []).append(moved)
        unexplained += [one for one in those if one not in moved]
    for (_, move), copied in copies.items():
        _tell_moved(move, copied, findings)
    return unexplained


@dataclass(frozen=True, slots=True)
class _Move:
    """``by`` periods on (the figure of a later period stands under an earlier one) or, below zero, back."""

    by: int
    within_year: bool


_FEWEST = 3
_MOVES = (
    *(_Move(sign * by, within_year=False) for by in range(1, 13) for sign in (1, -1)),
    *(_Move(sign * by, within_year=True) for by in range(1, 7) for sign in (1, -1)),
)


def _move(differences: Sequence[Difference]) -> _Move | None:
    """The move that explains most of what differs, at least three different figures and three fifths of all."""
    if len(differences) < _FEWEST:
        return None
    explained = [(move, [one for one in differences if _is_moved(one, move)]) for move in _MOVES]
    move, moved = max(explained, key=lambda found: len(found[1]))
    values = {one.new.reading.value for one in moved}
    return move if len(values) >= _FEWEST and 5 * len(moved) >= 3 * len(differences) else None


def _is_moved(one: Difference, move: _Move) -> bool:
    source = _source(one, move)
    return source is not None and are_comparable(source, one.new.reading) and agree(source, one.new.reading)


def _source(one: Difference, move: _Move) -> Reading | None:
    """The figure of the old table that the move puts here."""
    figures = one.old.table.series[one.key]
    ordered = sorted(figures)
    if move.within_year:
        ordered = [period for period in ordered if period.year == one.period.year]
    at = ordered.index(one.period) + move.by
    if move.within_year:
        return figures[ordered[at % len(ordered)]] if abs(move.by) < len(ordered) else None
    return figures[ordered[at]] if 0 <= at < len(ordered) else None


def _tell_moved(move: _Move, copies: Sequence[Sequence[Difference]], findings: Findings) -> None:
    first = copies[0]
    original = first[0].old.table
    unit = _unit_of(original.periods)
    years = "、".join(f"{year}年" for year in sorted({one.period.year for those in copies for one in those}))
    way = ("在各年内" if move.within_year else "") + ("提前" if move.by > 0 else "推后")
    copied = "；".join(_copy(those, original) for those in copies)
    examples = "、".join(_examples(first, move))
    found = (
        f"{years}的数是{original.table}的数{way}了{abs(move.by)}{unit}，共{sum(len(those) for those in copies)}个数；"
        f"错开的表：{copied}；例如{examples}"
    )
    apart = f"{original.table}{move}"
    for those in copies:
        for one in those:
            findings.add(MOVED, str(one.new.reading.cell), found, apart=apart)


def _copy(differences: Sequence[Difference], original: TableSeries) -> str:
    labels = list(dict.fromkeys(f"{one.key[0]}{one.key[2]}" for one in differences))
    more = f"等{len(labels)}行" if len(labels) > _MOST_LABELS else ""
    cells = [one.new.reading.cell for one in differences]
    table = differences[0].new.table.table
    book = table.workbook if table.workbook != original.table.workbook else ""
    where = f"{book}《{table.sheet}》{table.extent}"
    return f"{where}中{cells[0].ref}至{cells[-1].ref}（{'、'.join(labels[:_MOST_LABELS])}{more}）"


_MOST_LABELS = 12


def _examples(differences: Sequence[Difference], move: _Move) -> Iterator[str]:
    """Every moved figure of the first series, with its cell and the cell that it belongs to."""
    for one in sorted((one for one in differences if one.key == differences[0].key), key=lambda one: one.period):
        source = _source(one, move)
        assert source is not None
        assert source.period is not None
        yield (
            f"{one.new.reading.cell.ref}（{one.period.chinese()}）的{one.new.reading.raw.strip()}"
            f"是{source.cell.ref}（{source.period.chinese()}）的数，应为{one.old.reading.raw.strip()}"
        )


def _unit_of(periods: Sequence[Period]) -> str:
    months = {period.month for period in periods}
    if len(months) == 1:
        return "年"
    return "个季度" if months <= {3, 6, 9, 12} else "期"


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
            if (
                len(one.periods) == 1
                and one.table.workbook == other.table.workbook
                and 5 * equal >= 4 * _most(one, other)
            ):
                twice.append((one, other))
        elif len(one.periods) == len(other.periods) and not set(one.periods) & set(other.periods):
            if 10 * equal >= 9 * _most(one, other):
                _tell_same_figures(one, other, equal, findings)
    left = list(differences)
    for one, other in twice:
        left = _tell_twice(one, other, tables, left, findings)
    return left


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
