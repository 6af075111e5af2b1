"""What ops are told of a backfill that nobody watched, and that it's over once the period is made."""

from __future__ import annotations

from contextlib import closing

import pytest

from flows.backfill import Backfill, backfill
from flows.backfill_ends import tell_of_failures, tell_of_fault
from flows.jobs import directly
from flows.log_files import lines_of
from flows.outcomes import Outcome, Result
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.alerts import Alert
from transforms.delivering.outbox import Message, MessageKind
from transforms.periods import Period

FEBRUARY, MARCH = Period(2024, 2), Period(2024, 3)


def failed(period: Period, message: str, exit_status: int = 4, district: str = "small") -> Outcome:
    return Outcome(district, period, Result.FAILED, message, exit_status)


def messages(workspace: Workspace) -> tuple[Message, ...]:
    with closing(Store(workspace.store_address)) as store:
        return store.messages("small")


def test_a_district_s_failed_periods_are_one_alert_that_ends_with_the_first(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, _ = workspace_and_sent
    outcomes = [
        Outcome("small", Period(2024, 1), Result.MADE),
        failed(FEBRUARY, "a fault of the program; please report it with this:\nTraceback: a secret", 1),
        failed(MARCH, "no file tells of it"),
        failed(MARCH, "no district 'gone'", 2, "gone"),
    ]
    tell_of_failures(workspace, outcomes)
    tell_of_failures(workspace, outcomes)
    (told,) = messages(workspace)
    assert told.period == FEBRUARY
    assert "补做失败" in told.body
    assert "a fault of the program; please report it with this" in told.body
    assert "secret" not in told.body
    assert "还有2024年3月" in told.body

    two = Backfill(workspace, ("small",), FEBRUARY, FEBRUARY)
    backfill(two, directly, lambda _: None)
    assert [one.kind for one in messages(workspace)] == [MessageKind.ALERT, MessageKind.ALL_CLEAR]
    # What is up to date needn't be made again to end what kept a later backfill from beginning.
    tell_of_fault(workspace, ["small", "gone"], FEBRUARY, "the source is away")
    backfill(two, directly, lambda _: None)
    assert [one.kind for one in messages(workspace)][2:] == [MessageKind.ALERT, MessageKind.ALL_CLEAR]


def test_the_log_says_of_a_backfill_that_some_failed(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    backfill(Backfill(workspace, ("small",), Period(2024, 3), Period(2024, 4)), directly, lambda _: None)
    told = lines_of(workspace.logs_folder, 9)
    (ended,) = (one for one in told if (one["event"], one["what"]) == ("run ended", "backfill"))
    assert (ended["level"], ended["exit_status"], ended["periods"], ended["failed"]) == ("error", 6, 2, 1)


def test_what_the_store_cant_take_is_handed_over_directly(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    told: list[Alert] = []
    monkeypatch.setattr("flows.backfill_ends.warn_directly", lambda _, alert: told.append(alert))
    monkeypatch.setattr(Workspace, "store_address", "sqlite:////proc/nowhere/store.sqlite3")
    tell_of_failures(workspace, [failed(MARCH, "the store is gone", 7)])
    assert [(one.period, one.details) for one in told] == [(MARCH, "the store is gone")]


def test_all_means_every_district_on_the_page_too(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    tell_of_fault(workspace, ["all"], None, "0 workers: at least one is needed")
    (told,) = messages(workspace)
    assert "补做未能进行" in told.body
