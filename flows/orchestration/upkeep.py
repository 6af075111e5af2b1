"""The flow that makes the rest happen by itself: renews dates, mends lost tries, ends zombies, hands over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Failed

from flows.alerting import clear_alerts, raise_alert
from flows.clock import now
from flows.decisions import awaited, published_meanwhile, time_out
from flows.delivering import deliver_due, warn_directly
from flows.due import approved_until, due_between, schedule_of
from flows.handing_over import place_of
from flows.jobs import Job
from flows.logs import tell
from flows.orchestration.deployments import client_schedule
from flows.orchestration.known_failures import without_traceback
from flows.orchestration.processes import tell_process
from flows.orchestration.scheduled import schedule_try
from flows.orchestration.server import answering
from flows.orchestration.zombies import end_zombies, period_of, tell_crashed
from flows.run_ends import give_up, last_try
from flows.store import Store, Try
from flows.workspace import Workspace
from transforms.alerts import Alert, AlertKind
from transforms.declared.schedule import Schedule
from transforms.errors import EnvironmentFault, UsageError, YuebaoError
from transforms.periods import Period
from transforms.scheduling.due import Due
from transforms.scheduling.owed import Outcome, looked_after_since, owed

_UNENDED = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was done for a district, and what stood in the way."""

    district: str
    done: tuple[str, ...]
    lasting: tuple[str, ...]
    """What somebody has to mend; ops are told of it once."""
    passing: tuple[str, ...]
    """What may pass by itself, as a store that is away."""

    @property
    def faults(self) -> list[str]:
        """All of it, each with its district."""
        return [f"{self.district}: {one}" for one in (*self.lasting, *self.passing)]


@flow(name="yuebao-upkeep", on_running=[tell_process, without_traceback], persist_result=False)
def upkeep(workspace: str | None = None, districts: list[str] | None = None) -> Any:
    """Look after all districts once; one district's fault doesn't keep the others from being looked after.

    Some alone where ``districts`` are named, as what an older version registered does.
    """
    at = Workspace.at(Path(workspace) if workspace else None)
    with get_client(sync_client=True) as client:
        told, faults = _zombies_ended(client, at)
        for district in districts if districts is not None else at.districts():
            looked = look_after(client, at, district)
            told += looked.done
            faults += looked.faults
            if looked.passing:
                _tell_what_lasts(client, at, looked)
    if faults:
        return Failed(message="\n".join(faults))
    return Completed(message="; ".join(told) or "nothing to do")


def _zombies_ended(client: SyncPrefectClient, workspace: Workspace) -> tuple[list[str], list[str]]:
    try:
        with answering():
            told, faults = end_zombies(client, workspace)
            return told, [*faults, *tell_crashed(client, workspace)]
    except YuebaoError as error:
        return [], [str(error)]
    except Exception as error:
        return [], [_ours(error)]


def look_after(client: SyncPrefectClient, workspace: Workspace, district: str) -> Looked:
    """Renew a district's dates, end its suspended runs that have nothing to wait for, mend tries, hand over.

    Each step is taken whatever becomes of the others. A district without a schedule only hands over, and its
    deployment is taken away where there still is one.
    """
    unscheduled = district in workspace.districts() and _has_no_schedule(workspace, district)
    steps = (_retire, _hand_over) if unscheduled else (_renew, _end_suspended, _mend, _hand_over)
    done: list[str] = []
    lasting: list[str] = []
    passing: list[str] = []
    for step in steps:
        try:
            with answering():
                done += step(client, workspace, district)
        except EnvironmentFault as error:
            passing.append(str(error))
        except YuebaoError as error:
            lasting.append(str(error))
        except Exception as error:
            lasting.append(_ours(error))
    looked = Looked(district, tuple(done), tuple(dict.fromkeys(lasting)), tuple(dict.fromkeys(passing)))
    with suppress(YuebaoError), closing(Store(workspace.store_address)) as store:
        for one in looked.lasting:
            raise_alert(workspace, Alert(AlertKind.UPKEEP, district, None, "例行维护未能完成", one), store)
        if not lasting and not passing:  # Behind a fault that passes another may still be hidden.
            clear_alerts(workspace, district, None, {AlertKind.UPKEEP}, store)
    return looked


def _tell_what_lasts(client: SyncPrefectClient, workspace: Workspace, looked: Looked) -> None:
    """Tell ops past the outbox, once, what hasn't passed in an hour: it may be the store itself that is away."""
    try:
        with answering():
            before = [(run.state and run.state.message) or "" for run in _last_upkeeps(client)]
    except YuebaoError as error:
        tell("earlier rounds of the upkeep aren't known", level="warning", fault=str(error))
        return
    for fault in looked.passing:
        stood = [f"{looked.district}: {fault}" in message for message in before]
        if len(stood) >= _PATIENT and all(stood[:_PATIENT]) and not any(stood[_PATIENT:]):
            title = f"例行维护连续{_PATIENT + 1}次未能完成"
            warn_directly(workspace, Alert(AlertKind.UPKEEP, looked.district, None, title, fault))


