"""All the files of a bulletin, a draft's or an issue's, and what their manifest says; puts none in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.drafts import Draft, content_of
from flows.jobs import Beside, Declared, Job, Judged, Perform, directly
from flows.notices import make_notices
from flows.store import Input
from flows.workspace import fonts_folder
from transforms.assessments import Assessment
from transforms.doubts import Doubt
from transforms.writing.bulletin import Bulletin

RECORD = "record.json"
"""What the archive reads of a bulletin, beside its documents."""


@dataclass(frozen=True, slots=True)
class Documented:
    """A bulletin's files, what the manifest says besides them, and all that it doubts."""

    files: Mapping[str, bytes]
    told: Mapping[str, Any]
    doubts: tuple[Doubt, ...]


def document(
    job: Job,
    declared: Declared,
    inputs: Sequence[Input],
    draft: Draft,
    judged: Judged,
    bulletin: Bulletin,
    perform: Perform = directly,
) -> Documented:
    """All files of a bulletin, a draft's or an issue's, and what their manifest says besides them."""
    documents = perform(render, declared, bulletin, judged.assessments)
    documents = {**documents, RECORD: perform(remember, job, declared, judged, bulletin, inputs)}
    doubts = (*judged.doubts, *_unprinted(declared, bulletin, documents))
    told = _told(job, declared, draft, doubts, bulletin)
    if Beside.NOTICES in job.beside:
        plan, district = declared.plan, declared.district
        notices = perform(make_notices, bulletin, plan, district, judged.assessments, doubts)
        documents, told = {**documents, **notices.documents}, {**told, Beside.NOTICES: notices.told()}
    return Documented(documents, told, doubts)


def render(declared: Declared, bulletin: Bulletin, assessments: tuple[Assessment, ...]) -> Mapping[str, bytes]:
    """Render every document of the bulletin.

    The first template's are called bulletin, each other's bear its name.
    """
    from flows.render import around, assessments_json, render_docx, render_html, render_pdf, render_xlsx, word_sheet

    workbook = render_xlsx(bulletin, assessments)
    documents: dict[str, bytes] = {}
    first, *others = declared.district.bulletin.templates
    names = ("bulletin", *others)
    for template, name in zip((first, *others), names, strict=True):
        html = render_html(bulletin, template, around(bulletin.edition, name, names))
        documents[f"{name}.html"] = html.encode()
        documents[f"{name}.pdf"] = render_pdf(bulletin, template, fonts_folder(), {"bulletin.xlsx": workbook})
        if (sheet := word_sheet(template)) is not None:
            documents[f"{name}.docx"] = render_docx(bulletin, template, sheet)
    documents["bulletin.xlsx"] = workbook
    documents["assessments.json"] = assessments_json(assessments)
    return documents


def _unprinted(declared: Declared, bulletin: Bulletin, documents: Mapping[str, bytes]) -> Sequence[Doubt]:
    if not declared.edits.edits:
        return ()
    from flows.render import said
    from transforms.writing.editing import unprinted

    pages = [said(data) for name, data in documents.items() if name.endswith(".html")]
    return unprinted(declared.edits, pages, declared.district.bulletin.templates, declared.plan, bulletin.period)


def remember(job: Job, declared: Declared, judged: Judged, bulletin: Bulletin, inputs: Sequence[Input]) -> bytes:
    """Record for the archive what the bulletin says of its year."""
    from transforms.archive.records import record_bytes, record_of

    until = max(one.vintage.received for one in inputs)
    return record_bytes(
        record_of(bulletin, judged.assessments, declared.plan, declared.district, judged.known, until, job.as_of)
    )


def _told(job: Job, declared: Declared, draft: Draft, doubts: Sequence[Doubt], bulletin: Bulletin) -> dict[str, Any]:
    """What the manifest says besides its outputs."""
    return {
        "district": job.district,
        "period": str(job.period),
        "edition": bulletin.edition.words,
        "as_of": job.as_of.isoformat() if job.as_of else None,
        "demonstration": "演示数据" if declared.district.demonstration else None,
        "fingerprint": draft.fingerprint,
        "content": content_of(bulletin),
        **draft.basis.told(),
        "doubts": [doubt.told() for doubt in doubts],
    }
