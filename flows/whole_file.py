"""Puts one file in its place, whole or not at all; knows nothing of what is in it."""

from __future__ import annotations

import os
from pathlib import Path

from transforms.errors import EnvironmentFault


def write_whole(file: Path, data: bytes) -> None:
    """Write the file aside and move it into its place; EnvironmentFault where that can't be done."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(aside, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise EnvironmentFault(f"{file}：写不进去（{error.strerror}）；请检查权限和磁盘空间") from None
