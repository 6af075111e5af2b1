"""Tells what a backfill would make, and why, from what is in the store and lies in the folders; writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from flows.backfill import Backfill, Which
from flows.clock import now
from flows.drafts import draft_of, reasons_due, wanted
from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare, written_for
from flows.kept_vintages import kept_bytes
from flows.monthly import sources_behind
from flows.pull import Waiting, by_origin, came_again, day_of_delivery, waiting_in_folders
from flows.store import Input, Run, StandingVintage, Store, Vintage
from flows.vintage_reading import read_vintage
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.declared.sources import FolderSource
from transforms.doubts import Severity
from transforms.errors import YuebaoError
from transforms.periods import Period
from transforms.readings import Contents
from transforms.staleness import Reason, is_used


class Prospect(StrEnum):
    """What would become of a period."""

    NEW = "new"
    STALE = "stale"
    FORCED = "forced"
    """It's up to date, and would be made all the same."""
    UP_TO_DATE = "up to date"
    NO_INPUT = "no input"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One period: what would become of it, why it would be made, and what would stand in its way."""

    district: str
    period: Period
    prospect: Prospect
    reasons: tuple[Reason, ...] = ()
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Foresight:
    """All periods of a backfill, and what nobody looked into: sources elsewhere, whose files a pull may bring."""

    periods: tuple[Foreseen, ...]
    unpulled: tuple[str, ...]
    """Files that lie in the districts' folders and haven't been pulled; they're counted as if they had."""
    elsewhere: tuple[str, ...]


def foresee(order: Backfill) -> Foresight:
    """What :func:`flows.backfill.backfill` would do for each period; raises what would keep it from beginning.

    What is wrong with one district of several is its periods' obstacle.

    Files that lie unpulled in a folder are read as a pull would read them, but kept nowhere; sources elsewhere aren't
    asked. Whether a doubt will stop a period is told where a run of the same inputs was stopped, or where a file that
    lies unpulled can't be read; else only a run can tell.
    """
    store = _store_as_it_is(order.workspace)
    try:
        periods: list[Foreseen] = []
        unpulled: list[str] = []
        elsewhere: list[str] = []
        for name in order.districts:
            try:
                district = order.workspace.district(name)
                waiting = waiting_in_folders(order.workspace, district, store)
                periods += _District(order, district, store, waiting).foreseen()
            except YuebaoError as error:
                if len(order.districts) == 1:
                    raise
                told = str(error).splitlines()[0]
                periods += [Foreseen(name, job.period, Prospect.BLOCKED, (), told) for job in order.jobs(name)]
                continue
            unpulled += [one.origin for one in waiting.come]
            elsewhere += [one.place for one in district.sources if not isinstance(one, FolderSource)]
    finally:
        store.close()
    return Foresight(tuple(periods), tuple(unpulled), tuple(elsewhere))


def _store_as_it_is(workspace: Workspace) -> Store:
    """The store; an empty one in memory where none has been made yet."""
    address = workspace.store_address
    file = address.removeprefix("sqlite:///")
    return Store("sqlite://" if file != address and not Path(file).exists() else address)


class _District:
    """What is known of a district's files once its folders were pulled."""

    def __init__(self, order: Backfill, district: District, store: Store, waiting: Waiting) -> None:
        self._order, self._district, self._store = order, district, store
        self._issues, self._runs = store.issues(district.id), store.last_runs(district.id)
        self._fresh: dict[int, Contents] = {}
        self._standing = self._as_pulled(waiting)

    def foreseen(self) -> list[Foreseen]:
        return [self._foreseen(job) for job in self._order.jobs(self._district.id)]

    def _foreseen(self, job: Job) -> Foreseen:
        inputs = [one for one in self._standing if is_used(one.told, one.blamed, job.period)]
        behind = sources_behind(job, self._district, self._store)
        as_inputs = [Input(one.vintage, one.read or 0, one.in_force) for one in inputs]
        draft = draft_of(job, written_for(job), as_inputs, behind, self._issues)
        reasons = reasons_due(wanted(job, self._district, self._issues), draft)
        if not reasons and self._order.which is not Which.ALL:
            return Foreseen(job.district, job.period, Prospect.UP_TO_DATE)
        made = job.workspace.bulletin_folder(job.district, job.period).exists()
        prospect = (Prospect.STALE if made else Prospect.NEW) if reasons else Prospect.FORCED
        if not any(job.period in (*one.told, *one.blamed) for one in inputs):
            told = f"no file tells of {job.period.chinese()}"
            return Foreseen(job.district, job.period, Prospect.NO_INPUT, reasons, told)
        obstacle = self._obstacle(job, inputs, draft.fingerprint, self._runs.get(job.period))
        return Foreseen(job.district, job.period, Prospect.BLOCKED if obstacle else prospect, reasons, obstacle)

    def _obstacle(self, job: Job, inputs: Sequence[StandingVintage], fingerprint: str, last: Run | None) -> str:
        try:
            declare(job)
        except YuebaoError as error:
            return str(error).splitlines()[0]
        if last is not None and last.outcome != "made" and last.fingerprint == fingerprint:
            return f"as when last tried: {last.message.splitlines()[0].rstrip(':')}"
        for one in inputs:
            for doubt in self._fresh[one.vintage.id].doubts if one.vintage.id in self._fresh and one.in_force else ():
                if doubt.severity is Severity.CRITICAL and doubt.period == job.period:
                    return doubt.chinese()
        return ""

    def _as_pulled(self, waiting: Waiting) -> list[StandingVintage]:
        """The vintages as they'd stand after a pull of the folders, and after reading what this reader hasn't read."""
        moment, as_of = now(), self._order.as_of
        gone = {vintage.id for vintage in waiting.gone}
        ever = by_origin(self._store.vintages_ever(self._district.id))
        come = [
            Vintage(
                -number,
                one.origin,
                one.workbook,
                one.sha256,
                came_again(ever.get(one.origin, ()), one.sha256, moment)
                or day_of_delivery(one.origin, moment)
                or moment,
            )
            for number, one in enumerate(waiting.come, 1)
        ]
        data = {vintage.id: one.data for vintage, one in zip(come, waiting.come, strict=True)}
        come = [one for one in come if as_of is None or one.received <= as_of]
        again = {one.origin for one in come}
        found = [
            replace(one, in_force=one.in_force and one.vintage.origin not in again)
            for one in self._store.standing_reads(self._district.id, reader_fingerprint(), as_of)
            if one.vintage.id not in gone
        ]
        found = [self._read(one, None) if one.read is None else one for one in found]
        found += [self._read(StandingVintage(one, True, None, (), ()), data[one.id]) for one in come]
        return sorted(found, key=lambda one: _order(one.vintage))

    def _read(self, one: StandingVintage, data: bytes | None) -> StandingVintage:
        vintage = one.vintage
        if data is None:
            data = kept_bytes(self._order.workspace, self._district.id, vintage.sha256)
        contents = self._fresh[vintage.id] = read_vintage(data, vintage)
        return replace(one, told=contents.periods, blamed=tuple(doubt.period for doubt in contents.doubts))


def _order(vintage: Vintage) -> tuple[dt.datetime, str]:
    return vintage.received, vintage.origin
