"""Tells what happens as JSON lines, each with its run, district, period and stage; the only door to structlog.

The lines go to ``data_out/logs/YYYY-MM-DD.jsonl``, a file for each day in Beijing, and with ``YUEBAO_LOG=json`` to
standard error too. Each is written by one call to a file that is opened for appending, so that lines of several
processes stand whole beside each other; a file is never renamed or cut, so that none is lost when the day changes.
What is told while nobody has named a folder goes nowhere, and a disk that is full never stops a run.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from urllib.parse import quote, quote_plus

from flows.clock import BEIJING, now
from flows.log_files import append, forget_old
from transforms.errors import YuebaoError

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")

_SECRET = re.compile(r"(PASSWORD|PASSWORDS|TOKEN|SECRET|KEY|SECRET_KEY)$|_WEBHOOK")
"""Variables whose values are blotted out of every line, should a library have quoted one."""
_SHORTEST_SECRET = 4
_HIDDEN: set[str] = set()
_WELL: dict[str, object] = {"exit_status": 0}


@dataclass(frozen=True, slots=True)
class Told:
    """What every line that is told now has in common, and the folder that it's kept in."""

    folder: Path | None = None
    words: tuple[tuple[str, str], ...] = ()


_TOLD: ContextVar[Told] = ContextVar("yuebao_told", default=Told())  # noqa: B039 - it's frozen
_OUTSIDE_RUNS: Path | None = None
_LISTENER: ContextVar[Callable[[str, str], None] | None] = ContextVar("yuebao_listener", default=None)


def keep_in(folder: Path) -> None:
    """Keep what is told outside runs there, if the folder above it is there; what runs tell goes where they say."""
    global _OUTSIDE_RUNS
    _OUTSIDE_RUNS = folder


@contextmanager
def binding(**words: object) -> Iterator[None]:
    """Have these words in every line that is told meanwhile; None takes nothing away and adds nothing."""
    told = _TOLD.get()
    fresh = {**dict(told.words), **{key: str(value) for key, value in words.items() if value is not None}}
    token = _TOLD.set(Told(told.folder, tuple(fresh.items())))
    try:
        yield
    finally:
        _TOLD.reset(token)


@contextmanager
def run_told(folder: Path, what: str, **words: object) -> Iterator[dict[str, object]]:
    """Tell the begin and the end of one run (run, backfill, publish …) with its seconds and exit status.

    Gives what is told at its end, for a run that fails without raising to say so.

    A run within another, as a month within its backfill, keeps the other's id as ``within``. ``folder`` is where the
    lines are kept.
    """
    outer = dict(_TOLD.get().words)
    run = f"{now():%y%m%d%H%M%S}-{secrets.token_hex(3)}"
    forget_old(folder, now().date())
    token = _TOLD.set(Told(folder, _TOLD.get().words))
    try:
        with binding(run=run, what=what, within=outer.get("run"), **words):
            begun, ended = time.monotonic(), _WELL.copy()
            tell("run begun", process=os.getpid())
            try:
                yield ended
            except BaseException as error:
                tell("run ended", level="error", seconds=_since(begun), **_fault(error))
                raise
            tell("run ended", level="error" if ended["exit_status"] else "info", seconds=_since(begun), **ended)
    finally:
        _TOLD.reset(token)


@contextmanager
def stage_told(stage: Callable[..., Any]) -> Iterator[None]:
    """Tell the begin and the end of a stage, and have its name in every line between."""
    with binding(stage=getattr(stage, "task_name", getattr(stage, "__name__", "stage"))):
        begun = time.monotonic()
        tell("stage begun", level="debug")
        try:
            yield
        except BaseException as error:
            tell("stage failed", level="warning", seconds=_since(begun), fault=type(error).__name__)
            raise
        tell("stage ended", seconds=_since(begun))


