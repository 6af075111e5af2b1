"""Looks into a folder of another machine through a door that lists and reads: one walk for SFTP and S3."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from flows.sources.delivery import Delivery, Found, Taken, Unchanged, within_limit
from flows.sources.file_names import is_delivered, own_name
from flows.sources.patience import Patience, Unfinished, persist
from transforms.told_names import told_name, told_path


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the other machine lists it; ``name`` is its path below the source's folder."""

    name: str
    path: str
    size: int
    tag: str = ""
    received: dt.datetime | None = None


class Door(Protocol):
    """One way of listing and reading; raises MayPass, or InputError for what won't pass."""

    def files(self) -> list[RemoteFile]:
        """All files of the source's folder and its sub-folders; never a part of them."""
        ...

    def read(self, file: RemoteFile) -> bytes:
        """The file's bytes."""
        ...

    def size(self, file: RemoteFile) -> int:
        """How many bytes the file has by now."""
        ...

    def close(self) -> None:
        """Give the connection back; the next use connects again."""
        ...


class RemoteFolder:
    """A folder with all its sub-folders, behind its door; ``place`` is how its files' origins begin."""

    def __init__(self, place: str, door: Door, patience: Patience) -> None:
        self._place, self._door, self._patience = place, door, patience

    def look(self, taken: Taken) -> Iterator[Found]:
        """Every file, sorted by its path; unfetched where its mark says that it's as it was."""
        listed = persist(self._place, self._patience, self._door.files, self._door.close)
        for file in sorted(listed, key=lambda one: one.name.split("/")):
            *folders, name = file.name.split("/")
            if any(folder.startswith(".") for folder in folders) or not is_delivered(name):
                continue
            origin = f"{self._place}/{told_path(file.name)}"
            item = f"{self._place}/{file.name}"
            if file.tag and taken(item, file.tag):
                yield Unchanged(origin)
            else:
                fetch = partial(self._bytes, file, origin)
                yield Delivery(origin, own_name(told_name(name), "文件"), fetch, file.received, item, file.tag)

    def close(self) -> None:
        """Give the connection back."""
        self._door.close()

    def _bytes(self, file: RemoteFile, origin: str) -> bytes:
        within_limit(origin, file.size)
        return persist(origin, self._patience, partial(self._whole, file, origin), self._door.close)

    def _whole(self, file: RemoteFile, origin: str) -> bytes:
        data = self._door.read(file)
        within_limit(origin, len(data))
        size = self._door.size(file)  # asked anew: an upload that was listed half done may be whole by now
        if len(data) != size:
            raise Unfinished(f"{len(data)} bytes came of {size}: still being written, or cut off")
        return data
