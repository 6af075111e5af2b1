"""A year of figures for each row of the specimen bulletin, so that every chart of a template has something to draw."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from transforms.assessments import Status
from transforms.figures import printed
from transforms.periods import Period
from transforms.writing.bulletin import AreaSection, IndicatorRow, SectionTable
from transforms.writing.histories import AreaHistory, AreaRanks, HistoryMonth, IndicatorHistory, Shown

_KINDS = ("reach", "hold", "grow", "ceiling", "milestone")
_TARGET = Decimal(120)


def specimen_histories(sections: Iterable[SectionTable], period: Period) -> tuple[IndicatorHistory, ...]:
    """One for each row, of every kind in turn; each eighth has a month that wasn't reported."""
    return tuple(_history(row, f"section-{at}", period) for at, one in enumerate(sections) for row in one.rows)


def specimen_area_histories(areas: Iterable[AreaSection], period: Period) -> tuple[AreaHistory, ...]:
    """Ranks that move by up to three places from month to month, with ties."""
    return tuple(
        AreaHistory(
            section.title,
            section.unit,
            period,
            tuple(
                AreaRanks(row.area, _ranks(at, len(section.rows), period), None) for at, row in enumerate(section.rows)
            ),
        )
        for section in areas
    )


def _ranks(at: int, areas: int, period: Period) -> tuple[int, ...]:
    return tuple(min(areas, max(1, at // 2 * 2 + at * month % 4)) for month in range(1, period.month + 1))


def _history(row: IndicatorRow, section: str, period: Period) -> IndicatorHistory:
    kind = _KINDS[row.serial % len(_KINDS)]
    paced, deed = kind == "reach", kind == "milestone"
    months = []
    for month in period.months_of_year_so_far():
        is_now = month == period
        status = row.status if is_now else tuple(Status)[(row.serial + month.month) % len(Status)]
        silent = deed or status is Status.NOT_REPORTED or row.serial % 8 == month.month
        value = None if silent else Decimal(row.serial % 23 * month.month) - Decimal(row.serial % 3)
        elapsed = Decimal(100 * month.month) / 12
        months.append(
            HistoryMonth(
                month,
                status,
                _shown(value),
                _shown(value / _TARGET * 100) if paced and value is not None else None,
                _shown(elapsed) if paced else None,
                _shown(elapsed - 2) if paced and row.serial % 2 else None,
                _shown(elapsed) if paced else None,
                None if value is None else _shown(value / 10),
            )
        )
    return IndicatorHistory(
        code=row.code,
        section=section,
        name=row.name,
        unit=row.unit,
        kind=kind,
        target=None if deed else _shown(_TARGET),
        upper=None,
        target_cell=row.target,
        path_name="序时进度" if paced else "",
        months=tuple(months),
        last_year=tuple(None if deed else _shown(Decimal(row.serial % 19 * month)) for month in range(1, 13)),
        path=tuple(_shown(_TARGET * month / 12) if paced else None for month in range(1, 13)),
    )


def _shown(value: Decimal | None) -> Shown | None:
    return None if value is None else Shown(value, printed(value, 1))
