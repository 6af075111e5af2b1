"""A run by itself without Prefect: waits for late data, gives up at the deadline, ends as declared, asks again."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import itertools
import json
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import flows.clock
from flows.alerting import raise_alert
from flows.backfill import Backfill
from flows.clock import BEIJING
from flows.decisions import Decision, decide, publish_by_hand, time_out
from flows.due import looked_for_until
from flows.foreseeing import Prospect, foresee
from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.log_files import lines_of
from flows.monthly import make_bulletin
from flows.orchestration import run_publication
from flows.publication import manifest_of
from flows.scheduled import period_due, run_due
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.commands import said_by, yuebao
from tests.flows.mail_hosts import mail_host
from tests.flows.servers import certificate_in
from tests.flows.small import DISTRICT, Sent
from transforms.alerts import OF_RUNS, Alert, AlertKind
from transforms.declared.schedule import Schedule
from transforms.delivering.letters import Letter
from transforms.delivering.outbox import Delivery, Message, MessageKind, Owed, State
from transforms.errors import DeclarationError, EnvironmentFault, InputError
from transforms.periods import Period
from transforms.scheduling.owed import Outcome

SCHEDULE = "schedule:\n  when: {working_day: 2, after: 17}\n  late: {every: 4, until: 2}\n"
NOTICES = """
deliver:
  - kind: mail
    name: notices
    what: notices
    host: 127.0.0.1
    port: 10
    tls: none
    sender: {name: 区经信局, address: stat@bureau.example}
    recipients:
      - {name: 区人社局, unit: 区人社局, address: hr@bureau.example}
"""
FORM = "  - {title: 任务进展报送表, reporter: 区人社局}\nbulletin:"
MARCH = Period(2024, 3)
DUE = dt.datetime(2024, 4, 19, 9, tzinfo=BEIJING)
NEXT_DUE = dt.datetime(2024, 5, 21, 9, tzinfo=BEIJING)
DEADLINE = dt.datetime(2024, 4, 23, 9, tzinfo=BEIJING)

Clock = Callable[[dt.datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time a run by itself believes it is."""

    def at(moment: dt.datetime) -> None:
        for module in ("flows.scheduled", "flows.run_ends", "flows.decisions", "flows.due"):
            monkeypatch.setattr(f"{module}.now", lambda: moment)

    at(DUE)
    assert flows.clock.now() > DUE
    return at


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch) -> list[Alert]:
    """What ops are told, in the place of the outbox."""
    told: list[Alert] = []
    monkeypatch.setattr("flows.run_ends.raise_alert", lambda _w, alert, _s: told.append(alert))
    return told


def declare(workspace: Workspace, more: str = "", district: str = DISTRICT) -> None:
    (workspace.folder("small") / "district.yaml").write_text(district + SCHEDULE + more, encoding="utf-8")


def tries(workspace: Workspace) -> list[Outcome]:
    with closing(Store(workspace.store_address)) as store:
        return [one.outcome for one in store.tries("small")]


def test_late_data_is_waited_for_then_left_out_and_said(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, alerts: list[Alert]
) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace, district=DISTRICT.replace("bulletin:", FORM))
    for file in sent.inbox.rglob("报送表_区人社局_2024年3月*"):
        file.unlink()
    job = Job(workspace, "small", MARCH)

    ended = run_due(job, 1)
    assert (ended.outcome, ended.again) == (Outcome.WAITING, DUE + dt.timedelta(hours=4))
    assert "区人社局" in ended.text
    assert manifest_of(workspace.bulletin_folder("small", MARCH)) is None

    clock(DEADLINE)
    ended = run_due(job, 1)
    assert ended.outcome is Outcome.DRAFTED
    assert "without 区人社局" in ended.text
    folder = workspace.bulletin_folder("small", MARCH)
    assert "未收到区人社局的任务进展报送表" in (folder / "bulletin.html").read_text(encoding="utf-8")
    assert "未报" in (folder / "bulletin.html").read_text(encoding="utf-8")
    assert [one.kind for one in alerts] == [AlertKind.LATE, AlertKind.LATE]
    assert tries(workspace) == [Outcome.WAITING, Outcome.DRAFTED]


