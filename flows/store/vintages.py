"""Which vintages there are, where each was seen, and how each source's pulls went; not what stands in them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from flows.store.connecting import Connected
from flows.store.persisting import persistent
from flows.store.tables import EMPTY_ITEMS, PULLS, SIGHTINGS, VINTAGES, WITHDRAWALS
from flows.store.texts import as_text, as_time, as_utc
from transforms.arrivals import SourceRecord
from transforms.told_names import told_name, told_path


@dataclass(frozen=True, slots=True)
class Vintage:
    """One pull of one file: where it came from, its bytes' hash, and when it was received."""

    id: int
    origin: str
    workbook: str
    sha256: str
    received: dt.datetime


class Vintages(Connected):
    """The vintages of the districts' sources."""

    @persistent
    def vintages(self, district: str) -> tuple[Vintage, ...]:
        """Every vintage of the district that hasn't been withdrawn, oldest first."""
        return tuple(vintage for vintage, _ in self._standing(district, None))

    @persistent
    def vintages_ever(self, district: str) -> tuple[Vintage, ...]:
        """Those that were withdrawn, too."""
        query = sa.select(VINTAGES).where(VINTAGES.c.district == district).order_by(VINTAGES.c.received, VINTAGES.c.id)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return tuple(_vintage(row) for row in rows)

    @persistent
    def add_vintage(self, district: str, vintage: Vintage, size: int, pulled: dt.datetime) -> Vintage:
        """Keep a new vintage; gives it with its id."""
        with self._writing() as connection:
            made = connection.execute(
                sa.insert(VINTAGES).returning(VINTAGES.c.id),
                {
                    "district": district,
                    "origin": vintage.origin,
                    "workbook": vintage.workbook,
                    "sha256": vintage.sha256,
                    "size": size,
                    "received": as_utc(vintage.received),
                    "pulled": as_utc(pulled),
                },
            ).scalar_one()
        return Vintage(made, vintage.origin, vintage.workbook, vintage.sha256, vintage.received)

    @persistent
    def kept_hashes(self, district: str) -> dict[str, str]:
        """The SHA-256 of every file that ever came, withdrawn or not, each with a workbook's name that it had."""
        query = sa.select(VINTAGES.c.sha256, VINTAGES.c.workbook).where(VINTAGES.c.district == district)
        with self._reading() as connection:
            return {row.sha256: told_name(row.workbook) for row in connection.execute(query.order_by(VINTAGES.c.id))}

    @persistent
    def withdraw(self, vintages: Iterable[Vintage], at: dt.datetime) -> None:
        """Record that these are no longer in their source; what was made from them stays as it was."""
        rows = [{"vintage": vintage.id, "at": as_utc(at)} for vintage in vintages]
        if rows:
            with self._writing() as connection:
                connection.execute(sa.insert(WITHDRAWALS), rows)

    @persistent
    def sight(self, vintage: Vintage, item: str, tag: str) -> None:
        """Record that a source's item had this mark when the vintage was taken from it."""
        with self._writing() as connection:
            connection.execute(sa.insert(SIGHTINGS), {"vintage": vintage.id, "item": item, "tag": tag})

    @persistent
    def sightings(self, district: str) -> dict[str, tuple[tuple[str, int], ...]]:
        """For each item of the district's sources its marks and their vintages' ids, oldest first."""
        query = (
            sa.select(SIGHTINGS.c.item, SIGHTINGS.c.tag, SIGHTINGS.c.vintage)
            .join(VINTAGES, VINTAGES.c.id == SIGHTINGS.c.vintage)
            .where(VINTAGES.c.district == district)
            .order_by(SIGHTINGS.c.id)
        )
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                found[row.item] = (*found.get(row.item, ()), (row.tag, row.vintage))
        return found

    @persistent
    def record_empty(self, district: str, item: str, tag: str) -> None:
        """Record that a source's item with this mark was looked through and holds no delivery."""
        with self._writing() as connection:
            connection.execute(sa.insert(EMPTY_ITEMS), {"district": district, "item": item, "tag": tag})

    @persistent
    def empty_items(self, district: str) -> frozenset[tuple[str, str]]:
        """The items of the district's sources that hold no delivery, each with its mark."""
        query = sa.select(EMPTY_ITEMS.c.item, EMPTY_ITEMS.c.tag).where(EMPTY_ITEMS.c.district == district)
        with self._reading() as connection:
            return frozenset((row.item, row.tag) for row in connection.execute(query))

    @persistent
    def record_pull(self, district: str, source: str, at: dt.datetime, faults: Sequence[str]) -> None:
        """Keep that a source was pulled, and what stood in the way."""
        row = {"district": district, "source": source, "at": as_utc(at), "faults": as_text(faults)}
        with self._writing() as connection:
            connection.execute(sa.insert(PULLS), row)

    @persistent
    def pulls(self, district: str) -> dict[str, SourceRecord]:
        """What is known of the pulls of each source that was ever pulled."""
        query = sa.select(PULLS).where(PULLS.c.district == district).order_by(PULLS.c.id)
        found: dict[str, SourceRecord] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                at, faults = as_time(row.at), tuple(json.loads(row.faults))
                whole = found[row.source].whole if faults and row.source in found else None
                found[row.source] = SourceRecord(at, faults, whole if faults else at)
        return found

    def _standing(self, district: str, as_of: dt.datetime | None) -> list[tuple[Vintage, bool]]:
        with self._reading() as connection:
            gone: dict[int, str] = {
                row.vintage: row.at
                for row in connection.execute(
                    sa.select(WITHDRAWALS.c.vintage, sa.func.min(WITHDRAWALS.c.at).label("at")).group_by(
                        WITHDRAWALS.c.vintage
                    )
                )
            }
            rows = connection.execute(
                sa.select(VINTAGES)
                .where(VINTAGES.c.district == district)
                .order_by(VINTAGES.c.received, VINTAGES.c.origin, VINTAGES.c.id)
            ).all()
        moment = as_utc(as_of) if as_of else None
        found: dict[str, list[Vintage]] = {}
        for row in rows:
            if row.id in gone and (moment is None or gone[row.id] <= moment):
                continue
            if moment is not None and row.received > moment:
                continue
            vintage = _vintage(row)
            found.setdefault(vintage.origin, []).append(vintage)
        newest = {vintages[-1].id for vintages in found.values()}
        everything = sorted(
            (vintage for vintages in found.values() for vintage in vintages),
            key=lambda vintage: (vintage.received, vintage.origin, vintage.id),
        )
        return [(vintage, vintage.id in newest) for vintage in everything]


def _vintage(row: sa.Row[Any]) -> Vintage:
    """Its names as they're told: a store of an earlier version has them as the folders had."""
    return Vintage(row.id, told_path(row.origin), told_name(row.workbook), row.sha256, as_time(row.received))
