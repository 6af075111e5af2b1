"""Who may read what a month, a publish, forms and an edit leave: nobody but the account that ran them."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.backfill import Backfill, backfill
from flows.edits import begin_edit
from flows.exchange import exchanged
from flows.forms import make_forms
from flows.issuing import Order, publish_draft
from flows.jobs import Beside, Job, directly
from flows.kept_vintages import holding_vintages
from flows.modes import make_private_file, make_private_folder, tighten, tighten_all
from flows.monthly import make_bulletin
from flows.publication import holding, publish
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.periods import Period


@pytest.fixture(params=[0o000, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """An account that lets everybody read and write what it makes, and a usual one."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def open_to_others(folder: Path, but: Path | None = None) -> list[str]:
    """What others may do anything with, in the folder and below, besides what stands in ``but``."""
    return [
        f"{path.relative_to(folder.parent)} {mode(path):03o}"
        for path in (folder, *sorted(folder.rglob("*")))
        if mode(path) & 0o077 and not (but and path.is_relative_to(but))
    ]


def test_a_month_with_all_that_stands_beside_it_is_closed_to_others_whatever_the_umask(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, sent = workspace_and_sent
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{workspace.out / 'store.sqlite3'}")
    sent.statistics("2024-04-17", 2024, 3, 30.0, 4.0)  # behind its path, so that somebody gets a notice
    before = os.umask(0)
    try:
        job = Job(workspace, "small", Period(2024, 3), beside=(Beside.NOTICES,))
        backfill(Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 2), 2), directly, lambda _: None)
        make_forms(job)
        begin_edit(job)
        make_bulletin(job)
        open_store = Store(workspace.store_address)  # SQLite's -wal and -shm are there while somebody is connected.
        issue = publish_draft(Order(job, "王主任")).folder
        beside = {path.name for path in workspace.out.iterdir()}
        shelf = workspace.issues_folder("small")
        assert {"store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm"} <= beside
        assert open_to_others(workspace.out, shelf) == []
        open_store.close()
    finally:
        os.umask(before)
    assert open_to_others(workspace.folder("small") / "vintages") == []
    assert open_to_others(workspace.folder("small") / "edits") == []
    written = {path.relative_to(workspace.out / "small").parts[0] for path in (workspace.out / "small").rglob("*")}
    assert {"2024-02", "2024-03", "forms", "issues", "index.html", "indicators"} <= written
    assert any((workspace.out / "small" / "2024-03").glob("notices/*"))
    modes = {mode(path) for path in (shelf, issue, *issue.rglob("*")) if path.is_dir()}
    assert modes == {0o755}
    assert {mode(path) for path in issue.rglob("*") if path.is_file()} == {0o444}


@pytest.mark.usefixtures("umask")
def test_the_first_line_of_a_new_workspace_s_log_opens_nothing(
    workspace_and_sent: tuple[Workspace, Sent], caplog: pytest.LogCaptureFixture
) -> None:
    workspace, _ = workspace_and_sent
    assert not workspace.out.exists()
    order = Backfill(workspace, ("small",), Period(2024, 2), Period(2024, 2))
    with caplog.at_level(logging.WARNING, "flows.modes"):
        backfill(order, directly, lambda _: None)
    assert workspace.logs_folder.is_dir()
    assert open_to_others(workspace.out) == []
    assert [one.getMessage() for one in caplog.records if one.name == "flows.modes"] == []


@pytest.mark.usefixtures("umask")
def test_every_door_makes_what_it_makes_for_its_own_account(tmp_path: Path) -> None:
    made = tmp_path / "made"
    make_private_folder(made / "a" / "b")
    make_private_file(made / "a" / "file")
    publish(made / "district" / "2024-03", {"bulletin.html": b"1", "notices/a.pdf": b"2"}, {})
    publish(made / "district" / "2024-03", {"bulletin.html": b"3"}, {})
    Store(f"sqlite:///{made / 'deep' / 'store.sqlite3'}").close()
    assert open_to_others(made) == []


