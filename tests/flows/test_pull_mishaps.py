"""What befalls a pull midway: a kill, a full disk, another pull at once, a file that is still being written."""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.pull import Pulled
from flows.sources.folders import Folder
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.pulling import FOLDER, Puller, statistics, told
from tests.flows.servers import Answer, web_server
from tests.flows.small import Sent
from transforms.errors import EnvironmentFault

ROOT = Path(__file__).resolve().parents[2]

KILLED = """
import os, signal, sys
from pathlib import Path
from flows import kept_vintages, pull
from flows.store import Store
from flows.workspace import Workspace

point, workspace = sys.argv[1], Workspace(Path(sys.argv[2]))
store, calls = Store(workspace.store_address), []
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
whole, add = kept_vintages.write_whole, Store.add_vintage

def write_whole(file, data):
    calls.append(file)
    if point == "half a file" and len(calls) == 3:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_name(f".{file.name}.1").write_bytes(data[:100])
        kill()
    whole(file, data)
    if point == "a file without its row" and len(calls) == 3:
        kill()

def add_vintage(*arguments):
    made = add(*arguments)
    if point == "a row" and len(calls) == 3:
        kill()
    return made

kept_vintages.write_whole, Store.add_vintage = write_whole, add_vintage
pull.pull(workspace, workspace.district("small"), store)
"""


def standing(workspace: Workspace) -> list[tuple[str, str, dt.datetime]]:
    store = Store(workspace.store_address)
    try:
        return sorted((one.origin, one.sha256, one.received) for one in store.vintages("small"))
    finally:
        store.close()


def kept(workspace: Workspace) -> list[str]:
    folder = workspace.folder("small") / "vintages"
    return sorted(file.name for file in folder.rglob("*") if file.is_file() and file.name != ".lock")


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """As on a full disk: what is written beyond the size fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("point", ["half a file", "a file without its row", "a row"])
def test_a_pull_that_was_killed_is_as_if_it_had_not_been(
    point: str, make_workspace: Callable[[str], tuple[Workspace, Sent]], tmp_path: Path
) -> None:
    killed = make_workspace("killed")[0]
    undisturbed = Workspace(shutil.copytree(killed.root, tmp_path / "undisturbed"))
    killed.out.mkdir()
    ended = subprocess.run([sys.executable, "-c", KILLED, point, str(killed.root)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(standing(killed)) == (3 if point == "a row" else 2)
    for workspace in (killed, undisturbed):
        Puller(workspace).pull()
    assert standing(killed) == standing(undisturbed)
    assert kept(killed) == kept(undisturbed)


def test_a_full_disk_ends_the_pull_in_a_sentence_and_leaves_nothing_half_made(puller: Puller) -> None:
    puller.pull()
    before, files = standing(puller.workspace), kept(puller.workspace)
    inbox = puller.workspace.folder("small") / "inbox" / "2024-04-18"
    inbox.mkdir()
    (inbox / "a.csv").write_bytes(b"1,2\n" * 500_000)
    (inbox / "b.csv").write_bytes(b"3,4\n")
    with no_file_above(1_000_000), pytest.raises(EnvironmentFault, match=r"^data_raw/small/vintages/.*File too large"):
        puller.pull()
    assert standing(puller.workspace) == before
    assert kept(puller.workspace) == files
    assert told(puller.one()) == (2, 0, 5, 0, 0)


def test_where_bytes_cannot_be_kept_it_is_said(puller: Puller) -> None:
    (puller.workspace.folder("small") / "vintages").write_text("no folder", encoding="ascii")
    with pytest.raises(EnvironmentFault, match=r"^data_raw/small/vintages: can't be written \(File exists\); see to"):
        puller.pull()


def test_two_pulls_at_once_take_each_file_in_once(puller: Puller) -> None:
    Store(puller.workspace.store_address).close()
    begin = threading.Barrier(2)
    found: list[Pulled] = []

    def work() -> None:
        begin.wait()
        found.append(puller.pull())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told(one.sources[0]) for one in found) == [(0, 0, 5, 0, 0), (5, 0, 0, 0, 0)]
    assert len(puller.standing()) == 5


def test_a_file_that_is_written_to_while_it_is_read_is_taken_the_next_time(
    puller: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = puller.workspace.folder("small") / "inbox" / "三月.csv"
    growing.write_bytes(b"1,2\n")
    os.utime(growing, (0, 0))

    def within_limit(origin: str, size: int) -> None:
        if origin.endswith(growing.name) and size == 4:
            growing.write_bytes(b"1,2\n3,4\n")

    with monkeypatch.context() as during:
        during.setattr("flows.sources.folders.within_limit", within_limit)
        pulled = puller.one()
    assert told(pulled) == (5, 0, 0, 0, 1)
    assert str(pulled.faults[0]) == (
        "inbox/三月.csv: was written to while it was being pulled; pull again when it's there whole"
    )
    assert told(puller.one()) == (1, 0, 5, 0, 0)
    assert any(puller.bytes_of(one) == b"1,2\n3,4\n" for one in puller.standing())


def test_a_share_that_vanishes_for_a_day_withdraws_nothing(puller: Puller, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "三月.xlsx").write_bytes(statistics(42.5))
    puller.declare(f"  - {{kind: shared-folder, path: {share}}}\n")
    assert told(puller.one()) == (1, 0, 0, 0, 0)
    share.rename(tmp_path / "away")
    assert told(puller.one()) == (0, 0, 0, 0, 1)
    share.mkdir()
    assert told(puller.one()) == (0, 0, 0, 0, 1)
    assert len(puller.standing()) == 1
    share.rmdir()
    (tmp_path / "away").rename(share)
    assert told(puller.one()) == (0, 0, 1, 0, 0)
    assert len(puller.standing()) == 1


def test_one_address_without_an_answer_leaves_the_others_and_a_second_ends_the_source(puller: Puller) -> None:
    with web_server() as web:
        bad = [web.says(f"/bad{number}.xlsx", Answer(503)) for number in range(2)]
        good = [web.says(f"/good{number}.xlsx", Answer(body=statistics(42.5 + number))) for number in range(2)]
        addresses = ", ".join(f"'{one}'" for one in (bad[0], good[0], bad[1], good[1]))
        puller.declare(f"{FOLDER}  - {{kind: http, addresses: [{addresses}]}}\n")
        assert [told(one) for one in puller.pull().sources] == [(5, 0, 0, 0, 0), (1, 0, 0, 0, 2)]
        assert puller.waited == [1.0, 2.0, 4.0, 1.0, 2.0, 4.0]
        assert not any(path == "/good1.xlsx" for path, _ in web.asked)


def test_a_file_that_is_taken_away_while_the_folder_is_looked_through_is_told(tmp_path: Path) -> None:
    (tmp_path / "三月.xlsx").write_bytes(b"x")
    (found,) = Folder("inbox", tmp_path, "").look(lambda _item, _tag: False)
    (tmp_path / "三月.xlsx").unlink()
    with pytest.raises(EnvironmentFault, match=r"inbox/三月\.xlsx: was taken away"):
        found.fetch()  # type: ignore[union-attr]
