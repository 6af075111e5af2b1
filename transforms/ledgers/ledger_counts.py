"""Counts the rows of the units' ledgers into figures, for each month by what was known then; reads no table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from transforms.area_names import area_name
from transforms.declared.counting import AtLeast, Count
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.doubts import Doubt
from transforms.figures import exact, parse_number, places_of
from transforms.ledgers.counting import Counted, MissingColumns, counted_rows
from transforms.ledgers.ledger_doubts import doubt_about_other_count, doubts_about_count, lacking_columns, lacking_parts
from transforms.ledgers.ledger_sources import Part, Source, source_of
from transforms.observations import WHOLE, LedgerEntry, Observation, Received
from transforms.periods import Period, span
from transforms.readings import Cell, Ledger, State
from transforms.tables.labels import plain_label
from transforms.units import convert
from transforms.wanted import measures_of


def count_ledgers(
    received: Sequence[Received], plan: Plan, district: District, period: Period, doubts: list[Doubt]
) -> tuple[list[Observation], list[LedgerEntry]]:
    """The counts of every month that the plan's ledgers tell of, and the rows that the period's count."""
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
