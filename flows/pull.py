"""Brings what the sources hold into the store: bytes under their hash, then what the reader makes of them."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.clock import BEIJING, now
from flows.fingerprint import reader_fingerprint
from flows.store import Store, Vintage
from flows.workspace import Workspace
from transforms.district import District
from transforms.doubts import Doubt, Severity
from transforms.errors import EnvironmentFault, InputError
from transforms.period_words import periods_in
from transforms.periods import Period
from transforms.reading import read
from transforms.readings import Contents
from transforms.unreadable import UnreadableFile

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv"})
"""Suffixes that promise a spreadsheet: such a file that can't be read stops its period, another is only told of."""

_NOT_DELIVERED = frozenset({"thumbs.db", "desktop.ini"})


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull found: how many files lie in the sources, which are new, changed or gone."""

    files: int
    new: tuple[Vintage, ...]
    gone: tuple[Vintage, ...]


@dataclass(frozen=True, slots=True)
class _Delivered:
    """A file as it lies in a source."""

    path: Path
    origin: str


def pull(workspace: Workspace, district: District, store: Store) -> Pulled:
    """Take in every file of the district's sources that isn't known yet, and read what hasn't been read.

    Nothing is overwritten: a changed file is a new vintage beside the old one. A file that lies in a folder named by a
    day (2024-07-17) was received on that day; any other when it's first seen. InputError if a source's folder is
    missing.
    """
    with _pulling(workspace, district):
        return _pull(workspace, district, store)


def _pull(workspace: Workspace, district: District, store: Store) -> Pulled:
    delivered = list(_delivered(workspace, district))
    known = {(vintage.origin, vintage.sha256): vintage for vintage in store.vintages(district.id)}
    by_origin: dict[str, list[Vintage]] = {}
    for vintage in known.values():
        by_origin.setdefault(vintage.origin, []).append(vintage)
    moment = now()
    ranks = {parent: rank for rank, parent in enumerate(sorted({_parent(one.origin) for one in delivered}))}
    new: list[Vintage] = []
    for one in delivered:
        data = _bytes(workspace, one.path, "was taken away while it was being pulled; pull again")
        sha256 = hashlib.sha256(data).hexdigest()
        current = by_origin.get(one.origin, [])
        _keep_bytes(workspace.vintage_file(district.id, sha256), data)
        if current and max(current, key=lambda vintage: (vintage.received, vintage.id)).sha256 == sha256:
            continue
        # Files that are first seen together came one folder after the other, so that a later one revises an earlier.
        seen = moment + dt.timedelta(microseconds=ranks[_parent(one.origin)])
        received = seen if current else day_of_delivery(one.origin, moment) or seen
        vintage = Vintage(0, one.origin, one.path.name, sha256, received)
        new.append(store.add_vintage(district.id, vintage, len(data), moment))
    here = {one.origin for one in delivered}
    gone = tuple(vintage for vintage in known.values() if vintage.origin not in here)
    store.withdraw(gone, moment)
    return Pulled(len(delivered), tuple(new), gone)


def read_new(workspace: Workspace, district: District, store: Store) -> int:
    """Read every vintage that this version of the reader hasn't read; how many those were.

    A file that can't be read at all is kept with the doubt that says so, so that the others are read all the same.
    """
    with _pulling(workspace, district):
        return _read_new(workspace, district, store)


def _read_new(workspace: Workspace, district: District, store: Store) -> int:
    reader = reader_fingerprint()
    unread = store.unread(district.id, reader)
    for vintage in unread:
        file = workspace.vintage_file(district.id, vintage.sha256)
        data = _bytes(workspace, file, "the bytes kept of a vintage are gone; restore data_raw from a copy")
        if hashlib.sha256(data).hexdigest() != vintage.sha256:
            raise EnvironmentFault(
                f"{workspace.shown(file)}: the kept bytes have changed; restore data_raw from a copy"
            )
        store.keep_contents(vintage, reader, read_vintage(data, vintage))
    return len(unread)


def unpulled(workspace: Workspace, district: District, store: Store) -> tuple[str, ...]:
    """The files that lie in the sources and that no vintage knows by place and bytes."""
    newest = {vintage.origin: vintage.sha256 for vintage in store.vintages(district.id)}
    return tuple(
        one.origin
        for one in _delivered(workspace, district)
        if newest.get(one.origin)
        != hashlib.sha256(_bytes(workspace, one.path, "was taken away just now; look again")).hexdigest()
    )


def read_vintage(data: bytes, vintage: Vintage) -> Contents:
    """What the reader makes of a vintage; what can't be read is a doubt about its period."""
    try:
        return read(data, vintage.workbook, vintage.sha256)
    except UnreadableFile as error:
        suffix = Path(vintage.workbook).suffix.lower()
        doubt = Doubt(
            expectation="file-readable",
            severity=Severity.CRITICAL if suffix in SPREADSHEETS else Severity.WARNING,
            subject=vintage.workbook,
            found=error.found,
            expected="能够打开的电子表格",
            cure=f"{error.cure}；不应报送的，移出收件目录",
            places=(vintage.workbook,),
            period=_period_of(vintage),
        )
        return Contents(vintage.sha256, vintage.workbook, (), (doubt,))


