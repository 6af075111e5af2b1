"""An indicator's year and an area's ranks, month by month, arranged for charts: numbers with their texts; no geometry."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from transforms.assessments import Status
from transforms.periods import Period

NEWEST_VINTAGE = "历史各月按最新修订数绘制"
"""What the caption of a chart of earlier months says: they're drawn as they're known today."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it's printed: rounded, and its text without a unit."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """One month of an indicator as it's judged with today's knowledge; what isn't known is None, never zero.

    Completion, paths and growth are in %.
    """

    period: Period
    status: Status
    value: Shown | None = None
    """The judged figure that was reported for just this month."""
    completion: Shown | None = None
    elapsed_path: Shown | None = None
    last_year_path: Shown | None = None
    declared_path: Shown | None = None
    growth: Shown | None = None


@dataclass(frozen=True, slots=True)
class IndicatorHistory:
    """One indicator from January to the bulletin's period, beside last year's months and the way to its target."""

    code: str
    section: str
    """The id of the plan's section."""
    name: str
    unit: str
    kind: str
    """The kind of its target: reach, grow, ceiling, …"""
    target: Shown | None
    """None for a deed."""
    upper: Shown | None
    """The upper end of a range."""
    target_cell: str
    """≥170, 3左右, 5.5～6, 完成."""
    path_name: str
    """What the declared path is called: 序时进度, 历史同期进度; empty where nothing is pro-rated."""
    months: tuple[HistoryMonth, ...]
    """January to the period, one each."""
    last_year: tuple[Shown | None, ...]
    """The same figure in the twelve months of last year."""
    path: tuple[Shown | None, ...]
    """The declared path of the whole year in the indicator's unit, month by month to December."""

    @property
    def now(self) -> HistoryMonth:
        """The bulletin's own month."""
        return self.months[-1]

    @property
    def is_pro_rated(self) -> bool:
        """Whether it's an amount to be reached step by step."""
        return bool(self.path_name)

    @property
    def less_is_better(self) -> bool:
        """Whether the figure must stay under its target."""
        return self.kind in {"ceiling", "clear"}


@dataclass(frozen=True, slots=True)
class AreaRanks:
    """One area's place in each month of the year so far; None where it had no figure."""

    area: str
    ranks: tuple[int | None, ...]
    value: Shown | None
    """Its figure of the bulletin's own month."""


@dataclass(frozen=True, slots=True)
class AreaHistory:
    """The areas of one table of areas, in its order, and how they moved from January to the bulletin's period."""

    title: str
    """That of the :class:`AreaSection` it belongs to; both stand in the same order."""
    unit: str
    period: Period
    areas: tuple[AreaRanks, ...]
