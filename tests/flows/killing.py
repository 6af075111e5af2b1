"""Disturbs a month at chosen instants, looks at what a reader sees, repeats it, and holds all against a calm run.

    python -m tests.flows.killing HOW COUNT SEED [ADDRESS OF A POSTGRESQL SERVER]

HOW is killed, full, readonly, or readonly:PLACE, a folder of the workspace; or several of these with commas, in turns.

A warmed process forks a child for each instant, so that an instant costs a fraction of a second. The child ends itself
by SIGKILL at its n-th touch of the world (each opening, renaming, removing of files, each lock, half of each write,
each statement and each commit of the store), or is killed from outside after a random time; or from that touch on the
disk is full, or it or one folder can only be read, until the run has told so and ended. Prints JSON.
"""

from __future__ import annotations

import errno
import hashlib
import importlib
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import sqlalchemy as sa

import flows.clock
import flows.documents
import flows.publication
import flows.whole_file
from flows.archive import make_archive
from flows.clock import BEIJING
from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.monthly import bring_in, make_bulletin
from flows.publication import manifest_of
from flows.store import Store
from flows.workspace import Workspace
from tests.flows.small import DISTRICT, PLAN, Sent
from transforms.errors import EnvironmentFault, YuebaoError
from transforms.periods import Period

FEBRUARY, MARCH = Period(2024, 2), Period(2024, 3)
PHASES = ("pull", "read", "store", "render", "publish", "archive")
_FILES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod", "shutil.rmtree")
_EVENTS = frozenset((*_FILES, "fcntl.flock", "sqlite3.connect"))
_CHANGES = frozenset((*_FILES, "exchanged")) - {"open", "shutil.rmtree"}
_WITHIN_FOLDERS = frozenset(("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod"))
"""Whose last arguments are the opened folders that their names are looked for in, or -1."""
_WHERE = (
    ("flows.archive", "archive"),
    ("flows.store", "store"),
    ("flows.render", "render"),
    ("flows.documents", "render"),
    ("flows.vintage_reading", "read"),
    ("flows.pull", "pull"),
    ("flows.publication", "publish"),
)
"""Whose touch it is: the first of these that is anywhere on the way to it."""
_REFUSES = {"full": errno.ENOSPC, "readonly": errno.EROFS}
_CURE = re.compile(
    r"can't be written \((No space left on device|Read-only file system)\); (see to room|mend its)"
    r"|the store .* fails: .*(disk is full|readonly database).*; see that .* there's room"
    r"|the store's address can't be used \(\[Errno \d+\] .*\); mend DATABASE_URL"
)
_AS_OFTEN_AS_RUN = ("runs", "assessments", "pulls")
"""Every attempt is recorded: a killed one and its repetition are two."""


# --- The month ----------------------------------------------------------------------------------


def month(workspace: Workspace) -> None:
    """Everything that writes: a pull, a bulletin in an older one's place, its issue, the archive."""
    district = workspace.district("small")
    store = Store(workspace.store_address)
    try:
        bring_in(workspace, district, store)
    finally:
        store.close()
    job = Job(workspace, "small", MARCH)
    make_bulletin(job)
    publish_draft(Order(job, "王主任"))
    make_archive(workspace, district)


def prepared(root: Path) -> Workspace:
    """A workspace with an issue of February and a draft of March, to which a revision has come."""
    folder = root / "data_raw" / "small"
    (folder / "plan").mkdir(parents=True)
    (folder / "district.yaml").write_text(DISTRICT, encoding="utf-8")
    (folder / "plan" / "2024.yaml").write_text(PLAN.format(year=2024), encoding="utf-8")
    sent = Sent(folder / "inbox")
    sent.statistics("2024-03-17", 2024, 2, 26.0, "—")
    sent.statistics("2024-04-17", 2024, 3, 42.5, 16.5)
    for number, fairs in ((1, 1), (2, 1), (3, 0)):
        sent.form(f"2024-0{number + 1}-12", 2024, number, fairs)
    workspace = Workspace(root)
    make_bulletin(Job(workspace, "small", FEBRUARY))
    publish_draft(Order(Job(workspace, "small", FEBRUARY), "王主任"))
    make_bulletin(Job(workspace, "small", MARCH))
    sent.statistics("2024-04-20", 2024, 3, 42.9, 16.9, "主要经济指标_2024年3月（修订）_演示数据.xlsx")
    sent.form("2024-04-21", 2024, 4, 1)
    return workspace


