"""Whether a cron can ever come, by what stands in its five fields; knows no clock and reckons no moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator


def _that_can_come(text: str) -> str:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError("a cron has five fields, such as '0 9 20 * *': minute, hour, day, month, weekday")
    found = [what.values(field) for what, field in zip(_FIELDS, fields, strict=True)]
    _, _, days, months, _ = found
    if not any(day <= _LONGEST[month - 1] for month in months for day in days):
        raise ValueError(f"no month of {fields[3]!r} has a day {fields[2]!r}, so it never comes")
    if fields[2] != "*" and fields[4].lower().startswith("l"):
        raise ValueError(f"weekday: {fields[4]!r} and a day besides are never read as meant; leave the day *")
    return text


Cron = Annotated[str, AfterValidator(_that_can_come)]
"""Minute, hour, day, month and weekday, such as '0 9 20 * *'; every one of them comes sooner or later."""

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(?P<alone>\w+)|((?P<all>\*)|(?P<first>\w+)-(?P<last>\w+))(/(?P<step>\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: Sequence[str] = ()
    """What may stand for its numbers, from the lowest on."""
    last: str = ""
    """What may stand in place of them: L is a month's last day, L5 its last Friday."""

    def values(self, text: str) -> set[int]:
        """All that the field names; ValueError where it names something that can't be."""
        if self.last and re.fullmatch(self.last, text, re.IGNORECASE):
            return {self.lowest}  # No month is without.
        return {value for part in text.split(",") for value in self._part(part)}

    def _part(self, text: str) -> range:
        found = _PART.fullmatch(text)
        if self.last and re.fullmatch(self.last, text, re.IGNORECASE):
            raise ValueError(f"{self.name}: {text!r} can't be part of a list; let it stand alone, or name days")
        if not found:
            raise ValueError(f"{self.name}: {text!r} is no number, name, range (1-5) or step (*/2, 1-5/2)")
        if found["alone"]:
            number = self._number(found["alone"])
            return range(number, number + 1)
        step = int(found["step"] or 1)
        if not 1 <= step <= self.highest:
            raise ValueError(f"{self.name}: a step goes from 1 to {self.highest}, not {step}")
        if found["all"]:
            return range(self.lowest, self.highest + 1, step)
        first, last = self._number(found["first"]), self._number(found["last"])
        if first == last:
            raise ValueError(f"{self.name}: {text!r} is one value; write {found['first']} alone")
        if first > last == 0:
            last = self.highest  # sat-sun: Sunday is 0 and 7.
        if first >= last:
            raise ValueError(f"{self.name}: {text!r} ends before it begins; write it as a list of two ranges")
        return range(first, last + 1, step)

    def _number(self, text: str) -> int:
        if text.lower() in self.names:
            return self.names.index(text.lower()) + self.lowest
        if not text.isdecimal() or not self.lowest <= int(text) <= self.highest:
            raise ValueError(f"{self.name}: {text!r} isn't one of {self.lowest} to {self.highest}")
        return int(text)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31, last="l"),
    _Field("month", 1, 12, _MONTHS),
    _Field("weekday", 0, 7, _WEEKDAYS, last="l[0-6]"),
)
