"""What somebody who may put files into an inbox can't do: have others read, keep a pull waiting, or stop a run."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.check_order import brought
from flows.moving import export_district
from flows.sources.delivery import Delivery, PassedOver
from flows.sources.folders import Folder
from flows.status import status_of
from tests.flows.commands import said_by
from tests.flows.pulling import Puller, told
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
