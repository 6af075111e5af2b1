"""Two runs of one period at once, as real processes on both databases: one waits, and is told for whom."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flows.claims import claimed_district, claimed_period, claimed_server
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.store import Store
from flows.workspace import INSTALLED, Workspace
from tests.flows.small import Sent
from transforms.errors import EnvironmentFault
from transforms.periods import Period

MARCH = Period(2024, 3)
HOLDING = """
import sys
from pathlib import Path
from flows.claims import claimed_district, claimed_period
from flows.workspace import Workspace
from transforms.periods import Period
workspace, what = Workspace(Path(sys.argv[1])), sys.argv[2]
district = what == "whole"
with claimed_district(workspace, "small") if district else claimed_period(workspace, "small", Period.parse(what)):
    print("held", flush=True)
    sys.stdin.readline()
"""
MAKING = """
import sys
from pathlib import Path
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.workspace import Workspace
from transforms.periods import Period
sys.stdin.readline()
make_bulletin(Job(Workspace(Path(sys.argv[1])), "small", Period(2024, 3)))
"""


@pytest.fixture
def workspace(
    address: str, make_workspace: Callable[[str], tuple[Workspace, Sent]], monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """A workspace on each database."""
    made, _ = make_workspace("one")
    if address.startswith("postgresql"):
        monkeypatch.setenv("DATABASE_URL", address)
    Store(made.store_address).close()
    return made


@pytest.fixture
def started() -> Iterator[Callable[[str, Path, str], subprocess.Popen[str]]]:
    """Start a process of that program, which ends with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(program: str, *words: object) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", program, *map(str, words)]
        running.append(subprocess.Popen(command, cwd=INSTALLED, text=True, stdin=pipe, stdout=pipe, stderr=pipe))
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.communicate()


def holder(started: Callable[..., subprocess.Popen[str]], workspace: Workspace, what: str) -> subprocess.Popen[str]:
    process = started(HOLDING, workspace.root, what)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def told(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    return process.stderr.readline()


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)


def test_whoever_comes_second_is_told_who_holds_it_and_waits(
    workspace: Workspace, started: Callable[..., subprocess.Popen[str]]
) -> None:
    first = holder(started, workspace, "2024-03")
    with (
        pytest.raises(EnvironmentFault, match=rf"2024-03: is held by `-c .*process {first.pid}, since 20.*run again"),
        claimed_period(workspace, "small", MARCH, within=0.05),
    ):
        raise AssertionError
    with claimed_period(workspace, "small", MARCH.next, within=0.05):
        pass  # another period isn't kept out
    second = started(HOLDING, workspace.root, "2024-03")
    assert f"2024-03: held by `-c {workspace.root} 2024-03`" in (line := told(second))
    assert f"process {first.pid}, since 20" in line
    # The store isn't held meanwhile.
    with closing(Store(workspace.store_address)) as store:
        store.record_empty("small", "item", "tag")
    let_go(first)
    assert second.stdout
    assert second.stdout.readline() == "held\n"
    let_go(second)


def test_a_killed_holder_keeps_nobody_out(workspace: Workspace, started: Callable[..., subprocess.Popen[str]]) -> None:
    first = holder(started, workspace, "2024-03")
    second = started(HOLDING, workspace.root, "2024-03")
    assert "held by" in told(second)
    os.kill(first.pid, signal.SIGKILL)
    assert second.stdout
    assert second.stdout.readline() == "held\n"
    os.kill(second.pid, signal.SIGKILL)
    second.communicate(timeout=60)
    with claimed_period(workspace, "small", MARCH, within=60):
        pass


def test_who_wants_the_whole_district_waits_for_every_run_and_keeps_all_out(
    workspace: Workspace, started: Callable[..., subprocess.Popen[str]]
) -> None:
    first = holder(started, workspace, "2024-03")
    with (
        pytest.raises(EnvironmentFault, match=f"held by .*process {first.pid}"),
        claimed_district(workspace, "small", within=0.05),
    ):
        raise AssertionError
    let_go(first)
    whole = holder(started, workspace, "whole")
    with (
        pytest.raises(EnvironmentFault, match=f"held by .*process {whole.pid}"),
        claimed_period(workspace, "small", MARCH.next, within=0.05),
    ):
        raise AssertionError
    let_go(whole)
    with claimed_district(workspace, "small", within=60):
        pass


def test_two_runs_at_once_end_with_one_bulletin(
    workspace: Workspace,
    started: Callable[..., subprocess.Popen[str]],
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = [started(MAKING, workspace.root) for _ in range(2)]
    for one in runs:
        assert one.stdin
        one.stdin.write("now\n")
        one.stdin.flush()
    errors = [one.communicate(timeout=300)[1] for one in runs]
    assert [one.returncode for one in runs] == [0, 0], errors
    with closing(Store(workspace.store_address)) as store:
        assert len(store.vintages("small")) == 5
    monkeypatch.delenv("DATABASE_URL", raising=False)
    alone = make_bulletin(Job(make_workspace("alone")[0], "small", MARCH)).folder
    folder = workspace.bulletin_folder("small", MARCH)
    files = {path.name for path in alone.iterdir()}
    assert {path.name for path in folder.iterdir()} == files
    assert all((folder / name).read_bytes() == (alone / name).read_bytes() for name in files)


def test_a_workspace_has_one_server_of_its_own(workspace: Workspace) -> None:
    with (
        claimed_server(workspace),
        pytest.raises(EnvironmentFault, match=rf"server of this workspace is `.*process {os.getpid()}, .* end that"),
        claimed_server(workspace),
    ):
        raise AssertionError
    with claimed_server(workspace):
        pass
