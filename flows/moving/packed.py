"""A packed district: a tar of a manifest, the store's rows and the files; refuses what isn't one."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from flows.store.moving import moving_tables, shape
from transforms.errors import EnvironmentFault, InputError, UsageError

FORMAT = 1
MANIFEST = "manifest.json"
ROWS = "store/"
"""What the names of the store's tables begin with in it."""
_LONGEST_MANIFEST = 64 * 1024 * 1024
_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Moved:
    """A district that was packed or unpacked: how many of its files and how many of its rows."""

    district: str
    files: int
    rows: int
    shared: tuple[tuple[str, str], ...] = ()
    """Each register of its numbers that another district of the store it came from has numbers of, and that one."""


def manifest_of(file: Path) -> dict[str, Any]:
    """What the file says of itself; InputError where it's none of ours, of another version, or names other places."""
    with tarfile.open(file, "r:gz") as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST or first.size > _LONGEST_MANIFEST:
            _refuse(file, "is no district that `yuebao export` packed", "name the file that it made")
        data = tar.extractfile(first)
        assert data is not None
        manifest = json.loads(data.read())
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        _refuse(file, "is no district that `yuebao export` packed", "name the file that it made")
    if manifest["format"] > FORMAT or manifest.get("shape") != shape():
        _refuse(
            file,
            "was packed by another version of yuebao, whose store has other columns",
            "bring both machines to one version (any command there that opens the store migrates it), then export anew",
        )
    if not _ID.fullmatch(str(manifest["district"])):
        raise ValueError("no district's id")
    _require(str, *manifest["folders"], *(one[key] for one in manifest["files"] for key in ("name", "sha256")))
    _require(int, *(one[key] for one in manifest["files"] for key in ("size", "mode", "modified")))
    _require(int, *(one[key] for one in manifest["tables"] for key in ("size", "rows")))
    _require(int, *manifest.get("modes", {}).values())
    _require(str, *(word for pair in manifest.get("shared", ()) for word in pair))
    if [one["name"] for one in manifest["tables"]] != [table.name for table in moving_tables()]:
        raise ValueError("its tables aren't the store's")
    if len({one["name"] for one in manifest["files"]}) < len(manifest["files"]):
        raise ValueError("it names a file twice")
    if not manifest.get("modes", {}).keys() <= set(manifest["folders"]):
        raise ValueError("it tells modes of folders that it hasn't")
    for name in (*manifest["folders"], *(one["name"] for one in manifest["files"])):
        top, district, *rest = name.split("/")
        known = top in {"data_raw", "data_out"} and district == manifest["district"]
        if not known or any(part.startswith(".") or not part or "\0" in part for part in rest):
            _refuse(file, f"holds {name!r}, which is no place in a district", "get the file anew")
    return manifest


def mode_taken_over(name: str, mode: int) -> int:
    """What of its mode a file or folder keeps: the manifest may say anything.

    What the program keeps for its own account stays so, and nothing that came is everybody's to write to.
    """
    top, _, *rest = name.split("/")
    if top == "data_out":
        return mode & (0o755 if rest[:1] == ["issues"] else 0o700)
    return mode & (0o700 if rest[:1] == ["vintages"] else 0o775)


def _require(kind: type, *values: object) -> None:
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r:.40} isn't what belongs there")


def _refuse(file: Path, found: str, cure: str) -> NoReturn:
    raise InputError(f"{file}: {found}; {cure}")


@contextmanager
def saying_what_is_damaged(file: Path) -> Iterator[None]:
    """Whatever a damaged file makes a library raise, as a sentence."""
    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"{file}: there's no such file; name the one that `yuebao export` made") from None
    except (*_DAMAGE, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        _refuse(file, f"is damaged, or was changed ({error})", "copy it anew from where it was made, or export again")


@contextmanager
def saying_what_cannot_be_written(place: Path) -> Iterator[None]:
    """A full disk or a closed folder, as a sentence."""
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(
            f"{place}: can't be read or written ({error.strerror}); see to room and permissions, then run again"
        ) from None
