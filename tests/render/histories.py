"""An indicator's year to write tests with: a month that isn't due, two months with figures."""

from __future__ import annotations

from decimal import Decimal

from transforms.assessments import Status
from transforms.periods import Period
from transforms.writing.histories import HistoryMonth, IndicatorHistory, Shown


def shown(text: str) -> Shown:
    """A figure by what is printed of it."""
    return Shown(Decimal(text), text)


def history(code: str, year: int = 2024, name: str = "规上工业总产值") -> IndicatorHistory:
    """January to March of an amount of 170亿元; last year's months are 10, 20 … 120."""
    january, february, march = (Period(year, month) for month in (1, 2, 3))
    return IndicatorHistory(
        code=code,
        section="one",
        name=name,
        unit="亿元",
        kind="reach",
        target=shown("170"),
        upper=None,
        target_cell="≥170",
        path_name="序时进度",
        months=(
            HistoryMonth(january, Status.NOT_DUE, declared_path=shown("8.3")),
            HistoryMonth(february, Status.BEHIND, shown("24.1"), shown("14.2"), declared_path=shown("16.7")),
            HistoryMonth(march, Status.BEHIND, shown("39.0"), shown("22.9"), declared_path=shown("25.0")),
        ),
        last_year=tuple(shown(f"{month * 10}.0") for month in range(1, 13)),
        path=tuple(None for _ in range(12)),
    )
