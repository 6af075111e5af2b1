"""Hashes every kept input and output of a district anew and holds it against the store; mends nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flows.archive import archive_pages, pages_there
from flows.kept_vintages import kept_bytes
from flows.publication import MANIFEST, holding
from flows.shelf import altered_issues, unrecorded_issues
from flows.store import Store
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.errors import EnvironmentFault


class Kind(StrEnum):
    """What is wrong with something that is kept."""

    MISSING = "missing"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    """It's there, and the store has never heard of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One file or folder that isn't as the store knows it: where, what was found, what to do."""

    kind: Kind
    place: str
    found: str
    cure: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was hashed anew of a district, and what isn't as it was kept."""

    district: str
    inputs: int
    """Different files that came."""
    drafts: int
    issues: int
    pages: int
    """Of the archive, each held against what is made of the bulletins anew."""
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The findings that something is lost by; what is merely unknown isn't among them."""
        return tuple(one for one in self.findings if one.kind is not Kind.UNKNOWN)


def verify(workspace: Workspace, district: str) -> Verified:
    """Everything that was kept of a district: what came, its drafts, its issues on disk and in the store, its archive.

    Forms aren't looked at: people fill them in, send them and throw them away.
    """
    declared = workspace.district(district)
    store = Store(workspace.store_address)
    try:
        known = store.kept_hashes(district)
        folders = [folder for _, folder in workspace.bulletin_folders(district)]
        findings = (
            *_inputs(workspace, district, known),
            *_drafts(workspace, district, store),
            *_issues(workspace, district, store),
        )
        issues = store.issues(district)
    finally:
        store.close()
    pages, amiss = _archive(workspace, declared) if folders or issues else (0, ())
    return Verified(district, len(known), len(folders), len(issues), pages, (*findings, *amiss))


def _inputs(workspace: Workspace, district: str, known: dict[str, str]) -> Iterator[Finding]:
    for sha256, workbook in known.items():
        file = workspace.vintage_file(district, sha256)
        try:
            kept_bytes(workspace, district, sha256)
        except EnvironmentFault as error:
            kind = Kind.CHANGED if file.exists() else Kind.MISSING
            yield Finding(kind, workspace.shown(file), f"{workbook}: {str(error).partition(': ')[2]}", _restore(file))
    folder = workspace.folder(district) / "vintages"
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.name.startswith("."):
            continue
        if file != workspace.vintage_file(district, file.name):
            yield Finding(Kind.UNKNOWN, workspace.shown(file), "no vintage is kept there", "move it elsewhere")
        elif file.name not in known:
            yield Finding(
                Kind.UNKNOWN,
                workspace.shown(file),
                "the store knows no vintage of these bytes",
                "harmless: a pull that was cut off leaves such a file; if the store was restored from an older copy, "
                "pull again",
            )


def _restore(file: Path) -> str:
    return f"put {file.name} back from a copy of data_raw, or take it out of any `yuebao export` of the district"


def _drafts(workspace: Workspace, district: str, store: Store) -> Iterator[Finding]:
    last = store.last_runs(district)
    made = store.made_manifests(district)
    for period, folder in workspace.bulletin_folders(district):
        again = f"`yuebao backfill {district} {period} {period}` makes it again"
        with holding(folder):
            yield from _outputs(workspace, folder, again)
            manifest = _bytes(folder / MANIFEST)
        if manifest is not None and hashlib.sha256(manifest).hexdigest() not in made:
            yield Finding(
                Kind.UNKNOWN,
                workspace.shown(folder / MANIFEST),
                "the store knows no run that made this bulletin",
                again,
            )
    for period, run in last.items():
        folder = workspace.bulletin_folder(district, period)
        if run.outcome == "made" and not folder.exists():
            yield Finding(
                Kind.MISSING,
                workspace.shown(folder),
                "the newest run made this bulletin, and its folder is gone",
                f"`yuebao backfill {district} {period} {period}` makes it again",
            )


