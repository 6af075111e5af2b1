"""Gives readings their indicator, area and unit, newest vintage first; judges nothing and reads no file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.area_names import area_name
from transforms.arrivals import says_something
from transforms.correcting import correct
from transforms.declared.corrections import Corrections
from transforms.declared.district import District
from transforms.declared.plan import AtLeast, Count, Indicator, Plan
from transforms.doubts import Doubt, Severity
from transforms.figures import Interval, exact, parse_number, places_of
from transforms.ledgers.counting import Counted, MissingColumns, counted_rows
from transforms.ledgers.ledger_doubts import doubt_about_other_count, doubts_about_count, lacking_columns, lacking_parts
from transforms.ledgers.ledger_sources import Part, Source, source_of
from transforms.observations import WHOLE, Harmonised, LedgerEntry, Observation, Received, Revision
from transforms.periods import Period, span
from transforms.readings import Cell, Ledger, Measure, Reading, State
from transforms.tables.labels import plain_label
from transforms.tables.measure_words import WORDS
from transforms.units import convert
from transforms.wanted import GROWTHS, is_counted_whole, measures_of, wanted_measures

_Key = tuple[str, str, Period, Measure, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was made of a reading that was matched."""

    observation: Observation
    area: str
    """The area in the table's own words."""
    in_force: bool


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
    candidates: dict[_Key, list[_Found]] = defaultdict(list)
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
    observations, revisions = _newest(candidates, plan, doubts)
    standing = [one for one in received if one.in_force]
    counts, entries = _count_ledgers(standing, plan, district, period, doubts)
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


def _words_on_task(code: str, reading: Reading, period: Period, received: dt.datetime) -> _Found:
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
    return _Found(observation, reading.area, True)


def _observe(
    indicator: Indicator,
    reading: Reading,
    area: str,
    received: dt.datetime,
    doubts: list[Doubt],
) -> _Found | None:
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
            places = _places_after(value, converted, places)
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
    return _Found(observation, reading.area, True)


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


def _newest(
    candidates: Mapping[_Key, list[_Found]], plan: Plan, doubts: list[Doubt]
) -> tuple[list[Observation], list[Revision]]:
    """What holds now, and what it replaced."""
    observations: list[Observation] = []
    revisions: list[Revision] = []
    names = {indicator.code: indicator.name for indicator in plan.indicators}
    names |= {task.code: task.task for task in plan.qualitative}
    for (code, area, period, measure, _option), found in candidates.items():
        # A blank never replaces a figure: it says that nothing is known, not that the figure is withdrawn. Nor does an
        # error, which is a fault of the file.
        told = [one for one in found if one.observation.state is not State.BLANK]
        stated = [one for one in told if one.observation.state is not State.ERROR] or told or found
        if not any(one.in_force for one in stated):
            continue  # What was taken out of a file counts no more.
        # What has been replaced still tells what was revised, but never wins.
        stated.sort(key=lambda one: one.in_force)
        newest = stated[-1]
        last = newest.observation
        for one in stated[:-1]:
            earlier = in_unit(one.observation, last.unit)
            if measure in WORDS:
                continue  # Two tables may tell of one task in different words.
            if agree(earlier, last):
                if earlier.received == last.received and _telling(one) > _telling(newest):
                    newest, last = one, one.observation
                continue
            if earlier.received == last.received:
                doubts.append(_conflict(names[code], one.observation, last))
                continue
            if earlier.value is None and last.value is None:
                continue  # 是 or a day: there are no two figures to print beside each other.
            revision = Revision(
                code, area, period, measure, earlier.value, last.value, last.unit,
                earlier.cells[0], last.cells[0], last.received,
            )  # fmt: skip
            told_before = revisions and revisions[-1]
            if not (told_before and told_before == replace(revision, old_cell=told_before.old_cell)):
                revisions.append(revision)  # Several tables repeat a figure; its revision is told once.
        observations.append(last)
    return observations, revisions


def in_unit(one: Observation, unit: str) -> Observation:
    """The same figure in another unit: the level beside a growth rate keeps its table's own, 万元 or 亿元."""
    value = None if one.value is None or one.unit == unit else convert(one.value, one.unit, unit)
    if value is None or one.value is None:
        return one
    return replace(one, value=value, unit=unit, places=_places_after(one.value, value, one.places))


def _places_after(before: Decimal, after: Decimal, places: int) -> int:
    """The digits after the point that a figure keeps when it's turned into another unit, a power of ten away."""
    return max(0, places - ((after / before).adjusted() if before else 0))


def _telling(found: _Found) -> tuple[int, bool]:
    """Of figures that came together and agree, the one with more digits is cited, then the one of the main table.

    A table of areas repeats the whole district's figure in a row of its own.
    """
    return found.observation.places, not found.area


def agree(one: Observation, other: Observation) -> bool:
    """Whether two figures can be one, printed with different digits.

    A whole number isn't taken for a rounded one: a spreadsheet keeps 10.0 as 10, and 9.5 beside it is another figure.
    """
    if one.value is None or other.value is None:
        return one.state == other.state and one.text == other.text
    if one.value == other.value:
        return True
    rounded = min(one.places, other.places) > 0 and one.places != other.places
    return rounded and Interval.of(one.value, one.places).overlaps(Interval.of(other.value, other.places))


def _conflict(name: str, one: Observation, other: Observation) -> Doubt:
    return Doubt(
        expectation="one-value-per-figure",
        severity=Severity.CRITICAL,
        subject=f"{name}（{one.area or '全区'}，{one.period.chinese()}）",
        found=f"同时收到两个不同的数：{_quoted(one)}和{_quoted(other)}",
        expected="同一指标同一时期只有一个数",
        cure="与来源单位核对，删去错误的一份，或作为修订另行报送",
        places=(str(one.cells[0]), str(other.cells[0])),
        period=one.period,
    )


