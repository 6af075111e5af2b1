"""What every kind of source tells of: the files that lie there, each with a way to get its bytes; keeps nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from transforms.errors import InputError
from transforms.spreadsheets.workbooks import LARGEST_FILE


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that a source holds.

    ``origin`` is where it lies, the same at every pull. ``received`` is None where the source can't be believed on it.
    ``item`` and ``tag`` let the next pull pass it over unfetched: what it's kept under there, and a mark that changes
    when its bytes do; without a tag it's fetched each time.
    """

    origin: str
    workbook: str
    fetch: Callable[[], bytes]
    """Gives the bytes; raises Unreachable if the source may be lost, InputError if only this file is."""
    received: dt.datetime | None = None
    item: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose bytes were taken in before, by its mark."""

    origin: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that is no delivery, and why."""

    origin: str
    why: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """An item that was looked through and holds no delivery; its mark says so to the next pull."""

    item: str
    tag: str


Found = Delivery | Unchanged | PassedOver | Nothing

Taken = Callable[[str, str], bool]
"""Tells whether what is kept under this item had this mark when it was last taken in."""


class Opened(Protocol):
    """A source that can be looked into."""

    def look(self, taken: Taken) -> Iterator[Found]:
        """Everything that lies there; raises InputError if that can't be said for certain."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Unreachable(InputError):
    """The source can't be reached, or didn't keep up its answer; a second such file means the source as a whole."""


def lost(origin: str, error: InputError, item: str = "") -> Delivery:
    """A file that is there and can't be had: told when it's fetched, so that the others are pulled all the same."""

    def fetch() -> bytes:
        raise error

    return Delivery(origin, "", fetch, item=item)


def within_limit(place: str, size: int) -> None:
    """Refuse a file that the reader would refuse, before it's fetched."""
    if size > LARGEST_FILE:
        raise InputError(
            f"{place}: {size // 1024 // 1024} MB, and {LARGEST_FILE // 1024 // 1024} MB is the most that's read; "
            "ask for a smaller file"
        )
