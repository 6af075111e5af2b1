"""Shows runs and backfills in Prefect when a server is configured; the only door to Prefect."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from flows.backfill import Backfill, Outcome, backfill
from flows.issuing import Issued, Order, publish_draft
from flows.jobs import Job, Perform, directly
from flows.monthly import Made, make_bulletin
from transforms.errors import EnvironmentFault

P = ParamSpec("P")
T = TypeVar("T")

Tell = Callable[[str], None]
"""Tells the operator what is being done."""


def server_configured() -> bool:
    """Whether an environment value or the active Prefect profile names a server.

    Answered without importing Prefect: with no server a run has nobody to show itself to, and a temporary one would
    keep the operator waiting for half a minute.
    """
    if os.environ.get("PREFECT_API_URL"):
        return True
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return False
    active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    return bool(profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL"))


def run_month(job: Job, tell: Tell) -> Made:
    """Make one period's bulletin, as a Prefect flow with a task for each stage if a server is configured."""
    if not server_configured():
        return make_bulletin(job, _telling(directly, tell))
    _keep_to_ourselves()
    _require_answer()
    from prefect import flow

    @flow(name="yuebao-month", flow_run_name=f"{job.district} {job.period}", persist_result=False)
    def month(district: str, period: str, as_of: str | None) -> Made:  # noqa: ARG001 - Prefect shows them
        return make_bulletin(job, _telling(_as_task, tell))

    return month(job.district, str(job.period), job.as_of.isoformat() if job.as_of else None)


def run_publication(order: Order, tell: Tell) -> Issued:
    """Publish one period's draft, as a Prefect flow with a task for each stage if a server is configured."""
    if not server_configured():
        return publish_draft(order, _telling(directly, tell))
    _keep_to_ourselves()
    _require_answer()
    from prefect import flow

    job = order.job

    @flow(name="yuebao-publish", flow_run_name=f"{job.district} {job.period}", persist_result=False)
    def publication(district: str, period: str, by: str) -> Issued:  # noqa: ARG001 - Prefect shows them
        return publish_draft(order, _telling(_as_task, tell))

    return publication(job.district, str(job.period), order.by)


def run_backfill(order: Backfill, told: Callable[[Outcome], None]) -> tuple[Outcome, ...]:
    """Make many periods, as one Prefect flow with a task for each period if a server is configured."""
    if not server_configured():
        return backfill(order, directly, told)
    _keep_to_ourselves()
    _require_answer()
    from prefect import flow

    @flow(name="yuebao-backfill", flow_run_name=f"{order.district} {order.first} to {order.last}", persist_result=False)
    def periods(district: str, first: str, last: str, workers: int) -> tuple[Outcome, ...]:  # noqa: ARG001
        return backfill(order, _as_task, told)

    return periods(order.district, str(order.first), str(order.last), order.workers)


def _telling(perform: Perform, tell: Tell) -> Perform:
    def told(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        tell((stage.__doc__ or stage.__name__).split("\n")[0].split(";")[0].rstrip("."))
        return perform(stage, *args, **kwargs)

    return told


def _as_task(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Carry out a stage as a task named after it.

    What it works on stays out of Prefect's sight: it would walk through every reading to look for futures.
    """
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    def hidden() -> T:
        return stage(*args, **kwargs)

    name = getattr(stage, "task_name", stage.__name__)
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(hidden)()


def _keep_to_ourselves() -> None:
    """Telemetry off, and no temporary server in secret."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "false")


def _require_answer() -> None:
    """A server that doesn't answer is told before anything is begun."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
        if fault is not None:
            raise EnvironmentFault(
                f"Prefect's server {client.api_url} doesn't answer ({fault}); start it, or unset PREFECT_API_URL "
                "to run without it"
            )
