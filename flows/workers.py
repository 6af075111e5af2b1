"""Worker processes that do one job after another: warm, replaced after many documents, and when one is lost."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, Protocol, TypeVar

DOCUMENTS_A_WORKER = 50
"""WeasyPrint keeps about 0.55 MB a document; workers are replaced after so many."""

_PATIENCE = 5
"""Seconds that a worker gets to end when asked to, before it's ended."""


class Counted(Protocol):
    """What a job gives: among other things, how many documents were laid out for it."""

    @property
    def documents(self) -> int:
        """How many documents were laid out."""
        ...


Work = TypeVar("Work")
Done = TypeVar("Done", bound=Counted)


class WorkerLost(Exception):
    """A job's worker was ended from outside, and so was the fresh one that it was tried again in."""


class Workers(Generic[Work, Done]):
    """So many processes, each begun when it's first needed; used from as many threads.

    A worker that is lost costs its own job only, which is tried again once in a fresh one. None of them outlives this
    process, whatever ends it.
    """

    def __init__(
        self, count: int, do: Callable[[Work], Done], warm: Callable[[], None], said: Callable[[str], None]
    ) -> None:
        self._do, self._warm, self._said = do, warm, said
        self._idle: queue.LifoQueue[_Worker[Work, Done] | None] = queue.LifoQueue()
        for _ in range(count):
            self._idle.put(None)
        self._begun: set[_Worker[Work, Done]] = set()
        self._guard = threading.Lock()
        self._ended = False

    def __enter__(self) -> Workers[Work, Done]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._end(_PATIENCE if kind is None else 0)

    def abandon(self) -> None:
        """End all workers at once; whoever waits for one gets WorkerLost."""
        self._end(0)

    def do(self, work: Work) -> Done:
        """Have a worker do it, and wait; WorkerLost where two were lost over it."""
        worker = self._idle.get()
        try:
            for _ in range(2):
                worker = worker or self._begin()
                try:
                    done = worker.do(work)
                except (EOFError, OSError):
                    self._dismiss(worker, 0)
                    worker = None
                    if self._ended:
                        break
                    self._said("a worker was lost; what it did is tried again in a fresh one, but only once")
                    continue
                if worker.documents >= DOCUMENTS_A_WORKER:
                    self._said(f"worker {worker.pid} is replaced after {worker.documents} documents")
                    self._dismiss(worker, _PATIENCE)
                    worker = None
                return done
            raise WorkerLost
        finally:
            self._idle.put(worker)

    def _begin(self) -> _Worker[Work, Done]:
        with self._guard:
            if self._ended:
                raise WorkerLost
            worker = _Worker(self._do, self._warm)
            self._begun.add(worker)
        with suppress(EOFError, OSError):  # One that is lost so early is told of by the job that it gets.
            self._said(f"worker {worker.pid} is ready: libraries and fonts loaded in {worker.ready():.1f} s")
        return worker

    def _end(self, patience: float) -> None:
        with self._guard:
            self._ended = True
            begun, self._begun = self._begun, set()
        for worker in begun:
            worker.end(patience)

    def _dismiss(self, worker: _Worker[Work, Done], patience: float) -> None:
        worker.end(patience)
        with self._guard:
            self._begun.discard(worker)


class _Worker(Generic[Work, Done]):
    """One process, and the pipe to it."""

    def __init__(self, do: Callable[[Work], Done], warm: Callable[[], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, do, warm), daemon=True)
        # An interruption from the keyboard goes to all processes, but is the parent's to handle: from its first
        # instruction on the worker doesn't hear it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self.documents = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def ready(self) -> float:
        """Wait until it's warm; the seconds that this took it."""
        seconds: float = self._ours.recv()
        return seconds

    def do(self, work: Work) -> Done:
        self._ours.send(work)
        done: Done = self._ours.recv()
        self.documents += done.documents
        return done

    def end(self, patience: float) -> None:
        """Let it end by itself, which closes what it holds; end it where it doesn't."""
        if patience:
            with suppress(OSError):
                self._ours.send(None)
            self._process.join(patience)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(theirs: Connection, do: Callable[[Work], Done], warm: Callable[[], None]) -> None:
    _follow_the_parent()
    started = time.perf_counter()
    warm()
    with suppress(EOFError, OSError):
        theirs.send(time.perf_counter() - started)
        while (work := theirs.recv()) is not None:
            theirs.send(do(work))


def _follow_the_parent() -> None:
    """A parent that was killed takes its workers with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
