"""Makes the district's inbox of made-up workbooks from the plans and the story in ``demonstration/``; reads none.

``figures.yaml`` holds every number of the story and when it happens, ``words.yaml`` what the units write and what the
firms are called; labels, units of measure and reporting units come from the plans, areas from ``district.yaml``. The
same declarations give the same bytes. Every file and every sheet says 演示数据.
"""

from __future__ import annotations

import argparse
import calendar
import csv
import datetime as dt
import io
import math
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import xlsxwriter
import xlwt

from transforms.declared.contract import Declared
from transforms.declared.counting import Count, OneOf
from transforms.declared.declarations import load
from transforms.declared.district import District
from transforms.declared.plan import Frequency, Indicator, Plan
from transforms.figures import HUNDRED, exact, printed, round_half_up
from transforms.ledgers.credit_code import check_digit
from transforms.periods import Period, span

HERE = Path(__file__).resolve().parent
FIRST, LAST = Period(2023, 1), Period(2024, 12)
MADE_UP = "（演示数据）"
STATISTICS = "区统计局"
PARK = "金安经济开发区"
PROJECT_DAYS = ("签约日期", "开工日期", "投产日期", "转化规上日期")
ZERO = Decimal(0)


def main() -> None:
    """Replace the inbox, or the folder named by ``--into``, as a whole."""
    parser = argparse.ArgumentParser(description="Make the demonstration's workbooks.")
    parser.add_argument("--into", type=Path, default=HERE / "inbox", help="folder to replace as a whole")
    into: Path = parser.parse_args().into
    if into.exists():
        shutil.rmtree(into)
    for name, data in Story.told().files():
        file = into / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


# --- The story as declared ------------------------------------------------------------------------

By_year = dict[int, tuple[Decimal | None, ...]]


class SeriesFigures(Declared):
    """A statistics series: last year's total with its monthly shares, and growth by year, from February on."""

    label: str
    unit: str
    total: Decimal | None = None
    shares: tuple[Decimal, ...]
    growth: dict[int, tuple[Decimal, ...]]


class FirstPrint(Declared):
    """Growth as first published for a period that was revised on a later day."""

    period: str
    received: dt.date
    growth: dict[str, Decimal]
    reason: str


class Slip(Declared):
    """A year-to-date growth that was typed wrongly."""

    series: str
    period: str
    printed: Decimal


class PartFigures(Declared):
    """A part of a series: its share in % and how many points faster it grows."""

    label: str
    share: Decimal
    faster: Decimal


class QuarterFigures(Declared):
    """Four accumulated levels with their growth."""

    levels: tuple[Decimal, ...]
    growth: tuple[Decimal, ...]


class AreaFigures(Declared):
    """An area's shares of the district in %, its lead in growth in points, and its firms at the start."""

    output: Decimal
    faster: Decimal
    investment: Decimal
    investment_faster: Decimal
    firms: int


class NewPark(Declared):
    """A park that gets its first above-scale firm within the second year."""

    area: str
    since: str
    levels: tuple[Decimal, ...]


class FirmFigures(Declared):
    """New above-scale firms (accumulated), firms that leave, and how many pass each output in the second year."""

    new: dict[int, tuple[int, ...]]
    leaving: int
    crossing: dict[int, int]


class ProjectFigures(Declared):
    """Accumulated events by year, and what was under way before."""

    backlog: dict[str, int]
    signed: dict[int, tuple[int, ...]]
    signed_big: dict[int, tuple[int, ...]]
    started: dict[int, tuple[int, ...]]
    started_big: dict[int, tuple[int, ...]]
    commissioned: dict[int, tuple[int, ...]]
    converted: dict[int, tuple[int, ...]]


class HonourEvent(Declared):
    """One list of recognised firms."""

    category: str
    level: str
    batch: str
    day: dt.date
    firms: int


class NotSent(Declared):
    """A form that never came."""

    unit: str
    period: str


class TypedAsText(Declared):
    """A figure that a unit typed with a separator, so that the cell holds text."""

    code: str
    period: str


class Deed(Declared):
    """A milestone: the day it was passed, None if it never was, and the evidence."""

    label: str
    done: dt.date | None = None
    evidence: str | None = None


class Figures(Declared):
    """``figures.yaml``."""

    seed: int
    statistics: dict[str, SeriesFigures]
    first_print: FirstPrint
    slip: Slip
    parts: tuple[PartFigures, ...]
    manufacturing_investment: PartFigures
    sales_ratio: dict[int, tuple[Decimal, ...]]
    gdp: dict[int, QuarterFigures]
    quarterly: dict[str, By_year]
    yearly: dict[str, dict[int, Decimal]]
    areas: dict[str, AreaFigures]
    new_park: NewPark
    too_small: tuple[str, ...]
    firms: FirmFigures
    projects: ProjectFigures
    honours: tuple[HonourEvent, ...]
    form_days: dict[str, int]
    quarterly_units: tuple[str, ...]
    typed_as_text: tuple[TypedAsText, ...]
    not_sent: tuple[NotSent, ...]
    amounts: dict[str, By_year]
    counts: dict[str, By_year]
    levels: dict[str, By_year]
    rates: dict[str, dict[int, Decimal]]
    milestones: tuple[Deed, ...]
    old_excel: tuple[str, ...]
    csv: tuple[str, ...]
    one_level_heads: tuple[str, ...]


class RemarkWords(Declared):
    """A unit's reason for some months; {value}, {month}, {target}, {share} and {left} are filled in."""

    since: str
    to: str
    text: str


class TaskWords(Declared):
    """A qualitative task's progress; {0} and {1} are the numbers of a whole year, reached month by month."""

    text: str
    by_year_end: tuple[int, ...]


class Trade(Declared):
    """An industry: how often it's met, how its firms are called and what they make."""

    industry: str
    weight: int
    firm: str
    product: str
    measure: str


class Words(Declared):
    """``words.yaml``."""

    remarks: dict[str, tuple[RemarkWords, ...]]
    tasks: dict[str, TaskWords]
    first_characters: str
    second_characters: str
    industries: tuple[Trade, ...]
    notes: tuple[str, ...]


