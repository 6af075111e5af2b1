"""Looks figures up in what is known about a plan's indicators; derives a month from year-to-date figures and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from transforms.declared.plan import Indicator
from transforms.observations import WHOLE, Observation
from transforms.periods import Period
from transforms.readings import Cell, Measure, State
from transforms.wanted import measures_of


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure that follows from others: its value and every cell it rests on."""

    value: Decimal
    cells: tuple[Cell, ...]


class Series:
    """All observations of a plan, by indicator, period, measure and area."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._found = {(o.code, o.period, o.measure, o.area, o.option): o for o in observations}

    def observation(
        self, code: str, period: Period, measure: Measure, area: str = WHOLE, option: str = ""
    ) -> Observation | None:
        """What was reported, a blank included; None where nothing was."""
        return self._found.get((code, period, measure, area, option))

    def number(self, code: str, period: Period, measure: Measure, area: str = WHOLE) -> Observation | None:
        """The observation if it's a number."""
        found = self.observation(code, period, measure, area)
        return found if found is not None and found.state is State.NUMBER else None

    def figure(self, indicator: Indicator, period: Period, area: str = WHOLE) -> Observation | None:
        """The figure that is judged, under the first of the indicator's measures that has a number."""
        for measure in measures_of(indicator):
            found = self.number(indicator.code, period, measure, area)
            if found is not None:
                return found
        return None

    def says_no_item(self, indicator: Indicator, period: Period) -> bool:
        """Whether the source says — (无此项) where the judged figure would stand, and gives no number."""
        said = (self.observation(indicator.code, period, measure) for measure in measures_of(indicator))
        return self.figure(indicator, period) is None and any(
            one is not None and one.state is State.NO_ITEM for one in said
        )

    def latest(self, indicator: Indicator, period: Period) -> Observation | None:
        """The newest figure of the twelve months that end with the period."""
        for back in range(12):
            found = self.figure(indicator, Period.from_ordinal(period.ordinal - back))
            if found is not None:
                return found
        return None

    def words(self, code: str, period: Period, measure: Measure, option: str = "") -> str:
        """What the unit wrote, empty where it wrote nothing."""
        found = self.observation(code, period, measure, option=option)
        return found.text if found is not None and found.state is State.TEXT else ""

    def year_to_date(self, code: str, period: Period) -> Derived | None:
        """The year-to-date figure; where it wasn't reported, from the next month's or as the sum of the months."""
        found = self.number(code, period, Measure.YEAR_TO_DATE)
        if found is not None and found.value is not None:
            return Derived(found.value, found.cells)
        return self._before_the_next(code, period) or self._sum_of_months(code, period)

    def _before_the_next(self, code: str, period: Period) -> Derived | None:
        if period.month == 12:
            return None
        total = self.number(code, period.next, Measure.YEAR_TO_DATE)
        month = self.number(code, period.next, Measure.MONTH)
        if total is None or month is None or total.value is None or month.value is None:
            return None
        return Derived(total.value - month.value, (*total.cells, *month.cells))

    def _sum_of_months(self, code: str, period: Period) -> Derived | None:
        found = [self.number(code, month, Measure.MONTH) for month in period.months_of_year_so_far()]
        known = [month for month in found if month is not None and month.value is not None]
        if len(known) < len(found):
            return None
        return Derived(
            sum((month.value for month in known if month.value is not None), Decimal(0)),
            tuple(cell for month in known for cell in month.cells),
        )

    def month(self, code: str, period: Period) -> Derived | None:
        """The month's own figure; by subtraction of year-to-date figures where it wasn't reported."""
        found = self.number(code, period, Measure.MONTH)
        if found is not None and found.value is not None:
            return Derived(found.value, found.cells)
        total = self.year_to_date(code, period)
        if total is None:
            return None
        if period.month == 1:
            return total
        before = self.year_to_date(code, period.previous)
        if before is None:
            return None
        return Derived(total.value - before.value, (*total.cells, *before.cells))
