"""Workspaces of the small district, apart from whatever stands on the machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from flows.store import Store
from flows.workspace import Workspace
from tests.flows.postgresql import ASKED, Server, create_database, name_of
from tests.flows.prefect_servers import database_for_prefect, running_server
from tests.flows.pulling import Puller
from tests.flows.small import Sent, small_workspace


@pytest.fixture
def make_workspace(tmp_path: Path, every_store: object) -> Callable[[str], tuple[Workspace, Sent]]:
    """Make a workspace of that name, with 2024-02 and 2024-03 sent."""

    def make(name: str) -> tuple[Workspace, Sent]:
        made, sent = small_workspace(tmp_path / name)
        if ASKED:
            assert made.store_address  # is from now on that of processes which the test starts, too
        return made, sent

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
    """No Prefect server, no database and no workspace of the person who runs the tests; no other test's secrets."""
    monkeypatch.setattr("flows.logs._HIDDEN", set())
    for name in ("PREFECT_API_URL", "DATABASE_URL", "YUEBAO_WORKSPACE", "SSL_CERT_FILE", "YUEBAO_KNOWN_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def every_store(no_server: None, store_of: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch) -> dict[Path, str]:
    """With YUEBAO_TEST_DATABASE=postgresql each workspace's store is a database of its own there, in place of a file.

    Gives which. Processes that a test starts have the first workspace's.
    """
    databases: dict[Path, str] = {}

    def store_address(workspace: Workspace) -> str:
        named = os.environ.get("DATABASE_URL")
        if named and named not in databases.values():
            return named
        if workspace.root not in databases:
            databases[workspace.root] = store_of(workspace.root)
            if len(databases) == 1:
                monkeypatch.setenv("DATABASE_URL", databases[workspace.root])
        return databases[workspace.root]

    if ASKED:
        monkeypatch.setattr(Workspace, "store_address", property(store_address))
    return databases


@pytest.fixture
def copied(every_store: dict[Path, str], request: pytest.FixtureRequest) -> Callable[[Path, Path], Workspace]:
    """Copy a workspace to another place, its store with it."""

    def copy(root: Path, place: Path) -> Workspace:
        made = Path(shutil.copytree(root, place))
        if ASKED:
            uri = request.getfixturevalue("postgresql")
            every_store[made] = create_database(uri, template=name_of(root), name=name_of(made))
        return Workspace(made)

    return copy


@pytest.fixture(scope="session")
def store_of(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """The address of the store of a workspace there, on the database that the suite runs on."""

    def address(root: Path) -> str:
        if not ASKED:
            return f"sqlite:///{root / 'data_out' / 'store.sqlite3'}"
        return create_database(
            request.getfixturevalue("postgresql"), request.getfixturevalue("template"), name_of(root)
        )

    return address


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own."""
    with Server.running() as server:
        yield server.uri


@pytest.fixture(scope="session")
def template(postgresql: str) -> str:
    """The name of a database with the store's tables, which is copied faster than they are made."""
    address = create_database(postgresql)
    Store(address).close()
    return address.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Make an empty database on the tests' own PostgreSQL, and tell its address."""
    return lambda: create_database(request.getfixturevalue("postgresql"))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[], str]) -> str:
    """A fresh store's address, on each database."""
    return f"sqlite:///{tmp_path / 'store.sqlite3'}" if request.param == "sqlite" else new_database()


_SERVERS = ExitStack()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the Prefect servers once their group is through: one that merely stands there takes a sixth of a core.

    Only where a worker has the whole group at a stretch. There can't be a server for each module: Prefect keeps
    sending a process's events to the first one that it has known.
    """
    if "PYTEST_XDIST_WORKER" in os.environ and _needs_servers(item) and not _needs_servers(nextitem):
        _SERVERS.close()


def _needs_servers(item: pytest.Item | None) -> bool:
    mark = item.get_closest_marker("xdist_group") if item else None
    return mark is not None and mark.args == ("prefect",)


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """The API address of a Prefect server on SQLite; tests that take it belong to the group ``prefect``."""
    with _SERVERS:
        yield _SERVERS.enter_context(running_server())


@pytest.fixture(scope="session")
def prefect_server_on_postgresql(postgresql: str) -> Iterator[str]:
    """The same on PostgreSQL."""
    with _SERVERS:
        folder = Path(tempfile.mkdtemp(prefix="ext"))
        _SERVERS.callback(shutil.rmtree, folder, ignore_errors=True)
        yield _SERVERS.enter_context(running_server(database_for_prefect(postgresql, folder, "prefect")))


@pytest.fixture
def orchestrated(prefect_server: str) -> Iterator[str]:
    """A server's address, configured for the test's own process and for those that it starts."""
    with configured(prefect_server):
        yield prefect_server


@pytest.fixture(params=["sqlite", "postgresql"])
def orchestrated_on_both(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same, once on each database, and afterwards without what was deployed and what runs there."""
    names = {"sqlite": "prefect_server", "postgresql": "prefect_server_on_postgresql"}
    with configured(request.getfixturevalue(names[request.param])) as address:
        yield address
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            # A run's slot goes with its deployment, and then the server can't end the run any more.
            for run in client.read_flow_runs(limit=200):
                if run.deployment_id and run.state and not run.state.is_final():
                    client.delete_flow_run(run.id)
            for one in client.read_deployments():
                client.delete_deployment(one.id)


@contextmanager
def configured(server: str) -> Iterator[str]:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with pytest.MonkeyPatch.context() as patched, temporary_settings({PREFECT_API_URL: server}):
        patched.setenv("PREFECT_API_URL", server)
        yield server
