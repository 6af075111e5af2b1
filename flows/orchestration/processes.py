"""Tells Prefect which process a flow run lives in, so that one whose process is gone can be told from a long one."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

HOST, PROCESS, RUNNING = "yuebao.host", "yuebao.process", "yuebao.running"


def tell_process(flow: Any, flow_run: FlowRun, state: Any) -> None:  # noqa: ARG001 - what Prefect calls a hook with
    """Name this process in the run's labels, and the state that it began with: a resumed run begins another."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        told: dict[str, Any] = {HOST: this_machine(), PROCESS: identity(os.getpid()), RUNNING: str(state.id)}
        client.update_flow_run_labels(flow_run.id, told)


def lives(labels: dict[str, Any], running: str | None) -> bool | None:
    """Whether the process that the labels name lives; None where they're of another machine, or tell nothing.

    ``running`` is the state that the run is in, if it's running: labels of an earlier one tell nothing.
    """
    told = str(labels.get(PROCESS, ""))
    machine, _, boot = str(labels.get(HOST, "")).partition(" ")
    here, _, current = this_machine().partition(" ")
    if machine != here or not told or (running is not None and running != labels.get(RUNNING)):
        return None
    return boot == current and identity(int(told.partition(" ")[0])) == told


def identity(pid: int) -> str:
    """A process by its number and when it began, since numbers are given again; empty if it's gone or a zombie."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if told[0] in "ZX" else f"{pid} {told[19]}"


def this_machine() -> str:
    """Its name and id, then its boot: after a restart no process of before lives."""
    return f"{socket.gethostname()}/{_line('/etc/machine-id')} {_line('/proc/sys/kernel/random/boot_id')}"


def _line(file: str) -> str:
    try:
        return Path(file).read_text(encoding="ascii").strip()
    except OSError:
        return ""
