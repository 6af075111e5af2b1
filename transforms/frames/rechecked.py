"""Tones what the rechecks of files found by what a plan needs of them; rechecks nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.doubts import Doubt
from transforms.frames.known import Known
from transforms.observations import Received
from transforms.rechecking.rechecks import rechecks_of_tables, toned
from transforms.rechecking.row_rechecks import GROWTH, GROWTH_BASE, MONTH_WITHIN


def doubts_about_tables(received: Iterable[Received], plan: Plan, district: District) -> Iterator[Doubt]:
    """What tables state that doesn't follow from the same table, as a run of the plan must know it.

    Growth at constant prices can't be had from current levels, and what the plan says may fall may take back more in a
    month than the year has.
    """
    known = Known(plan, district)
    for one in received:
        doubts = rechecks_of_tables(one.contents)
        if not doubts:
            continue
        told = {place for doubt in doubts for place in doubt.places}
        readings = [reading for reading in one.contents.readings if str(reading.cell) in told]
        excused = {str(r.cell): {word for i in known.indicators(r) for word in _excused(i)} for r in readings}
        yield from toned(
            (doubt for doubt in doubts if not any(doubt.expectation in excused.get(at, ()) for at in doubt.places)),
            needed=frozenset(str(reading.cell) for reading in readings if known.needs(reading)),
            known=frozenset(str(reading.cell) for reading in readings if known.indicators(reading)),
        )


def _excused(indicator: Indicator) -> Iterator[str]:
    if indicator.is_at_constant_prices:
        yield from (GROWTH, GROWTH_BASE)
    if indicator.may_fall:
        yield MONTH_WITHIN
