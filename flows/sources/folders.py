"""Looks into a folder of this machine: the district's own, or a shared one; follows no link in it, opens only files.

Whoever may put files there mustn't have others read, or wait for ever: a link may lead to any file of the machine, and
a pipe has no end.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.plain_files import other_than_a_file
from flows.sources.delivery import Delivery, Found, PassedOver, Taken, within_limit
from flows.sources.file_names import is_delivered
from transforms.errors import EnvironmentFault, InputError
from transforms.spreadsheets.workbooks import LARGEST_FILE
from transforms.told_names import told_name, told_path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_REPLACED = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO})
"""What opening tells where a link, a folder or a socket has come in the place of a file."""


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
            linked = [name for name in folders if (Path(parent) / name).is_symlink()]
            for name in sorted((*names, *linked)):
                if is_delivered(name):
                    yield self._found(Path(parent) / name)

    def close(self) -> None:
        """Nothing is held."""

    def _found(self, file: Path) -> Found:
        origin = f"{self.place}/{told_path(file.relative_to(self.path).as_posix())}"
        if other := other_than_a_file(file):
            return PassedOver(origin, other)
        return Delivery(origin, told_name(file.name), partial(self._bytes, file, origin))

    def _bytes(self, file: Path, origin: str) -> bytes:
        try:
            with open(self._opened(file), "rb") as opened:
                before = os.fstat(opened.fileno())
                if not stat.S_ISREG(before.st_mode):
                    raise _replaced(origin)
                within_limit(origin, before.st_size)
                data = opened.read(LARGEST_FILE + 1)
                after = os.fstat(opened.fileno())
        except FileNotFoundError:
            raise EnvironmentFault(f"{origin}: was taken away while it was being pulled; pull again") from None
        except OSError as error:
            if error.errno in _REPLACED:
                raise _replaced(origin) from None
            raise EnvironmentFault(f"{origin}: can't be read ({error.strerror}); see to its permissions") from None
        within_limit(origin, len(data))
        if {before.st_size, after.st_size} != {len(data)} or before.st_mtime_ns != after.st_mtime_ns:
            raise EnvironmentFault(
                f"{origin}: was written to while it was being pulled; pull again when it's there whole"
            )
        return data

    def _opened(self, file: Path) -> int:
        """The file, opened folder by folder, so that none on the way can become a link after it was looked at."""
        *folders, name = file.relative_to(self.path).parts
        at = os.open(self.path, _FOLDER)
        try:
            for folder in folders:
                below = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=at)
                os.close(at)
                at = below
            return os.open(name, _FILE | os.O_NOFOLLOW, dir_fd=at)
        finally:
            os.close(at)

    def _refused(self, error: OSError) -> None:
        place = told_path(str(error.filename))
        raise EnvironmentFault(f"{place}: can't be looked into ({error.strerror}); see to its permissions")


def _replaced(origin: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"{origin}: was replaced by something that is no file while it was being pulled; pull again"
    )
