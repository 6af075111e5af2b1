"""Tells Prefect which process a flow run lives in, so that one whose process is gone can be told from a long one."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

HOST, PROCESS = "yuebao.host", "yuebao.process"


def tell_process(flow: Any, flow_run: FlowRun, state: Any) -> None:  # noqa: ARG001 - what Prefect calls a hook with
    """Name this process in the run's labels."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        client.update_flow_run_labels(flow_run.id, {HOST: this_machine(), PROCESS: identity(os.getpid())})


def gone(labels: dict[str, Any]) -> bool:
    """Whether the labels name a process of this machine that no longer lives; of others nothing is known here."""
    told = str(labels.get(PROCESS, ""))
    machine, _, boot = str(labels.get(HOST, "")).partition(" ")
    here, _, current = this_machine().partition(" ")
    if machine != here or not told:
        return False
    return boot != current or identity(int(told.partition(" ")[0])) != told


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
