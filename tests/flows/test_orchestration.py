"""Runs and backfills as Prefect shows them, on a real server of the tests' own."""

from __future__ import annotations

import pytest

from flows.backfill import Backfill, Result
from flows.jobs import Job
from flows.orchestration import run_backfill, run_month, server_configured
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.errors import DoubtError
from transforms.periods import Period

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]


def flow_runs() -> dict[str, tuple[str, set[str]]]:
    """Each flow run's state and the names of its tasks, by the run's name."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs()
        return {
            run.name: (
                run.state_name or "",
                {task.name.rsplit("-", 1)[0] for task in tasks if task.flow_run_id == run.id},
            )
            for run in client.read_flow_runs()
        }


def test_a_month_is_a_flow_with_a_task_for_each_stage(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    workspace, _ = workspace_and_sent
    told: list[str] = []
    made = run_month(Job(workspace, "small", Period(2024, 3)), told.append)
    assert (made.folder / "manifest.json").is_file()
    assert "Judge every indicator of the plan" in told

    state, tasks = flow_runs()["small 2024-03"]
    assert state == "Completed"
    assert {"bring_in", "recall", "doubt_what_was_read", "give_meaning", "judge", "render", "put_in_place"} <= tasks


def test_a_blocked_month_fails_in_prefect_too(orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    sent.statistics("2024-03-18", 2024, 2, "约26", "—", "主要经济指标_2024年2月_更正.xlsx")
    with pytest.raises(DoubtError):
        run_month(Job(workspace, "small", Period(2024, 2)), lambda _: None)
    assert flow_runs()["small 2024-02"][0] == "Failed"


def test_a_backfill_is_a_flow_with_a_task_for_each_period(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    workspace, _ = workspace_and_sent
    order = Backfill(workspace, "small", Period(2024, 2), Period(2024, 4))
    outcomes = run_backfill(order, lambda _: None)
    assert [outcome.result for outcome in outcomes] == [Result.MADE, Result.MADE, Result.FAILED]

    state, tasks = flow_runs()["small 2024-02 to 2024-04"]
    assert state == "Completed"
    assert {"small 2024-02", "small 2024-03", "small 2024-04"} <= tasks


def test_the_active_profile_may_name_the_server(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PREFECT_HOME", str(home))
    assert not server_configured()
    (home / "profiles.toml").write_text(
        'active = "bureau"\n[profiles.bureau]\nPREFECT_API_URL = "http://prefect.bureau:4200/api"\n[profiles.other]\n',
        encoding="utf-8",
    )
    assert server_configured()
    monkeypatch.setenv("PREFECT_PROFILE", "other")
    assert not server_configured()