def stop_clocks() -> None:
    """An issue tells the moment when it was published: let that be the same in every run."""
    real, still = flows.clock.now, flows.clock.moment("2024-05-08T09:30").astimezone(BEIJING)
    for name, module in list(sys.modules.items()):
        if name.startswith("flows") and getattr(module, "now", None) is real:
            module.now = lambda: still  # type: ignore[attr-defined]


# --- Documents made once ------------------------------------------------------------------------


class Remembered:
    """What a stage made, by what it was made from, so that a month costs little where another stage is looked at."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = importlib.import_module(module), name
        self.really = getattr(self._module, name)
        self._made: dict[str, Any] = {}

    def __call__(self, *asked: Any) -> Any:
        # Copies of one workspace differ in nothing but their place.
        told = repr([one.period if isinstance(one, Job) else one for one in asked])
        key = hashlib.sha256(told.encode()).hexdigest()
        if key not in self._made:
            self._made[key] = self.really(*asked)
        return self._made[key]

    def use(self) -> None:
        """From now on what was made is given again."""
        setattr(self._module, self._name, self)

    def forget(self) -> None:
        """From now on everything is made."""
        setattr(self._module, self._name, self.really)


def remembered() -> tuple[Remembered, ...]:
    """The stages that cost most."""
    found = tuple(
        Remembered(*one)
        for one in (
            ("flows.documents", "render"),
            ("flows.render", "render_archive"),
            ("flows.monthly", "doubt_what_was_read"),
            ("flows.monthly", "doubt_what_it_means"),
        )
    )
    for one in found:
        one.use()
    return found


# --- Touches of the world -----------------------------------------------------------------------


@dataclass
class Touches:
    """Counts what the process does to the world; ends it before the ``fatal``-th, if that isn't 0."""

    fatal: int
    phases: list[str] = field(default_factory=list)
    count: int = 0
    _busy: bool = False

    def touch(self, event: str = "", told: tuple[Any, ...] = ()) -> None:
        """One more; the event and its arguments are those of Python's audit hooks."""
        if self._busy:
            return
        self.count += 1
        if self.fatal == 0:
            self._busy = True
            self.phases.append(_phase(sys._getframe(1)))
            self._busy = False
        elif self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From now on, in this process, for ever."""
        sys.addaudithook(lambda event, told: self.touch(event, told) if event in _EVENTS else None)
        for name in ("before_cursor_execute", "after_cursor_execute", "begin"):
            sa.event.listen(sa.engine.Engine, name, lambda *_: self.touch())
        self._around(sa.engine.default.DefaultDialect, "do_commit")
        self._around(os, "fsync")
        self._around(flows.publication, "exchanged")
        setattr(flows.whole_file, "open", self._open)  # noqa: B010 - the process is ours alone

    def _around(self, owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def told(*given: Any) -> Any:
            self.touch(name, given)
            got = real(*given)
            self.touch()
            return got

        setattr(owner, name, told)

    def _open(self, *given: Any, **named: Any) -> Any:
        return _Halved(open(*given, **named), self.touch)


@dataclass
class Refused(Touches):
    """From the ``fatal``-th touch on nothing can be written in a place: it's full, or was mounted to be read only."""

    number: int = errno.ENOSPC
    place: Path = Path("/")

    def touch(self, event: str = "", told: tuple[Any, ...] = ()) -> None:
        """One more."""
        self.count += 1
        if self.count >= self.fatal and self._writes(event, told) and self._stands_there(event, told):
            raise OSError(self.number, os.strerror(self.number))

    def watch(self) -> None:
        """The same; SQLite is refused by itself."""
        super().watch()

        @sa.event.listens_for(sa.engine.Engine, "before_cursor_execute")
        def refuse(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            if connection.dialect.name != "sqlite" or statement.startswith("PRAGMA"):
                return
            if self.count >= self.fatal and Path(connection.engine.url.database).is_relative_to(self.place):
                cursor.execute("PRAGMA max_page_count=1" if self.number == errno.ENOSPC else "PRAGMA query_only=1")

    def _writes(self, event: str, told: tuple[Any, ...]) -> bool:
        if event == "write":
            return True
        if event == "open":
            # To create is what a full disk refuses; a read-only one refuses to open for writing at all.
            return bool(int(told[2]) & (os.O_WRONLY | os.O_RDWR)) and not str(told[0]).startswith("/dev/")
        if event in {"os.mkdir", "os.link"}:
            return True
        return self.number == errno.EROFS and event in _CHANGES

    def _stands_there(self, event: str, told: tuple[Any, ...]) -> bool:
        """Whether what is to be written stands in the place; of a name within an opened folder, by that folder."""
        names = told[:2] if event in {"os.rename", "os.link", "exchanged"} else told[:1]
        folders = told[-len(names) :] if event in _WITHIN_FOLDERS else (-1, -1)
        return any(_path(*one).is_relative_to(self.place) for one in zip(names, folders, strict=False))


def _path(name: Any, folder: int) -> Path:
    if isinstance(name, int):
        return Path(f"/proc/self/fd/{name}").readlink()
    within = Path.cwd() if folder == -1 else Path(f"/proc/self/fd/{folder}").readlink()
    path = within / os.fsdecode(name)
    if path.is_relative_to("/proc/self/fd") and len(path.parts) > 5:  # By a folder that is kept open.
        return Path(*path.parts[:5]).readlink().joinpath(*path.parts[5:])
    return path


class _Halved:
    """A file of which half is on the disk before the rest is written."""

    def __init__(self, file: Any, touch: Callable[[str, tuple[Any, ...]], None]) -> None:
        self._file, self._touch = file, touch
        self.flush, self.fileno = file.flush, file.fileno

    def __enter__(self) -> _Halved:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        """Half, and the other half."""
        for half in (data[: len(data) // 2], data[len(data) // 2 :]):
            self._file.write(half)
            self._file.flush()
            self._touch("write", (self._file.name,))


def _phase(frame: FrameType | None) -> str:
    names = []
    while frame is not None:
        names.append(str(frame.f_globals.get("__name__", "")))
        frame = frame.f_back
    return next((phase for module, phase in _WHERE if any(one.startswith(module) for one in names)), "publish")


# --- Children -----------------------------------------------------------------------------------


def forked(work: Callable[[], None]) -> int:
    """Begin the work in a child."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _work(work)
    return child


def _work(work: Callable[[], None]) -> NoReturn:
    try:
        work()
    except YuebaoError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(error.exit_status)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(99)
    os._exit(0)


def ended(child: int) -> int:
    """Its exit status, or the signal that ended it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def undisturbed(workspace: Workspace) -> tuple[list[str], float]:
    """The phase of each touch of a whole run, and how long the run takes."""
    told = workspace.root / "touches"

    def work() -> None:
        touches = Touches(0)
        touches.watch()
        month(workspace)
        touches._busy = True
        told.write_text(json.dumps(touches.phases), encoding="ascii")

    began = time.monotonic()
    assert ended(forked(work)) == 0, "the run that wasn't to be disturbed failed"
    took = time.monotonic() - began
    phases = json.loads(told.read_text(encoding="ascii"))
    told.unlink()
    return phases, took


# --- What a reader sees -------------------------------------------------------------------------


def tree(folder: Path) -> dict[str, str]:
    """Every file's hash, without locks and the store; a leftover is told like any other file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
        if not path.name.endswith(".lock")
        and not path.name.startswith("store.sqlite3")
        and not {".claims", "logs"} & set(path.parts)
    }


def seen(workspace: Workspace) -> dict[str, str]:
    """The same without what begins with a dot, which no reader is led to."""
    return {
        name: told
        for name, told in tree(workspace.out).items()
        if not any(part.startswith(".") for part in Path(name).parts)
    }


def meaning(address: str) -> dict[str, list[str]]:
    """What every table holds, each reference as the row that it means; how often a run was tried doesn't count."""
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    try:
        tables = sa.MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            rows = {
                table.name: [dict(row._mapping) for row in connection.execute(sa.select(table))]
                for table in tables.sorted_tables
            }
    finally:
        engine.dispose()
    told: dict[tuple[str, Any], str] = {}
    found: dict[str, list[str]] = {}
    for table in tables.sorted_tables:
        points = {key.parent.name: key.column.table.name for key in table.foreign_keys}
        lines = []
        for row in rows[table.name]:
            own = row.pop("id", None)
            if table.name == "runs":
                del row["run"]  # each has an id of its own
            line = repr(
                {
                    name: told.get((points[name], value), value) if name in points else value
                    for name, value in sorted(row.items())
                    if name != "cells"
                }
            )
            told[table.name, own] = line
            if row.get("outcome") == "failed":
                continue  # An attempt that a full disk ended is told of; it isn't what stands.
            lines.append(line)
        found[table.name] = sorted(set(lines) if table.name in _AS_OFTEN_AS_RUN else lines)
    return found


def faults_seen(workspace: Workspace, allowed: Mapping[str, set[str]], always: set[str]) -> Iterator[str]:
    """What a reader mustn't meet, whenever the run was killed."""
    found = seen(workspace)
    yield from (f"{name} is gone" for name in sorted(always - found.keys()))
    yield from (f"{name} is neither old nor new" for name, told in found.items() if told not in allowed.get(name, ()))
    for period, folder in workspace.bulletin_folders("small"):
        if manifest_of(folder) is None:
            yield f"{period} is half made"
    for folder in workspace.issues_folder("small").glob("[0-9]*"):
        if manifest_of(folder) is None:
            yield f"issue {folder.name} is half made"
    yield from _faults_of_store(workspace)


def _faults_of_store(workspace: Workspace) -> Iterator[str]:
    kept = workspace.folder("small") / "vintages"
    for file in kept.glob("*/[0-9a-f]*"):
        if hashlib.sha256(file.read_bytes()).hexdigest() != file.name:
            yield f"vintage {file.name} is half made"
    engine = sa.create_engine(workspace.store_address.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                for pragma, right in (("integrity_check", "[('ok',)]"), ("foreign_key_check", "[]")):
                    if (told := str(connection.exec_driver_sql(f"PRAGMA {pragma}").fetchall())) != right:
                        yield f"the store's {pragma}: {told}"
            for (sha256,) in connection.exec_driver_sql("SELECT sha256 FROM vintages"):
                if not workspace.vintage_file("small", sha256).is_file():
                    yield f"vintage {sha256} has a row and no bytes"
    finally:
        engine.dispose()


# --- All instants -------------------------------------------------------------------------------


@dataclass
class Kills:
    """What many kills showed."""

    by_phase: Counter[str] = field(default_factory=Counter)
    by_way: Counter[str] = field(default_factory=Counter)
    survived: int = 0
    """Whose time came after the run had ended."""
    faults: list[str] = field(default_factory=list)


class Killing:
    """One database's kills, in a folder of their own; SQLite's file stands in the workspace's folder ``store``."""

    def __init__(self, folder: Path, server: str = "", store: str = "data_out") -> None:
        self._folder, self._server, self._store, self._number = folder, server, store, 0
        stop_clocks()
        self._stages = remembered()
        self._use("start")
        self._start = prepared(folder / "start")
        self._before = seen(self._start)
        self._allowed: dict[str, set[str]] = {}
        whole = self._copy()
        self._see(whole)
        _stepwise(whole, lambda: self._see(whole))
        self._end, self._meaning = tree(whole.out), meaning(whole.store_address)
        self._vintages = tree(whole.folder("small") / "vintages")
        self._drop(whole)
        again = self._copy()
        self.phases, self.took = undisturbed(again)
        assert not (wrong := list(self._wrong(again))), f"two runs that weren't disturbed differ: {wrong}"
        self._drop(again)

    def disturb(self, hows: Sequence[str], count: int, chance: random.Random) -> Kills:
        """Disturb it at so many instants, spread over all ways and phases; one kill in four is by the clock."""
        kills = Kills()
        by_phase = {phase: [n + 1 for n, one in enumerate(self.phases) if one == phase] for phase in PHASES}
        for number in range(count):
            how = hows[number // len(PHASES) % len(hows)]
            by_clock = how == "killed" and number % 4 == 0
            at = 0 if by_clock else chance.choice(by_phase[PHASES[number % len(PHASES)]])
            self._one(kills, how, at, chance)
        return kills

    def _one(self, kills: Kills, how: str, at: int, chance: random.Random) -> None:
        workspace = self._copy()
        really = chance.random() < 0.05
        said = self._folder / "said"
        kind, _, place = how.partition(":")

        def work() -> None:
            for one in self._stages if really else ():
                one.forget()
            if how != "killed":
                sys.stderr = said.open("w", encoding="utf-8")
            if how == "killed":
                Touches(at or -1).watch()
            else:
                Refused(at, number=_REFUSES[kind], place=workspace.root / place if place else Path("/")).watch()
            month(workspace)

        child = forked(work)
        if not at:
            time.sleep(chance.random() * self.took)
            os.kill(child, signal.SIGKILL)
        status = ended(child)
        phase = f"{self.phases[at - 1]}{', rendering anew' if really else ''}" if at else "at a random time"
        if status == (-signal.SIGKILL if how == "killed" else EnvironmentFault.exit_status):
            if how != "killed" and not (_CURE.search(text := said.read_text(encoding="utf-8")) and place in text):
                kills.faults.append(f"{phase}, touch {at}: said {text!r}")
            kills.by_phase[phase] += 1
            kills.by_way[how] += 1
        elif status == 0:
            kills.survived += 1
        else:
            text = said.read_text(encoding="utf-8") if said.exists() else ""
            kills.faults.append(f"{phase}, touch {at}: ended with {status} {text}")
        always = {name for name in self._before if not name.startswith("small/indicators/")}
        kills.faults += [f"{phase}, touch {at}: {one}" for one in faults_seen(workspace, self._allowed, always)]
        if (status := ended(forked(lambda: month(workspace)))) != 0:
            kills.faults.append(f"{phase}, touch {at}: the run after it ended with {status}")
        kills.faults += [f"{phase}, touch {at}, run again: {one}" for one in self._wrong(workspace)]
        self._drop(workspace)

    def _wrong(self, workspace: Workspace) -> Iterator[str]:
        """How a run's end differs from the undisturbed one's."""
        found = tree(workspace.out)
        yield from sorted(
            f"{name} differs" for name in found.keys() | self._end.keys() if found.get(name) != self._end.get(name)
        )
        if tree(workspace.folder("small") / "vintages") != self._vintages:
            yield "the vintages differ"
        told = meaning(workspace.store_address)
        yield from (f"the store's {name} differ" for name in told if told[name] != self._meaning[name])

    def _see(self, workspace: Workspace) -> None:
        for name, told in seen(workspace).items():
            self._allowed.setdefault(name, set()).add(told)

    def _copy(self) -> Workspace:
        self._number += 1
        name = f"k{self._number}"
        root = Path(shutil.copytree(self._folder / "start", self._folder / name, symlinks=True))
        if self._server:
            self._sql(f"CREATE DATABASE {name} TEMPLATE start")
        self._use(name)
        return Workspace(root)

    def _drop(self, workspace: Workspace) -> None:
        shutil.rmtree(workspace.root)
        if self._server:
            self._sql(f"DROP DATABASE {workspace.root.name} WITH (FORCE)")

    def _use(self, name: str) -> None:
        if self._server:
            head, mark, query = self._server.partition("?")
            os.environ["DATABASE_URL"] = f"{head.rsplit('/', 1)[0]}/{name}{mark}{query}"
            if name == "start":
                self._sql("DROP DATABASE IF EXISTS start WITH (FORCE)")
                self._sql("CREATE DATABASE start")
        else:
            os.environ["DATABASE_URL"] = f"sqlite:///{self._folder / name / self._store / 'store.sqlite3'}"

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


def _stepwise(workspace: Workspace, look: Callable[[], None]) -> None:
    """The month, looked at wherever a reader may find something whole."""
    district = workspace.district("small")
    job = Job(workspace, "small", MARCH)
    with _looking("flows.monthly", "keep_archive", look), _looking("flows.issuing", "keep_archive", look):
        make_bulletin(job)
        look()
        publish_draft(Order(job, "王主任"))
    make_archive(workspace, district)
    look()


@contextmanager
def _looking(module: str, name: str, look: Callable[[], None]) -> Iterator[None]:
    owner = importlib.import_module(module)
    real = getattr(owner, name)

    def first(*given: Any) -> Any:
        look()
        return real(*given)

    setattr(owner, name, first)
    yield
    setattr(owner, name, real)


def main() -> None:
    """Disturb it as often as is asked, and print what that showed."""
    hows, count, seed, server = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3]), "".join(sys.argv[4:])
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="kill") as folder:
        store = "store" if "readonly:store" in hows else "data_out"
        killing = Killing(Path(folder), server, store)
        began = time.monotonic()
        kills = killing.disturb(hows, count, random.Random(seed))
    told = {
        "points": dict(Counter(killing.phases)),
        "disturbed": dict(sorted(kills.by_phase.items())),
        "by way": dict(sorted(kills.by_way.items())),
        "survived": kills.survived,
        "faults": kills.faults,
        "seconds each": round((time.monotonic() - began) / count, 2),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
