"""Publishes a period's draft: gives it its number and keeps it for good, just as it was looked at; alters no issue."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.claims import claimed_period
from flows.clock import now
from flows.documents import Documented, document
from flows.drafts import Draft, content_of, draft_of, told_before
from flows.fingerprint import reader_fingerprint
from flows.jobs import Beside, Declared, Job, Judged, Perform, declare, declared_now, directly, told_of, with_notices
from flows.logs import tell, told_as
from flows.monthly import bring_in, judged_from_store, keep_archive, sources_behind, written
from flows.publication import MANIFEST, holding, manifest_of, manifest_text, put_for_good
from flows.shelf import Altered, altered_issues, put_back_lost, require_recorded
from flows.store import Input, Issue, NumberTaken, Store
from flows.store.outbox import Parcel
from transforms.delivering.letters import letter_of
from transforms.delivering.outbox import Message, MessageKind, owed
from transforms.errors import EnvironmentFault, InputError, UsageError
from transforms.observations import Observation
from transforms.signers import NoName, signer
from transforms.staleness import reasons_stale
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import Edition
from transforms.writing.published import own_of, told_figures

_LAST_NUMBER = 9999
"""Within a year; numbers never go back, so a slip of the keys must not use up the register."""


@dataclass(frozen=True, slots=True)
class Order:
    """A draft to be published: who signs it, and the number that its register gives it, None for the next.

    An organ's register may give numbers to other documents than bulletins.
    """

    job: Job
    by: str
    number: int | None = None
    fingerprint: str | None = None
    """Of the draft that was approved, where another must not go out in its place; None for the one that is there."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be published: nothing where the period's own issue says the same already."""

    own: Issue | None
    """The period's newest issue."""
    draft: Draft
    inputs: tuple[Input, ...]
    judged: Judged | None
    bulletin: Bulletin | None
    """With its number; None where nothing has changed."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What stands published of the period."""

    issue: Issue
    folder: Path
    bulletin: Bulletin | None
    """What was published just now; None where nothing had changed, and nothing was done."""
    put_back: tuple[Issue, ...]
    """Issues whose folders were gone and were made again, of the bytes in the store."""
    altered: tuple[Altered, ...]


def _told_of(order: Order) -> tuple[Path, Mapping[str, object]]:
    return told_of(order.job)


@told_as("publish", _told_of)
def publish_draft(order: Order, perform: Perform = directly) -> Issued:
    """Freeze the period's draft as its issue, or beside its issue as a correction; nothing if it says the same.

    Raises DoubtError while a critical doubt stands, InputError where there's no draft or it isn't what would be
    published now, UsageError where the number can't be given.
    """
    order = checked(order)
    workspace, district = order.job.workspace, order.job.district
    declared = perform(declare, order.job)
    store = Store(workspace.store_address)
    try:
        perform(bring_in, workspace, declared.district, store)
        # Publishers of other periods on one machine take turns; those of several are kept apart by the store.
        with (
            claimed_period(workspace, district, order.job.period),
            holding(workspace.issues_folder(district)),
        ):
            put_back = put_back_lost(workspace, store, district)
            require_recorded(workspace, store, district)
            declared = declared_now(order.job, declared, perform)
            issue, bulletin = _frozen(order, declared, store, perform)
            folder = workspace.issues_folder(district) / issue.folder
            put_for_good(folder, store.issue_files(issue))
            altered = altered_issues(workspace, store, district)
        _tell_of(issue, bulletin, put_back, altered)
        perform(keep_archive, workspace, declared.district)
        return Issued(issue, folder, bulletin, put_back, altered)
    finally:
        store.close()


def _tell_of(issue: Issue, bulletin: Bulletin | None, put_back: Sequence[Issue], altered: Sequence[Altered]) -> None:
    """Into the log: what was published, by whom, and what was found of the other issues."""
    words = {"designation": issue.designation, "folder": issue.folder, "by": issue.by}
    tell("published" if bulletin else "nothing to publish", **words)
    for one in put_back:
        tell("issue put back", level="warning", designation=one.designation, folder=one.folder)
    for lost in altered:
        tell("issue altered", level="error", designation=lost.issue.designation, files=list(lost.files))


