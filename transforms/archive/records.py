"""What a bulletin leaves behind for the archive: its head, its counts, and its year so far as it was known; no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from transforms.assessments import AreaTable, Assessment
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.figures import printed, round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.observations import Harmonised
from transforms.periods import Period
from transforms.readings import Cell
from transforms.standings import KINDS, area_tables
from transforms.writing.bulletin import Bulletin, StatusCount
from transforms.writing.editions import Edition
from transforms.writing.histories import IndicatorHistory, Shown


@dataclass(frozen=True, slots=True)
class Wording:
    """Where the plan sets a target: its clause and its verbatim words."""

    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class RecordedIndicator:
    """One indicator's year so far, its target as the plan words it, and where its newest figure stands."""

    history: IndicatorHistory
    section: str
    """The section's title."""
    wordings: tuple[Wording, ...]
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    verdict: str
    figure_period: Period | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AreaMonth:
    """One area's figure of a ranked indicator in one month; ``among`` areas have a rank in it."""

    period: Period
    value: Shown | None
    growth: Shown | None
    rank: int | None
    tied: bool
    among: int

    @property
    def place(self) -> str:
        """第3位, 并列第3位, or — without a rank."""
        return "—" if self.rank is None else f"{'并列' if self.tied else ''}第{self.rank}位"


@dataclass(frozen=True, slots=True)
class RecordedArea:
    """One area's year so far by one ranked indicator, and where its newest figure stands."""

    area: str
    kind: str
    code: str
    months: tuple[AreaMonth, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One bulletin as the archive lists it, with its year so far as it was known until ``known_until``."""

    district_id: str
    district: str
    period: Period
    demonstration: bool
    edition: Edition
    number: str
    title: str
    organ: str
    document: str
    dated: str
    dated_iso: str
    as_of: dt.datetime | None
    """The moment whose knowledge it was made from, where somebody named one."""
    known_until: dt.datetime
    """When the newest of its inputs came."""
    statuses: tuple[StatusCount, ...]
    total: int
    headline: tuple[str, ...]
    indicators: tuple[RecordedIndicator, ...]
    areas: tuple[RecordedArea, ...]


class UnreadableRecord(ValueError):
    """The bytes aren't a record of this version."""


def record_of(
    bulletin: Bulletin,
    assessments: Sequence[Assessment],
    plan: Plan,
    district: District,
    known: Harmonised,
    known_until: dt.datetime,
    as_of: dt.datetime | None,
) -> Record:
    """The record of a bulletin; every figure in it has passed the gates that the bulletin passed."""
    return Record(
        district_id=bulletin.district_id,
        district=bulletin.district,
        period=bulletin.period,
        demonstration=bulletin.demonstration,
        edition=bulletin.edition,
        number=bulletin.number,
        title=bulletin.title,
        organ=bulletin.organ,
        document=bulletin.document,
        dated=bulletin.dated,
        dated_iso=bulletin.dated_iso,
        as_of=as_of,
        known_until=known_until,
        statuses=bulletin.statuses,
        total=bulletin.total,
        headline=district.bulletin.headline,
        indicators=tuple(_indicators(bulletin, assessments, plan)),
        areas=tuple(_areas(known, plan, district, bulletin.period)),
    )


def record_bytes(record: Record) -> bytes:
    """The record as JSON on one line: every figure an exact decimal in a string."""
    return _ADAPTER.dump_json(record) + b"\n"


def read_record(data: bytes) -> Record:
    """Undo :func:`record_bytes`; UnreadableRecord where another version wrote them."""
    try:
        return _ADAPTER.validate_json(data)
    except ValidationError as error:
        raise UnreadableRecord(f"not a record of this version ({error.error_count()} faults)") from None


_ADAPTER = TypeAdapter(Record)


def _indicators(bulletin: Bulletin, assessments: Sequence[Assessment], plan: Plan) -> Iterator[RecordedIndicator]:
    by_code = {assessment.indicator.code: assessment for assessment in assessments}
    titles = {section.id: section.title for section in plan.sections}
    for history in bulletin.histories:
        assessment = by_code[history.code]
        indicator = assessment.indicator
        yield RecordedIndicator(
            history=history,
            section=titles[indicator.section],
            wordings=(
                Wording(indicator.clause, indicator.quote),
                *(Wording(one.clause, one.quote) for one in indicator.also),
            ),
            lead_units=indicator.lead_units,
            cooperating_units=indicator.cooperating_units,
            verdict=assessment.verdict,
            figure_period=assessment.figure_period if assessment.value is not None else None,
            cells=tuple(dict.fromkeys(assessment.cells)),
        )


def _areas(known: Harmonised, plan: Plan, district: District, period: Period) -> Iterator[RecordedArea]:
    months = [(month, area_tables(known, plan, district, month)) for month in period.months_of_year_so_far()]
    tables = {(table.indicator.code, table.kind) for _, told in months for table in told}
    ranked = district.bulletin.ranked
    for code, kind in sorted(tables, key=lambda one: (ranked.index(one[0]), KINDS.index(one[1]))):
        by_month = [(month, _table(told, code, kind)) for month, told in months]
        for area in (area.name for area in district.areas if area.kind == kind):
            found = [(month, table, _month(month, table, area)) for month, table in by_month if table is not None]
            newest = max((month for month, _, one in found if one.value is not None), default=None)
            cells = next((_cells(table, area) for month, table, _ in found if month == newest), ())
            yield RecordedArea(area, kind, code, tuple(one for _, _, one in found), cells)


def _table(tables: Sequence[AreaTable], code: str, kind: str) -> AreaTable | None:
    return next((table for table in tables if (table.indicator.code, table.kind) == (code, kind)), None)


def _month(month: Period, table: AreaTable, area: str) -> AreaMonth:
    standing = next(one for one in table.standings if one.area == area)
    placed = {one.area for one in table.standings if one.rank is not None}
    return AreaMonth(
        period=month,
        value=_shown(standing.value, table.places),
        growth=_shown(standing.growth, PERCENT_PLACES),
        rank=standing.rank if area in placed else None,
        tied=standing.tied and area in placed,
        among=len(placed),
    )


def _cells(table: AreaTable, area: str) -> tuple[Cell, ...]:
    return tuple(dict.fromkeys(next(one for one in table.standings if one.area == area).cells))


def _shown(value: Decimal | None, places: int) -> Shown | None:
    return None if value is None else Shown(round_half_up(value, places), printed(value, places))