def _quoted(one: Observation) -> str:
    """What stands in the cell, or what it has been corrected to."""
    return f"{exact(one.value)}（更正值）" if one.corrected else one.text


def _reporters(received: Iterable[Received], district: District, period: Period) -> set[str]:
    return {
        unit.name
        for one in received
        for table in one.contents.tables
        if table.period == period and says_something(table) and (unit := district.unit(table.reporter)) is not None
    }


def _count_ledgers(
    received: Sequence[Received], plan: Plan, district: District, period: Period, doubts: list[Doubt]
) -> tuple[list[Observation], list[LedgerEntry]]:
    observations: list[Observation] = []
    entries: list[LedgerEntry] = []
    for indicator in plan.indicators:
        if indicator.counted is None:
            continue
        for month in span(Period(period.year - 1, 1), period):
            known_at = period if month.year == period.year else Period(month.year, 12)
            source = source_of(indicator.counted, received, month, known_at, district)
            if source is None:
                continue
            if source.lacking:
                # The count of the parts that came would look like the whole's.
                if month == period:
                    doubts.append(lacking_parts(indicator, source))
                continue
            try:
                made, listed = _count(indicator, indicator.counted, source, month, district)
            except MissingColumns as missing:
                doubt = lacking_columns(indicator, missing, source)
                if doubt not in doubts:
                    doubts.append(doubt)
                continue
            observations += made
            if month == period:
                entries += listed
                doubts += doubts_about_count(indicator, indicator.counted, received, source, period, district)
                doubts += _other_counts(indicator, made[0], received, period, district)
    return observations, entries


def _other_counts(
    indicator: Indicator, counted: Observation, received: Sequence[Received], period: Period, district: District
) -> Iterator[Doubt]:
    labels = {word for label in indicator.labels for word in (label, plain_label(label))}
    for one in received:
        for reading in one.contents.readings:
            if (
                reading.period == period
                and reading.measure == counted.measure
                and labels & {reading.label, plain_label(reading.label)}
                and area_name(reading.area, district) == WHOLE
            ):
                yield from doubt_about_other_count(indicator, counted, reading)


def _count(
    indicator: Indicator, rule: Count, source: Source, month: Period, district: District
) -> tuple[list[Observation], list[LedgerEntry]]:
    totals: dict[str, Decimal] = {WHOLE: Decimal(0)}
    cells: dict[str, list[Cell]] = {WHOLE: []}
    if rule.area:
        totals |= {area.name: Decimal(0) for area in district.areas}
        cells |= {area.name: [] for area in district.areas}
    listed: list[LedgerEntry] = []
    for part, row in _counted(rule, source, month):
        unit = _unit_of_sum(part.ledger, rule, indicator)
        adds = convert(row.adds, unit, indicator.unit)
        if adds is None:
            raise MissingColumns((f"{rule.sum}（{indicator.unit}）",))
        letter = part.ledger.columns[part.ledger.position(rule.date or rule.name or "") or 0].letter
        cell = Cell(part.one.contents.vintage, part.table.workbook, part.table.sheet, f"{letter}{row.number}")
        area = district.area(row.texts.get(rule.area, "")) if rule.area else None
        for name in (WHOLE, *((area.name,) if area else ())):
            totals[name] += adds
            cells[name].append(cell)
        listed.append(
            LedgerEntry(
                code=indicator.code,
                name=row.texts.get(rule.name or "", ""),
                area=row.texts.get(rule.area or "", ""),
                date=row.date,
                amount=_amount(row.texts, part.ledger, rule),
                cell=cell,
            )
        )
    measure = measures_of(indicator)[0]
    # A count of nothing still has a place: the ledger's head.
    heads = tuple(Cell(part.one.contents.vintage, part.table.workbook, part.table.sheet, "") for part in source.parts)
    observations = [
        Observation(
            code=indicator.code,
            area=area_of_count,
            period=month,
            measure=measure,
            value=total,
            unit=indicator.unit,
            state=State.NUMBER,
            text=exact(total) or "",
            places=0 if rule.sum is None else places_of(total),
            cells=tuple(cells[area_of_count]) or heads,
            received=source.received,
        )
        for area_of_count, total in totals.items()
    ]
    return observations, listed


def _counted(rule: Count, source: Source, month: Period) -> Iterator[tuple[Part, Counted]]:
    """Every part is asked for its columns before the first row."""
    rows = [(part, counted_rows(part.ledger, rule, month)) for part in source.parts]
    for part, counted in rows:
        for row in counted:
            yield part, row


def _amount(texts: Mapping[str, str], ledger: Ledger, rule: Count) -> str:
    """What the list of counted rows shows, with its unit: that of the rule's own threshold where it has one.

    Units keep their ledgers apart: one month's is in 万元, the next one's in 亿元.
    """
    position = ledger.position(rule.amount) if rule.amount else None
    if rule.amount is None or position is None:
        return ""
    value, own = parse_number(texts[rule.amount]), ledger.columns[position].unit
    if value is None:
        return texts[rule.amount]
    units = [one.unit for one in rule.where if isinstance(one, AtLeast) and one.column == rule.amount]
    wanted = units[0] if units else own
    converted = convert(value, own or wanted, wanted)
    return f"{exact(converted)}{wanted}" if converted is not None else f"{exact(value)}{own}"


def _unit_of_sum(ledger: Ledger, rule: Count, indicator: Indicator) -> str:
    """The unit that the summed column is in; rows and a column without a unit count in the indicator's own."""
    position = ledger.position(rule.sum) if rule.sum else None
    return indicator.unit if position is None else ledger.columns[position].unit or indicator.unit
