"""What a Prefect server says of itself and of our deployments; changes nothing there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.clock import BEIJING, now
from flows.orchestration.deployments import UPKEEP
from flows.orchestration.own_server import ADDRESS
from flows.orchestration.server import keep_to_ourselves, server_configured

_LATELY = dt.timedelta(days=35)
_LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A server's answers; ``fault`` is why there are none."""

    address: str
    fault: str = ""
    version: str = ""
    next_runs: tuple[tuple[str, dt.datetime | None], ...] = ()
    """Each deployment by its name (flow/deployment), and when its next run is."""
    workspaces: tuple[tuple[str, str | None], ...] = ()
    """Each deployment by its name, and the workspace that it's for; None where each worker says that."""
    paused: tuple[str, ...] = ()
    crashed: tuple[str, ...] = ()
    """Runs of ours that crashed lately and that no later run of their deployment has made up for."""
    late: tuple[str, ...] = ()
    """Runs of ours that should have begun; not the upkeep's, of which only the last end matters."""
    upkeep_ended: dt.datetime | None = None
    """When the upkeep last came to its end."""


def inquire(own: Path) -> Inquiry | None:
    """Ask the configured server, else the one that `yuebao serve` has in that folder; None where there's neither."""
    keep_to_ourselves()
    address = None if server_configured() else _own(own)
    if address is None and not server_configured():
        return None
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.settings import (
        PREFECT_API_REQUEST_TIMEOUT,
        PREFECT_API_URL,
        PREFECT_CLIENT_MAX_RETRIES,
        temporary_settings,
    )

    # Whoever examines an installation doesn't wait for a server that is away.
    given: dict[Any, Any] = {PREFECT_API_REQUEST_TIMEOUT: 15, PREFECT_CLIENT_MAX_RETRIES: 0}
    if address:
        given[PREFECT_API_URL] = address
    with temporary_settings(given), get_client(sync_client=True) as client:
        there = str(client.api_url).rstrip("/")
        fault = client.api_healthcheck()
        if fault is not None:
            return Inquiry(there, str(fault) or type(fault).__name__)
        flows = {flow.id: flow.name for flow in client.read_flows()}
        next_runs: list[tuple[str, dt.datetime | None]] = []
        workspaces: list[tuple[str, str | None]] = []
        paused, crashed, late = [], [], []
        upkeep_ended = None
        for one in client.read_deployments():
            name = f"{flows.get(one.flow_id, '?')}/{one.name}"
            if not name.startswith("yuebao"):
                continue
            runs = client.read_flow_runs(
                flow_run_filter=FlowRunFilter.model_validate(
                    {"expected_start_time": {"after_": now() - _LATELY}},
                ),
                deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [one.id]}}),
                sort=FlowRunSort.EXPECTED_START_TIME_DESC,
                limit=200,
            )
            workspaces.append((name, one.parameters.get("workspace")))
            times = {
                run.id: run.expected_start_time.astimezone(BEIJING)
                for run in runs
                if run.expected_start_time is not None
            }
            coming = [times[run.id] for run in runs if run.state_type == "SCHEDULED" and run.id in times]
            next_runs.append((name, min(coming, default=None)))
            late += [
                f"{name} of {at:%Y-%m-%d %H:%M}"
                for run in runs
                if one.name != UPKEEP
                and run.state_type in {"SCHEDULED", "PENDING"}
                and (at := times.get(run.id))
                and at < now() - _LATE
            ]
            last = next((run for run in runs if run.state_type in {"COMPLETED", "FAILED", "CRASHED"}), None)
            if last is not None and last.state_type == "CRASHED":
                crashed.append(f"{name}: {last.name}")
            if one.paused:
                paused.append(name)
            if one.name == UPKEEP:
                ends = [
                    run.end_time.astimezone(BEIJING) for run in runs if run.state_type == "COMPLETED" and run.end_time
                ]
                upkeep_ended = max(ends, default=None)
        return Inquiry(
            there,
            version=client.api_version(),
            next_runs=tuple(next_runs),
            workspaces=tuple(workspaces),
            paused=tuple(paused),
            crashed=tuple(crashed),
            late=tuple(late),
            upkeep_ended=upkeep_ended,
        )


def _own(folder: Path) -> str | None:
    try:
        return (folder / ADDRESS).read_text(encoding="ascii").strip() or None
    except OSError:
        return None
