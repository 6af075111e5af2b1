"""Copies an issue's files to a folder or a bucket; what is there already and is the same isn't touched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from flows.channels.parcels import ToHandOver
from flows.publication import MANIFEST, holding_copy, put_for_good
from flows.sources.patience import MayPass, Patience
from transforms.declared.deliveries import FolderChannel
from transforms.delivering.outcomes import Later, Outcome, Refused, Sent
from transforms.errors import EnvironmentFault, InputError


def copy_issue(channel: FolderChannel, given: ToHandOver) -> Outcome:
    """Copy the issue; a copy that is done twice is done once, so that a crash leaves no doubt."""
    return _to_folder(channel, given) if channel.path else _to_bucket(channel, given)


def _to_folder(channel: FolderChannel, given: ToHandOver) -> Outcome:
    assert channel.path is not None
    place = Path(channel.path)
    if not place.is_dir():
        return Later(f"{place}: isn't there; see that the share is mounted, or make the folder")
    folder = place / given.folder
    try:
        with holding_copy(folder):
            if put_for_good(folder, given.files):
                return Sent(f"copied to {folder}")
            there = {name: _bytes(folder / name) for name in given.files}
    except EnvironmentFault as fault:
        return Later(str(fault))
    except OSError as error:
        return Later(f"{folder}: can't be looked at ({error.strerror})")
    return _compared(there, given.files, str(folder))


def _to_bucket(channel: FolderChannel, given: ToHandOver) -> Outcome:
    """Object by object, the manifest last: whoever finds it finds all that it names."""
    from flows.sources.s3 import S3Door

    door = S3Door(channel.as_source(), Patience())
    place = f"{channel.place}/{given.folder}"
    try:
        names = sorted(given.files, key=lambda name: (name == MANIFEST, name))
        there = {name: door.bytes_of(f"{given.folder}/{name}") for name in names}
        others = {name: data for name, data in there.items() if data is not None}
        if others != {name: given.files[name] for name in others}:
            return _compared(there, given.files, place)
        for name in names:
            if there[name] is None:
                door.keep(f"{given.folder}/{name}", given.files[name])
    except MayPass as error:
        return Later(f"{place}: {error.found}")
    except InputError as error:
        return Later(str(error))
    finally:
        door.close()
    return Sent(f"copied to {place}")


def _compared(there: Mapping[str, bytes | None], files: Mapping[str, bytes], place: str) -> Outcome:
    other = sorted(name for name, data in there.items() if data is None or _hash(data) != _hash(files[name]))
    if not other:
        return Sent(f"is in {place} already")
    return Refused(f"{place}: something else is there ({', '.join(other[:3])}), and is left as it is; move it away")


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
