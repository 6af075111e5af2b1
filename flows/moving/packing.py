"""Packs a district into a file: what came, what was made, what people declared, its rows of the store."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from flows.claims import claimed_district
from flows.moving.packed import FORMAT, MANIFEST, ROWS, Moved, saying_what_cannot_be_written
from flows.plain_files import other_than_a_file
from flows.publication import holding
from flows.store import Store
from flows.store.moving import shape
from flows.whole_file import write_synced
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault, UsageError
from transforms.told_names import told_path


def export_district(workspace: Workspace, district: str, file: Path) -> Moved:
    """Pack everything that is known of the district: its folders in data_raw and data_out, its rows of the store.

    The same district gives the same bytes, from whichever database. Nothing is pulled or published meanwhile; where a
    file is written to all the same, as in an inbox, EnvironmentFault says which. The file holds unpublished figures:
    only its owner may read it. Raises UsageError where a file of that name is there.
    """
    workspace.district(district)
    if file.exists():
        raise UsageError(f"{file}: is there already; name another file, or move it away")
    store = Store(workspace.store_address)
    try:
        with (
            saying_what_cannot_be_written(file),
            tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as aside,
            claimed_district(workspace, district),
            holding(workspace.out / district),
        ):
            tables = _rows_aside(store, district, Path(aside))
            folders, files = _files_of(workspace, district)
            shared = store.shared_registers(district)
            manifest = {
                "format": FORMAT,
                "district": district,
                "shape": shape(),
                "tables": tables,
                "shared": shared,
                "folders": list(folders),
                "modes": folders,
                "files": files,
            }
            packed = Path(aside) / "packed"
            _pack(packed, manifest, workspace, Path(aside))
            packed.replace(file)
    finally:
        store.close()
    return Moved(district, len(files), sum(one["rows"] for one in tables), shared)


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
        for folder, folders, names in os.walk(top / district, onerror=_unseen):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            within[Path(folder).relative_to(workspace.root).as_posix()] = Path(folder).stat().st_mode & 0o777
            for link in (Path(folder) / one for one in folders if (Path(folder) / one).is_symlink()):
                raise UsageError(
                    f"{told_path(str(link))}: is a link to a folder elsewhere; put the folder itself in its place first"
                )
            for name in sorted(one for one in names if not one.startswith(".")):
                path = Path(folder) / name
                if other := other_than_a_file(path):
                    raise UsageError(f"{told_path(str(path))}: is {other}, then export again")
                with _opened(path) as data:
                    stat = os.fstat(data.fileno())
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
    # A name that is no UTF-8 stands in it as JSON writes what Python makes of its bytes.
    told = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode(errors="backslashreplace")
    with (
        open(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        write_synced(aside / MANIFEST, told)
        _add(tar, MANIFEST, aside / MANIFEST, {"size": len(told), "sha256": hashlib.sha256(told).hexdigest()})
        for one in manifest["tables"]:
            _add(tar, ROWS + one["name"], aside / one["name"], one)
        for one in manifest["files"]:
            _add(tar, one["name"], workspace.root / one["name"], one)
    with open(packed, "rb") as written:
        os.fsync(written.fileno())


def _add(tar: tarfile.TarFile, name: str, path: Path, told: Mapping[str, Any]) -> None:
    """Put a file in as the manifest tells of it; EnvironmentFault where it has become another: no import takes that."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = told["size"], 0o600
    with _opened(path) as data:
        hashed = _Hashed(path, data)
        tar.addfile(member, cast("IO[bytes]", hashed))
    if hashed.sha256.hexdigest() != told["sha256"]:
        raise _changed(path)


class _Hashed:
    """A file that is hashed as it's read, and that has as many bytes as are asked for."""

    def __init__(self, path: Path, data: BufferedReader) -> None:
        self._path, self._data = path, data
        self.sha256 = hashlib.sha256()

    def read(self, size: int) -> bytes:
        part = self._data.read(size)
        if len(part) < size:
            raise _changed(self._path)
        self.sha256.update(part)
        return part


def _opened(path: Path) -> BufferedReader:
    try:
        return open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except FileNotFoundError:
        raise _changed(path) from None
    except OSError as error:
        _refused(error)


def _unseen(error: OSError) -> None:
    """A folder that can't be looked into; one that isn't there, as where nothing was made yet, holds nothing."""
    if not isinstance(error, FileNotFoundError):
        _refused(error)


def _refused(error: OSError) -> NoReturn:
    raise EnvironmentFault(
        f"{told_path(str(error.filename))}: can't be read ({error.strerror}); see to its permissions, then export again"
    ) from None


def _changed(path: Path) -> EnvironmentFault:
    return EnvironmentFault(
        f"{told_path(str(path))}: was changed while it was being packed; export again when nobody writes to it"
    )
