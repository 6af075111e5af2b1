"""Turns readings into a table that can be asked whether they were read right; knows no figure's meaning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

import pandas as pd

from transforms.area_names import area_name
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.figures import Interval, exact, places_of
from transforms.frames.areas import nearest_area
from transforms.frames.known import Known
from transforms.frames.known import known_labels as known_labels
from transforms.frames.table import MEASURE_WORDS, place_of, table
from transforms.observations import WHOLE, Received
from transforms.periods import Period
from transforms.readings import Measure, Reading, State, Table
from transforms.units import convert

COLUMNS = (
    "workbook",
    "sheet",
    "when",
    "raw",
    "label",
    "area",
    "nearest",
    "unit",
    "due_units",
    "due_words",
    "money_unit",
    "number_state",
    "state",
    "vintage",
    "series",
    "content",
    "first_content",
    "first_shown",
    "first_at",
    "dated",
    "received_month",
    "stated_period",
    "received_day",
    "running_until",
    "use_words",
    "table_period",
    "held_period",
)

_LEVELS = (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.LEVEL)
_GROWTHS = (Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH)
_NUMBERS = (*_LEVELS, *_GROWTHS, Measure.QUARTER, Measure.YEAR)
_SINGLE = (*_NUMBERS, Measure.COMPLETION, Measure.ANNUAL_TARGET, Measure.DONE, Measure.DATE)
"""Measures of which a series has one a period; 上年同期 has one for the month and one for the year-to-date."""


def readings_frame(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> pd.DataFrame:
    """One row for each reading that the reference period can rest on.

    Left out is what a later vintage states again, what is older than last January, and what is later than the reference
    period, unless it claims a month that hadn't begun when the file came.
    """
    known = Known(plan, district)
    latest = latest_of(received)
    rows: list[dict[str, object]] = []
    for one in received:
        firsts: dict[str, tuple[Reading, str]] = {}
        for part in one.contents.tables:
            for reading in part.readings:
                if is_outdated(reading, one.received, latest) or not _in_reach(reading, one, period):
                    continue
                rows.append(_row(reading, part, one, known, firsts, period))
    return table(COLUMNS, rows)


def latest_of(received: Sequence[Received]) -> Mapping[tuple[object, ...], dt.datetime]:
    """When each figure was last told, by what names it."""
    latest: dict[tuple[object, ...], dt.datetime] = {}
    for one in received:
        for reading in one.contents.readings:
            if reading.state is not State.BLANK:
                key = _key(reading)
                latest[key] = max(latest.get(key, one.received), one.received)
    return latest


def _key(reading: Reading) -> tuple[object, ...]:
    return (reading.label, reading.parent, reading.area, reading.period, reading.measure)


def is_outdated(reading: Reading, received: dt.datetime, latest: Mapping[tuple[object, ...], dt.datetime]) -> bool:
    """Whether a later vintage has told the figure again."""
    newest = latest.get(_key(reading))
    return reading.period is not None and newest is not None and newest > received


def _in_reach(reading: Reading, one: Received, period: Period | None) -> bool:
    if period is None or reading.period is None:
        return True
    return Period(period.year - 1, 1) <= reading.period <= period or _not_begun(reading.period, one)


def _not_begun(period: Period, one: Received) -> bool:
    return period.first_day > one.received.date()


def _row(
    reading: Reading,
    part: Table,
    one: Received,
    known: Known,
    firsts: dict[str, tuple[Reading, str]],
    period: Period | None,
) -> dict[str, object]:
    area = area_name(reading.area, known.district)
    is_known = bool(known.indicators(reading))
    where = f"（{reading.area}）" if area != WHOLE else ""
    measure = MEASURE_WORDS[reading.measure]
    number = reading.measure in _NUMBERS and is_known
    due = known.due_units(reading) if reading.value is not None else None
    row: dict[str, object] = {
        **place_of((reading.cell,)),
        "subject": f"{reading.label}{where}{measure}",
        "period": str(reading.period or ""),
        "needs": known.needs(reading),
        "workbook": part.workbook,
        "sheet": part.sheet,
        "when": reading.period.chinese() if reading.period else "未注明时期",
        "raw": reading.raw,
        # What an earlier month held beside the plan was told then, and last year had a plan of its own.
        "label": known.label(reading) if known.plan and reading.period in {None, period} else None,
        "area": "".join(reading.area.split()) if known.district.areas else None,
        "nearest": nearest_area(reading.area, known.district) if area is None else "",
        "unit": (reading.unit or None) if due is not None else None,
        "due_units": due,
        "due_words": _due_words(due),
        "money_unit": reading.unit if _is_money(due) else None,
        "number_state": str(reading.state) if number else None,
        "state": str(reading.state),
        "vintage": one.contents.vintage,
        "dated": str(reading.period or "") if is_known else None,
        "received_month": one.received.strftime("%Y-%m"),
        "stated_period": str(reading.period) if reading.period else None,
        "received_day": one.received.date().isoformat(),
        "running_until": _running_until(reading, one),
        "use_words": "其数据仍采用于本期" if reading.period and reading.period == period else "其数据未采用于本期",
        "table_period": str(part.period) if part.period else None,
        "held_period": _held_period(reading),
    }
    if is_known and area is not None and reading.measure in _SINGLE and reading.state is not State.BLANK:
        row |= _single(reading, area, known, firsts)
    return row


def _due_words(due: tuple[str, ...] | None) -> str:
    return "本领域已知的计量单位" if not due else "能换算为“" + "”或“".join(due) + "”的计量单位"


def _running_until(reading: Reading, one: Received) -> str | None:
    """The last day of a period that had begun when the file came, of a figure that's told of the period so far."""
    if reading.period is None or reading.value is None or reading.measure not in (*_LEVELS, *_GROWTHS):
        return None
    return None if _not_begun(reading.period, one) else reading.period.last_day.isoformat()


