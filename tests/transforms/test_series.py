"""What follows from what was reported: a month from year-to-date figures, and back."""

from decimal import Decimal

import pytest

from tests.spec import language
from transforms.periods import Period
from transforms.series import Series

ONE = language.indicator({"target": "reach 100 亿元", "path": "elapsed"})


def series(figures: str) -> Series:
    return Series(language.observations(ONE, figures))


@pytest.mark.parametrize(
    ("figures", "month", "value"),
    [
        ("3: 30", 3, "30"),
        ("4: 42; 4 month: 10", 3, "32"),
        ("1..3 month: 10", 3, "30"),
        ("1 month: 10", 1, "10"),
        ("2 month: 10", 2, None),
        ("4: 42", 3, None),
        ("3: —", 3, None),
        ("12 month: 10; 2025-01: 9; 2025-01 month: 9", 12, None),
    ],
)
def test_year_to_date(figures: str, month: int, value: str | None) -> None:
    found = series(figures).year_to_date("one", Period(2024, month))
    assert (found and found.value) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("figures", "month", "value"),
    [
        ("3 month: 10", 3, "10"),
        ("2: 20; 3: 32", 3, "12"),
        ("1: 9", 1, "9"),
        ("2: 20; 4: 42; 4 month: 10", 3, "12"),
        ("2: 20", 2, None),
        ("3: 32", 3, None),
        ("2023-12: 90; 1: 9", 1, "9"),
    ],
)
def test_month(figures: str, month: int, value: str | None) -> None:
    found = series(figures).month("one", Period(2024, month))
    assert (found and found.value) == (None if value is None else Decimal(value))


def test_what_follows_rests_on_every_cell_it_came_from() -> None:
    found = series("2: 20; 4: 42; 4 month: 10").month("one", Period(2024, 3))
    assert found is not None
    assert len(found.cells) == 3


def test_the_latest_figure_looks_back_a_year_and_no_further() -> None:
    found = series("2023-06: 1; 2023-09: 2; 5: —")
    latest = found.latest(ONE, Period(2024, 5))
    assert latest is not None
    assert latest.period == Period(2023, 9)
    assert found.latest(ONE, Period(2024, 9)) is None
