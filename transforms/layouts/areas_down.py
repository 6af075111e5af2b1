"""Areas down (乡镇、园区), indicators across, each over its measures in a two-level head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.blocks import Block
from transforms.cell_figures import figure
from transforms.findings import (
    BLANK_LABEL,
    MEASURE_UNSTATED,
    PERIODS_CONTRADICT,
    SAME_COLUMN_TWICE,
    UNKNOWN_COLUMN,
    UNMEASURED,
    Findings,
)
from transforms.heads import Head, compact, heads_at
from transforms.labels import plain_label, read_label
from transforms.measure_words import (
    WORDS,
    Kind,
    MeasureWords,
    growth_measure,
    label_words,
    measure_words,
    value_measure,
)
from transforms.period_words import PeriodWords, Span, periods_in
from transforms.periods import Period
from transforms.readings import Measure, Reading, Table
from transforms.sheets import Sheet, reference
from transforms.table_periods import narrowed, period_of_block, period_of_measure

NAME = "areas_down"
HEADS = "乡镇（园区） | 规模以上工业总产值（亿元）：累计、同比增长（%） | 工业投资（亿元）：累计、同比增长（%）"

FIRST = re.compile(
    r"序号|(?:乡镇|乡镇街道|街道|镇街|园区|开发区|地区|区域|区县|县区|县市区|县（市、区）|县\(市、区\)|市县|市、县|各市|市|辖区|省份|省市|行政区划?)"
    r"(?:[（(、/]?(?:乡镇|街道|园区|开发区|开发园区|区)[）)]?)*(?:名称)?"
)
_AREA = re.compile(FIRST.pattern.removeprefix("序号|"))


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads that begin with 乡镇, 园区, 地区 … (序号 may stand before) and have figures' columns after."""
    for head in heads_at(sheet, row, FIRST):
        area = _area_column(head)
        if area is not None and area + 1 <= head.right and not _names_firms(head):
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A reading for each area, indicator and measure. The first area is often the whole (全区, 合计)."""
    heads = [block.head.words(column) for column in block.head.columns]
    stated = narrowed(period_of_block(block, findings), heads)
    area = _area_column(block.head)
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
    return Table(
        NAME,
        block.page.workbook,
        block.sheet.name,
        block.title,
        stated.period if stated else None,
        block.reporter,
        tuple(readings),
        notes=block.notes,
    )


def _area_column(head: Head) -> int | None:
    return head.find(_AREA)


def _names_firms(head: Head) -> bool:
    return any(re.search(r"(?:企业|项目|单位|指标|任务)名称|^指标$", head.words(column)) for column in head.columns)


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
    last = _Named("", "", "", "")
    for column in block.head.columns:
        levels = block.head.levels[column - block.head.left]
        if column <= area or not levels:
            continue
        named, told = _named(levels, last)
        if named.group != last.group or named.label != last.label:
            last = named
        measure, span = _measure(told, last.span, stated)
        place = block.page.place(block.head.row, column)
        if measure is None:
            if any(block.sheet.value(row, column).number is not None for row in block.rows):
                unmeasured = told.kind is Kind.UNMEASURED or span is Span.QUARTER
                rule = UNMEASURED if unmeasured else UNKNOWN_COLUMN
                findings.add(rule, place, f"“{block.head.words(column)}”", _period(stated))
            continue
        if told.kind is Kind.VALUE and told.span is None and stated and stated.span is Span.MONTH:
            findings.add(MEASURE_UNSTATED, place, f"“{block.head.words(column)}”", stated.period)
        if told.kind in {Kind.VALUE, Measure.LEVEL}:
            last = replace(last, span=span)
        _check_period(block, column, "".join(levels), stated, findings)
        label = plain_label(last.label) if measure in _GROWTHS else last.label
        own = read_label(levels[-1]).unit
        unit = _unit(measure, own, last.unit, block)
        period = period_of_measure(block, stated, measure, findings)
        made.append(_Column(column, label, unit, measure, period, last.parent))
    _check_twice(block, made, findings)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Named:
    """The indicator that a column belongs to; ``base`` is the one that 其中 columns after it are part of."""

    group: str
    label: str
    unit: str
    base: str
    parent: str = ""
    span: Span | None = None


def _named(levels: Sequence[str], last: _Named) -> tuple[_Named, MeasureWords]:
    """The column's indicator and its measure's words.

    Two levels are indicator and measure, or a heading and an indicator (工业 | 总产值); one level is an indicator,
    or a measure of the indicator to its left (工业投资（亿元） | 同比增长（%）).
    """
    first, rest = levels[0], "".join(levels[1:])
    told = measure_words(rest) if rest else None
    if told:
        words = first
    elif not rest and _ONLY_MEASURE.fullmatch(read_label(first).text) and last.label:
        return last, measure_words(first) or MeasureWords(Kind.UNMEASURED, None)
    else:
        words = rest or first
    label = read_label(words)
    base, parent = (last.base, last.base) if label.of_which else (label.text, "")
    named = _Named(words, label.text, label.unit, base, parent)
    return named, told or label_words(label.text)


def _period(stated: PeriodWords | None) -> Period | None:
    return stated.period if stated else None


_ONLY_MEASURE = re.compile(
    r"(?:本月|当月|本期|累计|本年|同比|比上年同期|较上年同期|增长|增速|增幅|增减|速度|率|绝对量|完成|期末|目标|全年|年度|位次|排名|进度|上年同期|去年同期|±|[（(][^）)]*[）)])+"
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
    seen: dict[tuple[str, str, Measure], _Column] = {}
    for column in columns:
        first = seen.setdefault((column.parent, column.label, column.measure), column)
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
