"""Chooses the ledger that a rule counts for a month, or the parts that several reporters sent; counts nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.declared.counting import Count
from transforms.declared.district import District
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Ledger, Table


@dataclass(frozen=True, slots=True)
class Part:
    """A table that is a ledger, or a part of one, with the delivery that it came in."""

    one: Received
    table: Table
    ledger: Ledger
    period: Period

    @property
    def place(self) -> str:
        """The table as a text for a doubt."""
        return f"{self.table.workbook}《{self.table.sheet}》"

    @property
    def newness(self) -> tuple[Period, dt.datetime, str]:
        """What puts a later ledger above an earlier one."""
        return self.period, self.one.received, self.table.workbook


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule counts for a month: one ledger, or every declared part of it, less those ``lacking``."""

    parts: tuple[Part, ...]
    lacking: tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        """The month whose ledger it is."""
        return self.parts[0].period

    @property
    def received(self) -> dt.datetime:
        """When the last of it came."""
        return max(part.one.received for part in self.parts)

    @property
    def places(self) -> tuple[str, ...]:
        """Its tables as texts for a doubt."""
        return tuple(dict.fromkeys(part.place for part in self.parts))


def source_of(
    rule: Count, received: Sequence[Received], month: Period, known_at: Period, district: District
) -> Source | None:
    """The ledger of the latest month of that year that is known; a stock can only be counted in its own month's.

    Where the rule declares parts, each is the newest that its sender sent for that latest month: all the tables of its
    ledger in that one file.
    """
    found = [
        part
        for part in ledgers_of(rule, received)
        if month <= part.period <= known_at
        and part.period.year == month.year
        and (rule.date is not None or part.period == month)
    ]
    if not found:
        return None
    if not rule.parts:
        return Source((max(found, key=lambda part: part.newness),))
    latest = max(part.period for part in found)
    parts: list[Part] = []
    lacking: list[str] = []
    for name in rule.parts:
        own = [part for part in found if part.period == latest and sender_of(part.table, rule, district) == name]
        if not own:
            lacking.append(name)
            continue
        newest = max(own, key=lambda part: part.newness).one
        parts += [part for part in own if part.one is newest]
    return Source(tuple(parts), tuple(lacking)) if parts else None


def ledgers_of(rule: Count, received: Sequence[Received]) -> Iterator[Part]:
    """Every table that bears the ledger's name and a period, in the order of the deliveries."""
    for one in received:
        for table in one.contents.tables:
            if table.ledger is not None and table.period is not None and rule.ledger in table.title:
                yield Part(one, table, table.ledger, table.period)


def sender_of(table: Table, rule: Count, district: District) -> str | None:
    """Which of the rule's parts a table is: by its 报送单位, else by the words of its title, sheet or file name."""
    spellings = {
        spelling: name for name in rule.parts for spelling in sorted((name, *_aliases(name, district)), key=len)
    }
    reporter = "".join(table.reporter.split())
    if reporter in spellings:
        return spellings[reporter]
    for words in (table.title, table.sheet, table.workbook):
        # The longest word first: 城北镇 before 城北.
        for spelling in sorted(spellings, key=len, reverse=True):
            if spelling in words:
                return spellings[spelling]
    return None


def _aliases(name: str, district: District) -> tuple[str, ...]:
    named = {area.name: area.aliases for area in district.areas} | {unit.name: unit.aliases for unit in district.units}
    return named.get(name, ())
