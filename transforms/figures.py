"""Turns decimals into printed figures and printed figures into decimals and intervals; knows no unit's meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

HUNDRED = Decimal(100)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋，％", "0123456789.-+,%")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
"""What a spreadsheet's own numbers become: most of what is asked for."""
_NUMBER = re.compile(r"[-+−－]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][-+]?\d+)?")


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round once, ties away from zero (四舍五入, GB/T 8170 without its even rule); never gives -0."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def printed(value: Decimal, places: int) -> str:
    """A figure as it's printed: fixed places, no thousands separator, a true minus sign."""
    return f"{round_half_up(value, places):f}".replace("-", "−")


def exact(value: Decimal | None) -> str | None:
    """The exact decimal without exponent and without trailing zeros after the point, or None."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str) -> Decimal | None:
    """Read a number as people type it (1,234.5 ； １２ ； −3.1%); None where it isn't one.

    A trailing % is dropped: the column says the unit.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    plain = text.translate(_FULL_WIDTH).strip().removesuffix("%").strip().replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None


def from_float(value: float) -> Decimal:
    """The decimal a spreadsheet shows for its binary number: 15 significant digits, as Excel keeps."""
    return Decimal(f"{value:.15g}")


def places_of(value: Decimal) -> int:
    """Digits after the point that the figure was printed with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Interval:
    """All values that a printed figure may stand for (method §5): 13.8 is [13.75, 13.85)."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, value: Decimal, places: int | None = None) -> Interval:
        """The interval of a figure printed with ``places`` digits (its own number of digits if None)."""
        half = Decimal(1).scaleb(-(places_of(value) if places is None else places)) / 2
        return cls(value - half, value + half)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __truediv__(self, other: Interval) -> Interval:
        """All quotients. ZeroDivisionError where the divisor may be zero: then nothing can be said of them."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        ends = [one / by for one in (self.low, self.high) for by in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def times(self, factor: Decimal) -> Interval:
        """The interval in another unit, or in % instead of parts of one."""
        ends = (self.low * factor, self.high * factor)
        return Interval(min(ends), max(ends))

    def overlaps(self, other: Interval) -> bool:
        """Whether some value could lie in both; touching ends count, for either rounding of a tie."""
        return self.low <= other.high and other.low <= self.high

    def away_from(self, other: Interval) -> Decimal:
        """How far the two lie apart; nothing where they touch."""
        return max(other.low - self.high, self.low - other.high, Decimal(0))

    def written(self, places: int, unit: str = "") -> str:
        """Both ends as a message quotes them: 12.15%～12.25%."""
        return f"{printed(self.low, places)}{unit}～{printed(self.high, places)}{unit}"

    def roundings(self, places: int, unit: str = "") -> str:
        """What a figure of so many digits may be that stands for a value of the interval: 12.2%, or 12.1%～12.3%."""
        low, high = printed(self.low, places), printed(self.high, places)
        return f"{low}{unit}" if low == high else f"{low}{unit}～{high}{unit}"


def growth_between(now: Interval, then: Interval) -> Interval:
    """The growth in %, from a base that is above zero; ZeroDivisionError where it may not be."""
    if then.low <= 0:
        raise ZeroDivisionError("growth has no meaning from a base that may be zero or below")
    quotient = now / then
    return Interval((quotient.low - 1) * HUNDRED, (quotient.high - 1) * HUNDRED)
