"""Turns the tables of a file, or of several files, into doubts about what they say differently; opens no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from transforms.doubts import Doubt
from transforms.periods import Period
from transforms.readings import Contents, Measure, Table
from transforms.rechecking.copied_tables import tell_copies
from transforms.rechecking.missing_periods import tell_missing
from transforms.rechecking.moved_tables import explain_moves
from transforms.rechecking.table_series import (
    Difference,
    SeriesKey,
    Side,
    TableSeries,
    agree,
    are_comparable,
    is_rounded,
    key_of,
    numbers,
    series_of,
)
from transforms.tables.blocks import base_name
from transforms.tables.findings import DIFFERENT_VALUES, REVISED, ROUNDED, SAME_LABEL_TWICE, Findings


def compare_files(contents: Sequence[Contents]) -> tuple[Doubt, ...]:
    """What several files, oldest first, say differently; what is wrong within one file stands in its own doubts.

    A later file of the same form that has another figure for a period before its last one has revised it: an INFO with
    every “period: old → new” and both cells. Any other difference is a contradiction. A table whose figures are those
    of another one under other periods, and periods that are missing between the files, are told as such.
    """
    findings = Findings()
    files = _named_alike([[series_of(table) for table in one.tables] for one in contents])
    known: dict[SeriesKey, dict[Period, Side]] = {}
    for tables in files:
        own = _first_of_each(tables)
        differences = list(_between(known, own))
        unexplained = _explain_moves(differences, findings)
        newest = {key: max(figures) for key, figures in own.items()}
        revised = [one for one in unexplained if _is_revision(one, newest)]
        _tell_revised(revised, findings)
        _tell_different([one for one in unexplained if not _is_revision(one, newest)], findings)
        for key, figures in own.items():
            known.setdefault(key, {}).update(figures)
    every = [table for tables in files for table in tables]
    of_file = {id(table): number for number, tables in enumerate(files) for table in tables}
    tell_copies(every, lambda one, other: of_file[id(one)] != of_file[id(other)], (), findings)
    tell_missing(every, lambda group: len({of_file[id(table)] for table in group}) > 1, findings)
    return findings.doubts()


def _explain_moves(differences: Sequence[Difference], findings: Findings) -> list[Difference]:
    """What no move explains. A table that notes its source is the original, in whichever file it came."""
    straight: list[Difference] = []
    turned: list[Difference] = []
    for one in differences:
        (turned if one.new.table.table.notes and not one.old.table.table.notes else straight).append(one)
    left = explain_moves([replace(one, old=one.new, new=one.old) for one in turned], findings)
    unmoved = {(one.key, one.period) for one in left}
    return [*explain_moves(straight, findings), *(one for one in turned if (one.key, one.period) in unmoved)]


def compare_tables(tables: Iterable[Table], findings: Findings) -> None:
    """What the tables of one file say differently, and one table under the same label twice."""
    every = [series_of(table) for table in tables]
    for one in every:
        _tell_twice(one, findings)
    known: dict[SeriesKey, dict[Period, Side]] = {}
    differences: list[Difference] = []
    # A table that notes its source is an export; one that notes none was made from it.
    for one in sorted(every, key=lambda one: not one.table.notes):
        own = _first_of_each([one])
        differences += _between(known, own)
        for key, figures in own.items():
            known[key] = figures | known.get(key, {})
    unexplained = tell_copies(every, lambda one, other: one is not other, differences, findings)
    _tell_different(explain_moves(unexplained, findings), findings)
    tell_missing(every, bool, findings)


def _named_alike(files: Sequence[Sequence[TableSeries]]) -> list[list[TableSeries]]:
    """Tables whose one series has its name from the file's (出口_v1.csv, 出口_v2.csv), under the first file's name.

    That they're the same series is taken from the figures: at least half of those they share must be equal.
    """
    made: list[list[TableSeries]] = []
    named: list[TableSeries] = []
    for tables in files:
        made.append([])
        for table in tables:
            label = _label_from_file(table)
            older = next((one for one in named if label and _shares_figures(one, table)), None)
            renamed = table.called(_label_from_file(older)) if older else table
            made[-1].append(renamed)
            if label:
                named.append(renamed)
    return made


def _label_from_file(one: TableSeries) -> str:
    labels = {key[2] for key in one.series}
    label = next(iter(labels)) if len(labels) == 1 else ""
    return label if label and _bare(label) in _bare(base_name(one.table.workbook)) else ""


def _bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", words)


_FEWEST = 8


def _shares_figures(one: TableSeries, other: TableSeries) -> bool:
    mine = {(key[3], period): reading for key, figures in one.series.items() for period, reading in figures.items()}
    pairs = [
        (mine[key[3], period], reading)
        for key, figures in other.series.items()
        for period, reading in figures.items()
        if (key[3], period) in mine
    ]
    equal = sum(first.value == second.value for first, second in pairs)
    return len(pairs) >= _FEWEST and 2 * equal >= len(pairs)


def _first_of_each(tables: Iterable[TableSeries]) -> dict[SeriesKey, dict[Period, Side]]:
    first: dict[SeriesKey, dict[Period, Side]] = {}
    for table in tables:
        for key, figures in table.series.items():
            found = first.setdefault(key, {})
            for period, reading in figures.items():
                found.setdefault(period, Side(table, reading))
    return first


def _between(
    known: dict[SeriesKey, dict[Period, Side]], own: dict[SeriesKey, dict[Period, Side]]
) -> Iterable[Difference]:
    for key, figures in own.items():
        if key[3] is Measure.LAST_YEAR:
            # Of the month in one table, of the year to date in another.
            continue
        before = known.get(key, {})
        for period, side in figures.items():
            old = before.get(period)
            if old and are_comparable(old.reading, side.reading) and not agree(old.reading, side.reading):
                yield Difference(key, period, old, side)


def _is_revision(one: Difference, newest: dict[SeriesKey, Period]) -> bool:
    return one.period < newest[one.key] and one.new.table.has_shape_of(one.old.table)


def _tell_revised(differences: Sequence[Difference], findings: Findings) -> None:
    """One doubt for each series, its periods in order, so that nothing is cut off."""
    series: dict[SeriesKey, list[Difference]] = {}
    for one in differences:
        series.setdefault(one.key, []).append(one)
    for key, those in series.items():
        those.sort(key=lambda one: one.period)
        changes = "、".join(
            f"{one.period.chinese()}：{one.old.reading.raw.strip()} → {one.new.reading.raw.strip()}"
            f"（{one.old.reading.cell.ref} → {one.new.reading.cell.ref}）"
            for one in those
        )
        files = f"{those[0].old.table.table.workbook} → {those[0].new.table.table.workbook}"
        found = f"“{series_name(key)}”{len(those)}处（{files}）：{changes}"
        for one in those:
            for side in (one.old, one.new):
                findings.add(REVISED, str(side.reading.cell), found, apart=f"{key}{files}")


_MEASURE_NAMES = {
    Measure.MONTH: "当月",
    Measure.YEAR_TO_DATE: "累计",
    Measure.MONTH_GROWTH: "当月同比",
    Measure.YEAR_TO_DATE_GROWTH: "累计同比",
    Measure.QUARTER: "当季",
    Measure.YEAR: "全年",
    Measure.LEVEL: "期末",
    Measure.LAST_YEAR: "上年同期",
    Measure.ANNUAL_TARGET: "全年目标",
    Measure.COMPLETION: "完成率",
    Measure.RANK: "位次",
}


def series_name(key: SeriesKey) -> str:
    """A series as a reader would call it: area, label, measure."""
    area, _, label, measure = key
    said = _MEASURE_NAMES.get(measure, "")
    return f"{area}{label}" + (f"（{said}）" if said and said not in label else "")


def _tell_different(differences: Iterable[Difference], findings: Findings) -> None:
    """Period by period; two tables that differ in many periods are told once, since one cause will have made all."""
    told = list(differences)
    periods: dict[tuple[int, int], set[Period]] = {}
    for one in told:
        periods.setdefault(_pair(one), set()).add(one.period)
    for one in told:
        old, new = one.old.reading, one.new.reading
        rule = ROUNDED if is_rounded(old, new) else DIFFERENT_VALUES
        units = (old.unit, new.unit) if old.unit != new.unit else ("", "")
        found = (
            f"“{series_name(one.key)}”{one.period.chinese()}：{old.raw.strip()}{units[0]}与{new.raw.strip()}{units[1]}"
        )
        many = len(periods[_pair(one)]) >= _MANY
        for reading in (old, new):
            if many:
                findings.add(rule, str(reading.cell), found, apart=f"{one.old.table}{one.new.table}")
            else:
                findings.add(rule, str(reading.cell), found, one.period)


_MANY = 4


def _pair(one: Difference) -> tuple[int, int]:
    return id(one.old.table), id(one.new.table)


_REPEATED = frozenset({Measure.LAST_YEAR, Measure.RANK, Measure.COMPLETION})
"""What a table may have beside its month and beside its year to date, under one name."""


def _tell_twice(one: TableSeries, findings: Findings) -> None:
    for reading in numbers(one.table.readings):
        assert reading.period is not None
        first = one.series[key_of(reading)][reading.period]
        if (
            reading.measure not in _REPEATED
            and first is not reading
            and are_comparable(first, reading)
            and not agree(first, reading)
        ):
            found = f"“{reading.label}”{reading.period.chinese()}：{first.raw}与{reading.raw}"
            findings.add(SAME_LABEL_TWICE, str(first.cell), found, reading.period)
            findings.add(SAME_LABEL_TWICE, str(reading.cell), found, reading.period)
