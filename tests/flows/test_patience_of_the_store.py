"""A database that goes away under a run: whole transactions again, no row twice, and an end to the waiting."""

from __future__ import annotations

import datetime as dt
import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.store import Store, Vintage, connecting
from flows.store.connecting import Connected
from flows.store.persisting import Patience, StoreAway, is_persistent, persist
from flows.workspace import Workspace
from tests.flows.postgresql import Server
from tests.flows.small import Sent
from transforms.errors import EnvironmentFault
from transforms.periods import Period

DAY = dt.datetime(2024, 7, 17, tzinfo=dt.UTC)
MARCH = Period(2024, 3)


class Waiting:
    """A clock that goes only where somebody sleeps, and what happens meanwhile."""

    def __init__(self, happens: Callable[[], None] = lambda: None) -> None:
        self.now, self.happens = 0.0, happens

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.happens()

    def patience(self, within: float = 60.0) -> Patience:
        return Patience(within, self.sleep, lambda: self.now)


def vintage(sha256: str = "a" * 64) -> Vintage:
    return Vintage(0, "inbox/a.xlsx", "a.xlsx", sha256, DAY)


def test_every_method_of_the_store_outlives_an_absence() -> None:
    public = {name: one for name, one in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    assert {name for name, one in public.items() if not is_persistent(one)} == {"close"}


def test_an_absence_is_waited_out_and_bounded() -> None:
    waiting, tries = Waiting(), iter([StoreAway("gone"), StoreAway("gone"), None])

    def work() -> str:
        if (fault := next(tries)) is not None:
            raise fault
        return "done"

    assert persist(waiting.patience(), work) == "done"

    def never() -> None:
        raise StoreAway("the store is gone")

    waiting = Waiting()
    with pytest.raises(EnvironmentFault, match=r"the store is gone \(tried for 60 seconds\)"):
        persist(waiting.patience(), never)
    assert 50 < waiting.now <= 60


def test_a_locked_sqlite_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_BUSY_MILLISECONDS", 10)
    address = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    with closing(Store(address)) as store, closing(sqlite3.connect(tmp_path / "store.sqlite3")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        assert store.vintages("small") == ()  # who only reads isn't kept out
        store.patience = Waiting(lambda: other.in_transaction and other.execute("COMMIT")).patience()  # type: ignore
        assert store.add_vintage("small", vintage(), 9, DAY).id == 1
        other.execute("BEGIN IMMEDIATE")
        store.patience = Waiting().patience()
        with pytest.raises(EnvironmentFault, match=r"database is locked.*tried for 60 seconds"):
            store.add_vintage("small", vintage(), 9, DAY)
        other.execute("ROLLBACK")
        assert len(store.vintages("small")) == 1


@pytest.mark.parametrize("committed", [True, False])
def test_a_connection_lost_in_commit_doubles_no_row(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    address = new_database()
    with closing(Store(address)) as store:
        commit = store._engine.dialect.do_commit
        lost: list[Any] = []

        def dying(connection: Any) -> None:
            if lost:
                commit(connection)
                return
            lost.append(connection)
            if committed:
                commit(connection)
            with psycopg.connect(address, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 10000)", [connection.dbapi_connection.info.backend_pid])
            connection.dbapi_connection.execute("SELECT 1")

        monkeypatch.setattr(store._engine.dialect, "do_commit", dying)
        store.patience = Waiting().patience()
        made = store.add_vintage("small", vintage(), 9, DAY)
        assert lost
        assert store.vintages("small") == (Vintage(made.id, "inbox/a.xlsx", "a.xlsx", "a" * 64, made.received),)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server.running() as running:
        yield running


def test_a_server_that_is_stopped_under_a_run_changes_nothing_of_it(
    make_workspace: Callable[[str], tuple[Workspace, Sent]], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connected, "patience", Waiting(server.start).patience())
    undisturbed, _ = make_workspace("undisturbed")
    expected = make_bulletin(Job(undisturbed, "small", MARCH)).folder / "manifest.json"
    monkeypatch.setenv("DATABASE_URL", server.uri)
    Store(server.uri).close()  # with a server that it never saw a command has no patience
    workspace, _ = make_workspace("disturbed")
    # Before a pull, a read of the store, an editor's quotes, the record of the run, and the archive's issues.
    before = ["bring_in", "recall", "check_edits", "put_in_place", "keep_archive"]
    stopped = []

    def stopping(stage: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if stage.__name__ in before:
            stopped.append(stage.__name__)
            server.stop()
        return stage(*args, **kwargs)

    made = make_bulletin(Job(workspace, "small", MARCH), stopping)
    assert (made.folder / "manifest.json").read_bytes() == expected.read_bytes()
    assert stopped == before
    with closing(Store(server.uri)) as store:
        assert len(store.vintages("small")) == 5
        assert store.last_runs("small")[MARCH].outcome == "made"
    with psycopg.connect(server.uri) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_a_server_that_stays_away_is_told_and_nothing_is_half_made(
    make_workspace: Callable[[str], tuple[Workspace, Sent]], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connected, "patience", Waiting().patience())
    monkeypatch.setenv("DATABASE_URL", server.uri)
    workspace, _ = make_workspace("one")

    def stopping(stage: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if stage.__name__ == "recall":
            server.stop()
        return stage(*args, **kwargs)

    with pytest.raises(EnvironmentFault, match=r"see that it's running and reachable.*tried for 60 seconds"):
        make_bulletin(Job(workspace, "small", MARCH), stopping)
    assert not workspace.bulletin_folder("small", MARCH).exists()
    server.start()
    assert make_bulletin(Job(workspace, "small", MARCH)).folder.is_dir()
