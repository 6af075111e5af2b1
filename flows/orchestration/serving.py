"""Serves the districts' deployments against a real server, or registers them into a pool for workers elsewhere."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flows.claims import claimed_server
from flows.logs import tell
from flows.orchestration.own_server import own_server
from flows.orchestration.server import HEARTBEATS, keep_to_ourselves, require_answer, server_configured
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault, PartialError, UsageError, YuebaoError

if TYPE_CHECKING:
    from prefect.runner import Runner

Told = Callable[[str], None]
ENDING = 150.0
"""Seconds that runs under way are given to end; a month takes about one minute. The unit waits for 180."""


def serve_districts(workspace: Workspace, named: Sequence[str], port: int | None, told: Told) -> None:
    """Register a deployment for each district, prove that each has its next run, and run what falls due until ended.

    Missed runs are made up for when it's started again.
    """
    from flows.orchestration.deployments import deployments, prove, scheduled_districts

    found = scheduled_districts(workspace, named)
    districts = found.districts
    keep_to_ourselves()
    with _server(workspace, port) as address:
        told(f"Prefect's server: {address}")
        _tell_unread(found.unread, told)
        from prefect.runner import Runner

        runner = Runner(name="yuebao", pause_on_shutdown=False, query_seconds=_poll())
        ids = [runner.add_deployment(one) for one in deployments(workspace, districts)]
        _tell(prove(workspace, districts), told)
        _upkeep_now(ids[-1])
        told("serving; end it with Ctrl-C or SIGTERM")
        _run(runner)


def deploy_districts(workspace: Workspace, named: Sequence[str], pool: str, told: Told) -> None:
    """Register the same deployments into a work pool, whose workers run them; UsageError if there's no such pool.

    PartialError at the end where a district couldn't be registered for its faults.
    """
    from flows.orchestration.deployments import deployments, prove, scheduled_districts

    found = scheduled_districts(workspace, named)
    if not server_configured():
        raise UsageError("workers need a Prefect server that all of them reach; set PREFECT_API_URL")
    keep_to_ourselves()
    require_answer()
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(pool)
        except ObjectNotFound:
            raise UsageError(
                f"--pool {pool}: the server has no such work pool; make it: "
                f"prefect work-pool create --type process {pool}"
            ) from None
    for one in deployments(workspace, found.districts):
        one.job_variables = {"env": HEARTBEATS}
        one.apply(work_pool_name=pool)
    _tell(prove(workspace, found.districts), told)
    _tell_unread(found.unread, told)
    if found.unread:
        raise PartialError(f"{len(found.unread)} district(s) not registered; what is wrong with them is told above")


@contextmanager
def _server(workspace: Workspace, port: int | None) -> Iterator[str]:
    if server_configured():
        if port is not None:
            raise UsageError("--port is for a server of our own, but one is configured; unset PREFECT_API_URL, or it")
        require_answer()
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            yield str(client.api_url)
        return
    with claimed_server(workspace), own_server(workspace.out / "prefect", port) as address:
        require_answer()
        yield address


def _tell(proven: Sequence[object], told: Told) -> None:
    from flows.orchestration.deployments import Proven

    for one in proven:
        assert isinstance(one, Proven)
        provisional = " (provisional: that year's holidays aren't announced yet)" if one.provisional else ""
        told(f"{one.name}: next run {one.at:%Y-%m-%d %H:%M} Beijing time{provisional}")


def _tell_unread(unread: Sequence[YuebaoError], told: Told) -> None:
    for error in unread:
        told(f"not run by itself until it's mended and this is started again: {error}")
        tell("district not run by itself", level="error", fault=str(error))


def _upkeep_now(deployment_id: object) -> None:
    """What was missed while nothing served is found at once; by the next round where an upkeep was killed under way.

    A dead one's slot is free again after five minutes, and what comes meanwhile is cancelled.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        client.create_flow_run_from_deployment(deployment_id)  # type: ignore[arg-type]


def _run(runner: object) -> None:
    from prefect.runner import Runner

    assert isinstance(runner, Runner)
    try:
        asyncio.run(_until_ended(runner))
    except KeyboardInterrupt:
        return
    except ConnectionError as error:
        raise EnvironmentFault(f"Prefect's server is gone ({error}); start it, then `yuebao serve` again") from None


async def _until_ended(runner: Runner) -> None:
    """Serve until SIGTERM, then let the runs under way end, for so long; a second SIGTERM ends them at once.

    Prefect's own handler ends them at once, by force, and prints tracebacks.
    """
    serving = asyncio.ensure_future(runner.start())
    await asyncio.sleep(0)  # By now it has set its handler, which ours takes the place of.
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.add_signal_handler(signal.SIGTERM, serving.cancel)
        loop.call_later(ENDING, serving.cancel)
        # Nothing new is begun, and the runner waits for what is under way. It has no public word for that, and none of
        # its parts before it has begun.
        polling = getattr(runner, "_loops_task_group", None)
        (polling.cancel_scope if polling else serving).cancel()

    loop.add_signal_handler(signal.SIGTERM, end)
    with suppress(asyncio.CancelledError):
        await serving


def _poll() -> float:
    return float(os.environ.get("PREFECT_RUNNER_POLL_FREQUENCY") or 10)
