"""Makes and publishes one period's bulletin, as a flow with a task for each stage where a server is configured."""

from __future__ import annotations

from flows.decisions import publish_by_hand
from flows.issuing import Issued, Order
from flows.jobs import Job, directly
from flows.monthly import Made, make_bulletin
from flows.orchestration.performing import Tell, as_task, shown_with_its_run, telling
from flows.orchestration.processes import tell_process
from flows.orchestration.server import answering, keep_to_ourselves, require_answer, server_configured


def run_month(job: Job, tell: Tell) -> Made:
    """Make one period's bulletin, as a Prefect flow with a task for each stage if a server is configured."""
    if not server_configured():
        return make_bulletin(job, telling(directly, tell))
    keep_to_ourselves()
    require_answer()
    from prefect import flow

    @flow(
        name="yuebao-month",
        flow_run_name=f"{job.district} {job.period}",
        on_running=[tell_process],
        persist_result=False,
    )
    def month(district: str, period: str, as_of: str | None) -> Made:  # noqa: ARG001 - Prefect shows them
        with shown_with_its_run():
            return make_bulletin(job, telling(as_task, tell))

    with answering():
        return month(job.district, str(job.period), job.as_of.isoformat() if job.as_of else None)


def run_publication(order: Order, tell: Tell) -> Issued:
    """Publish one period's draft, as a Prefect flow with a task for each stage if a server is configured."""
    if not server_configured():
        return publish_by_hand(order, telling(directly, tell))
    keep_to_ourselves()
    require_answer()
    from prefect import flow

    job = order.job

    @flow(
        name="yuebao-publish",
        flow_run_name=f"{job.district} {job.period}",
        on_running=[tell_process],
        persist_result=False,
    )
    def publication(district: str, period: str, by: str) -> Issued:  # noqa: ARG001 - Prefect shows them
        with shown_with_its_run():
            return publish_by_hand(order, telling(as_task, tell))

    with answering():
        return publication(job.district, str(job.period), order.by)
