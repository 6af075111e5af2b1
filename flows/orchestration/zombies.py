"""Marks the flow runs crashed whose process is gone, on this machine or on another; tells ops of crashed runs."""

from __future__ import annotations

import datetime as dt
from contextlib import closing, suppress

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.states import Crashed

from flows.alerting import raise_alert
from flows.clock import now
from flows.due import due_at
from flows.orchestration.deployments import UPKEEP
from flows.orchestration.processes import lives
from flows.orchestration.server import answering
from flows.store import Store
from flows.workspace import Workspace
from transforms.alerts import Alert, AlertKind
from transforms.declared.schedule import Schedule
from transforms.errors import YuebaoError
from transforms.periods import Period

FLOWS = ("yuebao-month", "yuebao-publish", "yuebao-backfill", "yuebao-period", "yuebao-scheduled", UPKEEP)
SILENT = "yuebao.silent"
"""The label that keeps which heartbeat was the last when a run was found silent, and when that was."""
TOLD = "yuebao.told"
"""The label of a run whose crash ops were told of."""
_LATELY = dt.timedelta(days=1)
_UNDER_WAY = ["PENDING", "RUNNING", "CANCELLING"]
_TAKEN_UP = dt.timedelta(minutes=15)
"""Within which the process of a run that is pending has begun."""
_SILENT = dt.timedelta(minutes=15)
"""A process on another machine that hasn't been heard of for so long, and is heard of each minute, is gone."""
_ASKED_AGAIN = dt.timedelta(minutes=5)
"""Within which a process that lives is heard of, once the server is there again."""
_UNTOLD = dt.timedelta(hours=6)
"""Longer than any run takes whose process could neither tell of itself nor be heard."""


def end_zombies(client: SyncPrefectClient, workspace: Workspace) -> tuple[list[str], list[str]]:
    """Mark the runs crashed whose process is gone, or that were given to one that never told of itself.

    Tells which, and for which the server failed.
    """
    runs = client.read_flow_runs(
        flow_filter=FlowFilter.model_validate({"name": {"any_": list(FLOWS)}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": _UNDER_WAY}}}),
    )
    told, faults = [], []
    for run in runs:
        try:
            with answering():
                if not lost(client, run):
                    continue
                # Told first: once it's marked, nobody looks at it again.
                if client.read_flow(run.flow_id).name != UPKEEP:
                    _tell_crash(client, workspace, run)
                client.set_flow_run_state(run.id, Crashed(message="its process is gone"), force=True)
            told.append(f"crashed: {run.name}")
        except YuebaoError as error:
            faults.append(f"{run.name}: {error}")
    return told, faults


def tell_crashed(client: SyncPrefectClient, workspace: Workspace) -> list[str]:
    """Tell ops of the runs that Prefect itself marked crashed, as where the service was stopped under them.

    A run at the console is told by the console. Gives the faults that stood in the way.
    """
    runs = client.read_flow_runs(
        flow_filter=FlowFilter.model_validate({"name": {"any_": ["yuebao-backfill", "yuebao-scheduled"]}}),
        flow_run_filter=FlowRunFilter.model_validate(
            {"state": {"type": {"any_": ["CRASHED"]}}, "end_time": {"after_": now() - _LATELY}}
        ),
    )
    faults = []
    for run in runs:
        if run.deployment_id is None or TOLD in run.labels:
            continue
        try:
            with answering():
                if _made_since(workspace, run):
                    client.update_flow_run_labels(run.id, {TOLD: now().isoformat()})
                else:
                    _tell_crash(client, workspace, run)
        except YuebaoError as error:
            faults.append(f"{run.name}: {error}")
    return faults


def _made_since(workspace: Workspace, run: FlowRun) -> bool:
    """Whether the period of a run that crashed has been made since, by whomever: then nothing is left to be told."""
    district, crashed = str(run.parameters.get("district")), run.end_time or now()
    with suppress(YuebaoError), closing(Store(workspace.store_address)) as store:
        at = period_of(run, workspace.district(district).schedule) if run.parameters.get("district") else None
        made = store.last_made(district).get(at) if at else None
        return made is not None and made.finished > crashed
    return False


def lost(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Whether nobody carries out a run that the server has as under way.

    A pending one belongs to whoever took it up; killed before it could tell of itself, it'd stay so for ever.
    """
    if run.state is None:
        return False
    since = now() - run.state.timestamp
    if run.state.is_pending():
        return since > _TAKEN_UP
    living = lives(dict(run.labels), str(run.state.id) if run.state.is_running() else None)
    if living is not None:
        return not living
    heard = _last_heard(client, run)
    return since > _UNTOLD if heard is None else now() - heard > _SILENT and _still_silent(client, run, heard)


def _still_silent(client: SyncPrefectClient, run: FlowRun, heard: dt.datetime) -> bool:
    """Whether it was silent some time ago already: a server that was away itself has heard nobody."""
    noted, _, at = str(run.labels.get(SILENT, "")).partition(" ")
    if noted == heard.isoformat():
        return now() - dt.datetime.fromisoformat(at) > _ASKED_AGAIN
    client.update_flow_run_labels(run.id, {SILENT: f"{heard.isoformat()} {now().isoformat()}"})
    return False


def period_of(run: FlowRun, schedule: Schedule | None) -> Period | None:
    """The reference period that a run of a district is about: as given, or what fell due when it was to begin.

    None where a person asked for what is no period.
    """
    if run.parameters.get("period"):
        with suppress(ValueError):
            return Period.parse(str(run.parameters["period"]))
        return None
    due = due_at(schedule, run.expected_start_time or now()) if schedule else None
    return due.period if due else None


def _last_heard(client: SyncPrefectClient, run: FlowRun) -> dt.datetime | None:
    """When the server had the last heartbeat of the process that carries a run out now; None if it had none."""
    assert run.state is not None
    beats = EventFilter(
        event=EventNameFilter(name=["prefect.flow-run.heartbeat"]),
        resource=EventResourceFilter(id=[f"prefect.flow-run.{run.id}"]),
        # Another machine's clock may be ahead.
        occurred=EventOccurredFilter.model_validate(
            {"since": run.state.timestamp, "until": now() + dt.timedelta(days=1)}
        ),
    )
    newest = client.read_events(beats, limit=1).events
    return newest[0].received if newest else None


def _tell_crash(client: SyncPrefectClient, workspace: Workspace, run: FlowRun) -> None:
    """To ops of each district that it was about, whatever its declaration is like; once."""
    # A backfill at the console is shown with what was asked of it.
    given = run.parameters.get("parameters", run.parameters)
    about = [given.get("district"), *(given.get("districts") or ())]
    told = f"运行“{run.name}”（{run.id}）的进程已不在，已标记为中断；到期未完成的月份会自动重试，其余请重新运行"
    with closing(Store(workspace.store_address)) as store:
        for district in workspace.districts_here(str(one) for one in about if one):
            at = None
            if "district" in given:
                with suppress(YuebaoError):
                    at = period_of(run, workspace.district(district).schedule)
            raise_alert(workspace, Alert(AlertKind.CRASHED, district, at, "运行中断", told), store)
    client.update_flow_run_labels(run.id, {TOLD: now().isoformat()})
