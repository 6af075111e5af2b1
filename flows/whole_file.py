"""Puts one file in its place, whole or not at all, for its own account only; knows nothing of what is in it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from flows.modes import PRIVATE_FILE, make_private_folder


def write_whole(file: Path, data: bytes) -> None:
    """Write the file aside and move it into its place; raises OSError where that can't be done, and leaves nothing."""
    aside = _aside(file)
    make_private_folder(file.parent)
    try:
        write_synced(aside, data)
        aside.replace(file)
    except OSError:
        _forget(aside)
        raise


def write_new(file: Path, data: bytes) -> None:
    """The same, but never over a file that somebody put there: FileExistsError then."""
    aside = _aside(file)
    make_private_folder(file.parent)
    try:
        write_synced(aside, data)
        os.link(aside, file)
    finally:
        _forget(aside)


def write_synced(file: Path, data: bytes) -> None:
    """Write the file, and wait until the disk has it."""
    with open(file, "wb", opener=_private) as out:
        os.fchmod(out.fileno(), PRIVATE_FILE)
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _aside(file: Path) -> Path:
    return file.with_name(f".{file.name}.{os.getpid()}")


def _forget(aside: Path) -> None:
    with suppress(OSError):  # On a folder that can't be written to, the fault that came first is the one to tell.
        aside.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE_FILE)
