"""The month's run, stage after gate after stage: from what the sources hold to the bulletin in its folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.alerting import clear_alerts
from flows.claims import claimed_period
from flows.clock import now
from flows.documents import document
from flows.drafts import draft_of, told_before
from flows.fingerprint import reader_fingerprint
from flows.jobs import Beside, Declared, Job, Judged, Perform, declare, declared_now, directly, told_of, with_notices
from flows.logs import current_run, tell, told_as
from flows.publication import MANIFEST, publish
from flows.pull import Pulled, pull
from flows.store import AssessedFigure, Input, Kept, Run, Store
from flows.vintage_reading import read_new
from flows.workspace import Workspace
from transforms.alerts import UNMADE
from transforms.arrivals import (
    beside,
    concerns,
    critical,
    missing_files,
    nothing_came,
    standing_in_the_way,
    tells_of,
    unreached,
)
from transforms.assessments import Assessment
from transforms.declared.district import District
from transforms.doubts import Doubt
from transforms.errors import DoubtError, InputError, YuebaoError
from transforms.observations import Harmonised, Received
from transforms.periods import Period
from transforms.reporting.form_doubts import doubts_about_forms
from transforms.writing.bulletin import Bulletin
from transforms.writing.editing import QuotesChecked, check_quotes, edited
from transforms.writing.editions import DRAFT, Edition
from transforms.writing.published import Published


@dataclass(frozen=True, slots=True)
class Made:
    """A bulletin that stands in its folder."""

    folder: Path
    documents: tuple[str, ...]
    """The names of its files, as they're told of."""
    period: Period
    fingerprint: str
    assessments: tuple[Assessment, ...]
    doubts: tuple[Doubt, ...]
    demonstration: bool
    notices: Mapping[str, Any] | None = None
    """What the manifest says of the notices; None where none were asked for."""


@told_as("run", told_of)
def make_bulletin(job: Job, perform: Perform = directly) -> Made:
    """Make one period's bulletin; every attempt is recorded in the store.

    Raises a YuebaoError that says what to do: DeclarationError, InputError where nothing tells of the period,
    DoubtError where a critical doubt stands in its way. Then no folder appears, and one that was there stays.
    """
    declared = perform(declare, job)
    store = Store(job.workspace.store_address)
    try:
        perform(bring_in, job.workspace, declared.district, store)
        made = make_from_store(job, declared, store, perform)
        perform(keep_archive, job.workspace, declared.district)
        return made
    finally:
        store.close()


def make_from_store(job: Job, declared: Declared, store: Store, perform: Perform = directly) -> Made:
    """The same from what is in the store already, as a backfill does that has pulled once; one run at a time."""
    with claimed_period(job.workspace, job.district, job.period):
        return _made(job, declared_now(job, declared, perform), store, perform)


def _made(job: Job, declared: Declared, store: Store, perform: Perform) -> Made:
    started, job = now(), with_notices(job, declared.district)
    inputs = store.inputs(job.district, reader_fingerprint(), job.period, job.as_of)
    behind = sources_behind(job, declared.district, store)
    draft = draft_of(job, declared.sha256s, inputs, behind, store.issues(job.district))
    try:
        judged = judged_from_store(job, declared, store, inputs, behind, perform)
        bulletin, quotes = written(job, declared, judged, draft.edition, told_before(store, draft), store, perform)
        judged = replace(judged, doubts=(*judged.doubts, *quotes.doubts))
        made = document(job, declared, inputs, draft, judged, bulletin, perform)
        manifest = perform(put_in_place, job, made.files, made.told)
    except YuebaoError as error:
        outcome = "blocked" if isinstance(error, DoubtError) else "failed"
        store.record(_run(job, draft.fingerprint, started, outcome, str(error), ""), ())
        raise
    store.record(
        _run(job, draft.fingerprint, started, "made", "", manifest.decode()),
        [_figure(assessment) for assessment in judged.assessments],
    )
    if job.as_of is None:  # An earlier moment's figures aren't those that an editor has before him.
        clear_alerts(job.workspace, job.district, job.period, UNMADE, store)
        store.remember_quotes(job.district, job.period, quotes.first_quoted, now())
    folder = job.workspace.bulletin_folder(job.district, job.period)
    return Made(
        folder,
        (*made.files, MANIFEST),
        job.period,
        draft.fingerprint,
        judged.assessments,
        made.doubts,
        declared.district.demonstration,
        made.told.get(Beside.NOTICES),
    )


