"""Turns the raw cells of a ledger's column into texts, a thousand rows at a time; knows neither heads nor rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from transforms.dates import iso_day
from transforms.figures import exact
from transforms.spreadsheets.sheets import Raw
from transforms.tables.cell_figures import is_no_item

TOO_LONG = 1e15
"""A spreadsheet keeps 15 digits of a number; an 18-digit code has lost its last three."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some cells of a column; ``words`` are all of them in one text where they're all words, else None."""

    raws: Sequence[Raw]
    words: str | None

    @classmethod
    def of(cls, raws: Sequence[Raw]) -> Part:
        """These cells. Joining them tells what they are sooner than asking each for its type."""
        try:
            return cls(raws, "".join(cast(Sequence[str], raws)))
        except TypeError:
            return cls(raws, None)

    def says(self, word: str) -> bool:
        """Whether the word stands in some cell."""
        if self.words is not None:
            return word in self.words
        return any(word in raw for raw in self.raws if type(raw) is str)


class ColumnTexts:
    """The texts of one column. Numbers are plain decimals, days ISO, blanks and dashes (no such item) are empty."""

    def __init__(self, epoch: dt.date, *, days: bool) -> None:
        self.made: list[str] = []
        self.has_long = False
        """Whether some number is TOO_LONG."""
        self._epoch = epoch
        self._days = days
        self._known = _Known(self._text)
        self._repeats = True

    def add(self, part: Part) -> None:
        """Go on with these cells."""
        raws = part.raws
        if part.words is not None and not self._days:
            self.made += _words_texts(cast(Sequence[str], raws), part.words)
            return
        kinds = set(map(type, raws))
        if bool in kinds:
            # True equals 1, and would be taken for it.
            self.made += map(self._text, raws)
        elif kinds == {float} and not self._repeats and not self._days:
            self.made += self._number_texts(raws)
        else:
            self.made += map(self._known.__getitem__, raws)
            self._repeats = len(self._known) < len(self.made)

    def _number_texts(self, numbers: Sequence[Raw]) -> Sequence[str]:
        # Fifteen digits, as figures.from_float keeps; only very large and very small numbers (1e+15, inf) are read on.
        shown = list(map("%.15g".__mod__, numbers))
        said = "".join(shown)
        return list(map(self._text, numbers)) if "e" in said or "n" in said else shown

    def _text(self, raw: Raw) -> str:
        if type(raw) is float and abs(raw) >= TOO_LONG:
            self.has_long = True
        return _day_text(raw, self._epoch) if self._days else _text(raw)


class _Known(dict[Raw, str]):
    """Each different value's text, made when first asked for: a column repeats itself."""

    def __init__(self, text_of: Callable[[Raw], str]) -> None:
        super().__init__()
        self._text_of = text_of

    def __missing__(self, raw: Raw) -> str:
        text = self[raw] = self._text_of(raw)
        return text


_DASHES = frozenset("-—–―－−/／")
"""How a text that says “no such item” begins."""


def _words_texts(words: Sequence[str], said: str) -> Sequence[str]:
    # In most columns none has a blank or a dash, and each stands as it is.
    plain = said.split(None, 1) == [said] and not any(dash in said for dash in _DASHES)
    return words if plain else [_words_text(text) for text in words]


def _words_text(raw: str) -> str:
    text = raw.strip()
    return "" if text[:1] in _DASHES and is_no_item(text) else text


def _text(raw: Raw) -> str:
    if isinstance(raw, float):
        shown = f"{raw:.15g}"
        return (exact(Decimal(shown)) or "") if "e" in shown else shown
    if isinstance(raw, str):
        return _words_text(raw)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    return raw.isoformat() if isinstance(raw, dt.date) else str(raw)


def _day_text(raw: Raw, epoch: dt.date) -> str:
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    if isinstance(raw, dt.date):
        return raw.isoformat()
    return iso_day(raw, epoch) or _text(raw)
