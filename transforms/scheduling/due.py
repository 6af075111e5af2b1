"""When a district's periods are due and until when late data is waited for; asks no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from transforms.dates import BEIJING
from transforms.declared.schedule import Schedule
from transforms.periods import Period, span
from transforms.scheduling.working_days import Calendar, working_day_after

Crons = Callable[[str, dt.datetime, dt.datetime], Iterator[dt.datetime]]
"""The moments of a cron after a moment, up to another."""


@dataclass(frozen=True, slots=True)
class Due:
    """A period and the moment at which its bulletin is to be made."""

    period: Period
    at: dt.datetime
    provisional: bool
    """Whether the year's make-up days aren't announced yet, so that the moment may still move."""


def dues(schedule: Schedule, calendar: Calendar, crons: Crons, after: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    """What falls due after a moment, up to and with another, in order."""
    if schedule.when.cron is not None:
        for at in crons(schedule.when.cron, after, until):
            yield _due(schedule, at.astimezone(BEIJING), provisional=False)
        return
    first, last = (one.astimezone(BEIJING) for one in (after, until))
    # The days counted may reach into the next month.
    for month in span(Period(first.year, first.month).previous, Period(last.year, last.month)):
        due = due_in(schedule, calendar, month)
        if after < due.at <= until:
            yield due


def due_in(schedule: Schedule, calendar: Calendar, month: Period) -> Due:
    """What falls due by the rule of working days in that month (or, counted over its end, just after it)."""
    when = schedule.when
    assert when.working_day is not None
    start = dt.date(month.year, month.month, 1) + dt.timedelta(days=when.after - 1)
    day = working_day_after(start, when.working_day, calendar)
    period = Period.from_ordinal(month.ordinal - schedule.months_back)
    at = dt.datetime.combine(day, when.time, BEIJING)
    return Due(period, at, not (calendar.announced(day.year) and calendar.announced(start.year)))


def due_of(schedule: Schedule, calendar: Calendar, crons: Crons, period: Period) -> Due | None:
    """When a period is due; None where a cron never makes it."""
    month = Period.from_ordinal(period.ordinal + schedule.months_back)
    if schedule.when.cron is None:
        return due_in(schedule, calendar, month)
    start = dt.datetime.combine(month.first_day, dt.time(), BEIJING) - dt.timedelta(seconds=1)
    end = dt.datetime.combine(month.last_day, dt.time.max, BEIJING)
    return next(dues(schedule, calendar, crons, start, end), None)


def deadline(schedule: Schedule, calendar: Calendar, due: Due) -> dt.datetime:
    """Until when late data is waited for."""
    return _working_days_later(due.at, schedule.late.until, calendar)


def approval_deadline(schedule: Schedule, calendar: Calendar, asked: dt.datetime) -> dt.datetime:
    """Until when a draft waits to be approved."""
    return _working_days_later(asked, schedule.approve_within, calendar)


def next_try(schedule: Schedule, moment: dt.datetime, last: dt.datetime) -> dt.datetime:
    """When late data is looked for again: every so often, and once more at the deadline itself."""
    return min(moment + dt.timedelta(hours=schedule.late.every), last)


def retry_after(schedule: Schedule, attempt: int) -> dt.timedelta | None:
    """How long to wait after the given attempt (the first is 1) met a fault that may pass; None to give up."""
    retries = schedule.retries
    if attempt > retries.times:
        return None
    return min(dt.timedelta(minutes=retries.first * 2 ** (attempt - 1)), dt.timedelta(hours=12))


def _due(schedule: Schedule, at: dt.datetime, *, provisional: bool) -> Due:
    return Due(Period.from_ordinal(Period(at.year, at.month).ordinal - schedule.months_back), at, provisional)


def _working_days_later(moment: dt.datetime, count: int, calendar: Calendar) -> dt.datetime:
    local = moment.astimezone(BEIJING)
    return dt.datetime.combine(working_day_after(local.date(), count, calendar), local.timetz())
