"""Explains one figure of a period from what is in the store; makes no bulletin."""

from __future__ import annotations

from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare
from flows.monthly import bring_in, give_meaning, judge, recall
from flows.store import Store
from transforms.errors import UsageError


def explanation(job: Job, code: str) -> str:
    """The figure's clause, cells and arithmetic in words; UsageError for a code that the plan doesn't have."""
    from transforms.explaining import explain

    declared = declare(job)
    if declared.plan.indicator(code) is None:
        raise UsageError(
            f"the plan of {job.period.year} has no indicator {code!r}; "
            f"`yuebao plan show {job.district} {job.period.year}` lists them"
        )
    store = Store(job.workspace.store_address)
    try:
        bring_in(job.workspace, declared.district, store)
        inputs = store.inputs(job.district, reader_fingerprint(), job.period, job.as_of)
        received = tuple(one.received for one in recall(job, store, inputs))
    finally:
        store.close()
    assessments = judge(job, declared, give_meaning(job, declared, received))
    assessment = next(one for one in assessments if one.indicator.code == code)
    return explain(assessment, declared.plan, declared.district)