# --- Statistics -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statistics:
    """The district's statistics series, from which every table of a month is cut."""

    figures: Figures
    growth_of: Mapping[tuple[str, Period], Decimal]
    settled: Statistics | None = None
    """The final series, where these are a first print."""

    @classmethod
    def final(cls, figures: Figures) -> Statistics:
        """The series as they are known in the end."""
        growth = {
            (name, Period(year, month)): rate
            for name, series in figures.statistics.items()
            for year, rates in series.growth.items()
            for month, rate in enumerate(rates, start=2)
        }
        return cls(figures, growth)

    def first_print(self) -> Statistics:
        """The series with the growth that was published before the revision."""
        first = self.figures.first_print
        before = {(name, Period.parse(first.period)): rate for name, rate in first.growth.items()}
        return Statistics(self.figures, {**self.growth_of, **before}, settled=self)

    def level(self, name: str, period: Period) -> Decimal:
        """The year-to-date level: last year's share of its total, grown by the published rate."""
        series = self.figures.statistics[name]
        assert series.total is not None
        base = round_half_up(series.total * series.shares[period.month - 2] / HUNDRED, 2)
        if period.year == FIRST.year:
            return base
        return round_half_up(base * (1 + self.growth(name, period) / HUNDRED), 2)

    def growth(self, name: str, period: Period) -> Decimal:
        """The year-to-date growth in %."""
        return self.growth_of[name, period]

    def month(self, name: str, period: Period) -> Decimal:
        """The month's own level; there is none for January and February."""
        return self.level(name, period) - self.level(name, period.previous)

    def month_growth(self, name: str, period: Period) -> Decimal:
        """The month's growth that agrees with both levels, or with both rates where there are no levels."""
        series = self.figures.statistics[name]
        if series.total is not None and period.year > FIRST.year:
            return growth_between(self.month(name, period), self.month(name, period.last_year))
        now, before = series.shares[period.month - 2], series.shares[period.month - 3]
        rate, earlier = self.growth(name, period), self.growth(name, period.previous)
        if series.total is None:  # shares are last year's
            return round_half_up((now * rate - before * earlier) / (now - before), 1)
        base = now / (1 + rate / HUNDRED) - before / (1 + earlier / HUNDRED)
        return round_half_up(HUNDRED * (now - before) / base - HUNDRED, 1)

    def part(self, part: PartFigures, name: str, period: Period) -> tuple[Decimal, Decimal]:
        """A part's year-to-date level and growth."""
        rate = self.growth(name, period) + part.faster
        base = round_half_up(self.level(name, Period(FIRST.year, period.month)) * part.share / HUNDRED, 2)
        if period.year == FIRST.year:
            return base, rate
        return round_half_up(base * (1 + rate / HUNDRED), 2), rate

    def area_outputs(self, period: Period) -> dict[str, Decimal]:
        """Year-to-date output by area; the areas add up to the district exactly."""
        new = self.new_park_output(period)
        leads = {name: (area.output, area.faster) for name, area in self.figures.areas.items()}
        split = self._split("gross-output", period, leads, new)
        return split | ({self.figures.new_park.area: new} if new else {})

    def area_investments(self, period: Period) -> dict[str, Decimal]:
        """Year-to-date industrial investment by area."""
        leads = {name: (area.investment, area.investment_faster) for name, area in self.figures.areas.items()}
        return self._split("investment", period, leads, ZERO)

    def new_park_output(self, period: Period) -> Decimal:
        """The output of the park that came later; 0 before."""
        park = self.figures.new_park
        at = period.ordinal - Period.parse(park.since).ordinal
        return park.levels[at] if at >= 0 else ZERO

    def _split(
        self, series: str, period: Period, leads: Mapping[str, tuple[Decimal, Decimal]], besides: Decimal
    ) -> dict[str, Decimal]:
        """Split a level by share and lead in growth; what a first print had too much was all the park's."""
        if self.settled is not None:
            too_much = self.level(series, period) - self.settled.level(series, period)
            settled = self.settled._split(series, period, leads, besides)
            return settled | {PARK: settled[PARK] + too_much}
        weights = {name: share * _pace(lead, at, period) for at, (name, (share, lead)) in enumerate(leads.items())}
        return apportion(self.level(series, period) - besides, weights, 2)


def _pace(lead: Decimal, place: int, period: Period) -> Decimal:
    """An area's lead over the district in the second year; it comes and goes by a point over the months."""
    if period.year == FIRST.year:
        return Decimal(1)
    swing = Decimal(f"{math.sin(place * 2 + period.month * 0.9):.3f}")
    return 1 + (lead + swing) / HUNDRED


def apportion(total: Decimal, weights: Mapping[str, Decimal], places: int) -> dict[str, Decimal]:
    """Split by weight so that the rounded parts add up: the largest remainders get the last units."""
    unit = Decimal(1).scaleb(-places)
    whole = sum(weights.values(), ZERO)
    raw = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: (value / unit).to_integral_value(rounding="ROUND_FLOOR") * unit for name, value in raw.items()}
    short = int((total - sum(parts.values(), ZERO)) / unit)
    for name in sorted(raw, key=lambda one: (parts[one] - raw[one], one))[:short]:
        parts[name] += unit
    return parts


def growth_between(now: Decimal, then: Decimal) -> Decimal:
    """Growth in %, with one digit after the point."""
    return round_half_up(HUNDRED * now / then - HUNDRED, 1)


# --- Firms, projects and honours ------------------------------------------------------------------


@dataclass
class Firm:
    """A made-up above-scale firm: since when it's one, whether it leaves, and its output by year."""

    name: str
    code: str
    area: str
    trade: Trade
    joined: dt.date | None = None
    kind: str = "存量"
    left: Period | None = None
    sizes: dict[int, Decimal] = field(default_factory=dict)
    """By year, its size beside its area's other firms, and about its output."""
    before: Decimal = ZERO
    """Its output of the first year."""

    def arriving(self, period: Period) -> Decimal:
        """The output of the year so far that it brings when it joins; a newly built firm has just begun."""
        return self.sizes[period.year] * (period.month if self.kind == "年度纳规" else 1) / 12

    def listed(self, period: Period) -> bool:
        """Whether the ledger of the period has it."""
        if self.left is not None and period >= self.left:
            return False
        return self.joined is None or self.joined <= period.last_day


@dataclass
class Project:
    """A made-up project with the days that it has reached so far."""

    firm: str
    area: str
    trade: Trade
    name: str
    amount: Decimal
    signed: dt.date
    started: dt.date | None = None
    commissioned: dt.date | None = None
    converted: dt.date | None = None

    @property
    def days(self) -> tuple[dt.date | None, ...]:
        """The four days in the ledger's order."""
        return self.signed, self.started, self.commissioned, self.converted

    @property
    def big(self) -> bool:
        """Whether it's of 5亿元 or more."""
        return self.amount >= 5


class Maker:
    """Makes firms and projects by one seeded source of chance."""

    def __init__(self, figures: Figures, words: Words) -> None:
        self.figures, self.words = figures, words
        self.chance = random.Random(figures.seed)
        names = [a + b for a in words.first_characters for b in words.second_characters]
        self.chance.shuffle(names)
        self._names = iter(names)
        self._codes = iter(range(1, 10_000))

    def firm(self, area: str) -> Firm:
        """A firm that nobody has: its organisation code fails its own check, the whole code's check is right."""
        trade = self.trade()
        place = self.chance.choice(("六安", "六安", "六安市", "安徽"))
        name = f"{place}{next(self._names)}{trade.firm}有限公司"
        return Firm(name, credit_code(next(self._codes)), area, trade)

    def trade(self) -> Trade:
        """An industry, by weight."""
        return self.chance.choices(self.words.industries, [one.weight for one in self.words.industries])[0]

    def area(self) -> str:
        """An area with industry: the larger ones more often, the park less than its weight in output."""
        areas = {name: float(area.output) ** 0.75 for name, area in self.figures.areas.items()}
        return self.chance.choices(list(areas), list(areas.values()))[0]

    def day(self, period: Period, first: int = 2, last: int = 28) -> dt.date:
        """A working day of the month."""
        day = dt.date(period.year, period.month, self.chance.randint(first, last))
        return day - dt.timedelta(days=max(0, day.weekday() - 4)) if day.day > 2 else day

    def project(self, signed: dt.date, big: bool) -> Project:
        """A project; a few are exactly of 1亿元 or 5亿元, which counts."""
        firm = self.firm(self.area())
        if big:
            amount = Decimal(self.chance.choice((50, 50, 52, 55, 58, 60, 65, 72, 80, 100, 120))) / 10
        else:
            amount = (
                Decimal(self.chance.choice((10, 10, 11, 12, 12, 13, 15, 16, 18, 20, 22, 25, 28, 30, 36, 42, 48))) / 10
            )
        volume = self.chance.choice((20, 50, 60, 80, 100, 120, 150, 200, 300, 500))
        name = f"{firm.name.removesuffix('有限公司')}年产{volume}{firm.trade.measure}{firm.trade.product}项目"
        return Project(firm.name, firm.area, firm.trade, name, amount, signed)


