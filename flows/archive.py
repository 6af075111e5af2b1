"""Makes a district's archive from the bulletins that stand in its folder; pulls, reads and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.monthly import RECORD
from flows.publication import holding, manifest_of, replace_pages
from flows.store import Store
from flows.workspace import Workspace
from transforms.archive.arranging import AREAS, INDICATORS, arrange
from transforms.archive.newest import Entry
from transforms.archive.records import UnreadableRecord, read_record
from transforms.declared.district import District
from transforms.periods import Period

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive that stands: its index, how many bulletins it lists, and those that it can't."""

    index: Path
    bulletins: int
    unlisted: tuple[str, ...]


def make_archive(workspace: Workspace, district: District) -> Archived:
    """Make the district's archive anew; pages that are as they were stay untouched.

    The same bulletins give the same bytes. Where there is no bulletin the index says so.
    """
    from flows.render import render_archive

    folder = workspace.out / district.id
    folder.mkdir(parents=True, exist_ok=True)
    # Whoever comes last sees what all others have put in place.
    with holding(folder):
        entries: list[Entry] = []
        unlisted: list[str] = []
        for name, parts in _bulletins(workspace, district.id):
            found = _entry(folder, parts)
            if isinstance(found, Entry):
                entries.append(found)
            else:
                unlisted.append(f"{name}：{found}")
        pages = render_archive(arrange(district, entries, unlisted))
        replace_pages(folder, pages, (INDICATORS, AREAS), last=INDEX)
    return Archived(folder / INDEX, len(entries), tuple(unlisted))


def _bulletins(workspace: Workspace, district: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What each bulletin is called and the path of its folder in the district's: the drafts, then what was issued."""
    folder = workspace.out / district
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]")):
        yield f"{Period.parse(path.name).chinese()}草稿", (path.name,)
    store = Store(workspace.store_address)
    try:
        issues = store.issues(district)
    finally:
        store.close()
    for issue in issues:
        name = f"{issue.period.chinese()}{issue.edition.words}"
        yield name, (*workspace.issues_folder(district).relative_to(folder).parts, issue.folder)


def _entry(district: Path, parts: tuple[str, ...]) -> Entry | str:
    """The bulletin of a folder, or why it can't be listed."""
    folder = district.joinpath(*parts)
    if not folder.is_dir():
        return "文件夹缺失"
    with holding(folder):
        manifest = manifest_of(folder)
        if manifest is None:
            return "文件不完整或已被改动，请重新编制"
        documents = tuple(str(one["file"]) for one in manifest["outputs"])
        if RECORD not in documents:
            return "由旧版本编制，请重新编制"
        data = (folder / RECORD).read_bytes()
    try:
        return Entry(parts, documents, read_record(data))
    except UnreadableRecord:
        return "由旧版本编制，请重新编制"
