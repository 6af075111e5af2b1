"""What the stages of a run are given: the job, how a stage is carried out, what people have declared for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from flows.fingerprint import declarations_sha256
from flows.logs import stage_told
from flows.workspace import Workspace
from transforms.assessments import Assessment
from transforms.declared.corrections import Corrections
from transforms.declared.district import District
from transforms.declared.edits import Edits
from transforms.declared.plan import Plan
from transforms.doubts import Doubt
from transforms.observations import Harmonised, Received
from transforms.periods import Period

if TYPE_CHECKING:
    from transforms.audits.declared import Audit


class Beside(StrEnum):
    """What is made beside a bulletin where somebody asks for it; its manifest has an entry of that name."""

    NOTICES = "notices"


@dataclass(frozen=True, slots=True)
class Job:
    """One period's bulletin to be made, as known at a moment (now if None), and what is wanted beside it."""

    workspace: Workspace
    district: str
    period: Period
    as_of: dt.datetime | None = None
    beside: tuple[Beside, ...] = ()

    @property
    def name(self) -> str:
        """What it's called where it's shown: luan-jinan 2024-05."""
        return f"{self.district} {self.period}"


def with_notices(job: Job, district: District) -> Job:
    """The job with the notices beside it where the district delivers them, whoever asks for the bulletin.

    A draft without them is due for that alone until its period is issued; an issue can't have them added.
    """
    if Beside.NOTICES in job.beside or all(channel.what != "notices" for channel in district.deliver):
        return job
    return replace(job, beside=(*job.beside, Beside.NOTICES))


@dataclass(frozen=True, slots=True)
class Declared:
    """What people have written down for the job's year."""

    district: District
    plan: Plan
    corrections: Corrections
    audits: tuple[Audit, ...]
    edits: Edits
    sha256s: Mapping[str, str]
    """Of just what was loaded, by its place (:func:`flows.fingerprint.declarations_sha256`)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a bulletin is arranged from: what was read, what it means, each indicator judged, and all doubts."""

    received: tuple[Received, ...]
    known: Harmonised
    assessments: tuple[Assessment, ...]
    doubts: tuple[Doubt, ...]


P = ParamSpec("P")
T = TypeVar("T")


class Perform(Protocol):
    """How a stage is carried out: called directly, or as a task that Prefect shows."""

    def __call__(self, stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out the stage and give what it gives."""
        ...


def directly(stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Carry out a stage by calling it."""
    with stage_told(stage):
        return stage(*args, **kwargs)


def told_of(job: Job) -> tuple[Path, Mapping[str, object]]:
    """Where it's kept what happens to the job, and what each line of it says."""
    return job.workspace.logs_folder, {"district": job.district, "period": job.period, "as_of": job.as_of}


def declare(job: Job) -> Declared:
    """Load the district, the year's plan, the corrections, the audit formulas and the period's edited texts.

    All as they stood at one moment: what is saved meanwhile is loaded, too.
    """
    while True:
        before = written_for(job)
        district = job.workspace.district(job.district)
        plan = job.workspace.plan(job.district, job.period.year)
        declared = Declared(
            district,
            plan,
            job.workspace.corrections(job.district),
            job.workspace.audits(job.district),
            job.workspace.edits(job.district, job.period, plan),
            before,
        )
        if written_for(job) == before:
            return declared


def declared_now(job: Job, declared: Declared, perform: Perform) -> Declared:
    """The same while nothing else has been written, else what is declared by now: a run may have waited for long."""
    return declared if written_for(job) == declared.sha256s else perform(declare, job)


def written_for(job: Job) -> dict[str, str]:
    """The hashes of all that people have written for the job's period by now."""
    return declarations_sha256(job.workspace, job.district, job.period)
