"""An annual plan as declared: each target with its clause, its path and the words it's found under; judges nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from transforms.figures import places_of
from transforms.periods import Period
from transforms.readings import Measure


class Declared(BaseModel):
    """A closed, frozen contract: an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_min_length=1)


# --- Targets: one class per kind of method §2 -------------------------------------------------------------------------


class Reach(Declared):
    """Reach an amount by the year's end (总产值170亿元以上): completion = year-to-date ÷ value."""

    kind: Literal["reach"]
    operator: Literal[">="] = ">="
    value: Decimal = Field(gt=0)


class About(Declared):
    """Reach about a number (1500个左右). No tolerance is published, so the plan declares one, in the target's unit."""

    kind: Literal["about"]
    operator: Literal["~"] = "~"
    value: Decimal = Field(gt=0)
    tolerance: Decimal = Field(ge=0)

    @model_validator(mode="after")
    def _something_left(self) -> About:
        if self.tolerance >= self.value:
            raise ValueError("tolerance must be below value")
        return self

    @property
    def least(self) -> Decimal:
        """The smallest number that still is about the target."""
        return self.value - self.tolerance


class OfWhich(Declared):
    """Part of another target (其中5亿元以上15个): judged as an amount, never more than its parent."""

    kind: Literal["of-which"]
    operator: Literal[">="] = ">="
    value: Decimal = Field(gt=0)
    parent: str


class Grow(Declared):
    """Grow at a rate over the year, in %: the year-to-date rate against the full-year rate, never pro-rated."""

    kind: Literal["grow"]
    operator: Literal[">="] = ">="
    value: Decimal


class Range(Declared):
    """Grow at a rate within a range (5.5%～6%): met from ``value`` up; ``upper`` marks what is beyond."""

    kind: Literal["range"]
    operator: Literal["range"] = "range"
    value: Decimal
    upper: Decimal

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.upper <= self.value:
            raise ValueError("upper must be above value")
        return self


class Hold(Declared):
    """Hold a level (占GDP比重20%, 总数达160家): the latest level against the target, never pro-rated."""

    kind: Literal["hold"]
    operator: Literal[">="] = ">="
    value: Decimal
    baseline: Decimal | None = None
    """The level at the end of last year; with it the share of the way gone is told."""


class Ceiling(Declared):
    """Stay under a ceiling (担保费率1%以下): kept or broken, now and at each earlier period of the year."""

    kind: Literal["ceiling"]
    operator: Literal["<="] = "<="
    value: Decimal


class Clear(Declared):
    """Clear to zero (清零): cleared or N left; it can be lost again."""

    kind: Literal["clear"]
    operator: Literal["="] = "="
    value: Decimal = Decimal(0)


