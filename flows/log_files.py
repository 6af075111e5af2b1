"""The files that log lines are kept in, a day each: appends, reads back, and forgets what is old."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.modes import make_private_folder

KEPT_DAYS = 400
"""A year and a month, so that this month's run can be held against last year's."""
KEPT_BYTES = 256 * 1024 * 1024
"""Of all days together; the oldest go first, today's file never."""
_LOG = re.compile(r"\d{4}-\d{2}-\d{2}\.jsonl")


def append(folder: Path, day: dt.date, line: bytes) -> None:
    """Add a line to the day's file, for its owner's eyes only; raises OSError.

    One write to a file opened for appending is never mixed with another's. What a full disk cut short is ended, so
    that it spoils no other line.
    """
    file = folder / f"{day}.jsonl"
    try:
        opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        make_private_folder(folder)
        opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if 0 < os.write(opened, line) < len(line):
            os.write(opened, b"\n")
    finally:
        os.close(opened)


def lines_of(folder: Path, days: int) -> Iterator[dict[str, Any]]:
    """The lines of the newest so many files, oldest first; what isn't a whole line is passed over."""
    for file in _files(folder)[-days:]:
        with suppress(OSError):  # forgotten meanwhile
            for line in file.read_bytes().splitlines():
                with suppress(ValueError):
                    told = json.loads(line)
                    if isinstance(told, dict):
                        yield told


def forget_old(folder: Path, today: dt.date) -> None:
    """Remove the files of days that are long past, and the oldest where all together are too large."""
    files = [file for file in _files(folder) if file.name != f"{today}.jsonl"]
    oldest = f"{today - dt.timedelta(days=KEPT_DAYS)}.jsonl"
    room = KEPT_BYTES
    for file in reversed(files):
        with suppress(OSError):
            room -= file.stat().st_size
            if file.name < oldest or room < 0:
                file.unlink()


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if _LOG.fullmatch(file.name))
    except OSError:
        return []
