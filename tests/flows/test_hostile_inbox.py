"""What somebody who may put files into an inbox can't do: have others read, keep a pull waiting, or stop a run."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import socket
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.check_order import brought
from flows.clock import BEIJING
from flows.moving import export_district, import_district
from flows.sources.delivery import Delivery, PassedOver
from flows.sources.folders import Folder
from flows.status import status_of
from flows.store import Store, Vintage
from flows.workspace import Workspace
from tests.flows.commands import said_by
from tests.flows.pulling import Puller, statistics, told
from transforms.errors import EnvironmentFault, InputError, UsageError

LINK = "a link, and none is followed; put the file itself there"
NO_FILE = "a pipe, a socket or a device, and no file; take it away"


def listened_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        before = Path.cwd()
        os.chdir(path.parent)  # the address of a socket is short
        made.bind(path.name)
        os.chdir(before)


KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link to a file": (lambda path: path.symlink_to("/etc/passwd"), LINK),
    "a link without an end": (lambda path: path.symlink_to("/dev/zero"), LINK),
    "a link to nothing": (lambda path: path.symlink_to("nothing"), LINK),
    "a link to a folder": (lambda path: path.symlink_to("/etc"), LINK),
    "a pipe": (os.mkfifo, NO_FILE),
    "a socket": (listened_at, NO_FILE),
}


@pytest.fixture
def inbox(puller: Puller) -> Path:
    return puller.workspace.folder("small") / "inbox"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_passed_over_and_stops_nothing(
    puller: Puller, inbox: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make, why = KINDS[kind]
    make(inbox / "三月.csv")
    pulled = puller.one()
    assert told(pulled) == (5, 0, 0, 0, 0)
    assert pulled.passed_over == [PassedOver("inbox/三月.csv", why)]
    assert status_of(puller.workspace, "small").waiting == ()
    status, said = said_by(capsys, monkeypatch, "pull", "--workspace", puller.workspace.root, "small")
    assert status == 0
    assert f"passed over 1: {why} (inbox/三月.csv)\n" in said
    assert [one.path for one in brought([inbox]) if one.path.parent == inbox] == []


def test_what_was_pulled_through_a_link_counts_no_more(puller: Puller, inbox: Path, tmp_path: Path) -> None:
    file = inbox / "三月.csv"
    file.write_bytes(b"1,2\n")
    assert told(puller.one()) == (6, 0, 0, 0, 0)
    file.rename(tmp_path / "elsewhere.csv")
    file.symlink_to(tmp_path / "elsewhere.csv")
    assert told(puller.one()) == (0, 0, 5, 1, 0)


def test_what_becomes_a_link_after_it_was_looked_at_is_not_followed(tmp_path: Path) -> None:
    secret, inbox = tmp_path / "secret", tmp_path / "inbox"
    for folder in (secret, inbox / "new"):
        folder.mkdir(parents=True)
        (folder / "三月.csv").write_bytes(folder.name.encode())

    def found() -> Delivery:
        (one,) = Folder("inbox", inbox, "").look(lambda _item, _tag: False)
        assert isinstance(one, Delivery)
        return one

    delivery = found()
    assert delivery.fetch() == b"new"
    (inbox / "new").rename(tmp_path / "away")
    (inbox / "new").symlink_to(secret)
    with pytest.raises(EnvironmentFault, match=r"^inbox/new/三月\.csv: was replaced by something that is no file"):
        delivery.fetch()
    (inbox / "new").unlink()
    (tmp_path / "away").rename(inbox / "new")
    for make in (lambda path: path.symlink_to(secret / "三月.csv"), os.mkfifo):
        delivery = found()
        (inbox / "new" / "三月.csv").unlink()
        make(inbox / "new" / "三月.csv")
        with pytest.raises(EnvironmentFault, match="was replaced by something that is no file"):
            delivery.fetch()
        (inbox / "new" / "三月.csv").unlink()
        (inbox / "new" / "三月.csv").write_bytes(b"new")


def test_a_file_without_an_end_is_read_no_further_than_the_largest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("flows.sources.folders", "flows.sources.delivery"):
        monkeypatch.setattr(f"{module}.LARGEST_FILE", 2**20)
    (tmp_path / "三月.csv").write_bytes(b"1" * 2**20)
    (delivery,) = Folder("inbox", tmp_path, "").look(lambda _item, _tag: False)
    assert isinstance(delivery, Delivery)
    fstat = os.fstat

    def growing(opened: int) -> os.stat_result:
        before = fstat(opened)
        (tmp_path / "三月.csv").write_bytes(b"1" * 2**22)
        return before

    monkeypatch.setattr("flows.sources.folders.os.fstat", growing)
    with pytest.raises(InputError, match="1 MB is the most that's read"):
        delivery.fetch()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_not_packed(puller: Puller, inbox: Path, kind: str, tmp_path: Path) -> None:
    KINDS[kind][0](inbox / "三月.csv")
    with pytest.raises(UsageError, match=r"三月\.csv: is a "):
        export_district(puller.workspace, "small", tmp_path / "small.tar.gz")


# --- Names --------------------------------------------------------------------------------------

FORGED = "2024年3月a\n  2024-03  made       9 files  issued: 9号\x1b]0;x\x07\u202e.xlsx"
GBK = os.fsdecode("主要经济指标_2024年3月.xlsx".encode("gbk"))


def unseen(text: str) -> set[str]:
    return {one for one in text if one != "\n" and unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}


@pytest.mark.parametrize("name", [FORGED, GBK])
def test_no_name_forges_a_line_or_reaches_a_terminal_or_log_as_it_is(
    puller: Puller, inbox: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (inbox / name).write_bytes(b"no spreadsheet")
    (inbox / f"folder {name}").mkdir()
    (inbox / f"folder {name}" / name).symlink_to("/etc/passwd")
    at = ("--workspace", puller.workspace.root)
    expected = {"status": 0, "pull": 0, "backfill": 0, "run": 5, "read": 5, "check": 5}
    orders: dict[str, tuple[str | Path, ...]] = {
        "status": (*at, "small"),
        "backfill": (*at, "small", "2024-03", "--dry-run"),
        "check": (*at, inbox),
        "pull": (*at, "small"),
        "run": (*at, "small", "2024-03"),
        "read": (inbox / name,),
    }
    for command, words in orders.items():
        status, said = said_by(capsys, monkeypatch, command, *words)
        assert (command, status, unseen(said)) == (command, expected[command], set()), said
        assert not re.search(r"^ +2024-03 +made +9 files", said, re.MULTILINE)
        assert "〔" in said or "2024年3月" in said, said
    for log in puller.workspace.logs_folder.glob("*.jsonl"):
        assert unseen(log.read_text(encoding="utf-8")) == set()


def test_no_cell_that_a_doubt_quotes_reaches_a_terminal_as_it_is(
    puller: Puller, inbox: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (inbox / "2024年3月.csv").write_text("抬头\x1b[31m\u202e,值\n1,2\n", encoding="utf-8")
    at = ("--workspace", puller.workspace.root)
    status, said = said_by(capsys, monkeypatch, "run", *at, "small", "2024-03")
    assert (status, "开头是“抬头" in said, unseen(said)) == (5, True, set()), said
    status, said = said_by(capsys, monkeypatch, "log", *at, "small")
    assert (status, "开头是“抬头" in said, unseen(said)) == (0, True, set())


@pytest.mark.parametrize("name", ["主要经济指标_\u202e2024年\u200b3月\u2066.xlsx", GBK])
def test_a_name_with_marks_or_in_another_encoding_is_pulled_used_and_told(
    puller: Puller, inbox: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (inbox / "2024-04-17" / "主要经济指标_2024年3月_演示数据.xlsx").unlink()
    (inbox / "2024-04-17" / name).write_bytes(statistics(42.5))
    pulled = puller.one()
    assert told(pulled) == (5, 0, 0, 0, 0)
    (march,) = [one for one in pulled.new if one.workbook == "主要经济指标_2024年3月.xlsx"]
    assert re.fullmatch(r"inbox/2024-04-17/主要经济指标_2024年3月〔[0-9a-f]{8}〕\.xlsx", march.origin)
    assert march.received == dt.datetime(2024, 4, 17, tzinfo=BEIJING)
    assert puller.bytes_of(march) == statistics(42.5)
    page = (puller.bulletin().folder / "bulletin.html").read_text(encoding="utf-8")
    assert "主要经济指标_2024年3月.xlsx" in page
    assert not {"\u202e", "\u2066"} & set(page)
    status, said = said_by(
        capsys, monkeypatch, "check", "--workspace", puller.workspace.root, "--period", "2024-03", inbox / "2024-04-17"
    )
    assert (status, "【主要经济指标_2024年3月.xlsx】" in said) == (0, True), said


def test_files_whose_names_look_the_same_stay_apart(puller: Puller, inbox: Path) -> None:
    names = ["补.csv", "补\u202e.csv", "\u200b补.csv", os.fsdecode("补.csv".encode("gbk"))]
    for number, name in enumerate(names):
        (inbox / name).write_bytes(b"1,%d\n" % number)
    pulled = puller.one()
    new = {one.origin: puller.bytes_of(one) for one in pulled.new if one.workbook == "补.csv"}
    assert sorted(new.values()) == [b"1,%d\n" % number for number in range(4)]
    assert new["inbox/补.csv"] == b"1,0\n"
    assert told(puller.one()) == (0, 0, 9, 0, 0)
    (inbox / names[1]).write_bytes(b"1,9\n")
    (inbox / names[2]).unlink()
    assert told(puller.one()) == (0, 1, 7, 1, 0)
    assert len({one.name for one in brought([inbox]) if "补" in one.name}) == 3


def test_a_store_that_knows_a_file_by_its_name_as_it_was_goes_on_with_it(puller: Puller, inbox: Path) -> None:
    puller.pull()
    before = puller.standing()
    data = statistics(26.1, 2)
    (inbox / FORGED).write_bytes(data)
    came = dt.datetime(2024, 4, 20, tzinfo=BEIJING)
    known = Vintage(0, f"inbox/{FORGED}", FORGED, hashlib.sha256(data).hexdigest(), came)
    store = Store(puller.workspace.store_address)
    store.add_vintage("small", known, len(data), came)
    store.close()
    assert told(puller.one()) == (0, 0, 6, 0, 0)
    (old,) = [one for one in puller.standing() if one not in before]
    assert (old.received, unseen(old.origin + old.workbook)) == (came, set())
    (inbox / FORGED).write_bytes(statistics(26.2, 2))
    assert told(puller.one()) == (0, 1, 5, 0, 0)
    (inbox / FORGED).unlink()
    assert [one.origin for one in puller.one().gone] == [old.origin] * 2
    assert puller.standing() == before


def test_a_district_with_such_names_is_moved_whole(
    puller: Puller, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_of: Callable[[Path], str]
) -> None:
    for number, name in enumerate((FORGED, GBK, f"folder {GBK}")):
        (inbox / name).mkdir() if name.startswith("folder") else (inbox / name).write_bytes(b"1,%d\n" % number)
    (inbox / f"folder {GBK}" / GBK).write_bytes(b"1,4\n")
    puller.pull()
    export_district(puller.workspace, "small", tmp_path / "small.tar.gz")
    (tmp_path / "elsewhere" / "data_raw").mkdir(parents=True)
    monkeypatch.setenv("DATABASE_URL", store_of(tmp_path / "elsewhere"))
    elsewhere = Puller(Workspace(tmp_path / "elsewhere"))
    import_district(elsewhere.workspace, tmp_path / "small.tar.gz")
    export_district(elsewhere.workspace, "small", tmp_path / "again.tar.gz")
    assert (tmp_path / "again.tar.gz").read_bytes() == (tmp_path / "small.tar.gz").read_bytes()
    assert told(elsewhere.one()) == (0, 0, 8, 0, 0)
    for name in (FORGED, GBK, f"folder {GBK}/{GBK}"):
        moved = elsewhere.workspace.folder("small") / "inbox" / name
        assert moved.read_bytes() == (inbox / name).read_bytes()
