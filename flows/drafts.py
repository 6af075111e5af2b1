"""Which draft a period's bulletin is: the issues that it's held against, and a hash over all that decides its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.fingerprint import code_fingerprint, declaration_sha256, digest, library_versions
from flows.jobs import Job
from flows.publication import manifest_of
from flows.store import Input, Issue, Store
from flows.workspace import fonts_fingerprint
from transforms.doubts import Doubt
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import DRAFT, Edition
from transforms.writing.published import Published, held_against, own_of, said


@dataclass(frozen=True, slots=True)
class Draft:
    """What a period's bulletin is made as until it's published, and the hash over all that decides its bytes."""

    edition: Edition
    against: tuple[Issue, ...]
    """The issues that it's held against, the newest first."""
    fingerprint: str


def draft_of(job: Job, inputs: Sequence[Input], behind: Sequence[Doubt], issues: Sequence[Issue]) -> Draft:
    """What the period's draft is now: the issue's own again while nothing has changed since, else a correction's.

    ``issues`` are all that the district has published; those after the job's moment aren't known to it.
    """
    known = [one for one in issues if job.as_of is None or one.at <= job.as_of]
    own = own_of(known, job.period)
    if own is not None:
        before = held_against(known[: known.index(own)], job.period)
        fingerprint = _fingerprint(job, inputs, behind, before)
        if fingerprint == own.fingerprint:
            return Draft(_draft_after(own_of(before, job.period)), before, fingerprint)
    against = held_against(known, job.period)
    return Draft(_draft_after(own), against, _fingerprint(job, inputs, behind, against))


def is_current(job: Job, inputs: Sequence[Input], behind: Sequence[Doubt], issues: Sequence[Issue]) -> bool:
    """Whether the folder stands, whole, with all that is wanted beside, made from just these inputs and issues."""
    manifest = manifest_of(job.workspace.bulletin_folder(job.district, job.period))
    if manifest is None or any(one not in manifest for one in job.beside):
        return False
    return bool(manifest.get("fingerprint") == draft_of(job, inputs, behind, issues).fingerprint)


def told_before(store: Store, draft: Draft) -> tuple[Published, ...]:
    """What the issues told that the draft is held against."""
    return tuple(store.published(issue) for issue in draft.against)


def content_of(bulletin: Bulletin) -> str:
    """One hash over all that the bulletin says of its period, by which an issue and a later draft are compared."""
    return digest(said(bulletin))


def _draft_after(own: Issue | None) -> Edition:
    return DRAFT if own is None else Edition(None, own.correction + 1, own.year)


def _fingerprint(job: Job, inputs: Sequence[Input], behind: Sequence[Doubt], against: Sequence[Issue]) -> str:
    """One hash over all that decides the bulletin's bytes: inputs, declarations, code, fonts, libraries, issues."""
    parts = [job.district, str(job.period), job.as_of.isoformat() if job.as_of else "", code_fingerprint()]
    parts += [f"{name}={one}" for name, one in library_versions().items()]
    parts.append(fonts_fingerprint())
    for file in job.workspace.files_of_period(job.district, job.period):
        parts += [file.name, declaration_sha256(file)]
    for one in inputs:
        vintage = one.vintage
        parts += [vintage.origin, vintage.sha256, vintage.received.isoformat(), str(one.in_force)]
    parts += [doubt.chinese() for doubt in behind]
    parts += [part for issue in against for part in (issue.designation, issue.fingerprint)]
    return digest(parts)
