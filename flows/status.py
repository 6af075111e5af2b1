"""Tells what was made of each period, whether it still stands, and who has reported; makes and pulls nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flows.clock import now
from flows.drafts import draft_of, reasons_due, wanted
from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare, written_for
from flows.monthly import give_meaning, sources_behind
from flows.outlook import Delivered, outlook
from flows.publication import manifest_of
from flows.pull import unpulled
from flows.shelf import Altered, altered_issues
from flows.store import Approval, Issue, Run, Store, Try
from flows.vintage_reading import read_new
from flows.workspace import Workspace
from transforms.arrivals import SourceRecord
from transforms.declared.sources import FolderSource
from transforms.errors import DeclarationError
from transforms.periods import Period
from transforms.reporting.owed import UnitReport, newest_period_due, unit_reports
from transforms.scheduling.owed import Outcome
from transforms.staleness import Reason
from transforms.writing.published import own_of


class Standing(StrEnum):
    """Where a period's bulletin stands."""

    MADE = "made"
    STALE = "stale"
    MISSING = "missing"
    BLOCKED = "blocked"
    FAILED = "failed"


class Publication(StrEnum):
    """How far a period's bulletin has come on its way to readers."""

    NONE = "none"
    DRAFT = "draft"
    ISSUED = "issued"
    CHANGED = "changed since issue"
    """The draft says something else than the newest issue."""


@dataclass(frozen=True, slots=True)
class PeriodStatus:
    """One period: its standing, how many files tell of it, why it failed, and its newest issue."""

    period: Period
    standing: Standing
    files: int
    message: str = ""
    reasons: tuple[Reason, ...] = ()
    """Why it's stale: what has changed since it was made."""
    publication: Publication = Publication.NONE
    issue: Issue | None = None
    run: str = ""
    """The last run's id, by which `yuebao log --run` shows it; empty where there was none, or its id isn't known."""
    by_itself: Try | None = None
    """What became of the newest run by itself, as far as it isn't over."""
    approval: Approval | None = None
    """The newest decision about a draft of it, as far as it isn't over."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source that isn't looked into for a status, and what is known of its pulls; None if it was never pulled."""

    place: str
    record: SourceRecord | None


@dataclass(frozen=True, slots=True)
class DistrictStatus:
    """A district: its periods, oldest first, the files in its folders that haven't been pulled, its other sources."""

    periods: tuple[PeriodStatus, ...]
    waiting: tuple[str, ...]
    elsewhere: tuple[SourceStatus, ...] = ()
    altered: tuple[Altered, ...] = ()
    """The issues whose files on disk aren't as they were published."""
    undelivered: Delivered = field(default_factory=Delivered)
    """What is owed to recipients and hasn't arrived, or may not have."""


@dataclass(frozen=True, slots=True)
class Reports:
    """What the units have sent for a period, as far as it has been pulled; ``chosen`` if nobody named the period."""

    period: Period
    chosen: bool
    units: tuple[UnitReport, ...]


def reports_of(workspace: Workspace, district: str, period: Period | None) -> Reports | None:
    """Who has reported and who hasn't, for the period or else for the newest finished month with anything due.

    None where nobody named a period and none can be chosen: no planned month has ended, or a declaration has faults,
    which must not hide what was made. Pulls nothing, but reads what was pulled if this version of the reader hasn't.
    """
    wanted = period or _newest_due(workspace, district)
    if wanted is None:
        return None
    job = Job(workspace, district, wanted)
    declared = declare(job)
    store = Store(workspace.store_address)
    try:
        # After an update of the reader nobody may stand as not having reported what merely wasn't read again.
        if store.unread(district, reader_fingerprint()):
            read_new(workspace, declared.district, store)
        kept = store.kept(store.inputs(district, reader_fingerprint(), wanted, None))
    finally:
        store.close()
    received = [one.received for one in kept]
    known = give_meaning(job, declared, received)
    in_force = [one for one in received if one.in_force]
    units = unit_reports(in_force, known, declared.plan, declared.district, wanted)
    return Reports(wanted, period is None, units)


