"""Districts that run by themselves against real Prefect servers, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import StateType
from prefect.exceptions import PrefectHTTPStatusError

from flows.claims import claimed_period
from flows.clock import now
from flows.due import due_at, due_next, schedule_of, waits_until
from flows.issuing import Order
from flows.jobs import Job
from flows.orchestration import run_publication
from flows.orchestration.processes import HOST, PROCESS, RUNNING, this_machine
from flows.publication import manifest_of
from flows.store import Run, Store, Try
from flows.workspace import Workspace
from tests.flows.prefect_servers import running
from tests.flows.small import DISTRICT, PLAN, Sent
from transforms.alerts import AlertKind
from transforms.delivering.outbox import MessageKind
from transforms.periods import Period
from transforms.scheduling.owed import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]

WITHIN = 300
"""Seconds for what takes a few on an idle machine."""
RULE = 'schedule:\n  when: {working_day: 2, after: 17, at: "09:00"}\n'


@dataclass(frozen=True)
class Served:
    """A district with a schedule and what its last due period is made from."""

    workspace: Workspace
    name: str

    @property
    def folder(self) -> Path:
        return self.workspace.folder(self.name)

    @property
    def job(self) -> Job:
        due = due_at(schedule_of(self.workspace, self.name), now())
        assert due is not None
        return Job(self.workspace, self.name, due.period)

    def declare(self, schedule: str) -> None:
        district = DISTRICT.replace("id: small", f"id: {self.name}")
        (self.folder / "district.yaml").write_text(district + schedule, encoding="utf-8")

    def send(self) -> None:
        """What the units send of that period, today."""
        period, sent = self.job.period, Sent(self.folder / "inbox")
        today = f"{now():%Y-%m-%d}"
        sent.form(today, period.year, period.month, 1)
        if period.month > 1:
            sent.statistics(today, period.year, period.month, 14.0 * period.month, "—")

    @property
    def tries(self) -> list[Outcome]:
        store = Store(self.workspace.store_address)
        try:
            return [one.outcome for one in store.tries(self.name) if one.period == self.job.period]
        finally:
            store.close()

    def store(self) -> Store:
        return Store(self.workspace.store_address)


@pytest.fixture
def district(tmp_path: Path) -> Callable[[str], Served]:
    """Make a district with that schedule, which owes its last due period and none before; each has its own name."""
    workspace = Workspace(tmp_path / "served")

    def make(schedule: str) -> Served:
        served = Served(workspace, f"d{time.monotonic_ns()}")
        (served.folder / "plan").mkdir(parents=True)
        (served.folder / "inbox").mkdir()
        served.declare(schedule)
        period = served.job.period
        for year in {period.previous.year, period.year, period.next.year}:
            plan = PLAN.format(year=year).replace("district: small", f"district: {served.name}")
            (served.folder / "plan" / f"{year}.yaml").write_text(plan, encoding="utf-8")
        store = served.store()
        long_ago = now() - dt.timedelta(days=1)
        store.keep_try(Try(served.name, period.previous, long_ago, Outcome.DRAFTED, "", "before the test"))
        store.close()
        return served

    return make


def an_hour_ago() -> str:
    """A monthly cron whose last moment was an hour ago."""
    at = now() - dt.timedelta(hours=1)
    return f"{at.minute} {at.hour} {at.day} * *"


def recent(more: str = "", late: str = "{every: 4, until: 20}") -> str:
    """A schedule that made a period due an hour ago."""
    return f"schedule:\n  when: {{cron: '{an_hour_ago()}'}}\n  late: {late}\n{more}"


@pytest.fixture
def client(orchestrated_on_both: str) -> Iterator[Any]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as found:
        yield found


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for something."""
    deadline = time.monotonic() + WITHIN
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} hasn't come within {WITHIN} s"
        time.sleep(0.2)
    return found


def runs(client: Any, district: str, *states: str) -> list[Any]:
    """The runs of a district's deployment in these states, the first to begin first."""
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter

    deployment = client.read_deployment_by_name(f"yuebao-scheduled/{district}")
    found = client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": list(states)}}}),
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment.id]}}),
    )
    return sorted(found, key=lambda one: one.expected_start_time)


def run_now(client: Any, run: Any) -> Any:
    """Let a scheduled run be due at once."""
    from prefect.states import Scheduled

    client.set_flow_run_state(run.id, Scheduled(), force=True)
    return client.read_flow_run(run.id)


