"""A run that began by itself: waits for late data, makes the bulletin, ends as declared; keeps and tells each end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flows.alerting import clear_alerts, raise_alert
from flows.clock import now
from flows.delivering import deliver_due, warn_directly
from flows.due import approved_until, due_at, waits_until
from flows.issuing import Issued, Order, publish_draft
from flows.jobs import Declared, Job, Perform, declare, directly, told_of
from flows.logs import tell, told_as
from flows.monthly import bring_in, keep_archive, make_from_store, not_yet_there
from flows.publication import manifest_of
from flows.store import Approval, Store, Try
from flows.workspace import Workspace
from transforms.alerts import OF_RUNS, Alert, AlertKind
from transforms.declared.schedule import End, Schedule
from transforms.doubts import Doubt
from transforms.errors import DoubtError, EnvironmentFault, InputError, UsageError, YuebaoError
from transforms.periods import Period
from transforms.scheduling.due import next_try, retry_after
from transforms.scheduling.owed import Outcome
from transforms.writing.published import own_of

_BY_HAND = "yuebao publish（姓名由发布人自填，系统未核验）"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run by itself ended, and when it's tried again."""

    outcome: Outcome
    text: str
    fingerprint: str = ""
    """Of the draft that it made."""
    again: dt.datetime | None = None
    exit_status: int = 0
    """Of the fault that ended it."""

    @property
    def well(self) -> bool:
        """Whether nobody need look."""
        return self.outcome not in {Outcome.BLOCKED, Outcome.FAILED, Outcome.REJECTED, Outcome.TIMED_OUT}


def _ending(ended: Ended) -> dict[str, object]:
    return {"exit_status": ended.exit_status, "outcome": ended.outcome.value}


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a draft; ``how`` says where the name was given, and what it's worth."""

    approved: bool
    by: str
    how: str
    remark: str = ""


def schedule_of(workspace: Workspace, district: str) -> Schedule:
    """The district's schedule; UsageError where it declares none."""
    schedule = workspace.district(district).schedule
    if schedule is None:
        raise UsageError(f"{district}: no schedule in its district.yaml; declare one, or use `yuebao run`")
    return schedule


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


@told_as("scheduled run", told_of, _ending)
def run_due(job: Job, attempt: int, *, waiting: bool = True, perform: Perform = directly) -> Ended:
    """Make the period's bulletin, or say when it's tried again; never raises a YuebaoError.

    Whatever else comes up is kept and told, then raised.
    ``attempt`` counts the tries after faults that may pass; without ``waiting`` late data is left out at once.
    """
    try:
        ended, alerts = _attempt(job, waiting, perform)
    except YuebaoError as error:
        ended, alerts = _after_fault(job, attempt, error)
    except Exception as error:
        _keep(job, *_after_ours(job, error))
        raise
    _keep(job, ended, alerts)
    return ended


@told_as("decision", told_of, _ending)
def decide(job: Job, fingerprint: str, decision: Decision, perform: Perform = directly) -> Ended:
    """Publish the draft that was approved, or keep that it was rejected; a draft that has changed is asked for again.

    Never raises a YuebaoError.
    """
    alerts: list[Alert] = []
    try:
        store = Store(job.workspace.store_address)
        try:
            ended = _decided(job, fingerprint, decision, store, perform)
        finally:
            store.close()
        if ended.outcome is Outcome.REJECTED:
            alerts = [Alert(AlertKind.APPROVAL, job.district, job.period, "通报草稿未获批准", ended.text)]
        if ended.outcome is Outcome.AWAITING:
            alerts = [_awaits(job)]
    except YuebaoError as error:
        ended, alerts = _after_fault(job, 1, error)
    except Exception as error:
        _keep(job, *_after_ours(job, error))
        raise
    _keep(job, ended, alerts)
    return ended


def publish_by_hand(order: Order, perform: Perform = directly) -> Issued:
    """Publish a draft at somebody's command: the approval of one that awaited it, and the end of what ops were told."""
    issued, job = publish_draft(order, perform), order.job
    store = Store(job.workspace.store_address)
    try:
        if awaited(job, store) is not None:
            _keep_decision(job, issued.issue.fingerprint, Decision(True, order.by.strip(), _BY_HAND), store)
            told = f"published {issued.issue.designation}, signed by {issued.issue.by}"
            store.keep_try(Try(job.district, job.period, now(), Outcome.ISSUED, issued.issue.fingerprint, told))
        clear_alerts(job.workspace, job.district, job.period, OF_RUNS, store)
    finally:
        store.close()
    return issued


