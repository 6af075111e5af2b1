"""How a run by itself ended: kept, told to ops where somebody must look, and cleared where it got well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flows.alerting import clear_alerts, raise_alert
from flows.clock import now
from flows.delivering import deliver_due, warn_directly
from flows.due import schedule_of
from flows.handing_over import place_of
from flows.jobs import Job
from flows.logs import tell
from flows.store import Store, Try
from transforms.alerts import OF_RUNS, Alert, AlertKind
from transforms.errors import DoubtError, EnvironmentFault, YuebaoError
from transforms.scheduling.due import retry_after
from transforms.scheduling.owed import Outcome


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


def ending(ended: Ended) -> dict[str, object]:
    """What the log says of it."""
    told: dict[str, object] = {"exit_status": ended.exit_status, "outcome": ended.outcome.value}
    return told if ended.well else {**told, "fault": ended.text}


def keep(job: Job, ended: Ended, alerts: Sequence[Alert]) -> None:
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
        tell("what came of a run couldn't be kept or handed over", level="error", fault=str(error))
        for alert in owed:
            warn_directly(job.workspace, alert)


def last_try(job: Job, store: Store) -> Try | None:
    """What became of the period's newest run by itself."""
    tried = [one for one in store.tries(job.district) if one.period == job.period]
    return tried[-1] if tried else None


def give_up(job: Job, times: int, store: Store) -> None:
    """Keep and tell that the period's runs died again and again without a word."""
    cure = f"查明原因后运行yuebao run {job.district} {job.period}"
    text = f"{job.period.chinese()}的定时运行连续{times}次中断，不再自动重试；{cure}"
    raise_alert(job.workspace, Alert(AlertKind.FAILED, job.district, job.period, "定时运行多次中断", text), store)
    store.keep_try(Try(job.district, job.period, now(), Outcome.FAILED, "", text))


def after_fault(job: Job, attempt: int, error: YuebaoError) -> tuple[Ended, list[Alert]]:
    """Blocked by a doubt, tried again where it may pass, or failed; and what ops are told of it."""
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


def after_ours(job: Job, error: Exception) -> tuple[Ended, list[Alert]]:
    """A fault of the program: it would come again each time, so nothing tries it by itself."""
    told = place_of(error)
    failed = Alert(AlertKind.FAILED, job.district, job.period, "程序错误，定时运行中止，请联系开发人员", told)
    return Ended(Outcome.FAILED, told, exit_status=1), [failed]


def _clear(job: Job, ended: Ended, told_anew: set[AlertKind], store: Store) -> None:
    """What was told of the period's runs is over when one ends well, but for what it tells itself."""
    if AlertKind.APPROVAL in told_anew:
        # One decision takes the place of another; nothing has got well by that.
        store.resolve_alerts(job.district, job.period, {AlertKind.APPROVAL}, now())
    if ended.outcome in {Outcome.DRAFTED, Outcome.AWAITING, Outcome.ISSUED}:
        clear_alerts(job.workspace, job.district, job.period, OF_RUNS - told_anew, store)
        clear_alerts(job.workspace, job.district, None, OF_RUNS, store)
