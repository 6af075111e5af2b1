"""Turns issues that were published into what a later bulletin is held against; knows no store and no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Protocol, TypeVar

from transforms.assessments import AreaTable
from transforms.declared.plan import Plan
from transforms.observations import WHOLE, Harmonised, Observation, Revision
from transforms.periods import Period
from transforms.readings import Measure
from transforms.wanted import told_measures
from transforms.writing.bulletin import Bulletin, Figure
from transforms.writing.editions import Edition


@dataclass(frozen=True, slots=True)
class Published:
    """One issue: ``figures`` are the numbers behind all that it printed, ``vintages`` the hashes of all it knew."""

    period: Period
    edition: Edition
    designation: str
    """发文字号: 金经信通报〔2024〕6号."""
    dated: dt.date
    figures: tuple[Observation, ...]
    vintages: frozenset[str]


Key = tuple[str, str, Period, Measure, str]
"""Which figure: indicator, area, period, measure, and the option of an either-target."""


def key_of(figure: Observation) -> Key:
    """Which figure it is, whatever its value."""
    return figure.code, figure.area, figure.period, figure.measure, figure.option


def told_figures(known: Harmonised, plan: Plan, tables: Sequence[AreaTable], period: Period) -> tuple[Observation, ...]:
    """The numbers behind what a bulletin prints: each indicator's, month by month, and the ranked areas' of the year.

    Last year's are among them, since paths and charts are drawn from them; what no reader meets isn't, such as the
    month's own amount beside the year's.
    """
    found = [one for one in known.observations if one.value is not None and is_told(one, plan, tables, period)]
    return tuple(sorted(found, key=key_of))


def is_told(one: Observation | Revision, plan: Plan, tables: Sequence[AreaTable], period: Period) -> bool:
    """Whether a bulletin of the period prints this figure, or a number that is reckoned from it."""
    indicator = plan.indicator(one.code)
    last_year = one.period.year < period.year
    if indicator is None or one.period > period or one.measure not in told_measures(indicator, of_last_year=last_year):
        return False
    if one.area == WHOLE:
        return True
    return not last_year and any(table.indicator.code == one.code for table in tables)


class _OfPeriod(Protocol):
    @property
    def period(self) -> Period: ...


Told = TypeVar("Told", bound=_OfPeriod)


def own_of(issues: Sequence[Told], period: Period) -> Told | None:
    """The period's newest edition; ``issues`` stand in the order in which they were published."""
    return next((issue for issue in reversed(issues) if issue.period == period), None)


def held_against(issues: Sequence[Told], period: Period) -> tuple[Told, ...]:
    """The issues that a bulletin of the period is compared with, the newest first.

    A correction is compared with what it corrects; else it's the newest issue of the year, and an older one only for
    the months that no newer one tells.
    """
    own = own_of(issues, period)
    if own is not None:
        return (own,)
    chosen: list[Told] = []
    for issue in reversed(issues):
        if issue.period.year == period.year and all(one.period < issue.period for one in chosen):
            chosen.append(issue)
    return tuple(chosen)


def last_told(issues: Sequence[Published]) -> dict[Key, Observation]:
    """Each figure as it was told last; ``issues`` as :func:`held_against` gives them."""
    told: dict[Key, Observation] = {}
    covered: Period | None = None
    for issue in issues:
        told |= {key_of(one): one for one in issue.figures if covered is None or one.period > covered}
        covered = issue.period
    return told


_NOT_SAID = {"edition", "number", "title", "revisions", "revisions_lead", "dated", "dated_iso", "source", "sources"}
"""What a new number, a later day or another copy of the same figures changes, and what depends on earlier issues."""


def said(bulletin: Bulletin) -> Iterator[str]:
    """All that the bulletin says of its period, piece by piece: two of which these are equal needn't both be issued."""
    return _said(bulletin)


def _said(what: object) -> Iterator[str]:
    if isinstance(what, Figure):
        yield what.text
    elif is_dataclass(what):
        for field in fields(what):
            if field.name not in _NOT_SAID:
                yield field.name
                yield from _said(getattr(what, field.name))
    elif isinstance(what, tuple):
        yield str(len(what))
        for one in what:
            yield from _said(one)
    else:
        yield repr(what)
