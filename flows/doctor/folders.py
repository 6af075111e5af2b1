"""The workspace's folders: room, who may write and who may look, and who holds them."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flows.doctor.registry import Examined, check
from transforms.examining import Finding, Verdict, judge_modes, judge_room, ok


@check
def room(about: Examined) -> Iterator[Finding]:
    """Bytes and files, on each file system once."""
    seen: dict[int, str] = {}
    for folder in (about.workspace.out, *(about.workspace.folder(one) for one in about.districts)):
        there = _nearest(folder)
        device = there.stat().st_dev
        if device in seen:
            continue
        seen[device] = str(there)
        told = os.statvfs(there)
        files = told.f_favail if told.f_files else None
        yield judge_room(f"room in {about.workspace.shown(folder)}", told.f_bavail * told.f_frsize, files)


@check
def writable(about: Examined) -> Iterator[Finding]:
    """Where runs write: data_out, and each district's folder, where vintages are kept."""
    for folder in (about.workspace.out, *(about.workspace.folder(one) for one in about.districts)):
        looked_at = f"writing in {about.workspace.shown(folder)}"
        try:
            with tempfile.TemporaryFile(dir=_nearest(folder)) as file:
                file.write(b"x")
        except OSError as error:
            yield Finding(
                looked_at,
                Verdict.FAULT,
                f"can't be written ({error.strerror})",
                "make its owner the account that runs yuebao, and see that it isn't mounted read-only",
            )
        else:
            yield ok(looked_at, "can be written")


@check
def modes(about: Examined) -> Iterator[Finding]:
    """What isn't published: the store, the log, drafts and vintages."""
    out = about.workspace.out
    files = [out / "store.sqlite3", about.workspace.logs_folder]
    for one in about.districts:
        files += [out / one, about.workspace.folder(one) / "vintages"]
    opened = [about.workspace.shown(file) for file in files if file.exists() and _is_open(file)]
    yield judge_modes("who may look at the store, drafts and vintages", opened)


@check
def locks(about: Examined) -> Iterator[Finding]:
    """Who is at work: a lock ends with the process that holds it, so that none is ever left behind."""
    held = []
    for one in about.districts:
        for file in (
            about.workspace.folder(one) / "vintages" / ".lock",
            *(about.workspace.out / one).glob(".*.lock"),
        ):
            if file.exists() and _is_held(file):
                held.append(about.workspace.shown(file))
    found = f"held just now: {', '.join(held)}; a run is at work" if held else "none is held"
    yield ok("locks", found)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that there is: data_out is made by the first run."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _is_open(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _is_held(file: Path) -> bool:
    try:
        with file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