def proposed(order: Order, perform: Perform = directly) -> Proposal:
    """What :func:`publish_draft` would publish, after the same checks; keeps nothing of it."""
    order = checked(order)
    declared = perform(declare, order.job)
    store = Store(order.job.workspace.store_address)
    try:
        perform(bring_in, order.job.workspace, declared.district, store)
        require_recorded(order.job.workspace, store, order.job.district)
        return _proposal(order, declared, store, perform)
    finally:
        store.close()


def checked(order: Order) -> Order:
    """The order with its signer as it's kept; UsageError where that is no name, or no register has such a number."""
    try:
        by = signer(order.by)
    except NoName as error:
        raise UsageError(f"--by {error}") from None
    if order.number is not None and not 1 <= order.number <= _LAST_NUMBER:
        raise UsageError(f"--number {order.number}: a register goes from 1 to {_LAST_NUMBER}")
    return replace(order, by=by)


# --- What would be published --------------------------------------------------------------------


def _proposal(order: Order, declared: Declared, store: Store, perform: Perform) -> Proposal:
    job = order.job
    issues = store.issues(job.district)
    inputs = store.inputs(job.district, reader_fingerprint(), job.period, None)
    behind = sources_behind(job, declared.district, store)
    draft, own = draft_of(job, declared.sha256s, inputs, behind, issues), own_of(issues, job.period)
    if own is not None and own.fingerprint == draft.fingerprint:
        return Proposal(own, draft, inputs, None, None)
    judged = judged_from_store(job, declared, store, inputs, behind, perform)
    manifest = _manifest_looked_at(order, draft)
    against = told_before(store, draft)
    looked_at, quotes = written(job, declared, judged, draft.edition, against, store, perform)
    judged = replace(judged, doubts=(*judged.doubts, *quotes.doubts))
    content = content_of(looked_at)
    if manifest.get("content") != content:
        raise _not_that(job, ["what the program makes of the same inputs"])
    if own is not None and own.content == content:
        return Proposal(own, draft, inputs, judged, None)
    if Beside.NOTICES in with_notices(job, declared.district).beside and Beside.NOTICES not in manifest:
        raise _not_that(job, ["notices are delivered now, and it has none"])
    edition = _edition(order, store, own, declared.district.bulletin.number, int(looked_at.dated_iso[:4]))
    bulletin, _ = written(job, declared, judged, edition, against, store)
    return Proposal(own, draft, inputs, judged, bulletin)


def _edition(order: Order, store: Store, own: Issue | None, register: str, year: int) -> Edition:
    if own is not None:
        if order.number not in {None, own.number}:
            raise UsageError(
                f"--number {order.number}: {order.job.period} is issued as number {own.number}, and its corrections "
                "keep that; leave --number out"
            )
        return Edition(own.number, own.correction + 1, own.year)
    following = store.next_number(register, year)
    if order.number is not None and order.number < following:
        raise UsageError(
            f"--number {order.number}: the register of {year} goes on at {following}; name that or a later one"
        )
    return Edition(order.number or following, 0, year)


def _manifest_looked_at(order: Order, draft: Draft) -> Mapping[str, Any]:
    """The manifest of the draft in its folder; InputError unless just that would be published."""
    job = order.job
    folder = job.workspace.bulletin_folder(job.district, job.period)
    manifest = manifest_of(folder)
    if manifest is None:
        raise InputError(
            f"{job.district} {job.period}: no whole draft is in {job.workspace.shown(folder)}; {_again(job)}"
        )
    if manifest["as_of"] is not None:
        raise InputError(
            f"{job.district} {job.period}: the draft was made as of {manifest['as_of']}, and what is published is what "
            f"is known now; {_again(job)}"
        )
    if manifest["fingerprint"] != draft.fingerprint:
        raise _not_that(job, [str(one) for one in reasons_stale(manifest, draft.basis)])
    if order.fingerprint not in {None, draft.fingerprint}:
        raise _not_that(job, ["the draft that was approved has another in its place"])
    return manifest


