"""Ranks the areas of a district by the figures of its ranked indicators; knows no words for a rank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from transforms.assessments import AreaStanding, AreaTable
from transforms.declared.district import Area, District
from transforms.declared.plan import Indicator, Plan
from transforms.figures import round_half_up
from transforms.observations import Harmonised, Observation
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series

KINDS = ("township", "park")
"""The kinds of area, each ranked among its own: a park isn't compared with a township."""

_LESS_IS_BETTER = ("ceiling", "clear")
_RATES = ("grow", "range")
_COUNTED = ("reach", "about", "of-which")
_MOST_PLACES = 2


def area_tables(known: Harmonised, plan: Plan, district: District, period: Period) -> tuple[AreaTable, ...]:
    """One table for each ranked indicator and kind of area that has at least one figure.

    Best first; figures that print alike share a rank and the next ranks are left out (1, 2, 2, 4). Areas without a
    figure stand last, without a rank. The earlier rank is that of the month before, within the year.
    """
    series = Series(known.observations)
    tables = []
    for code in district.bulletin.ranked:
        indicator = plan.indicator(code)
        if indicator is None:
            continue  # An earlier year's plan may not have it.
        for kind in KINDS:
            areas = [area for area in district.areas if area.kind == kind]
            places = _places(indicator, areas, series, period)
            standings = tuple(_standings(indicator, areas, series, period, places))
            if any(standing.value is not None for standing in standings):
                tables.append(AreaTable(indicator, kind, standings, places))
    return tuple(tables)


def has_none(table: AreaTable, standing: AreaStanding) -> bool:
    """Whether the area has none yet of what others have some of: that's no place to be told."""
    counted = table.indicator.target.kind in _COUNTED
    return counted and standing.value == 0 and any(other.value for other in table.standings)


def _places(indicator: Indicator, areas: Iterable[Area], series: Series, period: Period) -> int:
    """An area's figures are small: with the whole district's digits many would seem equal that aren't."""
    found = [series.figure(indicator, month, area.name) for area in areas for month in (period, period.previous)]
    told = max((figure.places for figure in found if figure is not None), default=0)
    return max(indicator.printed_places, min(told, _MOST_PLACES))


def _standings(
    indicator: Indicator, areas: Iterable[Area], series: Series, period: Period, places: int
) -> Iterator[AreaStanding]:
    found = {area.name: series.figure(indicator, period, area.name) for area in areas}
    shown = _shown(found, places)
    through_year = _ranks_through_year(indicator, found, series, period, places)
    ranks = through_year[-1]
    for name in sorted(found, key=lambda name: ranks.get(name, len(found) + 1)):
        figure = found[name]
        yield AreaStanding(
            area=name,
            value=figure.value if figure else None,
            growth=_growth(indicator, series, period, name),
            rank=ranks.get(name),
            tied=name in shown and list(shown.values()).count(shown[name]) > 1,
            # A year-to-date begins anew in January; December's ranks are another year's.
            previous_rank=through_year[-2].get(name) if len(through_year) > 1 else None,
            cells=figure.cells if figure else (),
            ranks=tuple(month.get(name) for month in through_year),
        )


def _shown(found: Mapping[str, Observation | None], places: int) -> Mapping[str, Decimal]:
    """The figures as they're printed, so that no reader sees equal figures ranked apart."""
    return {
        name: round_half_up(figure.value, places)
        for name, figure in found.items()
        if figure is not None and figure.value is not None
    }


def _ranks(indicator: Indicator, shown: Mapping[str, Decimal]) -> Mapping[str, int]:
    sign = -1 if indicator.target.kind in _LESS_IS_BETTER else 1
    return {name: 1 + sum(sign * other > sign * value for other in shown.values()) for name, value in shown.items()}


def _ranks_through_year(
    indicator: Indicator, areas: Iterable[str], series: Series, period: Period, places: int
) -> Sequence[Mapping[str, int]]:
    """The ranks of January, February and so on to the period's own."""
    return [
        _ranks(indicator, _shown({name: series.figure(indicator, month, name) for name in areas}, places))
        for month in period.months_of_year_so_far()
    ]


def _growth(indicator: Indicator, series: Series, period: Period, area: str) -> Decimal | None:
    if indicator.target.kind in _RATES:
        return None  # The ranked figure is itself the growth.
    found = series.number(indicator.code, period, Measure.YEAR_TO_DATE_GROWTH, area)
    return found.value if found else None
