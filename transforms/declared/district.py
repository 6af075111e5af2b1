"""A district as declared: its areas, units, words for statuses and what its bulletins look like; knows no figures."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from transforms.declared.contract import Declared
from transforms.declared.deliveries import AlertChannel, Channel, named_once
from transforms.declared.schedule import Schedule
from transforms.declared.sources import Source, overlapping
from transforms.doubts import Severity


class Area(Declared):
    """A township, subdistrict or park, with the other spellings it's met under."""

    name: str
    kind: Literal["township", "park"]
    aliases: tuple[str, ...] = ()


class Unit(Declared):
    """A responsible or reporting unit, with the other spellings it's met under."""

    name: str
    aliases: tuple[str, ...] = ()


class Lines(Declared):
    """Where one status ends and the next begins (method §4): gaps to the path, edges included.

    Amounts are compared in percentage points of completion, rates and levels in % in percentage points, other levels by
    the share of the target that they lack.
    """

    ahead: Decimal = Field(default=Decimal(5), ge=0)
    """超序时 from this many percentage points above the path on."""
    severe: Decimal = Field(default=Decimal(-10), lt=0)
    """严重滞后 from this many percentage points below the path on."""
    ahead_rate: Decimal = Field(default=Decimal(2), ge=0)
    """The same for growth rates, in percentage points."""
    severe_rate: Decimal = Field(default=Decimal(-5), lt=0)


class Expected(Declared):
    """A table that must come for each period of the given months: recognised by words of its own title."""

    title: str
    """Words that its title has and no other's; 月主要经济指标 where 分乡镇（园区）主要经济指标 comes beside it."""
    called: str | None = None
    """How messages call it; its title's words if None."""
    reporter: str
    severity: Severity = Severity.WARNING
    """What its absence does: critical stops the period, warning leaves its indicators 未报."""
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(default=tuple(range(1, 13)), min_length=1)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.called or self.title


class Bulletin(Declared):
    """What the bulletin's head and foot say."""

    templates: tuple[str, ...] = Field(default=("tongbao",), min_length=1)
    """The folders of report_templates that the month is written with; the first makes bulletin.html and .pdf."""

    @field_validator("templates")
    @classmethod
    def _different(cls, templates: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for at, name in enumerate(templates) if name in templates[:at]]
        if twice:
            raise ValueError(f"{twice[0]!r} is named twice")
        return templates

    organ: str
    """发文机关, the name in the red head."""
    number: str
    """The issue number's pattern; {year} and {issue} are filled in, such as 金经信通报〔{year}〕{issue}号."""

    @field_validator("number")
    @classmethod
    def _pattern(cls, number: str) -> str:
        if set(re.findall(r"\{[^}]*\}?|\}", number)) - {"{year}", "{issue}"}:
            raise ValueError("only {year} and {issue} can be filled in")
        return number

    subject: str
    """What the bulletin is about, such as 全区工业发展要点目标任务完成情况."""
    region: str
    """How the whole district is called in a sentence: 全区, 全国."""
    addressees: str
    """主送机关."""
    copies: str | None = None
    """抄送."""
    contact: str | None = None
    ranked: tuple[str, ...] = ()
    """Codes of the indicators that areas are ranked by, in the order of their tables."""
    headline: tuple[str, ...] = ()
    """Codes of the indicators that the summary leads with."""


class Notices(Declared):
    """What the notices (督办单) that go to single units say beside their figures; without it they give no day."""

    number: str | None = None
    """The pattern of a notice's number, such as 金经信督〔{year}〕{issue}—{serial}号."""
    reply_within: int | None = Field(default=None, ge=1, le=90)
    """How many days after its date the filled-in reply slip (回执) is to be back."""
    report_by: int | None = Field(default=None, ge=1, le=28)
    """The day of the month after the period by which the units report."""

    @field_validator("number")
    @classmethod
    def _pattern(cls, number: str | None) -> str | None:
        if number is not None and set(re.findall(r"\{[^}]*\}?|\}", number)) - {"{year}", "{issue}", "{serial}"}:
            raise ValueError("only {year}, {issue} and {serial} can be filled in")
        return number


class District(Declared):
    """One district: the folder's name is its id."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    demonstration: bool = False
    """Whether its figures are made up; then 演示数据 stands wherever one of them shows."""
    areas: tuple[Area, ...] = ()
    units: tuple[Unit, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    expected: tuple[Expected, ...] = ()
    lines: Lines = Lines()
    bulletin: Bulletin
    notices: Notices = Notices()
    schedule: Schedule | None = None
    """When its bulletin is made by itself; decides no bulletin's bytes (transforms/declared/deciding.py)."""
    deliver: tuple[Channel, ...] = ()
    """Where its issues go; decides no bulletin's bytes."""
    alerts: tuple[AlertChannel, ...] = ()
    """Where its ops are told of failed, late and blocked runs; decides no bulletin's bytes."""

    @field_validator("deliver")
    @classmethod
    def _deliver_by_name(cls, deliver: tuple[Channel, ...]) -> tuple[Channel, ...]:
        named_once(deliver)
        return deliver

    @field_validator("alerts")
    @classmethod
    def _alerts_by_name(cls, alerts: tuple[AlertChannel, ...]) -> tuple[AlertChannel, ...]:
        named_once(alerts)
        return alerts

    @field_validator("sources")
    @classmethod
    def _apart(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        shared = overlapping(sources)
        if shared:
            raise ValueError(f"{shared}: two sources would pull the same files; declare them as one")
        return sources

    def area(self, spelling: str) -> Area | None:
        """The area that a table's spelling means, or None."""
        return next((a for a in self.areas if spelling == a.name or spelling in a.aliases), None)

    def unit(self, spelling: str) -> Unit | None:
        """The unit that a spelling means, or None; one may leave out the 区 or 县 with which only one unit's begins."""
        named = next((u for u in self.units if spelling == u.name or spelling in u.aliases), None)
        if named is not None:
            return named
        short = [
            u for u in self.units if any(one[:1] in "区县市" and one[1:] == spelling for one in (u.name, *u.aliases))
        ]
        return short[0] if len(short) == 1 else None
