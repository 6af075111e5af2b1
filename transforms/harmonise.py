"""Gives readings their indicator, area and unit, newest vintage first; judges nothing and reads no file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from transforms.area_names import area_name
from transforms.arrivals import says_something
from transforms.correcting import correct
from transforms.declared.corrections import Corrections
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.doubts import Doubt, Severity
from transforms.figures import places_of
from transforms.ledgers.ledger_counts import count_ledgers
from transforms.observations import WHOLE, Harmonised, Observation, Received
from transforms.periods import Period
from transforms.readings import Measure, Reading, State
from transforms.superseding import Found, Key, newest_of, places_after
from transforms.tables.labels import plain_label
from transforms.units import convert
from transforms.wanted import GROWTHS, is_counted_whole, wanted_measures


def harmonise(
    received: Sequence[Received], plan: Plan, district: District, corrections: Corrections, period: Period
) -> Harmonised:
    """All that is known about the plan's indicators up to the period.

    Looks back over the year and the one before it, which paths and growth are compared with. Where several vintages
    name the same figure the newest is used, and a difference is told as a revision; two different values that came at
    the same moment are a critical doubt. Declared corrections are applied first.
    """
    mended = correct(received, corrections, district, period)
    received = mended.received
    doubts: list[Doubt] = []
    candidates: dict[Key, list[Found]] = defaultdict(list)
    by_label = indicators_by_label(plan)
    tasks = _tasks_by_label(plan)
    first = Period(period.year - 1, 1)
    for one in sorted(received, key=lambda item: (item.received, item.contents.workbook)):
        for reading in one.contents.readings:
            if reading.period is None or not first <= reading.period <= period:
                continue
            area = area_name(reading.area, district)
            if area is None:
                continue
            for indicator in by_label.get(reading.label) or by_label.get(plain_label(reading.label), ()):
                found = _observe(indicator, reading, area, one.received, doubts)
                if found is not None:
                    made = found.observation
                    key = (made.code, area, made.period, made.measure, made.option)
                    candidates[key].append(replace(found, in_force=one.in_force))
            task = tasks.get(reading.label) or tasks.get(plain_label(reading.label))
            if task and area == WHOLE and reading.measure is Measure.REMARK and reading.state is State.TEXT:
                words = _words_on_task(task, reading, reading.period, one.received)
                candidates[task, WHOLE, reading.period, Measure.REMARK, ""].append(
                    replace(words, in_force=one.in_force)
                )
    observations, revisions = newest_of(candidates, plan, doubts)
    standing = [one for one in received if one.in_force]
    counts, entries = count_ledgers(standing, plan, district, period, doubts)
    doubts += mended.doubts
    return Harmonised(
        observations=(*observations, *counts),
        revisions=tuple(revisions),
        entries=tuple(entries),
        doubts=tuple(doubts),
        reporters=tuple(sorted(_reporters(standing, district, period))),
        corrected_rows=mended.rows,
    )


def indicators_by_label(plan: Plan) -> Mapping[str, tuple[Indicator, ...]]:
    """The indicators that a row's label means, by the label as declared and plain."""
    found: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in plan.indicators:
        for word in dict.fromkeys((*indicator.labels, *map(plain_label, indicator.labels))):
            found[word].append(indicator)
    return {label: tuple(indicators) for label, indicators in found.items()}


def _tasks_by_label(plan: Plan) -> Mapping[str, str]:
    """The codes of the qualitative tasks by the labels that units report on them under."""
    return {
        word: task.code
        for task in plan.qualitative
        for label in (task.labels or (task.task,))
        for word in (label, plain_label(label))
    }


def _words_on_task(code: str, reading: Reading, period: Period, received: dt.datetime) -> Found:
    observation = Observation(
        code=code,
        area=WHOLE,
        period=period,
        measure=Measure.REMARK,
        value=None,
        unit="",
        state=reading.state,
        text=reading.raw.strip(),
        places=0,
        cells=(reading.cell,),
        received=received,
    )
    return Found(observation, reading.area, True)


def _observe(
    indicator: Indicator,
    reading: Reading,
    area: str,
    received: dt.datetime,
    doubts: list[Doubt],
) -> Found | None:
    if reading.measure not in wanted_measures(indicator) or reading.period is None:
        return None
    if indicator.counted and is_counted_whole(indicator, reading.measure) and (area == WHOLE or indicator.counted.area):
        return None  # The ledger is the source of record; a table's own count is only compared.
    unit, value, places = reading.unit, reading.value, 0
    if value is not None:
        places = places_of(value)
        wanted = "%" if reading.measure in GROWTHS else _level_unit(indicator, reading)
        converted = convert(value, unit or wanted, wanted)
        if converted is None:
            doubts.append(_wrong_unit(indicator, reading, wanted))
            return None
        if converted != value:
            places = places_after(value, converted, places)
        unit, value = wanted, converted
    observation = Observation(
        code=indicator.code,
        area=area,
        period=reading.period,
        measure=reading.measure,
        value=value,
        unit=unit,
        state=reading.state,
        text=reading.raw.strip(),
        places=places,
        cells=(reading.cell,),
        received=received,
        corrected=reading.corrected or None,
        option=_option(indicator, reading.label),
    )
    return Found(observation, reading.area, True)


def _option(indicator: Indicator, label: str) -> str:
    """Which option of an either-target the label means; empty where it means the whole."""
    if indicator.target.kind != "either":
        return ""
    if label in indicator.target.options:
        return label
    return next((option for option in indicator.target.options if plain_label(option) == plain_label(label)), "")


def _level_unit(indicator: Indicator, reading: Reading) -> str:
    """A growth target's unit is %, but the level beside it is in the table's own."""
    if indicator.target.kind in {"grow", "range"}:
        return reading.unit
    return indicator.unit


def _wrong_unit(indicator: Indicator, reading: Reading, wanted: str) -> Doubt:
    return Doubt(
        expectation="unit-fits",
        severity=Severity.CRITICAL,
        subject=indicator.name,
        found=f"计量单位是“{reading.unit}”",
        expected=f"能换算为“{wanted}”的单位",
        cure="核对该行的计量单位，改正后重新报送",
        places=(str(reading.cell),),
        period=reading.period,
    )


def _reporters(received: Iterable[Received], district: District, period: Period) -> set[str]:
    return {
        unit.name
        for one in received
        for table in one.contents.tables
        if table.period == period and says_something(table) and (unit := district.unit(table.reporter)) is not None
    }