def test_late_data_that_comes_is_used(workspace_and_sent: tuple[Workspace, Sent], clock: Clock) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace)
    (table,) = sent.inbox.rglob("主要经济指标_2024年3月*")
    data = table.read_bytes()
    table.unlink()
    job = Job(workspace, "small", MARCH)
    assert run_due(job, 1).outcome is Outcome.WAITING
    table.write_bytes(data)
    assert run_due(job, 1).outcome is Outcome.DRAFTED


def test_a_run_that_cant_begin_for_a_broken_declaration_is_told_once_it_can_be_read(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  colour: red\n")
    with pytest.raises(DeclarationError, match="colour"):
        period_due(workspace, "small", DUE)
    declare(workspace)
    assert period_due(workspace, "small", DUE) == MARCH
    store = Store(workspace.store_address)
    try:
        (told,) = store.messages("small")
        assert "定时运行无法开始" in told.body
        assert "colour" in told.body
        # The next run that ends well ends it.
        run_due(Job(workspace, "small", MARCH), 1)
        assert not store.resolve_alerts("small", MARCH, OF_RUNS, DUE)
    finally:
        store.close()


def test_a_critical_table_is_looked_for_past_the_deadline_until_the_next_period_is_due(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, alerts: list[Alert]
) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace)
    job = Job(workspace, "small", MARCH)
    (table,) = sent.inbox.rglob("主要经济指标_2024年3月*")
    data = table.read_bytes()
    table.unlink()
    clock(DEADLINE)
    ended = run_due(job, 1)
    assert (ended.outcome, ended.again) == (Outcome.WAITING, DEADLINE + dt.timedelta(hours=4))
    assert "nothing is made without 区统计局" in ended.text
    told = [(one.kind, one.files) for one in alerts]
    assert told == [(AlertKind.LATE, ("区统计局",)), (AlertKind.BLOCKED, ("区统计局",))]
    assert manifest_of(workspace.bulletin_folder("small", MARCH)) is None
    (lacking,) = (one for one in alerts if one.kind is AlertKind.BLOCKED)
    assert "2024-05-21 09:00（下一期到期）以前，数据到后自动生成通报" in lacking.details
    alerts.clear()
    clock(NEXT_DUE)
    assert run_due(job, 1).outcome is Outcome.BLOCKED
    assert [(one.kind, one.files) for one in alerts] == [(AlertKind.BLOCKED, ("区统计局",))]
    assert alerts[0].cause != lacking.cause  # so that ops are told that it's over
    clock(DEADLINE + dt.timedelta(hours=4))
    table.write_bytes(data)
    assert run_due(job, 1).outcome is Outcome.DRAFTED


def test_a_period_of_which_nothing_has_come_is_waited_for_though_no_file_is_expected_in_its_month(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, alerts: list[Alert]
) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace, district=DISTRICT.replace("months: [2, 3,", "months: [2,"))
    for file in sent.inbox.rglob("*2024年3月*"):
        file.unlink()
    job = Job(workspace, "small", MARCH)
    ended = run_due(job, 1)
    assert (ended.outcome, ended.again) == (Outcome.WAITING, DUE + dt.timedelta(hours=4))
    clock(NEXT_DUE - dt.timedelta(minutes=1))
    assert run_due(job, 1).again == NEXT_DUE
    clock(NEXT_DUE)
    assert run_due(job, 1).outcome is Outcome.FAILED
    assert "尚未收到该月的任何数据" in alerts[0].details


def test_what_nothing_is_made_without_is_looked_for_until_the_next_moment_of_a_cron() -> None:
    declared = {"when": {"cron": "0 9 18 1,3-12 *"}, "late": {"every": 4, "until": 2}}
    schedule = Schedule.model_validate(declared)
    assert looked_for_until(schedule, Period(2024, 12)) == dt.datetime(2025, 3, 18, 9, tzinfo=BEIJING)