def published_meanwhile(job: Job, fingerprint: str, store: Store) -> bool:
    """Whether what waits for approval has been published by somebody already."""
    own = own_of(store.issues(job.district), job.period)
    manifest = manifest_of(job.workspace.bulletin_folder(job.district, job.period)) or {}
    return own is not None and (own.fingerprint == fingerprint or own.content == manifest.get("content"))


def awaited(job: Job, store: Store) -> Try | None:
    """The draft of the period that waits for approval, if one does."""
    last = last_try(job, store)
    return last if last is not None and last.outcome is Outcome.AWAITING else None


def last_try(job: Job, store: Store) -> Try | None:
    """What became of the period's newest run by itself."""
    tried = [one for one in store.tries(job.district) if one.period == job.period]
    return tried[-1] if tried else None


def give_up(job: Job, times: int, store: Store) -> None:
    """Keep and tell that the period's runs died again and again without a word."""
    cure = f"查明原因后运行yuebao run {job.district} {job.period}"
    text = f"{job.period.chinese()}的定时运行连续{times}次中断，不再自动重试；{cure}"
    store.keep_try(Try(job.district, job.period, now(), Outcome.FAILED, "", text))
    raise_alert(job.workspace, Alert(AlertKind.FAILED, job.district, job.period, "定时运行多次中断", text), store)


def time_out(job: Job, fingerprint: str, store: Store) -> None:
    """Keep and tell that nobody decided in time."""
    text = f"{job.period.chinese()}通报草稿逾期未获批准；核对后运行yuebao publish {job.district} {job.period} --by 姓名"
    store.keep_try(Try(job.district, job.period, now(), Outcome.TIMED_OUT, fingerprint, text))
    store.resolve_alerts(job.district, job.period, {AlertKind.APPROVAL}, now())
    raise_alert(job.workspace, Alert(AlertKind.APPROVAL, job.district, job.period, "通报草稿逾期未获批准", text), store)


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
        made = make_from_store(job, declared, store, perform)
        perform(keep_archive, job.workspace, declared.district)
        approved = _approved_already(job, made.fingerprint, store)
    finally:
        store.close()
    without = f", without {_names(late)}" if late else ""
    if job.as_of is not None or schedule.end is End.DRAFT:
        return Ended(Outcome.DRAFTED, f"the draft stands{without}", made.fingerprint), alerts
    if schedule.end is End.APPROVAL and approved is not None:
        return _published(job, approved, made.fingerprint, perform), alerts
    if schedule.end is End.APPROVAL:
        told = f"the draft awaits approval{without}"
        return Ended(Outcome.AWAITING, told, made.fingerprint), [*alerts, _awaits(job)]
    assert schedule.by is not None
    return _published(job, schedule.by, made.fingerprint, perform), alerts


def _approved_already(job: Job, fingerprint: str, store: Store) -> str | None:
    """Who approved just this draft before a fault kept it from being published."""
    told = [one for one in store.approvals(job.district) if one.period == job.period]
    last = told[-1] if told else None
    return last.by if last is not None and (last.decision, last.fingerprint) == ("approve", fingerprint) else None


def _decided(job: Job, fingerprint: str, decision: Decision, store: Store, perform: Perform) -> Ended:
    if published_meanwhile(job, fingerprint, store):
        return Ended(Outcome.ISSUED, "it was published meanwhile", fingerprint)
    declared = perform(declare, job)
    if not decision.approved:
        _keep_decision(job, fingerprint, decision, store)
        remark = f"：{decision.remark}" if decision.remark else ""
        return Ended(Outcome.REJECTED, f"{decision.by}未批准{job.period.chinese()}通报草稿{remark}", fingerprint)
    manifest = manifest_of(job.workspace.bulletin_folder(job.district, job.period))
    if manifest is None or manifest["fingerprint"] != fingerprint:
        return _asked_again(job, declared, store, perform)
    try:
        ended = _published(job, decision.by, fingerprint, perform)
    except InputError:
        # What came since isn't what was looked at.
        return _asked_again(job, declared, store, perform)
    except EnvironmentFault:
        # Whoever approved is done: the next try goes by it.
        with suppress(YuebaoError):
            _keep_decision(job, fingerprint, decision, store)
        raise
    _keep_decision(job, fingerprint, decision, store)
    return ended


def _asked_again(job: Job, declared: Declared, store: Store, perform: Perform) -> Ended:
    perform(bring_in, job.workspace, declared.district, store)
    made = make_from_store(job, declared, store, perform)
    return Ended(Outcome.AWAITING, "the draft has changed since it was looked at; it awaits approval", made.fingerprint)


def _published(job: Job, by: str, fingerprint: str, perform: Perform) -> Ended:
    issued = publish_draft(Order(job, by, None, fingerprint), perform)
    return Ended(Outcome.ISSUED, f"published {issued.issue.designation}, signed by {by}", fingerprint)


