"""One indicator, judged: all that is printed about it and all that is needed to redo it by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from transforms.declared.plan import Indicator
from transforms.periods import Period
from transforms.readings import Cell


class Status(StrEnum):
    """Where an indicator stands (method §4, default after 宣城)."""

    COMPLETED = "completed"
    """已完成全年目标."""
    AHEAD = "ahead"
    """超序时: above the path by the district's line or more."""
    ON_PATH = "on-path"
    """达到序时."""
    BEHIND = "behind"
    """未达到序时."""
    SEVERELY_BEHIND = "severely-behind"
    """严重滞后: below the path by the district's line or more."""
    MISSED = "missed"
    """未完成全年目标: the year is over."""
    NOT_DUE = "not-due"
    """未到期: nothing falls due this month."""
    NOT_REPORTED = "not-reported"
    """未报: a figure is due and none came. Never counted as on pace."""

    @property
    def chinese(self) -> str:
        """The word that the bulletin prints."""
        return _WORDS[self]

    @property
    def shape(self) -> str:
        """The sign beside the word, so that it survives black and white and colour blindness."""
        return _SHAPES[self]


_WORDS = {
    Status.COMPLETED: "已完成全年目标",
    Status.AHEAD: "超序时",
    Status.ON_PATH: "达到序时",
    Status.BEHIND: "未达到序时",
    Status.SEVERELY_BEHIND: "严重滞后",
    Status.MISSED: "未完成全年目标",
    Status.NOT_DUE: "未到期",
    Status.NOT_REPORTED: "未报",
}

_SHAPES = {
    Status.COMPLETED: "★",
    Status.AHEAD: "▲",
    Status.ON_PATH: "●",
    Status.BEHIND: "▽",
    Status.SEVERELY_BEHIND: "▼",
    Status.MISSED: "■",
    Status.NOT_DUE: "○",
    Status.NOT_REPORTED: "□",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One period of an indicator's history: the figure that is judged, None where it wasn't reported.

    Judged with today's knowledge: an earlier month by its newest vintage, whatever its own bulletin said.
    """

    period: Period
    status: Status
    value: Decimal | None
    completion: Decimal | None = None
    growth: Decimal | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One indicator of the plan, judged for one reference period.

    ``completion`` and the paths are in %, unrounded. ``gap`` is the difference of the two numbers as printed, in
    ``gap_unit`` (百分点 or the figure's own unit), negative when behind, with the digits of both: so a reader who
    subtracts gets it, and no status contradicts it. ``figure_period`` is that of ``value``, which for an indicator not
    due is an earlier one. ``verdict`` says in Chinese what the status rests on (年内4个月均未超过上限).
    """

    indicator: Indicator
    period: Period
    status: Status
    verdict: str
    value: Decimal | None = None
    figure_period: Period | None = None
    completion: Decimal | None = None
    elapsed_path: Decimal | None = None
    last_year_path: Decimal | None = None
    declared_path: Decimal | None = None
    gap: Decimal | None = None
    printed_gap: Decimal | None = None
    """The gap as it's printed and judged: the difference of the two numbers as they're printed."""
    gap_unit: str = ""
    needed: Decimal | None = None
    """What is still needed to reach the target, in the indicator's unit; 0 when it's reached."""
    needed_per_month: Decimal | None = None
    needed_growth: Decimal | None = None
    """The growth in % that the remaining months must show together, where last year's levels are known."""
    growth: Decimal | None = None
    """Growth on the same period of last year, in %, as the source states it."""
    done_on: dt.date | None = None
    evidence: str = ""
    remark: str = ""
    """The unit's own words."""
    cells: tuple[Cell, ...] = ()
    history: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()
    """What the reader must know about this figure: revised, corrected, estimated path."""
    sender: str = ""
    """The unit whose table the figure comes in, where that isn't the unit that reports the indicator."""
    previous_status: Status | None = None
    """Its status when it was last due this year; None if nothing of it was due before."""

    @property
    def owed_by(self) -> str:
        """The unit that a missing figure is asked of."""
        return self.sender or self.indicator.reported_by


@dataclass(frozen=True, slots=True)
class AreaStanding:
    """One area's figure of a ranked indicator; equal figures share a rank."""

    area: str
    value: Decimal | None
    growth: Decimal | None
    rank: int | None
    tied: bool
    previous_rank: int | None
    cells: tuple[Cell, ...] = ()
    ranks: tuple[int | None, ...] = ()
    """Its rank in each month of the year so far, by figures with the digits of this month's table."""


@dataclass(frozen=True, slots=True)
class AreaTable:
    """All areas of a district by one indicator, best first; those without a figure last, without a rank."""

    indicator: Indicator
    kind: str
    standings: tuple[AreaStanding, ...]
    places: int
    """Digits after the point that the areas' figures are ranked and printed with: the source's own, two at most."""
