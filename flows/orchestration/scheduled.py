"""The flow that a district's deployment runs each month, and the page in Prefect's UI that approves its draft.

Imported only where Prefect runs it: it takes Prefect's own import of seconds.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed, Scheduled
from pydantic import Field

from flows.clock import moment, now
from flows.decisions import Decision, awaited, decide
from flows.due import approved_until, due_at, schedule_of
from flows.jobs import Job
from flows.orchestration.known_failures import without_traceback
from flows.orchestration.performing import as_task, shown_with_its_run, telling
from flows.orchestration.processes import tell_process
from flows.run_ends import Ended
from flows.scheduled import period_due, run_due
from flows.store import Store
from flows.workspace import Workspace
from transforms.errors import YuebaoError
from transforms.periods import PERIOD, Period
from transforms.scheduling.owed import Outcome

_HOW = "Prefect的审批页面（姓名由审批人自填，系统未核验）"
_BEYOND = dt.timedelta(days=1)
"""The upkeep ends what nobody decided in time, and says so; Prefect's own timeout only follows if it can't."""


class Approval(RunInput):
    """What whoever looked at the draft decides."""

    name: str = Field(title="姓名（签发人）", min_length=1, max_length=60)
    decision: Literal["approve", "reject"] = Field(title="approve 批准并发布；reject 不批准")
    remark: str = Field(default="", title="意见", max_length=500)


ASKED = rf"^$|{PERIOD}"
"""What a person who runs a deployment by parameters may put for a period."""


def _run_name() -> str:
    given = flow_run.parameters
    period = given.get("period")
    if not period:
        # What names a run may not end it: where this can't be told, the run itself says why.
        with suppress(YuebaoError):
            at = Workspace.at(Path(given["workspace"]) if given.get("workspace") else None)
            due = due_at(schedule_of(at, given["district"]), flow_run.scheduled_start_time or now())
            period = due.period if due else None
    return f"{given['district']} {period or 'due'}"


@flow(
    name="yuebao-scheduled", flow_run_name=_run_name, on_running=[tell_process, without_traceback], persist_result=False
)
def scheduled(
    district: str,
    workspace: str | None = None,
    period: Annotated[str, Field(pattern=ASKED)] | None = None,
    as_of: str | None = None,
    attempt: int = 1,
    wait_for_late_data: bool = True,
) -> Any:
    """Make one period's bulletin by the district's schedule; without a period, the one that fell due last.

    To make one period again, run it from the UI with its period, such as 2024-06.
    """
    try:
        at = Workspace.at(Path(workspace) if workspace else None)
        wanted = Period.parse(period) if period else period_due(at, district, flow_run.scheduled_start_time or now())
        job = Job(at, district, wanted, moment(as_of) if as_of else None)
    except YuebaoError as error:
        return Failed(message=str(error))
    return _carried_out(job, attempt, wait_for_late_data)


def _carried_out(job: Job, attempt: int, wait_for_late_data: bool) -> Any:
    perform = telling(as_task, print)
    fingerprint = _asked_before(job)
    with shown_with_its_run():
        ended = (
            run_due(job, attempt, waiting=wait_for_late_data, perform=perform)
            if fingerprint is None
            else Ended(Outcome.AWAITING, "it waits for approval", fingerprint)
        )
    answered = _times_asked(fingerprint) if fingerprint else 0
    while ended.outcome is Outcome.AWAITING:
        told = _asked(job, ended, answered or _times_asked(ended.fingerprint) + 1)
        by = Decision(told.decision == "approve", told.name, _HOW, told.remark)
        with shown_with_its_run():
            ended = decide(job, ended.fingerprint, by, perform)
        answered = 0
    if ended.again is not None:
        retried = attempt + 1 if ended.outcome is Outcome.RETRYING else 1
        schedule_try(deployment.id, job, ended.again, retried, wait_for_late_data)
    return _state(ended)


def schedule_try(
    deployment_id: str | None,
    job: Job,
    at: dt.datetime,
    attempt: int,
    wait_for_late_data: bool = True,
) -> None:
    """Have the server run the period at that moment; once, however often it's asked."""
    if deployment_id is None:
        return
    given = {
        "district": job.district,
        "workspace": str(job.workspace.root),
        "period": str(job.period),
        "as_of": job.as_of.isoformat() if job.as_of else None,
        "attempt": attempt,
        "wait_for_late_data": wait_for_late_data,
    }
    key = " ".join(str(one) for one in (*given.values(), at.isoformat()))
    with get_client(sync_client=True) as client:
        while True:
            run = client.create_flow_run_from_deployment(
                UUID(deployment_id),
                parameters=given,
                state=Scheduled(scheduled_time=at),
                name=f"{job.district} {job.period}",
                idempotency_key=key,
            )
            if run.state is None or not run.state.is_final():
                return
            # A key gives what it made before, though that has crashed since.
            key = f"{key} after {run.id}"


def _asked_before(job: Job) -> str | None:
    """The draft that this very run was suspended for, if it has been resumed; it isn't made again."""
    if not _pages():
        return None
    store = Store(job.workspace.store_address)
    try:
        asked = awaited(job, store)
    finally:
        store.close()
    return asked.fingerprint if asked and _times_asked(asked.fingerprint) else None


def _pages() -> frozenset[str]:
    """The keys of the pages for which this very run was suspended before it was resumed."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    return frozenset((run and run.empirical_policy.pause_keys) or ())


def _times_asked(fingerprint: str) -> int:
    """How many of them were about that draft."""
    return sum(one.startswith(_stem(fingerprint)) for one in _pages())


def _asked(job: Job, ended: Ended, time: int) -> Approval:
    """Suspend until somebody has decided; the run ends here, and begins anew when it's resumed."""
    schedule = schedule_of(job.workspace, job.district)
    timeout = approved_until(schedule, now()) + _BEYOND - now()
    page = Approval.with_initial_data(
        description=(
            f"**{job.district} {job.period.chinese()}**：通报草稿在"
            f"`{job.workspace.shown(job.workspace.bulletin_folder(job.district, job.period))}`，请核对后批准或退回。"
            f"{ended.text}"
        ),
        remark="",
    )
    answer = suspend_flow_run(page, timeout=int(timeout.total_seconds()), key=f"{_stem(ended.fingerprint)}-{time}")
    assert isinstance(answer, Approval)
    return answer


def _stem(fingerprint: str) -> str:
    """What the keys of a draft's pages begin with; each page is answered once, so to ask again takes another."""
    return fingerprint[:24]


def _state(ended: Ended) -> Any:
    if ended.well:
        return Completed(name=ended.outcome.value.capitalize(), message=ended.text)
    return Failed(name=ended.outcome.value.capitalize(), message=ended.text)
