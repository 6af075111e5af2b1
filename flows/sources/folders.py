"""Looks into a folder of this machine: the district's own, or a shared one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.sources.delivery import Delivery, Found, Taken, within_limit
from flows.sources.file_names import is_delivered
from transforms.errors import EnvironmentFault, InputError


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with all its sub-folders; ``place`` is how its files' origins begin."""

    place: str
    path: Path
    cure: str
    """What to do where the folder is missing."""

    def look(self, taken: Taken) -> Iterator[Found]:  # noqa: ARG002 - a file of this machine is always read
        """Every file, folder after folder; those of hidden folders and what programs leave behind are no deliveries."""
        if not self.path.is_dir():
            is_file = "is a file; a source is a folder" if self.path.exists() else "the source's folder doesn't exist"
            raise InputError(f"{self.place}: {is_file}; {self.cure}")
        for parent, folders, names in os.walk(self.path, onerror=self._refused):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if is_delivered(name):
                    file = Path(parent) / name
                    origin = f"{self.place}/{file.relative_to(self.path).as_posix()}"
                    yield Delivery(origin, name, partial(self._bytes, file, origin))

    def close(self) -> None:
        """Nothing is held."""

    def _bytes(self, file: Path, origin: str) -> bytes:
        try:
            before = file.stat()
            within_limit(origin, before.st_size)
            data = file.read_bytes()
            after = file.stat()
        except FileNotFoundError:
            raise EnvironmentFault(f"{origin}: was taken away while it was being pulled; pull again") from None
        except OSError as error:
            raise EnvironmentFault(f"{origin}: can't be read ({error.strerror}); see to its permissions") from None
        if len(data) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
            raise EnvironmentFault(
                f"{origin}: was written to while it was being pulled; pull again when it's there whole"
            )
        return data

    def _refused(self, error: OSError) -> None:
        raise EnvironmentFault(f"{error.filename}: can't be looked into ({error.strerror}); see to its permissions")
