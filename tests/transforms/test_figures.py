"""Decimals: how they are printed, typed and what a printed one stands for. Rounding itself: tests/spec/rounding.txt."""

from decimal import Decimal

import pytest

from transforms.figures import Interval, exact, from_float, parse_number, places_of, printed, round_half_up


def test_never_prints_minus_zero_and_uses_the_true_minus() -> None:
    assert printed(Decimal("-0.04"), 1) == "0.0"
    assert not round_half_up(Decimal("-0.04"), 1).is_signed()
    assert printed(Decimal("-3.1"), 1) == "−3.1"


@pytest.mark.parametrize(
    ("value", "text"),
    [("170", "170"), ("170.00", "170"), ("0.50", "0.5"), ("1E+3", "1000"), ("1E-7", "0.0000001"), ("-0.10", "-0.1")],
)
def test_exact_has_no_exponent_and_no_trailing_zeros(value: str, text: str) -> None:
    assert exact(Decimal(value)) == text


def test_exact_of_nothing() -> None:
    assert exact(None) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("１２．５", "12.5"),
        ("−3.1%", "-3.1"),
        ("－3.1％", "-3.1"),
        (" 12 ", "12"),
        ("+4", "4"),
        ("1.5E3", "1500"),
        ("0.10", "0.10"),
    ],
)
def test_reads_numbers_as_people_type_them(text: str, value: str) -> None:
    found = parse_number(text)
    assert found == Decimal(value)
    assert found is not None
    assert places_of(found) == places_of(Decimal(value))


@pytest.mark.parametrize(
    "text", ["", "—", "…", "约50", "12,34", "1.2.3", "5.5～6", "#REF!", "NaN", "Infinity", "1 234", "%"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def test_a_binary_number_is_what_the_spreadsheet_shows() -> None:
    assert from_float(0.1 + 0.2) == Decimal("0.3")
    assert from_float(84.25) == Decimal("84.25")
    assert from_float(1e15) == Decimal(10**15)


def test_places() -> None:
    assert [places_of(Decimal(text)) for text in ("13.80", "13.8", "13", "1E+2")] == [2, 1, 0, 0]


def test_intervals_add_subtract_and_touch() -> None:
    a, b = Interval.of(Decimal("13.8")), Interval.of(Decimal("2"))
    assert a + b == Interval(Decimal("15.25"), Decimal("16.35"))
    assert a - b == Interval(Decimal("11.25"), Decimal("12.35"))
    assert a.overlaps(Interval.of(Decimal("13.9")))  # 13.85 rounds to either
    assert not a.overlaps(Interval.of(Decimal("14.0")))
    assert Interval.of(Decimal(5), places=1) == Interval(Decimal("4.95"), Decimal("5.05"))
