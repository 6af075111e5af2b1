"""Tells for each unit what it owed for a period and what came of it, and since when; judges no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transforms.arrivals import answers, says_something
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.judging import YES
from transforms.observations import Harmonised, Received
from transforms.periods import Period
from transforms.readings import Measure
from transforms.reporting.forms import FORM_TITLE, is_done_before, ledger_sender, reporting_units
from transforms.series import Series


class Reported(StrEnum):
    """How far a unit's report for a period has come."""

    ALL = "reported"
    PART = "partly"
    NOTHING = "not-reported"
    NOT_DUE = "nothing-due"
    """Nothing that could be missing is owed, and nothing came."""


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit: what came for the period, and what is missing of what it owed."""

    unit: str
    state: Reported
    received: tuple[dt.datetime, ...]
    """When its files for the period came, the first one first."""
    missing: tuple[str, ...]
    """Names of indicators that are due without a figure."""
    missing_files: tuple[str, ...]
    empty: tuple[str, ...]
    """Workbooks of the period that came without anything filled in."""
    newest: Period | None
    """The latest period before that it reported on, where it has reported nothing on this one."""


def unit_reports(
    received: Sequence[Received], known: Harmonised, plan: Plan, district: District, period: Period
) -> tuple[UnitReport, ...]:
    """Every unit that owes a figure, words or a file for the period, in the district's order.

    ``received`` is what is in force. A figure counted from a ledger is owed as a file, by whoever sends it.
    """
    series = Series(known.observations)
    senders = [one.reporter for one in district.expected if period.month in one.months]
    units = dict.fromkeys((*reporting_units(plan, district), *senders))
    return tuple(_report(unit, received, series, plan, district, period) for unit in units)


def newest_period_due(plans: Iterable[Plan], district: District, last: Period) -> Period | None:
    """The newest month up to ``last`` that a plan or the district has something due in; None where there's none."""
    months = [
        Period(plan.year, month)
        for plan in plans
        for month in range(1, 13)
        if any(one.last_due(Period(plan.year, month)) == Period(plan.year, month) for one in plan.indicators)
        or any(month in one.months for one in district.expected)
    ]
    return max((month for month in months if month <= last), default=None)


def _report(
    unit: str, received: Sequence[Received], series: Series, plan: Plan, district: District, period: Period
) -> UnitReport:
    owed = [one for one in plan.indicators if _owes(unit, one, district) and _falls_due(one, period, series)]
    missing = tuple(one.name for one in owed if not _has_come(one, period, series))
    files = [one for one in district.expected if one.reporter == unit and period.month in one.months]
    here = [
        table for one in received for table in one.contents.tables if table.period == period and says_something(table)
    ]
    missing_files = tuple(one.name for one in files if not any(answers(table, one, district) for table in here))
    days = tuple(sorted(set(_days(unit, owed, received, series, district, period))))
    something = bool(days)
    if not missing and not missing_files and (something or owed or files):
        state = Reported.ALL
    elif something or len(missing) < len(owed) or len(missing_files) < len(files):
        state = Reported.PART
    else:
        state = Reported.NOTHING if owed or files else Reported.NOT_DUE
    return UnitReport(
        unit=unit,
        state=state,
        received=days,
        missing=missing,
        missing_files=missing_files,
        empty=tuple(_empty(unit, received, district, period)),
        newest=None if something else _newest(unit, received, district, period),
    )


def _owes(unit: str, indicator: Indicator, district: District) -> bool:
    if indicator.reported_by != unit:
        return False
    # The ledger is asked for by itself; where nobody is expected to send it, the unit that reports owes the count.
    return indicator.counted is None or ledger_sender(indicator.counted, district) is None


def _falls_due(indicator: Indicator, period: Period, series: Series) -> bool:
    """Whether the form asks for it: a figure in its months, a deed until it's known to be done."""
    if indicator.target.kind in {"milestone", "either"}:
        return not is_done_before(indicator, period, series)
    return indicator.last_due(period) == period


def _has_come(indicator: Indicator, period: Period, series: Series) -> bool:
    target = indicator.target
    if target.kind in {"milestone", "either"}:
        options = target.options if target.kind == "either" else ("",)
        said = [series.words(indicator.code, period, Measure.DONE, option) for option in options]
        return all(said) or bool(YES & set(said))
    if series.figure(indicator, period) is not None:
        return True
    return indicator.may_have_no_item and series.says_no_item(indicator, period)


def _days(
    unit: str,
    owed: Iterable[Indicator],
    received: Sequence[Received],
    series: Series,
    district: District,
    period: Period,
) -> Iterator[dt.datetime]:
    """When its tables of the period came, by their 报送单位, by what is expected of it alone, or by its figures."""
    mine = [one for one in district.expected if one.reporter == unit and period.month in one.months]
    for one in received:
        for table in one.contents.tables:
            if table.period == period and says_something(table):
                named = district.unit(table.reporter)
                if (named is not None and named.name == unit) or any(answers(table, file, district) for file in mine):
                    yield one.received
    for indicator in owed:
        figure = series.figure(indicator, period)
        if figure is not None:
            yield figure.received


def _empty(unit: str, received: Sequence[Received], district: District, period: Period) -> Iterator[str]:
    """A workbook is told where none of its tables of the period says anything."""
    for one in received:
        mine = [
            table
            for table in one.contents.tables
            if table.period == period and (named := district.unit(table.reporter)) is not None and named.name == unit
        ]
        if mine and not any(says_something(table) for table in mine):
            yield one.contents.workbook


def _newest(unit: str, received: Sequence[Received], district: District, period: Period) -> Period | None:
    periods = [
        table.period
        for one in received
        for table in one.contents.tables
        if table.period is not None
        and table.period < period
        and FORM_TITLE in table.title
        and says_something(table)
        and (named := district.unit(table.reporter)) is not None
        and named.name == unit
    ]
    return max(periods, default=None)
