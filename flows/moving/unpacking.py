"""Unpacks a district, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from flows.claims import claimed_district
from flows.modes import make_private_folder
from flows.moving.packed import (
    MANIFEST,
    ROWS,
    Moved,
    manifest_of,
    mode_taken_over,
    saying_what_cannot_be_written,
    saying_what_is_damaged,
)
from flows.publication import holding
from flows.store import RowsInTheWay, Store
from flows.whole_file import write_synced
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault, InputError, UsageError
from transforms.told_names import told_path


def import_district(workspace: Workspace, file: Path) -> Moved:
    """Unpack a district that isn't here yet, whole or not at all; an import that was killed is gone on with.

    Raises InputError where the file is damaged or is none of ours, UsageError where anything of the district is here.
    """
    with saying_what_is_damaged(file):
        manifest = manifest_of(file)
    district = str(manifest["district"])
    store = Store(workspace.store_address)
    here = _Arrival(workspace, district)
    try:
        with (
            saying_what_cannot_be_written(workspace.root),
            claimed_district(workspace, district),
            holding(workspace.out / district),
        ):
            if not here.is_whole(manifest):
                here.clear()
                _refuse_what_is_here(workspace, store, district)
                try:
                    with saying_what_is_damaged(file):
                        _unpack(file, manifest, here)
                except BaseException:
                    here.clear()
                    raise
                here.complete(manifest)
            # From here on a killed import is finished by the next.
            rows = {one["name"]: partial(_lines, here.rows / one["name"]) for one in manifest["tables"]}
            try:
                with saying_what_is_damaged(file):
                    store.take_in(district, rows)
            except InputError:
                here.clear()
                raise
            except RowsInTheWay as error:
                here.clear()
                raise UsageError(
                    f"{district}: one of its numbers or periods was given out by this store already ({error}); import "
                    "it into a store of its own (DATABASE_URL)"
                ) from None
            here.move_in()
    finally:
        store.close()
    shared = tuple((register, other) for register, other in manifest.get("shared", ()))
    return Moved(district, len(manifest["files"]), sum(one["rows"] for one in manifest["tables"]), shared)


class _Arrival:
    """Where a district waits, out of sight, until all of it is there."""

    def __init__(self, workspace: Workspace, district: str) -> None:
        self._places = ((workspace.raw, workspace.raw / district), (workspace.out, workspace.out / district))
        self._waiting = tuple(top / ".importing" / district for top, _ in self._places)
        self._complete = workspace.raw / ".importing" / f"{district}.{MANIFEST}"
        self.rows = workspace.raw / ".importing" / f"{district}.rows"

    def place_of(self, name: str) -> Path:
        """Where a member of the file waits."""
        if name.startswith(ROWS):
            return self.rows / name.removeprefix(ROWS)
        top, _, *rest = name.split("/")
        return self._waiting[0 if top == "data_raw" else 1].joinpath(*rest)

    def is_whole(self, manifest: Mapping[str, Any]) -> bool:
        """Whether just this district was unpacked whole by an import that was killed afterwards."""
        try:
            return bool(json.loads(self._complete.read_bytes()) == manifest)
        except (OSError, ValueError):
            return False

    def complete(self, manifest: Mapping[str, Any]) -> None:
        """Everything has been unpacked."""
        write_synced(self._complete, json.dumps(manifest).encode())

    def move_in(self) -> None:
        """Let the district appear: what it made first, what it is known by last."""
        for waiting, (_, place) in reversed(tuple(zip(self._waiting, self._places, strict=True))):
            if waiting.exists():
                waiting.rename(place)
        self.clear()

    def clear(self) -> None:
        """Take away what waits."""
        self._complete.unlink(missing_ok=True)
        for waiting in (*self._waiting, self.rows):
            shutil.rmtree(waiting, ignore_errors=True)
        for top, _ in self._places:
            if (top / ".importing").is_dir() and not any((top / ".importing").iterdir()):
                (top / ".importing").rmdir()


def _unpack(file: Path, manifest: Mapping[str, Any], here: _Arrival) -> None:
    expected = {f"{ROWS}{one['name']}": one for one in manifest["tables"]}
    expected |= {one["name"]: one for one in manifest["files"]}
    _require_room(here.rows.parent.parent, sum(one["size"] for one in expected.values()))
    for name in manifest["folders"]:
        make_private_folder(here.place_of(name))
    with tarfile.open(file, "r:gz") as tar:
        assert tar.next() is not None
        while (member := tar.next()) is not None:
            told = expected.pop(member.name, None)
            if told is None or not member.isfile() or member.size != told["size"]:
                raise ValueError(f"{told_path(member.name)} isn't what the manifest says")
            data = tar.extractfile(member)
            assert data is not None
            _write(here.place_of(member.name), data, told)
    if expected:
        raise ValueError(f"{told_path(next(iter(expected)))} is missing")
    # The innermost first, and only when all is in them: one may be closed to writing.
    for name, mode in sorted(manifest.get("modes", {}).items(), reverse=True):
        here.place_of(name).chmod(mode_taken_over(name, mode))


def _write(place: Path, data: IO[bytes], told: Mapping[str, Any]) -> None:
    make_private_folder(place.parent)
    hashed = hashlib.sha256()
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while part := data.read(1 << 20):
            out.write(part)
            hashed.update(part)
        out.flush()
        os.fsync(out.fileno())
    if hashed.hexdigest() != told["sha256"]:
        raise ValueError(f"{told_path(told['name'])} has changed")
    if "mode" in told:
        place.chmod(mode_taken_over(told["name"], told["mode"]))
        os.utime(place, ns=(told["modified"], told["modified"]))


def _lines(place: Path) -> Iterable[bytes]:
    with open(place, "rb") as lines:
        yield from lines


def _refuse_what_is_here(workspace: Workspace, store: Store, district: str) -> None:
    for place in (workspace.raw / district, workspace.out / district):
        if place.exists() and any(place.iterdir()):
            raise UsageError(
                f"{workspace.shown(place)}: is here already, and an import overwrites nothing; move it away, or import "
                "into another workspace (--workspace)"
            )
        if place.exists():
            place.rmdir()
    if store.knows(district):
        raise UsageError(
            f"{district}: the store knows it already, and an import overwrites nothing; import it into a store of its "
            "own (DATABASE_URL)"
        )


def _require_room(folder: Path, size: int) -> None:
    make_private_folder(folder)
    free = shutil.disk_usage(folder).free
    if free < size:
        raise EnvironmentFault(
            f"{folder}: has room for {free // 2**20} MB, and the district takes {size // 2**20} MB; make room, then "
            "import again"
        )
