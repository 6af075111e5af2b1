"""Brings what the sources hold into the store: bytes under their hash; reads none of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from flows.clock import BEIJING, now
from flows.kept_vintages import Unkept, holding_vintages, keep_bytes
from flows.logs import blotted, tell
from flows.sources.delivery import Delivery, Nothing, PassedOver, Taken, Unchanged, Unreachable
from flows.sources.opening import open_source
from flows.sources.patience import Patience
from flows.store import Store, Vintage
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.declared.sources import AnySource, FolderSource, HttpSource, ImapSource
from transforms.errors import EnvironmentFault, InputError, PartialError, YuebaoError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(slots=True)
class SourcePulled:
    """What a pull found in one source."""

    source: AnySource
    files: int = 0
    unchanged: int = 0
    new: list[Vintage] = field(default_factory=list)
    changed: list[Vintage] = field(default_factory=list)
    gone: list[Vintage] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    faults: list[YuebaoError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull found in each source; ``undeclared`` are vintages of sources that are declared no more."""

    sources: tuple[SourcePulled, ...]
    undeclared: tuple[Vintage, ...]

    @property
    def files(self) -> int:
        """How many files lie in the sources."""
        return sum(one.files for one in self.sources)

    @property
    def new(self) -> tuple[Vintage, ...]:
        """The vintages that weren't known before, those of changed files among them."""
        return tuple(vintage for one in self.sources for vintage in (*one.new, *one.changed))

    @property
    def gone(self) -> tuple[Vintage, ...]:
        """The vintages whose files aren't delivered any more."""
        return (*(vintage for one in self.sources for vintage in one.gone), *self.undeclared)

    def require_folders(self) -> None:
        """Raise what stood in the way of the district's own folders: no bulletin is made without them."""
        for one in self.sources:
            if isinstance(one.source, FolderSource):
                for fault in one.faults:
                    raise fault

    def require_all(self) -> None:
        """Raise if any source couldn't be pulled whole: PartialError, or where none could, InputError."""
        failed = [one for one in self.sources if one.faults]
        if failed:
            kind = PartialError if len(failed) < len(self.sources) else InputError
            told = [str(fault) for one in failed for fault in one.faults]
            raise kind("\n".join([f"{len(failed)} of {len(self.sources)} sources weren't pulled whole:", *told]))


def pull(workspace: Workspace, district: District, store: Store, patience: Patience | None = None) -> Pulled:
    """Take in every file of the district's sources that isn't known yet.

    Nothing is overwritten: a changed file is a new vintage beside the old one. A file that lies in a folder named by a
    day (2024-07-17) was received on that day; another when its source says, if that can be believed; any other when
    it's first seen. What stands in the way of a source is told with it, and the others are pulled all the same; where
    this machine can't keep what comes, as on a full disk, EnvironmentFault ends the pull, and what was kept stays.
    """
    with holding_vintages(workspace, district) as kept:
        for left in kept.glob("*/.*"):
            left.unlink()  # half written by a pull that was killed
        return _Pull(workspace, district, store, patience or Patience()).of_all()


