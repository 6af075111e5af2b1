"""What `yuebao doctor` says of a Prefect server: real ones, one that schedules and what becomes of it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from flows.clock import now
from flows.doctor import examine
from flows.doctor.prefect import prefect
from flows.doctor.registry import Examined
from flows.orchestration.deployments import deployments
from flows.workspace import Workspace
from tests.flows.small import DISTRICT, Sent
from transforms.examining import Finding, Verdict

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]

SCHEDULE = "schedule:\n  when: {working_day: 2, after: 17, at: '09:00'}\n"


def scheduled(workspace: Workspace) -> Workspace:
    file = workspace.folder("small") / "district.yaml"
    file.write_text(file.read_text("utf-8") + SCHEDULE, encoding="utf-8")
    return workspace


def found(workspace: Workspace) -> dict[str, Finding]:
    return {one.looked_at: one for one in prefect(Examined(workspace, workspace.districts()))}


def test_without_a_server_or_a_schedule_there_is_nothing_to_say(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    assert found(workspace)["server"].verdict is Verdict.OK
    assert found(scheduled(workspace))["server"].verdict is Verdict.FAULT


def test_nothing_is_claimed_of_a_district_whose_declaration_cannot_be_read(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, _ = workspace_and_sent
    (workspace.folder("small") / "district.yaml").write_text("nonsense: true\n", encoding="utf-8")
    told = found(workspace)["server"]
    assert told.verdict is Verdict.WARNING
    assert "whether small should run by itself can't be told" in told.found


def test_a_server_that_does_not_answer_is_a_fault(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    own = workspace.out / "prefect"
    own.mkdir(parents=True)
    (own / "address").write_text("http://127.0.0.1:1/api", encoding="ascii")
    told = found(workspace)["server http://127.0.0.1:1/api"]
    assert told.verdict is Verdict.FAULT
    assert "doesn't answer" in told.found


def test_a_district_that_is_not_registered_is_a_fault_until_it_is(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    import time

    workspace = scheduled(workspace_and_sent[0])
    before = found(workspace)
    assert before[f"server {orchestrated}"].verdict is Verdict.OK
    assert "isn't registered" in before["deployment yuebao-scheduled/small"].found
    for one in deployments(workspace, ["small"]):
        one.apply()
    deadline = time.monotonic() + 240
    while (told := found(workspace))["deployment yuebao-scheduled/small"].verdict is not Verdict.OK:
        assert time.monotonic() < deadline, told
    assert told["deployment yuebao-scheduled/small"].found.startswith("next run ")
    # Registered, but nobody serves it: its upkeep has never come to an end.
    assert told["upkeep"].verdict is Verdict.FAULT
    assert "prefect" in examine(workspace, workspace.districts(), lambda _theme, _finding: None)
    # Its schedule goes: what is registered of it would fail on every due day.
    (workspace.folder("small") / "district.yaml").write_text(DISTRICT, encoding="utf-8")
    left = found(workspace)["deployment yuebao-scheduled/small"]
    assert (left.verdict, "has no schedule here" in left.found) == (Verdict.WARNING, True)


def test_a_run_that_nobody_takes_and_one_that_crashed_are_told_until_a_later_one_has_ended(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.states import Completed, Crashed, Scheduled

    workspace = scheduled(workspace_and_sent[0])
    # A district that no other test of this server has runs of.
    shutil.copytree(workspace.folder("small"), workspace.raw / "waited-for")
    for file in (workspace.raw / "waited-for").glob("**/*.yaml"):
        text = file.read_text("utf-8")
        file.write_text(re.sub("^(id|district): small$", r"\1: waited-for", text, flags=re.M), encoding="utf-8")
    for own in deployments(workspace, ["waited-for"]):
        own.apply()
    with get_client(sync_client=True) as client:
        one = client.read_deployment_by_name("yuebao-scheduled/waited-for").id
        due = now() - dt.timedelta(minutes=20)
        run = client.create_flow_run_from_deployment(one, state=Scheduled(scheduled_time=due))
        late = f"run yuebao-scheduled/waited-for of {due:%Y-%m-%d %H:%M}"
        crashed = f"run yuebao-scheduled/waited-for: {run.name}"
        told = found(workspace)
        assert (told[late].verdict, told[late].found) == (Verdict.FAULT, "is late: nobody takes it")
        assert crashed not in told

        client.set_flow_run_state(run.id, Crashed(), force=True)
        told = found(workspace)
        assert told[crashed].verdict is Verdict.WARNING
        assert "no later run has come to an end" in told[crashed].found
        assert late not in told

        later = client.create_flow_run_from_deployment(
            one, state=Scheduled(scheduled_time=due + dt.timedelta(minutes=15))
        )
        assert crashed in found(workspace)
        client.set_flow_run_state(later.id, Completed(), force=True)
        assert crashed not in found(workspace)
