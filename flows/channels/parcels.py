"""What every way out is given, and how it says that from now on a message may have arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transforms.delivering.letters import Letter


class Lost(Exception):
    """The delivery is no longer this deliverer's: another took it for dead. Nothing may be handed over."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along: its name for the reader, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """One message for one recipient."""

    id: str
    """The same at every try, whoever tries: a mail's Message-ID is made of it."""
    letter: Letter
    made: dt.datetime
    attachments: tuple[Attachment, ...]
    lacking: tuple[str, ...]
    """Files that were to go along, and that the issue hasn't."""
    files: Mapping[str, bytes]
    """All files of the issue, for a copy of it; empty for a letter."""
    folder: str
    """What a copy's folder is called."""
    hand_over: Callable[[], None]
    """Called just before the other side could take it; raises Lost."""