def test_notices_are_made_by_itself_where_they_are_delivered(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    workspace, _ = workspace_and_sent
    folder = workspace.bulletin_folder("small", MARCH)
    declare(workspace)
    assert run_due(Job(workspace, "small", MARCH), 1).outcome is Outcome.DRAFTED
    assert "notices" not in (manifest_of(folder) or {})
    declare(workspace, NOTICES)
    # The draft from before is stale for that, and can't be published without.
    _, told = said_by(capsys, monkeypatch, "status", "small", "2024-03", "--workspace", workspace.root)
    assert "stale: notices are wanted beside it" in told
    (foreseen,) = foresee(Backfill(workspace, ("small",), MARCH, MARCH)).periods
    assert foreseen.prospect is Prospect.STALE
    with pytest.raises(InputError, match="notices are delivered now, and it has none; run `yuebao run small 2024-03`"):
        publish_draft(Order(Job(workspace, "small", MARCH), "王明"))
    assert run_due(Job(workspace, "small", MARCH), 1).outcome is Outcome.DRAFTED
    assert "notices" in (manifest_of(folder) or {})
    (foreseen,) = foresee(Backfill(workspace, ("small",), MARCH, MARCH)).periods
    assert foreseen.prospect is Prospect.UP_TO_DATE
    publish_draft(Order(Job(workspace, "small", MARCH), "王明"))


def test_the_command_that_a_cut_alert_names_tells_the_rest(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    workspace, sent = workspace_and_sent
    declare(workspace)
    for file in sent.inbox.rglob("主要经济指标_2024年3月*"):
        file.unlink()
    clock(DEADLINE)
    run_due(Job(workspace, "small", MARCH), 1)
    store = Store(workspace.store_address)
    try:
        letter = Letter.read(store.messages("small")[0].body)
    finally:
        store.close()
    command = re.search(r"yuebao (log small 2024-03)", letter.rest)
    assert command is not None
    capsys.readouterr()
    assert yuebao(monkeypatch, *command[1].split(), "--workspace", str(workspace.root)) == 0
    told = capsys.readouterr().out
    for part in letter.parts:
        assert all(line in told for line in part.lines)


def test_a_fault_that_may_pass_is_tried_again_ever_later(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  retries: {times: 2, first: 2}\n")

    def gone(*_: object) -> None:
        raise EnvironmentFault("the store is gone")

    monkeypatch.setattr("flows.scheduled.bring_in", gone)
    job = Job(workspace, "small", MARCH)
    ends = [run_due(job, attempt) for attempt in (1, 2, 3)]
    assert [one.outcome for one in ends] == [Outcome.RETRYING, Outcome.RETRYING, Outcome.FAILED]
    assert [one.again and one.again - DUE for one in ends] == [
        dt.timedelta(minutes=2),
        dt.timedelta(minutes=4),
        None,
    ]


def test_it_issues_what_nobody_need_look_at(workspace_and_sent: tuple[Workspace, Sent], clock: Clock) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: issue\n  by: 值班室\n")
    ended = run_due(Job(workspace, "small", MARCH), 1)
    assert ended.outcome is Outcome.ISSUED
    (manifest,) = (json.loads(one.read_text("utf-8")) for one in issues(workspace))
    assert manifest["issue"]["by"] == "值班室"


def test_a_changed_draft_is_asked_for_again_and_the_name_is_kept(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    assert asked.outcome is Outcome.AWAITING

    sent.statistics("2024-04-20", 2024, 3, 43.5, 16.5, "主要经济指标_2024年3月_更正.xlsx")
    yes = Decision(True, "张三", "test", "同意")
    again = decide(job, asked.fingerprint, yes)
    assert again.outcome is Outcome.AWAITING
    assert again.fingerprint != asked.fingerprint
    assert not issues(workspace)

    assert decide(job, again.fingerprint, yes).outcome is Outcome.ISSUED
    assert json.loads(issues(workspace)[0].read_text("utf-8"))["issue"]["by"] == "张三"
    store = Store(workspace.store_address)
    (kept,) = store.approvals("small")
    store.close()
    assert (kept.by, kept.decision, kept.how, kept.fingerprint) == ("张三", "approve", "test", again.fingerprint)
    assert decide(job, again.fingerprint, yes).text == "it was published meanwhile"


def test_to_publish_by_hand_is_the_approval_of_a_draft_that_awaits_it(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    run_publication(Order(job, "王主任"), lambda _: None)
    store = Store(workspace.store_address)
    (kept,) = store.approvals("small")
    store.close()
    assert (kept.decision, kept.by, kept.fingerprint) == ("approve", "王主任", asked.fingerprint)
    assert kept.how.startswith("yuebao publish")
    assert tries(workspace) == [Outcome.AWAITING, Outcome.ISSUED]
    # Nothing awaits it any longer: to publish again approves nothing.
    run_publication(Order(job, "李主任"), lambda _: None)
    assert tries(workspace) == [Outcome.AWAITING, Outcome.ISSUED]


@pytest.mark.parametrize("before", ["rejected", "timed out", "blocked", "never tried"])
def test_to_publish_by_hand_is_an_approval_whatever_the_run_by_itself_came_to(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, before: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    workspace, sent = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    if before in {"rejected", "timed out"}:
        asked = run_due(job, 1)
        with closing(Store(workspace.store_address)) as store:
            if before == "rejected":
                decide(job, asked.fingerprint, Decision(False, "李四", "test", "数据有误"))
            else:
                time_out(job, asked.fingerprint, store)
    elif before == "blocked":
        (table,) = sent.inbox.rglob("主要经济指标_2024年3月*")
        data = table.read_bytes()
        table.unlink()
        clock(NEXT_DUE)
        assert run_due(job, 1).outcome is Outcome.BLOCKED
        table.write_bytes(data)
    make_bulletin(job)
    issued = run_publication(Order(job, "王主任"), lambda _: None).issue
    with closing(Store(workspace.store_address)) as store:
        kept = store.approvals("small")[-1]
    assert (kept.decision, kept.by, kept.fingerprint) == ("approve", "王主任", issued.fingerprint)
    ended = tries(workspace)
    assert ended[-1] is Outcome.ISSUED
    _, told = said_by(capsys, monkeypatch, "status", "small", "2024-03", "--workspace", workspace.root)
    assert "approved by 王主任" in told
    assert not re.search("rejected|timed out|blocked", told)

    # To publish again what stands published decides nothing; to publish a correction does.
    run_publication(Order(job, "李主任"), lambda _: None)
    assert tries(workspace) == ended
    sent.statistics("2024-04-20", 2024, 3, 43.5, 16.5, "主要经济指标_2024年3月_更正.xlsx")
    make_bulletin(job)
    run_publication(Order(job, "李主任"), lambda _: None)
    assert tries(workspace) == [*ended, Outcome.ISSUED]
    with closing(Store(workspace.store_address)) as store:
        assert store.approvals("small")[-1].by == "李主任"


def test_what_a_draft_s_district_publishes_by_hand_approves_nothing(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace)
    job = Job(workspace, "small", MARCH)
    run_due(job, 1)
    run_publication(Order(job, "王主任"), lambda _: None)
    with closing(Store(workspace.store_address)) as store:
        assert store.approvals("small") == ()
    assert tries(workspace) == [Outcome.DRAFTED]


def test_an_approval_that_a_killed_publisher_didnt_keep_is_kept_by_the_next(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    decide(job, asked.fingerprint, Decision(False, "李四", "test", "数据有误"))
    publish_draft(Order(job, "王主任"))  # as far as a publisher comes that is killed then
    run_publication(Order(job, "王主任"), lambda _: None)
    with closing(Store(workspace.store_address)) as store:
        assert [one.decision for one in store.approvals("small")] == ["reject", "approve"]
    assert tries(workspace)[-1] is Outcome.ISSUED


def test_to_publish_by_hand_ends_what_ops_were_told(workspace_and_sent: tuple[Workspace, Sent], clock: Clock) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace)
    (table,) = sent.inbox.rglob("主要经济指标_2024年3月*")
    data = table.read_bytes()
    table.unlink()
    clock(NEXT_DUE)
    job = Job(workspace, "small", MARCH)
    assert run_due(job, 1).outcome is Outcome.BLOCKED
    table.write_bytes(data)
    make_bulletin(job)
    run_publication(Order(job, "王主任"), lambda _: None)
    store = Store(workspace.store_address)
    try:
        assert not store.resolve_alerts("small", MARCH, OF_RUNS, DEADLINE)
    finally:
        store.close()


def test_a_fault_of_the_program_is_kept_and_told_and_not_tried_again(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, alerts: list[Alert], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace)

    def slips(*_: object) -> None:
        raise KeyError("a slip")

    monkeypatch.setattr("flows.scheduled.bring_in", slips)
    with pytest.raises(KeyError, match="a slip"):
        run_due(Job(workspace, "small", MARCH), 1)
    assert tries(workspace) == [Outcome.FAILED]
    (alert,) = alerts
    assert alert.details.startswith("KeyError at test_scheduled.py:")


def test_only_the_draft_that_was_approved_is_published(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    run_due(job, 1)
    with pytest.raises(InputError, match="has another in its place"):
        publish_draft(Order(job, "张三", None, "of another draft"))
    assert not issues(workspace)


def test_an_approval_is_kept_over_a_fault_that_passes(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)

    def gone(*_: object) -> None:
        raise EnvironmentFault("the disk is full")

    with monkeypatch.context() as away:
        away.setattr("flows.decisions.publish_draft", gone)
        assert decide(job, asked.fingerprint, Decision(True, "张三", "test")).outcome is Outcome.RETRYING
    assert run_due(job, 2).outcome is Outcome.ISSUED
    assert json.loads(issues(workspace)[0].read_text("utf-8"))["issue"]["by"] == "张三"


def test_a_look_into_the_past_says_nothing_of_how_the_period_stands(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace)
    store = Store(workspace.store_address)
    try:
        alert = Alert(AlertKind.BLOCKED, "small", MARCH, "存疑", "存疑")
        raise_alert(workspace, alert, store)
        run_due(Job(workspace, "small", MARCH, flows.clock.now()), 1)
        assert [one.kind for one in store.resolve_alerts("small", MARCH, OF_RUNS, DUE)] == [MessageKind.ALERT]
        assert tries(workspace) == []
        # Nor does a period's next run end what a person must settle.
        about = Message("small", MARCH, "issue/2024-03/0", MessageKind.ISSUE, "{}", DUE)
        delivery = Delivery(5, about, Owed("chat", "wecom"), State.UNCERTAIN, 1, None, None, DUE, "")
        raise_alert(workspace, replace(alert, delivery=delivery.code), store)
        assert not store.resolve_alerts("small", MARCH, OF_RUNS, DUE)
        store.resolve_delivery(delivery, DUE)
        raise_alert(workspace, replace(alert, delivery=delivery.code), store)
        assert len([one for one in store.messages("small") if "delivery" in one.key]) == 2
    finally:
        store.close()


def test_a_rejection_is_kept_and_told(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, alerts: list[Alert]
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    ended = decide(job, asked.fingerprint, Decision(False, "李四", "test", "数据有误"))
    assert ended.outcome is Outcome.REJECTED
    waits, rejected = (one.details for one in alerts)
    assert rejected == "李四未批准2024年3月通报草稿：数据有误"
    assert "data_out/small/2024-03" in waits
    assert "2024-04-26 09:00前" in waits
    assert not issues(workspace)

    # A page of the same draft that is still open on another run.
    late = decide(job, asked.fingerprint, Decision(True, "王明", "test"))
    assert (late.outcome, late.well) == (Outcome.REJECTED, False)
    assert late.text.startswith("李四未批准2024年3月通报草稿：数据有误")
    assert not issues(workspace)


@pytest.mark.parametrize(("by", "why"), [("\u3000", "姓名为空"), ("王\n明", "一行"), ("长" * 61, "不超过60个字")])
@pytest.mark.parametrize("approved", [True, False])
def test_a_decision_without_a_name_is_asked_for_again(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, approved: bool, by: str, why: str
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    told = kinds(workspace)
    clock(DEADLINE)
    ended = decide(job, asked.fingerprint, Decision(approved, by, "test"))
    assert (ended.outcome, ended.fingerprint) == (Outcome.AWAITING, asked.fingerprint)
    assert why in ended.text
    assert "--" not in ended.text
    # It stands as it stood: nothing is told anew, and there's no more time to decide.
    assert (tries(workspace), kinds(workspace)) == ([Outcome.AWAITING], told)
    with closing(Store(workspace.store_address)) as store:
        assert store.approvals("small") == ()


def test_a_name_with_a_full_width_space_decides(workspace_and_sent: tuple[Workspace, Sent], clock: Clock) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    assert decide(job, asked.fingerprint, Decision(False, "李\u3000四", "test", "错\n2024-03  made")).well is False
    assert run_due(job, 1).fingerprint == asked.fingerprint  # it's run again, so that it's asked for again
    assert decide(job, asked.fingerprint, Decision(True, "王\u3000明", "test")).outcome is Outcome.ISSUED
    with closing(Store(workspace.store_address)) as store:
        assert [(one.by, one.remark) for one in store.approvals("small")] == [
            ("李 四", "错 2024-03 made"),
            ("王 明", ""),
        ]
        assert [one.by for one in store.issues("small")] == ["王 明"]


def kinds(workspace: Workspace) -> list[str]:
    """What ops were told, in order: the kind of each alert, and what is over."""
    with closing(Store(workspace.store_address)) as store:
        told = [one for one in store.messages("small") if one.kind is not MessageKind.ISSUE]
    return [one.key.split("/")[1] if one.kind is MessageKind.ALERT else one.kind for one in told]


def test_whoever_approves_is_told_that_a_draft_waits_and_when_it_no_longer_does(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace, "  end: approval\n")
    job = Job(workspace, "small", MARCH)
    asked = run_due(job, 1)
    assert kinds(workspace) == ["approval"]
    decide(job, asked.fingerprint, Decision(True, "张三", "test"))
    assert kinds(workspace) == ["approval", MessageKind.ALL_CLEAR]


def test_status_says_what_a_run_by_itself_waits_for_and_who_decided(
    workspace_and_sent: tuple[Workspace, Sent],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace, sent = workspace_and_sent

    def status() -> list[str]:
        """The lines under March's own."""
        _, printed = said_by(capsys, monkeypatch, "status", "small", "2024-03", "--workspace", workspace.root)
        lines = printed.splitlines()
        at = next(number for number, line in enumerate(lines) if line.startswith("  2024-03"))
        return [line.strip() for line in itertools.takewhile(lambda one: one.startswith(" " * 11), lines[at + 1 :])]

    declare(workspace, "  end: approval\n")
    (table,) = sent.inbox.rglob("主要经济指标_2024年3月*")
    data = table.read_bytes()
    table.unlink()
    job = Job(workspace, "small", MARCH)
    run_due(job, 1)
    (waiting,) = status()
    assert waiting.startswith("by itself: waiting since ")
    assert "waiting for 区统计局" in waiting
    table.write_bytes(data)
    asked = run_due(job, 1)
    (awaiting,) = status()
    assert "awaiting approval since" in awaiting
    decide(job, asked.fingerprint, Decision(False, "李四", "test", "数据有误"))
    rejected, who = status()
    assert rejected.startswith("by itself: rejected since ")
    assert who.startswith("rejected by 李四 on ")
    assert who.endswith(": 数据有误")
    make_bulletin(job)
    assert status() == [rejected, who]
    # However it came to be published, no rejection stands beside the issue.
    publish_draft(Order(job, "王明"))
    assert status() == []


def test_status_hides_no_period_for_want_of_a_plan(
    workspace_and_sent: tuple[Workspace, Sent],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace)
    job = Job(workspace, "small", MARCH)
    make_bulletin(job)
    publish_draft(Order(job, "王明"))
    assert run_due(Job(workspace, "small", Period(2026, 10)), 1).outcome is Outcome.FAILED
    for plan in (workspace.folder("small") / "plan").iterdir():
        plan.rename(plan.with_suffix(".away"))
    _, told = said_by(capsys, monkeypatch, "status", "small", "--workspace", workspace.root)
    assert "2024-03  stale" in told
    assert "小经信通报〔2024〕1号" in told
    assert "2026-10  missing" in told
    assert "no plan of 2026" in told
    assert "2024-02" not in told  # Nothing but a file tells of it.


def test_a_bulletin_made_by_hand_ends_what_ops_were_told_of_its_runs_but_not_of_a_decision(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace)
    with closing(Store(workspace.store_address)) as store:
        for kind in (AlertKind.BLOCKED, AlertKind.FAILED, AlertKind.APPROVAL):
            raise_alert(workspace, Alert(kind, "small", MARCH, "存疑", "存疑"), store)
        raise_alert(workspace, Alert(AlertKind.FAILED, "small", None, "定时运行无法开始", "存疑"), store)
    make_bulletin(Job(workspace, "small", MARCH, DUE))
    assert kinds(workspace) == ["blocked", "failed", "approval", "failed"]  # How it looked in the past ends nothing.
    make_bulletin(Job(workspace, "small", MARCH))
    assert kinds(workspace)[4:] == [MessageKind.ALL_CLEAR]
    with closing(Store(workspace.store_address)) as store:
        open_ = [one.key.split("/")[1] for one in store.resolve_alerts("small", None, OF_RUNS, DUE)]
    assert open_ == ["failed"]  # That runs can't begin isn't over because a month was made by hand.
    publish_by_hand(Order(Job(workspace, "small", MARCH), "张三"))
    assert kinds(workspace)[5:] == [MessageKind.ALL_CLEAR]


def test_ops_are_told_past_a_store_that_is_gone(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    with mail_host("none", certificate_in(tmp_path)) as ops:
        declare(
            workspace,
            f"alerts:\n  - {{kind: mail, name: ops, host: 127.0.0.1, port: {ops.port}, tls: none, sender: "
            "{name: 月报, address: stat@bureau.example}, recipients: [{name: 运维, address: ops@bureau.example}]}\n",
        )
        monkeypatch.setattr(Workspace, "store_address", "sqlite:////proc/nowhere/store.sqlite3")
        assert run_due(Job(workspace, "small", MARCH), 6).outcome is Outcome.FAILED
        (mail,) = ops.mails("ops@bureau.example")
    told = email.message_from_bytes(mail, policy=email.policy.default)
    assert "运行失败" in str(told["Subject"])


def test_the_log_says_of_a_run_that_fails_that_it_failed(
    workspace_and_sent: tuple[Workspace, Sent], clock: Clock
) -> None:
    workspace, sent = workspace_and_sent
    declare(workspace)
    for file in sent.inbox.rglob("主要经济指标_2024年3月*"):
        file.unlink()
    clock(NEXT_DUE)
    run_due(Job(workspace, "small", MARCH), 1)
    (ended,) = (one for one in lines_of(workspace.logs_folder, 9) if one["event"] == "run ended")
    assert (ended["level"], ended["exit_status"], ended["outcome"]) == ("error", 5, "blocked")


def test_a_schedule_makes_no_bulletin_stale(workspace_and_sent: tuple[Workspace, Sent], clock: Clock) -> None:
    workspace, _ = workspace_and_sent
    declare(workspace)
    job = Job(workspace, "small", MARCH)
    first = run_due(job, 1)
    declare(workspace, "  end: approval\n  approve_within: 3\n")
    assert run_due(job, 1).fingerprint == first.fingerprint


def issues(workspace: Workspace) -> list[Path]:
    return sorted(workspace.issues_folder("small").glob("[0-9]*/manifest.json"))
