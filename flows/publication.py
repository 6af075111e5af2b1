"""Puts a period's documents in their folder, whole or not at all; knows nothing of what is in them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.whole_file import write_synced
from transforms.errors import EnvironmentFault

MANIFEST = "manifest.json"


def publish(folder: Path, documents: Mapping[str, bytes], told: Mapping[str, Any]) -> bytes:
    """Write the documents and, last, the manifest beside the folder, then put all in its place; gives the manifest.

    ``told`` is what the manifest says besides its outputs. A reader sees the old folder, or the new one.
    """
    outputs = [
        {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(documents.items())
    ]
    manifest = (json.dumps({**told, "outputs": outputs}, ensure_ascii=False, indent=2) + "\n").encode()
    aside, before = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with holding(folder):
            _recover(folder)
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            for name, data in (*sorted(documents.items()), (MANIFEST, manifest)):
                (aside / name).parent.mkdir(exist_ok=True)
                write_synced(aside / name, data)
            if folder.exists():
                folder.rename(before)
            aside.rename(folder)
            shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    return manifest


def add_to(folder: Path, documents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Put documents that people will work on into a folder; gives the names of those that were left as they were.

    A file that is there and isn't as this function made it (by the folder's manifest) is somebody's work. The folder
    appears whole the first time; later each file is replaced whole, and nothing else in the folder is touched.
    """
    aside = folder.with_name(f".{folder.name}.new")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with holding(folder):
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            made = _made_before(folder)
            theirs = tuple(name for name in documents if _sha256(folder / name) not in {None, made.get(name)})
            own = {name: data for name, data in sorted(documents.items()) if name not in theirs}
            made |= {name: hashlib.sha256(data).hexdigest() for name, data in own.items()}
            manifest = json.dumps({"made": dict(sorted(made.items()))}, ensure_ascii=False, indent=2) + "\n"
            for name, data in (*own.items(), (MANIFEST, manifest.encode())):
                write_synced(aside / name, data)
            if folder.exists():
                for name in (*own, MANIFEST):
                    (aside / name).replace(folder / name)
                aside.rmdir()
            else:
                aside.rename(folder)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise EnvironmentFault(
            f"{folder}: can't be written ({error.strerror}); see to room and permissions, then run again"
        ) from None
    return theirs


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """What the folder's manifest says, if the folder is there and every output is as the manifest says."""
    _recover(folder)
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        whole = all(
            hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest() == one["sha256"]
            for one in manifest["outputs"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if whole else None


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Hold the folder against another run on this machine; waits until the other is done."""
    with open(folder.with_name(f".{folder.name}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _recover(folder: Path) -> None:
    """Undo a run that was killed between the two renames."""
    before = folder.with_name(f".{folder.name}.old")
    if before.exists() and not folder.exists():
        before.rename(folder)


def _made_before(folder: Path) -> dict[str, str]:
    try:
        made = json.loads((folder / MANIFEST).read_bytes())["made"]
        return {str(name): str(sha256) for name, sha256 in made.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # Then whatever lies there is taken for somebody's.


def _sha256(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None