def test_what_was_open_before_is_closed_and_that_is_said_once(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace, _ = make_workspace("one")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{workspace.out / 'store.sqlite3'}")
    old = workspace.out / "small" / "2023-12"
    old.mkdir(parents=True)
    (old / "bulletin.html").write_text("未发布", encoding="utf-8")
    vintages = workspace.folder("small") / "vintages" / "ab"
    vintages.mkdir(parents=True)
    (workspace.out / "store.sqlite3").touch()
    outside = workspace.root / "elsewhere"
    outside.mkdir()
    (workspace.out / "small" / "link").symlink_to(outside)
    for path in (workspace.out, *workspace.out.rglob("*"), vintages, vintages.parent, outside):
        if not path.is_symlink():
            path.chmod(0o777 if path.is_dir() else 0o666)
    with caplog.at_level(logging.WARNING, "flows.modes"):
        make_bulletin(Job(workspace, "small", Period(2024, 3)))
        (workspace.out / "small" / "2023-12").chmod(0o700)
        told = caplog.messages.copy()
        make_bulletin(Job(workspace, "small", Period(2024, 3)))
    assert open_to_others(workspace.out) == ["data_out/small/link 777"]
    assert open_to_others(vintages.parent) == []
    assert mode(outside) == 0o777
    assert sorted(told) == sorted(
        f"{path}: other accounts could read it (mode {was}); now they can't"
        for path, was in (
            (workspace.out, "777"),
            (workspace.out / "small", "777"),
            (workspace.out / "store.sqlite3", "666"),
            (vintages.parent, "777"),
        )
    )
    assert caplog.messages == told


def test_a_folder_that_belongs_to_another_account_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "file").touch(0o644)
    theirs.chmod(0o755)

    def refused(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    tighten(theirs)
    tighten_all(theirs)
    assert len(caplog.messages) == 3
    assert all("belongs to another account" in one for one in caplog.messages)


def test_vintages_are_closed_while_they_are_pulled(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    with holding_vintages(workspace, workspace.district("small")) as kept:
        assert open_to_others(kept) == []


# --- A folder in another's place ----------------------------------------------------------------


def test_two_folders_change_places_at_one_stroke(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, encoding="ascii")
    if not exchanged(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system knows no exchange")
    assert (tmp_path / "one" / "file").read_text(encoding="ascii") == "other"
    with pytest.raises(FileNotFoundError):
        exchanged(tmp_path / "one", tmp_path / "none")


def test_where_the_file_system_knows_no_exchange_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.exchange._renameat2", lambda: None)
    folder = tmp_path / "2024-03"
    for number in (b"1", b"2", b"3"):
        publish(folder, {"bulletin.html": number}, {})
    assert (folder / "bulletin.html").read_bytes() == b"3"
    assert sorted(one.name for one in tmp_path.iterdir()) == [".2024-03.lock", "2024-03"]


def test_what_a_killed_run_left_beside_a_folder_goes_with_the_next_look(tmp_path: Path) -> None:
    folder = tmp_path / "2024-03"
    publish(folder, {"bulletin.html": b"1"}, {})
    for left in (".2024-03.new", ".2024-03.old"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "bulletin.html").write_bytes(b"half")
    with holding(folder):
        pass
    assert sorted(one.name for one in tmp_path.iterdir()) == [".2024-03.lock", "2024-03"]
    assert (folder / "bulletin.html").read_bytes() == b"1"


def test_a_store_that_is_opened_again_takes_no_lock_from_the_one_that_is_open(tmp_path: Path) -> None:
    """A process opens its store more than once; closing the database's file must not free what another holds."""
    file = tmp_path / "store.sqlite3"
    Store(f"sqlite:///{file}").close()
    code = (
        "import sqlite3, sys\n"
        "try: sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')\n"
        "except sqlite3.OperationalError as error: print(error)"
    )
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    make_private_file(file)
    for beside in ("-wal", "-shm"):
        make_private_file(file.with_name(file.name + beside))
    told = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True).stdout
    holding.close()
    assert told.strip() == "database is locked"
