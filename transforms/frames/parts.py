"""Turns observations of areas into a table of wholes beside the sums of their parts; knows no area's figures apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.figures import Interval
from transforms.frames.figures import interval_in, printed_as
from transforms.frames.table import MEASURE_WORDS, place_of, shown, table
from transforms.observations import WHOLE, Observation
from transforms.periods import Period
from transforms.readings import Measure, State
from transforms.units import plain_unit

COLUMNS = ("missing", "whole", "sums", "whole_words", "sum_words")

_ADDED = (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.LEVEL)
_ZERO = Interval(Decimal(0), Decimal(0))


def parts_frame(observations: Sequence[Observation], plan: Plan, district: District, period: Period) -> pd.DataFrame:
    """One row for each figure that areas have, at each period: which areas lack it, and what they add up to.

    A park may lie inside townships or beside them; nobody declares which. So the whole may be the sum of the townships
    or of all areas; a sum is made only when all its areas have a figure. Missing areas are told for the reference
    period alone, the one whose ranking is printed.
    """
    groups: dict[tuple[str, Period, Measure], dict[str, Observation]] = defaultdict(dict)
    for o in observations:
        if o.period <= period and o.state is not State.BLANK and o.measure in {*_ADDED, *_RATES}:
            groups[o.code, o.period, o.measure][o.area] = o
    names = {indicator.code: indicator.name for indicator in plan.indicators}
    rows = [
        _row(names[code], at, measure, found, district, period)
        for (code, at, measure), found in groups.items()
        if code in names and set(found) - {WHOLE}
    ]
    return table(COLUMNS, rows)


_RATES = (Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH)


def _row(
    name: str,
    at: Period,
    measure: Measure,
    found: Mapping[str, Observation],
    district: District,
    period: Period,
) -> dict[str, object]:
    parts = [o for area, o in found.items() if area != WHOLE]
    missing = _missing(found, district) if at == period else []
    row: dict[str, object] = {
        **place_of([cell for o in parts for cell in o.cells]),
        "subject": f"{name}{at.chinese()}{MEASURE_WORDS[measure]}（分乡镇、园区）",
        "period": str(at),
        "needs": True,
        "missing": "、".join(missing) or None,
    }
    whole = found.get(WHOLE)
    own = interval_in(whole, whole.unit) if whole else None
    if whole is None or own is None or measure not in _ADDED or not _additive(whole.unit):
        return row
    sums = _sums(found, whole, district)
    if sums:
        row |= {
            **place_of([*whole.cells, *(cell for o in parts for cell in o.cells)]),
            "whole": own,
            "sums": tuple(sums.values()),
            "whole_words": printed_as(whole),
            "sum_words": "，".join(
                f"{words}合计{shown((total.low + total.high) / 2, whole.unit)}" for words, total in sums.items()
            ),
        }
    return row


def _missing(found: Mapping[str, Observation], district: District) -> list[str]:
    """The declared areas without a figure, of those kinds (township, park) of which some area has one."""
    kinds = {area.kind for area in district.areas if area.name in found}
    return [area.name for area in district.areas if area.kind in kinds and area.name not in found]


def _additive(unit: str) -> bool:
    return plain_unit(unit) != "%" and "/" not in unit


def _sums(found: Mapping[str, Observation], whole: Observation, district: District) -> dict[str, Interval]:
    townships = [area.name for area in district.areas if area.kind == "township"]
    everyone = [area.name for area in district.areas]
    sums: dict[str, Interval] = {}
    for words, names in (("各乡镇", townships), ("各乡镇和园区", everyone)):
        figures = [_figure(found.get(name), whole) for name in names]
        if figures and all(figures) and (words == "各乡镇" or townships != everyone):
            total = _ZERO
            for figure in figures:
                total += figure or _ZERO
            sums[words] = total
    return sums


def _figure(o: Observation | None, whole: Observation) -> Interval | None:
    """What an area adds: — is nothing, … less than half of the last digit printed."""
    if o is None:
        return None
    match o.state:
        case State.NUMBER:
            return interval_in(o, whole.unit)
        case State.NO_ITEM:
            return _ZERO
        case State.TOO_SMALL:
            return Interval(Decimal(0), Decimal(1).scaleb(-whole.places) / 2)
        case _:
            return None
