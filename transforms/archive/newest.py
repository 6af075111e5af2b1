"""Puts the years of a district together from its bulletins' records, each month as the newest vintage has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from transforms.archive.records import AreaMonth, Record, RecordedArea, RecordedIndicator
from transforms.periods import Period
from transforms.writing.histories import IndicatorHistory


@dataclass(frozen=True, slots=True)
class Entry:
    """A bulletin that stands in its folder."""

    folder: tuple[str, ...]
    """Its path in the district's folder, part by part."""
    documents: tuple[str, ...]
    """The names of its files."""
    record: Record
    note: str = ""
    """What a reader must know of its files; empty for most."""
    notices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each unit that has a notice beside it, with the notice's files."""


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of one year: the bulletin that tells most of it, and which tells each month's newest figures."""

    year: int
    last: Entry
    """The one of the latest period; of several the one that knows most."""
    newest: Mapping[Period, Entry]

    def history(self, code: str) -> IndicatorHistory | None:
        """The indicator's year with each month as the newest vintage has it; None where no bulletin tells of it."""
        told = self.indicator(code)
        if told is None:
            return None
        months = [
            month
            for period, entry in self.newest.items()
            for one in entry.record.indicators
            if one.history.code == code
            for month in one.history.months
            if month.period == period
        ]
        return replace(told.history, months=tuple(months))

    def indicator(self, code: str) -> RecordedIndicator | None:
        """What the last bulletin tells of the indicator."""
        return next((one for one in self.last.record.indicators if one.history.code == code), None)

    def area(self, told: RecordedArea) -> Iterator[AreaMonth]:
        """The months of one area by one indicator, each as the newest vintage has it."""
        for period, entry in self.newest.items():
            for one in entry.record.areas:
                if (one.area, one.code) == (told.area, told.code):
                    yield from (month for month in one.months if month.period == period)

    def basis(self) -> Iterator[tuple[Period, Period, Entry]]:
        """Which bulletin each stretch of months was taken from: first, last, bulletin."""
        for _, stretch in groupby(self.newest.items(), key=lambda one: id(one[1])):
            months = list(stretch)
            yield months[0][0], months[-1][0], months[0][1]


def years_of(entries: Iterable[Entry]) -> tuple[Year, ...]:
    """The years that the bulletins tell of, the newest first.

    Each month is taken from the bulletin whose inputs came last, for an earlier one may lack a revision; of several
    with the same inputs from the one of the latest period.
    """
    by_year: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_year[entry.record.period.year].append(entry)
    return tuple(_year(year, by_year[year]) for year in sorted(by_year, reverse=True))


def _year(year: int, entries: Sequence[Entry]) -> Year:
    last = max(entries, key=lambda one: (one.record.period, *_knowledge(one.record)))
    newest: dict[Period, Entry] = {}
    for entry in sorted(entries, key=lambda one: _knowledge(one.record)):
        newest |= dict.fromkeys(entry.record.period.months_of_year_so_far(), entry)
    return Year(year, last, dict(sorted(newest.items())))


def _knowledge(record: Record) -> tuple[object, ...]:
    edition = record.edition
    return (record.known_until, record.period, edition.correction, not edition.draft)
