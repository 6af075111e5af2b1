"""When runs are due, retried, waited for and owed, without a clock, a calendar's library or a server."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from transforms.dates import BEIJING
from transforms.declared.schedule import End, Late, Retries, Schedule, When
from transforms.periods import Period
from transforms.scheduling.due import Due, deadline, due_of, dues, next_try, retry_after
from transforms.scheduling.owed import LOOKED_BACK, Outcome, looked_after_since, owed


class Weekdays:
    """A calendar without holidays."""

    def works(self, day: dt.date) -> bool:
        return day.weekday() < 5

    def announced(self, year: int) -> bool:
        return True


def no_crons(cron: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    raise AssertionError


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


RULE = Schedule(when=When(working_day=2, after=17), late=Late(every=4, until=2))


def test_each_month_is_due_once() -> None:
    found = list(dues(RULE, Weekdays(), no_crons, at("2024-01-01"), at("2025-12-31")))
    assert [str(one.period) for one in found] == [
        "2023-12",
        *(f"2024-{month:02d}" for month in range(1, 13)),
        *(f"2025-{month:02d}" for month in range(1, 12)),
    ]
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_the_moment_itself_is_due_and_was_not_after_it() -> None:
    (due,) = dues(RULE, Weekdays(), no_crons, at("2024-04-01"), at("2024-04-30"))
    assert list(dues(RULE, Weekdays(), no_crons, at("2024-04-01"), due.at)) == [due]
    assert not list(dues(RULE, Weekdays(), no_crons, due.at, at("2024-04-30")))


def test_a_rule_may_be_counted_into_the_next_month() -> None:
    late = Schedule(when=When(working_day=6, after=28), months_back=1)
    (due,) = dues(late, Weekdays(), no_crons, at("2024-05-01"), at("2024-05-31"))
    assert (due.period, due.at) == (Period(2024, 3), at("2024-05-06 09:00"))


def test_a_period_of_the_day_itself() -> None:
    same = Schedule(when=When(working_day=1, after=20), months_back=0)
    due = due_of(same, Weekdays(), no_crons, Period(2024, 6))
    assert due is not None
    assert due.at == at("2024-06-21 09:00")


def test_a_cron_says_its_moments_in_beijing() -> None:
    def moments(cron: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
        assert cron == "0 9 20 * *"
        yield dt.datetime(2024, 4, 20, 1, tzinfo=dt.UTC)

    schedule = Schedule(when=When(cron="0 9 20 * *"))
    (due,) = dues(schedule, Weekdays(), moments, at("2024-04-01"), at("2024-04-30"))
    assert (due.period, due.at, due.provisional) == (Period(2024, 3), at("2024-04-20 09:00"), False)


def test_late_data_is_looked_for_until_the_deadline_and_at_it() -> None:
    due = Due(Period(2024, 3), at("2024-04-19 09:00"), provisional=False)  # A Friday.
    last = deadline(RULE, Weekdays(), due)
    assert last == at("2024-04-23 09:00")
    assert next_try(RULE, due.at, last) == at("2024-04-19 13:00")
    assert next_try(RULE, at("2024-04-23 07:00"), last) == last


def test_each_retry_waits_twice_as_long_until_there_are_no_more() -> None:
    schedule = Schedule(when=When(working_day=1), retries=Retries(times=3, first=2))
    waits = [retry_after(schedule, attempt) for attempt in (1, 2, 3, 4)]
    assert waits == [dt.timedelta(minutes=2), dt.timedelta(minutes=4), dt.timedelta(minutes=8), None]
    patient = Schedule(when=When(working_day=1), retries=Retries(times=20, first=240))
    assert retry_after(patient, 20) == dt.timedelta(hours=12)


MARCH = Due(Period(2024, 3), at("2024-04-19 09:00"), provisional=False)


@pytest.mark.parametrize(
    ("last", "made", "pending", "is_owed"),
    [
        (None, False, False, True),
        (None, True, False, False),  # Somebody made it by hand once it was due.
        (None, False, True, False),
        (Outcome.WAITING, False, False, True),  # The next try was lost with its server.
        (Outcome.WAITING, True, False, True),
        (Outcome.WAITING, False, True, False),
        (Outcome.RETRYING, False, False, True),
        (Outcome.AWAITING, True, False, True),  # Its suspended run was lost.
        (Outcome.AWAITING, True, True, False),
        (Outcome.DRAFTED, True, False, False),
        (Outcome.ISSUED, True, False, False),
        (Outcome.REJECTED, True, False, False),
        (Outcome.TIMED_OUT, True, False, False),
        (Outcome.BLOCKED, False, False, False),  # It has been told; a run by hand comes after the cure.
        (Outcome.FAILED, False, False, False),
    ],
)
def test_what_is_owed(last: Outcome | None, made: bool, pending: bool, is_owed: bool) -> None:
    tried = {MARCH.period: last} if last else {}
    there, before = {MARCH.period: MARCH.at} if made else {}, {MARCH.period} if pending else set()
    assert list(owed([MARCH], tried, there, set(), before)) == ([MARCH] if is_owed else [])


def test_a_draft_from_before_it_was_due_is_no_run_of_it() -> None:
    looked_at = {MARCH.period: MARCH.at - dt.timedelta(minutes=1)}
    assert list(owed([MARCH], {}, looked_at, set(), set())) == [MARCH]
    assert list(owed([MARCH], {}, looked_at, {MARCH.period}, set())) == []


def test_a_district_is_looked_after_since_its_first_run() -> None:
    now = at("2026-11-30")
    assert looked_after_since(None, now) == now - LOOKED_BACK
    assert looked_after_since(at("2026-11-29"), now) <= now - LOOKED_BACK
    assert looked_after_since(at("2026-06-01"), now) == at("2026-06-01") - LOOKED_BACK
    assert looked_after_since(at("2020-06-01"), now) == now - dt.timedelta(days=366)


@pytest.mark.parametrize(
    "declared",
    [
        {"when": {}},
        {"when": {"working_day": 2, "cron": "0 9 * * *"}},
        {"when": {"cron": "0 9 * *"}},
        {"when": {"cron": "0 9 20 * *", "at": "09:00"}},
        {"when": {"working_day": 2, "at": "9:00"}},
        {"when": {"working_day": 2}, "end": "issue"},
        {"when": {"working_day": 2}, "end": "issue", "by": "\u3000"},
        {"when": {"working_day": 2}, "end": "issue", "by": "值班室\n张三"},
        {"when": {"working_day": 2}, "end": "approval", "by": "张三"},
        {"when": {"working_day": 2}, "late": {"every": 0}},
    ],
)
def test_what_cannot_be_meant_is_refused(declared: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Schedule.model_validate(declared)


@pytest.mark.parametrize(
    "cron",
    [
        "0 9 20 * *",
        "*/10 8-18/2 1,15 * *",
        "0 9 29 2 *",
        "0 9 L * *",
        "0 9 * * L5",
        "0 9 * * mon-fri",
        "0 9 * JAN-mar sat-sun",
        "30 23 31 1,2 7",
    ],
)
def test_a_cron_that_comes_is_taken_as_it_is(cron: str) -> None:
    assert When(cron=cron).cron == cron


@pytest.mark.parametrize(
    ("cron", "found"),
    [
        ("99 9 20 * *", "minute: '99' isn't one of 0 to 59"),
        ("0 24 20 * *", "hour: '24' isn't one of 0 to 23"),
        ("0 9 0 * *", "day: '0' isn't one of 1 to 31"),
        ("0 9 20 13 *", "month: '13' isn't one of 1 to 12"),
        ("0 9 * * 8", "weekday: '8' isn't one of 0 to 7"),
        ("0 9 * * foo", "weekday: 'foo' isn't one of 0 to 7"),
        ("0 9 mon * *", "day: 'mon' isn't one of 1 to 31"),
        ("0 9 15,L * *", "day: 'L' can't be part of a list"),
        ("0 9 * * L5,1", "weekday: 'L5' can't be part of a list"),
        ("0 9 20-10 * *", "day: '20-10' ends before it begins"),
        ("0 9 * * 7-sun", "weekday: '7-sun' ends before it begins"),
        ("0 9 5-5 * *", "day: '5-5' is one value; write 5 alone"),
        ("*/0 9 20 * *", "minute: a step goes from 1 to 59, not 0"),
        ("0 */99 20 * *", "hour: a step goes from 1 to 23, not 99"),
        ("59/5 9 20 * *", "minute: '59/5' is no number, name, range (1-5) or step"),
        ("0 9 1,,15 * *", "day: '' is no number"),
        ("0 9 - * *", "day: '-' is no number"),
        ("0 9 31 2 *", "no month of '2' has a day '31', so it never comes"),
        ("0 9 30,31 feb 1", "no month of 'feb' has a day '30,31', so it never comes"),
        ("0 9 31 2,4,6 *", "so it never comes"),
        ("0 9 1 * L5", "weekday: 'L5' and a day besides are never read as meant"),
        ("0 9 20 *", "a cron has five fields"),
        ("0 0 9 20 * *", "a cron has five fields"),
    ],
)
def test_a_cron_that_cannot_be_or_never_comes_is_refused(cron: str, found: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(found)):
        When(cron=cron)


def test_who_signs_is_said_where_nobody_looks() -> None:
    schedule = Schedule.model_validate({"when": {"cron": "0 9 20 * *"}, "end": "issue", "by": "值班室"})
    assert (schedule.end, schedule.by) == (End.ISSUE, "值班室")
