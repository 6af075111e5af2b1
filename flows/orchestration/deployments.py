"""Registers a deployment for each district that has a schedule, and proves that its next run is on the server."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows.clock import BEIJING, now
from flows.due import due_next
from flows.workspace import Workspace
from transforms.declared.schedule import Schedule
from transforms.errors import EnvironmentFault, UsageError, YuebaoError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

UPKEEP = "yuebao-upkeep"
EVERY = dt.timedelta(minutes=10)
"""How often the upkeep runs."""
PROOF_WITHIN = 90
"""Seconds; the scheduler takes up a new deployment every five."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A deployment whose next run is on the server."""

    name: str
    at: dt.datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The districts that are to run by themselves, and what is wrong with those of which that can't be told."""

    districts: tuple[str, ...]
    unread: tuple[YuebaoError, ...] = ()


def scheduled_districts(workspace: Workspace, named: Sequence[str]) -> Scheduled:
    """The named districts, or all that have a schedule; UsageError where there's none.

    Of the named ones each must be right; where all are meant, one district's faults don't keep the others from running.
    """
    if named:
        for one in named:
            if workspace.district(one).schedule is None:
                raise UsageError(f"{one}: no schedule in its district.yaml; declare one (README, “Running by itself”)")
        return Scheduled(tuple(dict.fromkeys(named)))
    found: list[str] = []
    unread: list[YuebaoError] = []
    for one in workspace.districts():
        try:
            if workspace.district(one).schedule is not None:
                found.append(one)
        except YuebaoError as error:
            unread.append(error)
    if not found:
        raise (
            unread[0]
            if unread
            else UsageError("no district.yaml has a schedule; declare one (README, “Running by itself”)")
        )
    return Scheduled(tuple(found), tuple(unread))


def deployments(workspace: Workspace, districts: Sequence[str]) -> Iterator[RunnerDeployment]:
    """A deployment for each district, that of backfills, and last the upkeep's, which looks after all districts."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import EntrypointType  # type: ignore[attr-defined]
    from prefect.schedules import Interval

    from flows.orchestration.backfills import yuebao_backfill
    from flows.orchestration.scheduled import scheduled
    from flows.orchestration.upkeep import upkeep

    for district in districts:
        schedule = workspace.district(district).schedule
        assert schedule is not None
        yield scheduled.to_deployment(  # type: ignore[misc]
            name=district,
            schedule=prefect_schedule(schedule),
            parameters={"district": district, "workspace": str(workspace.root)},
            tags=["yuebao", district],
            concurrency_limit=1,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    # Without a schedule: one period is run again, or a range made, by its parameters in the server's pages.
    yield yuebao_backfill.to_deployment(  # type: ignore[misc]
        name="backfill",
        parameters={"districts": list(districts), "workspace": str(workspace.root)},
        tags=["yuebao"],
        concurrency_limit=1,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    yield upkeep.to_deployment(  # type: ignore[misc]
        name=UPKEEP,
        schedule=Interval(EVERY, anchor_date=dt.datetime(2024, 1, 1, tzinfo=BEIJING), timezone="Asia/Shanghai"),
        # Of all districts, whichever were named: another `yuebao deploy` would take those of this one away.
        parameters={"workspace": str(workspace.root)},
        tags=["yuebao"],
        # What was missed while nobody served needn't be made up for: the next round does the same.
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def prefect_schedule(schedule: Schedule) -> Any:
    """A cron as it is; a rule, which no cron can say, as the moments of the next twelve months."""
    from prefect.schedules import Cron, RRule

    if schedule.when.cron is not None:
        return Cron(schedule.when.cron, timezone="Asia/Shanghai")
    return RRule(dates_of(schedule), timezone="Asia/Shanghai")


def client_schedule(schedule: Schedule) -> Any:
    """The same as the server keeps it."""
    from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule

    if schedule.when.cron is not None:
        return CronSchedule(cron=schedule.when.cron, timezone="Asia/Shanghai")
    return RRuleSchedule(rrule=dates_of(schedule), timezone="Asia/Shanghai")


def dates_of(schedule: Schedule) -> str:
    """The moments of the next twelve months as an iCalendar text."""
    moments = ",".join(f"{one.at:%Y%m%dT%H%M%S}" for one in due_next(schedule))
    return f"RDATE:{moments}"


def prove(workspace: Workspace, districts: Sequence[str]) -> tuple[Proven, ...]:
    """Wait until each deployment has its next run on the server at the right moment.

    EnvironmentFault if one hasn't in time: such a server takes schedules and never fires.
    """
    from prefect.client.orchestration import get_client

    proven, deadline = [], time.monotonic() + PROOF_WITHIN
    with get_client(sync_client=True) as client:
        for district in districts:
            schedule = workspace.district(district).schedule
            assert schedule is not None
            expected = due_next(schedule)
            if not expected:
                raise EnvironmentFault(f"{district}: its schedule makes nothing due in a year; mend `when`")
            wanted = expected[0]
            id_ = client.read_deployment_by_name(f"yuebao-scheduled/{district}").id
            while wanted.at not in (found := _scheduled_at(client, id_)):
                if wanted.at <= now():  # It fell due meanwhile.
                    wanted = due_next(schedule)[0]
                    continue
                if time.monotonic() > deadline:
                    raise EnvironmentFault(_not_proven(client, district, wanted.at, found))
                time.sleep(0.5)
            proven.append(Proven(district, wanted.at, wanted.provisional))
    return tuple(proven)


def _scheduled_at(client: Any, deployment_id: Any) -> list[dt.datetime]:
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter

    runs = client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": ["SCHEDULED"]}}}),
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment_id]}}),
        limit=200,
    )
    return sorted(run.expected_start_time.astimezone(BEIJING) for run in runs if run.expected_start_time)


def _not_proven(client: Any, district: str, wanted: dt.datetime, found: Sequence[dt.datetime]) -> str:
    there = "、".join(f"{one:%Y-%m-%d %H:%M}" for one in found[:3]) or "none"
    return (
        f"{district}: Prefect's server {client.api_url} has no run scheduled at {wanted:%Y-%m-%d %H:%M} (Beijing) "
        f"after {PROOF_WITHIN} s; scheduled: {there}. See that its scheduler runs (no --no-services, "
        "no --no-scheduler), that it has SQLAlchemy below 2.1 and fastapi below 0.151 (beyond these it fails and says "
        "so only in the server's log), and that its clock is right"
    )
