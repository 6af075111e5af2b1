"""Chooses an axis for figures: round steps, zero where it belongs; the only place where a figure becomes a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from transforms.figures import exact

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_MOST_INTERVALS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """From the first tick to the last, laid over a stretch of the drawing (``start`` may be greater than ``end``)."""

    ticks: tuple[Decimal, ...]
    start: float
    end: float

    def at(self, value: Decimal) -> float:
        """Where a value stands; beyond either end it stays there."""
        low, high = self.ticks[0], self.ticks[-1]
        share = (min(max(value, low), high) - low) / (high - low)
        return self.start + float(share) * (self.end - self.start)

    def labels(self) -> list[str]:
        """The ticks as they're written, with a true minus sign and as many digits as the steps have."""
        return [(exact(tick) or "").replace("-", "−") for tick in self.ticks]


def axis_of(values: Iterable[Decimal], start: float, end: float, always: Iterable[Decimal] = ()) -> Axis:
    """An axis that holds every value; those of ``always`` (such as zero) too, even where no figure is near.

    Equal values get a step on either side, and none at all the axis from 0 to 1.
    """
    held = [*values, *always]
    low, high = min(held, default=Decimal(0)), max(held, default=Decimal(1))
    if low == high:
        away = abs(low) / 5 or Decimal(1)
        low, high = (low - away if low not in set(always) else low), high + away
    step = _step((high - low) / _MOST_INTERVALS)
    first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
    return Axis(tuple(step * n for n in range(int(first), int(last) + 1)), start, end)


def _step(least: Decimal) -> Decimal:
    """The smallest round step that isn't below the least."""
    scale = Decimal(1).scaleb(least.adjusted())
    return next(step * scale for step in _STEPS if step * scale >= least)
