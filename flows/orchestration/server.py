"""The Prefect server that runs are shown on: whether one is configured and answers, and what if it fails."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transforms.errors import EnvironmentFault

HEARTBEATS = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60"}
"""Seconds. Of a machine that is gone, only the silence of its runs tells."""
_OURS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    # A busy server on SQLite answers 503 for minutes. Each wait is twice the one before: 2 + 4 + ... + 128 s; Prefect's
    # own 5 give up after one minute.
    "PREFECT_CLIENT_MAX_RETRIES": "7",
    **HEARTBEATS,
}


def server_configured() -> bool:
    """Whether an environment value or the active Prefect profile names a server.

    Answered without importing Prefect: with no server a run has nobody to show itself to, and a temporary one would
    keep the operator waiting for half a minute.
    """
    return bool(_configured("PREFECT_API_URL"))


def keep_to_ourselves() -> None:
    """Telemetry off, no temporary server in secret, and patience with a busy one; what is configured stays."""
    for name, value in _OURS.items():
        if not _configured(name):
            os.environ[name] = value


@contextmanager
def answering() -> Iterator[None]:
    """Let a server that fails in the middle be an EnvironmentFault with its cure, not a traceback."""
    from httpx import HTTPError

    try:
        yield
    except HTTPError as error:
        raise EnvironmentFault(unanswered(error)) from None


def unanswered(error: Exception) -> str:
    """What is said of a server that failed in the middle, and its cure."""
    told = str(error).partition(" - Response")[0] or type(error).__name__
    return f"Prefect's server failed ({told}); see that it runs and isn't overloaded, then run again"


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


def _configured(name: str) -> str:
    """What the environment or the active Prefect profile says of a setting; empty where neither says anything."""
    if os.environ.get(name):
        return os.environ[name]
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return ""
    active = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    return str(profiles.get("profiles", {}).get(active, {}).get(name, ""))