def _period_of(vintage: Vintage) -> Period:
    """The period that the name tells of, else the month before the file came."""
    named = periods_in(vintage.workbook)
    if named:
        return named[-1].period
    came = vintage.received.astimezone(BEIJING)
    return Period(came.year, came.month).previous


def _delivered(workspace: Workspace, district: District) -> Iterator[_Delivered]:
    for source in district.sources:
        folder = workspace.folder(district.id) / source.path
        if not folder.is_dir():
            raise InputError(
                f"{workspace.shown(folder)}: the source's folder doesn't exist; make it and put the files there, "
                f"or mend sources in data_raw/{district.id}/district.yaml"
            )
        for parent, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                # Office keeps a lock file named ~$… beside a workbook that is open.
                if name.startswith((".", "~$")) or name.lower() in _NOT_DELIVERED:
                    continue
                path = Path(parent) / name
                yield _Delivered(path, path.relative_to(workspace.folder(district.id)).as_posix())


@contextmanager
def _pulling(workspace: Workspace, district: District) -> Iterator[None]:
    """One pull of a district at a time on this machine; another waits until it's done."""
    folder = workspace.folder(district.id) / "vintages"
    try:
        folder.mkdir(exist_ok=True)
        with open(folder / ".lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise EnvironmentFault(f"{workspace.shown(folder)}: can't be written ({error.strerror})") from None


def _parent(origin: str) -> str:
    return origin.rpartition("/")[0]


def day_of_delivery(origin: str, moment: dt.datetime) -> dt.datetime | None:
    """The day that a folder on the way is named by; InputError where it's no day, or one to come."""
    for part in reversed(origin.split("/")[:-1]):
        if not _DAY.fullmatch(part):
            continue
        try:
            came = dt.datetime.combine(dt.date.fromisoformat(part), dt.time(), BEIJING)
        except ValueError:
            raise InputError(f"{origin}: the folder {part} is named by a day that there isn't; mend its name") from None
        if came > moment:
            raise InputError(f"{origin}: the folder {part} is named by a day that hasn't come yet; mend its name")
        return came
    return None


def _bytes(workspace: Workspace, file: Path, if_gone: str) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise EnvironmentFault(f"{workspace.shown(file)}: {if_gone}") from None
    except OSError as error:
        raise EnvironmentFault(f"{workspace.shown(file)}: can't be read ({error.strerror})") from None


def _keep_bytes(file: Path, data: bytes) -> None:
    if file.exists() and file.stat().st_size == len(data):
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        aside.write_bytes(data)
        aside.replace(file)
    except OSError as error:
        raise EnvironmentFault(f"{file}: can't be written ({error.strerror}); see to room and permissions") from None
