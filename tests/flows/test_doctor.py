"""What `yuebao doctor` finds: each check once where all is well, once where it isn't, and all of them in any case."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from flows.cli import app
from flows.doctor import examine
from flows.doctor.registry import CHECKS, Examined
from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.store import Store
from flows.workspace import Workspace, fonts_folder
from tests.flows.delivering import PUBLISHED, Office
from tests.flows.postgresql import about_sqlites_file
from tests.flows.small import Sent, small_workspace
from transforms.delivering.outbox import State
from transforms.errors import YuebaoError
from transforms.examining import Finding, Verdict
from transforms.periods import Period

MARCH = Period(2024, 3)


def found(workspace: Workspace, *themes: str) -> list[Finding]:
    """The findings of some themes, of all without any."""
    told = examine(workspace, workspace.districts(), lambda _theme, _finding: None)
    return [one for theme, findings in told.items() if not themes or theme in themes for one in findings]


def unwell(workspace: Workspace, *themes: str) -> str:
    """What isn't well, in a line each; every one has its cure."""
    findings = [one for one in found(workspace, *themes) if one.verdict is not Verdict.OK]
    assert all(one.cure for one in findings)
    return "\n".join(f"{one.verdict} {one.looked_at}: {one.found}" for one in findings)


@pytest.fixture(scope="session")
def issued_once(tmp_path_factory: pytest.TempPathFactory, store_of: Callable[[Path], str]) -> Path:
    """A workspace with one issue, to be copied."""
    root = tmp_path_factory.mktemp("issued") / "one"
    small_workspace(root)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PREFECT_API_URL", "YUEBAO_WORKSPACE"):
            patch.delenv(name, raising=False)
        patch.setenv("DATABASE_URL", store_of(root))
        job = Job(Workspace(root), "small", MARCH)
        make_bulletin(job)
        publish_draft(Order(job, "王明"))
    return root


@pytest.fixture(autouse=True)
def every_year_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the day is on which these tests run: in December, next year's unknown holidays are a warning."""
    monkeypatch.setattr("flows.doctor.clock.ChineseWorkingDays.announced", lambda _self, _year: True)


@pytest.fixture
def issued(issued_once: Path, tmp_path: Path, copied: Callable[[Path, Path], Workspace]) -> Workspace:
    """A workspace with one issue."""
    return copied(issued_once, tmp_path / "issued")


def test_nothing_is_wrong_with_a_workspace_that_has_an_issue(issued: Workspace) -> None:
    assert unwell(issued) == ""
    themes = set(examine(issued, issued.districts(), lambda _theme, _finding: None))
    assert themes >= {"libraries", "fonts", "folders", "store", "issues", "declarations", "secrets", "sources", "clock"}


