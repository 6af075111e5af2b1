"""How much of an annual target should be done by a month (method §3); knows nothing of what was done."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from transforms.declared.paths import Batch, Elapsed, Flat, LastYear, Path, Schedule
from transforms.declared.plan import Indicator
from transforms.figures import HUNDRED
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series


def elapsed(period: Period) -> Decimal:
    """序时进度 in %: month ÷ 12."""
    return HUNDRED * period.month / 12


def last_year(indicator: Indicator, period: Period, series: Series) -> Decimal | None:
    """历史同期进度 in %: last year's figure by the same month ÷ last year's total; None without both.

    A year-to-date figure of last December is its total. A total of zero has no shares.
    """
    by_now = series.number(indicator.code, period.last_year, Measure.YEAR_TO_DATE)
    total = series.number(indicator.code, Period(period.year - 1, 12), Measure.YEAR_TO_DATE)
    if by_now is None or total is None or by_now.value is None or not total.value:
        return None
    return HUNDRED * by_now.value / total.value


def declared(path: Path, period: Period, by_last_year: Decimal | None) -> Decimal | None:
    """What the declared path asks for by the period's end, in % of the target.

    None for a flat path, which asks for the whole at any time, and for a last-year path without history.
    """
    match path:
        case Elapsed():
            return elapsed(period)
        case LastYear():
            return by_last_year
        case Schedule():
            return path.due[period.month]
        case Batch():
            return HUNDRED if period.month >= path.month else Decimal(0)
        case Flat():
            return None
        case _:
            assert_never(path)
