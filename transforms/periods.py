"""Turns the bureau's ways of writing a reference period into months and back; knows no clock."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

PERIOD = r"^(19\d\d|2[01]\d\d)-(0[1-9]|1[0-2])$"
"""How a period is written where a schema asks for it."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A reference month. A year-to-date, quarter or year is named by the month that it ends in."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"no such month: {self.year}-{self.month}")
        if not 1900 <= self.year <= 2200:
            raise ValueError(f"no plausible year: {self.year}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2024-06``; raises ValueError on anything else."""
        found = _ISO.fullmatch(text.strip())
        if not found:
            raise ValueError(f"a period is written YYYY-MM, such as 2024-06, not {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Period:
        """Undo :attr:`ordinal`."""
        return cls(ordinal // 12, ordinal % 12 + 1)

    @property
    def ordinal(self) -> int:
        """Months since year 0, so that a difference of ordinals counts months."""
        return self.year * 12 + self.month - 1

    @property
    def previous(self) -> Period:
        """The month before."""
        return Period.from_ordinal(self.ordinal - 1)

    @property
    def next(self) -> Period:
        """The month after."""
        return Period.from_ordinal(self.ordinal + 1)

    @property
    def last_year(self) -> Period:
        """The same month of last year (同期)."""
        return Period(self.year - 1, self.month)

    @property
    def quarter(self) -> int:
        """1 to 4."""
        return (self.month + 2) // 3

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """The last day of the month."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def months_left(self) -> int:
        """Months of the year that are still to come."""
        return 12 - self.month

    def months_of_year_so_far(self) -> Iterator[Period]:
        """January to this month."""
        return span(Period(self.year, 1), self)

    def chinese(self) -> str:
        """The month as it's printed: 2024年6月."""
        return f"{self.year}年{self.month}月"

    def chinese_year_to_date(self) -> str:
        """The year so far as it's printed: 1—6月, or 1月 in January."""
        return "1月" if self.month == 1 else f"1—{self.month}月"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def span(first: Period, last: Period) -> Iterator[Period]:
    """Every month from ``first`` to ``last``, both included; empty if they are the wrong way round."""
    return (Period.from_ordinal(n) for n in range(first.ordinal, last.ordinal + 1))