def register(served: Served) -> None:
    """What serve and deploy do at first, with nobody to carry it out."""
    from flows.orchestration.deployments import deployments

    for one in deployments(served.workspace, [served.name]):
        one.apply()


def asked_for(client: Any, served: Served) -> list[Any]:
    """The scheduled runs that a run or the upkeep asked for, not the schedule."""
    return [run for run in runs(client, served.name, "SCHEDULED") if not run.auto_scheduled]


def owed_run(client: Any, served: Served) -> Any:
    """What the upkeep asks for once the units have sent and nobody has run the district's period."""
    served.send()
    register(served)
    look_after(client, served)
    (first,) = asked_for(client, served)
    return first


def carry_out(client: Any, run: Any) -> Any:
    """Carry a run of a deployment out in this process, as its own process would; gives it as it ended."""
    from prefect.exceptions import Pause
    from prefect.flow_engine import run_flow

    from flows.orchestration.scheduled import scheduled

    with suppress(Pause):
        run_flow(scheduled, flow_run=client.read_flow_run(run.id), return_type="state")
    return client.read_flow_run(run.id)


def look_after(client: Any, served: Served) -> list[str]:
    """What an upkeep does for the district."""
    from flows.orchestration.upkeep import look_after as look_after_district
    from flows.orchestration.zombies import end_zombies

    told, faults = end_zombies(client, served.workspace)
    looked = look_after_district(client, served.workspace, served.name)
    assert [*faults, *looked.faults] == []
    return [*told, *looked.done]


# --- Served, and begun by itself -----------------------------------------------------------------


