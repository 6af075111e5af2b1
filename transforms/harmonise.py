"""Gives readings their indicator, area and unit, newest vintage first; judges nothing and reads no file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.arrivals import says_something
from transforms.corrections import Corrections
from transforms.counting import MissingColumns, counted_rows
from transforms.district import District
from transforms.doubts import Doubt, Severity
from transforms.figures import Interval, exact, parse_number, places_of, printed
from transforms.labels import plain_label
from transforms.ledger_doubts import doubt_about_other_count, doubts_about_count
from transforms.observations import WHOLE, Harmonised, LedgerEntry, Observation, Received, Revision
from transforms.periods import Period, span
from transforms.plan import AtLeast, Count, Indicator, Plan
from transforms.readings import Cell, Ledger, Measure, Reading, State, Table
from transforms.units import convert

_LEVEL_WORDS = frozenset({"全区", "全市", "全县", "全省", "全国"})

WHOLE_WORDS = frozenset({"", "合计", "总计", "全区合计", "全部"}) | _LEVEL_WORDS
"""Spellings in an area column that name no area but a whole: the district, or a level above it."""

_LEVELS = (Measure.YEAR_TO_DATE, Measure.MONTH)
_GROWTHS = (Measure.YEAR_TO_DATE_GROWTH, Measure.MONTH_GROWTH)
_STANDS = (Measure.LEVEL, Measure.YEAR_TO_DATE, Measure.MONTH)
_DEEDS = (Measure.DONE, Measure.DATE, Measure.EVIDENCE)
_WORDS = (Measure.EVIDENCE, Measure.REMARK)

_Key = tuple[str, str, Period, Measure, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was made of a reading that was matched, and which correction was applied to it."""

    observation: Observation
    correction: int | None
    area: str
    """The area in the table's own words."""
    in_force: bool


def harmonise(
    received: Sequence[Received], plan: Plan, district: District, corrections: Corrections, period: Period
) -> Harmonised:
    """All that is known about the plan's indicators up to the period.

    Looks back over the year and the one before it, which paths and growth are compared with. Where several vintages
    name the same figure the newest is used, and a difference is told as a revision; two different values that came at
    the same moment are a critical doubt.
    """
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
                found = _observe(indicator, reading, area, one.received, corrections, doubts)
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
    observations, revisions, bitten = _newest(candidates, plan, doubts)
    standing = [one for one in received if one.in_force]
    counts, entries = _count_ledgers(standing, plan, district, period, doubts)
    doubts += _idle_corrections(corrections, bitten, received, period)
    return Harmonised(
        observations=(*observations, *counts),
        revisions=tuple(revisions),
        entries=tuple(entries),
        doubts=tuple(doubts),
        reporters=tuple(sorted(_reporters(standing, district, period))),
    )


def area_name(spelling: str, district: District) -> str | None:
    """The declared area that a spelling means, WHOLE for the whole district, None for any other.

    Beside 全区, a row 全市 or 全省 is a benchmark: no figure of the district.
    """
    plain = "".join(spelling.split())
    region = district.bulletin.region
    if plain in {district.name, region}:
        return WHOLE
    if plain in _LEVEL_WORDS and region in _LEVEL_WORDS:
        return None
    if plain in WHOLE_WORDS:
        return WHOLE
    area = district.area(plain)
    return area.name if area else None


def measures_of(indicator: Indicator) -> tuple[Measure, ...]:
    """The measures that the judged figure may stand under, the preferred one first."""
    if indicator.measure is not None:
        return (indicator.measure,)
    match indicator.target.kind:
        case "reach" | "about" | "of-which":
            return (Measure.YEAR_TO_DATE,)
        case "repeat":
            return (Measure.MONTH,)
        case "grow" | "range":
            return (Measure.YEAR_TO_DATE_GROWTH,)
        case "hold" | "ceiling" | "clear":
            return _STANDS
        case "milestone" | "either":
            return (Measure.DONE,)