class Every(StrEnum):
    """The sub-period that a repeated task is due in."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Repeat(Declared):
    """At least ``value`` times in every sub-period; a miss can't be made up later, the running one isn't one yet."""

    kind: Literal["repeat"]
    operator: Literal[">="] = ">="
    value: Decimal = Field(gt=0)
    every: Every


class Milestone(Declared):
    """Pass a milestone by a day (the plan year's last if none is named): done, due or overdue."""

    kind: Literal["milestone"]
    operator: Literal["done"] = "done"
    value: None = None
    due: dt.date | None = None


class Either(Declared):
    """Either of several milestones; met when one is. The options are the labels that they're reported under."""

    kind: Literal["either"]
    operator: Literal["any"] = "any"
    value: None = None
    options: tuple[str, ...] = Field(min_length=2)
    due: dt.date | None = None


Target = Annotated[
    Reach | About | OfWhich | Grow | Range | Hold | Ceiling | Clear | Repeat | Milestone | Either,
    Field(discriminator="kind"),
]

# --- Paths: method §3 -------------------------------------------------------------------------------------------------


class Elapsed(Declared):
    """序时进度: month ÷ 12."""

    kind: Literal["elapsed"]


class LastYear(Declared):
    """历史同期进度: the share of last year's total that last year's same months had reached."""

    kind: Literal["last-year"]


class Schedule(Declared):
    """Monthly numbers issued with the plan: the cumulative share due by the end of each month, in %."""

    kind: Literal["schedule"]
    due: dict[int, Decimal]

    @model_validator(mode="after")
    def _whole_year(self) -> Schedule:
        if sorted(self.due) != list(range(1, 13)):
            raise ValueError("a schedule names all of the months 1 to 12")
        shares = [self.due[month] for month in range(1, 13)]
        if shares != sorted(shares) or shares[0] < 0 or shares[-1] != 100:
            raise ValueError("a schedule never falls and ends at 100")
        return self


class Batch(Declared):
    """Nothing is due before the named month, everything by its end."""

    kind: Literal["batch"]
    month: int = Field(ge=1, le=12)


class Flat(Declared):
    """The whole target at any time: for rates, levels, ceilings and deeds, which are never pro-rated."""

    kind: Literal["flat"]


Path = Annotated[Elapsed | LastYear | Schedule | Batch | Flat, Field(discriminator="kind")]

PRO_RATED = ("reach", "about", "of-which")
"""The kinds of target that a path other than flat can be declared for."""

# --- Counting rules: which rows of a ledger make the figure -----------------------------------------------------------


class AtLeast(Declared):
    """The column's number is at least ``value`` (以上 includes the number itself, 民法典 第1259条)."""

    kind: Literal["at-least"]
    column: str
    value: Decimal
    unit: str


class Below(Declared):
    """The column's number is below ``value`` (不满 excludes the number itself, 民法典 第1259条)."""

    kind: Literal["below"]
    column: str
    value: Decimal
    unit: str


class OneOf(Declared):
    """The column's text is one of these: an honour, a level, a batch (批次). Widths and blanks make no difference."""

    kind: Literal["one-of"]
    column: str
    values: tuple[str, ...] = Field(min_length=1)


class NoneOf(Declared):
    """The column's text is none of these; a blank one isn't either."""

    kind: Literal["none-of"]
    column: str
    values: tuple[str, ...] = Field(min_length=1)


class StartsWith(Declared):
    """The column's text begins with one of these: sectors by code (C39) or by name (电子)."""

    kind: Literal["starts-with"]
    column: str
    values: tuple[str, ...] = Field(min_length=1)


class Filled(Declared):
    """The column isn't blank."""

    kind: Literal["filled"]
    column: str


class InYear(Declared):
    """The column's date lies in the year that is counted: 当年签约 beside a count by 开工日期."""

    kind: Literal["in-year"]
    column: str


Condition = Annotated[AtLeast | Below | OneOf | NoneOf | StartsWith | Filled | InYear, Field(discriminator="kind")]


class Count(Declared):
    """Rows of a ledger that are counted: dated from 1 January to the period's end, and meeting every condition.

    ``date`` None counts the rows as the ledger of the period lists them (a stock, such as all above-scale firms).
    ``sum`` names a number column to be added up in place of counting rows.
    """

    ledger: str
    """Words that the ledger's title has, such as 工业项目台账."""
    date: str | None = None
    where: tuple[Condition, ...] = ()
    sum: str | None = None
    area: str | None = None
    """The column that names the township or park."""
    name: str | None = None
    """The column that names the project or firm, for the list of what was counted."""
    amount: str | None = None
    """The column whose number the list shows."""
    parts: tuple[str, ...] = ()
    """Who each send a part of the ledger: units, townships or parks, all of them needed; by default it's one file's."""


# --- Indicators -------------------------------------------------------------------------------------------------------


class Frequency(StrEnum):
    """How often the figure falls due."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class Stand(Declared):
    """Where a target stands in the document: its clause and its verbatim words (white space aside)."""

    clause: str
    quote: str


class Indicator(Declared):
    """One target of the plan with all that is needed to find, judge and answer for its figure."""

    code: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    name: str
    short_name: str | None = None
    """How the name is written in a sentence; the name if None."""
    section: str
    """The id of the plan's section that the bulletin prints it under."""
    unit: str
    """The unit of the figure as printed (亿元, %, 家, 次); 项 for milestones."""
    places: int | None = Field(default=None, ge=0, le=6)
    """Digits after the point when printed.

    By default those of the target, and at least 1 for what isn't counted (亿元, 万元, 万吨, %).
    """
    target: Target
    clause: str
    quote: str
    also: tuple[Stand, ...] = ()
    """Other clauses that set the same target."""
    frequency: Frequency = Frequency.MONTHLY
    first_month: int = Field(default=1, ge=1, le=12)
    """The first month of a year that has a figure: 2 where January is collected and released with February."""
    path: Path
    lead_units: tuple[str, ...] = Field(min_length=1)
    cooperating_units: tuple[str, ...] = ()
    units_basis: str
    """Where the responsible units are taken from, or the duty they're inferred from."""
    reported_by: str
    """The unit that sends the figure."""
    labels: tuple[str, ...] = Field(min_length=1)
    """Row or column labels it's found under in tables and forms."""
    measure: Measure | None = None
    """The measure looked for, where the kind's own (year-to-date, year-to-date-growth, level) isn't meant."""
    may_fall: bool = False
    """Whether the year-to-date figure may fall (a net count, a reversal) without being doubted."""
    counted: Count | None = None
    price_basis: str | None = None
    """可比价 or 现价, where the figure is a value."""
    note: str | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Indicator:
        if self.target.kind in PRO_RATED and self.path.kind == "flat":
            raise ValueError(f"a target of kind {self.target.kind} needs a path: elapsed, last-year, schedule or batch")
        if self.target.kind not in PRO_RATED and self.path.kind != "flat":
            raise ValueError(f"a target of kind {self.target.kind} is never pro-rated: its path is flat")
        if self.target.kind == "either" and not set(self.target.options) <= set(self.labels):
            raise ValueError("each option of an either-target must be one of the labels")
        return self

    @property
    def sentence_name(self) -> str:
        """The name as written in a sentence."""
        return self.short_name or self.name

    @property
    def printed_places(self) -> int:
        """Digits after the point when the figure is printed."""
        if self.places is not None:
            return self.places
        own = 0 if self.target.value is None else places_of(self.target.value.normalize())
        return max(own, 1) if self.unit in {"亿元", "万元", "%", "万吨"} else own

    @property
    def is_at_constant_prices(self) -> bool:
        """Whether its growth is reckoned at constant prices, which levels at current prices don't give."""
        basis = self.price_basis or ""
        return "可比" in basis or "不变" in basis

    @property
    def may_have_no_item(self) -> bool:
        """Whether — (无此项) is an answer: a share or a rate of something that there may be none of yet."""
        return self.target.kind in {"hold", "ceiling"}

    def last_due(self, period: Period) -> Period | None:
        """The latest month of the period's year, up to the period, that a figure falls due in."""
        length = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}[self.frequency]
        month = period.month - period.month % length
        return Period(period.year, month) if month >= self.first_month else None


