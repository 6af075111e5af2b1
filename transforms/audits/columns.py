"""Arranges readings so that a formula's operands are found by code or name in a column; evaluates nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms.audits.formulas import Formula, Operand, Range, When
from transforms.periods import Period
from transforms.readings import Contents, Measure, Reading, State, Table
from transforms.tables.labels import plain_label

ADDED = (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.LEVEL, Measure.QUARTER, Measure.YEAR)
"""The columns that a formula is asked of where none is named: those whose figures add up."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The tables that formulas are about: words of their titles and reporters, and their layout; empty means any."""

    title: str = ""
    reporter: str = ""
    layout: str = ""

    def has(self, table: Table) -> bool:
        """Whether the table is one of them."""
        return (
            _plain(self.title) in _plain(table.title)
            and _plain(self.reporter) in _plain(table.reporter)
            and self.layout in {"", table.layout}
        )


EVERYTHING = Subject()
"""Any table that has the operands."""


@dataclass(frozen=True, slots=True)
class Column:
    """The figures that one formula compares: of one period, area and measure (None where the operands name theirs).

    ``row`` is the row at hand where the formula is asked of each row; else empty.
    """

    period: Period
    area: str
    measure: Measure | None
    row: str = ""


_Key = tuple[Period, str, Measure]


class Figures:
    """Readings by column and name, oldest vintage first: the later vintage's figure counts, unless it's blank there."""

    def __init__(self, contents: Iterable[Contents], subject: Subject) -> None:
        self._named: dict[_Key, dict[str, list[Reading]]] = defaultdict(dict)
        self._plainly: dict[_Key, dict[str, list[Reading]]] = defaultdict(dict)
        self._rows: dict[tuple[Period, str], dict[str, None]] = defaultdict(dict)
        for one in contents:
            for table in one.tables:
                if subject.has(table):
                    for reading in table.readings:
                        self._take(reading)

    def find(self, column: Column, operand: Operand) -> tuple[Reading, ...]:
        """Every reading that the operand names in the column; several where the tables say it more than once."""
        measure = operand.measure or column.measure
        if measure is None:
            return ()
        name = _plain(operand.name or column.row)
        if operand.when is When.THIS:
            return self._find((column.period, column.area, measure), name)
        earlier = sorted(key[0] for key in self._named if key[0] < column.period and key[1:] == (column.area, measure))
        found = (self._find((period, column.area, measure), name) for period in reversed(earlier))
        return next((one for one in found if any(reading.state is not State.BLANK for reading in one)), ())

    def run(self, column: Column, codes: Range) -> tuple[tuple[Reading, ...], ...]:
        """The readings of each row whose code lies in the range, by number; none unless both ends are there."""
        if column.measure is None:
            return ()
        first, last = (_NUMBERED.fullmatch(_plain(end)) for end in (codes.first, codes.last))
        if not first or not last or first["letters"] != last["letters"]:
            return ()
        within: dict[int, tuple[Reading, ...]] = {}
        for name, found in self._named[column.period, column.area, column.measure].items():
            own = _NUMBERED.fullmatch(name)
            if own and own["letters"] == first["letters"] and int(first["n"]) <= int(own["n"]) <= int(last["n"]):
                within[int(own["n"])] = tuple(found)
        if int(first["n"]) not in within or int(last["n"]) not in within:
            return ()
        return tuple(within[number] for number in sorted(within))

    def columns(self, formula: Formula, measures: Iterable[Measure]) -> Iterator[Column]:
        """The columns in which at least one operand of the formula has a row, in order."""
        if formula.of_each_row:
            for (period, area), rows in sorted(self._rows.items()):
                for row in rows:
                    column = Column(period, area, None, row)
                    if all(self.find(column, one) for one in formula.operands() if isinstance(one, Operand)):
                        yield column
            return
        named = all(isinstance(one, Operand) and one.measure for one in formula.operands())
        asked: tuple[Measure | None, ...] = (None,) if named else tuple(measures)
        for period, area in sorted(self._rows):
            for measure in asked:
                column = Column(period, area, measure)
                if any(self._has(column, one) for one in formula.operands()):
                    yield column

    def has_all(self, column: Column, formula: Formula) -> bool:
        """Whether every operand has a row in the column, be it blank."""
        return all(self._has(column, one) for one in formula.operands())

    def _has(self, column: Column, operand: Operand | Range) -> bool:
        return bool(self.find(column, operand) if isinstance(operand, Operand) else self.run(column, operand))

    def _find(self, key: _Key, name: str) -> tuple[Reading, ...]:
        # .get: asking for a column that isn't there must not make it.
        found = self._named.get(key, {}).get(name) or self._plainly.get(key, {}).get(name) or ()
        return tuple(found)

    def _take(self, reading: Reading) -> None:
        if reading.period is None or reading.measure in _WORDS:
            return
        key = (reading.period, "".join(reading.area.split()), reading.measure)
        label = _plain(reading.label)
        whole = f"{_plain(reading.parent)}/{label}" if reading.parent else label
        # The row's own code is one name of it; a return without names has nothing else.
        for name in dict.fromkeys((_plain(reading.code), label, whole)):
            if name:
                _keep(self._named[key], name, reading)
        if (plain := _plain(plain_label(reading.label))) != label:
            _keep(self._plainly[key], plain, reading)
        self._rows[key[:2]].setdefault(whole)


_WORDS = {Measure.REMARK, Measure.EVIDENCE, Measure.DATE, Measure.DONE}
_NUMBERED = re.compile(r"(?P<letters>\D*)(?P<n>\d{1,9})")
_HALF = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})


def _keep(named: dict[str, list[Reading]], name: str, reading: Reading) -> None:
    before = named.get(name)
    if before is None or before[0].cell.vintage == reading.cell.vintage:
        named.setdefault(name, []).append(reading)
    elif reading.state is not State.BLANK:
        named[name] = [reading]


def _plain(name: str) -> str:
    """A name in one spelling: no white space, half width, capitals, and 01 as 1."""
    plain = "".join(name.split()).translate(_HALF).upper()
    return (plain.lstrip("0") or "0") if plain.isdigit() else plain
