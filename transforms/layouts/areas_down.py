"""Areas down (乡镇、园区), indicators across, each over its measures in a two-level head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.period_words import PeriodWords, Span, periods_in, whole_period
from transforms.periods import Period
from transforms.readings import Measure, Reading, Table
from transforms.spreadsheets.sheets import Sheet, reference
from transforms.tables.area_heads import FIRST as FIRST
from transforms.tables.area_heads import area_column, area_heads
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import figure
from transforms.tables.findings import (
    BLANK_LABEL,
    MEASURE_UNSTATED,
    PERIODS_CONTRADICT,
    SAME_COLUMN_TWICE,
    UNKNOWN_COLUMN,
    UNMEASURED,
    Findings,
)
from transforms.tables.heads import Head, compact
from transforms.tables.labels import plain_label, read_label
from transforms.tables.measure_words import (
    WORDS,
    Kind,
    MeasureWords,
    growth_measure,
    label_words,
    measure_words,
    value_measure,
)
from transforms.tables.period_tables import ANY_YEAR, SUBJECT, series_measure, subject_of, tell_unstated
from transforms.tables.table_periods import narrowed, period_of_block, period_of_measure

NAME = "areas_down"
HEADS = "乡镇（园区） | 规模以上工业总产值（亿元）：累计、同比增长（%） | 工业投资（亿元）：累计、同比增长（%）"


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads that begin with 乡镇, 园区, 地区 … (序号 may stand before) and have figures' columns after."""
    yield from area_heads(sheet, row)


def read(block: Block, findings: Findings) -> Table:
    """A reading for each area, indicator and measure. The first area is often the whole (全区, 合计)."""
    heads = [block.head.words(column) for column in block.head.columns]
    dated = all(_own_period(block.head.levels[at - block.head.left], None) for at in block.head.columns[1:])
    stated = None if dated else narrowed(period_of_block(block, findings), heads)
    area = area_column(block.head)
    assert area is not None
    columns = _columns(block, area, stated, findings)
    readings: list[Reading] = []
    for row in block.rows:
        name = compact(read_label(block.sheet.value(row, area).text).text)
        if not name:
            filled = [one.column for one in columns if block.sheet.value(row, one.column).number is not None]
            if filled:
                place = block.page.place(row, filled[0])
                findings.add(BLANK_LABEL, place, f"第{row + 1}行有{len(filled)}个数", apart=block.page.name)
            continue
        readings += [_reading(block, row, name, column, findings) for column in columns]
    return block.table(NAME, stated.period if stated else None, readings)


@dataclass(frozen=True, slots=True)
class _Column:
    column: int
    label: str
    unit: str
    measure: Measure
    period: Period | None
    parent: str


def _columns(block: Block, area: int, stated: PeriodWords | None, findings: Findings) -> tuple[_Column, ...]:
    made: list[_Column] = []
    last = _subject(block, area, findings)
    for column in block.head.columns:
        levels = block.head.levels[column - block.head.left]
        if column <= area or not levels:
            continue
        own = _own_period(levels, stated) or _own_month(levels, stated)
        if (
            own is None
            and any(one.period != (stated and stated.period) for one in made[-1:])
            and _SUM.fullmatch(levels[0])
        ):
            findings.add(UNMEASURED, block.page.place(block.head.row, column), f"“{block.head.words(column)}”")
            continue
        if own is not None:
            own_column, last = _dated(block, column, own, last, findings)
            made += [own_column] if own_column else []
            continue
        named, told = _named(levels, last)
        if named.group != last.group or named.label != last.label:
            last = named
        if told.kind is Measure.RANK and len(levels) == 1 and 0 < last.levels > 1:
            # A rank beside groups of two levels is of nobody knows which of them.
            told = MeasureWords(Kind.UNMEASURED, None)
        last = replace(last, levels=len(levels)) if len(levels) > 1 or last.levels <= 1 else last
        measure, span = _measure(told, last.span, stated)
        place = block.page.place(block.head.row, column)
        if measure is None:
            if any(block.sheet.value(row, column).number is not None for row in block.rows):
                unmeasured = told.kind is Kind.UNMEASURED or span is Span.QUARTER
                rule = UNMEASURED if unmeasured else UNKNOWN_COLUMN
                findings.add(rule, place, f"“{block.head.words(column)}”", _period(stated))
            continue
        unsaid = told.kind is Kind.VALUE or (told.kind is Kind.GROWTH and last.span is None)
        if unsaid and told.span is None and stated and stated.span is Span.MONTH:
            findings.add(MEASURE_UNSTATED, place, f"“{block.head.words(column)}”", stated.period)
        if told.kind in {Kind.VALUE, Measure.LEVEL}:
            last = replace(last, span=span)
        _check_period(block, column, "".join(levels), stated, findings)
        label = plain_label(last.label) if measure in _GROWTHS else last.label
        of_column = read_label(levels[-1]).unit
        unit = _unit(measure, of_column, last.unit, block)
        period = period_of_measure(block, stated, measure, findings)
        made.append(_Column(column, label, unit, measure, period, last.parent))
    _check_twice(block, made, findings)
    return tuple(made)


