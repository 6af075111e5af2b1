"""Gathers what a district has received, the checked files among it, as a run would find it now; keeps nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from flows.check_order import Brought, origin_of
from flows.clock import now
from flows.fingerprint import reader_fingerprint
from flows.pull import day_of_delivery, waiting_in_folders
from flows.store import Kept, Store, Vintage
from flows.vintage_reading import read_vintage
from flows.workspace import Workspace
from transforms.checking.checks import called
from transforms.declared.district import District
from transforms.doubts import Doubt, Severity
from transforms.errors import EnvironmentFault
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Contents
from transforms.told_names import told_name, told_path


def read_brought(file: Brought, vintage: Vintage) -> Contents:
    """What the reader makes of a file, under the name that messages call it by; one that can't be read is a doubt."""
    if not file.fault:
        return called(read_vintage(file.data, vintage), file.name)
    doubt = Doubt(
        expectation="file-readable",
        severity=Severity.CRITICAL,
        subject=file.name,
        found=file.fault,
        expected="能够打开的电子表格",
        cure="检查文件的权限，或另存一份后再核对",
        places=(file.name,),
    )
    return Contents(vintage.sha256, file.name, (), (doubt,))


def just_now(file: Brought) -> Vintage:
    """The vintage of a file that no district knows, received at this moment."""
    return Vintage(
        0, told_path(str(file.path)), told_name(file.path.name), hashlib.sha256(file.data).hexdigest(), now()
    )


def standing_store(workspace: Workspace) -> Store:
    """The workspace's store; an empty one in memory where there is none yet, for a check makes nothing."""
    address = workspace.store_address
    missing = address.startswith("sqlite:///") and not Path(address.removeprefix("sqlite:///")).is_file()
    return Store("sqlite://" if missing else address)


