"""Rules that Great Expectations has no words for, each asked of one row; exact, on Decimals and Intervals."""

from __future__ import annotations

from decimal import Decimal

from transforms.credit_code import is_credit_code
from transforms.dates import iso_date
from transforms.figures import Interval, parse_number
from transforms.labels import is_unit
from transforms.units import convert

SLIP = Decimal("0.01")
"""A fall of a year-to-date figure below this share can be the month's own revision; above it's another figure."""

UNRECONCILED = Decimal("0.1")
"""No restatement within a year moves a year-to-date figure by this share: it's the wrong column or unit."""

SCOPE_POINTS = Decimal(5)
"""Percentage points. Restated bases move a growth rate by some points (method §5: over one in 43 of 196 months)."""

_SHIFT_LOW, _SHIFT_HIGH = Decimal("0.8"), Decimal("1.25")
"""How near to 10 or 100 times a rate must lie to what it was, so that its point is taken to be misplaced."""

UNIT_FACTOR = Decimal(300)
"""10³ less a factor of about three: real figures of a series never lie that far apart, units do (10³, 10⁴, 10⁸)."""


def unit_fits(unit: str, due_units: tuple[str, ...]) -> bool:
    """The unit turns into one that is due, or is at least known where the plan has no unit for it."""
    if not due_units:
        return is_unit(unit)
    return any(convert(Decimal(1), unit, due) is not None for due in due_units)


def year_to_date_holds(accumulated: Interval, before: Interval) -> bool:
    """It doesn't fall by SLIP or more."""
    return not _fell(accumulated, before) or _fall(accumulated, before) < SLIP * _size(before)


def year_to_date_does_not_slip(accumulated: Interval, before: Interval) -> bool:
    """It doesn't fall by less than SLIP; by more is another rule's."""
    return not _fell(accumulated, before) or _fall(accumulated, before) >= SLIP * _size(before)


def months_reconcile(carried: Interval, month: Interval, total: Interval) -> bool:
    """上月累计 + 本月 = 本月累计, short of UNRECONCILED."""
    return _gap(carried + month, total) < UNRECONCILED * _size(total) or _gap(carried + month, total) == 0


def months_add_up(carried: Interval, month: Interval, total: Interval) -> bool:
    """上月累计 + 本月 = 本月累计 within rounding; what doesn't even reconcile is another rule's."""
    sums = carried + month
    return sums.overlaps(total) or not months_reconcile(carried, month, total)


def parts_add_up(whole: Interval, sums: tuple[Interval, ...]) -> bool:
    """The whole is one of the sums within rounding: of the townships, or of townships and parks."""
    return any(whole.overlaps(total) for total in sums)


def no_unit_jump(level: Decimal, references: tuple[Decimal, ...]) -> bool:
    """It's near one of last year's same period and the series' usual size."""
    return any(_ratio(level, reference) < UNIT_FACTOR for reference in references)


def near_target(level: Decimal, target: Decimal) -> bool:
    """It isn't above the annual target by a unit's factor."""
    return abs(level) < UNIT_FACTOR * abs(target)


def growth_is_no_fraction(growth: Decimal, rate_before: Decimal) -> bool:
    """It isn't a hundredth or a hundred times of what it was: 0.087 typed for 8.7%."""
    return not _is_shifted(growth, rate_before, Decimal(100))


def growth_keeps_its_point(growth: Decimal, rate_before: Decimal) -> bool:
    """It isn't a tenth or ten times of what it was; small rates may really move so far."""
    return not _is_shifted(growth, rate_before, Decimal(10))


def share_keeps_its_point(share: Decimal, rate_before: Decimal) -> bool:
    """It's neither a tenth nor a hundredth of what it was, nor ten or a hundred times: shares move slowly."""
    return not any(_is_shifted(share, rate_before, factor) for factor in (Decimal(10), Decimal(100)))


def growth_agrees(stated: Interval, implied: Interval) -> bool:
    """The stated growth follows from the levels within rounding; what contradicts them is another rule's."""
    return stated.overlaps(implied) or not growth_is_near(stated, implied)


def growth_is_near(stated: Interval, implied: Interval) -> bool:
    """The stated growth lies within SCOPE_POINTS of what the levels give."""
    return _gap(stated, implied) < SCOPE_POINTS


def is_whole_count(count: Decimal) -> bool:
    """A number of things."""
    return count >= 0 and count == count.to_integral_value()


def is_number(amount_text: str) -> bool:
    """A number as people type it."""
    return parse_number(amount_text) is not None


def is_date(date_text: str) -> bool:
    """An ISO date, as the reader makes of whatever Excel holds."""
    return iso_date(date_text) is not None


def day_stays(was_day: str, now_day: str) -> bool:
    """A day that a project has passed is what it was a month before."""
    return was_day == now_day


def has_check_digit(credit_code: str) -> bool:
    """A unified social credit code that can be right."""
    return is_credit_code(credit_code)


def _fell(accumulated: Interval, before: Interval) -> bool:
    return accumulated.high < before.low


def _fall(accumulated: Interval, before: Interval) -> Decimal:
    return (before.low + before.high - accumulated.low - accumulated.high) / 2


def _size(figure: Interval) -> Decimal:
    return abs(figure.low + figure.high) / 2


def _gap(one: Interval, other: Interval) -> Decimal:
    return max(other.low - one.high, one.low - other.high, Decimal(0))


def _is_shifted(now: Decimal, before: Decimal, factor: Decimal) -> bool:
    if not now or not before or abs(now - before) < SCOPE_POINTS:
        return False
    return factor * _SHIFT_LOW <= _ratio(now, before) <= factor * _SHIFT_HIGH


def _ratio(one: Decimal, other: Decimal) -> Decimal:
    return max(abs(one / other), abs(other / one))
