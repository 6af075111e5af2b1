"""Reference months: reading, counting, neighbours."""

import datetime as dt

import pytest

from transforms.periods import Period, span


def test_reads_and_writes_iso() -> None:
    assert Period.parse(" 2024-06 ") == Period(2024, 6)
    assert Period.parse("2024-6") == Period(2024, 6)
    assert str(Period(2024, 6)) == "2024-06"


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-00", "2024年6月", "06-2024", "2024-06-01", "1024-06"])
def test_refuses_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|month|year"):
        Period.parse(text)


def test_neighbours_cross_the_year() -> None:
    assert Period(2024, 1).previous == Period(2023, 12)
    assert Period(2023, 12).next == Period(2024, 1)
    assert Period(2024, 2).last_year == Period(2023, 2)


def test_days_of_a_leap_february() -> None:
    assert Period(2024, 2).first_day == dt.date(2024, 2, 1)
    assert Period(2024, 2).last_day == dt.date(2024, 2, 29)
    assert Period(2023, 2).last_day == dt.date(2023, 2, 28)


@pytest.mark.parametrize(("month", "quarter", "left"), [(1, 1, 11), (3, 1, 9), (4, 2, 8), (9, 3, 3), (12, 4, 0)])
def test_quarters_and_months_left(month: int, quarter: int, left: int) -> None:
    assert (Period(2024, month).quarter, Period(2024, month).months_left) == (quarter, left)


def test_chinese() -> None:
    assert Period(2024, 6).chinese() == "2024年6月"
    assert Period(2024, 6).chinese_year_to_date() == "1—6月"
    assert Period(2024, 1).chinese_year_to_date() == "1月"


def test_span_is_inclusive_and_empty_backwards() -> None:
    assert [str(p) for p in span(Period(2023, 11), Period(2024, 2))] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert list(span(Period(2024, 2), Period(2024, 1))) == []
    assert [p.month for p in Period(2024, 3).months_of_year_so_far()] == [1, 2, 3]


def test_order_is_time() -> None:
    assert Period(2023, 12) < Period(2024, 1) < Period(2024, 2)
