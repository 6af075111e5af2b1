"""The moments of crons, by the reader that the server schedules with."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.clock import BEIJING
from flows.orchestration.crons import moments
from transforms.declared.schedule import When
from transforms.errors import UsageError

THEN = dt.datetime(2026, 11, 30, tzinfo=BEIJING)
LEAP_YEARS = dt.timedelta(days=366 * 8)


def field(numbers: int, *more: str) -> st.SearchStrategy[str]:
    """A cron's field, with numbers that are too great now and then."""
    one = st.integers(0, numbers + 1).map(str)
    ranges = st.tuples(one, one).map("-".join)
    steps = st.tuples(st.sampled_from(["*", "1-5"]) | ranges, one).map("/".join)
    return st.sampled_from(["*", *more]) | st.lists(one | ranges | steps, min_size=1, max_size=3).map(",".join)


CRONS = st.tuples(field(59), field(23), field(31, "L"), field(12, "feb", "jun-sep"), field(7, "mon", "sat-sun", "L5"))


@settings(max_examples=300, deadline=None)
@given(CRONS)
def test_every_cron_that_a_district_may_declare_comes(fields: tuple[str, ...]) -> None:
    cron = " ".join(fields)
    try:
        When(cron=cron)
    except ValidationError:
        return
    assert next(moments(cron, THEN, THEN + LEAP_YEARS), None) is not None


def test_the_moments_are_those_up_to_the_last() -> None:
    found = list(moments("0 9 20 * *", THEN, dt.datetime(2027, 1, 20, 9, tzinfo=BEIJING)))
    assert [one.isoformat() for one in found] == ["2026-12-20T09:00:00+08:00", "2027-01-20T09:00:00+08:00"]


def test_a_day_that_never_comes_has_no_moments() -> None:
    assert not list(moments("0 9 31 2 *", THEN, THEN + LEAP_YEARS))


def test_what_the_reader_takes_for_no_cron_is_told_with_its_cure() -> None:
    with pytest.raises(UsageError, match=r"'99 9 20 \* \*' is no cron .*mend when"):
        list(moments("99 9 20 * *", THEN, THEN + LEAP_YEARS))
