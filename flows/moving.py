"""Packs a district whole into one file, and unpacks it elsewhere; what is in it stays as it is."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, NoReturn

from flows.claims import claimed_district
from flows.modes import make_private_folder
from flows.publication import holding
from flows.store import RowsInTheWay, Store
from flows.store.moving import moving_tables, shape
from flows.whole_file import write_synced
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault, InputError, UsageError, YuebaoError

FORMAT = 1
MANIFEST = "manifest.json"
_ROWS = "store/"
_LONGEST_MANIFEST = 64 * 1024 * 1024
_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Moved:
    """A district that was packed or unpacked: how many of its files and how many of its rows."""

    district: str
    files: int
    rows: int


def export_district(workspace: Workspace, district: str, file: Path) -> Moved:
    """Pack everything that is known of the district: its folders in data_raw and data_out, its rows of the store.

    The same district gives the same bytes, from whichever database. Nothing is pulled or published meanwhile. The file
    holds unpublished figures: only its owner may read it. Raises UsageError where a file of that name is there.
    """
    workspace.district(district)
    if file.exists():
        raise UsageError(f"{file}: is there already; name another file, or move it away")
    store = Store(workspace.store_address)
    try:
        with (
            _saying_what_cannot_be_written(file),
            tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as aside,
            claimed_district(workspace, district),
            holding(workspace.out / district),
        ):
            tables = _rows_aside(store, district, Path(aside))
            folders, files = _files_of(workspace, district)
            manifest = {
                "format": FORMAT,
                "district": district,
                "shape": shape(),
                "tables": tables,
                "folders": list(folders),
                "modes": folders,
                "files": files,
            }
            packed = Path(aside) / "packed"
            _pack(packed, manifest, workspace, Path(aside))
            packed.replace(file)
    finally:
        store.close()
    return Moved(district, len(files), sum(one["rows"] for one in tables))


def import_district(workspace: Workspace, file: Path) -> Moved:
    """Unpack a district that isn't here yet, whole or not at all; an import that was killed is gone on with.

    Raises InputError where the file is damaged or is none of ours, UsageError where anything of the district is here.
    """
    with _saying_what_is_damaged(file):
        manifest = _manifest_of(file)
    district = str(manifest["district"])
    store = Store(workspace.store_address)
    here = _Arrival(workspace, district)
    try:
        with (
            _saying_what_cannot_be_written(workspace.root),
            claimed_district(workspace, district),
            holding(workspace.out / district),
        ):
            if not here.is_whole(manifest):
                here.clear()
                _refuse_what_is_here(workspace, store, district)
                try:
                    with _saying_what_is_damaged(file):
                        _unpack(file, manifest, here)
                except (YuebaoError, OSError):
                    here.clear()
                    raise
                here.complete(manifest)
            # From here on a killed import is finished by the next.
            rows = {one["name"]: partial(_lines, here.rows / one["name"]) for one in manifest["tables"]}
            try:
                with _saying_what_is_damaged(file):
                    store.take_in(district, rows)
            except RowsInTheWay as error:
                here.clear()
                raise UsageError(
                    f"{district}: one of its numbers or periods was given out by this store already ({error}); import "
                    "it into a store of its own (DATABASE_URL)"
                ) from None
            here.move_in()
    finally:
        store.close()
    return Moved(district, len(manifest["files"]), sum(one["rows"] for one in manifest["tables"]))


# --- Packing ------------------------------------------------------------------------------------


def _rows_aside(store: Store, district: str, aside: Path) -> list[dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}

    def keep(name: str, lines: Iterator[bytes]) -> None:
        hashed, rows, size = hashlib.sha256(), 0, 0
        with open(aside / name, "wb") as out:
            for line in lines:
                out.write(line)
                hashed.update(line)
                rows, size = rows + 1, size + len(line)
        tables[name] = {"name": name, "rows": rows, "size": size, "sha256": hashed.hexdigest()}

    store.rows_of(district, keep)
    return list(tables.values())


def _files_of(workspace: Workspace, district: str) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """The district's folders with their modes; every file in them but locks and what a killed run left half made."""
    within: dict[str, int] = {}
    found: list[dict[str, Any]] = []
    for top in (workspace.raw, workspace.out):
        for folder, folders, names in os.walk(top / district):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            within[Path(folder).relative_to(workspace.root).as_posix()] = Path(folder).stat().st_mode & 0o777
            for link in (Path(folder) / one for one in folders if (Path(folder) / one).is_symlink()):
                raise UsageError(f"{link}: is a link to a folder elsewhere; put the folder itself in its place first")
            for name in sorted(one for one in names if not one.startswith(".")):
                path = Path(folder) / name
                stat = path.stat()
                with open(path, "rb") as data:
                    sha256 = hashlib.file_digest(data, "sha256").hexdigest()
                found.append(
                    {
                        "name": path.relative_to(workspace.root).as_posix(),
                        "size": stat.st_size,
                        "sha256": sha256,
                        "mode": stat.st_mode & 0o777,
                        "modified": stat.st_mtime_ns,
                    }
                )
    return dict(sorted(within.items())), sorted(found, key=lambda one: str(one["name"]))


