"""Holds a district's period against other runs, of this machine and of others; whoever waits is told who holds it."""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from flows.clock import now
from flows.modes import make_private_folder
from flows.store import Store
from flows.store.session_locks import StillHeld, Wanted, holding_locks, is_postgresql
from flows.workspace import Workspace
from transforms.errors import EnvironmentFault
from transforms.periods import Period

_WHOLE, _VINTAGES = "whole", "vintages"
_PREFECT = ".prefect"
"""Where a district's name stands else."""
_LOOK_AGAIN = 0.2
"""Seconds between two looks at a file's lock, where the wait is bounded."""


@contextmanager
def claimed_period(workspace: Workspace, district: str, period: Period, within: float | None = None) -> Iterator[None]:
    """Hold the period while its bulletin is made or published; another run waits.

    ``within`` bounds the wait in seconds: then EnvironmentFault says who holds it. A holder that dies, in whatever
    way, holds no more.
    """
    with _held(workspace, district, (Wanted(_WHOLE, shared=True), Wanted(str(period), shared=False)), within):
        yield


@contextmanager
def claimed_vintages(workspace: Workspace, district: str) -> Iterator[None]:
    """Hold what comes from the district's sources: one pull at a time, also of several machines."""
    with _held(workspace, district, (Wanted(_WHOLE, shared=True), Wanted(_VINTAGES, shared=False)), None):
        yield


@contextmanager
def claimed_district(workspace: Workspace, district: str, within: float | None = None) -> Iterator[None]:
    """Hold the whole district: no run is in its midst, and none begins."""
    with _held(workspace, district, (Wanted(_WHOLE, shared=False),), within):
        yield


@contextmanager
def claimed_server(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's own Prefect server, of which there's one on a machine; EnvironmentFault says who has it."""
    try:
        with _file_lock(workspace, _PREFECT, Wanted("server", shared=False), 0):
            yield
    except StillHeld as held:
        raise EnvironmentFault(
            f"Prefect's server of this workspace is {held}'s; end that first, or let both use one server "
            "(PREFECT_API_URL)"
        ) from None


@contextmanager
def _held(workspace: Workspace, district: str, wanted: Sequence[Wanted], within: float | None) -> Iterator[None]:
    address = workspace.store_address
    try:
        if is_postgresql(address):
            named = [Wanted(f"{district} {one.name}", one.shared) for one in wanted]

            def tell(one: Wanted, holders: Sequence[str]) -> None:
                _tell(one.name, holders)

            with holding_locks(address, named, _holder(), tell, within, Store.patience):
                yield
        else:
            with ExitStack() as locks:
                for one in wanted:
                    locks.enter_context(_file_lock(workspace, district, one, within))
                yield
    except StillHeld as held:
        raise EnvironmentFault(
            f"{district} {wanted[-1].name}: is held by {held}, and {within:g} seconds are over; wait until that is "
            "done, or end it, then run again"
        ) from None


@contextmanager
def _file_lock(workspace: Workspace, district: str, wanted: Wanted, within: float | None) -> Iterator[None]:
    folder = workspace.out / ".claims" / district
    file = folder / f".{wanted.name}"
    try:
        make_private_folder(folder)
        lock = open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise EnvironmentFault(
            f"{workspace.shown(file)}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    with lock:
        _lock(lock, wanted, within, lambda: _holders(folder, file), f"{district} {wanted.name}")
        if not wanted.shared:
            lock.truncate(0)
            lock.write(_holder())
            lock.flush()
        yield


def _lock(lock: IO[str], wanted: Wanted, within: float | None, holders: Callable[[], Sequence[str]], name: str) -> None:
    way = fcntl.LOCK_SH if wanted.shared else fcntl.LOCK_EX
    if _try(lock, way):
        return
    if within != 0:
        _tell(name, holders())
    if within is None:
        fcntl.flock(lock, way)
        return
    until = time.monotonic() + within
    while not _try(lock, way):
        if time.monotonic() > until:
            raise StillHeld("; ".join(holders()) or "another")
        time.sleep(_LOOK_AGAIN)


def _try(lock: IO[str], way: int) -> bool:
    try:
        fcntl.flock(lock, way | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holders(folder: Path, wanted: Path) -> list[str]:
    """Who holds the file, or where it's shared, who holds any other of the district's."""
    found = []
    for file in (wanted, *sorted(folder.iterdir())):
        with open(file, encoding="utf-8") as other:
            told = other.read()
            if told and told not in found and not _try(other, fcntl.LOCK_SH):
                found.append(told)
    return found


def _holder() -> str:
    command = " ".join((Path(sys.argv[0]).name, *sys.argv[1:]))
    return f"`{command}` on {socket.gethostname()}, process {os.getpid()}, since {now():%Y-%m-%d %H:%M:%S}"


def _tell(name: str, holders: Sequence[str]) -> None:
    told = "; ".join(holders) or "a command that has just begun"
    logging.getLogger("yuebao.claims").warning("%s: held by %s; waiting until that is done", name, told)
