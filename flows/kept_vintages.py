"""Keeps the bytes of vintages in their folder, and gives them back; knows nothing of what is in them."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.claims import claimed_vintages
from flows.modes import make_private_file, make_private_folder, tighten_all
from flows.whole_file import write_whole
from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.errors import EnvironmentFault


class Unkept(EnvironmentFault):
    """This machine can't keep what came: no source is to blame, and there's no use in pulling more."""


@contextmanager
def holding_vintages(workspace: Workspace, district: District) -> Iterator[Path]:
    """One pull of a district at a time; another waits until it's done. Gives where bytes are kept."""
    with claimed_vintages(workspace, district.id), _holding_bytes(workspace, district) as folder:
        yield folder


@contextmanager
def _holding_bytes(workspace: Workspace, district: District) -> Iterator[Path]:
    folder = workspace.folder(district.id) / "vintages"
    try:
        make_private_folder(folder)
        tighten_all(folder)
        make_private_file(folder / ".lock")
        lock = open(folder / ".lock", "w", encoding="ascii")  # noqa: SIM115 - closed below, where its faults aren't ours
    except OSError as error:
        raise EnvironmentFault(_cannot_write(workspace.shown(folder), error)) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def keep_bytes(workspace: Workspace, district: str, sha256: str, data: bytes) -> None:
    """Keep a vintage's bytes under their hash; Unkept where they can't be."""
    file = workspace.vintage_file(district, sha256)
    try:
        if not file.exists() or file.stat().st_size != len(data):
            write_whole(file, data)
    except OSError as error:
        raise Unkept(_cannot_write(workspace.shown(file), error)) from None


def kept_bytes(workspace: Workspace, district: str, sha256: str) -> bytes:
    """A vintage's bytes; EnvironmentFault where they're gone, or aren't what they were."""
    file = workspace.vintage_file(district, sha256)
    shown = workspace.shown(file)
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise EnvironmentFault(f"{shown}: the bytes kept of a vintage are gone; restore data_raw from a copy") from None
    except OSError as error:
        raise EnvironmentFault(f"{shown}: can't be read ({error.strerror})") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EnvironmentFault(f"{shown}: the kept bytes have changed; restore data_raw from a copy")
    return data


def _cannot_write(shown: str, error: OSError) -> str:
    return f"{shown}: can't be written ({error.strerror}); see to room and permissions, then pull again"
