"""What stands on the archive's pages, every address from the district's folder on; no markup."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.archive.records import AreaMonth, Wording
from transforms.periods import Period
from transforms.readings import Cell
from transforms.writing.bulletin import StatusCount
from transforms.writing.histories import HistoryMonth, IndicatorHistory, Shown


@dataclass(frozen=True, slots=True)
class Link:
    """A word and where it leads."""

    word: str
    href: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One bulletin in the list: a draft, an issue, or a correction beside its issue."""

    words: str
    """征求意见稿, 第6期, 第6期（更正）."""
    draft: bool
    number: str
    title: str
    dated: str
    note: str
    """What a reader must know before opening it; empty for most."""
    statuses: tuple[StatusCount, ...]
    total: int
    documents: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PeriodList:
    """All bulletins of one period, the newest edition first."""

    period: Period
    heading: str
    """2024年1—6月."""
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """Which bulletin the months of a history were taken from, and until when its inputs came."""

    months: str
    """1—6月."""
    bulletin: Link
    known_until: str


@dataclass(frozen=True, slots=True)
class IndicatorMonth:
    """One month of an indicator's history with the bulletin of that month, if there is one."""

    told: HistoryMonth
    bulletin: Link | None


@dataclass(frozen=True, slots=True)
class IndicatorYear:
    """One indicator in one year: its target, its months as they're known today, and where the newest stands."""

    year: int
    document: str
    wordings: tuple[Wording, ...]
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    history: IndicatorHistory
    months: tuple[IndicatorMonth, ...]
    basis: tuple[Basis, ...]
    verdict: str
    figure_period: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area by one indicator in one year; by the newest of the year's months, for a table of areas."""

    year: int
    area: Link
    indicator: Link
    unit: str
    months: tuple[AreaMonth, ...]
    basis: tuple[Basis, ...]
    cells: tuple[Cell, ...]

    @property
    def newest(self) -> AreaMonth:
        """The last month that any area had a figure in."""
        return self.months[-1]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """An indicator's page: its years, the newest first, and the areas of the newest year that are ranked by it."""

    code: str
    file: str
    name: str
    section: str
    years: tuple[IndicatorYear, ...]
    areas: tuple[AreaLine, ...]


@dataclass(frozen=True, slots=True)
class AreaPage:
    """An area's page: a line for each indicator and year, the newest year first."""

    name: str
    kind: str
    file: str
    lines: tuple[AreaLine, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A headline indicator: its newest month and its months of all years, oldest first."""

    page: Link
    unit: str
    target_cell: str
    newest: HistoryMonth
    points: tuple[tuple[Period, Shown | None], ...]


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One indicator's statuses in one year."""

    page: Link
    months: tuple[HistoryMonth | None, ...]
    """Twelve; None for a month that isn't known yet."""


@dataclass(frozen=True, slots=True)
class CalendarSection:
    """The indicators of one section of the plan."""

    title: str
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """All indicators of one year, month by month."""

    year: int
    document: str
    sections: tuple[CalendarSection, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """All that the archive of a district shows."""

    district: str
    organ: str
    demonstration: bool
    periods: tuple[PeriodList, ...]
    unlisted: tuple[str, ...]
    """Bulletins that are there but can't be listed, each with the reason."""
    cards: tuple[Card, ...]
    calendars: tuple[Calendar, ...]
    indicators: tuple[IndicatorPage, ...]
    areas: tuple[AreaPage, ...]
