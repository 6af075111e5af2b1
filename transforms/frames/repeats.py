"""Sets each table of the reference period beside the earlier table that it repeats most; judges neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.frames.known import Known
from transforms.frames.readings import is_outdated, latest_of
from transforms.frames.table import table
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Measure, Reading, State, Table
from transforms.rechecking.table_series import SeriesKey, agree, are_comparable, key_of

COLUMNS = ("when", "earlier", "earlier_when", "equal", "compared", "example", "earlier_at")

_MOVING = frozenset(
    {Measure.MONTH, Measure.YEAR_TO_DATE, Measure.QUARTER, Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH}
)
"""Measures that begin anew or go on each period; what stands at a level may rightly stay."""
_STANDS = ("hold", "ceiling", "clear")
_FEWEST = 5
_FEWEST_ROWS = 3
_SMALL = 100
_MONTHS_BACK = 12


def repeats_frame(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> pd.DataFrame:
    """One row for each table of the period that shares enough figures with an earlier one, of at most a year before.

    Enough are five that can't be equal by chance (no zeros, no whole numbers below 100, no two of the same value), of
    three rows or more, and half of the table's. Without a plan nothing is asked: files are then compared with each
    other.
    """
    rows = _rows(received, Known(plan, district), period) if plan is not None and period is not None else ()
    return table(COLUMNS, rows)


@dataclass(frozen=True, slots=True)
class _Pair:
    now: Reading
    then: Reading

    @property
    def is_equal(self) -> bool:
        return agree(self.now, self.then)

    @property
    def tells(self) -> bool:
        """Whether the figure is one that two periods don't share by chance."""
        value = self.now.value
        return bool(value) and value is not None and (value != value.to_integral_value() or abs(value) >= _SMALL)


_Figures = Mapping[SeriesKey, Reading]


def _rows(received: Sequence[Received], known: Known, period: Period) -> Iterator[dict[str, object]]:
    latest = latest_of(received)
    by_period: dict[Period, list[tuple[Table, _Figures]]] = defaultdict(list)
    for one in received:
        for part in one.contents.tables:
            figures: dict[Period, dict[SeriesKey, Reading]] = defaultdict(dict)
            for reading in part.readings:
                if _is_moving(reading, known) and not is_outdated(reading, one.received, latest):
                    assert reading.period is not None
                    figures[reading.period].setdefault(key_of(reading), reading)
            for told, those in figures.items():
                by_period[told].append((part, those))
    for part, figures_now in by_period.get(period, ()):
        found = [
            (earlier, other, pairs)
            for earlier in (Period.from_ordinal(period.ordinal - back) for back in range(1, _MONTHS_BACK + 1))
            for other, then in by_period.get(earlier, ())
            if (pairs := _pairs(figures_now, then))
        ]
        if found:
            yield _row(part, period, *max(found, key=lambda one: _likeness(one[2])), known)


def _is_moving(reading: Reading, known: Known) -> bool:
    return (
        reading.state is State.NUMBER
        and reading.period is not None
        and reading.measure in _MOVING
        and not any(indicator.target.kind in _STANDS for indicator in known.indicators(reading))
    )


def _pairs(now: _Figures, then: _Figures) -> list[_Pair]:
    """The figures that both tables have, if they're enough to tell a copy by."""
    pairs = [_Pair(one, then[key]) for key, one in now.items() if key in then and are_comparable(one, then[key])]
    telling = [pair for pair in pairs if pair.tells]
    rows = {(pair.now.area, pair.now.parent, pair.now.label) for pair in telling}
    enough = len({pair.now.value for pair in telling}) >= _FEWEST and len(rows) >= _FEWEST_ROWS
    return pairs if enough and 2 * len(pairs) >= len(now) else []


def _likeness(pairs: Sequence[_Pair]) -> tuple[bool, int]:
    """A whole copy before a part of one, and of two copies the longer."""
    equal = sum(pair.is_equal for pair in pairs)
    return equal == len(pairs), equal


def _row(
    part: Table, period: Period, earlier: Period, other: Table, pairs: Sequence[_Pair], known: Known
) -> dict[str, object]:
    first = next(pair for pair in pairs if pair.tells)
    return {
        "cell": str(part),
        "places": (str(part),),
        "subject": f"《{part.sheet}》{part.title}",
        "period": str(period),
        "needs": any(known.needs(pair.now) for pair in pairs),
        "when": period.chinese(),
        "earlier": str(other),
        "earlier_when": earlier.chinese(),
        "equal": sum(pair.is_equal for pair in pairs),
        "compared": len(pairs),
        "example": f"“{first.now.label}”{first.now.cell.ref}和{first.then.cell.ref}都是{first.now.raw.strip()}",
        "earlier_at": (str(other),),
    }
