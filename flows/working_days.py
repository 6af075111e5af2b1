"""China's statutory holidays and make-up working days, from a library that is kept; the only door to it."""

from __future__ import annotations

import datetime as dt


class ChineseWorkingDays:
    """A calendar of working days (:class:`transforms.scheduling.working_days.Calendar`)."""

    def __init__(self) -> None:
        import holidays

        self._days = holidays.country_holidays("CN")

    def works(self, day: dt.date) -> bool:
        """Whether offices work that day: a weekday that is no holiday, or a weekend's make-up day."""
        return bool(self._days.is_working_day(day))

    def announced(self, year: int) -> bool:
        """Whether the State Council's notice of the year is in the library: only then it has make-up days."""
        self._days.is_working_day(dt.date(year, 6, 1))
        return any(day.year == year for day in self._days.weekend_workdays)
