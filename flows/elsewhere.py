"""One period of a backfill made on another machine: what goes along, and what that machine must see to make it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.backfill import make_one
from flows.clock import moment
from flows.drafts import draft_of
from flows.fingerprint import reader_fingerprint
from flows.jobs import Beside, Job, written_for
from flows.monthly import sources_behind
from flows.outcomes import Outcome, Result
from flows.store import Store
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault, YuebaoError
from transforms.periods import Period

_ONE_AT_A_TIME = threading.Lock()
"""A Dask worker may have several threads; a process lays out one bulletin at a time, and recycles nothing meanwhile."""

_CURES = {
    "inputs": "its store isn't the same: set DATABASE_URL to the same database there",
    "held_against": "its store isn't the same, or an issue was published meanwhile",
    "issues": "its store isn't the same, or an issue was published meanwhile",
    "sources": "its store isn't the same, or a pull went on meanwhile",
    "declarations": "its data_raw isn't the same folder, or a declaration was changed meanwhile",
    "versions": "its libraries have other versions: install the same requirements.lock there",
    "made_by": "its program, templates or fonts aren't the same: install the same version there, and run `make setup`",
}


@contextmanager
def shared_workspace(workspace: Workspace) -> Iterator[str]:
    """Leave a mark in the workspace by which another machine sees that it works in the same folder; gives its name.

    Raises EnvironmentFault where the store is an SQLite file: over a network share that is damaged sooner or later.
    """
    _require_database(workspace)
    mark = f".elsewhere-{secrets.token_hex(8)}"
    workspace.out.mkdir(parents=True, exist_ok=True)
    (workspace.out / mark).touch()
    try:
        yield mark
    finally:
        (workspace.out / mark).unlink(missing_ok=True)


def errand(job: Job, mark: str) -> dict[str, Any]:
    """What another machine is told of the period, as plain values: no secret, no figure."""
    return {
        "district": job.district,
        "period": str(job.period),
        "as_of": job.as_of.isoformat() if job.as_of else None,
        "notices": Beside.NOTICES in job.beside,
        "workspace": str(job.workspace.root),
        "mark": mark,
        "expected": _digests(job),
    }


def carry_out(
    district: str,
    period: str,
    as_of: str | None,
    notices: bool,
    workspace: str,
    mark: str,
    expected: Mapping[str, str],
) -> Outcome:
    """Make the period on this machine, if it sees what the asking one saw; every fault is an outcome."""
    beside = (Beside.NOTICES,) if notices else ()
    job = Job(Workspace(Path(workspace)), district, Period.parse(period), moment(as_of) if as_of else None, beside)
    with _ONE_AT_A_TIME:
        try:
            _require_the_same(job, mark, expected)
        except YuebaoError as error:
            return Outcome(job.district, job.period, Result.FAILED, str(error), error.exit_status)
        return make_one(job)


def _require_database(workspace: Workspace) -> None:
    if workspace.store_address.startswith("sqlite"):
        raise EnvironmentFault(
            "the store is an SQLite file, which several machines can't share: over a network share it's damaged sooner "
            "or later; set DATABASE_URL to a PostgreSQL database, here and on every worker"
        )


def _require_the_same(job: Job, mark: str, expected: Mapping[str, str]) -> None:
    if not (job.workspace.out / mark).exists():
        raise EnvironmentFault(
            f"{job.name}: this worker doesn't see the workspace {job.workspace.root} that the backfill works on; mount "
            "the same folder there, at the same path, and start the backfill again"
        )
    _require_database(job.workspace)
    here = _digests(job)
    other = [part for part in expected if here.get(part) != expected[part]]
    if other:
        cures = "; ".join(dict.fromkeys(_CURES.get(part, f"{part} differs") for part in other))
        raise EnvironmentFault(f"{job.name}: this worker wouldn't make the same bulletin: {cures}; then run again")


def _digests(job: Job) -> dict[str, str]:
    district = job.workspace.district(job.district)
    store = Store(job.workspace.store_address)
    try:
        inputs = store.inputs(job.district, reader_fingerprint(), job.period, job.as_of)
        behind = sources_behind(job, district, store)
        return draft_of(job, written_for(job), inputs, behind, store.issues(job.district)).basis.digests
    finally:
        store.close()
