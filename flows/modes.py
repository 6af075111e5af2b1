"""Decides who may read what the program writes: nobody but its own account, until it's published."""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
PUBLISHED_FOLDER = 0o755
PUBLISHED_FILE = 0o444
_OTHERS = 0o077

_LOG = logging.getLogger(__name__)


def make_private_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing, whatever the umask; what is there already stays as it is."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    try:
        folder.mkdir(PRIVATE_FOLDER)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(PRIVATE_FOLDER)


def make_open_folder(folder: Path) -> None:
    """Make the folder, for everybody to read, if it isn't there; at one stroke, so that no kill leaves it closed."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    for left in folder.parent.glob(f".{folder.name}.made-*"):
        with suppress(OSError):
            left.rmdir()
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.made-", dir=folder.parent))
    aside.chmod(PUBLISHED_FOLDER)
    try:
        aside.rename(folder)
    except OSError:
        aside.rmdir()
        if not folder.is_dir():
            raise


def make_private_file(file: Path) -> None:
    """Make the file, empty, if it isn't there, and let nobody else read it; what is in it stays.

    One that is there isn't opened: closing a file gives up every lock that the process has on it, and SQLite's with
    them, under the hands of another connection.
    """
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDONLY | os.O_CLOEXEC, PRIVATE_FILE))
    except FileExistsError:
        tighten(file)


def tighten(path: Path) -> None:
    """Take from others what they may do with a file or folder, and say so; a link is left alone."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode) or not mode & _OTHERS:
        return
    try:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    except OSError:
        _LOG.warning(
            "%s: other accounts may read it (mode %03o), and it belongs to another account, so that stays; chmod it",
            path,
            stat.S_IMODE(mode),
        )
    else:
        _LOG.warning("%s: other accounts could read it (mode %03o); now they can't", path, stat.S_IMODE(mode))


def tighten_all(folder: Path, but: Container[Path] = ()) -> None:
    """Tighten a folder, then everything below it except what stands in the folders ``but``; follows no link.

    One line is said for the folder; what is below it was open only as far as it was.
    """
    if not folder.exists():
        return
    tighten(folder)
    for at, folders, files in os.walk(folder):
        here = Path(at)
        folders[:] = [name for name in folders if here / name not in but]
        for name in (*folders, *files):
            with suppress(FileNotFoundError):  # What another run has just put in its place, or taken away.
                _tighten_quietly(here / name)


def _tighten_quietly(path: Path) -> None:
    mode = path.lstat().st_mode
    if not stat.S_ISLNK(mode) and mode & _OTHERS:
        try:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        except FileNotFoundError:
            raise
        except OSError:
            tighten(path)
