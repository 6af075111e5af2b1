"""What somebody decided about the draft of a run by itself: approved and published, rejected, or nothing in time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from flows.alerting import clear_alerts, raise_alert
from flows.clock import now
from flows.due import approved_until, schedule_of
from flows.issuing import Issued, Order, checked, publish_draft
from flows.jobs import Declared, Job, Perform, declare, directly, told_of
from flows.logs import told_as
from flows.monthly import bring_in, make_from_store
from flows.publication import manifest_of
from flows.run_ends import Ended, after_fault, after_ours, ending, keep, last_try
from flows.store import Approval, Store, Try
from transforms.alerts import OF_RUNS, Alert, AlertKind
from transforms.declared.schedule import End
from transforms.errors import EnvironmentFault, InputError, YuebaoError
from transforms.scheduling.owed import Outcome
from transforms.signers import NoName, one_line, signer
from transforms.writing.published import own_of

_DECIDED_AGAINST = {Outcome.REJECTED, Outcome.TIMED_OUT}
_BY_HAND = "yuebao publish（姓名由发布人自填，系统未核验）"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a draft; ``how`` says where the name was given, and what it's worth."""

    approved: bool
    by: str
    how: str
    remark: str = ""


@told_as("decision", told_of, ending)
def decide(job: Job, fingerprint: str, decision: Decision, perform: Perform = directly) -> Ended:
    """Publish the draft that was approved, or keep that it was rejected; a draft that has changed is asked for again.

    So is one whose decision bears no name: then it awaits approval as before, and nothing is kept or told. Never raises
    a YuebaoError.
    """
    alerts: list[Alert] = []
    try:
        decision = replace(decision, by=signer(decision.by), remark=one_line(decision.remark))
    except NoName as error:
        return Ended(Outcome.AWAITING, f"上次填写的内容未被采用：{error.chinese}", fingerprint)
    try:
        store = Store(job.workspace.store_address)
        try:
            ended = _decided(job, fingerprint, decision, store, perform)
        finally:
            store.close()
        if ended.outcome is Outcome.REJECTED:
            alerts = [Alert(AlertKind.APPROVAL, job.district, job.period, "通报草稿未获批准", ended.text)]
        if ended.outcome is Outcome.AWAITING:
            alerts = [awaits(job)]
    except YuebaoError as error:
        ended, alerts = after_fault(job, 1, error)
    except Exception as error:
        keep(job, *after_ours(job, error))
        raise
    keep(job, ended, alerts)
    return ended


def publish_by_hand(order: Order, perform: Perform = directly) -> Issued:
    """Publish a draft at somebody's command: that is its approval, where it wants one, and ends what ops were told."""
    order = checked(order)
    issued, job = publish_draft(order, perform), order.job
    store = Store(job.workspace.store_address)
    try:
        if _decides(issued, job, store):
            _keep_decision(job, issued.issue.fingerprint, Decision(True, order.by, _BY_HAND), store)
            told = f"published {issued.issue.designation}, signed by {issued.issue.by}"
            store.keep_try(Try(job.district, job.period, now(), Outcome.ISSUED, issued.issue.fingerprint, told))
        clear_alerts(job.workspace, job.district, job.period, OF_RUNS, store)
        clear_alerts(job.workspace, job.district, None, OF_RUNS, store)
    finally:
        store.close()
    return issued


def _decides(issued: Issued, job: Job, store: Store) -> bool:
    """Whether to publish was to approve: what was just published, or a draft that says the same and stood undecided."""
    last, schedule = last_try(job, store), job.workspace.district(job.district).schedule
    if last is not None and last.outcome is Outcome.AWAITING:
        return True
    if schedule is None or schedule.end is not End.APPROVAL:
        return False
    return issued.bulletin is not None or (last is not None and last.outcome is not Outcome.ISSUED)


def published_meanwhile(job: Job, fingerprint: str, store: Store) -> bool:
    """Whether what waits for approval has been published by somebody already."""
    own = own_of(store.issues(job.district), job.period)
    manifest = manifest_of(job.workspace.bulletin_folder(job.district, job.period)) or {}
    return own is not None and (own.fingerprint == fingerprint or own.content == manifest.get("content"))


def awaited(job: Job, store: Store) -> Try | None:
    """The draft of the period that waits for approval, if one does."""
    last = last_try(job, store)
    return last if last is not None and last.outcome is Outcome.AWAITING else None


def time_out(job: Job, fingerprint: str, store: Store) -> None:
    """Keep and tell that nobody decided in time."""
    text = f"{job.period.chinese()}通报草稿逾期未获批准；核对后运行yuebao publish {job.district} {job.period} --by 姓名"
    store.resolve_alerts(job.district, job.period, {AlertKind.APPROVAL}, now())
    raise_alert(job.workspace, Alert(AlertKind.APPROVAL, job.district, job.period, "通报草稿逾期未获批准", text), store)
    store.keep_try(Try(job.district, job.period, now(), Outcome.TIMED_OUT, fingerprint, text))


def awaits(job: Job) -> Alert:
    """What whoever approves is told: where the draft lies, how to decide, until when."""
    until = approved_until(schedule_of(job.workspace, job.district), now())
    folder = job.workspace.shown(job.workspace.bulletin_folder(job.district, job.period))
    text = (
        f"草稿在{folder}，请核对后于{until:%Y-%m-%d %H:%M}前在Prefect的页面批准或退回，"
        f"或执行yuebao publish {job.district} {job.period} --by 姓名"
    )
    return Alert(AlertKind.APPROVAL, job.district, job.period, "通报草稿待审批", text)


def approved_already(job: Job, fingerprint: str, store: Store) -> str | None:
    """Who approved just this draft before a fault kept it from being published."""
    told = [one for one in store.approvals(job.district) if one.period == job.period]
    last = told[-1] if told else None
    return last.by if last is not None and (last.decision, last.fingerprint) == ("approve", fingerprint) else None


def published(job: Job, by: str, fingerprint: str, perform: Perform) -> Ended:
    """Publish just the draft of that fingerprint."""
    issued = publish_draft(Order(job, by, None, fingerprint), perform)
    return Ended(Outcome.ISSUED, f"published {issued.issue.designation}, signed by {by}", fingerprint)


def _decided(job: Job, fingerprint: str, decision: Decision, store: Store, perform: Perform) -> Ended:
    if published_meanwhile(job, fingerprint, store):
        return Ended(Outcome.ISSUED, "it was published meanwhile", fingerprint)
    last = last_try(job, store)
    if last is not None and last.fingerprint == fingerprint and last.outcome in _DECIDED_AGAINST:
        # On another page of the same draft, or by the time that went by: whoever wants it still publishes by hand.
        return Ended(last.outcome, f"{last.details}（此后另一页面上的决定未采用）", fingerprint)
    declared = perform(declare, job)
    if not decision.approved:
        _keep_decision(job, fingerprint, decision, store)
        remark = f"：{decision.remark}" if decision.remark else ""
        return Ended(Outcome.REJECTED, f"{decision.by}未批准{job.period.chinese()}通报草稿{remark}", fingerprint)
    manifest = manifest_of(job.workspace.bulletin_folder(job.district, job.period))
    if manifest is None or manifest["fingerprint"] != fingerprint:
        return _asked_again(job, declared, store, perform)
    try:
        ended = published(job, decision.by, fingerprint, perform)
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


def _keep_decision(job: Job, fingerprint: str, decision: Decision, store: Store) -> None:
    told = "approve" if decision.approved else "reject"
    store.keep_approval(
        Approval(job.district, job.period, fingerprint, told, decision.by, decision.how, decision.remark, now())
    )