class Section(Declared):
    """A part of the plan that the bulletin has a heading for."""

    id: str
    title: str


class Qualitative(Declared):
    """A task without a number or a day: listed with the words of the unit that reports on it, never computed."""

    code: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    task: str
    section: str
    clause: str
    quote: str
    reported_by: str
    labels: tuple[str, ...] = ()


class NoTarget(Declared):
    """A number-with-a-unit of the document that sets no target of this plan, and why."""

    quote: str
    reason: str


class Document(Declared):
    """The document that the plan is transcribed from."""

    title: str
    number: str
    issued: dt.date
    file: str | None = None
    """Its text, beside the plan's file."""
    url: str | None = None

    @property
    def citation(self) -> str:
        """The document as it's cited: 《title》（number）; a title that has brackets of its own gets no second pair."""
        title = self.title if "《" in self.title else f"《{self.title}》"
        return f"{title}（{self.number}）"


class Plan(Declared):
    """One year's plan of one district."""

    district: str
    year: int = Field(ge=1990, le=2100)
    document: Document
    units_note: str | None = None
    """Where the responsible units come from, printed with the plan."""
    sections: tuple[Section, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    qualitative: tuple[Qualitative, ...] = ()
    no_targets: tuple[NoTarget, ...] = ()

    def indicator(self, code: str) -> Indicator | None:
        """The indicator of that code, or None."""
        return next((indicator for indicator in self.indicators if indicator.code == code), None)