def test_serve_proves_next_runs_and_carries_them_out_to_an_approved_issue(
    district: Callable[[str], Served], client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_RUNNER_POLL_FREQUENCY", "1")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    rule, cron = district(RULE + "  end: approval\n"), district(recent("  end: draft\n"))
    rule.send()
    broken = rule.workspace.folder("broken") / "district.yaml"
    broken.parent.mkdir()
    broken.write_text("schedule: [", encoding="utf-8")
    store = cron.store()
    store.keep_try(Try(cron.name, cron.job.period, now(), Outcome.DRAFTED, "", "before the test"))
    store.close()
    said = tmp_path / "said"
    serve = ("flows.cli", "serve", "--workspace", str(rule.workspace.root))
    with running(*serve, into=said) as process:
        until(lambda: "serving; end it" in said.read_text("utf-8") or process.poll() is not None, "serve")
        told = said.read_text("utf-8")
        assert "not run by itself until it's mended and this is started again: data_raw/broken/district.yaml:1" in told
        for one in (rule, cron):
            due = due_next(schedule_of(one.workspace, one.name))[0].at
            assert f"{one.name}: next run {due:%Y-%m-%d %H:%M} Beijing time" in said.read_text("utf-8")
            (planned, *_) = (run for run in runs(client, one.name, "SCHEDULED") if run.auto_scheduled)
            assert planned.expected_start_time == due
            assert due.utcoffset() == dt.timedelta(hours=8)
        assert (due_next(schedule_of(rule.workspace, rule.name))[0].at.time()) == dt.time(9)

        # What the server has scheduled begins by itself when its time comes, for the period that is due then.
        run_now(client, planned)
        # The upkeep that serve begins with finds what was owed: its draft waits for approval.
        (paused,) = until(lambda: runs(client, rule.name, "PAUSED"), "the run that waits for approval")
        assert rule.tries == [Outcome.AWAITING]
        until(lambda: client.read_flow_run(planned.id).state.is_final(), "the scheduled run")

        client.resume_flow_run(paused.id, run_input={"name": "张三", "decision": "approve", "remark": "同意"})
        until(lambda: client.read_flow_run(paused.id).state_name == "Issued", "the issue")

        # Ended while a run is under way, it goes without a word that looks like a fault.
        deployment = client.read_deployment_by_name(f"yuebao-scheduled/{cron.name}")
        begun = client.create_flow_run_from_deployment(deployment.id)
        until(lambda: client.read_flow_run(begun.id).state_name not in {"Scheduled", "Pending", "Late"}, "another run")
        process.terminate()
        assert process.wait(WITHIN) == 0
        assert "Traceback" not in said.read_text("utf-8")
        # What was under way was given the time to end; it's called after what fell due when it was to begin.
        ended = client.read_flow_run(begun.id)
        assert (ended.name, ended.state_name) == (cron.job.name, "Waiting"), ended.state
    assert rule.tries == [Outcome.AWAITING, Outcome.ISSUED]
    store = rule.store()
    period = due_next(schedule_of(cron.workspace, cron.name))[0].period
    assert [one.period for one in store.tries(cron.name)][-2:] == [period, cron.job.period]
    (issue,), (kept,) = store.issues(rule.name), store.approvals(rule.name)
    store.close()
    assert (issue.period, issue.by) == (rule.job.period, "张三")
    assert (kept.decision, kept.by, kept.remark, kept.fingerprint) == ("approve", "张三", "同意", issue.fingerprint)
    assert kept.how.startswith("Prefect")


# --- Runs that wait ------------------------------------------------------------------------------


def test_late_data_is_looked_for_at_the_next_try(district: Callable[[str], Served], client: Any) -> None:
    served = district(recent("  months_back: 2\n" if now().month == 2 else ""))
    register(served)
    (mended,) = look_after(client, served)
    assert mended.endswith("it's due and has no run; one is asked for")
    (first,) = asked_for(client, served)
    assert carry_out(client, run_now(client, first)).state_name == "Waiting"
    (again,) = asked_for(client, served)
    wait = again.expected_start_time - now()
    assert dt.timedelta(hours=3.9) < wait < dt.timedelta(hours=4)
    assert again.parameters["period"] == str(served.job.period)
    assert now() + wait < waits_until(schedule_of(served.workspace, served.name), served.job.period)
    assert look_after(client, served) == []  # It has a run before it.

    served.send()
    ended = carry_out(client, run_now(client, again))
    assert (ended.state_name, ended.state.message) == ("Drafted", "the draft stands")
    assert served.tries == [Outcome.WAITING, Outcome.DRAFTED]
    assert look_after(client, served) == []


def test_a_fault_that_may_pass_is_tried_again_later(
    district: Callable[[str], Served], client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = district(recent("  retries: {times: 2, first: 30}\n"))
    first = owed_run(client, served)
    with monkeypatch.context() as away:
        away.setattr(Workspace, "store_address", "sqlite:////proc/nowhere/store.sqlite3")
        assert carry_out(client, run_now(client, first)).state_name == "Retrying"
    (again,) = asked_for(client, served)
    assert again.parameters == {**first.parameters, "attempt": 2}
    assert dt.timedelta(minutes=20) < again.expected_start_time - now() < dt.timedelta(minutes=30)
    assert carry_out(client, run_now(client, again)).state_name == "Drafted"


def test_a_draft_that_is_published_meanwhile_ends_the_run_that_waits(
    district: Callable[[str], Served], client: Any
) -> None:
    served = district(recent("  end: approval\n"))
    first = owed_run(client, served)
    assert carry_out(client, run_now(client, first)).state_type == "PAUSED"
    assert look_after(client, served) == []
    run_publication(Order(served.job, "王主任"), lambda _: None)
    assert look_after(client, served) == [f"ended {first.name}"]
    assert client.read_flow_run(first.id).state_name == "Issued"
    store = served.store()
    (kept,) = store.approvals(served.name)
    store.close()
    assert kept.by == "王主任"


def test_a_resumed_run_takes_the_answer_and_makes_no_draft_anew(
    district: Callable[[str], Served], client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = district(recent("  end: approval\n"))
    first = owed_run(client, served)
    assert carry_out(client, run_now(client, first)).state_type == "PAUSED"
    client.resume_flow_run(first.id, run_input={"name": "李四", "decision": "reject", "remark": "数据有误"})
    monkeypatch.setattr("flows.orchestration.scheduled.run_due", None)
    assert carry_out(client, first).state_name == "Rejected"
    assert served.tries == [Outcome.AWAITING, Outcome.REJECTED]
    assert look_after(client, served) == []


def test_an_answer_without_a_name_opens_the_page_again_with_the_reason(
    district: Callable[[str], Served], client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = district(recent("  end: approval\n"))
    first = owed_run(client, served)
    assert carry_out(client, run_now(client, first)).state_type == "PAUSED"
    monkeypatch.setattr("flows.orchestration.scheduled.run_due", None)
    for name in ("\u3000", "——"):
        client.resume_flow_run(first.id, run_input={"name": name, "decision": "approve", "remark": ""})
        asked = carry_out(client, first)
        assert asked.state_type == "PAUSED"
        about = client.read_flow_run_input(first.id, asked.state.state_details.run_input_keyset["description"])
        assert "姓名为空" in about
        assert look_after(client, served) == []
    client.resume_flow_run(first.id, run_input={"name": "王\u3000明", "decision": "approve", "remark": ""})
    assert carry_out(client, first).state_name == "Issued"
    assert served.tries == [Outcome.AWAITING, Outcome.ISSUED]
    with closing(served.store()) as store:
        assert [one.by for one in store.issues(served.name)] == ["王 明"]


# --- Runs that are lost --------------------------------------------------------------------------


@contextmanager
def under_way(client: Any, served: Served, run: Any, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that carries the run out, and doesn't end because the period is held by the test."""
    environment = {
        **os.environ,
        "PREFECT__FLOW_RUN_ID": str(run_now(client, run).id),
        "PREFECT__FLOW_ENTRYPOINT": "flows.orchestration.scheduled.scheduled",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    }
    with (
        claimed_period(served.workspace, served.name, served.job.period),
        running("prefect.engine", environment=environment, into=said) as process,
    ):
        until(lambda: PROCESS in client.read_flow_run(run.id).labels, "a run under way")
        yield process


def test_a_killed_run_is_marked_told_and_tried_again(
    district: Callable[[str], Served], client: Any, tmp_path: Path
) -> None:
    served = district(recent())
    first = owed_run(client, served)
    with under_way(client, served, first, tmp_path / "said") as process:
        assert look_after(client, served) == []
        process.send_signal(signal.SIGKILL)
        process.wait(240)
    assert client.read_flow_run(first.id).state_type == StateType.RUNNING
    crashed, mended = look_after(client, served)
    assert crashed == f"crashed: {first.name}"
    assert client.read_flow_run(first.id).state_type == StateType.CRASHED
    assert mended.endswith("its run was lost; it's tried again")
    store = served.store()
    (alert,) = store.messages(served.name)
    store.close()
    assert "运行中断" in alert.body
    (again,) = asked_for(client, served)
    assert again.id != first.id
    assert carry_out(client, run_now(client, again)).state_name == "Drafted"


def test_a_run_on_a_machine_that_is_gone_is_known_by_its_silence(
    district: Callable[[str], Served], client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestration import zombies

    served = district(recent())
    first = owed_run(client, served)
    with under_way(client, served, first, tmp_path / "said") as process:
        until(lambda: zombies._last_heard(client, client.read_flow_run(first.id)), "a heartbeat")
        client.update_flow_run_labels(first.id, {HOST: "another"})
        process.send_signal(signal.SIGKILL)
        process.wait(240)
    soon = now() + dt.timedelta(minutes=14)
    monkeypatch.setattr(zombies, "now", lambda: soon)
    assert look_after(client, served) == []
    # A server that was away itself has heard nobody, so it's asked again.
    later = now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(zombies, "now", lambda: later)
    assert look_after(client, served) == []
    again = later + dt.timedelta(minutes=6)
    monkeypatch.setattr(zombies, "now", lambda: again)
    crashed, _ = look_after(client, served)
    assert crashed == f"crashed: {first.name}"


def test_a_run_that_was_taken_up_and_never_began_is_tried_again(
    district: Callable[[str], Served], client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.states import Pending

    served = district(recent())
    first = owed_run(client, served)
    client.set_flow_run_state(first.id, Pending(), force=True)
    assert look_after(client, served) == []
    later = now() + dt.timedelta(minutes=16)
    monkeypatch.setattr("flows.orchestration.zombies.now", lambda: later)
    crashed, _ = look_after(client, served)
    assert crashed == f"crashed: {first.name}"
    (again,) = asked_for(client, served)
    assert again.id != first.id


def test_a_period_whose_runs_die_again_and_again_is_given_up_and_told(
    district: Callable[[str], Served], client: Any
) -> None:
    from prefect.states import Crashed

    served = district(recent())
    dying = owed_run(client, served)
    for _ in range(2):
        client.set_flow_run_state(dying.id, Crashed(), force=True)
        (told,) = look_after(client, served)
        assert told.endswith("it's tried again")
        (dying,) = asked_for(client, served)
    client.set_flow_run_state(dying.id, Crashed(), force=True)
    (told,) = look_after(client, served)
    assert told.endswith("its runs were lost 3 times; it isn't tried again")
    assert asked_for(client, served) == []
    assert served.tries == [Outcome.FAILED]
    store = served.store()
    (alert,) = store.messages(served.name)
    store.close()
    assert "连续3次中断" in alert.body
    assert look_after(client, served) == []


def test_a_zombie_whose_deployment_was_deleted_is_marked_too(district: Callable[[str], Served], client: Any) -> None:
    from prefect.states import Running

    from flows.orchestration.zombies import end_zombies

    served = district(recent())
    first = owed_run(client, served)
    client.set_flow_run_state(first.id, Running(), force=True)
    machine, _, _ = this_machine().partition(" ")
    began = str(client.read_flow_run(first.id).state.id)
    client.update_flow_run_labels(first.id, {HOST: f"{machine} earlier", PROCESS: "1 1", RUNNING: began})
    client.delete_deployment(first.deployment_id)
    assert end_zombies(client, served.workspace) == ([f"crashed: {first.name}"], [])
    assert client.read_flow_run(first.id).state_type == StateType.CRASHED


def test_ops_are_told_once_of_a_run_that_prefect_itself_marked_crashed(
    district: Callable[[str], Served], client: Any
) -> None:
    from prefect.states import Crashed

    from flows.orchestration.zombies import tell_crashed

    served = district(recent())
    first = owed_run(client, served)
    client.set_flow_run_state(
        first.id, Crashed(message="Execution was aborted by Python system exit call."), force=True
    )
    assert tell_crashed(client, served.workspace) == []
    with closing(served.store()) as store:
        (alert,) = store.messages(served.name)
        assert alert.kind is MessageKind.ALERT
        assert first.name in alert.body
        store.resolve_alerts(served.name, alert.period, {AlertKind.CRASHED}, now())
        assert tell_crashed(client, served.workspace) == []
        assert len(store.messages(served.name)) == 1


def test_nothing_is_told_of_a_crash_after_which_the_period_was_made(
    district: Callable[[str], Served], client: Any
) -> None:
    from prefect.states import Crashed

    from flows.orchestration.zombies import tell_crashed

    served = district(recent())
    first = owed_run(client, served)
    client.set_flow_run_state(first.id, Crashed(), force=True)
    with closing(served.store()) as store:
        made, period = now() + dt.timedelta(minutes=1), Period.parse(first.parameters["period"])
        store.record(Run(served.name, period, None, "0" * 64, made, made, "made", "", "{}", ""), ())
        assert tell_crashed(client, served.workspace) == []
        assert store.messages(served.name) == ()


def test_a_draft_that_somebody_looked_at_before_the_due_day_keeps_no_lost_run_from_being_tried_again(
    district: Callable[[str], Served], client: Any
) -> None:
    from prefect.states import Crashed

    served = district(recent())
    first = owed_run(client, served)
    with closing(served.store()) as store:
        period = Period.parse(first.parameters["period"])
        started = now() - dt.timedelta(days=3)
        store.record(Run(served.name, period, None, "0" * 64, started, started, "made", "", "{}", ""), ())
    client.set_flow_run_state(first.id, Crashed(), force=True)
    mended = look_after(client, served)
    assert mended[-1].endswith("its run was lost; it's tried again"), mended


def test_the_upkeep_renews_a_rules_dates(district: Callable[[str], Served], client: Any) -> None:
    served = district(RULE)
    served.send()
    register(served)
    look_after(client, served)
    assert look_after(client, served) == []
    # A period that is none is refused where a person asks for it.
    with pytest.raises(PrefectHTTPStatusError, match="2024-13"):
        client.create_flow_run_from_deployment(
            client.read_deployment_by_name(f"yuebao-scheduled/{served.name}").id, parameters={"period": "2024-13"}
        )
    served.declare("schedule:\n  when: {cron: '0 9 20 * *'}\n")
    assert "renewed its dates" in look_after(client, served)
    assert look_after(client, served) == []
    served.declare(RULE.replace("after: 17", "after: 20"))
    assert "renewed its dates" in look_after(client, served)
    due = due_next(schedule_of(served.workspace, served.name))
    until(
        lambda: (
            [run.expected_start_time for run in runs(client, served.name, "SCHEDULED") if run.auto_scheduled][:2]
            == [one.at for one in due[:2]]
        ),
        "the new dates",
    )


def test_earlier_rounds_of_the_upkeep_are_told_the_newest_first(client: Any) -> None:
    from prefect.states import Completed, Failed

    from flows.orchestration.upkeep import _last_upkeeps, upkeep

    for number in range(8):
        client.create_flow_run(upkeep, state=Failed(message=str(number)))
    client.create_flow_run(upkeep)  # under way
    client.create_flow_run(upkeep, state=Completed(message="8"))
    found = [run.state and run.state.message for run in _last_upkeeps(client)]
    assert found == ["8", "7", "6", "5", "4", "3"]


def test_the_deployment_of_a_district_whose_schedule_has_gone_goes_too(
    district: Callable[[str], Served], client: Any
) -> None:
    from prefect.exceptions import ObjectNotFound

    served = district(RULE)
    register(served)
    served.declare("")
    name = f"yuebao-scheduled/{served.name}"
    assert look_after(client, served) == [f"{served.name}: has no schedule any more; its deployment is taken away"]
    with pytest.raises(ObjectNotFound):
        client.read_deployment_by_name(name)
    assert look_after(client, served) == []


# --- A work pool ---------------------------------------------------------------------------------


def test_a_worker_of_a_pool_carries_a_scheduled_run_out(
    district: Callable[[str], Served], client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate

    from flows.orchestration.serving import deploy_districts
    from transforms.errors import UsageError

    served = district(recent())
    served.send()
    pool = f"pool-{time.monotonic_ns()}"
    told: list[str] = []
    with pytest.raises(UsageError, match=f"prefect work-pool create --type process {pool}"):
        deploy_districts(served.workspace, [], pool, told.append)
    client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
    deploy_districts(served.workspace, [], pool, told.append)
    due = due_next(schedule_of(served.workspace, served.name))[0].at
    assert told == [f"{served.name}: next run {due:%Y-%m-%d %H:%M} Beijing time"]
    look_after(client, served)
    (first,) = asked_for(client, served)
    monkeypatch.setenv("PREFECT_WORKER_QUERY_SECONDS", "1")
    worker = ("prefect", "worker", "start", "--pool", pool, "--type", "process", "--name", "one")
    with running(*worker, into=tmp_path / "said"):
        until(lambda: client.read_flow_run(first.id).state_name == "Drafted", "the draft")
    assert manifest_of(served.workspace.bulletin_folder(served.name, served.job.period)) is not None


# --- A server of our own -------------------------------------------------------------------------


def test_a_server_that_never_schedules_is_told_and_ended(
    district: Callable[[str], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = district(RULE)
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED", "false")
    program = (
        "import sys; from flows.orchestration import deployments; deployments.PROOF_WITHIN = 3\n"
        f"sys.argv = ['yuebao', 'serve', '--workspace', {str(served.workspace.root)!r}]\n"
        "from flows.cli import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=WITHIN, check=False)
    assert done.returncode == 7, done.stderr
    assert "See that its scheduler runs" in done.stderr
    assert "Traceback" not in done.stderr
    (told,) = done.stdout.splitlines()
    assert servers_at(told) == []
    assert not (served.workspace.out / "prefect" / "address").exists()


def test_our_own_server_is_started_again_and_ends_with_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.orchestration.own_server import own_server

    monkeypatch.setenv("PREFECT_API_URL", "")
    before = os.umask(0)
    try:
        (tmp_path / "server.log").touch()  # as an older version left it
        with own_server(tmp_path, None) as address:
            (first,) = servers_at(address)
            kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
            assert {"address", "prefect.db", "prefect.db-wal", "prefect.db-shm", "server.log"} <= kept.keys()
            assert set(kept.values()) == {0o600}
            assert (tmp_path / "address").read_text("ascii") == address
            os.kill(first, signal.SIGKILL)
            until(lambda: [one for one in servers_at(address) if one != first], "another server")
    finally:
        os.umask(before)
    assert servers_at(address) == []
    # Ours is gone, and so is its server.
    program = (
        "import os, pathlib, signal; from flows.orchestration.own_server import own_server\n"
        f"with own_server(pathlib.Path({str(tmp_path)!r}), {address.rpartition(':')[2].partition('/')[0]}):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -signal.SIGKILL
    until(lambda: not servers_at(address), "the end of its server")


def servers_at(address: str) -> list[int]:
    """The processes of the Prefect server that listens there."""
    port = address.rpartition(":")[2].partition("/")[0]
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told = one.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"server" in told and port.encode() in told:
            found.append(int(one.parent.name))
    return found
