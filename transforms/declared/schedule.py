"""When a district's bulletin is due, how long late data is waited for, and how a run by itself ends; knows no clock."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from transforms.declared.contract import Declared
from transforms.declared.crons import Cron
from transforms.signers import signer


def _time_of_day(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError("a time of day is written '09:00', in quotes")
    return text


TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]


class When(Declared):
    """The moment in each month, in Beijing time: a working day counted from a day of the month, or a cron."""

    working_day: int | None = Field(default=None, ge=1, le=15)
    """1 is the first working day after ``after``; make-up working days count, holidays don't."""
    after: int = Field(default=0, ge=0, le=28)
    """The day of the month after which is counted; 0 is the last day of the month before."""
    at: TimeOfDay = "09:00"
    cron: Cron | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> When:
        if (self.working_day is None) == (self.cron is None):
            raise ValueError("say either working_day (with after and at) or cron")
        if self.cron is not None and {"after", "at"} & self.model_fields_set:
            raise ValueError("after and at belong to working_day; a cron says all by itself")
        return self

    @property
    def time(self) -> dt.time:
        """The time of day."""
        return dt.time.fromisoformat(self.at)


class Late(Declared):
    """How a run waits for files that haven't come and sources that can't be reached."""

    every: int = Field(default=4, ge=1, le=72)
    """Hours between two tries."""
    until: int = Field(default=2, ge=0, le=20)
    """Working days after the due moment, at its time of day; then the bulletin is made of what is there.

    Where a file of ``severity: critical`` isn't there, or none at all, ops are told, and it's looked for until the next
    period is due.
    """


class Retries(Declared):
    """How often a run is tried again after a fault that may pass, such as a database that is gone."""

    times: int = Field(default=5, ge=0, le=20)
    first: int = Field(default=2, ge=1, le=240)
    """Minutes before the first; each later one waits twice as long."""


class End(StrEnum):
    """How a run by itself ends."""

    DRAFT = "draft"
    APPROVAL = "approval"
    ISSUE = "issue"


class Schedule(Declared):
    """The run that a district has by itself each month."""

    when: When
    months_back: int = Field(default=1, ge=0, le=12)
    """Which period it makes: so many months before that of the due day."""
    late: Late = Late()
    retries: Retries = Retries()
    end: End = End.DRAFT
    by: Annotated[str, AfterValidator(signer)] | None = None
    """Who signs what is published without anybody looking; only with ``end: issue``."""
    approve_within: int = Field(default=5, ge=1, le=30)
    """Working days that a draft waits for approval."""

    @model_validator(mode="after")
    def _signed(self) -> Schedule:
        if (self.end is End.ISSUE) != (self.by is not None):
            raise ValueError("by says who signs what is published by itself: needed with end: issue, and only there")
        return self
