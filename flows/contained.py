"""Reads a file that isn't plainly small in a process of its own, so that no file can end or exhaust ours.

An engine written in Rust aborts the whole process where memory fails, which no ``except`` catches. Checks before it
keep small files from that; large ones are read behind limits of memory and time.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Sequence

from transforms.readings import Contents
from transforms.spreadsheets.unreadable import EncryptedFile, UnreadableFile
from transforms.tables import reading

MEMORY = 6 * 1024**3
SECONDS = 300
"""Of computing. A ledger of 200,000 rows takes ten seconds and a gigabyte."""
_PLAINLY_SMALL = 4 * 1024 * 1024
"""Unpacked; transforms.xlsx_cells checks every cell of sheets that aren't larger."""
_SMALL_TEXT = 1024 * 1024


def read(data: bytes, name: str, vintage: str, passwords: Sequence[str] = ()) -> Contents:
    """As transforms.reading.read, with the same errors; a file that breaks its limits is an UnreadableFile too."""
    if _is_plainly_small(data):
        return reading.read(data, name, vintage, passwords)
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "flows.contained"],
            input=pickle.dumps((data, name, vintage, tuple(passwords))),
            capture_output=True,
            timeout=2 * SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _broke_limits(name) from None
    if ran.returncode:
        raise _broke_limits(name)
    made = pickle.loads(ran.stdout)
    if isinstance(made, Contents):
        return made
    kind, found, cure = made
    raise kind(name, found, cure)


def _is_plainly_small(data: bytes) -> bool:
    if not data.startswith(b"PK\x03\x04"):
        # The formats without compression; encrypted ones unpack to more.
        return len(data) <= _SMALL_TEXT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(entry.file_size for entry in archive.infolist()) <= _PLAINLY_SMALL
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return True


def _broke_limits(name: str) -> UnreadableFile:
    return UnreadableFile(
        name,
        f"读取超出了限度（内存{MEMORY // 1024**3}GB、{SECONDS}秒），或使读取程序中断",
        "核实来源；只报送需要的工作表",
    )


def _serve() -> None:
    """In the other process: one file in, its contents or its refusal out."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data, name, vintage, passwords = pickle.loads(sys.stdin.buffer.read())
    answer: Contents | tuple[type[UnreadableFile], str, str]
    try:
        answer = reading.read(data, name, vintage, passwords)
    except UnreadableFile as error:
        kind = EncryptedFile if isinstance(error, EncryptedFile) else UnreadableFile
        answer = (kind, error.found, error.cure)
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _serve()
