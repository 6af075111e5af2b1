"""What a district's schedule asks for at this moment: the calendar, the crons and the clock put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

from flows.clock import BEIJING, now
from flows.working_days import ChineseWorkingDays
from flows.workspace import Workspace
from transforms.declared.schedule import Schedule
from transforms.errors import UsageError
from transforms.periods import Period
from transforms.scheduling.due import Due, approval_deadline, deadline, due_of, dues
from transforms.scheduling.owed import LOOKED_BACK

_A_YEAR = dt.timedelta(days=370)


@cache
def calendar() -> ChineseWorkingDays:
    """The working days, read once."""
    return ChineseWorkingDays()


def due_between(schedule: Schedule, after: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    """What falls due after a moment, up to and with another."""
    return dues(schedule, calendar(), moments_of_cron, after, until)


def due_next(schedule: Schedule) -> tuple[Due, ...]:
    """What falls due in the next twelve months."""
    return tuple(due_between(schedule, now(), now() + _A_YEAR))


def due_at(schedule: Schedule, moment: dt.datetime) -> Due | None:
    """What fell due last at that moment; None where nothing did for a year."""
    for back in (LOOKED_BACK, _A_YEAR):
        found = list(due_between(schedule, moment - back, moment))
        if found:
            return found[-1]
    return None


def waits_until(schedule: Schedule, period: Period) -> dt.datetime:
    """Until when a period's late data is waited for; this moment where no rule makes the period due."""
    due = due_of(schedule, calendar(), moments_of_cron, period)
    return now() if due is None else deadline(schedule, calendar(), due)


def looked_for_until(schedule: Schedule, period: Period) -> dt.datetime:
    """Until when what no bulletin can be made without is looked for, past the deadline: till the next period is due."""
    due = due_of(schedule, calendar(), moments_of_cron, period)
    following = next(due_between(schedule, due.at, due.at + _A_YEAR), None) if due else None
    return waits_until(schedule, period) if following is None else following.at


def approved_until(schedule: Schedule, asked: dt.datetime) -> dt.datetime:
    """Until when a draft that was shown at that moment waits for approval."""
    return approval_deadline(schedule, calendar(), asked)


def moments_of_cron(cron: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """The moments of a cron in Beijing time."""
    from flows.orchestration.crons import moments

    return moments(cron, after.astimezone(BEIJING), until.astimezone(BEIJING))


def schedule_of(workspace: Workspace, district: str) -> Schedule:
    """The district's schedule; UsageError where it declares none."""
    schedule = workspace.district(district).schedule
    if schedule is None:
        raise UsageError(f"{district}: no schedule in its district.yaml; declare one, or use `yuebao run`")
    return schedule
