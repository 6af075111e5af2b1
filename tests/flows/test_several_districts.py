"""A district whose declaration has faults, beside one that is right: the right one is looked after all the same."""

from __future__ import annotations

import json

import pytest

from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import Sent

FAULT = "data_raw/bad/district.yaml:1"


@pytest.fixture
def workspace(workspace_and_sent: tuple[Workspace, Sent]) -> Workspace:
    made, _ = workspace_and_sent
    (made.folder("bad") / "plan").mkdir(parents=True)
    (made.folder("bad") / "district.yaml").write_text("id: [", encoding="utf-8")
    return made


@pytest.mark.parametrize(
    "command",
    [("status",), ("verify",), ("deliver",), ("deliver", "--dry-run")],
)
def test_the_others_answer_and_the_fault_is_told_at_the_end(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    assert yuebao(monkeypatch, *command, "--workspace", workspace.root) == 6
    said = capsys.readouterr()
    assert "small" in said.out
    assert FAULT in said.err
    assert said.err.splitlines()[-1].startswith("yuebao: 1 of 2 districts couldn't be asked")
    assert yuebao(monkeypatch, command[0], "bad", *command[1:], "--workspace", workspace.root) == 3
    assert yuebao(monkeypatch, command[0], "small", *command[1:], "--workspace", workspace.root) == 0


def test_what_is_printed_for_programs_holds_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert yuebao(monkeypatch, "status", "--json", "--workspace", workspace.root) == 6
    assert [one["district"] for one in json.loads(capsys.readouterr().out)] == ["small"]


def test_a_dry_run_tells_its_fault_as_what_blocks_its_periods(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dry = ("2024-03", "2024-03", "--dry-run", "--workspace", workspace.root)
    assert yuebao(monkeypatch, "backfill", "all", *dry) == 0
    bad, small = (line for line in capsys.readouterr().out.splitlines() if line.startswith(("bad ", "small ")))
    assert bad.startswith(f"bad 2024-03  blocked: {FAULT}")
    assert small.startswith("small 2024-03  new")