@contextmanager
def heard_by(listener: Callable[[str, str], None]) -> Iterator[None]:
    """Have each line's level and words told to somebody else too, as to the page of a Prefect run."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


@dataclass(frozen=True, slots=True)
class Carried(Generic[P, T]):
    """Work that tells its lines as part of the run that handed it over, in whichever process it's done."""

    work: Callable[P, T]
    told: Told

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work."""
        token = _TOLD.set(self.told)
        try:
            return self.work(*args, **kwargs)
        finally:
            _TOLD.reset(token)


def carrying(work: Callable[P, T]) -> Carried[P, T]:
    """The work, to be handed to another process with what is bound here."""
    return Carried(work, _TOLD.get())


def _as_it_returned(_: object) -> Mapping[str, object]:
    return _WELL


def told_as(
    what: str,
    about: Callable[[A], tuple[Path, Mapping[str, object]]],
    ending: Callable[[T], Mapping[str, object]] = _as_it_returned,
) -> Callable[[Callable[Concatenate[A, P], T]], Callable[Concatenate[A, P], T]]:
    """Make of a function a run that is told; ``about`` its first argument gives the folder and the words.

    ``ending`` says of what it gives how it ended: its exit status, and what belongs to that.
    """

    def made(work: Callable[Concatenate[A, P], T]) -> Callable[Concatenate[A, P], T]:
        @wraps(work)
        def told(first: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
            folder, words = about(first)
            with run_told(folder, what, **words) as ended:
                given = work(first, *args, **kwargs)
                ended.update(ending(given))
                return given

        return told

    return made


def hide(secret: str) -> None:
    """Blot this out of every line that the process tells from now on, as it is and as it may be written on the way."""
    _HIDDEN.update((secret, json.dumps(secret)[1:-1], b64encode(secret.encode()).decode()))
    _HIDDEN.update((quote(secret), quote(secret, safe=""), quote_plus(secret)))


def blotted(text: str) -> str:
    """The text without what was hidden, whatever another side or a library may have quoted."""
    return _without(_HIDDEN, text)


def current_run() -> str:
    """The id of the run that is under way; empty outside one."""
    return dict(_TOLD.get().words).get("run", "")


def tell(event: str, *, level: str = "info", **words: object) -> None:
    """Tell one thing that happened. Never raises: what can't be kept isn't worth a bulletin."""
    told = _TOLD.get()
    folder = told.folder or _OUTSIDE_RUNS
    if folder is None or not (told.folder or folder.parent.is_dir()):
        return
    moment = now()
    line = _line(moment.isoformat(timespec="milliseconds"), level, event, {**dict(told.words), **words})
    data = f"{line}\n".encode(errors="backslashreplace")
    with suppress(OSError):
        append(folder, moment.astimezone(BEIJING).date(), data)
    if os.environ.get("YUEBAO_LOG") == "json":
        with suppress(OSError, ValueError):
            sys.stderr.buffer.write(data)
            sys.stderr.flush()
    listener = _LISTENER.get()
    if listener is not None:
        listener(level, _blotted_line(f"{event}{_in_words(words)}"))


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)


def _fault(error: BaseException) -> dict[str, object]:
    """A fault of the user by its words; any other by its place, since its words may quote anything."""
    if isinstance(error, YuebaoError):
        return {"exit_status": error.exit_status, "fault": str(error)}
    if isinstance(error, KeyboardInterrupt):
        return {"exit_status": 130, "fault": "interrupted"}
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"exit_status": 1, "fault": type(error).__name__, "where": where}


def _line(moment: str, level: str, event: str, words: Mapping[str, object]) -> str:
    import structlog

    made = _logger()
    with suppress(structlog.DropEvent):
        rendered: str = made.bind(time=moment, **words).info(event, level=level)
        return rendered
    return ""


@cache
def _logger() -> Any:
    """structlog with our order of keys; it gives the line back instead of printing it."""
    import structlog

    return structlog.wrap_logger(
        _Giving(),
        processors=[
            _in_order,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            _without_secrets,
        ],
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _Giving:
    def info(self, line: str) -> str:
        return line


_FIRST = ("time", "level", "event", "district", "period", "run", "stage")


def _in_order(_logger: Any, _method: str, words: Any) -> Any:
    return {
        key: words[key] for key in (*(one for one in _FIRST if one in words), *(k for k in words if k not in _FIRST))
    }


def _without_secrets(_logger: Any, _method: str, line: Any) -> Any:
    return _blotted_line(line)


def _blotted_line(line: str) -> str:
    named = [word for name, value in os.environ.items() if _SECRET.search(name) for word in value.split()]
    return _without({*named, *_HIDDEN}, line)


def _without(words: Collection[str], text: str) -> str:
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_SECRET:
            text = text.replace(word, "***")
    return text


def _in_words(words: Mapping[str, object]) -> str:
    told = "; ".join(f"{key} {value}" for key, value in words.items())
    return f": {told}" if told else ""
