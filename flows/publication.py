"""Puts a period's documents in their folder, whole or not at all; knows nothing of what is in them."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.exchange import exchanged
from flows.modes import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    PUBLISHED_FILE,
    PUBLISHED_FOLDER,
    make_open_folder,
    make_private_folder,
    tighten,
)
from flows.whole_file import write_synced
from transforms.errors import EnvironmentFault

MANIFEST = "manifest.json"


def publish(folder: Path, documents: Mapping[str, bytes], told: Mapping[str, Any]) -> bytes:
    """Write the documents and, last, the manifest beside the folder, then put all in its place; gives the manifest.

    ``told`` is what the manifest says besides its outputs. A reader sees the old folder, or the new one.
    """
    manifest = manifest_text(documents, told)
    aside = _made_aside(folder)
    try:
        with holding(folder):
            make_private_folder(aside)
            for name, data in (*sorted(documents.items()), (MANIFEST, manifest)):
                make_private_folder((aside / name).parent)
                write_synced(aside / name, data)
            _take_its_place(aside, folder)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    return manifest


def manifest_text(documents: Mapping[str, bytes], told: Mapping[str, Any]) -> bytes:
    """A manifest: what it's told to say, then every output with its hash."""
    outputs = [
        {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(documents.items())
    ]
    return (json.dumps({**told, "outputs": outputs}, ensure_ascii=False, indent=2) + "\n").encode()


def put_for_good(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Let a folder appear, whole, its files read-only; one that is there is never touched, and gives False.

    Whoever calls it holds the folder's shelf against others of this machine.
    """
    aside = _made_aside(folder)
    try:
        if folder.exists():
            return False
        _clear(aside)
        make_open_folder(folder.parent)
        aside.mkdir(PRIVATE_FOLDER)
        with _kept_open(aside) as inside:
            for name, data in sorted(files.items()):
                make_private_folder((inside / name).parent)
                write_synced(inside / name, data)
                (inside / name).chmod(PUBLISHED_FILE)
            for one in (inside, *(one for one in inside.rglob("*") if one.is_dir())):
                one.chmod(PUBLISHED_FOLDER)
            aside.rename(folder)
    except OSError as error:
        _clear(aside)
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    return True


def not_as_they_were(folder: Path, sha256: str, files: Callable[[], Mapping[str, bytes]]) -> tuple[str, ...]:
    """The files of a folder that was put for good which were changed or taken away since.

    ``sha256`` is that of its manifest; ``files`` gives the bytes as they were, asked for only if the manifest changed.
    """
    wrong: list[str] = []
    try:
        manifest = (folder / MANIFEST).read_bytes()
    except OSError:
        manifest = b""
    if hashlib.sha256(manifest).hexdigest() != sha256:
        wrong.append(MANIFEST)
        manifest = files()[MANIFEST]
    for one in json.loads(manifest)["outputs"]:
        if _sha256(folder / one["file"]) != one["sha256"]:
            wrong.append(one["file"])
    return tuple(wrong)


def add_to(folder: Path, documents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Put documents that people will work on into a folder; gives the names of those that were left as they were.

    A file that is there and isn't as this function made it (by the folder's manifest) is somebody's work. The folder
    appears whole the first time; later each file is replaced whole, and nothing else in the folder is touched.
    """
    aside = _made_aside(folder)
    try:
        with holding(folder):
            make_private_folder(aside)
            made = _made_before(folder)
            theirs = tuple(name for name in documents if _sha256(folder / name) not in {None, made.get(name)})
            own = {name: data for name, data in sorted(documents.items()) if name not in theirs}
            made |= {name: hashlib.sha256(data).hexdigest() for name, data in own.items()}
            manifest = json.dumps({"made": dict(sorted(made.items()))}, ensure_ascii=False, indent=2) + "\n"
            for name, data in (*own.items(), (MANIFEST, manifest.encode())):
                write_synced(aside / name, data)
            if folder.exists():
                for name in (*own, MANIFEST):
                    (aside / name).replace(folder / name)
                aside.rmdir()
            else:
                aside.rename(folder)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    return theirs


def replace_pages(folder: Path, pages: Mapping[str, bytes], within: Sequence[str], last: str) -> None:
    """Put pages that name each other in their places, ``last`` last; a page that is as it was isn't touched.

    All are written aside before the first is moved, so that a full disk changes nothing. Pages of the folders
    ``within`` that are no longer among them go when nothing names them any more. The caller holds the folder.
    """
    aside = folder / ".pages.new"
    changed = {name: data for name, data in pages.items() if _sha256(folder / name) != hashlib.sha256(data).hexdigest()}
    try:
        shutil.rmtree(aside, ignore_errors=True)
        for name, data in changed.items():
            make_private_folder((aside / name).parent)
            write_synced(aside / name, data)
        for name in sorted(changed, key=lambda name: (name == last, name)):
            make_private_folder((folder / name).parent)
            (aside / name).replace(folder / name)
        for page in (page for one in within for page in sorted((folder / one).glob("*.html"))):
            if page.relative_to(folder).as_posix() not in pages:
                page.unlink()
    except OSError as error:
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """What the folder's manifest says, if the folder is there and every output is as the manifest says."""
    if _set_aside(folder).exists() and not folder.exists():
        with holding(folder):  # A run is just between its two renames, or was killed there.
            pass
    while True:
        looked_at = _identity(folder)
        manifest = _whole(folder)
        if manifest is not None or _identity(folder) == looked_at:
            return manifest
        # Another folder took its place while it was read: that one is looked at.


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Hold the folder against another run on this machine; waits until the other is done, and undoes a killed one."""
    with _locked(folder, _made_private):
        _recover(folder)
        yield


@contextmanager
def holding_copy(folder: Path) -> Iterator[None]:
    """The same where the folder above it is somebody else's, such as a share, which keeps the mode that it has."""
    with _locked(folder, _made_open):
        _clear(_made_aside(folder))
        yield


def _made_private(folder: Path) -> None:
    make_private_folder(folder)
    tighten(folder)


def _made_open(folder: Path) -> None:
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "a link, which may lead anywhere")
    make_open_folder(folder)


@contextmanager
def _locked(folder: Path, make: Callable[[Path], None]) -> Iterator[None]:
    file = folder.with_name(f".{folder.name}.lock")
    try:
        make(folder.parent)
        # Whoever else may write there mustn't have a file of ours emptied by a link of that name.
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _take_its_place(aside: Path, folder: Path) -> None:
    """At one stroke where the file system can; else in two renames, of which the first is undone after a kill."""
    before = _set_aside(folder)
    if not folder.exists():
        aside.rename(folder)
    elif exchanged(aside, folder):
        shutil.rmtree(aside, ignore_errors=True)
    else:
        folder.rename(before)
        aside.rename(folder)
        shutil.rmtree(before, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Undo a run that was killed: between the two renames, or before or after it put its folder in place."""
    before = _set_aside(folder)
    if before.exists() and not folder.exists():
        before.rename(folder)
    for left in (before, _made_aside(folder)):
        shutil.rmtree(left, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Take a folder away, or a link that somebody else put there, but nothing that it leads to."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _kept_open(folder: Path) -> Iterator[Path]:
    """The folder by a path that stays its own though somebody puts a link in its place meanwhile (Linux)."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        inside = Path(f"/proc/self/fd/{held}")
        yield inside if inside.is_dir() else folder
    finally:
        os.close(held)


def _whole(folder: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        whole = all(
            hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest() == one["sha256"]
            for one in manifest["outputs"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if whole else None


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _made_aside(folder: Path) -> Path:
    """Where a new folder is made."""
    return folder.with_name(f".{folder.name}.new")


def _set_aside(folder: Path) -> Path:
    """Where a folder waits while a new one takes its place."""
    return folder.with_name(f".{folder.name}.old")


def _made_before(folder: Path) -> dict[str, str]:
    try:
        made = json.loads((folder / MANIFEST).read_bytes())["made"]
        return {str(name): str(sha256) for name, sha256 in made.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # Then whatever lies there is taken for somebody's.


def _sha256(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None
