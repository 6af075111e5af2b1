"""Knows the slips of a hand that types rates: a point misplaced, a sign lost; knows no table."""

from __future__ import annotations

from decimal import Decimal

SCOPE_POINTS = Decimal(5)
"""Percentage points. Restated bases move a growth rate by some points (method §5: over one in 43 of 196 months)."""

_SHIFT_LOW, _SHIFT_HIGH = Decimal("0.8"), Decimal("1.25")
"""How near to 10 or 100 times a rate must lie to what it was, so that its point is taken to be misplaced."""

_MIRROR_POINTS = Decimal(1)
"""How near to its opposite a rate must lie, so that its sign is taken to be lost: bases move most rates less."""


def is_shifted(rate: Decimal, like: Decimal, factor: Decimal) -> bool:
    """Whether it's about ``factor`` times, or that part of, what it should be like, and by more than bases move it."""
    if not rate or not like or abs(rate - like) < SCOPE_POINTS:
        return False
    return factor * _SHIFT_LOW <= ratio(rate, like) <= factor * _SHIFT_HIGH


def is_mirrored(rate: Decimal, like: Decimal) -> bool:
    """Whether it's what it should be like with the other sign."""
    return abs(rate - like) >= SCOPE_POINTS and abs(rate + like) <= _MIRROR_POINTS


def slip(rate: Decimal, like: Decimal) -> str:
    """The slip that explains a rate, as a clause for a message; empty where none does."""
    for factor in (Decimal(10), Decimal(100)):
        if is_shifted(rate, like, factor) and rate * like > 0:
            return f"，相差约{factor}倍，疑似小数点或百分号有误"
    return "，数值相近而正负相反，疑似漏填或多填负号" if is_mirrored(rate, like) else ""


def ratio(one: Decimal, other: Decimal) -> Decimal:
    """The greater over the smaller, signs aside."""
    return max(abs(one / other), abs(other / one))
