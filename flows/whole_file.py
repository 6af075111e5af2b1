"""Puts one file in its place, whole or not at all; knows nothing of what is in it."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, data: bytes) -> None:
    """Write the file aside and move it into its place; raises OSError where that can't be done, and leaves nothing."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_synced(aside, data)
        aside.replace(file)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def write_synced(file: Path, data: bytes) -> None:
    """Write the file, and wait until the disk has it."""
    with open(file, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
