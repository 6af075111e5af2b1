"""The flow that makes the rest happen by itself: renews dates, mends lost tries, ends zombies, hands over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.states import Completed, Failed

from flows.clock import now
from flows.delivering import deliver_due
from flows.due import approved_until, due_between
from flows.jobs import Job
from flows.orchestration.deployments import dates_of
from flows.orchestration.processes import tell_process
from flows.orchestration.scheduled import schedule_try
from flows.orchestration.server import answering
from flows.orchestration.zombies import end_zombies, period_of
from flows.scheduled import awaited, give_up, last_try, published_meanwhile, schedule_of, time_out
from flows.store import Store, Try
from flows.workspace import Workspace
from transforms.declared.schedule import Schedule
from transforms.errors import YuebaoError
from transforms.scheduling.owed import Outcome, looked_after_since, owed

_UNENDED = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"]


@flow(name="yuebao-upkeep", on_running=[tell_process], persist_result=False)
def upkeep(workspace: str | None = None, districts: list[str] | None = None) -> Any:
    """Look after the districts once; one district's fault doesn't keep the others from being looked after."""
    at = Workspace.at(Path(workspace) if workspace else None)
    with get_client(sync_client=True) as client:
        told, faults = end_zombies(client, at)
        for district in districts if districts is not None else at.districts():
            try:
                with answering():
                    told += look_after(client, at, district)
            except YuebaoError as error:
                faults.append(f"{district}: {error}")
    if faults:
        raise RuntimeError("\n".join(faults))
    return Completed(message="; ".join(told) or "nothing to do")


def look_after(client: SyncPrefectClient, workspace: Workspace, district: str) -> list[str]:
    """Renew a district's dates, end its suspended runs that have nothing to wait for, mend tries, hand over."""
    if workspace.district(district).schedule is None:
        return []
    schedule = schedule_of(workspace, district)
    deployment = client.read_deployment_by_name(f"yuebao-scheduled/{district}")
    store = Store(workspace.store_address)
    try:
        told = _renew(client, deployment, schedule)
        told += _end_suspended(client, deployment.id, workspace, district, store)
        told += _mend(client, deployment.id, workspace, district, store)
        deliver_due(workspace, district, store)
    finally:
        store.close()
    return told


def _renew(client: SyncPrefectClient, deployment: Any, schedule: Schedule) -> list[str]:
    """Give a rule's deployment the moments of the next twelve months, where they aren't those that it has."""
    if schedule.when.cron is not None:
        return []
    wanted = dates_of(schedule)
    for one in deployment.schedules:
        if isinstance(one.schedule, RRuleSchedule):
            if _upcoming(one.schedule.rrule) == _upcoming(wanted):
                return []
            new = RRuleSchedule(rrule=wanted, timezone="Asia/Shanghai")
            client.update_deployment_schedule(deployment.id, one.id, schedule=new)
            return ["renewed its dates"]
    return []


def _upcoming(dates: str) -> list[str]:
    moment = f"{now():%Y%m%dT%H%M%S}"
    return [one for one in dates.rpartition("RDATE:")[2].strip().split(",") if one > moment]


def _runs(client: SyncPrefectClient, deployment_id: UUID, states: list[str]) -> list[FlowRun]:
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": states}}}),
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment_id]}}),
        limit=200,
    )


def _end_suspended(
    client: SyncPrefectClient, deployment_id: UUID, workspace: Workspace, district: str, store: Store
) -> list[str]:
    """End the suspended runs whose draft was published meanwhile, or that nobody approved in time."""
    schedule, told = schedule_of(workspace, district), []
    for run in _runs(client, deployment_id, ["PAUSED"]):
        period = period_of(run, schedule)
        if period is None:
            continue
        job = Job(workspace, district, period)
        asked = awaited(job, store)
        if asked is not None and now() > approved_until(schedule, asked.at) and not _published(job, asked, store):
            time_out(job, asked.fingerprint, store)
        state = _decided_elsewhere(job, store)
        if state is not None:
            client.set_flow_run_state(run.id, state, force=True)
            told.append(f"ended {run.name}")
    return told


def _decided_elsewhere(job: Job, store: Store) -> Any:
    """What a suspended run ends as whose draft needs no decision any more; None while its page stays open."""
    last = last_try(job, store)
    if last is None:
        return None
    if last.outcome is Outcome.ISSUED or (last.outcome is Outcome.AWAITING and _published(job, last, store)):
        return Completed(name="Issued", message="it was published meanwhile, or decided in another run")
    if last.outcome is Outcome.TIMED_OUT:
        return Failed(name="Approval timed out", message="nobody decided in time")
    if last.outcome is Outcome.REJECTED:
        return Failed(name="Rejected", message="it was rejected in another run")
    return None


def _published(job: Job, asked: Try, store: Store) -> bool:
    return published_meanwhile(job, asked.fingerprint, store)


def _mend(
    client: SyncPrefectClient, deployment_id: UUID, workspace: Workspace, district: str, store: Store
) -> list[str]:
    """Schedule a try for each period that is due and has neither come to an end nor a run before it."""
    schedule = schedule_of(workspace, district)
    # The runs first: one that ends meanwhile has kept how before the tries are read.
    pending = {period_of(run, schedule) for run in _runs(client, deployment_id, _UNENDED)}
    dead = _runs(client, deployment_id, ["CRASHED", "FAILED"])
    tries = store.tries(district)
    since = looked_after_since(tries[0].at if tries else None, now())
    issued = {one.period for one in store.issues(district)}
    made = {period for period, run in store.last_runs(district).items() if run.outcome == "made"} | issued
    lost = owed(
        due_between(schedule, since, now() - _GRACE),
        {one.period: one.outcome for one in tries if one.period not in issued},
        made,
        {one for one in pending if one is not None},
    )
    told = []
    for one in lost:
        job = Job(workspace, district, one.period)
        last = max((tried.at for tried in tries if tried.period == one.period), default=one.at)
        if sum(period_of(run, schedule) == one.period and _ended(run) > last for run in dead) >= _MOST_LOST:
            give_up(job, _MOST_LOST, store)
            told.append(f"{district} {one.period}: its runs were lost {_MOST_LOST} times; it isn't tried again")
            continue
        schedule_try(str(deployment_id), job, _this_round(), 1)
        told.append(f"{district} {one.period}: its run was lost; it's tried again")
    return told


def _ended(run: FlowRun) -> dt.datetime:
    return run.state.timestamp if run.state else now()


_GRACE = dt.timedelta(minutes=2)
"""The server's own scheduled run comes first."""
_MOST_LOST = 3
"""Runs of a period that died without keeping how: what kills them would kill the next one, too."""


def _this_round() -> dt.datetime:
    """The same for two upkeeps at once, so that they ask for one try."""
    return now().replace(second=0, microsecond=0)
