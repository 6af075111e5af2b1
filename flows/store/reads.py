"""What each version of the reader read from the vintages, and which of it a period's bulletin may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from flows.store.contents import contents_of, doubts_as_text, doubts_of, write_contents
from flows.store.persisting import persistent
from flows.store.tables import READS
from flows.store.vintages import Vintage, Vintages
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Contents
from transforms.staleness import is_used


@dataclass(frozen=True, slots=True)
class Input:
    """A vintage that a bulletin may use, and which read of it."""

    vintage: Vintage
    read: int
    in_force: bool
    """False for a vintage whose place in the source was since taken by a newer one."""


@dataclass(frozen=True, slots=True)
class StandingVintage:
    """A vintage that counts, and which periods it's about; ``read`` is None where this reader hasn't read it."""

    vintage: Vintage
    in_force: bool
    read: int | None
    told: tuple[Period, ...]
    """The periods that it tells of."""
    blamed: tuple[Period | None, ...]
    """Where it tells of none: the periods that its doubts name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A vintage with what was read from it."""

    vintage: Vintage
    received: Received


class Reads(Vintages):
    """What was read from the vintages."""

    @persistent
    def unread(self, district: str, reader: str) -> tuple[Vintage, ...]:
        """The vintages that this version of the reader hasn't read yet."""
        with self._reading() as connection:
            read = set(connection.execute(sa.select(READS.c.vintage).where(READS.c.reader == reader)).scalars())
        return tuple(vintage for vintage in self.vintages(district) if vintage.id not in read)

    @persistent
    def told_of(self, district: str, reader: str, expectation: str) -> tuple[Vintage, ...]:
        """The vintages of which this version of the reader said nothing but that they break this expectation."""
        with self._reading() as connection:
            found = connection.execute(
                sa.select(READS.c.vintage, READS.c.doubts).where(
                    READS.c.reader == reader, READS.c.doubts.contains(expectation, autoescape=True)
                )
            )
            told = {
                row.vintage for row in found if {doubt.expectation for doubt in doubts_of(row.doubts)} == {expectation}
            }
        return tuple(vintage for vintage in self.vintages(district) if vintage.id in told)

    @persistent
    def keep_contents(self, vintage: Vintage, reader: str, contents: Contents) -> None:
        """Keep what one version of the reader read from a vintage, all or nothing; in place of an earlier failure."""
        with self._writing() as connection:
            # Only a read that gave no table is ever repeated, so that nothing hangs on this row.
            connection.execute(sa.delete(READS).where(READS.c.vintage == vintage.id, READS.c.reader == reader))
            read = connection.execute(
                sa.insert(READS).returning(READS.c.id),
                {
                    "vintage": vintage.id,
                    "reader": reader,
                    "periods": " ".join(str(period) for period in contents.periods),
                    "doubts": doubts_as_text(contents.doubts),
                },
            ).scalar_one()
            write_contents(connection, read, contents)

    @persistent
    def standing_reads(self, district: str, reader: str, as_of: dt.datetime | None) -> tuple[StandingVintage, ...]:
        """Every vintage that counted at a moment (now if None), oldest first, with the periods that it's about."""
        standing = self._standing(district, as_of)
        with self._reading() as connection:
            reads = {row.vintage: row for row in connection.execute(sa.select(READS).where(READS.c.reader == reader))}
        found = []
        for vintage, in_force in standing:
            row = reads.get(vintage.id)
            if row is None:
                found.append(StandingVintage(vintage, in_force, None, (), ()))
                continue
            told = tuple(Period.parse(text) for text in row.periods.split())
            # Asked only of files that tell of no period: parsing every doubt of every file would take its time.
            blamed = () if told else tuple(doubt.period for doubt in doubts_of(row.doubts))
            found.append(StandingVintage(vintage, in_force, row.id, told, blamed))
        return tuple(found)

    @persistent
    def inputs(self, district: str, reader: str, period: Period, as_of: dt.datetime | None) -> tuple[Input, ...]:
        """The vintages that a bulletin of the period may use, as known at a moment (now if None), oldest first.

        That is what :func:`transforms.staleness.is_used` says, of what this version of the reader has read.
        """
        return tuple(
            Input(one.vintage, one.read, one.in_force)
            for one in self.standing_reads(district, reader, as_of)
            if one.read is not None and is_used(one.told, one.blamed, period)
        )

    @persistent
    def files_by_period(self, district: str, reader: str) -> dict[Period, int]:
        """How many of the district's vintages tell of each period."""
        standing = {vintage.id for vintage, in_force in self._standing(district, None) if in_force}
        with self._reading() as connection:
            rows = connection.execute(sa.select(READS.c.vintage, READS.c.periods).where(READS.c.reader == reader)).all()
        counts: dict[Period, int] = {}
        for row in rows:
            for text in row.periods.split() if row.vintage in standing else ():
                counts[Period.parse(text)] = counts.get(Period.parse(text), 0) + 1
        return counts

    @persistent
    def kept(self, inputs: Sequence[Input]) -> tuple[Kept, ...]:
        """What was read from these vintages."""
        with self._reading() as connection:
            contents = contents_of(connection, {one.read: one.vintage for one in inputs})
        return tuple(
            Kept(one.vintage, Received(contents[one.read], one.vintage.received, one.in_force)) for one in inputs
        )
