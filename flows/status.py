"""Tells what was made of each period, whether it still stands, and who has reported; makes and pulls nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flows.clock import now
from flows.fingerprint import reader_fingerprint
from flows.monthly import Job, declare, give_meaning, is_current, sources_behind
from flows.publication import manifest_of
from flows.pull import read_new, unpulled
from flows.store import Store
from flows.workspace import Workspace
from transforms.arrivals import SourceRecord
from transforms.declared.sources import FolderSource
from transforms.errors import DeclarationError
from transforms.periods import Period
from transforms.reporting.owed import UnitReport, newest_period_due, unit_reports


class Standing(StrEnum):
    """Where a period's bulletin stands."""

    MADE = "made"
    STALE = "stale"
    MISSING = "missing"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PeriodStatus:
    """One period: its standing, how many files tell of it, and why it failed."""

    period: Period
    standing: Standing
    files: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source that isn't looked into for a status, and what is known of its pulls; None if it was never pulled."""

    place: str
    record: SourceRecord | None


@dataclass(frozen=True, slots=True)
class DistrictStatus:
    """A district: its periods, oldest first, the files in its folders that haven't been pulled, its other sources."""

    periods: tuple[PeriodStatus, ...]
    waiting: tuple[str, ...]
    elsewhere: tuple[SourceStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class Reports:
    """What the units have sent for a period, as far as it has been pulled; ``chosen`` if nobody named the period."""

    period: Period
    chosen: bool
    units: tuple[UnitReport, ...]


def reports_of(workspace: Workspace, district: str, period: Period | None) -> Reports | None:
    """Who has reported and who hasn't, for the period or else for the newest finished month with anything due.

    None where nobody named a period and none can be chosen: no planned month has ended, or a declaration has faults,
    which must not hide what was made. Pulls nothing, but reads what was pulled if this version of the reader hasn't.
    """
    wanted = period or _newest_due(workspace, district)
    if wanted is None:
        return None
    job = Job(workspace, district, wanted)
    declared = declare(job)
    store = Store(workspace.store_address)
    try:
        # After an update of the reader nobody may stand as not having reported what merely wasn't read again.
        if store.unread(district, reader_fingerprint()):
            read_new(workspace, declared.district, store)
        kept = store.kept(store.inputs(district, reader_fingerprint(), wanted, None))
    finally:
        store.close()
    received = [one.received for one in kept]
    known = give_meaning(job, declared, received)
    in_force = [one for one in received if one.in_force]
    units = unit_reports(in_force, known, declared.plan, declared.district, wanted)
    return Reports(wanted, period is None, units)


def _newest_due(workspace: Workspace, district: str) -> Period | None:
    today = now()
    last = Period(today.year, today.month).previous
    try:
        plans = [workspace.plan(district, year) for year in workspace.years(district) if year <= last.year]
    except DeclarationError:
        return None
    return newest_period_due(plans, workspace.district(district), last)


def status_of(workspace: Workspace, district: str) -> DistrictStatus:
    """Every period of a planned year that a pulled file tells of or that was made."""
    declared = workspace.district(district)
    years = set(workspace.years(district))
    store = Store(workspace.store_address)
    try:
        files = store.files_by_period(district, reader_fingerprint())
        runs = store.last_runs(district)
        made = {Period.parse(path.name) for path in (workspace.out / district).glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]")}
        told = []
        for period in sorted({period for period in (*files, *runs, *made) if period.year in years}):
            last = runs.get(period)
            manifest = manifest_of(workspace.bulletin_folder(district, period))
            message = ""
            if manifest is not None:
                job = Job(workspace, district, period)
                inputs = store.inputs(district, reader_fingerprint(), period, None)
                standing = (
                    Standing.MADE if is_current(job, inputs, sources_behind(job, declared, store)) else Standing.STALE
                )
            else:
                standing = Standing.MISSING
            if last is not None and last.outcome in {"blocked", "failed"} and standing is not Standing.MADE:
                standing = Standing.BLOCKED if last.outcome == "blocked" else Standing.FAILED
                message = last.message.splitlines()[0].rstrip(":")
            told.append(PeriodStatus(period, standing, files.get(period, 0), message))
        pulls = store.pulls(district)
        elsewhere = [one for one in declared.sources if not isinstance(one, FolderSource)]
        return DistrictStatus(
            tuple(told),
            unpulled(workspace, declared, store),
            tuple(SourceStatus(one.place, pulls.get(one.place)) for one in elsewhere),
        )
    finally:
        store.close()