def _subject(block: Block, area: int, findings: Findings) -> _Named:
    """What the whole table is about, where its columns say but measures: 分乡镇财政收入 over 本月 | 累计 | 同比."""
    columns = [
        levels
        for column in block.head.columns
        if column > area and (levels := block.head.levels[column - block.head.left])
    ]
    if any(not _ONLY_MEASURE.fullmatch(read_label("".join(levels)).text) for levels in columns) or all(
        whole_period("".join(levels), ANY_YEAR) for levels in columns
    ):
        return _Named("", "", "", "")
    return _named_by_title(block, findings)


def _named_by_title(block: Block, findings: Findings) -> _Named:
    subject = subject_of(block, findings)
    name = _SPLIT.sub("", subject) or subject
    return _Named(name, name, read_label(block.stated(SUBJECT) or block.title).unit, name)


_SPLIT = re.compile(
    r"^.*?[分各](?:乡镇|镇街|街镇|县区|区县|市县|园区|地区|乡|镇|[、（）()街道园区县市])+|完成(?:情况)?$|情况$"
)


def _own_period(levels: Sequence[str], stated: PeriodWords | None) -> PeriodWords | None:
    """The period that a level of the head is, with its year (地区 | 2023年 | 2022年), unless the title states it."""
    found = [words for level in levels if (words := whole_period(level)) and words.year_stated]
    if not found or (stated is not None and stated.span is not Span.YEAR and stated.period == found[-1].period):
        return None
    return found[-1]


_SUM = re.compile(r"[合总小]计|平均")


def _own_month(levels: Sequence[str], stated: PeriodWords | None) -> PeriodWords | None:
    """The month that a column names without its year (1月 | 2月), where the title gives but the year."""
    if stated is None or stated.span is not Span.YEAR:
        return None
    found = [words for level in levels if (words := whole_period(level, stated.period.year))]
    return found[-1] if found else None


def _dated(
    block: Block, column: int, own: PeriodWords, last: _Named, findings: Findings
) -> tuple[_Column | None, _Named]:
    """A column of a period of its own, of the indicator above it, to its left, or else of the title's."""
    levels = block.head.levels[column - block.head.left]
    words = "".join(level for level in levels if whole_period(level, own.period.year) is None)
    label = read_label(words)
    told = measure_words(words) if words else None
    only_measure = not words or _ONLY_MEASURE.fullmatch(label.text)
    if not only_measure:
        last = _Named(words, label.text, label.unit, label.text)
    elif not last.label:
        last = _named_by_title(block, findings)
    said = f"{last.label}{label.text}" if only_measure else label.text
    if told and isinstance(told.kind, Measure):
        measure: Measure | None = told.kind
    else:
        measure = series_measure(said, own.span, own.period)
    place = block.page.place(block.head.row, column)
    if measure is None:
        findings.add(UNMEASURED, place, f"“{block.head.words(column)}”", own.period)
        return None, last
    tell_unstated(block, said, own.span, place, findings)
    name = plain_label(last.label) if measure in _GROWTHS else last.label
    return _Column(column, name, _unit(measure, label.unit, last.unit, block), measure, own.period, ""), last


@dataclass(frozen=True, slots=True)
class _Named:
    """The indicator that a column belongs to; ``base`` is the one that 其中 columns after it are part of."""

    group: str
    label: str
    unit: str
    base: str
    parent: str = ""
    span: Span | None = None
    levels: int = 0
    """Of the head over the last column of it."""


