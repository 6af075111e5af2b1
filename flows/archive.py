"""Makes a district's archive from the bulletins that stand in its folder; pulls, reads and judges nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.documents import RECORD
from flows.jobs import Beside
from flows.modes import tighten_all
from flows.publication import MANIFEST, holding, manifest_of, not_as_they_were, replace_pages
from flows.shelf import put_back_lost, unrecorded_issues
from flows.store import Store
from flows.workspace import Workspace
from transforms.archive.arranging import AREAS, INDICATORS, arrange
from transforms.archive.newest import Entry
from transforms.archive.records import UnreadableRecord, read_record
from transforms.declared.district import District

INDEX = "index.html"
_Notices = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive that stands: its index, how many bulletins it was made from, and those that it can't list."""

    index: Path
    bulletins: int
    unlisted: tuple[str, ...]


def make_archive(workspace: Workspace, district: District) -> Archived:
    """Make the district's archive anew; pages that are as they were stay untouched.

    The same bulletins give the same bytes. Where there is no bulletin the index says so.
    """
    folder = workspace.out / district.id
    # Whoever comes last sees what all others have put in place.
    with holding(folder):
        tighten_all(folder, but={workspace.issues_folder(district.id)})
        _put_back(workspace, district.id)
        entries, unlisted = _found(workspace, district.id)
        replace_pages(folder, _rendered(district, entries, unlisted), (INDICATORS, AREAS), last=INDEX)
    return Archived(folder / INDEX, len(entries), tuple(unlisted))


def archive_pages(workspace: Workspace, district: District) -> dict[str, bytes]:
    """Every page as :func:`make_archive` would make it of the bulletins that are there, by its path; makes nothing.

    The caller holds the district's folder.
    """
    return _rendered(district, *_found(workspace, district.id))


def pages_there(folder: Path) -> Iterator[str]:
    """The path of every page of an archive that stands in a district's folder."""
    for page in (folder / INDEX, *(page for one in (INDICATORS, AREAS) for page in sorted((folder / one).glob("*")))):
        if page.is_file():
            yield page.relative_to(folder).as_posix()


def _rendered(district: District, entries: list[Entry], unlisted: list[str]) -> dict[str, bytes]:
    from flows.render import render_archive

    return render_archive(arrange(district, entries, unlisted))


def _found(workspace: Workspace, district: str) -> tuple[list[Entry], list[str]]:
    """The bulletins, and why others can't be listed."""
    found = [*_drafts(workspace, district), *_issues(workspace, district)]
    return [one for one in found if isinstance(one, Entry)], [one for one in found if isinstance(one, str)]


def _put_back(workspace: Workspace, district: str) -> None:
    store = Store(workspace.store_address)
    try:
        put_back_lost(workspace, store, district)
    finally:
        store.close()


def _drafts(workspace: Workspace, district: str) -> Iterator[Entry | str]:
    """The bulletin in each period's folder, or why it can't be listed."""
    for period, folder in workspace.bulletin_folders(district):
        name = f"{period.chinese()}草稿"
        with holding(folder):
            manifest = manifest_of(folder)
            if manifest is None:
                yield f"{name}：文件不完整或已被改动，请重新编制"
                continue
            documents = tuple(str(one["file"]) for one in manifest["outputs"])
            beside = _notices(manifest)
            data = (folder / RECORD).read_bytes() if RECORD in documents else b""
        yield _entry(name, (folder.name,), documents, data, notices=beside)


def _issues(workspace: Workspace, district: str) -> Iterator[Entry | str]:
    """Every issue as it was published; an altered one is told of."""
    shelf = workspace.issues_folder(district)
    store = Store(workspace.store_address)
    try:
        for unknown in unrecorded_issues(workspace, store, district):
            yield f"{shelf.name}/{unknown}：库中没有这一期的记录，请用备份恢复库"
        for issue in store.issues(district):
            files, folder = store.issue_files(issue), shelf / issue.folder
            altered = not_as_they_were(folder, issue.manifest_sha256, lambda: files)  # noqa: B023
            documents = tuple(name for name in files if name != MANIFEST and (folder / name).is_file())
            name = f"{issue.period.chinese()}{issue.edition.words}"
            note = f"文件与印发时不同：{'、'.join(altered)}" if altered else ""
            record, beside = files.get(RECORD, b""), _notices(json.loads(files[MANIFEST]))
            yield _entry(name, (shelf.name, issue.folder), documents, record, note, beside)
    finally:
        store.close()


def _notices(manifest: Mapping[str, Any]) -> _Notices:
    told = manifest.get(Beside.NOTICES)
    return tuple((str(one["unit"]), tuple(map(str, one["files"]))) for one in told["made"]) if told else ()


def _entry(
    name: str,
    folder: tuple[str, ...],
    documents: tuple[str, ...],
    data: bytes,
    note: str = "",
    notices: _Notices = (),
) -> Entry | str:
    try:
        return Entry(folder, documents, read_record(data), note, notices)
    except UnreadableRecord:
        return f"{name}：由旧版本编制，请重新编制"
