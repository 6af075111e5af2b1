"""Runs and backfills as Prefect shows them, on a real server of the tests' own."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from flows.backfill import Backfill, Result, Which
from flows.jobs import Job
from flows.orchestration import run_backfill, run_month, server_configured
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.errors import DoubtError, InputError
from transforms.periods import Period

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]


def stage_of(name: str) -> str:
    """A stage's task is called after it with a few marks behind; a period's task has just its name."""
    return name if " " in name else name.rsplit("-", 1)[0]


@pytest.fixture(autouse=True)
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests ran on the same server isn't looked at."""
    if "orchestrated" not in request.fixturenames:
        return
    request.getfixturevalue("orchestrated")
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        monkeypatch.setattr(f"{__name__}.EARLIER", {run.id for run in client.read_flow_runs(limit=200)})


EARLIER: set[object] = set()


def period_states() -> dict[str, tuple[str, str]]:
    """The state's name and message of each period's newest task, by its name."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        tasks = sorted(client.read_task_runs(limit=200), key=lambda task: str(task.created))
    return {task.name: (task.state.name or "", task.state.message or "") for task in tasks if task.state}


def flow_runs() -> dict[str, tuple[str, set[str]]]:
    """Each flow run's state and the names of its tasks, by the run's name."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs()
        return {
            run.name: (
                run.state_name or "",
                {stage_of(task.name) for task in tasks if task.flow_run_id == run.id},
            )
            for run in client.read_flow_runs(limit=200)
            if run.id not in EARLIER
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


def test_a_stage_that_fails_tells_its_sentence_and_no_exception(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    workspace, _ = workspace_and_sent
    with pytest.raises(InputError, match="no file tells of 2024年4月") as fault:
        run_month(Job(workspace, "small", Period(2024, 4)), lambda _: None)
    # Prefect would log an exception of a task with a traceback.
    assert ("Failed", str(fault.value)) in period_states().values()


def test_a_backfill_is_a_flow_with_a_task_for_each_period(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    workspace, _ = workspace_and_sent
    order = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 4))
    outcomes = run_backfill(order, lambda _: None)
    assert [outcome.result for outcome in outcomes] == [Result.MADE, Result.MADE, Result.FAILED]

    state, tasks = flow_runs()["small 2024-02 to 2024-04"]
    assert state == "Failed"
    assert {"small 2024-02", "small 2024-03", "small 2024-04"} <= tasks
    told = period_states()
    assert [told[f"small 2024-0{month}"][0] for month in (2, 3, 4)] == ["Completed", "Completed", "Failed"]
    assert "no file tells of 2024年4月" in told["small 2024-04"][1]

    # Again, side by side: what is up to date says so, and what is made is made by two at once.
    again = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 3), workers=2)
    assert {outcome.result for outcome in run_backfill(again, lambda _: None)} == {Result.UP_TO_DATE}
    told = period_states()
    assert [told[f"small 2024-0{month}"][0] for month in (2, 3)] == ["UpToDate", "UpToDate"]
    forced = replace(again, which=Which.ALL)
    assert {outcome.result for outcome in run_backfill(forced, lambda _: None)} == {Result.MADE}
    assert period_states()["small 2024-03"][0] == "Completed"


def test_one_period_is_run_again_by_the_deployments_parameters(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    from prefect.client.orchestration import get_client

    from flows.orchestration.backfills import yuebao_backfill
    from flows.orchestration.processes import PROCESS
    from flows.orchestration.zombies import FLOWS

    workspace, _ = workspace_and_sent
    parameters = {"districts": ["small"], "first": "2024-03", "workspace": str(workspace.root)}
    state = yuebao_backfill(**parameters, return_state=True)
    assert (state.name, state.message) == ("Completed", "1 made")
    assert state.state_details.flow_run_id is not None
    with get_client(sync_client=True) as client:
        # What the upkeep tells by that its process is gone.
        assert PROCESS in client.read_flow_run(state.state_details.flow_run_id).labels
    assert yuebao_backfill.name in FLOWS
    state = yuebao_backfill(**parameters, return_state=True)
    assert state.message == "1 up to date"
    state = yuebao_backfill(**parameters, force=True, return_state=True)
    assert state.message == "1 made"


def test_a_backfill_that_cant_be_meant_fails_by_the_deployments_parameters_too(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent]
) -> None:
    from flows.orchestration.backfills import yuebao_backfill

    at = str(workspace_and_sent[0].root)
    for wrong, words in (
        ({"districts": ["small"], "first": "2024-03", "workers": 0}, "0 workers: at least one is needed"),
        ({"districts": ["small"], "first": "2024-03", "last": "2024-02"}, "2024-03 comes after 2024-02"),
        ({"districts": ["small"], "last": "2024-02", "stale": True}, "which periods?"),
        ({"districts": ["small"]}, "which periods?"),
        ({"districts": [" "], "first": "2024-03"}, "names no district"),
        ({"districts": ["small"], "first": "2024-03", "stale": True, "force": True}, "leave one of them out"),
    ):
        state = yuebao_backfill(**wrong, workspace=at, return_state=True)
        assert (state.name, words in (state.message or "")) == ("Failed", True), state.message
    with closing(Store(workspace_and_sent[0].store_address)) as store:
        assert "0 workers" in store.messages("small")[0].body


def test_ops_are_told_of_a_backfill_that_failed_by_the_deployments_parameters(
    orchestrated: str, workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestration import backfills

    workspace, _ = workspace_and_sent

    def backfilled(first: str, last: str) -> tuple[str, int]:
        given = {"districts": ["small"], "first": first, "last": last, "workspace": str(workspace.root)}
        state = backfills.yuebao_backfill(**given, return_state=True)
        with closing(Store(workspace.store_address)) as store:
            return state.name or "", len(store.messages("small"))

    assert backfilled("2024-02", "2024-03") == ("Completed", 0)
    assert backfilled("2024-03", "2024-05") == ("Failed", 1)
    assert backfilled("2024-03", "2024-05") == ("Failed", 1)  # Told already.

    def slips(*_: object) -> None:
        raise KeyError("a secret")

    with monkeypatch.context() as broken:
        broken.setattr(backfills, "backfill", slips)
        assert backfilled("2024-03", "2024-03") == ("Failed", 2)
    with closing(Store(workspace.store_address)) as store:
        failed, fault = store.messages("small")
    assert (failed.period, fault.period) == (Period(2024, 4), Period(2024, 3))
    assert "还有2024年5月" in failed.body
    assert "KeyError at test_orchestration.py" in fault.body
    assert "secret" not in fault.body
    # Up to date is as good as made: that is over.
    assert backfilled("2024-03", "2024-03") == ("Completed", 3)


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