def credit_code(number: int) -> str:
    """A unified social credit code with a right last character, around an organisation code that can't exist."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    organisation = f"MAD{number * 7919 % 100_000:05d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(c, 36) for w, c in zip(weights, organisation, strict=True))
    wrong = alphabet[(11 - total % 11) % 11 % 10 + 1] if (11 - total % 11) % 11 != 10 else "5"
    body = f"91341502{organisation}{wrong}"
    last = check_digit(body)
    assert last is not None
    return body + last


def monthly(accumulated: Mapping[int, Sequence[int]], period: Period) -> int:
    """The month's own count."""
    so_far = accumulated[period.year]
    return so_far[period.month - 1] - (so_far[period.month - 2] if period.month > 1 else 0)


def make_projects(maker: Maker) -> list[Project]:
    """Projects whose days give exactly the counts of the story, the oldest moving on first."""
    told = maker.figures.projects
    projects: list[Project] = []
    for at in range(told.backlog["started"] + told.backlog["commissioned"]):
        signed = maker.day(Period(2021, 1 + at % 12))
        project = maker.project(signed, big=at % 6 == 0)
        project.started = maker.day(Period(2022, 1 + at * 11 // 29 % 12))
        projects.append(project)
    for project in sorted(projects, key=lambda one: one.started or dt.date.max)[: told.backlog["commissioned"]]:
        project.commissioned = maker.day(Period(2022, maker.chance.randint(10, 12)))
    for at in range(told.backlog["signed"]):
        projects.append(maker.project(maker.day(Period(2022, 5 + at * 8 // told.backlog["signed"])), big=at % 5 == 0))
    for period in span(FIRST, LAST):
        big = monthly(told.signed_big, period)
        for at in range(monthly(told.signed, period)):
            projects.append(maker.project(maker.day(period), big=at < big))
        _move(maker, projects, period)
    return projects


def _move(maker: Maker, projects: list[Project], period: Period) -> None:
    """Let the month's projects start, be commissioned and become above-scale firms."""
    told = maker.figures.projects
    waiting = sorted((one for one in projects if not one.started), key=lambda one: one.signed)
    big = monthly(told.started_big, period)
    starting = [one for one in waiting if one.big][:big]
    starting += [one for one in waiting if not one.big][: monthly(told.started, period) - big]
    for project in starting:
        project.started = maker.day(period, first=16)
    under_way = sorted(
        (one for one in projects if one.started and not one.commissioned), key=lambda one: one.started or dt.date.max
    )
    for project in under_way[: monthly(told.commissioned, period)]:
        project.commissioned = maker.day(period, first=17)
    running = [one for one in projects if one.commissioned and not one.converted]
    running.sort(key=lambda one: one.commissioned or dt.date.max)
    for project in running[: monthly(told.converted, period)]:
        project.converted = maker.day(period, first=22)
    assert len(starting) == monthly(told.started, period), f"too few projects to start in {period}"


Outputs = dict[Period, dict[str, Decimal]]
"""Each listed firm's year-to-date output by period, in 亿元, exact to the 万元."""


def make_firms(maker: Maker, projects: Sequence[Project], statistics: Statistics) -> list[Firm]:
    """All above-scale firms, the projects' own among them, with outputs that add up to their area's."""
    told = maker.figures.firms
    firms = [maker.firm(name) for name, area in maker.figures.areas.items() for _ in range(area.firms)]
    for period in span(FIRST, LAST):
        turned = [one for one in projects if one.converted and _month_of(one.converted) == period]
        for at in range(monthly(told.new, period)):
            firms.append(_new_firm(maker, period, turned[at] if at < len(turned) else None, first=at == len(turned)))
    staying = [firm for firm in firms if not firm.joined and maker.figures.areas[firm.area].firms > 2]
    for firm in maker.chance.sample(staying, told.leaving):
        firm.left = Period(2024, 1)
    _weigh(maker, firms, statistics)
    return firms


def _new_firm(maker: Maker, period: Period, project: Project | None, first: bool) -> Firm:
    """A firm that joins in the month: a project's own, the new park's first, or one of any area."""
    park = maker.figures.new_park
    if project is not None:
        firm = replace(maker.firm(project.area), name=project.firm, trade=project.trade)
        firm.joined, firm.kind = project.converted, "项目转化"
    else:
        firm = maker.firm(park.area if first and str(period) == park.since else maker.area())
        firm.joined = maker.day(period, first=20)
        firm.kind = "年度纳规" if period.month == 12 else "月度纳规"
    size = Decimal(str(round(maker.chance.uniform(0.22, 0.42), 3)))
    firm.sizes = dict.fromkeys((2023, 2024), size)
    return firm


def _month_of(day: dt.date) -> Period:
    return Period(day.year, day.month)


def _weigh(maker: Maker, firms: list[Firm], statistics: Statistics) -> None:
    """Size the firms so that, in the second year, as many pass 1, 5 and 10亿元 as the story says."""
    old = [firm for firm in firms if firm.joined is None]
    for firm in old:
        firm.sizes[2023] = Decimal(str(round(maker.chance.lognormvariate(0, 0.72), 3)))
    park = [firm for firm in old if firm.area == PARK and firm.left is None]
    _fit(old, {park[0].name: Decimal("12.4"), park[1].name: Decimal("8.9")}, statistics, 2023)
    december = outputs_of_year(firms, statistics, 2023)[Period(2023, 12)]
    for firm in firms:
        firm.before = december.get(firm.name, ZERO)
        firm.sizes[2024] = firm.sizes[2023] if firm.kind == "年度纳规" else firm.before or firm.sizes[2024]
    wanted: dict[str, Decimal] = {}
    for bound, count in sorted(maker.figures.firms.crossing.items(), reverse=True):
        below = sorted((f for f in park if f.before < bound and f.name not in wanted), key=lambda one: -one.before)
        wanted |= {firm.name: bound * Decimal(104 + at % 5 * 2) / HUNDRED for at, firm in enumerate(below[:count])}
    _fit([firm for firm in firms if firm.before and firm.left is None], wanted, statistics, 2024)


def _fit(firms: Sequence[Firm], wanted: Mapping[str, Decimal], statistics: Statistics, year: int) -> None:
    """Scale the firms of each area to its output, but for those whose own output is wanted."""
    for area, level in statistics.area_outputs(Period(year, 12)).items():
        here = [firm for firm in firms if firm.area == area]
        given = sum((wanted[firm.name] for firm in here if firm.name in wanted), ZERO)
        loose = sum((firm.sizes[year] for firm in here if firm.name not in wanted), ZERO)
        for firm in here:
            scaled = firm.sizes[year] * (level * Decimal("0.97") - given) / (loose or 1)
            firm.sizes[year] = wanted.get(firm.name, scaled)


def outputs_of_year(firms: Sequence[Firm], statistics: Statistics, year: int) -> Outputs:
    """Each month's new output is shared among its area's firms by size; newcomers bring their own so far."""
    made: dict[Period, dict[str, Decimal]] = {}
    total: dict[str, Decimal] = {}
    before: dict[str, Decimal] = {}
    for period in span(Period(year, 2), Period(year, 12)):
        now = statistics.area_outputs(period)
        for area, level in now.items():
            here = [firm for firm in firms if firm.area == area and firm.listed(period)]
            known = {f.name: f.sizes[year] for f in here if f.name in total or period.month == 2}
            come = {f.name: f.arriving(period) for f in here if f.name not in known}
            month = level - before.get(area, ZERO)
            if not known:
                known, come = come, {}
            # However many come, the area's other firms keep most of the month.
            scale = min(Decimal(1), month * 2 / 5 / sum(come.values())) if come else ZERO
            come = {name: round_half_up(output * scale, 4) for name, output in come.items()}
            gained = apportion(month - sum(come.values(), ZERO), known, 4) | come
            for name, output in gained.items():
                total[name] = total.get(name, ZERO) + output
        before = now
        made[period] = dict(total)
    return made


def make_honours(maker: Maker, firms: Sequence[Firm]) -> list[tuple[HonourEvent, Firm]]:
    """Who was recognised; within a year a firm stands once."""
    made: list[tuple[HonourEvent, Firm]] = []
    taken: set[tuple[int, str]] = set()
    for event in maker.figures.honours:
        year = event.day.year
        able = [
            firm
            for firm in firms
            if firm.listed(Period(year, event.day.month).previous)
            and (year, firm.name) not in taken
            and firm.left is None
        ]
        for firm in sorted(maker.chance.sample(able, event.firms), key=lambda one: one.code):
            taken.add((year, firm.name))
            made.append((event, firm))
    return made


# --- Sheets ---------------------------------------------------------------------------------------

Value = str | Decimal | dt.date | None


@dataclass(frozen=True)
class Mark:
    """A cell: its value, how it looks, and the formula that gave it."""

    value: Value
    style: str = "text"
    formula: str = ""


@dataclass
class Sheet:
    """Rows of cells with merged regions; knows no format of file."""

    name: str
    widths: tuple[int, ...]
    rows: list[dict[int, Mark]] = field(default_factory=list)
    merges: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    frozen: int = 0
    landscape: bool = False

    @property
    def columns(self) -> int:
        """How many there are."""
        return len(self.widths)

    def add(self, values: Iterable[Mark | None]) -> int:
        """Append a row; None leaves a cell empty."""
        self.rows.append({at: mark for at, mark in enumerate(values) if mark is not None})
        return len(self.rows) - 1

    def band(self, text: str, style: str) -> None:
        """A row that is one merged cell over the whole width."""
        self.merge(self.add([Mark(text, style)]), 0, 1, self.columns)

    def merge(self, row: int, column: int, down: int, across: int) -> None:
        """Merge a region from its upper left cell."""
        if down * across > 1:
            self.merges[row, column] = (down, across)

    def blank(self) -> None:
        """An empty row."""
        self.rows.append({})


BORDERED = {"head", "text", "label", "wrap", "centre", "date", "n0", "n1", "n2", "n4", "general"}
NUMBER_FORMATS = {"n0": "0", "n1": "0.0", "n2": "0.00", "n4": "0.0000", "date": "yyyy-mm-dd"}
PLACES = {"n0": 0, "n1": 1, "n2": 2, "n4": 4}
CREATED = dt.datetime(2024, 2, 8)  # noqa: DTZ001  (XlsxWriter wants a naive one)


def xlsx(sheet: Sheet) -> bytes:
    """The sheet as an Excel workbook, the same bytes each time."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": sheet.name, "comments": "演示数据，全部虚构", "created": CREATED})
    made = {style: book.add_format(_xlsx_format(style)) for style in ("title", "note", "foot", *sorted(BORDERED))}
    page = book.add_worksheet(sheet.name)
    for at, width in enumerate(sheet.widths):
        page.set_column(at, at, width)
    page.set_row(0, 26)
    covered = {
        (row + down, column + right)
        for (row, column), (height, across) in sheet.merges.items()
        for down in range(height)
        for right in range(across)
    }
    for at, row in enumerate(sheet.rows):
        for column, mark in row.items():
            look = made[mark.style]
            if (at, column) in sheet.merges:
                height, across = sheet.merges[at, column]
                page.merge_range(at, column, at + height - 1, column + across - 1, mark.value or "", look)
            elif (at, column) in covered:
                continue
            elif mark.value is None:
                page.write_blank(at, column, None, look)
            elif mark.formula and isinstance(mark.value, Decimal):
                page.write_formula(at, column, mark.formula, look, float(mark.value))
            elif isinstance(mark.value, Decimal):
                page.write_number(at, column, float(mark.value), look)
            elif isinstance(mark.value, dt.date):
                page.write_datetime(at, column, mark.value, look)
            else:
                page.write_string(at, column, mark.value, look)
    if sheet.frozen:
        page.freeze_panes(sheet.frozen, 0)
    if sheet.landscape:
        page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return stream.getvalue()


def _xlsx_format(style: str) -> dict[str, object]:
    made: dict[str, object] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    if style in BORDERED:
        made["border"] = 1
    match style:
        case "title":
            made |= {"font_name": "黑体", "font_size": 16, "align": "center"}
        case "head":
            made |= {"bold": True, "align": "center", "text_wrap": True}
        case "wrap":
            made["text_wrap"] = True
        case "centre":
            made["align"] = "center"
        case "foot":
            made |= {"font_size": 9, "text_wrap": True}
        case _ if style in NUMBER_FORMATS:
            made |= {"num_format": NUMBER_FORMATS[style], "align": "center" if style == "date" else "right"}
    return made


def xls(sheet: Sheet) -> bytes:
    """The sheet as a workbook of Excel 97."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet.name)
    looks = {style: _xls_style(style) for style in ("title", "note", "foot", *sorted(BORDERED))}
    for at, width in enumerate(sheet.widths):
        page.col(at).width = width * 256
    for at, row in enumerate(sheet.rows):
        for column, mark in row.items():
            value = float(mark.value) if isinstance(mark.value, Decimal) else mark.value
            look = looks[mark.style]
            if (at, column) in sheet.merges:
                height, across = sheet.merges[at, column]
                page.write_merge(at, at + height - 1, column, column + across - 1, value or "", look)
            elif not _within(sheet, at, column):
                page.write(at, column, value, look)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _within(sheet: Sheet, at: int, column: int) -> bool:
    return any(
        row <= at < row + height and first <= column < first + across
        for (row, first), (height, across) in sheet.merges.items()
    )


def _xls_style(style: str) -> xlwt.XFStyle:
    words = "font: name 宋体, height 200; align: vert centre"
    if style == "title":
        words = "font: name 黑体, height 320; align: vert centre, horiz centre"
    elif style in {"head", "centre"}:
        words = "font: name 宋体, height 200; align: vert centre, horiz centre, wrap on"
    elif style in {"wrap", "foot"}:
        words = "font: name 宋体, height 200; align: vert centre, wrap on"
    if style in BORDERED:
        words += "; borders: left thin, right thin, top thin, bottom thin"
    return xlwt.easyxf(words, num_format_str=NUMBER_FORMATS.get(style, "General"))


def gb18030_csv(sheet: Sheet) -> bytes:
    """The sheet as Excel saves it on a Chinese system: GB18030, merged regions flattened, figures as displayed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in sheet.rows:
        writer.writerow([_displayed(row.get(at)) for at in range(sheet.columns)])
    return stream.getvalue().encode("gb18030")


def _displayed(mark: Mark | None) -> str:
    if mark is None or mark.value is None:
        return ""
    if isinstance(mark.value, Decimal):
        places = PLACES.get(mark.style)
        return exact(mark.value) or "" if places is None else printed(mark.value, places).replace("−", "-")
    return str(mark.value)


# --- Tables ---------------------------------------------------------------------------------------

Made = TypeVar("Made", bound=Declared)


def title_period(period: Period) -> str:
    """January and February are published together: 2024年1—2月."""
    return f"{period.year}年1—2月" if period.month == 2 else period.chinese()


def level_mark(value: Decimal | None, unit: str) -> Mark:
    """A level with the digits usual for its unit; — where there's no such item."""
    if value is None:
        return Mark("—", "centre")
    return Mark(value, {"亿元": "n2", "亿千瓦时": "n2", "%": "n1"}.get(unit, "n0"))


def rate_mark(value: Decimal | None) -> Mark:
    """A growth rate in %."""
    return Mark("—", "centre") if value is None else Mark(value, "n1")


@dataclass(frozen=True)
class Row:
    """A line of 主要经济指标."""

    label: str
    unit: str
    month: Decimal | None = None
    month_growth: Decimal | None = None
    total: Decimal | str | None = None
    growth: Decimal | None = None
    growth_style: str = "n1"


@dataclass(frozen=True)
class Story:
    """Everything that was made up, and how it becomes files."""

    figures: Figures
    words: Words
    district: District
    plans: Mapping[int, Plan]
    statistics: Statistics
    projects: tuple[Project, ...]
    firms: tuple[Firm, ...]
    outputs: Outputs
    honours: tuple[tuple[HonourEvent, Firm], ...]

    @classmethod
    def told(cls) -> Story:
        """Read the declarations and make what isn't told figure by figure."""
        figures = _load("demonstration/figures.yaml", Figures)
        words = _load("demonstration/words.yaml", Words)
        plans = {year: _load(f"plan/{year}.yaml", Plan) for year in (2023, 2024)}
        maker = Maker(figures, words)
        statistics = Statistics.final(figures)
        projects = make_projects(maker)
        firms = make_firms(maker, projects, statistics)
        honours = make_honours(maker, firms)
        district = _load("district.yaml", District)
        made = outputs_of_year(firms, statistics, 2023) | outputs_of_year(firms, statistics, 2024)
        return cls(figures, words, district, plans, statistics, tuple(projects), tuple(firms), made, tuple(honours))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file with its place in the inbox."""
        for period in span(FIRST, LAST):
            if period.month > 1:
                yield from self._statistics_files(period)
            yield from self._ledger_files(period)
            yield from self._form_files(period)

    # Statistics

    def _statistics_files(self, period: Period) -> Iterator[tuple[str, bytes]]:
        first = self.figures.first_print
        folder = received(period, 17)
        known = self.statistics.first_print() if str(period) == first.period else self.statistics
        words = title_period(period)
        suffix, write = ".xlsx", xlsx
        if str(period) in self.figures.old_excel:
            suffix, write = ".xls", xls
        elif str(period) in self.figures.csv:
            suffix, write = ".csv", gb18030_csv
        yield f"{folder}/主要经济指标_{words}_演示数据{suffix}", write(self._main_table(period, known, ""))
        yield f"{folder}/分乡镇主要经济指标_{words}_演示数据.xlsx", xlsx(self._area_table(period, known, ""))
        if str(period) == first.period:
            again = f"{words}（修订）"
            yield (
                f"{first.received}/主要经济指标_{again}_演示数据.xlsx",
                xlsx(self._main_table(period, self.statistics, "（修订）")),
            )
            yield (
                f"{first.received}/分乡镇主要经济指标_{again}_演示数据.xlsx",
                xlsx(self._area_table(period, self.statistics, "（修订）")),
            )

    def _main_table(self, period: Period, known: Statistics, revised: str) -> Sheet:
        rows = [*self._main_rows(period, known), *self._plan_rows(period)]
        to_date = f"{period.chinese_year_to_date()}累计"
        if str(period) in self.figures.one_level_heads:
            sheet = Sheet("主要经济指标", (40, 12, 12, 12, 12))
            self._main_head(sheet, period, revised)
            sheet.add([Mark(head, "head") for head in ("指标", "单位", "本月", "累计", "同比（±%）")])
            for row in rows:
                sheet.add([
                    Mark(row.label, "label"), Mark(row.unit, "centre"), level_mark(row.month, row.unit),
                    _total_mark(row), replace(rate_mark(row.growth)),
                ])  # fmt: skip
        else:
            joint = period.month == 2
            sheet = Sheet("主要经济指标", (40, 12, 12, 12) if joint else (40, 12, 12, 12, 12, 12))
            self._main_head(sheet, period, revised)
            blocks = (to_date,) if joint else ("本月", to_date)
            upper = [Mark("指标名称", "head"), Mark("计量单位", "head")]
            lower: list[Mark | None] = [None, None]
            for block in blocks:
                upper += [Mark(block, "head"), Mark(None, "head")]
                lower += [Mark("绝对量", "head"), Mark("同比增长（%）", "head")]
            at = sheet.add(upper)
            sheet.add(lower)
            sheet.merge(at, 0, 2, 1)
            sheet.merge(at, 1, 2, 1)
            for number in range(len(blocks)):
                sheet.merge(at, 2 + 2 * number, 1, 2)
            for row in rows:
                month = [] if joint else [level_mark(row.month, row.unit), rate_mark(row.month_growth)]
                growth = (
                    replace(rate_mark(row.growth), style=row.growth_style)
                    if row.growth is not None
                    else rate_mark(None)
                )
                sheet.add([Mark(row.label, "label"), Mark(row.unit, "centre"), *month, _total_mark(row), growth])
        self._foot(sheet, self.figures.first_print.reason if revised else "")
        return sheet

    def _main_head(self, sheet: Sheet, period: Period, revised: str) -> None:
        sheet.band(f"金安区{title_period(period)}主要经济指标{revised}{MADE_UP}", "title")
        filler: list[Mark | None] = [None] * (sheet.columns - 2)
        unit = "单位：亿元、%" if period.month % 2 else "单位：见各行"
        sheet.add([Mark(f"制表单位：{STATISTICS}", "note"), *filler, Mark(unit, "note")])

    def _foot(self, sheet: Sheet, reason: str) -> None:
        notes = [*self.words.notes, *([f"本次修订原因：{reason}。"] if reason else [])]
        for number, note in enumerate(notes, start=1):
            sheet.band(f"{'注：' if number == 1 else '　　'}{number}.{note}", "foot")
        sheet.band(f"数据来源：金安{STATISTICS}{MADE_UP}", "foot")

    def _main_rows(self, period: Period, known: Statistics) -> Iterator[Row]:
        yield self._series_row("gross-output", period, known)
        power, equipment, high_tech = (
            self._part_row(part, "gross-output", period, known) for part in self.figures.parts
        )
        assert isinstance(power.total, Decimal)
        making = known.level("gross-output", period) - power.total
        before = self._manufacturing(period.last_year, known) if period.year > FIRST.year else None
        rate = growth_between(making, before) if before else known.growth("gross-output", period) + Decimal("0.1")
        yield Row("　其中：采矿业", "亿元", total="…")
        yield Row("　　　　制造业", "亿元", total=making, growth=rate)
        yield replace(equipment, label=f"　　　　　其中：{equipment.label}")
        yield replace(high_tech, label=f"　　　　　　　　{high_tech.label}")
        yield replace(power, label=f"　　　　{power.label}")
        level = known.area_outputs(period)[PARK]
        base = known.area_outputs(period.last_year)[PARK] if period.year > FIRST.year else None
        rate = growth_between(level, base) if base else known.growth("gross-output", period)
        yield Row(f"　其中：{PARK}", "亿元", total=level, growth=rate)
        yield self._series_row("value-added", period, known)
        ratio = self.figures.sales_ratio[period.year][period.month - 2]
        yield Row("规模以上工业产销率", "%", total=ratio)
        yield self._series_row("electricity", period, known)
        yield self._series_row("fixed-investment", period, known)
        industry = self._series_row("investment", period, known)
        yield replace(industry, label=f"　其中：{industry.label}")
        making_row = self._part_row(self.figures.manufacturing_investment, "investment", period, known)
        yield replace(making_row, label=f"　　　其中：{making_row.label}")
        upgrading = self._series_row("technical-upgrading", period, known)
        slip = self.figures.slip
        if str(period) == slip.period:
            upgrading = replace(upgrading, growth=slip.printed, growth_style="general")
        yield replace(upgrading, label=f"　　　　　　{upgrading.label}")
        if period.month % 3 == 0:
            gdp = self.figures.gdp[period.year]
            at = period.quarter - 1
            yield Row("地区生产总值", "亿元", total=gdp.levels[at], growth=gdp.growth[at])

    def _manufacturing(self, period: Period, known: Statistics) -> Decimal:
        return known.level("gross-output", period) - known.part(self.figures.parts[0], "gross-output", period)[0]

    def _series_row(self, name: str, period: Period, known: Statistics) -> Row:
        series = self.figures.statistics[name]
        whole = series.total is not None
        month = period.month > 2
        return Row(
            series.label,
            series.unit,
            known.month(name, period) if whole and month else None,
            known.month_growth(name, period) if month else None,
            known.level(name, period) if whole else None,
            known.growth(name, period),
        )

    def _part_row(self, part: PartFigures, name: str, period: Period, known: Statistics) -> Row:
        level, rate = known.part(part, name, period)
        return Row(part.label, "亿元", total=level, growth=rate)

    def _plan_rows(self, period: Period) -> Iterator[Row]:
        """The plan's own rows that aren't among the series: counts, shares and yearly figures that fall due."""
        series = {one.label for one in self.figures.statistics.values()}
        for indicator in self.plans[period.year].indicators:
            if (
                indicator.reported_by != STATISTICS
                or series & set(indicator.labels)
                or not falls_due(indicator, period)
            ):
                continue
            label = indicator.labels[0]
            value = self._value(indicator, period)
            if indicator.target.kind == "grow":
                yield Row(label, "%", growth=value)
            elif indicator.target.kind in {"reach", "about", "of-which"}:
                before = self._value(indicator, period.previous) if period.month > 2 else None
                month = value - before if value is not None and before is not None else None
                yield Row(label, indicator.unit, month=month, total=value)
            else:
                yield Row(label, indicator.unit, total=value)

    def _area_table(self, period: Period, known: Statistics, revised: str) -> Sheet:
        sheet = Sheet("分乡镇（园区）", (20, 14, 12, 14, 12, 12))
        sheet.band(f"金安区{title_period(period)}分乡镇（园区）主要经济指标{revised}{MADE_UP}", "title")
        filler: list[Mark | None] = [None] * 4
        sheet.add([Mark(f"制表单位：{STATISTICS}", "note"), *filler, Mark("单位：亿元、%、家", "note")])
        to_date = f"{period.chinese_year_to_date()}累计"
        at = sheet.add([
            Mark("乡镇（园区）", "head"), Mark("规模以上工业总产值（亿元）", "head"), Mark(None, "head"),
            Mark("工业投资（亿元）", "head"), Mark(None, "head"), Mark("新增规上工业企业（家）", "head"),
        ])  # fmt: skip
        sheet.add(
            [None, *(Mark(head, "head") for head in (to_date, "同比增长（%）", to_date, "同比增长（%）", "累计"))]
        )
        sheet.merge(at, 0, 2, 1)
        sheet.merge(at, 1, 1, 2)
        sheet.merge(at, 3, 1, 2)
        outputs_, investments = known.area_outputs(period), known.area_investments(period)
        then = period.last_year if period.year > FIRST.year else None
        outputs_then = known.area_outputs(then) if then else {}
        investments_then = known.area_investments(then) if then else {}
        new = [firm.area for firm in self._new_firms(period)]
        first = len(sheet.rows) + 2
        last = first + len(self.district.areas) - 1
        output, investment = known.level("gross-output", period), known.level("investment", period)
        whole = [
            Mark("全区" if period.year > FIRST.year else "合计", "centre"),
            Mark(output, "n2", f"=SUM(B{first}:B{last})"),
            rate_mark(known.growth("gross-output", period)),
            Mark(investment, "n2", f"=SUM(D{first}:D{last})"),
            rate_mark(known.growth("investment", period)),
            level_mark(Decimal(len(new)), "家"),
        ]
        sheet.add(whole)
        for area in self.district.areas:
            name = area.name
            told = self.figures.areas.get(name)
            marks = [Mark(name, "label")]
            for levels, base, leads, series in (
                (outputs_, outputs_then, told.faster if told else ZERO, "gross-output"),
                (investments, investments_then, told.investment_faster / 2 if told else ZERO, "investment"),
            ):
                level = levels.get(name)
                rate = known.growth(series, period) + leads if told and not then else None
                if level is not None and base.get(name):
                    rate = growth_between(level, base[name])
                tiny = series == "investment" and name in self.figures.too_small and period.month % 2 == 0
                marks += [Mark("…", "centre") if tiny else level_mark(level, "亿元"), rate_mark(rate)]
            count = new.count(name)
            marks.append(level_mark(Decimal(count) if told or count else None, "家"))
            sheet.add(marks)
        self._foot(sheet, self.figures.first_print.reason if revised else "")
        return sheet

    # Ledgers

    def _ledger_files(self, period: Period) -> Iterator[tuple[str, bytes]]:
        folder = received(period, 12)
        for name, sheet in (
            ("工业项目台账", self._project_ledger(period)),
            ("规模以上工业企业台账", self._firm_ledger(period)),
            ("企业培育认定台账", self._honour_ledger(period)),
        ):
            yield f"{folder}/{name}_{period.chinese()}_演示数据.xlsx", xlsx(sheet)

    def _ledger_head(self, sheet: Sheet, period: Period, name: str, by: str, count: str, heads: Sequence[str]) -> None:
        day = period.last_day
        sheet.band(f"金安区{period.chinese()}{name}{MADE_UP}", "title")
        sheet.band(f"填报单位：{by}　截至{day.year}年{day.month}月{day.day}日　共{count}", "note")
        sheet.add([Mark(head, "head") for head in heads])
        sheet.frozen, sheet.landscape = 3, True

    def _project_ledger(self, period: Period) -> Sheet:
        start, end = Period(period.year, 1).first_day, period.last_day
        listed = [
            one
            for one in self.projects
            if one.signed <= end
            and (
                one.commissioned is None
                or one.commissioned >= start
                or (one.converted or start - dt.timedelta(1)) >= start
            )
        ]
        listed.sort(key=lambda one: (one.signed, one.name))
        sheet = Sheet("工业项目台账", (6, 52, 16, 18, 12, 12, 12, 12, 12, 16))
        in_ten_thousands = period == Period(2023, 3)
        amount = "总投资（万元）" if in_ten_thousands else "总投资（亿元）"
        heads = ("序号", "项目名称", "建设地点", "行业", amount, *PROJECT_DAYS, "形象进度")
        self._ledger_head(sheet, period, "工业项目台账", "区招商创业中心", f"{len(listed)}项", heads)
        for number, one in enumerate(listed, start=1):
            total = Mark(one.amount * 10_000, "n0") if in_ten_thousands else Mark(one.amount, "n2")
            place = "金开区" if one.area == PARK and number % 9 == 4 else one.area
            days = [day if day and day <= end else None for day in one.days]
            marks = [
                Mark(Decimal(number), "n0"),
                Mark(one.name),
                Mark(place, "centre"),
                Mark(one.trade.industry, "centre"),
                total,
                *(_date_mark(day, number + at) for at, day in enumerate(days)),
                Mark(_stage(one, end), "centre"),
            ]
            sheet.add(marks)
        sheet.band(f"注：{self.words.notes[0]}", "foot")
        return sheet

    def _firm_ledger(self, period: Period) -> Sheet:
        listed = [firm for firm in self.firms if firm.listed(period)]
        known = self.statistics.first_print() if str(period) == self.figures.first_print.period else self.statistics
        made = outputs_of_year(self.firms, known, period.year)[period] if period.month > 1 else {}
        sheet = Sheet("规上企业", (6, 34, 22, 18, 18, 14, 16, 12, 12))
        heads = (
            "序号",
            "企业名称",
            "统一社会信用代码",
            "所在乡镇（园区）",
            "行业",
            "上年产值（亿元）",
            "本年累计产值（亿元）",
            "纳规日期",
            "类型",
        )
        self._ledger_head(sheet, period, "规模以上工业企业台账", STATISTICS, f"{len(listed)}家", heads)
        for number, firm in enumerate(listed, start=1):
            past = firm.joined is not None and firm.joined < Period(period.year, 1).first_day
            before = self._last_years_output(firm, period)
            sheet.add([
                Mark(Decimal(number), "n0"), Mark(firm.name), Mark(firm.code, "centre"), Mark(firm.area, "centre"),
                Mark(firm.trade.industry, "centre"), Mark(before, "n4"), Mark(made.get(firm.name), "n4"),
                Mark(None if past else firm.joined, "date"), Mark("存量" if past else firm.kind, "centre"),
            ])  # fmt: skip
        sheet.band(f"注：{self.words.notes[0]}1月无产值数，2月起为1—2月累计。", "foot")
        return sheet

    def _last_years_output(self, firm: Firm, period: Period) -> Decimal:
        if period.year > FIRST.year and firm.before:
            return firm.before
        return round_half_up(firm.sizes[period.year] * Decimal("0.92"), 4)

    def _honour_ledger(self, period: Period) -> Sheet:
        listed = [
            (event, firm)
            for event, firm in self.honours
            if event.day.year == period.year and event.day <= period.last_day
        ]
        sheet = Sheet("培育认定", (6, 34, 22, 18, 20, 10, 16, 12, 20))
        heads = (
            "序号",
            "企业名称",
            "统一社会信用代码",
            "所在乡镇（园区）",
            "荣誉类别",
            "级别",
            "批次",
            "认定日期",
            "文号",
        )
        self._ledger_head(sheet, period, "企业培育认定台账", "区经信局", f"{len(listed)}家", heads)
        for number, (event, firm) in enumerate(listed, start=1):
            document = f"演示〔{event.day.year}〕{event.day.timetuple().tm_yday}号"
            sheet.add([
                Mark(Decimal(number), "n0"), Mark(firm.name), Mark(firm.code, "centre"), Mark(firm.area, "centre"),
                Mark(event.category, "centre"), Mark(event.level, "centre"), Mark(event.batch, "centre"),
                _date_mark(event.day, number), Mark(document, "centre"),
            ])  # fmt: skip
        sheet.band(f"注：{self.words.notes[0]}", "foot")
        return sheet

    def _new_firms(self, period: Period) -> list[Firm]:
        return [
            firm
            for firm in self.firms
            if firm.joined and Period(period.year, 1).first_day <= firm.joined <= period.last_day
        ]

    # Forms

    def _form_files(self, period: Period) -> Iterator[tuple[str, bytes]]:
        missing = {(one.unit, one.period) for one in self.figures.not_sent}
        for unit, day in self.figures.form_days.items():
            if (unit, str(period)) in missing:
                continue
            sheet = self._form(unit, day, period)
            if sheet is not None:
                yield f"{received(period, day)}/报送表_{unit}_{period.chinese()}_演示数据.xlsx", xlsx(sheet)

    def _form(self, unit: str, day: int, period: Period) -> Sheet | None:
        plan = self.plans[period.year]
        mine = [i for i in plan.indicators if i.reported_by == unit]
        numbers = [i for i in mine if i.target.kind not in {"milestone", "either"} and falls_due(i, period)]
        deeds = [i for i in mine if i.target.kind in {"milestone", "either"}]
        tasks = [task for task in plan.qualitative if task.reported_by == unit]
        explained = [
            i
            for i in plan.indicators
            if unit == "区经信局"
            and i.reported_by == STATISTICS
            and unit in i.lead_units
            and self._remark(i.code, period, i)
        ]
        if not (numbers or deeds or explained or tasks):
            return None
        if unit in self.figures.quarterly_units and period.month % 3:
            return None
        rates = any(i.target.kind == "grow" for i in numbers)
        sheet = Sheet("报送表", (6, 44, 10, 10, 10, *((10,) if rates else ()), 10, 60))
        sheet.band(f"{period.chinese()}工业发展要点任务进展报送表{MADE_UP}", "title")
        sheet.band(f"报送单位：{unit}　填报日期：{received(period, day)}", "note")
        if numbers or explained:
            growth = ("累计同比（%）",) if rates else ()
            heads = ("序号", "任务指标", "计量单位", "本月", "本年累计", *growth, "期末值", "情况说明")
            sheet.add([Mark(head, "head") for head in heads])
            both = [i for i in plan.indicators if i in numbers or i in explained]
            for serial, indicator in enumerate(both, start=1):
                sheet.add(self._number_row(serial, indicator, period, rates, indicator in numbers))
            sheet.blank()
        if deeds:
            self._table(sheet, ("序号", "任务事项", "是否完成", "完成日期", "佐证材料", "情况说明"))
            for serial, label in enumerate((label for i in deeds for label in _deed_labels(i)), start=1):
                self._row(sheet, self._deed_row(serial, label, period))
            sheet.blank()
        if tasks:
            self._table(sheet, ("序号", "工作任务", "进展情况"))
            for serial, task in enumerate(tasks, start=1):
                label = task.labels[0] if task.labels else task.task
                marks = [
                    Mark(Decimal(serial), "n0"),
                    Mark(label, "wrap"),
                    Mark(self._progress(task.code, period), "wrap"),
                ]
                self._row(sheet, marks)
        sheet.band(f"注：{self.words.notes[0]}", "foot")
        return sheet

    def _table(self, sheet: Sheet, heads: Sequence[str]) -> None:
        self._row(sheet, [Mark(head, "head") for head in heads])

    def _row(self, sheet: Sheet, marks: Sequence[Mark]) -> None:
        """A row of a table with fewer columns than the form: its last cell takes the rest."""
        rest: list[Mark] = [Mark(None, marks[-1].style)] * (sheet.columns - len(marks))
        at = sheet.add([*marks, *rest])
        sheet.merge(at, len(marks) - 1, 1, sheet.columns - len(marks) + 1)

    def _number_row(self, serial: int, indicator: Indicator, period: Period, rates: bool, reported: bool) -> list[Mark]:
        # In the second half of 2023 the forms used the indicators' other names.
        other = period.year == 2023 and period.month > 6
        label = indicator.labels[-1] if other else indicator.labels[0]
        remark = self._remark(indicator.code, period, indicator)
        month = total = end = rate = Mark(None, "general")
        value = self._value(indicator, period) if reported else None
        style = _number_style(indicator)
        if reported:
            shown = Mark("—", "centre") if value is None else Mark(value, style)
            match indicator.target.kind:
                case "reach" | "about" | "of-which" | "repeat":
                    total, month = shown, Mark(self._month(indicator, period), style)
                    if any(
                        one.code == indicator.code and one.period == str(period) for one in self.figures.typed_as_text
                    ):
                        total = Mark(f"{value:,}", "centre")
                case "grow":
                    rate = shown
                case _:
                    end = shown
        growth = [rate] if rates else []
        name = [Mark(Decimal(serial), "n0"), Mark(label, "wrap"), Mark(indicator.unit, "centre")]
        return [*name, month, total, *growth, end, Mark(remark or None, "wrap")]

    def _deed_row(self, serial: int, label: str, period: Period) -> list[Mark]:
        deed = next(one for one in self.figures.milestones if one.label == label)
        done = deed.done is not None and deed.done <= period.last_day
        return [
            Mark(Decimal(serial), "n0"), Mark(label, "wrap"), Mark("是" if done else "否", "centre"),
            Mark(deed.done if done else None, "date"), Mark(deed.evidence if done else None, "wrap"),
            Mark(self._remark(label, period, None) or None, "wrap"),
        ]  # fmt: skip

    def _progress(self, code: str, period: Period) -> str:
        told = self.words.tasks[code]
        numbers = [max(1, number * period.month // 12) for number in told.by_year_end]
        return told.text.format(*numbers)

    def _remark(self, key: str, period: Period, indicator: Indicator | None) -> str:
        for words in self.words.remarks.get(key, ()):
            if Period.parse(words.since) <= period <= Period.parse(words.to):
                return words.text.format(**self._facts(indicator, period)) if indicator else words.text
        return ""

    def _facts(self, indicator: Indicator, period: Period) -> dict[str, str]:
        value, target = self._value(indicator, period), indicator.target.value
        if value is None or target is None:
            return {}
        places = max(indicator.printed_places, 1 if indicator.unit == "%" else 0)
        return {
            "value": exact(value) or "",
            "month": exact(self._month(indicator, period)) or "",
            "target": exact(target) or "",
            "share": printed(HUNDRED * value / target, 1) if target else "",
            "left": printed(target - value, places),
        }

    # Figures by indicator

    def _value(self, indicator: Indicator, period: Period) -> Decimal | None:
        """The indicator's figure at the period's end: accumulated, or as it stands, or the year's rate."""
        code, told = indicator.code, self.figures
        if indicator.counted:
            return Decimal(self._counted(indicator.counted, period))
        if code in told.counts:
            return sum((one or ZERO for one in told.counts[code][period.year][: period.month]), ZERO)
        for table in (told.amounts, told.levels, told.quarterly):
            if code in table:
                return _at(table[code][period.year], indicator.frequency, period)
        for yearly in (told.yearly, told.rates):
            if code in yearly:
                return yearly[code][period.year]
        match code:
            case "new-firms-output-1b":
                return Decimal(self._crossed(10, period))
            case "new-firms-output-500m":
                return Decimal(self._crossed(5, period))
            case "new-firms-output-100m":
                return Decimal(self._crossed(1, period))
            case "firms-output-100m":
                return Decimal(sum(made >= 1 for made in self.outputs[period].values()))
            case "park-gross-output":
                return self.statistics.area_outputs(period)[PARK]
            case "park-above-scale-firms":
                return Decimal(sum(f.area == PARK and f.listed(period) for f in self.firms))
        series = next((n for n, one in told.statistics.items() if one.label in indicator.labels), None)
        if series is None:
            raise LookupError(f"figures.yaml says nothing of {code}; add it under amounts, counts, levels or rates")
        if period.month == 1:
            return None
        return (
            self.statistics.level(series, period)
            if indicator.unit == "亿元"
            else self.statistics.growth(series, period)
        )

    def _month(self, indicator: Indicator, period: Period) -> Decimal | None:
        value = self._value(indicator, period)
        before = self._value(indicator, period.previous) if period.month > indicator.first_month else ZERO
        if indicator.first_month == 2 and period.month == 2:
            return None  # January and February come together
        return value - before if value is not None and before is not None else None

    def _crossed(self, bound: int, period: Period) -> int:
        """Firms above the bound that were below it the year before."""
        made = self.outputs[period]
        return sum(firm.before < bound <= made.get(firm.name, ZERO) for firm in self.firms)

    def _counted(self, rule: Count, period: Period) -> int:
        """What the ledgers give; the program counts the same by reading them."""
        start, end = Period(period.year, 1).first_day, period.last_day
        if rule.ledger == "规模以上工业企业台账":
            return len(self._new_firms(period)) if rule.date else sum(firm.listed(period) for firm in self.firms)
        if rule.ledger == "企业培育认定台账":
            wanted = {one.column: set(one.values) for one in rule.where if isinstance(one, OneOf)}
            return sum(
                start <= event.day <= end
                and event.category in wanted["荣誉类别"]
                and event.level in wanted.get("级别", {event.level})
                for event, _ in self.honours
            )
        least = max((one.value for one in rule.where if one.kind == "at-least"), default=ZERO)
        return sum(
            (day := _event(one, rule.date or "")) is not None and start <= day <= end and one.amount >= least
            for one in self.projects
        )


def falls_due(indicator: Indicator, period: Period) -> bool:
    """Whether the form or table of the month has the indicator."""
    match indicator.frequency:
        case Frequency.MONTHLY:
            return period.month >= indicator.first_month
        case Frequency.QUARTERLY:
            return period.month % 3 == 0
        case Frequency.YEARLY:
            return period.month == 12


def received(period: Period, day: int) -> dt.date:
    """The day of the month after the period."""
    after = period.next
    return dt.date(after.year, after.month, min(day, calendar.monthrange(after.year, after.month)[1]))


def _total_mark(row: Row) -> Mark:
    return Mark(row.total, "centre") if isinstance(row.total, str) else level_mark(row.total, row.unit)


def _at(values: tuple[Decimal | None, ...], frequency: Frequency, period: Period) -> Decimal | None:
    match frequency:
        case Frequency.MONTHLY:
            return values[period.month - 1]
        case Frequency.QUARTERLY:
            return values[period.quarter - 1]
        case Frequency.YEARLY:
            return values[0]


def _event(project: Project, head: str) -> dt.date | None:
    return dict(zip(PROJECT_DAYS, project.days, strict=True))[head]


def _date_mark(day: dt.date | None, number: int) -> Mark:
    """Mostly a true date; now and then typed as text, in one of the usual ways."""
    if day is None:
        return Mark(None, "date")
    match number % 23:
        case 5:
            return Mark(f"{day.year}.{day.month}.{day.day}", "centre")
        case 11:
            return Mark(day.isoformat(), "centre")
        case 17:
            return Mark(f"{day.year}年{day.month}月{day.day}日", "centre")
        case _:
            return Mark(day, "date")


def _stage(project: Project, end: dt.date) -> str:
    if project.commissioned and project.commissioned <= end:
        return "已转化规上" if project.converted and project.converted <= end else "已投产"
    if project.started and project.started <= end:
        months = (end - project.started).days // 30
        return ("土地平整", "基础施工", "主体施工", "主体封顶", "设备安装", "试生产")[min(months // 3, 5)]
    return "前期手续办理" if (end - project.signed).days > 45 else "已签约"


def _number_style(indicator: Indicator) -> str:
    if indicator.unit == "亿元":
        return "n2"
    if indicator.unit == "%":
        return "n2" if indicator.places == 2 else "n1"
    return "n1" if indicator.unit == "万吨" else "n0"


def _deed_labels(indicator: Indicator) -> tuple[str, ...]:
    return indicator.target.options if indicator.target.kind == "either" else indicator.labels[:1]


def _load(name: str, model: type[Made]) -> Made:
    return load((HERE / name).read_text(encoding="utf-8"), f"data_raw/{HERE.name}/{name}", model)[0]


if __name__ == "__main__":
    main()