def _last_upkeeps(client: SyncPrefectClient) -> list[FlowRun]:
    """Those that ended, the newest first, one more than an hour has."""
    return client.read_flow_runs(
        flow_filter=FlowFilter.model_validate({"name": {"any_": [upkeep.name]}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=_PATIENT + 1,
    )


def _ours(error: Exception) -> str:
    return f"a fault of the program: {place_of(error)}; tell the developers"


def _has_no_schedule(workspace: Workspace, district: str) -> bool:
    try:
        return workspace.district(district).schedule is None
    except YuebaoError:
        return False


def _hand_over(client: SyncPrefectClient, workspace: Workspace, district: str) -> list[str]:  # noqa: ARG001 - a step
    with closing(Store(workspace.store_address)) as store:
        deliver_due(workspace, district, store)
    return []


def _retire(client: SyncPrefectClient, workspace: Workspace, district: str) -> list[str]:
    """Take the deployment of a district away whose schedule has gone: its runs would fail on every due day."""
    with suppress(ObjectNotFound):
        deployment = client.read_deployment_by_name(f"yuebao-scheduled/{district}")
        if deployment.parameters.get("workspace") in {None, str(workspace.root)}:
            client.delete_deployment(deployment.id)
            return [f"{district}: has no schedule any more; its deployment is taken away"]
    return []


def _deployment_of(client: SyncPrefectClient, district: str) -> Any:
    name = f"yuebao-scheduled/{district}"
    try:
        return client.read_deployment_by_name(name)
    except ObjectNotFound:
        raise UsageError(
            f"Prefect's server has no deployment {name}; start `yuebao serve`, or run `yuebao deploy`, again"
        ) from None


def _renew(client: SyncPrefectClient, workspace: Workspace, district: str) -> list[str]:
    """Give the deployment the cron, or the moments of the next twelve months, that district.yaml has by now."""
    wanted = client_schedule(schedule_of(workspace, district))
    deployment = _deployment_of(client, district)
    for one in deployment.schedules:
        if _upcoming(one.schedule) == _upcoming(wanted):
            return []
        client.update_deployment_schedule(deployment.id, one.id, schedule=wanted)
        return ["renewed its dates"]
    return []


def _upcoming(schedule: Any) -> list[str]:
    """What tells two schedules apart: a rule's moments that are past mean nothing."""
    if not isinstance(schedule, RRuleSchedule):
        return [str(getattr(schedule, "cron", schedule))]
    moment = f"{now():%Y%m%dT%H%M%S}"
    return [one for one in schedule.rrule.rpartition("RDATE:")[2].strip().split(",") if one > moment]


def _runs(client: SyncPrefectClient, deployment_id: UUID, states: list[str]) -> list[FlowRun]:
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": states}}}),
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment_id]}}),
        limit=200,
    )


def _end_suspended(client: SyncPrefectClient, workspace: Workspace, district: str) -> list[str]:
    """End the suspended runs whose draft was published meanwhile, or that nobody approved in time."""
    schedule, told = schedule_of(workspace, district), []
    runs = _runs(client, _deployment_of(client, district).id, ["PAUSED"])
    with closing(Store(workspace.store_address)) as store:
        for run in runs:
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


def _mend(client: SyncPrefectClient, workspace: Workspace, district: str) -> list[str]:
    """Schedule a try for each period that is due and has neither come to an end nor a run before it."""
    schedule, deployment_id = schedule_of(workspace, district), _deployment_of(client, district).id
    # The runs first: one that ends meanwhile has kept how before the tries are read.
    pending = {period_of(run, schedule) for run in _runs(client, deployment_id, _UNENDED)}
    dead = _runs(client, deployment_id, ["CRASHED", "FAILED"])
    told = []
    with closing(Store(workspace.store_address)) as store:
        tries = store.tries(district)
        for one in _owed(schedule, district, tries, {one for one in pending if one is not None}, store):
            job = Job(workspace, district, one.period)
            last = max((tried.at for tried in tries if tried.period == one.period), default=one.at)
            lost = sum(period_of(run, schedule) == one.period and _ended(run) > last for run in dead)
            if lost >= _MOST_LOST:
                give_up(job, _MOST_LOST, store)
                told.append(f"{district} {one.period}: its runs were lost {_MOST_LOST} times; it isn't tried again")
                continue
            schedule_try(str(deployment_id), job, _this_round(), 1)
            begun = lost or any(tried.period == one.period for tried in tries)
            told.append(f"{district} {one.period}: {_AGAIN if begun else _AT_FIRST}")
    return told


def _owed(
    schedule: Schedule, district: str, tries: Sequence[Try], pending: Collection[Period], store: Store
) -> list[Due]:
    since = looked_after_since(tries[0].at if tries else None, now())
    issued = {one.period for one in store.issues(district)}
    made = {period: run.started for period, run in store.last_made(district).items()}
    last = {one.period: one.outcome for one in tries if one.period not in issued}
    return list(owed(due_between(schedule, since, now() - _GRACE), last, made, issued, pending))


def _ended(run: FlowRun) -> dt.datetime:
    return run.state.timestamp if run.state else now()


_AGAIN = "its run was lost; it's tried again"
_AT_FIRST = "it's due and has no run; one is asked for"
_GRACE = dt.timedelta(minutes=2)
"""The server's own scheduled run comes first."""
_PATIENT = 5
"""Rounds of the upkeep in which the same fault may stand before ops are told that it doesn't pass: fifty minutes."""
_MOST_LOST = 3
"""Runs of a period that died without keeping how: what kills them would kill the next one, too."""


def _this_round() -> dt.datetime:
    """The same for two upkeeps at once, so that they ask for one try."""
    return now().replace(second=0, microsecond=0)
