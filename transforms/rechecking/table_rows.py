"""Groups a table's readings into rows of one label, area and period; decides nothing about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from transforms.figures import Interval, exact, places_of
from transforms.periods import Period
from transforms.readings import Measure, Reading, State, Table
from transforms.tables.labels import plain_label
from transforms.units import convert, is_counted, plain_unit

MOST_PLACES = 6
"""Digits that a printed figure has at most; a cell that was computed keeps fifteen, the last of them by chance."""


@dataclass(frozen=True, slots=True)
class Row:
    """All figures that a table has about one thing in one period; ``label`` is plain of measure words."""

    label: str
    parent: str
    area: str
    period: Period
    readings: tuple[Reading, ...]

    def all(self, measure: Measure) -> tuple[Reading, ...]:
        """Its numbers under a measure, in the order of their columns; 上年同期 and 全年目标 may stand there twice."""
        return tuple(r for r in self.readings if r.measure is measure and r.value is not None)

    def one(self, *measures: Measure) -> Reading | None:
        """Its number under the first of these measures that it has exactly one number under."""
        for measure in measures:
            found = self.all(measure)
            if len(found) == 1:
                return found[0]
        return None

    @property
    def name(self) -> str:
        """What a message calls it."""
        area = f"（{self.area}）" if self.area else ""
        return f"{self.label}{area}{self.period.chinese()}"


def rows_of(table: Table) -> Iterator[Row]:
    """The rows in the order of the table; what has no period is left out."""
    plain: dict[str, str] = {}
    groups: dict[tuple[str, str, str, Period], list[Reading]] = {}
    for reading in table.readings:
        if reading.period is None or reading.state is State.BLANK:
            continue
        label = plain.get(reading.label)
        if label is None:
            label = plain[reading.label] = plain_label(reading.label)
        groups.setdefault((label, reading.parent, reading.area, reading.period), []).append(reading)
    for (label, parent, area, period), readings in groups.items():
        yield Row(label, parent, area, period, tuple(readings))


def interval_of(reading: Reading, unit: str | None = None) -> Interval | None:
    """All that a printed figure may stand for, in its own unit or another; None where it can't be turned into that.

    A whole number of things stands for itself: nobody rounds 162 projects.
    """
    if reading.value is None:
        return None
    places = min(places_of(reading.value), MOST_PLACES)
    if places == 0 and is_counted(reading.unit):
        whole = Interval(reading.value, reading.value)
    else:
        whole = Interval.of(reading.value, places)
    if unit is None or plain_unit(unit) == plain_unit(reading.unit):
        return whole
    if not unit or not reading.unit:
        return whole  # A table that names a unit once means it for the figures beside it too.
    factor = convert(Decimal(1), reading.unit, unit)
    return None if factor is None else whole.times(factor)


def quoted(reading: Reading) -> str:
    """A figure as a message quotes it: as it stands, with its unit."""
    raw = reading.raw.strip()
    unit = "" if raw.endswith(("%", "％")) else reading.unit
    return f"{raw or exact(reading.value)}{unit}"


def is_additive(reading: Reading) -> bool:
    """Whether figures of this kind can be added up: amounts and counts, not rates and averages."""
    unit = plain_unit(reading.unit)
    return unit not in {"%", "‰", "位"} and "/" not in unit and "指数" not in reading.label