def judged_from_store(
    job: Job,
    declared: Declared,
    store: Store,
    inputs: Sequence[Input],
    behind: Sequence[Doubt],
    perform: Perform = directly,
) -> Judged:
    """From what was read, through both gates, to the judgements; DoubtError where a critical doubt stands."""
    kept = perform(recall, job, store, inputs)
    received = tuple(one.received for one in kept)
    doubts = (*behind, *perform(doubt_what_was_read, job, declared, kept))
    refuse(job, doubts)
    known = perform(give_meaning, job, declared, received)
    doubts = perform(doubt_what_it_means, job, declared, known, doubts)
    refuse(job, doubts)
    return Judged(received, known, perform(judge, job, declared, known), doubts)


def bring_in(workspace: Workspace, district: District, store: Store) -> Pulled:
    """Pull what is new in the sources, and read it.

    A source elsewhere that can't be reached doesn't stop a bulletin, which says so; the district's own folder does.
    """
    pulled = take_in(workspace, district, store)
    pulled.require_folders()
    return pulled


def take_in(workspace: Workspace, district: District, store: Store) -> Pulled:
    """The same, whatever becomes of each source."""
    pulled = pull(workspace, district, store)
    read_new(workspace, district, store)
    return pulled


def sources_behind(job: Job, district: District, store: Store) -> tuple[Doubt, ...]:
    """What the bulletin must say of sources that couldn't be pulled when last tried."""
    return unreached(store.pulls(district.id), district, job.period, job.as_of)


def recall(job: Job, store: Store, inputs: Sequence[Input]) -> tuple[Kept, ...]:
    """Take what was read out of the store; InputError if none of it tells of the period."""
    kept = store.kept(inputs)
    if not any(tells_of(one.received, job.period) for one in kept):
        moment = f" as of {job.as_of:%Y-%m-%d %H:%M}" if job.as_of else ""
        raise InputError(
            f"{job.district} {job.period}: no file tells of {job.period.chinese()}{moment}; put the period's "
            f"spreadsheets into a source folder of data_raw/{job.district} (see sources in its district.yaml)"
        )
    return kept


def doubt_what_was_read(job: Job, declared: Declared, kept: Sequence[Kept]) -> tuple[Doubt, ...]:
    """The first gate: structure, after the declared corrections. A vintage that a newer one has replaced is past it."""
    from expectations.audits import doubts_about_audits
    from expectations.ledgers import doubts_about_ledgers
    from expectations.structure import doubts_about_readings
    from transforms.frames.rechecked import doubts_about_tables

    in_force, about_corrections = in_force_as_corrected(job, declared, kept)
    doubts = [*about_corrections, *(doubt for one in in_force for doubt in one.contents.doubts)]
    doubts += doubts_about_tables(in_force, declared.plan, declared.district)
    doubts += missing_files(in_force, declared.district, job.period)
    doubts += doubts_about_forms(in_force, declared.plan, declared.district, job.period)
    doubts += doubts_about_readings(in_force, declared.plan, declared.district, job.period)
    doubts += doubts_about_ledgers(in_force, declared.plan, declared.district, job.period)
    doubts += doubts_about_audits(in_force, declared.audits, job.period)
    return standing_in_the_way(doubts, job.period)


def in_force_as_corrected(
    job: Job, declared: Declared, kept: Sequence[Kept]
) -> tuple[list[Received], tuple[Doubt, ...]]:
    """The files that no newer vintage has replaced, after the declared corrections, and the doubts about those."""
    from transforms.correcting import correct

    told = [one.received for one in kept if concerns(one.received, job.period)]
    corrected = correct(told, declared.corrections, declared.district, job.period)
    others = [one.received for one in kept if not concerns(one.received, job.period)]
    return [one for one in (*corrected.received, *others) if one.in_force], tuple(corrected.doubts)


def not_yet_there(job: Job, declared: Declared, store: Store) -> tuple[Doubt, ...]:
    """Look for expected files that haven't come and sources that can't be reached; a period waits for them.

    Critical is what no bulletin can be made without: an expected file of that severity, or any file at all.
    """
    kept = store.kept(store.inputs(job.district, reader_fingerprint(), job.period, job.as_of))
    in_force, _ = in_force_as_corrected(job, declared, kept)
    return (
        *nothing_came([one.received for one in kept], job.period),
        *missing_files(in_force, declared.district, job.period),
        *sources_behind(job, declared.district, store),
    )


