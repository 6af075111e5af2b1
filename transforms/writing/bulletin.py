"""A bulletin arranged for a reader: every text already worded and rounded, every figure with its source; no markup."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.assessments import Status
from transforms.periods import Period
from transforms.writing.editions import Edition
from transforms.writing.histories import AreaHistory, IndicatorHistory


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure and where it comes from; ``text`` is — where there is none."""

    text: str
    sources: tuple[str, ...] = ()
    """Cells as workbook《sheet》A1; empty for a figure that is computed from others of its row."""
    explanation: str = ""
    """How it was computed, in words, for a computed figure."""
    vintages: tuple[str, ...] = ()
    """The SHA-256 of each source's file, in the sources' order: two files may have one name."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One line of the main table."""

    code: str
    serial: int
    name: str
    unit: str
    target: str
    """≥170, 3左右, 5.5～6, 每季度≥2, 完成."""
    actual: Figure
    figure_period: str
    """The period of the figure, only where it isn't the bulletin's own."""
    growth: Figure
    completion: Figure
    elapsed_path: Figure
    last_year_path: Figure
    gap: Figure
    """With its sign, without its unit."""
    gap_unit: str
    status: Status
    status_word: str
    verdict: str
    lead_units: tuple[str, ...]
    marks: tuple[str, ...] = ()
    """Note signs such as ①, explained under the table."""
    completion_ratio: float | None = None
    """For a bar: completion ÷ 100, not for printing."""
    path_ratio: float | None = None
    remark: str = ""
    """The unit's own words, without a final stop."""


@dataclass(frozen=True, slots=True)
class SectionTable:
    """The indicators of one section of the plan."""

    title: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class Commentary:
    """What is said of one section of the plan in whole paragraphs; ``section`` is its id in the plan."""

    section: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryPoint:
    """One of the few things that a reader of two minutes must know, and the word that it's found by."""

    label: str
    """总体, 领先, 滞后, 变化, 未报; 综述 or 补充 over an editor's first paragraph, nothing over his others."""
    text: str


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many indicators have a status, and their share of all, in %."""

    status: Status
    word: str
    count: int
    share: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BehindRow:
    """One indicator that is behind: by how much and what is still needed."""

    code: str
    name: str
    status: Status
    status_word: str
    progress: str
    """截至6月底26个，完成年度目标的52.0%."""
    gap: str
    """慢于序时进度8.0个百分点."""
    needed: str
    """后6个月月均需完成4.0个."""
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    remark: str
    """The unit's own reason, empty where it gave none."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area in a table of areas."""

    rank: str
    area: str
    value: Figure
    growth: Figure
    movement: str
    """上升2位, 下降1位, 持平, or — without an earlier rank."""


@dataclass(frozen=True, slots=True)
class AreaSection:
    """Areas by one indicator, best first."""

    title: str
    unit: str
    value_head: str
    rows: tuple[AreaRow, ...]
    has_growth: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A qualitative task with the words of its unit."""

    task: str
    unit: str
    progress: str
    is_late: bool = False
    """Whether the unit told nothing for the bulletin's own month: the progress is an earlier month's, or none."""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """An earlier figure that has changed."""

    name: str
    period: str
    old: Figure
    new: Figure
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A doubt or a correction that the reader must know of."""

    subject: str
    place: str
    found: str
    treatment: str


ROWS = "条"
"""The measure word of rows of which no better one is known."""


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A project or firm that was counted."""

    name: str
    area: str
    date: str
    amount: str
    source: str
    marks: str = ""
    """The signs of the parts that it also counts for."""


@dataclass(frozen=True, slots=True)
class CountedPart:
    """A part of a list's indicator that is counted by itself: its rows bear the mark, and aren't listed again."""

    mark: str
    name: str
    count: int
    unit: str = ROWS


@dataclass(frozen=True, slots=True)
class CountedList:
    """What was counted for one indicator, and by which rule, in words."""

    title: str
    rows: tuple[CountedRow, ...]
    rule: str = ""
    parts: tuple[CountedPart, ...] = ()
    unit: str = ROWS
    """The measure word of its rows: 个, 家."""
    date_head: str = "日期"
    """What the ledger calls its dates: 签约日期."""
    amount_head: str = "数额"
    """What the ledger calls its amounts: 总投资."""
    amount_unit: str = ""
    """The unit that ends every amount; empty where they differ, or there are none."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One file that the bulletin was made from."""

    workbook: str
    reporter: str
    period: str
    received: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The month's bulletin. ``paragraphs`` are whole sentences of official prose."""

    district_id: str
    district: str
    region: str
    period: Period
    demonstration: bool
    organ: str
    edition: Edition
    """A draft, an issue or a correction: a draft's pages say 征求意见稿."""
    number: str
    """发文字号; a draft's has its number left out: 金经信通报〔2024〕　号."""
    title: str
    subtitle: str
    """（2024年1—6月）."""
    addressees: str
    copies: str
    contact: str
    dated: str
    """成文日期: the day the newest input came."""
    dated_iso: str
    paragraphs: tuple[str, ...]
    commentaries: tuple[Commentary, ...]
    """One for each section of the plan that has indicators, in the plan's order."""
    summary: tuple[SummaryPoint, ...]
    """What a page's summary says beside the headline indicators; told more fully by the paragraphs."""
    headline: tuple[str, ...]
    """Codes of the indicators that the summary leads with."""
    statuses: tuple[StatusCount, ...]
    total: int
    sections: tuple[SectionTable, ...]
    behind: tuple[BehindRow, ...]
    behind_lead: str
    areas: tuple[AreaSection, ...]
    areas_lead: str
    histories: tuple[IndicatorHistory, ...]
    """One for each indicator, in the order of the sections' rows."""
    area_histories: tuple[AreaHistory, ...]
    """One for each table of areas, in the same order."""
    tasks: tuple[TaskRow, ...]
    unreported: tuple[str, ...]
    """Units that have sent nothing for the period, with what is missing: 区科技局（3项）."""
    marks: tuple[tuple[str, str], ...]
    """Note signs and their text."""
    method: tuple[str, ...]
    quality: tuple[QualityRow, ...]
    revisions: tuple[RevisionRow, ...]
    revisions_lead: str
    """Which issues the revisions are held against; without rows only a correction's, which says so. Else empty."""
    counted: tuple[CountedList, ...]
    sources: tuple[SourceRow, ...]
    document: str
    """The plan's document: 《金安区2024年度工业发展要点》（金发〔2024〕5号）."""
