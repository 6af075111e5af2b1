"""Turns tables into series of figures by period, and tells whether two figures agree; knows no file and no doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from transforms.figures import Interval, places_of, round_half_up
from transforms.periods import Period
from transforms.readings import Measure, Reading, State, Table
from transforms.units import convert

SeriesKey = tuple[str, str, str, Measure]
"""Area, parent, label, measure. The unit isn't part of it: 26.68亿元 and 266800万元 are one figure."""

BESIDE = frozenset({Measure.LAST_YEAR, Measure.ANNUAL_TARGET, Measure.COMPLETION, Measure.RANK, Measure.REMARK})
"""What a table repeats beside its own figures; it makes no series of its own."""


@dataclass(frozen=True)
class TableSeries:
    """A table's figures by series and period, the first of each."""

    table: Table
    series: Mapping[SeriesKey, Mapping[Period, Reading]]

    @cached_property
    def own(self) -> Mapping[SeriesKey, Mapping[Period, Reading]]:
        """The series but for what is repeated beside them."""
        return {key: figures for key, figures in self.series.items() if key[3] not in BESIDE}

    @cached_property
    def keys(self) -> frozenset[SeriesKey]:
        """The keys of its own series."""
        return frozenset(self.own)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods that it has a row or column for, blank ones too, in order."""
        return tuple(sorted({r.period for r in self.table.readings if r.period and r.measure not in BESIDE}))

    def has_shape_of(self, other: TableSeries) -> bool:
        """Whether the two are the same form: known by the same layout, at least half of their series the same."""
        if self.table.layout != other.table.layout or not self.keys:
            return False
        return 2 * len(self.keys & other.keys) >= len(self.keys | other.keys)

    def called(self, label: str) -> TableSeries:
        """The same figures under one label."""
        return TableSeries(self.table, {(k[0], k[1], label, k[3]): figures for k, figures in self.series.items()})


def series_of(table: Table) -> TableSeries:
    """The numbers of a table whose period is known."""
    series: dict[SeriesKey, dict[Period, Reading]] = {}
    for reading in numbers(table.readings):
        assert reading.period is not None
        series.setdefault(key_of(reading), {}).setdefault(reading.period, reading)
    return TableSeries(table, series)


def numbers(readings: Iterable[Reading]) -> Iterable[Reading]:
    """The readings that are numbers of a known period."""
    return (reading for reading in readings if reading.state is State.NUMBER and reading.period is not None)


def key_of(reading: Reading) -> SeriesKey:
    """The series that a reading belongs to."""
    return reading.area, reading.parent, reading.label, reading.measure


def are_comparable(one: Reading, other: Reading) -> bool:
    """Whether both are in units of the same thing; one that names no unit can't be compared with one that does."""
    if one.unit == other.unit:
        return True
    return bool(one.unit and other.unit) and convert(Decimal(1), other.unit, one.unit) is not None


def agree(one: Reading, other: Reading) -> bool:
    """Whether two comparable figures may be one: equal, or in different units and equal as far as they're printed."""
    assert one.value is not None
    assert other.value is not None
    if one.unit == other.unit or one.value == convert(other.value, other.unit, one.unit):
        return one.value == convert(other.value, other.unit, one.unit)
    printed = Interval.of(other.value)
    low, high = (convert(end, other.unit, one.unit) for end in (printed.low, printed.high))
    assert low is not None
    assert high is not None
    return Interval.of(one.value).overlaps(Interval(low, high))


def is_rounded(one: Reading, other: Reading) -> bool:
    """Whether one of two figures in the same unit is the other with fewer digits after the point, at least one."""
    if one.value is None or other.value is None or one.unit != other.unit:
        return False
    fine, coarse = sorted((one.value, other.value), key=places_of, reverse=True)
    places = places_of(coarse)
    return 1 <= places < places_of(fine) and round_half_up(fine, places) == coarse


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
