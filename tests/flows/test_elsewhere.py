"""Backfills on other machines: workers of a real work pool and of a real Dask cluster, with PostgreSQL as the store."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.backfill import Backfill, backfill
from flows.elsewhere import carry_out, errand, shared_workspace
from flows.jobs import Job, directly
from flows.monthly import bring_in
from flows.orchestration import run_backfill
from flows.orchestration.server import keep_to_ourselves, require_answer
from flows.outcomes import Outcome, Result
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.prefect_servers import free_port, running
from tests.flows.small import Sent
from tests.flows.test_backfill import all_hashes
from transforms.errors import EnvironmentFault, UsageError
from transforms.periods import Period

pytestmark = pytest.mark.xdist_group("prefect")

WITHIN = 180
"""Seconds for a process to be there, on a machine that others load."""


@pytest.fixture
def shared(
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
    new_database: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Workspace:
    """A workspace whose store is a PostgreSQL database of its own."""
    monkeypatch.setenv("DATABASE_URL", new_database())
    return make_workspace("shared")[0]


def order(workspace: Workspace, last: str = "2024-04") -> Backfill:
    return Backfill(workspace, ("small",), Period(2024, 2), Period.parse(last))


def alone(make_workspace: Callable[[str], tuple[Workspace, Sent]], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The hashes of what one process makes, one period after the other, with SQLite as the store."""
    workspace, _ = make_workspace("alone")
    with monkeypatch.context() as patched:
        patched.delenv("DATABASE_URL")
        backfill(order(workspace), directly, lambda _: None)
    return all_hashes(workspace)


def results(outcomes: tuple[Outcome, ...]) -> dict[str, Result]:
    return {str(one.period): one.result for one in outcomes}


EXPECTED = {"2024-02": Result.MADE, "2024-03": Result.MADE, "2024-04": Result.FAILED}


# --- What another machine must see ---------------------------------------------------------------


def test_an_sqlite_store_is_refused_with_its_cure(
    workspace_and_sent: tuple[Workspace, Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = workspace_and_sent
    monkeypatch.setenv("DATABASE_URL", sqlite_of(workspace))
    cure = "set DATABASE_URL to a PostgreSQL database, here and on every worker"
    with pytest.raises(EnvironmentFault, match=cure), shared_workspace(workspace):
        pass


def sqlite_of(workspace: Workspace) -> str:
    return f"sqlite:///{workspace.out / 'store.sqlite3'}"


def test_other_machines_are_reached_by_a_server(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    with pytest.raises(UsageError, match="set PREFECT_API_URL"):
        run_backfill(order(workspace_and_sent[0]), lambda _: None, on="pool:any")


def test_a_worker_that_sees_something_else_refuses_and_says_what(
    shared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(shared.store_address)
    bring_in(shared, shared.district("small"), store)
    store.close()
    job = Job(shared, "small", Period(2024, 3))
    with shared_workspace(shared) as mark:
        told = errand(job, mark)

        def refusal(**other: Any) -> str:
            outcome = carry_out(**{**told, **other})
            assert (outcome.result, outcome.exit_status) == (Result.FAILED, 7)
            return outcome.message

        assert "mount the same folder there" in refusal(mark=".elsewhere-unknown")
        assert "install the same version there" in refusal(expected={**told["expected"], "made_by": "other"})
        assert "install the same requirements.lock" in refusal(expected={**told["expected"], "versions": "other"})
        with monkeypatch.context() as patched:
            patched.setenv("DATABASE_URL", sqlite_of(shared))
            assert "SQLite" in refusal()
        plan = shared.plan_file("small", 2024)
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace("value: 170", "value: 180"), encoding="utf-8")
        assert "its data_raw isn't the same folder" in refusal()
        plan.write_text(text, encoding="utf-8")
        assert carry_out(**told).result is Result.MADE
    assert "mount the same folder there" in carry_out(**told).message
    assert not list(shared.out.glob(".elsewhere-*"))


# --- A work pool ---------------------------------------------------------------------------------


def new_pool() -> str:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    name = f"districts-{time.monotonic_ns()}"
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"))
    return name


@contextmanager
def refusing(wanted: str, times: int) -> Iterator[None]:
    """Let each thread's requests of what is called so be refused this often, as by a busy server."""
    from httpx import Client, Request, Response

    told: Counter[str] = Counter()
    really = Client.send

    def send(client: Client, request: Request, **given: Any) -> Response:
        thread = threading.current_thread().name
        if request.url.path.rstrip("/").endswith(wanted) and told[thread] < times:
            told[thread] += 1
            return Response(503, headers={"Retry-After": "0"}, request=request)
        return really(client, request, **given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Client, "send", send)
        yield
    assert set(told.values()) == {times}


def test_a_busy_server_is_asked_seven_times_more_where_nothing_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "")  # What is set for good is taken back.
    keep_to_ourselves()
    assert os.environ["PREFECT_CLIENT_MAX_RETRIES"] == "7"
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "2")
    keep_to_ourselves()
    assert os.environ["PREFECT_CLIENT_MAX_RETRIES"] == "2"


@pytest.mark.slow
def test_a_server_that_stays_busy_fails_the_periods_with_a_cure(shared: Workspace, orchestrated: str) -> None:
    from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    pool = new_pool()
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 1}):
        with refusing("/health", 1):
            require_answer()
        with refusing("/health", 2), pytest.raises(EnvironmentFault, match="503 Service Unavailable"):
            require_answer()
        with refusing("/task_runs", 2):
            outcomes = run_backfill(order(shared), lambda _: None, on=f"pool:{pool}")
    assert {(one.result, one.exit_status) for one in outcomes} == {(Result.FAILED, 7)}
    assert "503 Service Unavailable" in outcomes[0].message
    assert outcomes[0].message.endswith("see that it runs and isn't overloaded, then run again")


