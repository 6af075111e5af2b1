"""What happened, as lines of JSON: whole, with run, district, period and stage, and without secrets."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flows.alerting import clear_alerts, raise_alert
from flows.backfill import Backfill, backfill
from flows.cli import app
from flows.clock import now
from flows.issuing import Order, publish_draft
from flows.jobs import Job, directly
from flows.log_files import KEPT_DAYS, append, forget_old, lines_of
from flows.logs import binding, heard_by, keep_in, run_told, tell
from flows.monthly import make_bulletin
from flows.sources.patience import MayPass, Patience, persist
from flows.store import Store
from flows.store.revisions import head
from flows.workspace import INSTALLED, Workspace
from tests.flows.delivering import Office
from tests.flows.mail_hosts import mail_host
from tests.flows.servers import certificate_in
from tests.flows.small import Sent
from transforms.alerts import OF_RUNS, Alert, AlertKind
from transforms.errors import DoubtError, InputError, PartialError
from transforms.periods import Period

MARCH = Period(2024, 3)


def lines(workspace: Workspace) -> list[dict[str, Any]]:
    return list(lines_of(workspace.logs_folder, 9))


def test_a_run_tells_its_begin_its_stages_its_sources_and_its_end(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    make_bulletin(Job(workspace, "small", MARCH))
    told = lines(workspace)
    assert told[0]["event"] == "run begun"
    assert (told[-1]["event"], told[-1]["exit_status"]) == ("run ended", 0)
    assert {(line["district"], line["period"], line["run"]) for line in told} == {("small", "2024-03", told[0]["run"])}
    assert all(dt.datetime.fromisoformat(line["time"]).utcoffset() == dt.timedelta(hours=8) for line in told)
    stages = [line["stage"] for line in told if line["event"] == "stage ended"]
    assert {"declare", "bring_in", "recall", "judge", "render", "put_in_place", "keep_archive"} <= set(stages)
    assert all(line["seconds"] >= 0 for line in told if line["event"] in {"stage ended", "run ended"})
    (pulled,) = [line for line in told if line["event"] == "source pulled"]
    assert (pulled["source"], pulled["stage"], pulled["files"], len(pulled["new"])) == ("inbox", "bring_in", 5, 5)


def test_a_doubt_that_stops_is_told_with_its_file_and_the_exit_status(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, sent = workspace_and_sent
    sent.statistics("2024-04-18", 2024, 3, "约42", "—", "主要经济指标_2024年3月_更正.xlsx")
    with pytest.raises(DoubtError):
        make_bulletin(Job(workspace, "small", MARCH))
    stops = [line for line in lines(workspace) if line["event"] == "doubt stops"]
    assert stops
    assert "主要经济指标_2024年3月_更正.xlsx" in json.dumps(stops, ensure_ascii=False)
    assert lines(workspace)[-1]["exit_status"] == 5


def test_workers_tell_their_lines_as_part_of_the_backfill(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    backfill(Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 4), 2), directly, lambda _: None)
    told = lines(workspace)
    (whole,) = [line["run"] for line in told if line["event"] == "run begun" and line["what"] == "backfill"]
    ended = {line["period"]: line for line in told if line["event"] == "run ended" and line["what"] == "run"}
    assert {period: line["exit_status"] for period, line in ended.items()} == {"2024-02": 0, "2024-03": 0, "2024-04": 4}
    assert {line["within"] for line in ended.values()} == {whole}
    makers = {line["process"] for line in told if line["event"] == "run begun" and line["what"] == "run"}
    assert os.getpid() not in makers


def test_publication_is_told_with_who_and_what(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    make_bulletin(Job(workspace, "small", MARCH))
    publish_draft(Order(Job(workspace, "small", MARCH), "王明"))
    (told,) = [line for line in lines(workspace) if line["event"] == "published"]
    assert (told["by"], told["designation"], told["what"]) == ("王明", "小经信通报〔2024〕1号", "publish")


def test_deliveries_and_alerts_are_told_with_what_the_other_side_answered(
    workspace_and_sent: tuple[Workspace, Sent], tmp_path: Path
) -> None:
    workspace, _ = workspace_and_sent
    workspace.out.mkdir(exist_ok=True)  # which a store elsewhere doesn't make
    with mail_host("none", certificate_in(tmp_path)) as host, closing(Store(workspace.store_address)) as store:
        channel = (
            f":\n  - {{kind: mail, name: mails, host: 127.0.0.1, port: {host.port}, tls: none, "
            "sender: {name: 经信局, address: stat@bureau.example}, recipients: "
            "[{name: 一, address: one@bureau.example}, {name: 二, address: two@bureau.example}]}\n"
        )
        office = Office(workspace, store)
        office.declare(f"deliver{channel}alerts{channel}")
        office.publish()
        host.refuses["two@bureau.example"] = "550 no such mailbox"
        with pytest.raises(PartialError):
            app(["deliver", "small", "--workspace", str(workspace.root)], result_action="return_value")
    told = [
        line for line in lines(workspace) if line["event"].startswith("delivery") and line["message"][:5] == "issue"
    ]
    assert [(one["event"], one["level"], one["recipient"], one["answer"]) for one in told] == [
        ("delivery sent", "info", "one@bureau.example", "250 queued as 7"),
        ("delivery refused", "warning", "two@bureau.example", "550 no such mailbox"),
    ]
    assert {(one["district"], one["period"], one["channel"], one["attempt"]) for one in told} == {
        ("small", "2024-03", "mails", 1)
    }
    (alert,) = [line for line in lines(workspace) if line["event"] == "alert"]
    assert (alert["level"], alert["kind"], alert["district"], alert["period"]) == (
        "error", "refused", "small", "2024-03",
    )  # fmt: skip
    assert "550 no such mailbox" in alert["details"]
    keep_in(workspace.logs_folder)
    raise_alert(workspace, Alert(AlertKind.LATE, "small", MARCH, "数据逾期未到", "区人社局"), store)
    for _ in range(2):  # The refused delivery's alert stands until a person settles it.
        clear_alerts(workspace, "small", MARCH, OF_RUNS, store)
    store.close()
    (over,) = [line for line in lines(workspace) if line["event"] == "alerts over"]
    assert (over["district"], over["period"], over["alerts"]) == ("small", "2024-03", 1)


def test_a_store_that_was_brought_up_to_date_is_told_with_its_copy(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    workspace.out.mkdir(exist_ok=True)
    file = workspace.out / "store.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as old:
        old.executescript((Path(__file__).parent / "store_before_sources.sql").read_text(encoding="utf-8"))
    app(["deliver", "small", "--dry-run", "--workspace", str(workspace.root)], result_action="return_value")
    (told,) = [line for line in lines(workspace) if line["event"] == "store migrated"]
    assert (told["level"], told["revision"], told["to"]) == ("warning", "0001", head())
    assert (workspace.out / told["copy"]).is_file()


def test_a_retry_is_told_with_its_place(tmp_path: Path) -> None:
    def fail() -> None:
        raise MayPass("the server answers 503")

    with run_told(tmp_path, "pull", district="small"), pytest.raises(InputError):
        persist("http://example.test/a", Patience(attempts=3, sleep=lambda _: None), fail, lambda: None)
    tries = [line for line in lines_of(tmp_path, 1) if line["event"] == "retry"]
    assert [line["attempt"] for line in tries] == [1, 2]
    assert {line["place"] for line in tries} == {"http://example.test/a"}


def test_what_nobody_expected_is_told_by_its_place_without_its_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="figure 12"), run_told(tmp_path, "run"):
        raise ValueError("figure 12")
    last = list(lines_of(tmp_path, 1))[-1]
    assert (last["exit_status"], last["fault"]) == (1, "ValueError")
    assert any("test_logs.py" in frame for frame in last["where"])
    assert "figure 12" not in json.dumps(last)


def test_no_secret_stands_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "opensesame")
    heard: list[str] = []
    with run_told(tmp_path, "pull"), heard_by(lambda _level, words: heard.append(words)):
        tell("retry", found="login opensesame refused")
    assert "opensesame" not in "".join(file.read_text("utf-8") for file in tmp_path.iterdir())
    assert "***" in heard[0]
    assert "opensesame" not in heard[0]


def test_lines_of_many_processes_stand_whole_in_files_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    code = (
        "import sys; from pathlib import Path; from flows.logs import run_told, tell\n"
        "with run_told(Path(sys.argv[1]), 'run', district=sys.argv[2]):\n"
        "    [tell('many', number=n, long='字' * 3000) for n in range(200)]"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), str(number)], cwd=INSTALLED) for number in range(4)
    ]
    assert [writer.wait(120) for writer in writers] == [0] * 4
    raw = b"".join(file.read_bytes() for file in sorted(folder.iterdir())).splitlines()
    told = [json.loads(line) for line in raw]
    for number in range(4):
        own = [one["number"] for one in told if one["district"] == str(number) and one["event"] == "many"]
        assert own == list(range(200))
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_days_are_forgotten_and_the_oldest_where_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = dt.date(2024, 7, 18)
    for back in (0, 1, 2, KEPT_DAYS, KEPT_DAYS + 1):
        append(tmp_path, today - dt.timedelta(days=back), b'{"x": 1}\n')
    (tmp_path / "somebody's.txt").write_text("kept", encoding="utf-8")
    forget_old(tmp_path, today)
    assert len(list(tmp_path.glob("*.jsonl"))) == 4
    monkeypatch.setattr("flows.log_files.KEPT_BYTES", 10)
    forget_old(tmp_path, today)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2024-07-17.jsonl",
        "2024-07-18.jsonl",
        "somebody's.txt",
    ]


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path: Path) -> None:
    append(tmp_path, dt.date(2024, 7, 18), b'{"event": "cut\n')
    append(tmp_path, dt.date(2024, 7, 18), b'{"event": "whole"}\n')
    assert [line["event"] for line in lines_of(tmp_path, 1)] == ["whole"]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder", encoding="utf-8")
    with run_told(tmp_path / "logs", "run"):
        tell("something")


def test_journald_can_have_the_lines_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stderr", open(os.dup(2), "w", encoding="utf-8"))  # noqa: SIM115 - closed below
    with run_told(tmp_path, "run"):
        tell("quiet")
        monkeypatch.setenv("YUEBAO_LOG", "json")
        with binding(stage="judge"):
            tell("loud")
        monkeypatch.delenv("YUEBAO_LOG")
    sys.stderr.close()
    monkeypatch.undo()
    assert [json.loads(line)["event"] for line in capfdbinary.readouterr().err.splitlines()] == ["loud"]


def test_the_command_shows_the_last_run(
    workspace_and_sent: tuple[Workspace, Sent], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = workspace_and_sent
    at = ["--workspace", str(workspace.root)]
    with pytest.raises(InputError, match="no run of small"):
        app(["log", "small", *at], result_action="return_value")
    make_bulletin(Job(workspace, "small", MARCH))
    app(["log", "small", "2024-03", *at], result_action="return_value")
    shown = capsys.readouterr().out
    assert shown.startswith("run small 2024-03 ")
    assert "source pulled (2024-03 bring_in): source inbox; files 5" in shown
    assert "run ended (2024-03): seconds" in shown
    app(["status", "small", "--json", *at], result_action="return_value")
    (run,) = [one["run"] for one in json.loads(capsys.readouterr().out)[0]["periods"] if one["period"] == "2024-03"]
    app(["log", "--run", run, *at], result_action="return_value")
    assert capsys.readouterr().out == shown
    app(["log", "--json", *at], result_action="return_value")
    kept = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert kept == lines(workspace)
    assert kept[0]["time"][:10] == f"{now():%Y-%m-%d}"
