"""A run that began by itself: waits for late data, makes the bulletin, ends as declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from flows.alerting import raise_alert
from flows.clock import now
from flows.decisions import approved_already, awaits, published
from flows.due import due_at, looked_for_until, schedule_of, waits_until
from flows.jobs import Job, Perform, declare, directly, told_of
from flows.logs import told_as
from flows.monthly import bring_in, keep_archive, make_from_store, not_yet_there
from flows.run_ends import Ended, after_fault, after_ours, ending, keep
from flows.store import Store
from flows.workspace import Workspace
from transforms.alerts import Alert, AlertKind
from transforms.arrivals import critical
from transforms.declared.schedule import End
from transforms.doubts import Doubt
from transforms.errors import UsageError, YuebaoError
from transforms.periods import Period
from transforms.scheduling.due import next_try
from transforms.scheduling.owed import Outcome


def period_due(workspace: Workspace, district: str, moment: dt.datetime) -> Period:
    """The period that fell due last; that it can't be told is told to ops."""
    try:
        due = due_at(schedule_of(workspace, district), moment)
        if due is None:
            raise UsageError(f"{district}: its schedule made nothing due in the last year; name a period")
    except YuebaoError as error:
        with suppress(YuebaoError):
            store = Store(workspace.store_address)
            try:
                raise_alert(workspace, Alert(AlertKind.FAILED, district, None, "定时运行无法开始", str(error)), store)
            finally:
                store.close()
        raise
    return due.period


@told_as("scheduled run", told_of, ending)
def run_due(job: Job, attempt: int, *, waiting: bool = True, perform: Perform = directly) -> Ended:
    """Make the period's bulletin, or say when it's tried again; never raises a YuebaoError.

    Whatever else comes up is kept and told, then raised.
    ``attempt`` counts the tries after faults that may pass; without ``waiting`` late data is left out at once.
    """
    try:
        ended, alerts = _attempt(job, waiting, perform)
    except YuebaoError as error:
        ended, alerts = after_fault(job, attempt, error)
    except Exception as error:
        keep(job, *after_ours(job, error))
        raise
    keep(job, ended, alerts)
    return ended


def _attempt(job: Job, waiting: bool, perform: Perform) -> tuple[Ended, list[Alert]]:
    schedule = schedule_of(job.workspace, job.district)
    declared = perform(declare, job)
    store = Store(job.workspace.store_address)
    try:
        perform(bring_in, job.workspace, declared.district, store)
        late = perform(not_yet_there, job, declared, store)
        last = waits_until(schedule, job.period)
        alerts = [_late(job, late)] if late else []
        if late and waiting and job.as_of is None and now() < last:
            again = next_try(schedule, now(), last)
            return Ended(Outcome.WAITING, f"waiting for {_names(late)} until {last:%Y-%m-%d %H:%M}", "", again), alerts
        lacking = critical(late)
        if lacking and waiting and job.as_of is None and now() < (given_up := looked_for_until(schedule, job.period)):
            told = f"past the deadline, and nothing is made without {_names(lacking)}; looked for until "
            again = next_try(schedule, now(), given_up)
            ended = Ended(Outcome.WAITING, f"{told}{given_up:%Y-%m-%d %H:%M}", "", again)
            return ended, [*alerts, _lacking(job, lacking, given_up)]
        made = make_from_store(job, declared, store, perform)
        perform(keep_archive, job.workspace, declared.district)
        approved = approved_already(job, made.fingerprint, store)
    finally:
        store.close()
    without = f", without {_names(late)}" if late else ""
    if job.as_of is not None or schedule.end is End.DRAFT:
        return Ended(Outcome.DRAFTED, f"the draft stands{without}", made.fingerprint), alerts
    if schedule.end is End.APPROVAL and approved is not None:
        return published(job, approved, made.fingerprint, perform), alerts
    if schedule.end is End.APPROVAL:
        told = f"the draft awaits approval{without}"
        return Ended(Outcome.AWAITING, told, made.fingerprint), [*alerts, awaits(job)]
    assert schedule.by is not None
    return published(job, schedule.by, made.fingerprint, perform), alerts


def _late(job: Job, late: Sequence[Doubt]) -> Alert:
    return _alert(job, AlertKind.LATE, "数据逾期未到", late)


def _lacking(job: Job, lacking: Sequence[Doubt], given_up: dt.datetime) -> Alert:
    """Another one than that which is told when the looking ends."""
    alert = _alert(job, AlertKind.BLOCKED, "截止时限已过，缺少必报数据，通报未生成", lacking)
    until = f"{given_up:%Y-%m-%d %H:%M}（下一期到期）以前，数据到后自动生成通报。"
    return replace(alert, details=f"{alert.details}\n{until}")


def _alert(job: Job, kind: AlertKind, title: str, doubts: Sequence[Doubt]) -> Alert:
    files = tuple(dict.fromkeys(place for doubt in doubts for place in doubt.places))
    return Alert(kind, job.district, job.period, title, "\n".join(doubt.chinese() for doubt in doubts), files)


def _names(late: Sequence[Doubt]) -> str:
    return "、".join(dict.fromkeys(f"{'、'.join(doubt.places)}{doubt.subject}" for doubt in late))
