"""Tells files from what only looks like one: a link may lead to any file of the machine, a pipe has no end."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path


def other_than_a_file(path: Path) -> str:
    """What lies there in place of a file, and what to do, so that it's never opened; empty for a file."""
    mode = stat.S_IFREG
    with suppress(OSError):  # Whoever opens it is told.
        mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link, and none is followed; put the file itself there"
    return "" if stat.S_ISREG(mode) else "a pipe, a socket or a device, and no file; take it away"
