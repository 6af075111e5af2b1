"""Finds tables whose figures are another's, moved by some periods along the run or within each year; opens no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.periods import Period
from transforms.readings import Reading
from transforms.rechecking.table_series import Difference, TableSeries, agree, are_comparable
from transforms.tables.findings import MOVED, Findings


def explain_moves(differences: Iterable[Difference], findings: Findings) -> list[Difference]:
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
    if months <= {3, 6, 9, 12}:
        return "个季度"
    follow = all(after.ordinal - before.ordinal == 1 for before, after in pairwise(periods))
    return "个月" if follow else "期"
