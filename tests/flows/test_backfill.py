"""Many periods: what is made, what is left, what fails, and what becomes stale."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.backfill import Backfill, Outcome, Result, backfill
from flows.jobs import directly
from flows.status import Standing, status_of
from flows.workspace import Workspace
from tests.flows.small import Sent
from tests.flows.workers import be_killed, never_end
from transforms.periods import Period


def done(workspace: Workspace, first: str, last: str, workers: int = 1) -> dict[str, Outcome]:
    told: list[Outcome] = []
    order = Backfill(workspace, ("small",), Period.parse(first), Period.parse(last), workers)
    outcomes = backfill(order, directly, told.append)
    assert sorted(told, key=lambda one: one.period) == list(outcomes)
    return {str(outcome.period): outcome for outcome in outcomes}


def results(outcomes: dict[str, Outcome]) -> dict[str, Result]:
    return {period: outcome.result for period, outcome in outcomes.items()}


def all_hashes(workspace: Workspace) -> dict[str, str]:
    folder = workspace.out / "small"
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    }


def test_finished_periods_are_skipped_until_an_input_changes(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    first = done(workspace, "2024-02", "2024-04")
    assert results(first) == {"2024-02": Result.MADE, "2024-03": Result.MADE, "2024-04": Result.FAILED}
    assert first["2024-04"].exit_status == 4
    assert "2024-04" in first["2024-04"].message
    assert results(done(workspace, "2024-02", "2024-03")) == dict.fromkeys(("2024-02", "2024-03"), Result.UP_TO_DATE)

    sent.statistics("2024-05-17", 2024, 3, 43.1, 17.1, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    standings = {str(one.period): one.standing for one in status_of(workspace, "small").periods}
    assert status_of(workspace, "small").waiting == ("inbox/2024-05-17/主要经济指标_2024年3月（修订）_演示数据.xlsx",)
    assert standings["2024-03"] is Standing.MADE
    assert results(done(workspace, "2024-02", "2024-03")) == {"2024-02": Result.UP_TO_DATE, "2024-03": Result.MADE}


def test_status_tells_what_is_made_stale_missing_and_blocked(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, sent = workspace_and_sent
    assert status_of(workspace, "small").periods == ()
    done(workspace, "2024-02", "2024-03")
    sent.form("2024-05-12", 2024, 4, 2)
    done(workspace, "2024-04", "2024-04")
    plan = workspace.plan_file("small", 2024)
    plan.write_text(plan.read_text(encoding="utf-8").replace("value: 170", "value: 180"), encoding="utf-8")

    told = {str(one.period): one.standing for one in status_of(workspace, "small").periods}
    assert told == {
        "2024-01": Standing.MISSING,
        "2024-02": Standing.STALE,
        "2024-03": Standing.STALE,
        "2024-04": Standing.BLOCKED,
    }


def test_workers_give_the_same_bytes_as_one_after_the_other(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
) -> None:
    alone, _ = make_workspace("alone")
    shared, _ = make_workspace("shared")
    done(alone, "2024-02", "2024-03")
    outcomes = done(shared, "2024-02", "2024-03", workers=2)
    assert results(outcomes) == dict.fromkeys(("2024-02", "2024-03"), Result.MADE), outcomes
    assert all_hashes(shared) == all_hashes(alone)


def test_a_damaged_output_is_made_again(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    done(workspace, "2024-03", "2024-03")
    pdf: Path = workspace.bulletin_folder("small", Period(2024, 3)) / "bulletin.pdf"
    pdf.write_bytes(b"damaged")
    assert results(done(workspace, "2024-03", "2024-03")) == {"2024-03": Result.MADE}
    assert pdf.read_bytes().startswith(b"%PDF")


def test_a_worker_that_is_killed_fails_its_periods_and_the_backfill_ends(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.backfill.make_one", be_killed)
    outcomes = done(workspace_and_sent[0], "2024-02", "2024-03", workers=2)
    assert results(outcomes) == dict.fromkeys(("2024-02", "2024-03"), Result.FAILED)
    assert {one.exit_status for one in outcomes.values()} == {7}
    assert "run again, with fewer workers" in outcomes["2024-02"].message


def test_no_worker_outlives_an_interrupted_backfill(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    monkeypatch.setattr("flows.backfill.make_one", never_end)

    def interrupted(stage: Callable[..., object], *args: object, **kwargs: object) -> object:
        if hasattr(stage, "task_name"):
            raise KeyboardInterrupt
        return stage(*args, **kwargs)

    order = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 3), 2)
    with pytest.raises(KeyboardInterrupt):
        backfill(order, interrupted, lambda _: None)  # type: ignore[arg-type]
    assert not multiprocessing.active_children()
    assert not list((workspace.out / "small").glob("2024-*"))
