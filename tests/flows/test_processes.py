"""Whether the process of a flow run still lives, by what the run's labels say."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from flows.clock import now
from flows.orchestration.processes import HOST, PROCESS, RUNNING, identity, lives, this_machine


def told(process: str, machine: str | None = None, running: str = "began") -> dict[str, Any]:
    """The labels of a run that this process said it carries out."""
    return {HOST: machine or this_machine(), PROCESS: process, RUNNING: running}


def test_a_killed_process_is_gone_and_a_living_one_is_not() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    labels = told(identity(process.pid))
    assert lives(labels, "began") is True
    process.send_signal(signal.SIGKILL)
    process.wait(120)
    assert lives(labels, "began") is False
    assert process.stdin is not None
    process.stdin.close()


def test_nothing_is_known_of_other_machines_and_of_runs_without_labels() -> None:
    assert lives(told("1 1", "another"), "began") is None
    assert lives({}, "began") is None


def test_a_resumed_run_isnt_taken_for_the_process_that_was_suspended() -> None:
    pid, began = identity(1).split()
    ended = told(f"{pid} {int(began) + 1}")
    assert lives(ended, "resumed") is None
    assert lives(ended, None) is False


def test_after_a_restart_of_the_machine_no_process_of_before_lives() -> None:
    machine, _, _ = this_machine().partition(" ")
    assert lives(told(identity(1), f"{machine} another-boot"), "began") is False


def test_a_number_that_was_given_again_is_another_process() -> None:
    pid, began = identity(1).split()
    assert lives(told(f"{pid} {int(began) + 1}"), "began") is False


class Heard:
    """A server that last heard a heartbeat so many minutes ago, or never."""

    def __init__(self, minutes: int | None) -> None:
        self.received = None if minutes is None else now() - dt.timedelta(minutes=minutes)
        self.noted: dict[str, str] = {}

    def read_events(self, beats: Any, limit: int) -> Any:
        assert limit == 1
        # Those of an earlier life say nothing of this one.
        known = self.received is not None and self.received >= beats.occurred.since
        return SimpleNamespace(events=[SimpleNamespace(received=self.received)] if known else [])

    def update_flow_run_labels(self, _: Any, labels: dict[str, str]) -> None:
        self.noted.update(labels)


@pytest.mark.parametrize(
    ("state", "minutes", "heard", "is_lost"),
    [
        ("Pending", 14, None, False),
        ("Pending", 16, None, True),
        ("Running", 16, None, False),
        ("Running", 6 * 60 + 1, None, True),
        ("Running", 6 * 60 + 1, 14, False),
        ("Running", 60, 16, True),
        ("Running", 10, 20, False),
        ("Cancelling", 60, 16, True),
    ],
)
def test_a_run_elsewhere_is_lost_when_it_falls_silent(
    state: str, minutes: int, heard: int | None, is_lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect import states
    from prefect.client.schemas.objects import FlowRun

    from flows.orchestration import zombies
    from flows.orchestration.zombies import lost

    begun = getattr(states, state)(timestamp=now() - dt.timedelta(minutes=minutes))
    run = FlowRun(flow_id=uuid4(), state=begun, labels=told("1 1", "another", str(begun.id)))
    client: Any = Heard(heard)
    if heard is not None and is_lost:
        # A server that was away itself has heard nobody: it's asked again after a while.
        for _ in range(2):
            assert not lost(client, run)
            run.labels.update(client.noted)
        later = now() + dt.timedelta(minutes=6)
        monkeypatch.setattr(zombies, "now", lambda: later)
    assert lost(client, run) is is_lost


def test_a_resumed_run_isnt_lost_before_its_new_process_has_told_of_itself() -> None:
    from prefect import states
    from prefect.client.schemas.objects import FlowRun

    from flows.orchestration.zombies import lost

    ended = told(f"{identity(1).split()[0]} 1")
    client: Any = Heard(None)
    assert not lost(client, FlowRun(flow_id=uuid4(), state=states.Pending(), labels=ended))
    assert not lost(client, FlowRun(flow_id=uuid4(), state=states.Running(), labels=ended))
