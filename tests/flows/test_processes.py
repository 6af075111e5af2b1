"""Whether the process of a flow run still lives, by what the run's labels say."""

from __future__ import annotations

import signal
import subprocess
import sys

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