@cache
def _is_money(due: tuple[str, ...] | None) -> bool:
    return bool(due) and all(convert(Decimal(1), unit, "元") is not None for unit in due or ())


def _held_period(reading: Reading) -> str | None:
    """The period that a table's own bounds; a whole year and its target are named by December."""
    if reading.period is None or reading.measure in {Measure.YEAR, Measure.ANNUAL_TARGET}:
        return None
    return str(reading.period)


def _single(
    reading: Reading, area: str, known: Known, firsts: dict[str, tuple[Reading, str]]
) -> Iterator[tuple[str, object]]:
    """The columns that tell whether a series has one value in its vintage: equal within rounding counts as one."""
    series = "|".join((known.label(reading), area, str(reading.period), reading.measure))
    first, content = firsts.setdefault(series, (reading, _content(reading)))
    own = content if first is reading or _same(first, reading) else _content(reading)
    yield "series", series
    yield "content", own
    yield "first_content", content
    yield "first_shown", f"{first.raw}{first.unit}"
    yield "first_at", (str(first.cell),)


def _content(reading: Reading) -> str:
    return f"{exact(reading.value)} {reading.unit}" if reading.value is not None else reading.raw.strip()


def _same(one: Reading, other: Reading) -> bool:
    if one.value is None or other.value is None:
        return _content(one) == _content(other)
    value = convert(other.value, other.unit or one.unit, one.unit or other.unit)
    if value is None:
        return False
    half = Interval.of(other.value).high - other.value
    scaled = convert(half, other.unit or one.unit, one.unit or other.unit) or half
    if value == one.value:
        return True
    # As printed twice with as many digits, two numbers are two values.
    if scaled == Interval.of(one.value, places_of(one.value)).high - one.value:
        return False
    return Interval(value - scaled, value + scaled).overlaps(Interval.of(one.value))
