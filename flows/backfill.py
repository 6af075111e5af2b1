"""Makes the bulletins of many periods, each by the month's own run; what is up to date is left as it is."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from flows.drafts import is_current
from flows.fingerprint import reader_fingerprint
from flows.jobs import Beside, Job, Perform, declare, told_of
from flows.logs import carrying, told_as
from flows.monthly import bring_in, keep_archive, make_from_store, sources_behind
from flows.store import Store
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.errors import EnvironmentFault, YuebaoError
from transforms.periods import Period, span

_DOCUMENTS_A_WORKER = 50
"""WeasyPrint keeps about 0.55 MB a document; workers are replaced after so many."""


class Result(StrEnum):
    """What became of one period."""

    MADE = "made"
    UP_TO_DATE = "up to date"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One period of a backfill: what became of it and, where it failed, why and with which exit status."""

    period: Period
    result: Result
    message: str = ""
    exit_status: int = 0


@dataclass(frozen=True, slots=True)
class Backfill:
    """The periods to be made, from first to last, by so many workers."""

    workspace: Workspace
    district: str
    first: Period
    last: Period
    workers: int = 1
    as_of: dt.datetime | None = None
    beside: tuple[Beside, ...] = ()

    def jobs(self) -> list[Job]:
        """One job a period, oldest first."""
        return [
            Job(self.workspace, self.district, period, self.as_of, self.beside)
            for period in span(self.first, self.last)
        ]


def _told_of(order: Backfill) -> tuple[Path, Mapping[str, object]]:
    return order.workspace.logs_folder, {"district": order.district, "periods": f"{order.first} to {order.last}"}


@told_as("backfill", _told_of)
def backfill(order: Backfill, perform: Perform, told: Callable[[Outcome], None]) -> tuple[Outcome, ...]:
    """Make every period that isn't up to date; each outcome is told as it comes, all are given in order.

    One period's failure doesn't stop the others. Raises a YuebaoError only for what all periods share: the district's
    declaration, its sources, the store.
    """
    jobs = order.jobs()
    store = Store(order.workspace.store_address)
    try:
        district = order.workspace.district(order.district)
        perform(bring_in, order.workspace, district, store)
        current = {job.period for job in jobs if _is_current(job, district, store)}
    finally:
        store.close()
    outcomes: dict[Period, Outcome] = {}
    for job in jobs:
        if job.period in current:
            outcomes[job.period] = Outcome(job.period, Result.UP_TO_DATE)
            told(outcomes[job.period])
    due = [job for job in jobs if job.period not in current]
    makers = _one_after_the_other if order.workers == 1 else _side_by_side
    for outcome in makers(due, order.workers, perform):
        outcomes[outcome.period] = outcome
        told(outcome)
    # Once for all periods, and after the workers are done with them.
    perform(keep_archive, order.workspace, district)
    return tuple(outcomes[job.period] for job in jobs)


def make_one(job: Job) -> Outcome:
    """Make one period from what is in the store; a fault that its user can cure is an outcome, not an exception."""
    try:
        _make(job)
    except YuebaoError as error:
        return Outcome(job.period, Result.FAILED, str(error), error.exit_status)
    return Outcome(job.period, Result.MADE)


@told_as("run", told_of)
def _make(job: Job) -> None:
    declared = declare(job)
    store = Store(job.workspace.store_address)
    try:
        make_from_store(job, declared, store)
    finally:
        store.close()


def _is_current(job: Job, district: District, store: Store) -> bool:
    inputs = store.inputs(job.district, reader_fingerprint(), job.period, job.as_of)
    return is_current(job, inputs, sources_behind(job, district, store), store.issues(job.district))


def _one_after_the_other(jobs: Sequence[Job], workers: int, perform: Perform) -> Iterator[Outcome]:  # noqa: ARG001
    for job in jobs:
        yield perform(_named(job, make_one), job)


def _side_by_side(jobs: Sequence[Job], workers: int, perform: Perform) -> Iterator[Outcome]:
    """Worker processes do the making; each period's task waits for its own. None of them outlives this process."""
    while jobs:
        some, jobs = jobs[: workers * _DOCUMENTS_A_WORKER], jobs[workers * _DOCUMENTS_A_WORKER :]
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(workers, len(some)), context, _begin_worker) as processes:
            pending = [(job, processes.submit(carrying(make_one), job)) for job in some]
            try:
                for job, making in pending:
                    yield perform(_named(job, partial(_made_elsewhere, making)), job)
            except BaseException:
                processes.shutdown(wait=False, cancel_futures=True)
                ended = multiprocessing.active_children()
                for worker in ended:
                    worker.terminate()
                for worker in ended:
                    worker.join()
                raise


def _made_elsewhere(making: Future[Outcome], job: Job) -> Outcome:
    try:
        return making.result()
    except BrokenProcessPool:
        cause = "a worker process was ended from outside, perhaps for want of memory; run again, with fewer workers"
        return Outcome(job.period, Result.FAILED, f"{job.district} {job.period}: {cause}", EnvironmentFault.exit_status)


def _begin_worker() -> None:
    """An interruption is the parent's to handle; a parent that was killed takes its workers with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _named(job: Job, work: Callable[..., Outcome]) -> Callable[..., Outcome]:
    def named(*args: object) -> Outcome:
        return work(*args)

    named.task_name = f"{job.district} {job.period}"  # type: ignore[attr-defined]
    return named
