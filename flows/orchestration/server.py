"""The Prefect server that runs are shown on: whether one is configured, and whether it answers."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from transforms.errors import EnvironmentFault


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


def keep_to_ourselves() -> None:
    """Telemetry off, and no temporary server in secret."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "false")


def require_answer() -> None:
    """A server that doesn't answer is told before anything is begun."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
        if fault is not None:
            raise EnvironmentFault(
                f"Prefect's server {client.api_url} doesn't answer ({fault}); start it, or unset PREFECT_API_URL "
                "to run without it"
            )
