"""An annual plan as declared: each target with its clause, its path and the words it's found under; judges nothing."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import Field, model_validator

from transforms.declared.contract import Declared
from transforms.declared.counting import Count
from transforms.declared.paths import PRO_RATED, Path
from transforms.declared.targets import Target
from transforms.figures import places_of
from transforms.periods import Period
from transforms.readings import Measure


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
