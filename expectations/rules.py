"""Rules that Great Expectations has no words for, each asked of one row; exact, on Decimals and Intervals."""

from __future__ import annotations

from decimal import Decimal

from transforms.dates import iso_date
from transforms.figures import Interval, parse_number
from transforms.ledgers.credit_code import is_credit_code
from transforms.rechecking.file_rechecks import UNRECONCILED
from transforms.rechecking.slips import SCOPE_POINTS, is_shifted, ratio, slip
from transforms.tables.labels import is_unit
from transforms.units import convert

SLIP = Decimal("0.01")
"""A fall of a year-to-date figure below this share can be the month's own revision; above it's another figure."""

RATE_POINTS = Decimal(50)
"""Percentage points that a year-to-date rate moves in a month only early in a year, from a small base."""

MOVE_FACTOR = Decimal(3)
"""A level that is a third or three times of both last year's and last month's is worth a question."""

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
    return (carried + month).away_from(total) < UNRECONCILED * _size(total) or (carried + month).away_from(total) == 0


def months_add_up(carried: Interval, month: Interval, total: Interval) -> bool:
    """上月累计 + 本月 = 本月累计 within rounding; what doesn't even reconcile is another rule's."""
    sums = carried + month
    return sums.overlaps(total) or not months_reconcile(carried, month, total)


def parts_add_up(whole: Interval, sums: tuple[Interval, ...]) -> bool:
    """The whole is one of the sums within rounding: of the townships, or of townships and parks."""
    return any(whole.overlaps(total) for total in sums)


def no_unit_jump(level: Decimal, references: tuple[Decimal, ...]) -> bool:
    """It's near one of last year's same period and the series' usual size."""
    return any(ratio(level, reference) < UNIT_FACTOR for reference in references)


def near_target(level: Decimal, target: Decimal) -> bool:
    """It isn't above the annual target by a unit's factor."""
    return abs(level) < UNIT_FACTOR * abs(target)


def growth_is_no_fraction(growth: Decimal, rate_before: Decimal) -> bool:
    """It isn't a hundredth or a hundred times of what it was: 0.087 typed for 8.7%."""
    return not is_shifted(growth, rate_before, Decimal(100))


def growth_keeps_its_point(growth: Decimal, rate_before: Decimal) -> bool:
    """It isn't a tenth or ten times of what it was; small rates may really move so far."""
    return not is_shifted(growth, rate_before, Decimal(10))


def share_keeps_its_point(share: Decimal, rate_before: Decimal) -> bool:
    """It's neither a tenth nor a hundredth of what it was, nor ten or a hundred times: shares move slowly."""
    return not any(is_shifted(share, rate_before, factor) for factor in (Decimal(10), Decimal(100)))


def growth_has_no_slip(stated: Interval, implied: Interval) -> bool:
    """It isn't ten or a hundred times, or the opposite, of what the levels give: no restated base does that."""
    return not _slip(stated, implied)


def rate_moves_plausibly(growth: Decimal, rate_before: Decimal) -> bool:
    """It hasn't moved by more than RATE_POINTS since it was last told; a misplaced point is another rule's."""
    shifted = any(is_shifted(growth, rate_before, Decimal(factor)) for factor in (10, 100))
    return shifted or abs(growth - rate_before) <= RATE_POINTS


def level_moves_plausibly(moved: Decimal, expected_near: tuple[Decimal, ...]) -> bool:
    """It's within MOVE_FACTOR of one of what it should be near to; a unit mistaken is another rule's."""
    return any(not MOVE_FACTOR <= ratio(moved, near) < UNIT_FACTOR for near in expected_near)


def has_moved(stood: bool) -> bool:
    """It isn't last month's very figure."""
    return stood


def is_new(equal: int, compared: int) -> bool:
    """At least one figure isn't an earlier table's."""
    return equal < compared


def is_a_target(stated_targets: tuple[Interval, ...], plan_targets: tuple[Interval, ...]) -> bool:
    """One of the targets that a row states is one of the plan's, as far as it's printed."""
    return any(stated.overlaps(one) for stated in stated_targets for one in plan_targets)


def follows_from_one(completion: Interval, implied_completions: tuple[Interval, ...]) -> bool:
    """The stated completion follows from the figure and one of the plan's targets within rounding (method §5)."""
    return any(completion.overlaps(one) for one in implied_completions)


def growth_agrees(stated: Interval, implied: Interval) -> bool:
    """The stated growth follows from the levels within rounding; what contradicts them is another rule's."""
    return stated.overlaps(implied) or stated.away_from(implied) >= SCOPE_POINTS


def growth_is_near(stated: Interval, implied: Interval) -> bool:
    """The stated growth lies within SCOPE_POINTS of what the levels give; a slip of the hand is another rule's."""
    return stated.away_from(implied) < SCOPE_POINTS or bool(_slip(stated, implied))


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


def _slip(stated: Interval, implied: Interval) -> str:
    return slip((stated.low + stated.high) / 2, (implied.low + implied.high) / 2)


def _fell(accumulated: Interval, before: Interval) -> bool:
    return accumulated.high < before.low


def _fall(accumulated: Interval, before: Interval) -> Decimal:
    return (before.low + before.high - accumulated.low - accumulated.high) / 2


def _size(figure: Interval) -> Decimal:
    return abs(figure.low + figure.high) / 2