def relevant_measures(indicator: Indicator) -> tuple[Measure, ...]:
    """Every measure of its row that is kept for the indicator: the judged one, what is shown beside it, and words."""
    match indicator.target.kind:
        case "reach" | "about" | "of-which" | "repeat" | "grow" | "range":
            measures: tuple[Measure, ...] = (*_LEVELS, *_GROWTHS)
        case "hold" | "ceiling" | "clear":
            measures = _STANDS
        case "milestone" | "either":
            measures = _DEEDS
    return (*measures, *_WORDS, *((indicator.measure,) if indicator.measure else ()))


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
    return _Found(observation, None, reading.area, True)


def _observe(
    indicator: Indicator,
    reading: Reading,
    area: str,
    received: dt.datetime,
    corrections: Corrections,
    doubts: list[Doubt],
) -> _Found | None:
    if reading.measure not in relevant_measures(indicator) or reading.period is None:
        return None
    if (
        indicator.counted
        and reading.measure in {*_LEVELS, *measures_of(indicator)}
        and (area == WHOLE or indicator.counted.area)
    ):
        return None  # The ledger is the source of record; a table's own count is only compared.
    unit, value, places = reading.unit, reading.value, 0
    corrected: str | None = None
    number = _correction(reading, area, corrections)
    if value is not None:
        if number is not None:
            correction = corrections.corrections[number]
            value = correction.corrected
            found = printed(correction.found, places_of(correction.found))
            corrected = f"原表为{found}，{correction.reason}（{correction.authority}）"
        places = places_of(value)
        wanted = "%" if reading.measure in _GROWTHS else _level_unit(indicator, reading)
        converted = convert(value, unit or wanted, wanted)
        if converted is None:
            doubts.append(_wrong_unit(indicator, reading, wanted))
            return None
        if converted != value:
            ratio = (converted / value).adjusted() if value else 0
            places = max(0, places - ratio)
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
        corrected=corrected,
        option=_option(indicator, reading.label),
    )
    return _Found(observation, number, reading.area, True)


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


def _correction(reading: Reading, area: str, corrections: Corrections) -> int | None:
    for number, correction in enumerate(corrections.corrections):
        if (
            correction.label in {reading.label, plain_label(reading.label)}
            and (correction.area or WHOLE) == area
            and correction.period == str(reading.period)
            and correction.measure == reading.measure
            and correction.found == reading.value
        ):
            return number
    return None


def _idle_corrections(
    corrections: Corrections, bitten: set[int], received: Sequence[Received], period: Period
) -> Iterator[Doubt]:
    newest = max((one.received.date() for one in received), default=None)
    for number, correction in enumerate(corrections.corrections):
        at = Period.parse(correction.period)
        if at > period or at.year < period.year - 1:
            continue
        subject = f"更正事项：{correction.label}（{at.chinese()}）"
        if number not in bitten:
            yield Doubt(
                expectation="correction-bites",
                severity=Severity.CRITICAL,
                subject=subject,
                found=f"来源中没有 {exact(correction.found)} 这一数值",
                expected="更正所针对的错误数值仍在来源中",
                cure="来源可能已改正，请删除或更新 corrections.yaml 中的该条更正",
                places=("corrections.yaml",),
                period=period,
            )
        elif newest is not None and newest > correction.until:
            yield Doubt(
                expectation="correction-in-force",
                severity=Severity.WARNING,
                subject=subject,
                found=f"该更正的有效期至{correction.until.isoformat()}，已过期",
                expected="在有效期内，或来源已改正",
                cure="与来源单位核实后删除或延长该条更正",
                places=("corrections.yaml",),
                period=period,
            )


def _newest(
    candidates: Mapping[_Key, list[_Found]], plan: Plan, doubts: list[Doubt]
) -> tuple[list[Observation], list[Revision], set[int]]:
    """What holds now, what it replaced, and the corrections that what holds still needs."""
    observations: list[Observation] = []
    revisions: list[Revision] = []
    bitten: set[int] = set()
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
        bitten |= {
            one.correction for one in stated if one.correction is not None and one.observation.received == last.received
        }
        for one in stated[:-1]:
            earlier = one.observation
            if measure in _WORDS:
                continue  # Two tables may tell of one task in different words.
            if _agree(earlier, last):
                if earlier.received == last.received and _telling(one) > _telling(newest):
                    newest, last = one, earlier
                continue
            if earlier.received == last.received:
                doubts.append(_conflict(names[code], earlier, last))
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
    return observations, revisions, bitten


