"""Gives each unit its part of a file's name, safe on every system and none twice; knows no folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\s]+')
_MOST = 150
"""Bytes: what stands around it is about 70 more, and file systems end at 255."""


def unit_parts(units: Iterable[str]) -> Mapping[str, str]:
    """For each unit what stands for it in a file's name; units that would share one are numbered.

    To some file systems 甲A and 甲a are one, so here too.
    """
    parts: dict[str, str] = {}
    taken: set[str] = set()
    for unit in dict.fromkeys(units):
        seen = "".join(one for one in unit if unicodedata.category(one) not in {"Cf", "Cs", "Co"})
        clean = _UNSAFE.sub("_", seen).strip("._").encode()[:_MOST].decode(errors="ignore") or "单位"
        part, number = clean, 1
        while part.casefold() in taken:
            number += 1
            part = f"{clean}（{number}）"
        taken.add(part.casefold())
        parts[unit] = part
    return parts
