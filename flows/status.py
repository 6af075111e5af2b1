"""Tells for each period of a district what was made and whether it still stands; makes and pulls nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flows.fingerprint import reader_fingerprint
from flows.monthly import Job, is_current
from flows.publication import manifest_of
from flows.pull import unpulled
from flows.store import Store
from flows.workspace import Workspace
from transforms.periods import Period


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
class DistrictStatus:
    """A district: its periods, oldest first, and the files in its sources that haven't been pulled."""

    periods: tuple[PeriodStatus, ...]
    waiting: tuple[str, ...]


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
                standing = Standing.MADE if is_current(job, inputs) else Standing.STALE
            else:
                standing = Standing.MISSING
            if last is not None and last.outcome in {"blocked", "failed"} and standing is not Standing.MADE:
                standing = Standing.BLOCKED if last.outcome == "blocked" else Standing.FAILED
                message = last.message.splitlines()[0]
            told.append(PeriodStatus(period, standing, files.get(period, 0), message))
        return DistrictStatus(tuple(told), unpulled(workspace, declared, store))
    finally:
        store.close()
