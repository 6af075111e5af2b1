"""Counts working days on a calendar that it's given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Protocol


class Calendar(Protocol):
    """Which days are worked, with holidays and make-up working days."""

    def works(self, day: dt.date) -> bool:
        """Whether the day is a working day."""
        ...

    def announced(self, year: int) -> bool:
        """Whether the year's holidays are known for good; until then its days are provisional."""
        ...


def working_day_after(day: dt.date, count: int, calendar: Calendar) -> dt.date:
    """The working day that many working days after a day, which itself doesn't count; 0 is the day itself."""
    days = _working_days_after(day, calendar)
    for _ in range(count):
        day = next(days)
    return day


def _working_days_after(day: dt.date, calendar: Calendar) -> Iterator[dt.date]:
    while True:
        day += dt.timedelta(days=1)
        if calendar.works(day):
            yield day
