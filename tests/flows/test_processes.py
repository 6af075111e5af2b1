"""Whether the process of a flow run still lives, by what the run's labels say."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flows.clock import now
from flows.orchestration.processes import HOST, PROCESS, gone, identity, this_machine


def test_a_killed_process_is_gone_and_a_living_one_is_not() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    labels = {HOST: this_machine(), PROCESS: identity(process.pid)}
    assert not gone(labels)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert gone(labels)
    assert process.stdin is not None
    process.stdin.close()


def test_nothing_is_known_of_other_machines_and_of_runs_without_labels() -> None:
    assert not gone({HOST: "another", PROCESS: "1 1"})
    assert not gone({})


def test_after_a_restart_of_the_machine_no_process_of_before_lives() -> None:
    machine, _, _ = this_machine().partition(" ")
    assert gone({HOST: f"{machine} another-boot", PROCESS: identity(1)})


def test_a_number_that_was_given_again_is_another_process() -> None:
    pid, began = identity(1).split()
    assert gone({HOST: this_machine(), PROCESS: f"{pid} {int(began) + 1}"})


def test_a_run_that_was_taken_up_and_never_began_is_lost_after_a_while() -> None:
    from prefect.client.schemas.objects import FlowRun
    from prefect.states import Pending, Running

    from flows.orchestration.upkeep import _lost

    def since(state: Callable[..., Any], minutes: int) -> FlowRun:
        begun = state(timestamp=now() - dt.timedelta(minutes=minutes))
        return FlowRun(flow_id=uuid4(), state=begun)

    assert not _lost(since(Pending, 14))
    assert _lost(since(Pending, 16))
    assert not _lost(since(Running, 16))
    assert _lost(since(Running, 6 * 60 + 1))
