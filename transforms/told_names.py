"""Makes names that come from outside fit to be shown: readable, on one line, without marks that can't be seen.

A file system lets a name be any bytes: those of another encoding, line breaks that forge a line of the operator's,
codes that a terminal obeys, marks that turn the direction of writing. What is ordinary stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

_SPACES = frozenset({"Cc", "Zl", "Zp"})
_UNSEEN = frozenset({"Cf", "Cs", "Co"})


def told_path(path: str) -> str:
    """A path as it's told, and as a file's origin says it.

    A part that can't be told as it is ends in a mark made of its bytes: it's the same at every pull, and two files
    whose names look the same stay two.
    """
    return path if path.isprintable() else "/".join(_marked(part) for part in path.split("/"))


def told_name(name: str) -> str:
    """A file's own name as it's told; what an ordinary file is called stays as it is."""
    if name.isprintable():
        return name
    seen = without_marks(chinese(_bytes_of(name)))
    return name if seen == name else re.sub(r" +", " ", seen).strip() or "文件"


def without_marks(text: str) -> str:
    """The text on one line, without marks that nobody sees."""
    spaced = "".join(" " if unicodedata.category(one) in _SPACES else one for one in text)
    return "".join(one for one in spaced if unicodedata.category(one) not in _UNSEEN)


def chinese(raw: bytes) -> str:
    """Text of unknown encoding: UTF-8 if it is that throughout, else GB18030, which holds GB2312 and GBK."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _marked(part: str) -> str:
    told = told_name(part)
    if told == part:
        return part
    stem, dot, suffix = told.rpartition(".")
    mark = f"〔{sha256(_bytes_of(part)).hexdigest()[:8]}〕"
    return f"{stem}{mark}{dot}{suffix}" if stem else f"{told}{mark}"


def _bytes_of(name: str) -> bytes:
    """The bytes that a folder has: of those that are no UTF-8, Python makes surrogates."""
    return name.encode("utf-8", "surrogateescape")