def give_meaning(job: Job, declared: Declared, received: Sequence[Received]) -> Harmonised:
    """Give each reading its indicator, area and unit; the newest vintage counts."""
    from transforms.harmonise import harmonise

    told = [one for one in received if concerns(one, job.period)]
    return harmonise(told, declared.plan, declared.district, declared.corrections, job.period)


def doubt_what_it_means(job: Job, declared: Declared, known: Harmonised, doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """The second gate: plausibility."""
    from expectations.meaning import doubts_about_observations

    found = doubts_about_observations(known.observations, known.entries, declared.plan, declared.district, job.period)
    return standing_in_the_way([*doubts, *known.doubts, *found], job.period)


def refuse(job: Job, doubts: Sequence[Doubt]) -> None:
    """Raise DoubtError if a critical doubt stands in the period's way."""
    stopping = critical(doubts)
    for one in stopping:
        tell(
            "doubt stops",
            level="error",
            expectation=one.expectation,
            subject=one.subject,
            places=list(one.places),
            doubt=one.chinese(),
        )
    if stopping:
        raise DoubtError(
            f"{job.district} {job.period}: stopped by {len(stopping)} critical doubt(s); no bulletin was made:",
            stopping,
            beside(doubts, stopping),
            f"all doubts, with the warnings that may explain these: "
            f"yuebao check --district {job.district} --period {job.period}",
        )


def judge(job: Job, declared: Declared, known: Harmonised) -> tuple[Assessment, ...]:
    """Judge every indicator of the plan."""
    from transforms.judging import assess

    return assess(declared.plan, known, declared.district, job.period)


def arrange(
    job: Job, declared: Declared, judged: Judged, edition: Edition = DRAFT, against: Sequence[Published] = ()
) -> Bulletin:
    """Arrange the assessments for a reader."""
    from transforms.standings import area_tables
    from transforms.writing.compose import compose

    return compose(
        declared.plan,
        declared.district,
        job.period,
        judged.assessments,
        area_tables(judged.known, declared.plan, declared.district, job.period),
        judged.known,
        judged.doubts,
        declared.corrections,
        [one for one in judged.received if concerns(one, job.period)],
        job.as_of,
        edition,
        against,
    )


def written(
    job: Job,
    declared: Declared,
    judged: Judged,
    edition: Edition,
    against: Sequence[Published],
    store: Store,
    perform: Perform = directly,
) -> tuple[Bulletin, QuotesChecked]:
    """The bulletin with the editor's paragraphs in it, and what became of the figures that they quote."""
    automatic = perform(arrange, job, declared, judged, edition, against)
    quotes = perform(check_edits, job, declared, automatic, store)
    return edited(automatic, declared.edits), quotes


def check_edits(job: Job, declared: Declared, automatic: Bulletin, store: Store) -> QuotesChecked:
    """Hold the figures that edited texts quote against the bulletin's, and against what they were when first quoted."""
    remembered = store.remembered_quotes(job.district, job.period)
    return check_quotes(declared.edits, automatic, declared.plan, remembered)


def put_in_place(job: Job, documents: Mapping[str, bytes], told: Mapping[str, Any]) -> bytes:
    """Let the period's folder appear, its manifest written last."""
    return publish(job.workspace.bulletin_folder(job.district, job.period), documents, told)


def keep_archive(workspace: Workspace, district: District) -> None:
    """List all bulletins in the district's archive."""
    from flows.archive import make_archive

    make_archive(workspace, district)


def _run(job: Job, fingerprint: str, started: dt.datetime, outcome: str, message: str, manifest: str) -> Run:
    return Run(
        job.district, job.period, job.as_of, fingerprint, started, now(), outcome, message, manifest, current_run()
    )


def _figure(assessment: Assessment) -> AssessedFigure:
    indicator = assessment.indicator
    return AssessedFigure(
        indicator.code,
        assessment.status.value,
        assessment.value,
        indicator.unit,
        indicator.target.value,
        assessment.completion,
        assessment.declared_path,
        assessment.gap,
    )
