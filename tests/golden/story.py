"""Arranges bulletins of the districts that are shipped, from a copy of their data, and writes them as plain text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.fingerprint import reader_fingerprint
from flows.jobs import Job, declare
from flows.monthly import arrange, bring_in, judged_from_store
from flows.store import Store
from flows.workspace import INSTALLED, Workspace
from transforms.assessments import Assessment
from transforms.delivering.letters import letter_of
from transforms.delivering.rendering import plain
from transforms.observations import Harmonised
from transforms.periods import Period
from transforms.writing.bulletin import Bulletin

GOLDEN = (
    ("luan-jinan", "2023-12"),
    ("luan-jinan", "2024-01"),
    ("luan-jinan", "2024-02"),
    ("luan-jinan", "2024-06"),
    ("luan-jinan", "2024-12"),
    ("national", "2019-12"),
    ("national", "2024-06"),
    ("national", "2024-12"),
)


@dataclass(frozen=True)
class Arranged:
    """One period's bulletin before it's rendered, with what it was arranged from."""

    bulletin: Bulletin
    assessments: tuple[Assessment, ...]
    known: Harmonised


def shipped(into: Path) -> Workspace:
    """A copy of the shipped data, with a store of its own."""
    kept_out = shutil.ignore_patterns("vintages", "__pycache__")
    shutil.copytree(INSTALLED / "data_raw", into / "data_raw", ignore=kept_out)
    return Workspace(into)


def arranged(workspace: Workspace, district: str, period: str) -> Arranged:
    """The period's bulletin, through both gates, by the stages of the month's run."""
    job = Job(workspace, district, Period.parse(period))
    declared = declare(job)
    store = Store(workspace.store_address)
    try:
        bring_in(workspace, declared.district, store)
        inputs = store.inputs(district, reader_fingerprint(), job.period, None)
        judged = judged_from_store(job, declared, store, inputs, ())
    finally:
        store.close()
    return Arranged(arrange(job, declared, judged), judged.assessments, judged.known)


def text(bulletin: Bulletin) -> str:
    """All that a reader meets in it, a line for each paragraph and row."""
    return "\n".join(_lines(bulletin)) + "\n"


def _lines(bulletin: Bulletin) -> Iterator[str]:
    yield f"{bulletin.organ}  {bulletin.number}  {bulletin.dated}"
    yield f"{bulletin.title}{bulletin.subtitle}"
    yield bulletin.addressees
    yield from bulletin.paragraphs
    for commentary in bulletin.commentaries:
        yield f"[commentary] {commentary.title}"
        yield from commentary.paragraphs
    yield from (f"[summary] {point.label} {point.text}" for point in bulletin.summary)
    yield f"[headline] {'、'.join(bulletin.headline)}"
    for status in bulletin.statuses:
        yield f"[status] {status.word} {status.count} {status.share} {'、'.join(status.names)}"
    for section in bulletin.sections:
        yield f"[section] {section.title}"
        for row in section.rows:
            figures = (row.actual, row.growth, row.completion, row.elapsed_path, row.last_year_path, row.gap)
            printed = " | ".join(figure.text for figure in figures)
            yield (
                f"{row.serial} {row.name}{''.join(row.marks)} | {row.unit} | {row.target} | {printed}{row.gap_unit} | "
                f"{row.status_word} | {row.figure_period} | {row.verdict} | {'、'.join(row.lead_units)}"
            )
            if row.actual.sources:
                yield f"    {row.actual.sources[0]} ({len(row.actual.sources)})"
    for behind in bulletin.behind:
        yield f"[behind] {behind.name} {behind.status_word}：{behind.progress}，{behind.gap}；{behind.needed}"
        yield f"    {behind.remark}"
    for area in bulletin.areas:
        yield f"[area] {area.title}（{area.unit}）{area.note}"
        for place in area.rows:
            yield f"{place.rank} {place.area} {place.value.text} {place.growth.text} {place.movement}"
    for task in bulletin.tasks:
        yield f"[task] {task.task} | {task.unit} | {task.progress}"
    for unreported in bulletin.unreported:
        yield f"[unreported] {unreported}"
    for mark, told in bulletin.marks:
        yield f"[mark] {mark} {told}"
    yield from (f"[method] {words}" for words in bulletin.method)
    for quality in bulletin.quality:
        yield f"[quality] {quality.subject} | {quality.place} | {quality.found} | {quality.treatment}"
    if bulletin.revisions_lead:
        yield f"[revisions] {bulletin.revisions_lead}"
    for revision in bulletin.revisions:
        change = f"{revision.old.text} → {revision.new.text} {revision.unit}"
        yield f"[revision] {revision.name} | {revision.period} | {change} | {revision.reason}"
    for counted in bulletin.counted:
        parts = "".join(f" | {part.mark}{part.name}: {part.count}" for part in counted.parts)
        yield f"[counted] {counted.title}: {len(counted.rows)}{parts} | {counted.rule}"
    for source in bulletin.sources:
        yield f"[source] {source.workbook} | {source.reporter} | {source.period} | {source.received}"
    yield from (f"[mail] {line}" for line in plain(letter_of(bulletin)).splitlines() if line)
