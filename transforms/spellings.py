"""Brings words to one spelling, and finds the known word that an unknown one is most like; knows no word's meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

LIKE = 0.6
"""From this ratio of difflib's on an unknown word is taken for a mistyped one (省专精特新, 省级专精特新: 0.91)."""


def plain_words(text: str) -> str:
    """The words in half width, without white space: full-width letters, digits and brackets are other spellings."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def nearest(word: str, known: Iterable[str], least: float = LIKE) -> str | None:
    """The known word that is most like this one, None where none is like it by ``least``; the first of equals."""
    spelled = {plain_words(one): one for one in sorted(known, reverse=True)}
    close = get_close_matches(plain_words(word), sorted(spelled), n=1, cutoff=least)
    return spelled[close[0]] if close else None
