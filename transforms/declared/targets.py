"""The kinds of target that a plan has (method §2), each with what it takes to declare one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from transforms.declared.contract import Declared


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