class _Pull:
    """One pull of all sources of a district."""

    def __init__(self, workspace: Workspace, district: District, store: Store, patience: Patience) -> None:
        self._workspace, self._district, self._store, self._patience = workspace, district, store, patience
        self._moment = now()
        self._known = store.vintages(district.id)
        self._by_origin = by_origin(self._known)
        self._ever = by_origin(store.vintages_ever(district.id))
        self._taken = _taken(
            store.sightings(district.id), {vintage.id for vintage in self._known}, store.empty_items(district.id)
        )
        self._ranks: dict[str, int] = {}

    def of_all(self) -> Pulled:
        pulled = tuple(self._of(source) for source in self._district.sources)
        claimed = [source.claims for source in self._district.sources]
        undeclared = tuple(v for v in self._known if not any(claims(v.origin) for claims in claimed))
        self._store.withdraw(undeclared, self._moment)
        return Pulled(pulled, undeclared)

    def _of(self, source: AnySource) -> SourcePulled:
        told = SourcePulled(source)
        here: set[str] = set()
        sighted: list[tuple[Vintage, Delivery]] = []
        spoilt: set[str] = set()
        try:
            folder = self._workspace.folder(self._district.id)
            opened = open_source(source, folder, self._patience, self._moment.date())
            with closing(opened):
                for found in opened.look(self._taken):
                    if isinstance(found, PassedOver):
                        told.passed_over.append(found)
                        continue
                    if isinstance(found, Nothing):
                        self._store.record_empty(self._district.id, found.item, found.tag)
                        continue
                    here.add(found.origin)
                    told.files += 1
                    if isinstance(found, Unchanged):
                        told.unchanged += 1
                    elif vintage := self._take(found, told):
                        sighted.append((vintage, found))
                    else:
                        spoilt.add(found.item)
        except Unkept:
            raise
        except YuebaoError as error:
            told.faults.append(_told_of(error))
        for vintage, found in sighted:
            # What wasn't taken in whole, as a mail of which one attachment can't be opened, is looked at again.
            if found.tag and found.item not in spoilt:
                self._store.sight(vintage, found.item, found.tag)
        told.gone += self._gone(told, here)
        self._store.withdraw(told.gone, self._moment)
        self._store.record_pull(self._district.id, source.place, self._moment, [str(one) for one in told.faults])
        _tell_of(told)
        return told

    def _take(self, found: Delivery, told: SourcePulled) -> Vintage | None:
        """Take one file in, or tell what keeps us from it.

        One file that can't be got may be to blame itself; at the second the source is, and Unreachable goes up.
        """
        try:
            data = found.fetch()
            sha256 = hashlib.sha256(data).hexdigest()
            if _refuses(told.source, sha256):
                told.passed_over.append(PassedOver(found.origin, "its bytes are declared under refused"))
                return None
            return self._keep(found, data, sha256, told)
        except Unkept:
            raise
        except YuebaoError as error:
            again = any(isinstance(fault, Unreachable) for fault in told.faults)
            if isinstance(error, Unreachable) and again:
                raise
            told.faults.append(_told_of(error))
            return None

    def _keep(self, found: Delivery, data: bytes, sha256: str, told: SourcePulled) -> Vintage:
        standing = self._by_origin.get(found.origin, [])
        current = max(standing, key=lambda vintage: (vintage.received, vintage.id), default=None)
        keep_bytes(self._workspace, self._district.id, sha256, data)
        if current is not None and current.sha256 == sha256:
            told.unchanged += 1
            vintage = current
        else:
            received = self._received(found, sha256)
            vintage = Vintage(0, found.origin, found.workbook, sha256, received)
            try:
                vintage = self._store.add_vintage(self._district.id, vintage, len(data), self._moment)
            except EnvironmentFault as error:
                raise Unkept(str(error)) from None
            for known in (self._by_origin, self._ever):
                known.setdefault(found.origin, []).append(vintage)
            (told.new if current is None else told.changed).append(vintage)
        return vintage

    def _received(self, found: Delivery, sha256: str) -> dt.datetime:
        # Files that are first seen together came one folder after the other, so that a later one revises an earlier.
        rank = self._ranks.setdefault(_parent(found.origin), len(self._ranks))
        seen = self._moment + dt.timedelta(microseconds=rank)
        again = came_again(self._ever.get(found.origin, ()), sha256, seen)
        if again is not None:
            return again
        of_source = min(found.received, self._moment) if found.received else None
        return (None if _is_mail(found) else day_of_delivery(found.origin, self._moment)) or of_source or seen

    def _gone(self, told: SourcePulled, here: set[str]) -> list[Vintage]:
        """The source's vintages that count no more: what lies there no more, and what is declared as refused.

        A page or a mailbox is tidied up without anybody meaning that its figures were wrong, so what came from there
        stays; and where a source wasn't seen whole, nobody knows what is gone.
        """
        own = [vintage for vintage in self._known if told.source.claims(vintage.origin)]
        gone = [vintage for vintage in own if _refuses(told.source, vintage.sha256)]
        if told.faults or isinstance(told.source, HttpSource | ImapSource):
            return gone
        missing = [vintage for vintage in own if vintage.origin not in here and vintage not in gone]
        if missing and not here and not isinstance(told.source, FolderSource):
            told.faults.append(
                InputError(
                    f"{told.source.place}: is empty, though {len(missing)} file(s) came from there, which stay; see "
                    "that it's mounted and the right folder, or take the source out of district.yaml if nothing of it "
                    "shall count"
                )
            )
            return gone
        return [*gone, *missing]


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that lies in a folder and hasn't been pulled."""

    origin: str
    workbook: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a pull of the district's own folders would find: files that come, and vintages that are gone."""

    come: tuple[WaitingFile, ...]
    gone: tuple[Vintage, ...]


