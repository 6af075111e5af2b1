"""Makes the bulletins of many periods, each by the month's own run; what is up to date is left as it is."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Protocol

from flows.alerting import clear_alerts
from flows.drafts import draft_of, reasons_due, wanted
from flows.fingerprint import reader_fingerprint
from flows.jobs import Beside, Job, Perform, declare, told_of, written_for
from flows.logs import carrying, told_as
from flows.monthly import Made, bring_in, keep_archive, make_from_store, sources_behind
from flows.outcomes import Notice, Outcome, Result
from flows.publication import manifest_of
from flows.store import Issue, Store
from flows.workers import WorkerLost, Workers
from flows.workspace import Workspace, fonts_folder
from transforms.alerts import UNMADE
from transforms.declared.district import District
from transforms.errors import EnvironmentFault, PartialError, YuebaoError
from transforms.periods import Period, span
from transforms.staleness import Reason

__all__ = ["Backfill", "Notice", "Outcome", "Result", "Spread", "Which", "backfill", "make_one", "on_this_machine"]


class Which(StrEnum):
    """Which of the periods are made."""

    DUE = "due"
    """Those that haven't been made, and those that are stale."""
    STALE = "stale"
    """Only those that were made, and are stale."""
    ALL = "all"
    """Those that are up to date, too."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """The periods to be made, of each district from first to last, by so many workers.

    Without ``first`` or ``last``: of each district from the first or to the last that was ever made.
    """

    workspace: Workspace
    districts: tuple[str, ...]
    first: Period | None = None
    last: Period | None = None
    workers: int = 1
    as_of: dt.datetime | None = None
    beside: tuple[Beside, ...] = ()
    which: Which = Which.DUE

    def jobs(self, district: str) -> list[Job]:
        """One job a period of the district, oldest first; where only stale ones are wanted, of those that were made."""
        made = [period for period, _ in self.workspace.bulletin_folders(district)]
        first, last = self.first or min(made, default=None), self.last or max(made, default=None)
        if first is None or last is None:
            return []
        wanted = [one for one in span(first, last) if one in made] if self.which is Which.STALE else span(first, last)
        return [self._job(district, period) for period in wanted]

    def _job(self, district: str, period: Period) -> Job:
        beside = self.beside
        if self.which is Which.STALE:
            # Whoever wanted notices beside the bulletin wants them beside the next.
            manifest = manifest_of(self.workspace.bulletin_folder(district, period)) or {}
            beside = tuple(one for one in Beside if one in beside or one in manifest)
        return Job(self.workspace, district, period, self.as_of, beside)

    def words(self) -> str:
        """What it's called where it's shown: small, other 2024-02 to 2024-12."""
        reach = f"{self.first or 'first'} to {self.last or 'last'}" if self.first or self.last else "all made"
        return f"{', '.join(self.districts)} {reach}"


class Spread(Protocol):
    """Where the due periods are made, and how many at once; gives each outcome as it comes, in any order."""

    def __call__(self, order: Backfill, jobs: Sequence[Job], perform: Perform, notice: Notice) -> Iterator[Outcome]:
        """Make them all."""
        ...


def on_this_machine(order: Backfill, jobs: Sequence[Job], perform: Perform, notice: Notice) -> Iterator[Outcome]:
    """One after the other in this process, or side by side in worker processes."""
    if order.workers == 1:
        for job in jobs:
            yield perform(named(job, make_one), job)
        return
    count = min(order.workers, len(jobs))
    with (
        working(order, count, notice) as workers,
        ThreadPoolExecutor(count, thread_name_prefix="backfill") as threads,
    ):
        # The executor is left first, so on a fault its waiting jobs must go, and the running ones lose their workers.
        # Each goes with this thread's context, by which Prefect knows whose tasks they are.
        pending = [
            threads.submit(copy_context().run, partial(perform, named(job, partial(made_by_worker, workers)), job))
            for job in jobs
        ]
        try:
            for one in as_completed(pending):
                yield one.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            workers.abandon()
            raise


def _told_of(order: Backfill) -> tuple[Path, Mapping[str, object]]:
    return order.workspace.logs_folder, {"district": " ".join(order.districts), "periods": order.words()}


def _ending(outcomes: tuple[Outcome, ...]) -> Mapping[str, object]:
    """What the log says of it: the command's exit status, and how many failed."""
    failed = sum(bool(one.exit_status) for one in outcomes)
    return {"exit_status": PartialError.exit_status if failed else 0, "periods": len(outcomes), "failed": failed}