def _newest_due(workspace: Workspace, district: str) -> Period | None:
    today = now()
    last = Period(today.year, today.month).previous
    try:
        plans = [workspace.plan(district, year) for year in workspace.years(district) if year <= last.year]
    except DeclarationError:
        return None
    return newest_period_due(plans, workspace.district(district), last)


def status_of(workspace: Workspace, district: str) -> DistrictStatus:
    """Every period that was made, tried or issued, or of a planned year that a pulled file tells of."""
    declared = workspace.district(district)
    years = set(workspace.years(district))
    store = Store(workspace.store_address)
    try:
        # After an update of the reader no bulletin may stand as made from files that merely weren't read again.
        if store.unread(district, reader_fingerprint()):
            read_new(workspace, declared, store)
        files = store.files_by_period(district, reader_fingerprint())
        runs = store.last_runs(district)
        issues = store.issues(district)
        made = {period for period, _ in workspace.bulletin_folders(district)}
        tries = {one.period: one for one in store.tries(district)}
        approvals = {one.period: one for one in store.approvals(district)}
        told = []
        told_of = {one for one in files if one.year in years}
        for period in sorted({*told_of, *runs, *made, *tries, *(one.period for one in issues)}):
            last = runs.get(period)
            manifest = manifest_of(workspace.bulletin_folder(district, period))
            message = ""
            reasons: tuple[Reason, ...] = ()
            if manifest is not None:
                job = Job(workspace, district, period)
                inputs = store.inputs(district, reader_fingerprint(), period, None)
                draft = draft_of(job, written_for(job), inputs, sources_behind(job, declared, store), issues)
                reasons = reasons_due(wanted(job, declared, issues), draft)
                standing = Standing.STALE if reasons else Standing.MADE
            else:
                standing = Standing.MISSING
            if last is not None and last.outcome in {"blocked", "failed"} and standing is not Standing.MADE:
                standing = Standing.BLOCKED if last.outcome == "blocked" else Standing.FAILED
                message = last.message.splitlines()[0].rstrip(":")
            own = own_of(issues, period)
            publication = _publication(manifest, own)
            run = last.run if last else ""
            told.append(
                PeriodStatus(
                    period,
                    standing,
                    files.get(period, 0),
                    message,
                    reasons,
                    publication,
                    own,
                    run,
                    _unsettled(tries.get(period), last, own),
                    _in_force(approvals.get(period), own),
                )
            )
        pulls = store.pulls(district)
        elsewhere = [one for one in declared.sources if not isinstance(one, FolderSource)]
        return DistrictStatus(
            tuple(told),
            unpulled(workspace, declared, store),
            tuple(SourceStatus(one.place, pulls.get(one.place)) for one in elsewhere),
            altered_issues(workspace, store, district),
            outlook(workspace, district, store),
        )
    finally:
        store.close()


def _unsettled(tried: Try | None, last: Run | None, own: Issue | None) -> Try | None:
    """The newest run by itself, unless what it tells of is over: the bulletin made since, or the decision taken."""
    if tried is None or (own is not None and own.at > tried.at):
        return None
    if tried.outcome in {Outcome.AWAITING, Outcome.REJECTED, Outcome.TIMED_OUT}:
        return tried
    return None if last is not None and last.outcome == "made" and last.started > tried.at else tried


def _in_force(decided: Approval | None, own: Issue | None) -> Approval | None:
    """The newest decision, unless it's a rejection after which the period was issued all the same."""
    over = decided is not None and decided.decision != "approve" and own is not None and own.at > decided.at
    return None if over else decided


def _publication(manifest: Mapping[str, Any] | None, own: Issue | None) -> Publication:
    """A draft as it was known at an earlier moment says nothing of what has changed."""
    if own is None:
        return Publication.NONE if manifest is None else Publication.DRAFT
    newer = manifest is not None and manifest["as_of"] is None and manifest.get("content") != own.content
    return Publication.CHANGED if newer else Publication.ISSUED
