"""Has the periods of a backfill made on other machines: by the workers of a work pool, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from importlib.util import find_spec
from typing import Any

from httpx import HTTPError
from prefect import Flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.types.entrypoint import EntrypointType

from flows.backfill import Backfill, Spread, named
from flows.elsewhere import carry_out, errand, shared_workspace
from flows.jobs import Job, Perform
from flows.orchestration.performing import outcome_of, state_of
from flows.orchestration.server import unanswered
from flows.outcomes import Notice, Outcome, Result
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault, UsageError

_AT_ONCE = 16
"""Runs that wait in a work pool at once; how many of them are made at once is for its workers' limits to say."""

_SECONDS_BETWEEN_LOOKS = 2


@contextmanager
def on_pool(workspace: Workspace, pool: str, period: Flow[..., Any]) -> Iterator[Spread]:
    """The workers of this work pool make the periods, each as a run of its own that a task here waits for."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(pool)
        except ObjectNotFound:
            raise UsageError(
                f"--on pool:{pool}: the server has no such work pool; make it with `prefect work-pool create {pool} "
                f"--type process`, and start a worker on each machine with `prefect worker start --pool {pool}`"
            ) from None
    deployment: Any = period.to_deployment(
        f"pool-{pool}", work_pool_name=pool, entrypoint_type=EntrypointType.MODULE_PATH, concurrency_limit=None
    )
    identity = deployment.apply()
    with shared_workspace(workspace) as mark:

        def spread(order: Backfill, jobs: Sequence[Job], perform: Perform, notice: Notice) -> Iterator[Outcome]:  # noqa: ARG001
            with ThreadPoolExecutor(min(_AT_ONCE, len(jobs)), thread_name_prefix="pool") as threads:
                waits = [
                    threads.submit(
                        copy_context().run, partial(perform, named(job, partial(_by_pool, identity, mark, notice)), job)
                    )
                    for job in jobs
                ]
                try:
                    for one in as_completed(waits):
                        yield one.result()
                except BaseException:
                    threads.shutdown(wait=False, cancel_futures=True)
                    raise

        yield spread


def _by_pool(deployment: Any, mark: str, notice: Notice, job: Job) -> Outcome:
    parameters = errand(job, mark)
    for attempt in range(2):
        try:
            run: Any = run_deployment(
                deployment,
                parameters=parameters,
                flow_run_name=job.name,
                poll_interval=_SECONDS_BETWEEN_LOOKS,
                # A server may have taken what it had no time to answer.
                idempotency_key=f"{mark} {job.name} {attempt}",
            )
        except HTTPError as error:
            told = f"{job.name}: {unanswered(error)}"
            return Outcome(job.district, job.period, Result.FAILED, told, EnvironmentFault.exit_status)
        if run.state is None or not run.state.is_crashed() or attempt:
            break
        notice.said(f"{job.name}: its worker was lost; it's tried again once")
    return outcome_of(job, run.state)


@contextmanager
def on_dask(workspace: Workspace, address: str) -> Iterator[Spread]:
    """The workers of this Dask cluster make the periods, each as a task of this flow."""
    if find_spec("prefect_dask") is None:
        raise EnvironmentFault("prefect-dask isn't installed; install yuebao[dask] here and on the cluster's machines")
    from prefect_dask.task_runners import DaskTaskRunner

    with shared_workspace(workspace) as mark:

        def spread(order: Backfill, jobs: Sequence[Job], perform: Perform, notice: Notice) -> Iterator[Outcome]:  # noqa: ARG001
            from distributed.client import as_completed as as_they_end

            try:
                runner: Any = DaskTaskRunner(address=address, client_kwargs={"timeout": 30})
                runner.__enter__()
                runner.client.scheduler_info()
            except (OSError, ValueError) as error:
                raise EnvironmentFault(
                    f"the Dask scheduler {address} doesn't answer ({error}); see that `dask scheduler` runs there"
                ) from None
            try:
                futures = {runner.submit(_task_of(job), {"parameters": errand(job, mark)}): job for job in jobs}
                by_key = {future.wrapped_future.key: job for future, job in futures.items()}
                # The runner's client isn't the process's default one, which is asked for a loop where none is given.
                ended: Any = as_they_end([one.wrapped_future for one in futures], loop=runner.client.loop)  # type: ignore[no-untyped-call]
                for done in ended:
                    yield outcome_of(by_key[done.key], _state_from(done))
            finally:
                runner.__exit__(None, None, None)

        yield spread


def _task_of(job: Job) -> Any:
    return task(name="period", task_run_name=job.name, cache_policy=NO_CACHE, persist_result=False)(_on_dask)


def _on_dask(parameters: Mapping[str, Any]) -> State[Any]:
    return state_of(carry_out(**parameters))


def _state_from(done: Any) -> State[Any] | None:
    """The state that a task ended with; None where the workers that had it were lost, one after the other."""
    try:
        state: State[Any] = done.result()
    except Exception:
        return None
    return state