def _telling(found: _Found) -> tuple[int, bool]:
    """Of figures that came together and agree, the one with more digits is cited, then the one of the main table.

    A table of areas repeats the whole district's figure in a row of its own.
    """
    return found.observation.places, not found.area


def _agree(one: Observation, other: Observation) -> bool:
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
        found=f"同时收到两个不同的数：{one.text}和{other.text}",
        expected="同一指标同一时期只有一个数",
        cure="与来源单位核对，删去错误的一份，或作为修订另行报送",
        places=(str(one.cells[0]), str(other.cells[0])),
        period=one.period,
    )


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
            source = _ledger_for(indicator.counted, received, month, known_at)
            if source is None:
                continue
            one, table = source
            try:
                made, listed = _count(indicator, indicator.counted, one, table, month, district)
            except MissingColumns as missing:
                doubt = _missing_columns(indicator, missing, table)
                if doubt not in doubts:
                    doubts.append(doubt)
                continue
            observations += made
            if month == period:
                entries += listed
                doubts += doubts_about_count(indicator, indicator.counted, received, source, period)
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


def _ledger_for(
    rule: Count, received: Sequence[Received], month: Period, known_at: Period
) -> tuple[Received, Table] | None:
    """The ledger of the latest month of that year that is known; a stock can only be counted in its own month's."""
    found = [
        (table.period, one.received, one.contents.workbook, one, table)
        for one in received
        for table in one.contents.tables
        if table.ledger is not None
        and table.period is not None
        and rule.ledger in table.title
        and month <= table.period <= known_at
        and table.period.year == month.year
        and (rule.date is not None or table.period == month)
    ]
    if not found:
        return None
    newest = max(found, key=lambda item: item[:3])
    return newest[3], newest[4]


def _count(
    indicator: Indicator, rule: Count, one: Received, table: Table, month: Period, district: District
) -> tuple[list[Observation], list[LedgerEntry]]:
    assert table.ledger is not None
    letter = table.ledger.columns[table.ledger.position(rule.date or rule.name or "") or 0].letter
    totals: dict[str, Decimal] = {WHOLE: Decimal(0)}
    cells: dict[str, list[Cell]] = {WHOLE: []}
    if rule.area:
        totals |= {area.name: Decimal(0) for area in district.areas}
        cells |= {area.name: [] for area in district.areas}
    listed: list[LedgerEntry] = []
    unit = _unit_of_sum(table.ledger, rule, indicator)
    for row in counted_rows(table.ledger, rule, month):
        adds = convert(row.adds, unit, indicator.unit)
        if adds is None:
            raise MissingColumns((f"{rule.sum}（{indicator.unit}）",))
        cell = Cell(one.contents.vintage, one.contents.workbook, table.sheet, f"{letter}{row.number}")
        area = district.area(row.texts.get(rule.area, "")) if rule.area else None
        for name in (WHOLE, *((area.name,) if area else ())):
            totals[name] += adds
            cells[name].append(cell)
        listed.append(
            LedgerEntry(
                code=indicator.code,
                name=row.texts.get(rule.name or "", ""),
                area=row.texts.get(rule.area or "", ""),
                date=row.date.isoformat() if row.date else "",
                amount=_amount(row.texts, table.ledger, rule),
                cell=cell,
            )
        )
    measure = measures_of(indicator)[0]
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
            # A count of nothing still has a place: the ledger's head.
            cells=tuple(cells[area_of_count]) or (Cell(one.contents.vintage, one.contents.workbook, table.sheet, ""),),
            received=one.received,
        )
        for area_of_count, total in totals.items()
    ]
    return observations, listed


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


def _missing_columns(indicator: Indicator, missing: MissingColumns, table: Table) -> Doubt:
    return Doubt(
        expectation="ledger-has-columns",
        severity=Severity.CRITICAL,
        subject=f"{indicator.name}（按台账计数）",
        found=f"台账《{table.title}》缺少列：{missing}",
        expected="台账有计数规则所用的各列，计量单位能够换算",
        cure="补上该列（列名与规则一致）后重新报送，或修改方案中的计数规则",
        places=(f"{table.workbook}《{table.sheet}》",),
        period=table.period,
    )