class History:
    """What a district has received: the store's vintages, what lies in its folders unpulled, and the checked files.

    A checked file that lies in a source's folder stands there as a run would take it in. Any other is taken as the
    vintage that has its bytes and its name, else as sent just now. ``resent`` are doubts about those whose bytes came
    before under another name.
    """

    def __init__(self, workspace: Workspace, district: District, files: Sequence[Brought], store: Store) -> None:
        self._workspace, self._district, self._store = workspace, district, store
        known = store.vintages(district.id)
        moment = now()
        checked = [(file, self._as_received(file, known, moment)) for file in files]
        self.checked = tuple(Kept(one, Received(read_brought(file, one), one.received)) for file, one in checked)
        self.resent = tuple(
            doubt for file, one in checked if not file.fault for doubt in _came_before(file, one, known)
        )
        taken = {(one.origin, one.sha256) for _, one in checked}
        origins = {one.origin for _, one in checked}
        waiting = waiting_in_folders(workspace, district, store)
        self._data = {one.sha256: one.data for one in waiting.come}
        # A run would withdraw it first.
        gone = {one.id for one in waiting.gone}
        self._vintages = [one for one in known if (one.origin, one.sha256) not in taken and one.id not in gone]
        self._waiting = [
            self._in_folder(one.origin, one.workbook, one.sha256, known, moment)
            for one in waiting.come
            if one.origin not in origins
        ]
        newest = {
            one.origin: one for one in sorted((*self._vintages, *self._waiting, *(one for _, one in checked)), key=_age)
        }
        self._in_force = set(newest.values())
        self._unread = {one.id for one in store.unread(district.id, reader_fingerprint())}
        self._read_here: dict[Vintage, Contents] = {}

    def kept(self, period: Period) -> tuple[Kept, ...]:
        """All that a bulletin of the period may use, oldest first; files of one name are called by their folders."""
        inputs = self._store.inputs(self._district.id, reader_fingerprint(), period, None)
        stored = {kept.vintage.id: kept.received.contents for kept in self._store.kept(inputs)}
        known: list[tuple[Vintage, Contents]] = []
        for vintage in (*self._vintages, *self._waiting):
            contents = stored.get(vintage.id)
            if contents is None and (vintage.id == 0 or vintage.id in self._unread):
                contents = self._read(vintage)
            if contents is not None and _may_use(contents, period):
                known.append((vintage, contents))
        checked = [(one.vintage, one.received.contents) for one in self.checked]
        checked = [(vintage, contents) for vintage, contents in checked if _may_use(contents, period)]
        names = Counter(contents.workbook for _, contents in (*known, *checked))
        known = [
            (vintage, called(contents, vintage.origin) if names[contents.workbook] > 1 else contents)
            for vintage, contents in known
        ]
        return tuple(
            Kept(vintage, Received(contents, vintage.received, vintage in self._in_force))
            for vintage, contents in sorted((*known, *checked), key=lambda one: _age(one[0]))
        )

    def data(self, vintage: Vintage) -> bytes:
        """The bytes of a vintage; EnvironmentFault where they can't be had."""
        if vintage.sha256 in self._data:
            return self._data[vintage.sha256]
        file = self._workspace.vintage_file(self._district.id, vintage.sha256)
        try:
            return file.read_bytes()
        except OSError as error:
            raise EnvironmentFault(
                f"{self._workspace.shown(file)}：以前收到的文件读不出来（{error.strerror}）；请从备份恢复 data_raw"
            ) from None

    def _read(self, vintage: Vintage) -> Contents:
        if vintage not in self._read_here:
            self._read_here[vintage] = read_vintage(self.data(vintage), vintage)
        return self._read_here[vintage]

    def _as_received(self, file: Brought, known: Sequence[Vintage], moment: dt.datetime) -> Vintage:
        sha256 = hashlib.sha256(file.data).hexdigest()
        origin = origin_of(self._workspace, self._district, file.path)
        if origin is not None:
            return self._in_folder(origin, told_name(file.path.name), sha256, known, moment)
        # What a newer file has replaced since would count again if it were sent again.
        standing = {one.origin: one for one in known}.values()
        # Under another name it isn't that file: a name that says another month must be held against what it holds.
        same = [one for one in standing if (one.sha256, one.workbook) == (sha256, told_name(file.path.name))]
        return same[-1] if same else replace(just_now(file), received=moment)

    def _in_folder(
        self, origin: str, workbook: str, sha256: str, known: Sequence[Vintage], moment: dt.datetime
    ) -> Vintage:
        before = [one for one in known if one.origin == origin]
        if before and before[-1].sha256 == sha256:
            return before[-1]
        received = moment if before else day_of_delivery(origin, moment) or moment
        return Vintage(0, origin, workbook, sha256, received)


def _came_before(file: Brought, vintage: Vintage, known: Sequence[Vintage]) -> Iterator[Doubt]:
    """A file that only its name tells from one received before: mostly last month's, sent again by mistake."""
    same = [one for one in known if one.sha256 == vintage.sha256]
    if same and vintage.workbook not in {one.workbook for one in same}:
        first = same[0]
        yield Doubt(
            expectation="file-not-sent-before",
            severity=Severity.WARNING,
            subject="和以前收到的文件完全一样",
            found=f"与{_day(first.received)}收到的“{first.workbook}”内容一字不差，只换了文件名",
            expected="每期报送当期的数",
            cure="核对是否把以前的文件改名后又报了一次，找出本期的文件报送；确实没有改动的，不用再报",
            places=(file.name,),
        )


def _day(moment: dt.datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def _age(vintage: Vintage) -> tuple[dt.datetime, str, int]:
    return vintage.received, vintage.origin, vintage.id or _NEWEST


_NEWEST = 2**62
"""What the store doesn't know yet is newer than what it does."""


def _may_use(contents: Contents, period: Period) -> bool:
    periods = contents.periods
    return not periods or any(Period(period.year - 1, 1) <= one <= period for one in periods)
