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
    """A word and where it leads; empty where what it led to is gone."""

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
    notices: tuple[tuple[str, tuple[Link, ...]], ...]
    """Each unit's notice (督办单) in its formats."""


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

    @property
    def value_head(self) -> str:
        """What the figures of the months are."""
        return _VALUE_HEADS.get(self.history.kind, "累计")

    @property
    def has_growth(self) -> bool:
        """Whether any month has a growth beside its figure, which isn't one itself."""
        return self.history.kind not in RATES and any(month.growth for month in self.history.months)

    @property
    def has_figures(self) -> bool:
        """Whether any month has a figure, so that there is something to draw."""
        return any(month.value for month in self.history.months)


_VALUE_HEADS = {
    "grow": "累计增速",
    "range": "累计增速",
    "hold": "期末数",
    "ceiling": "期末数",
    "clear": "期末数",
    "repeat": "本期次数",
    "milestone": "数值",
    "either": "数值",
}


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area by one indicator in one year; by the newest of the year's months, for a table of areas."""

    year: int
    kind: str
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

    @property
    def has_growth(self) -> bool:
        """Whether any month has a growth beside its figure."""
        return any(month.growth for month in self.months)

    @property
    def has_ranks(self) -> bool:
        """Whether it was ranked in any month."""
        return any(month.rank is not None for month in self.months)


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """An indicator's page: its years, the newest first, and the areas of the newest year that are ranked by it."""

    code: str
    file: str
    name: str
    section: str
    years: tuple[IndicatorYear, ...]
    areas: tuple[AreaLine, ...]

    @property
    def areas_have_growth(self) -> bool:
        """Whether any area has a growth beside its newest figure."""
        return any(line.newest.growth for line in self.areas)


@dataclass(frozen=True, slots=True)
class AreaPage:
    """An area's page: a line for each indicator and year, the newest year first."""

    name: str
    kind: str
    file: str
    href: str
    lines: tuple[AreaLine, ...]


RATES = frozenset({"grow", "range"})
"""Kinds of targets whose figure is itself a growth."""


@dataclass(frozen=True, slots=True)
class Card:
    """A headline indicator: its newest month and its months of all years, oldest first."""

    page: Link
    unit: str
    kind: str
    """That of the target."""
    target_cell: str
    newest: HistoryMonth
    points: tuple[tuple[Period, Shown | None], ...]

    @property
    def growth(self) -> Shown | None:
        """The growth beside the newest figure, which isn't one itself."""
        return None if self.kind in RATES else self.newest.growth


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