def _not_that(job: Job, changes: Sequence[str]) -> InputError:
    return InputError(
        f"{job.district} {job.period}: the draft isn't what would be published; since it was made this has changed: "
        f"{', '.join(changes)}; {_again(job)}"
    )


def _again(job: Job) -> str:
    return f"run `yuebao run {job.district} {job.period}`, look at it, then publish"


# --- Freezing it --------------------------------------------------------------------------------


def _frozen(order: Order, declared: Declared, store: Store, perform: Perform) -> tuple[Issue, Bulletin | None]:
    """The period's issue, and its bulletin if it was published just now."""
    job = order.job
    while True:
        proposal = _proposal(order, declared, store, perform)
        if proposal.bulletin is None or proposal.judged is None:
            assert proposal.own is not None
            return proposal.own, None
        made = document(
            _as_looked_at(job), declared, proposal.inputs, proposal.draft, proposal.judged, proposal.bulletin, perform
        )
        issue, manifest = _issue(order, proposal, proposal.bulletin, declared.district.bulletin.number, made)
        files = {**made.files, MANIFEST: manifest}
        try:
            parcel = _parcel(issue, proposal.bulletin, declared, made.told)
            store.keep_issue(issue, files, proposal.inputs, _figures(job, declared, proposal.judged), parcel)
        except NumberTaken as taken:
            # Another machine was faster. It took the number, or published the period: either is seen by looking again.
            if own_of(store.issues(job.district), job.period) == proposal.own and (
                proposal.own or store.next_number(issue.register, issue.year) <= issue.number
            ):
                raise EnvironmentFault(f"the store refuses {issue.designation}: {taken}") from None
        else:
            return issue, proposal.bulletin


def _as_looked_at(job: Job) -> Job:
    """The job with all beside the issue that stood beside its draft: whoever looked at notices wants them issued."""
    manifest = manifest_of(job.workspace.bulletin_folder(job.district, job.period)) or {}
    return replace(job, beside=tuple(one for one in Beside if one in manifest))


def _issue(
    order: Order,
    proposal: Proposal,
    bulletin: Bulletin,
    register: str,
    made: Documented,
) -> tuple[Issue, bytes]:
    """The issue, and the manifest of its files."""
    job, edition, by, at = order.job, bulletin.edition, order.by, now()
    assert edition.number is not None
    assert edition.year is not None
    signed = {
        "designation": bulletin.number,
        "year": edition.year,
        "number": edition.number,
        "correction": edition.correction,
        "by": by,
        "at": at.isoformat(),
    }
    manifest = manifest_text(made.files, {**made.told, "issue": signed})
    issue = Issue(
        district=job.district,
        period=job.period,
        register=proposal.own.register if proposal.own else register,
        year=edition.year,
        number=edition.number,
        correction=edition.correction,
        designation=bulletin.number,
        title=bulletin.title,
        dated=dt.date.fromisoformat(bulletin.dated_iso),
        by=by,
        at=at,
        fingerprint=proposal.draft.fingerprint,
        content=made.told["content"],
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
    )
    return issue, manifest


def _parcel(issue: Issue, bulletin: Bulletin, declared: Declared, told: Mapping[str, Any]) -> Parcel:
    """What recipients are told of the issue, and who they are: kept with it, so that no crash loses any."""
    made = told.get(Beside.NOTICES, {}).get("made", ())
    notices = tuple((one["unit"], tuple(one["files"])) for one in made)
    letter = letter_of(bulletin, notices)
    key = f"issue/{issue.period}/{issue.correction}"
    message = Message(issue.district, issue.period, key, MessageKind.ISSUE, letter.told(), issue.at)
    return Parcel(message, owed(declared.district.deliver, frozenset(unit for unit, _ in notices)))


def _figures(job: Job, declared: Declared, judged: Judged) -> tuple[Observation, ...]:
    from transforms.standings import area_tables

    tables = area_tables(judged.known, declared.plan, declared.district, job.period)
    return told_figures(judged.known, declared.plan, tables, job.period)
