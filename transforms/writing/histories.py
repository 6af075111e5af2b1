"""Arranges an indicator's year and an area's ranks, month by month, for charts; knows no geometry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms import paths
from transforms.assessments import AreaTable, Assessment, Point, Status
from transforms.declared.plan import Plan
from transforms.declared.targets import Every, Range, Repeat
from transforms.figures import HUNDRED, printed, round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.periods import Period, span
from transforms.series import Series
from transforms.writing.assessment_wording import completion_text, is_pro_rated, list_name, path_name
from transforms.writing.target_wording import plain, target_cell

NEWEST_VINTAGE = "历史各月按最新修订数绘制"
"""What a chart of earlier months says in its description and a template in its caption: as they're known today."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure and its text as it's printed, without a unit; the value is what's printed, or a path's unrounded."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """One month of an indicator as it's judged with today's knowledge; what isn't known is None, never zero.

    Completion, paths and growth are in %.
    """

    period: Period
    status: Status
    value: Shown | None = None
    """The judged figure that was reported for just this month."""
    completion: Shown | None = None
    elapsed_path: Shown | None = None
    last_year_path: Shown | None = None
    declared_path: Shown | None = None
    growth: Shown | None = None


@dataclass(frozen=True, slots=True)
class IndicatorHistory:
    """One indicator from January to the bulletin's period, beside last year's months and the way to its target."""

    code: str
    section: str
    """The id of the plan's section."""
    name: str
    unit: str
    kind: str
    """The kind of its target: reach, grow, ceiling, …"""
    target: Shown | None
    """None for a deed."""
    upper: Shown | None
    """The upper end of a range."""
    target_cell: str
    """≥170, 3左右, 5.5～6, 完成."""
    path_name: str
    """What the declared path is called: 序时进度, 历史同期进度; empty where nothing is pro-rated."""
    months: tuple[HistoryMonth, ...]
    """January to the period, one each."""
    last_year: tuple[Shown | None, ...]
    """The same figure in the twelve months of last year."""
    path: tuple[Shown | None, ...]
    """The declared path of the whole year in the indicator's unit, month by month to December."""

    @property
    def now(self) -> HistoryMonth:
        """The bulletin's own month."""
        return self.months[-1]

    @property
    def is_pro_rated(self) -> bool:
        """Whether it's an amount to be reached step by step."""
        return bool(self.path_name)


@dataclass(frozen=True, slots=True)
class AreaRanks:
    """One area's place in each month of the year so far; None where it had no figure."""

    area: str
    ranks: tuple[int | None, ...]
    value: Shown | None
    """Its figure of the bulletin's own month."""


@dataclass(frozen=True, slots=True)
class AreaHistory:
    """The areas of one table of areas, in its order, and how they moved from January to the bulletin's period."""

    title: str
    """That of the :class:`AreaSection` it belongs to; both stand in the same order."""
    unit: str
    period: Period
    areas: tuple[AreaRanks, ...]


def indicator_histories(plan: Plan, assessments: Iterable[Assessment], series: Series) -> tuple[IndicatorHistory, ...]:
    """Every indicator's year, in the order of the main table."""
    ordered = [a for section in plan.sections for a in assessments if a.indicator.section == section.id]
    return tuple(_history(assessment, series) for assessment in ordered)


def area_histories(tables: Iterable[AreaTable], titles: Iterable[str], period: Period) -> tuple[AreaHistory, ...]:
    """The ranks of every table of areas, under the titles that the tables have."""
    return tuple(
        AreaHistory(
            title,
            table.indicator.unit,
            period,
            tuple(AreaRanks(s.area, s.ranks, _shown(s.value, table.places)) for s in table.standings),
        )
        for table, title in zip(tables, titles, strict=True)
    )


def _history(assessment: Assessment, series: Series) -> IndicatorHistory:
    indicator, target = assessment.indicator, assessment.indicator.target
    places = indicator.printed_places
    before = [series.figure(indicator, month.last_year) for month in _year(assessment.period)]
    # A quarter's or a year's number of times is no line for a month's.
    comparable = not (isinstance(target, Repeat) and target.every is not Every.MONTH)
    return IndicatorHistory(
        code=indicator.code,
        section=indicator.section,
        name=list_name(indicator),
        unit=indicator.unit,
        kind=target.kind,
        target=_declared(target.value) if comparable else None,
        upper=_declared(target.upper) if isinstance(target, Range) else None,
        target_cell=target_cell(target),
        path_name=_path_name(assessment, series),
        months=tuple(_month(assessment, point, series) for point in assessment.history),
        last_year=tuple(_shown(found.value, places) if found else None for found in before),
        path=tuple(_path(assessment, series)),
    )


def _path_name(assessment: Assessment, series: Series) -> str:
    """The name of the whole year's path, whether or not this month has a figure to be judged by it."""
    if not is_pro_rated(assessment):
        return ""
    shares = (paths.last_year(assessment.indicator, month, series) for month in _year(assessment.period))
    return path_name(replace(assessment, last_year_path=next((share for share in shares if share is not None), None)))


def _year(period: Period) -> Iterator[Period]:
    return span(Period(period.year, 1), Period(period.year, 12))


def _month(assessment: Assessment, point: Point, series: Series) -> HistoryMonth:
    indicator, paced = assessment.indicator, is_pro_rated(assessment)
    by_last_year = paths.last_year(indicator, point.period, series) if paced else None
    elapsed = paths.elapsed(point.period) if paced else None
    declared = paths.declared(indicator.path, point.period, by_last_year)
    completion = _shown(point.completion, PERCENT_PLACES)
    if completion is not None:
        # With more digits where it would print a 100% that isn't reached.
        judged = replace(assessment, status=point.status, completion=point.completion)
        completion = replace(completion, text=completion_text(judged).removesuffix("%"))
    return HistoryMonth(
        point.period,
        point.status,
        _shown(point.value, indicator.printed_places),
        completion,
        _shown(elapsed, PERCENT_PLACES),
        _shown(by_last_year, PERCENT_PLACES),
        _shown(elapsed if declared is None else declared, PERCENT_PLACES),
        _shown(point.growth, PERCENT_PLACES),
    )


def _path(assessment: Assessment, series: Series) -> Iterator[Shown | None]:
    """What the declared path asks for by each month's end; 序时进度 throughout where last year isn't known at all."""
    indicator, target = assessment.indicator, assessment.indicator.target.value
    months = list(_year(assessment.period))
    if target is None or not is_pro_rated(assessment):
        yield from (None for _ in months)
        return
    shares = [paths.declared(indicator.path, month, paths.last_year(indicator, month, series)) for month in months]
    if all(share is None for share in shares):
        shares = [paths.elapsed(month) for month in months]
    for share in shares:
        amount = None if share is None else target * share / HUNDRED
        # Drawn as it is: a path through numbers rounded to whole firms would be a staircase.
        yield None if amount is None else Shown(amount, printed(amount, max(indicator.printed_places, 1)))


def _shown(value: Decimal | None, places: int) -> Shown | None:
    return None if value is None else Shown(round_half_up(value, places), printed(value, places))


def _declared(value: Decimal | None) -> Shown | None:
    return None if value is None else Shown(value, plain(value))