def _named(levels: Sequence[str], last: _Named) -> tuple[_Named, MeasureWords]:
    """The column's indicator and its measure's words.

    Two levels are indicator and measure, or a heading and an indicator (工业 | 总产值); one level is an indicator,
    or a measure of the indicator to its left (工业投资（亿元） | 同比增长（%）).
    """
    while len(levels) > 2 and not _ONLY_MEASURE.fullmatch(read_label(levels[1]).text):
        # 工业 over 规上工业增加值 over 累计增速: the lowest group is the indicator.
        levels = levels[1:]
    first, rest = levels[0], "".join(levels[1:])
    told = measure_words(rest) if rest else None
    if told:
        words = first
    elif not rest and _ONLY_MEASURE.fullmatch(read_label(first).text) and last.label:
        return last, measure_words(first) or MeasureWords(Kind.UNMEASURED, None)
    else:
        words = rest or first
    label = read_label(words)
    if rest and words == rest and (counted := read_label(first)).unit and not label.unit:
        # A heading with a unit is what is counted: 亿元以上项目（个） over 签约 | 开工.
        label = replace(label, text=f"{counted.text}{label.text}", unit=counted.unit)
    base, parent = (last.base, last.base) if label.of_which else (label.text, "")
    named = _Named(words, label.text, label.unit, base, parent)
    return named, told or label_words(label.text)


def _period(stated: PeriodWords | None) -> Period | None:
    return stated.period if stated else None


_ONLY_MEASURE = re.compile(
    r"(?:本月|当月|本期|累计|本年|同比|比上年同期|较上年同期|增长|增速|增幅|增减|速度|率|绝对量|总量|实际|完成|期末|目标|全年|年度|年初"
    r"|计划|任务|预算|数|值|额|占|位次|排名|名次|变化|变动|进度|上年同期|去年同期|上年|去年|同期|环比|[%％±]|\d{1,2}(?:[-—–~～至]\d{1,2})?月|[（(][^）)]*[）)])+"
)
_GROWTHS = {Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH}


def _measure(told: MeasureWords, before: Span | None, stated: PeriodWords | None) -> tuple[Measure | None, Span | None]:
    if isinstance(told.kind, Measure):
        return (None if told.kind in WORDS else told.kind), told.span
    # A growth rate without a span of its own is of the value to its left; a value is of the title's period.
    before = before if told.kind is Kind.GROWTH else None
    span = told.span or before or (stated.span if stated else None)
    if span is None or told.kind is Kind.UNMEASURED:
        return None, span
    return (growth_measure(span) if told.kind is Kind.GROWTH else value_measure(span)), span


def _unit(measure: Measure, own: str, of_group: str, block: Block) -> str:
    if measure in {*_GROWTHS, Measure.COMPLETION}:
        return own if own in {"百分点", "个百分点"} else "%"
    if measure is Measure.RANK:
        return "位"
    return own or of_group or block.unit


def _check_period(block: Block, column: int, words: str, stated: PeriodWords | None, findings: Findings) -> None:
    if stated is None:
        return
    for own in periods_in(words, stated.period.year):
        if own.span is not Span.YEAR and own.period != stated.period:
            findings.add(
                PERIODS_CONTRADICT,
                block.page.place(block.head.row, column),
                f"标题写的是“{stated.words}”，栏目写的是“{own.words}”",
                stated.period,
                apart=f"{block.title}{block.head.row}",
            )


def _check_twice(block: Block, columns: list[_Column], findings: Findings) -> None:
    seen: dict[tuple[str, str, Measure, Period | None], _Column] = {}
    for column in columns:
        first = seen.setdefault((column.parent, column.label, column.measure, column.period), column)
        if first is not column:
            findings.add(
                SAME_COLUMN_TWICE,
                block.page.place(block.head.row, column.column),
                f"“{block.head.words(column.column)}”与{reference(block.head.row, first.column)}是同一口径",
                column.period,
            )


def _reading(block: Block, row: int, area: str, column: _Column, findings: Findings) -> Reading:
    found = figure(block.page, row, column.column, column.unit, column.period, findings)
    cell = block.page.cell(row, column.column)
    return Reading(
        column.label,
        area,
        column.period,
        column.measure,
        found.value,
        column.unit,
        cell,
        found.raw,
        found.state,
        column.parent,
    )