def waiting_in_folders(workspace: Workspace, district: District, store: Store) -> Waiting:
    """Look into the district's own folders as a pull would, and take nothing in."""
    known = store.vintages(district.id)
    newest = {vintage.origin: vintage.sha256 for vintage in known}
    folder = workspace.folder(district.id)
    come: list[WaitingFile] = []
    here: set[str] = set()
    folders = [source for source in district.sources if isinstance(source, FolderSource)]
    for source in folders:
        for found in open_source(source, folder, Patience(), now().date()).look(lambda _item, _tag: False):
            if not isinstance(found, Delivery):
                continue
            here.add(found.origin)
            data = found.fetch()
            sha256 = hashlib.sha256(data).hexdigest()
            if newest.get(found.origin) != sha256:
                come.append(WaitingFile(found.origin, found.workbook, sha256, data))
    undeclared = [one for one in known if not any(source.claims(one.origin) for source in district.sources)]
    missing = [one for one in known if one.origin not in here and any(source.claims(one.origin) for source in folders)]
    return Waiting(tuple(come), (*missing, *undeclared))


def _tell_of(told: SourcePulled) -> None:
    """Into the log: what became of one source."""
    tell(
        "source pulled",
        level="warning" if told.faults else "info",
        source=told.source.place,
        files=told.files,
        new=[one.origin for one in told.new],
        changed=[one.origin for one in told.changed],
        gone=[one.origin for one in told.gone],
        unchanged=told.unchanged,
        passed_over=len(told.passed_over),
        faults=[str(one) for one in told.faults],
    )


def by_origin(vintages: Iterable[Vintage]) -> dict[str, list[Vintage]]:
    """Each place's vintages, in their order."""
    found: dict[str, list[Vintage]] = {}
    for vintage in vintages:
        found.setdefault(vintage.origin, []).append(vintage)
    return found


def came_again(ever: Sequence[Vintage], sha256: str, seen: dt.datetime) -> dt.datetime | None:
    """When a file came in whose place one lay before, withdrawn or not; None where nothing ever did.

    With the bytes that lay there last it came when they did; other bytes came only now, whatever day the folder is
    named by: they aren't what was known on that day.
    """
    if not ever:
        return None
    last = max(ever, key=lambda vintage: (vintage.received, vintage.id))
    return last.received if last.sha256 == sha256 else seen


def unpulled(workspace: Workspace, district: District, store: Store) -> tuple[str, ...]:
    """The files that lie in the district's own folders and that no vintage knows by place and bytes."""
    return tuple(one.origin for one in waiting_in_folders(workspace, district, store).come)


def _taken(
    sightings: Mapping[str, Sequence[tuple[str, int]]], standing: set[int], empty: Container[tuple[str, str]]
) -> Taken:
    """An item is taken in if its last mark is this one, and every vintage that it gave with it still stands.

    One that held nothing is taken in by that.
    """

    def taken(item: str, tag: str) -> bool:
        if (item, tag) in empty:
            return True
        seen = sightings.get(item, ())
        return bool(seen) and seen[-1][0] == tag and all(id_ in standing for mark, id_ in seen if mark == tag)

    return taken


def _refuses(source: AnySource, sha256: str) -> bool:
    return not isinstance(source, FolderSource) and source.refuses(sha256)


def _is_mail(found: Delivery) -> bool:
    """A subject may be called like a day; when the mail came is known better."""
    return found.origin.startswith("imap://")


def _told_of(error: YuebaoError) -> YuebaoError:
    """The same fault without any secret that a library may have quoted in it."""
    return type(error)(blotted(str(error)))


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