def _outputs(workspace: Workspace, folder: Path, cure: str) -> Iterator[Finding]:
    """The files of a folder that aren't as its manifest says, and those that the manifest doesn't name."""
    told = _bytes(folder / MANIFEST)
    try:
        outputs = {str(one["file"]): str(one["sha256"]) for one in json.loads(told or b"")["outputs"]}
    except (ValueError, KeyError, TypeError):
        kind = Kind.MISSING if told is None else Kind.CHANGED
        yield Finding(kind, workspace.shown(folder / MANIFEST), "no manifest that can be read", cure)
        return
    for name, sha256 in outputs.items():
        data = _bytes(folder / name)
        if data is None:
            yield Finding(Kind.MISSING, workspace.shown(folder / name), "the manifest names it", cure)
        elif hashlib.sha256(data).hexdigest() != sha256:
            yield Finding(Kind.CHANGED, workspace.shown(folder / name), "its bytes aren't those of the manifest", cure)
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name not in outputs and name != MANIFEST:
            yield Finding(Kind.UNKNOWN, workspace.shown(file), "the manifest doesn't name it", "move it elsewhere")


def _issues(workspace: Workspace, district: str, store: Store) -> Iterator[Finding]:
    back = (
        f"move the folder away as evidence; the next `yuebao publish` of {district} puts the issue back from the store"
    )
    for altered in altered_issues(workspace, store, district):
        if not altered.files:
            cure = f"the next `yuebao publish` of {district} puts it back from the store"
            yield Finding(Kind.MISSING, workspace.shown(altered.folder), "an issue's folder is gone", cure)
        for name in altered.files:
            place = altered.folder / name
            kind = Kind.CHANGED if place.exists() else Kind.MISSING
            yield Finding(kind, workspace.shown(place), "it isn't as it was published", back)
    yield from _beside_issues(workspace, store, district)
    for name in unrecorded_issues(workspace, store, district):
        yield Finding(
            Kind.UNKNOWN,
            workspace.shown(workspace.issues_folder(district) / name),
            "the store doesn't know this issue",
            "restore a newer copy of the store, or set DATABASE_URL to the one that published it",
        )
    for issue in store.issues(district):
        files = store.issue_files(issue)
        outputs = json.loads(files[MANIFEST])["outputs"] if MANIFEST in files else None
        whole = (
            outputs is not None
            and hashlib.sha256(files[MANIFEST]).hexdigest() == issue.manifest_sha256
            and all(hashlib.sha256(files.get(one["file"], b"")).hexdigest() == one["sha256"] for one in outputs)
        )
        if not whole:
            yield Finding(
                Kind.CHANGED,
                f"the store, {issue.designation}",
                "the bytes that the store keeps of the issue aren't as they were published",
                "restore the store from a copy",
            )


def _beside_issues(workspace: Workspace, store: Store, district: str) -> Iterator[Finding]:
    """What somebody put among the issues, where readers take it for theirs."""
    shelf = workspace.issues_folder(district)
    ours: set[str] = set()
    for issue in store.issues(district):
        ours |= {f"{issue.folder}/{name}" for name in store.issue_files(issue)}
    unknown = set(unrecorded_issues(workspace, store, district))
    for file in sorted(shelf.rglob("*")):
        name = file.relative_to(shelf).as_posix()
        if not file.is_dir() and name not in ours and not unknown & {name.partition("/")[0]}:
            yield Finding(Kind.UNKNOWN, workspace.shown(file), "no issue has such a file", "move it elsewhere")


def _archive(workspace: Workspace, district: District) -> tuple[int, tuple[Finding, ...]]:
    """How many pages the archive has, and which of them are missing, changed or of no archive.

    Nothing is kept of the pages by which they could be known: they're made anew, as after each run, and compared.
    """
    folder = workspace.out / district.id
    with holding(folder):
        wanted = archive_pages(workspace, district)
        there = {name: _bytes(folder / name) for name in pages_there(folder)}
    anew = f"`yuebao archive {district.id}` makes the archive anew"
    changed = [name for name in wanted if name in there and there[name] != wanted[name]]
    told = (
        (Kind.MISSING, [name for name in wanted if name not in there], "not there", anew),
        (Kind.CHANGED, changed, "not what is made of the drafts and issues now", anew),
        (Kind.UNKNOWN, [name for name in there if name not in wanted], "not the archive's", "move elsewhere"),
    )
    findings = [
        Finding(kind, workspace.shown(folder / names[0]), f"{_counted(len(names))} {found}", cure)
        for kind, names, found, cure in told
        if names
    ]
    return len(wanted), tuple(findings)


def _counted(pages: int) -> str:
    return "this page is" if pages == 1 else f"this page and {pages - 1} more are"


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