def _pack(packed: Path, manifest: Mapping[str, Any], workspace: Workspace, aside: Path) -> None:
    told = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    with (
        open(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        write_synced(aside / MANIFEST, told)
        _add(tar, MANIFEST, aside / MANIFEST, len(told))
        for one in manifest["tables"]:
            _add(tar, _ROWS + one["name"], aside / one["name"], one["size"])
        for one in manifest["files"]:
            _add(tar, one["name"], workspace.root / one["name"], one["size"])
    with open(packed, "rb") as written:
        os.fsync(written.fileno())


def _add(tar: tarfile.TarFile, name: str, path: Path, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    with open(path, "rb") as data:
        tar.addfile(member, data)


# --- Unpacking ----------------------------------------------------------------------------------


class _Arrival:
    """Where a district waits, out of sight, until all of it is there."""

    def __init__(self, workspace: Workspace, district: str) -> None:
        self._places = ((workspace.raw, workspace.raw / district), (workspace.out, workspace.out / district))
        self._waiting = tuple(top / ".importing" / district for top, _ in self._places)
        self._complete = workspace.raw / ".importing" / f"{district}.{MANIFEST}"
        self.rows = workspace.raw / ".importing" / f"{district}.rows"

    def place_of(self, name: str) -> Path:
        """Where a member of the file waits."""
        if name.startswith(_ROWS):
            return self.rows / name.removeprefix(_ROWS)
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


def _manifest_of(file: Path) -> dict[str, Any]:
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
    if [one["name"] for one in manifest["tables"]] != [table.name for table in moving_tables()]:
        raise ValueError("its tables aren't the store's")
    if not manifest.get("modes", {}).keys() <= set(manifest["folders"]):
        raise ValueError("it tells modes of folders that it hasn't")
    for name in (*manifest["folders"], *(one["name"] for one in manifest["files"])):
        top, district, *rest = name.split("/")
        known = top in {"data_raw", "data_out"} and district == manifest["district"]
        if not known or any(part.startswith(".") or not part or "\\" in part or "\0" in part for part in rest):
            _refuse(file, f"holds {name!r}, which is no place in a district", "get the file anew")
    return manifest


def _unpack(file: Path, manifest: Mapping[str, Any], here: _Arrival) -> None:
    expected = {f"{_ROWS}{one['name']}": one for one in manifest["tables"]}
    expected |= {one["name"]: one for one in manifest["files"]}
    _require_room(here.rows.parent.parent, sum(one["size"] for one in expected.values()))
    for name in manifest["folders"]:
        make_private_folder(here.place_of(name))
    with tarfile.open(file, "r:gz") as tar:
        assert tar.next() is not None
        while (member := tar.next()) is not None:
            told = expected.pop(member.name, None)
            if told is None or not member.isfile() or member.size != told["size"]:
                raise ValueError(f"{member.name} isn't what the manifest says")
            data = tar.extractfile(member)
            assert data is not None
            _write(here.place_of(member.name), data, told)
    if expected:
        raise ValueError(f"{next(iter(expected))} is missing")
    # The innermost first, and only when all is in them: one may be closed to writing.
    for name, mode in sorted(manifest.get("modes", {}).items(), reverse=True):
        here.place_of(name).chmod(int(mode) & 0o777)


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
        raise ValueError(f"{told['name']} has changed")
    if "mode" in told:
        place.chmod(int(told["mode"]) & 0o777)
        os.utime(place, ns=(int(told["modified"]), int(told["modified"])))


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


def _refuse(file: Path, found: str, cure: str) -> NoReturn:
    raise InputError(f"{file}: {found}; {cure}")


@contextmanager
def _saying_what_is_damaged(file: Path) -> Iterator[None]:
    """Whatever a damaged file makes a library raise, as a sentence."""
    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"{file}: there's no such file; name the one that `yuebao export` made") from None
    except (*_DAMAGE, ValueError, KeyError, TypeError, AttributeError) as error:
        _refuse(file, f"is damaged, or was changed ({error})", "copy it anew from where it was made, or export again")


@contextmanager
def _saying_what_cannot_be_written(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(
            f"{place}: can't be read or written ({error.strerror}); see to room and permissions, then run again"
        ) from None