def test_it_changes_nothing(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    before = {file: file.stat().st_mtime_ns for file in workspace.root.rglob("*")}
    found(workspace)
    assert {file: file.stat().st_mtime_ns for file in workspace.root.rglob("*")} == before


def test_a_library_that_is_too_new_is_a_fault(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.doctor.libraries._installed", lambda name: "2.1.3" if name == "sqlalchemy" else None)
    told = unwell(issued, "libraries")
    assert "fault sqlalchemy: 2.1.3 is installed, >=2.0, <2.1 is needed: on 2.1 Prefect's scheduler never" in told
    assert "fault weasyprint: isn't installed" in told


def test_a_missing_system_library_is_told(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.doctor.libraries.find_library", lambda _name: None)
    told = unwell(issued, "libraries")
    assert "fault libpango-1.0: isn't there" in told
    assert "warning libharfbuzz-subset: isn't there: a PDF takes 29 s" in told


def test_fonts_that_changed_or_lack_a_character_are_told(
    issued: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for name in ("fonts.conf", "SHA256SUMS", "LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"):
        shutil.copy(fonts_folder() / name, fonts)
    with (fonts / "LiberationSerif-Bold.ttf").open("ab") as font:
        font.write(b"x")
    monkeypatch.setenv("YUEBAO_FONTS", str(fonts))
    told = unwell(issued, "fonts")
    assert "NotoSerifSC_400Regular.ttf is missing" in told
    assert "LiberationSerif-Bold.ttf has changed" in told
    assert "characters of small's declarations: 缺字 U+" in told
    monkeypatch.setenv("YUEBAO_FONTS", str(tmp_path / "none"))
    assert "fault font files" in unwell(issued, "fonts")


def test_a_full_disk_is_a_fault(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(issued.root)
    full = os.statvfs_result((*real[:4], 10, *real[5:]))
    monkeypatch.setattr("flows.doctor.folders.os.statvfs", lambda _folder: full)
    assert "fault room in data_out: 0 MB free" in unwell(issued, "folders")


def test_a_folder_that_cannot_be_written_is_a_fault(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("flows.doctor.folders.tempfile.TemporaryFile", refuse)
    assert "fault writing in data_out: can't be written (Permission denied)" in unwell(issued, "folders")


@about_sqlites_file
def test_a_store_that_others_can_read_is_told(issued: Workspace) -> None:
    (issued.out / "store.sqlite3").chmod(0o644)
    assert "data_out/store.sqlite3" in unwell(issued, "folders")


def test_a_lock_that_is_held_is_told_of(issued: Workspace) -> None:
    lock = issued.folder("small") / "vintages" / ".lock"
    assert "none is held" in {one.found for one in found(issued, "folders")}
    with lock.open("w", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told = [one.found for one in found(issued, "folders") if one.looked_at == "locks"]
    assert told == ["held just now: data_raw/small/vintages/.lock; a run is at work"]


@about_sqlites_file
def test_a_damaged_store_is_a_fault_and_the_other_checks_stand(issued: Workspace) -> None:
    file = issued.out / "store.sqlite3"
    for beside in ("-wal", "-shm"):
        Path(f"{file}{beside}").unlink(missing_ok=True)
    file.write_bytes(b"no database at all" * 100)
    assert "file is not a database" in unwell(issued, "store")
    assert found(issued, "sources")


@about_sqlites_file
def test_pages_of_the_store_that_were_lost_are_damage(issued: Workspace) -> None:
    file = issued.out / "store.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    file.write_bytes(data)
    assert "fault" in unwell(issued, "store")


@about_sqlites_file
def test_a_store_of_another_version_is_told(issued: Workspace) -> None:
    file = issued.out / "store.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "9999 isn't known to this version" in unwell(issued, "store")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    assert "warning its revision: 0001, and this version's is" in unwell(issued, "store")


def test_a_store_is_examined_on_each_database(address: str, issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(address).close()
    monkeypatch.setenv("DATABASE_URL", address)
    assert unwell(issued, "store", "clock") == ""
    told = [one.found for one in found(issued, "store")]
    assert told[0].startswith("opens; PostgreSQL" if "postgresql" in address else "opens; SQLite")


def test_a_database_that_does_not_answer_is_a_fault_without_its_password(
    issued: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bureau:opensesame@127.0.0.1:1/yuebao")
    told = unwell(issued, "store")
    assert "fault store postgresql+psycopg://bureau:***@127.0.0.1:1/yuebao" in told
    assert "opensesame" not in told
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/yuebao?user=bureau&password=opensesame")
    told = unwell(issued, "store")
    assert "fault store postgresql+psycopg://127.0.0.1:1/yuebao" in told
    assert "opensesame" not in told


def test_an_issue_that_was_altered_or_lost_or_is_unknown_is_told(issued: Workspace) -> None:
    folder = issued.issues_folder("small") / "2024-001"
    (folder / "bulletin.html").chmod(0o644)
    (folder / "bulletin.html").write_text("other", encoding="utf-8")
    shutil.copytree(folder, folder.with_name("2024-007"))
    told = unwell(issued, "issues")
    assert "2024-001: was changed since it was published: bulletin.html" in told
    assert "2024-007: isn't known to the store" in told
    shutil.rmtree(folder)
    assert "2024-001: is gone" in unwell(issued, "issues")


def test_deliveries_that_wait_for_a_person_are_told_and_others_are_counted(
    workspace_and_sent: tuple[Workspace, Sent],
) -> None:
    workspace, _ = workspace_and_sent
    with closing(Store(workspace.store_address)) as store:
        office = Office(workspace, store)
        office.declare(
            "deliver:\n  - {kind: mail, name: mails, host: 127.0.0.1, tls: none, "
            "sender: {name: 局, address: stat@bureau.example}, recipients: "
            "[{name: 一, address: one@bureau.example}, {name: 二, address: two@bureau.example}]}\n"
        )
        assert [one.found for one in found(workspace, "deliveries")] == ["none yet"]
        office.publish()
        assert [one.found for one in found(workspace, "deliveries")] == ["2 waiting"]
        for one, state, told in zip(
            office.deliveries(),
            (State.UNCERTAIN, State.REFUSED),
            ("no answer came", "550 no such mailbox"),
            strict=True,
        ):
            assert store.claim(one, "somebody", PUBLISHED)
            assert store.hand_over(one, "somebody", PUBLISHED)
            assert store.conclude(one, "somebody", state, told, PUBLISHED)
    assert unwell(workspace, "deliveries").splitlines() == [
        "warning delivery 1 to one@bureau.example by mails (small): nobody knows whether it arrived: no answer came",
        "warning delivery 2 to two@bureau.example by mails (small): was refused for good: 550 no such mailbox",
    ]


@about_sqlites_file
def test_deliveries_of_a_store_that_cannot_be_asked_are_left_to_the_store_s_own_finding(issued: Workspace) -> None:
    (issued.out / "store.sqlite3").write_bytes(b"no database at all" * 100)
    assert [one.found for one in found(issued, "deliveries")] == ["no store that can be asked (see store)"]


def test_a_fault_of_a_declaration_is_told_with_its_line(issued: Workspace) -> None:
    file = issued.folder("small") / "district.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: township", "kind: village", 1), encoding="utf-8")
    assert "fault data_raw/small/district.yaml:5" in unwell(issued, "declarations")


def declare_address(workspace: Workspace, source: str) -> None:
    file = workspace.folder("small") / "district.yaml"
    text = file.read_text("utf-8").replace("sources:\n", f"sources:\n  - {source}\n")
    file.write_text(text, encoding="utf-8")


def test_a_secret_is_told_set_or_not_and_never_shown(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    declare_address(
        issued, "{kind: http, addresses: ['https://127.0.0.1:1/a.xlsx'], user: bureau, password_env: OFFICE_WORD}"
    )
    assert "fault OFFICE_WORD (small): isn't set" in unwell(issued, "secrets")
    monkeypatch.setenv("OFFICE_WORD", "opensesame")
    assert unwell(issued, "secrets") == ""
    assert "opensesame" not in str(found(issued))


def test_a_source_that_cannot_be_reached_is_told(issued: Workspace) -> None:
    declare_address(issued, "{kind: http, addresses: ['http://127.0.0.1:1/a.xlsx']}")
    assert "warning http" in unwell(issued, "sources")
    shutil.rmtree(issued.folder("small") / "inbox")
    assert "fault folder inbox (small)" in unwell(issued, "sources")


def test_a_clock_before_what_happened_is_a_fault(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.clock import moment

    monkeypatch.setattr("flows.doctor.clock.now", lambda: moment("2020-01-01T09:00"))
    told = unwell(issued, "clock")
    assert "fault clock against the store's records: the clock says 2020-01-01 09:00" in told


def test_a_year_whose_holidays_are_unknown_is_told(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.doctor.clock.ChineseWorkingDays.announced", lambda _self, _year: False)
    assert "holidays of" in unwell(issued, "clock")


def test_a_server_s_clock_is_asked(issued: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.clock import moment

    declare_address(issued, "{kind: http, addresses: ['http://127.0.0.1:1/a.xlsx']}")
    monkeypatch.setattr("flows.doctor.clock.moment_told", lambda _address, _within: moment("2020-01-01T09:00"))
    assert "fault clock against http://127.0.0.1:1/a.xlsx: this machine is" in unwell(issued, "clock")


def test_a_check_that_breaks_is_a_finding_and_the_others_are_made(
    issued: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_about: Examined) -> None:
        raise ZeroDivisionError("by nothing")

    found(issued)
    monkeypatch.setitem(CHECKS, "fonts", [broken])
    told = found(issued)
    assert "the check itself broke: ZeroDivisionError: by nothing" in {one.found for one in told}
    assert len(told) > 20


def test_the_command_ends_with_the_status_of_what_it_found(
    issued: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ["--workspace", str(issued.root)]
    app(["doctor", *at], result_action="return_value")
    assert capsys.readouterr().out.splitlines()[-1].endswith(" ok, 0 warning, 0 fault")
    app(["doctor", "small", "--json", *at], result_action="return_value")
    told = json.loads(capsys.readouterr().out)
    assert {"theme", "looked_at", "verdict", "found", "cure"} == set(told[0])
    file = issued.folder("small") / "district.yaml"
    file.write_text(file.read_text("utf-8").replace("kind: township", "kind: village", 1), encoding="utf-8")
    with pytest.raises(YuebaoError) as declared:
        app(["doctor", *at], result_action="return_value")
    assert declared.value.exit_status == 3
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/yuebao")
    with pytest.raises(YuebaoError) as machine:
        app(["doctor", *at], result_action="return_value")
    assert machine.value.exit_status == 7
    assert "cure: " in capsys.readouterr().out