@pytest.mark.slow
def test_two_workers_of_a_pool_make_the_same_bytes(
    shared: Workspace,
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
    orchestrated: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from prefect.client.orchestration import get_client

    monkeypatch.setenv("PREFECT_WORKER_QUERY_SECONDS", "1")
    pool = f"none-{time.monotonic_ns()}"
    with pytest.raises(UsageError, match=f"prefect work-pool create {pool}"):
        run_backfill(order(shared), lambda _: None, on=f"pool:{pool}")
    pool = new_pool()
    start = (
        "prefect",
        "worker",
        "start",
        "--pool",
        pool,
        "--type",
        "process",
        "--limit",
        "1",
        "--name",
    )
    with running(*start, "one"), running(*start, "two"):
        outcomes = run_backfill(order(shared), lambda _: None, on=f"pool:{pool}")
    assert results(outcomes) == EXPECTED, outcomes
    assert outcomes[-1].exit_status == 4
    assert "2024-04" in outcomes[-1].message
    assert all_hashes(shared) == alone(make_workspace, monkeypatch)
    with get_client(sync_client=True) as client:
        states = {one.name: one.state_name for one in client.read_flow_runs() if one.work_pool_name == pool}
    assert states == {"small 2024-02": "Completed", "small 2024-03": "Completed", "small 2024-04": "Failed"}


# --- A Dask cluster ------------------------------------------------------------------------------


@contextmanager
def dask_cluster() -> Iterator[str]:
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    with (
        running("dask", "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"),
        running("dask", "worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"),
    ):
        yield address


@pytest.mark.slow
def test_a_dask_cluster_makes_the_same_bytes_though_its_workers_are_killed(
    shared: Workspace,
    make_workspace: Callable[[str], tuple[Workspace, Sent]],
    orchestrated: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from distributed import Client

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "20")
    killed: list[int] = []
    with dask_cluster() as address:
        client: Any = None
        deadline = time.monotonic() + WITHIN
        while client is None and time.monotonic() < deadline:
            try:
                client = Client(address, timeout=2, set_as_default=False)  # type: ignore[no-untyped-call]
            except (OSError, TimeoutError):
                continue
        client.wait_for_workers(2, timeout=WITHIN)
        pids: dict[str, int] = client.run(os.getpid)

        def kill(outcome: Outcome) -> None:
            """Kill the first time, whoever is at work now, or else anybody."""
            if not killed:
                busy = [address for address, keys in client.processing().items() if keys]
                killed.append(pids[(busy or list(pids))[0]])
                os.kill(killed[0], signal.SIGKILL)

        outcomes = run_backfill(order(shared), kill, on=f"dask:{address}")
        client.close()
    assert results(outcomes) == EXPECTED, outcomes
    assert (outcomes[-1].exit_status, len(killed)) == (4, 1)
    assert all_hashes(shared) == alone(make_workspace, monkeypatch)


@pytest.mark.slow
def test_a_place_that_is_none_is_refused(shared: Workspace, orchestrated: str) -> None:
    with pytest.raises(UsageError, match="write pool:NAME"):
        run_backfill(order(shared), lambda _: None, on="moon")
