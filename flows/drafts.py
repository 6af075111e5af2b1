"""Which draft a period's bulletin is: the issues that it's held against, and all that decides its bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.fingerprint import digest, library_versions, made_by
from flows.jobs import Job, with_notices
from flows.publication import manifest_of
from flows.store import Input, Issue, Store
from transforms.declared.district import District
from transforms.doubts import Doubt
from transforms.staleness import DAMAGED, NEW, Basis, BasisInput, Reason, Why, reasons_stale
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import DRAFT, Edition
from transforms.writing.published import Published, held_against, own_of, said


@dataclass(frozen=True, slots=True)
class Draft:
    """What a period's bulletin is made as until it's published, and all that decides its bytes."""

    edition: Edition
    against: tuple[Issue, ...]
    """The issues that it's held against, the newest first."""
    basis: Basis

    @property
    def fingerprint(self) -> str:
        """One hash over the basis."""
        return self.basis.fingerprint


def draft_of(
    job: Job,
    declarations: Mapping[str, str],
    inputs: Sequence[Input],
    behind: Sequence[Doubt],
    issues: Sequence[Issue],
) -> Draft:
    """What the period's draft is now: the issue's own again while nothing has changed since, else a correction's.

    ``declarations`` are the hashes of what it's made by: of what was loaded where it's made, of what is written by now
    where that is asked. ``issues`` are all that the district has published; those after the job's moment aren't known
    to it.
    """
    known = [one for one in issues if job.as_of is None or one.at <= job.as_of]
    own = own_of(known, job.period)
    if own is not None:
        before = held_against(known[: known.index(own)], job.period)
        basis = _basis(job, declarations, inputs, behind, before)
        if basis.fingerprint == own.fingerprint:
            return Draft(_draft_after(own_of(before, job.period)), before, basis)
    against = held_against(known, job.period)
    return Draft(_draft_after(own), against, _basis(job, declarations, inputs, behind, against))


def reasons_due(job: Job, draft: Draft) -> tuple[Reason, ...]:
    """Why the period is to be made; nothing where its folder stands, whole, as it would be made now."""
    folder = job.workspace.bulletin_folder(job.district, job.period)
    manifest = manifest_of(folder)
    if manifest is None:
        return (DAMAGED if folder.exists() else NEW,)
    wanted = tuple(Reason(Why.WANTED, f"{one} are wanted beside it") for one in job.beside if one not in manifest)
    return (*wanted, *reasons_stale(manifest, draft.basis))


def wanted(job: Job, district: District, issues: Sequence[Issue]) -> Job:
    """The job with all that is wanted beside its draft: once it's issued, nothing can be added to that."""
    return job if own_of(issues, job.period) is not None else with_notices(job, district)


def told_before(store: Store, draft: Draft) -> tuple[Published, ...]:
    """What the issues told that the draft is held against."""
    return tuple(store.published(issue) for issue in draft.against)


def content_of(bulletin: Bulletin) -> str:
    """One hash over all that the bulletin says of its period, by which an issue and a later draft are compared."""
    return digest(said(bulletin))


def _draft_after(own: Issue | None) -> Edition:
    return DRAFT if own is None else Edition(None, own.correction + 1, own.year)


def _basis(
    job: Job,
    declarations: Mapping[str, str],
    inputs: Sequence[Input],
    behind: Sequence[Doubt],
    against: Sequence[Issue],
) -> Basis:
    """All that decides the bulletin's bytes: inputs, declarations, issues, program, templates, fonts, libraries."""
    return Basis(
        district=job.district,
        period=str(job.period),
        as_of=job.as_of.isoformat() if job.as_of else None,
        inputs=tuple(
            BasisInput(
                one.vintage.workbook,
                one.vintage.origin,
                one.vintage.sha256,
                one.vintage.received.isoformat(),
                one.in_force,
            )
            for one in inputs
        ),
        declarations=dict(declarations),
        held_against=tuple(issue.designation for issue in against),
        versions=library_versions(),
        issues=tuple(issue.fingerprint for issue in against),
        sources=tuple(doubt.chinese() for doubt in behind),
        made_by=made_by(),
    )
