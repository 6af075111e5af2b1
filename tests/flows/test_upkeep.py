"""The upkeep without a server: one step's fault, or one district's, keeps nothing else from being looked after."""

from __future__ import annotations

from contextlib import closing, nullcontext
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.states import Failed

from flows.orchestration import upkeep
from flows.orchestration.zombies import _tell_crash, period_of
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import DISTRICT, Sent
from transforms.alerts import Alert, AlertKind
from transforms.delivering.outbox import Message, MessageKind
from transforms.errors import DeclarationError, EnvironmentFault

SCHEDULE = "schedule:\n  when: {working_day: 2, after: 17}\n"


@pytest.fixture
def workspace(workspace_and_sent: tuple[Workspace, Sent]) -> Workspace:
    made, _ = workspace_and_sent
    (made.folder("small") / "district.yaml").write_text(DISTRICT + SCHEDULE, encoding="utf-8")
    return made


def messages(workspace: Workspace) -> tuple[Message, ...]:
    with closing(Store(workspace.store_address)) as store:
        return store.messages("small")


def look_after(workspace: Workspace) -> tuple[list[str], list[str]]:
    client: Any = None
    looked = upkeep.look_after(client, workspace, "small")
    return list(looked.done), looked.faults


def steps(monkeypatch: pytest.MonkeyPatch, **faults: Exception) -> list[str]:
    """Let each step that asks a server tell its name, or raise; gives what was done."""
    done: list[str] = []

    def step(name: str) -> Any:
        def taken(*_: object) -> list[str]:
            done.append(name)
            if name in faults:
                raise faults[name]
            return []

        return taken

    for name in ("_retire", "_renew", "_end_suspended", "_mend", "_hand_over"):
        monkeypatch.setattr(upkeep, name, step(name))
    return done


def test_each_step_is_taken_whatever_becomes_of_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = DeclarationError([])
    done = steps(monkeypatch, _renew=declared, _mend=ValueError("no such month: 2024-13"))
    told, faults = look_after(workspace)
    assert done == ["_renew", "_end_suspended", "_mend", "_hand_over"]
    assert told == []
    # A fault of the program is told by its place: its words may quote anything.
    assert [one.partition(":")[0] for one in faults] == ["small", "small"]
    assert "ValueError at test_upkeep.py" in faults[1]
    assert "2024-13" not in faults[1]
    assert [one.kind for one in messages(workspace)] == [MessageKind.ALERT, MessageKind.ALERT]

    # The same again is told once, and a fault that passes says nothing of those that may stand behind it.
    look_after(workspace)
    steps(monkeypatch, _renew=EnvironmentFault("Prefect's server failed"))
    look_after(workspace)
    assert len(messages(workspace)) == 2
    # When all is well again, that is told, too.
    steps(monkeypatch)
    assert look_after(workspace) == ([], [])
    assert [one.kind for one in messages(workspace)][2:] == [MessageKind.ALL_CLEAR]


def test_a_district_without_a_schedule_is_handed_over_all_the_same(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.folder("small") / "district.yaml").write_text(DISTRICT, encoding="utf-8")
    done = steps(monkeypatch)
    assert look_after(workspace) == ([], [])
    assert done == ["_retire", "_hand_over"]


def test_what_passes_by_itself_is_not_told_to_ops(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    steps(monkeypatch, _renew=EnvironmentFault("Prefect's server failed"))
    assert look_after(workspace) == ([], ["small: Prefect's server failed"])
    assert messages(workspace) == ()


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (["y", "y", "y", "y"], False),  # a new installation
        (["y", "y", "y", "y", "y"], True),
        (["y", "y", "y", "y", "y", ""], True),
        (["y", "y", "y", "y", "y", "y"], False),  # told in the round before
        (["y", "y", "", "y", "y", "y"], False),
    ],
)
def test_what_doesnt_pass_in_an_hour_is_told_once_past_the_outbox(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, before: list[str], told: bool
) -> None:
    away = "the store doesn't answer"

    class Remembering:
        def read_flow_runs(self, **_: object) -> list[FlowRun]:
            return [FlowRun(flow_id=uuid4(), state=Failed(message=f"small: {away}" if one else "")) for one in before]

    steps(monkeypatch, _mend=EnvironmentFault(away))
    monkeypatch.setattr(upkeep, "end_zombies", lambda *_: ([], []))
    monkeypatch.setattr(upkeep, "get_client", lambda **_: nullcontext(Remembering()))
    warned: list[Alert] = []
    monkeypatch.setattr(upkeep, "warn_directly", lambda _, alert: warned.append(alert))
    upkeep.upkeep.fn(str(workspace.root), ["small"])
    assert [(one.kind, one.district, one.details) for one in warned] == [(AlertKind.UPKEEP, "small", away)] * told


def test_a_deployment_that_is_gone_is_told_with_its_cure(workspace: Workspace) -> None:
    class Forgetful:
        def read_deployment_by_name(self, _: str) -> None:
            raise ObjectNotFound(Exception())

    client: Any = Forgetful()
    (fault,) = upkeep.look_after(client, workspace, "small").faults
    assert "no deployment yuebao-scheduled/small; start `yuebao serve`, or run `yuebao deploy`, again" in fault


def test_zombies_that_cant_be_looked_for_keep_no_district_waiting(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise KeyError("labels")

    monkeypatch.setattr(upkeep, "end_zombies", breaks)
    monkeypatch.setattr(upkeep, "get_client", lambda **_: nullcontext())
    done = steps(monkeypatch)
    state = upkeep.upkeep.fn(str(workspace.root), ["small"])
    assert done == ["_renew", "_end_suspended", "_mend", "_hand_over"]
    assert (state.name, "KeyError at test_upkeep.py" in state.message) == ("Failed", True)


def test_a_broken_declaration_ends_no_upkeep(workspace: Workspace) -> None:
    (workspace.folder("small") / "district.yaml").write_text("schedule: [", encoding="utf-8")
    _, (fault,) = look_after(workspace)
    assert "district.yaml:1" in fault


def test_a_run_of_what_is_no_period_stands_in_nobodys_way() -> None:
    run = FlowRun.model_construct(parameters={"period": "2024-13"})
    assert period_of(run, None) is None


def test_ops_of_each_district_are_told_of_a_backfill_whose_process_is_gone(workspace: Workspace) -> None:
    told_of: dict[str, object] = {}
    client: Any = SimpleNamespace(update_flow_run_labels=told_of.__setitem__)
    run = FlowRun.model_construct(name="a", id="b", parameters={"districts": ["small", "gone"]})
    _tell_crash(client, workspace, run)
    assert list(told_of) == ["b"]
    (told,) = messages(workspace)
    assert (told.district, told.period) == ("small", None)
    assert "运行中断" in told.body

    # What may be typed on Prefect's page means the same as at the console.
    _tell_crash(client, workspace, FlowRun.model_construct(name="b", id="e", parameters={"districts": ["all"]}))
    assert [one.district for one in messages(workspace)] == ["small", "small"]

    # One at the console is shown with what was asked of it; a declaration with faults keeps nobody from being told.
    (workspace.folder("small") / "district.yaml").write_text("schedule: [", encoding="utf-8")
    asked = {"parameters": {"district": "small", "period": "2024-03"}}
    _tell_crash(client, workspace, FlowRun.model_construct(name="c", id="d", parameters=asked))
    assert len(messages(workspace)) == 3