def _keep_decision(job: Job, fingerprint: str, decision: Decision, store: Store) -> None:
    told = "approve" if decision.approved else "reject"
    store.keep_approval(
        Approval(job.district, job.period, fingerprint, told, decision.by, decision.how, decision.remark, now())
    )


def _after_fault(job: Job, attempt: int, error: YuebaoError) -> tuple[Ended, list[Alert]]:
    if isinstance(error, DoubtError):
        files = tuple(dict.fromkeys(place for doubt in error.doubts for place in doubt.places))
        details = "\n".join(doubt.chinese() for doubt in error.doubts)
        blocked = Alert(AlertKind.BLOCKED, job.district, job.period, "存在严重疑点，通报未生成", details, files)
        return Ended(Outcome.BLOCKED, str(error), exit_status=error.exit_status), [blocked]
    if isinstance(error, EnvironmentFault):
        # A declaration that can't be read now has no say in how often it's tried.
        wait = dt.timedelta(minutes=10) if attempt <= 3 else None
        with suppress(YuebaoError):
            wait = retry_after(schedule_of(job.workspace, job.district), attempt)
        if wait is not None:
            return Ended(Outcome.RETRYING, str(error), "", now() + wait, error.exit_status), []
    failed = Alert(AlertKind.FAILED, job.district, job.period, "定时运行失败", str(error))
    return Ended(Outcome.FAILED, str(error), exit_status=error.exit_status), [failed]


def _after_ours(job: Job, error: Exception) -> tuple[Ended, list[Alert]]:
    """A fault of the program: it would come again each time, so nothing tries it by itself."""
    told = f"{type(error).__name__}: {error}"
    failed = Alert(AlertKind.FAILED, job.district, job.period, "程序错误，定时运行中止，请联系开发人员", told)
    return Ended(Outcome.FAILED, told), [failed]


def _keep(job: Job, ended: Ended, alerts: Sequence[Alert]) -> None:
    """Keep how it ended and tell ops, directly where the store is gone; nothing of that may hide the fault."""
    tell(
        f"run by itself: {ended.outcome}",
        level="info" if ended.well else "error",
        text=ended.text,
        again=ended.again.isoformat() if ended.again else None,
    )
    # How the period looked in the past says nothing of how it stands.
    owed = [] if job.as_of is not None else list(alerts)
    try:
        store = Store(job.workspace.store_address)
        try:
            if job.as_of is None:
                store.keep_try(Try(job.district, job.period, now(), ended.outcome, ended.fingerprint, ended.text))
                _clear(job, ended, {one.kind for one in alerts}, store)
                while owed:
                    raise_alert(job.workspace, owed[0], store)
                    del owed[0]
            deliver_due(job.workspace, job.district, store)
        finally:
            store.close()
    except YuebaoError as error:
        tell("what came of a run couldn't be kept", level="error", fault=str(error))
        for alert in owed:
            warn_directly(job.workspace, alert)


def _clear(job: Job, ended: Ended, told_anew: set[AlertKind], store: Store) -> None:
    """What was told of the period's runs is over when one ends well, but for what it tells itself."""
    if AlertKind.APPROVAL in told_anew:
        # One decision takes the place of another; nothing has got well by that.
        store.resolve_alerts(job.district, job.period, {AlertKind.APPROVAL}, now())
    if ended.outcome in {Outcome.DRAFTED, Outcome.AWAITING, Outcome.ISSUED}:
        clear_alerts(job.workspace, job.district, job.period, OF_RUNS - told_anew, store)


def _awaits(job: Job) -> Alert:
    until = approved_until(schedule_of(job.workspace, job.district), now())
    folder = job.workspace.shown(job.workspace.bulletin_folder(job.district, job.period))
    text = (
        f"草稿在{folder}，请核对后于{until:%Y-%m-%d %H:%M}前在Prefect的页面批准或退回，"
        f"或执行yuebao publish {job.district} {job.period} --by 姓名"
    )
    return Alert(AlertKind.APPROVAL, job.district, job.period, "通报草稿待审批", text)


def _late(job: Job, late: Sequence[Doubt]) -> Alert:
    files = tuple(dict.fromkeys(place for doubt in late for place in doubt.places))
    details = "\n".join(doubt.chinese() for doubt in late)
    return Alert(AlertKind.LATE, job.district, job.period, "数据逾期未到", details, files)


def _names(late: Sequence[Doubt]) -> str:
    return "、".join(dict.fromkeys(f"{'、'.join(doubt.places)}{doubt.subject}" for doubt in late))