@told_as("backfill", _told_of, _ending)
def backfill(
    order: Backfill,
    perform: Perform,
    told: Callable[[Outcome], None],
    notice: Notice | None = None,
    spread: Spread = on_this_machine,
) -> tuple[Outcome, ...]:
    """Make every period that is due; each outcome is told as it comes, all are given by district and period.

    One period's failure doesn't stop the others, nor does a district's. Raises a YuebaoError only for what all share: a
    declaration, sources, the store.
    """
    notice = notice or Notice()
    outcomes: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        told(outcome)

    districts, faults, jobs = _brought_in(order, perform)
    for fault in faults:
        tell(fault)
    due = []
    store = Store(order.workspace.store_address)
    try:
        for district in districts:
            issues = store.issues(district.id)
            for job in jobs[district.id]:
                if order.which is not Which.ALL and not why_due(job, district, store, issues):
                    if job.as_of is None:  # Whatever kept it from being made is over.
                        clear_alerts(order.workspace, job.district, job.period, UNMADE, store)
                    tell(perform(named(job, _left), job))
                else:
                    due.append(job)
    finally:
        store.close()
    notice.due(len(due))
    for outcome in spread(order, due, perform, notice) if due else ():
        tell(outcome)
    # Once for all periods, and after the workers are done with them.
    for district in districts:
        perform(keep_archive, order.workspace, district)
    return tuple(sorted(outcomes, key=lambda one: (order.districts.index(one.district), one.period)))


def make_one(job: Job) -> Outcome:
    """Make one period from what is in the store; its failure is an outcome, not an exception."""
    try:
        made = _made(job)
    except YuebaoError as error:
        return Outcome(job.district, job.period, Result.FAILED, str(error), error.exit_status)
    except Exception:
        told = f"{job.district} {job.period}: a fault of the program; please report it with this:\n"
        return Outcome(job.district, job.period, Result.FAILED, told + traceback.format_exc(), 1)
    documents = sum(name.endswith(".pdf") for name in made.documents)
    return Outcome(job.district, job.period, Result.MADE, documents=documents)


@told_as("run", told_of)
def _made(job: Job) -> Made:
    declared = declare(job)
    store = Store(job.workspace.store_address)
    try:
        return make_from_store(job, declared, store)
    finally:
        store.close()


def why_due(job: Job, district: District, store: Store, issues: Sequence[Issue]) -> tuple[Reason, ...]:
    """Why the period is to be made, by what is in the store; nothing where it's up to date."""
    inputs = store.inputs(job.district, reader_fingerprint(), job.period, job.as_of)
    draft = draft_of(job, written_for(job), inputs, sources_behind(job, district, store), issues)
    return reasons_due(wanted(job, district, issues), draft)


def working(order: Backfill, count: int, notice: Notice) -> Workers[Job, Outcome]:
    """So many worker processes for this backfill."""
    templates = {one for name in order.districts for one in _templates(order.workspace, name)}
    return Workers(count, carrying(make_one), partial(warm_up, tuple(sorted(templates))), notice.said)


def made_by_worker(workers: Workers[Job, Outcome], job: Job) -> Outcome:
    """Have a worker make one period."""
    try:
        return workers.do(job)
    except WorkerLost:
        cause = (
            "two worker processes were ended from outside over it, perhaps for want of memory; run again, with fewer "
            "workers"
        )
        told = f"{job.district} {job.period}: {cause}"
        return Outcome(job.district, job.period, Result.FAILED, told, EnvironmentFault.exit_status)


def warm_up(templates: Sequence[str]) -> None:
    """Import what every bulletin needs and load its fonts, once for all periods that a worker makes."""
    import transforms.writing.compose  # noqa: F401 - so that no period waits for them
    from flows.render import prepare_pdf

    try:
        for template in templates:
            prepare_pdf(template, fonts_folder())
    except YuebaoError:
        return  # Each period says so.


def named(job: Job, work: Callable[[Job], Outcome]) -> Callable[[Job], Outcome]:
    """The same work, called after its district and period where tasks are shown."""

    def one(job: Job) -> Outcome:
        return work(job)

    one.task_name = job.name  # type: ignore[attr-defined]
    return one


def _left(job: Job) -> Outcome:
    return Outcome(job.district, job.period, Result.UP_TO_DATE)


def _brought_in(order: Backfill, perform: Perform) -> tuple[list[District], list[Outcome], dict[str, list[Job]]]:
    """Pull and read for each district, and its jobs; one that fails where others don't has failed all its periods."""
    found: list[District] = []
    faults: list[Outcome] = []
    jobs: dict[str, list[Job]] = {}
    first: YuebaoError | None = None
    store = Store(order.workspace.store_address)
    try:
        for name in order.districts:
            try:
                district = order.workspace.district(name)
                perform(bring_in, order.workspace, district, store)
            except YuebaoError as error:
                first = first or error
                failed = Outcome(name, Period(1900, 1), Result.FAILED, str(error), error.exit_status)
                faults += [replace(failed, period=job.period) for job in order.jobs(name)]
            else:
                found.append(district)
                jobs[name] = order.jobs(name)
    finally:
        store.close()
    if first is not None and not found:
        raise first
    return found, faults, jobs


def _templates(workspace: Workspace, district: str) -> tuple[str, ...]:
    try:
        return tuple(workspace.district(district).bulletin.templates)
    except YuebaoError:
        return ()  # Its periods have failed already.
