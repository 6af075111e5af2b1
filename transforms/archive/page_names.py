"""Gives each indicator and area of a district the name of its page: stable, clean, and the same on every system."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import quote

_UNCLEAN = re.compile(r"[^\w]+")
_MOST = 40
"""Characters of a name: 255 bytes are the most that file systems take, three for each Chinese character."""


def page_names(names: Iterable[str]) -> Mapping[str, str]:
    """For each name its page's file name, .html included: the name itself without marks and spaces.

    Names that would be one to a file system that knows no case, or that had to be cut, get a part of their hash.
    """
    clean = {name: _UNCLEAN.sub("-", unicodedata.normalize("NFKC", name)).strip("-") for name in names}
    folded = [one[:_MOST].casefold() for one in clean.values()]
    told = {}
    for name, one in clean.items():
        alone = 0 < len(one) <= _MOST and folded.count(one.casefold()) == 1
        told[name] = f"{one}.html" if alone else f"{one[:_MOST]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.html"
    return {name: file.lstrip("-") for name, file in told.items()}


def address(*parts: str) -> str:
    """A relative address from the parts of a path, as a link needs it."""
    return "/".join(quote(part) for part in parts)
