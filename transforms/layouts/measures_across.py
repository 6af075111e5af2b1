"""Indicators down, measures across (本月 | 累计 | 同比), with the period in the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from transforms.period_words import PeriodWords, Span, periods_in, whole_period
from transforms.periods import Period
from transforms.readings import Measure, Reading, State, Table
from transforms.spreadsheets.sheets import Kind as CellKind
from transforms.spreadsheets.sheets import Sheet, reference
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import figure
from transforms.tables.findings import (
    FEBRUARY,
    GROWTH_FROM_TITLE,
    MEASURE_UNSTATED,
    OTHER_AREA,
    PERIODS_CONTRADICT,
    SAME_COLUMN_TWICE,
    UNKNOWN_COLUMN,
    UNMEASURED,
    Findings,
)
from transforms.tables.growth_columns import doubt_of_growth
from transforms.tables.heads import Head, heads_at
from transforms.tables.labelled_rows import FIRST as FIRST
from transforms.tables.labelled_rows import LabelledRow, label_columns, labelled_rows
from transforms.tables.labels import without_unit
from transforms.tables.measure_words import (
    WORDS,
    Kind,
    MeasureWords,
    growth_measure,
    is_growth,
    measure_words,
    value_measure,
)
from transforms.tables.period_tables import names_periods_below
from transforms.tables.table_periods import narrowed, period_of_block, period_of_measure

NAME = "measures_across"
HEADS = "指标名称 | 计量单位 | 本月 | 累计 | 同比增长"


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads with an 指标 column and at least one column of a measure that is more than a period's name."""
    for head in heads_at(sheet, row, FIRST):
        columns = label_columns(head)
        if columns is None or names_periods_below(sheet, head, columns.label):
            continue
        told = [
            words.kind
            for column in columns.others
            if not whole_period(head.words(column)) and (words := measure_words(head.words(column)))
        ]
        if any(kind not in WORDS for kind in told):
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A reading for each indicator and measure; the period is the title's unless the column names its own year."""
    head = label_columns(block.head)
    assert head is not None
    heads = [block.head.words(column) for column in block.head.columns]
    stated = narrowed(period_of_block(block, findings), heads)
    columns = _columns(block, head.others, stated, findings)
    figures = [column.column for column in columns if column.measure not in WORDS]
    readings: list[Reading] = []
    for row in labelled_rows(block, head, figures, findings):
        made = [one for column in columns if (one := _reading(block, row, column, findings))]
        readings += _growth_once(made, findings) if _is_rate(row) else made
    return block.table(NAME, stated.period if stated else None, readings)


@dataclass(frozen=True, slots=True)
class _Column:
    column: int
    measure: Measure
    unit: str
    period: Period | None


def _columns(
    block: Block, others: tuple[int, ...], stated: PeriodWords | None, findings: Findings
) -> tuple[_Column, ...]:
    made: list[_Column] = []
    last_span: Span | None = None
    measured = [words for at in others if measure_words(words := block.head.words(at))]
    for column in others:
        words = block.head.words(column)
        told = measure_words(words)
        place = block.page.place(block.head.row, column)
        if told is not None and told.kind is Kind.GROWTH and (rule := doubt_of_growth(block, column)):
            if _has_numbers(block, column):
                findings.add(rule, place, f"“{words}”", _period(stated))
            continue
        if _ELSEWHERE.match(words) and not all(map(_ELSEWHERE.match, measured)) and told and told.kind in _OWN_KINDS:
            findings.add(OTHER_AREA, place, f"“{words}”", _period(stated), apart=block.title)
            continue
        if told is None or told.kind is Kind.UNMEASURED:
            if _has_numbers(block, column):
                findings.add(UNKNOWN_COLUMN if told is None else UNMEASURED, place, f"“{words}”", _period(stated))
            continue
        measure, span = _measure(told, last_span, stated)
        if measure is None:
            rule = UNKNOWN_COLUMN if span is None else UNMEASURED
            findings.add(rule, place, f"“{words}”", _period(stated))
            continue
        if told.span is None and span is Span.MONTH and (told.kind is Kind.VALUE or last_span is None):
            findings.add(MEASURE_UNSTATED, place, f"“{words}”", _period(stated))
        if told.kind is Kind.VALUE or measure is Measure.LEVEL:
            last_span = span
        period, measure = _own_period(block, column, words, measure, stated, findings)
        made.append(_Column(column, measure, _head_unit(block.head, column), period))
    made = _growth_by_title(block, made, findings)
    _check_twice(block, made, findings)
    _check_february(block, made, stated, findings)
    return tuple(made)


_ELSEWHERE = re.compile(r"(?:全[国省市]|[省市])(?:平均)?(?:水平|增[速长幅]|同比|累计|本月|当月|完成|总量|$)")
_OWN_KINDS = (Kind.VALUE, Kind.GROWTH, Measure.LEVEL)
"""全省增速 beside 同比 is what the area is held against; 全市位次 is the area's own."""


def _growth_by_title(block: Block, columns: list[_Column], findings: Findings) -> list[_Column]:
    """Values under a title of rates (分行业增加值增速), in a table that names neither rates nor units, are growth."""
    measured = {column.measure for column in columns}
    units = {block.unit, *(column.unit for column in columns)} - {"", "%", "％"}
    named = bool(units) or block.head.find(_UNIT_COLUMN)
    if named or measured & _RATES or not _RATES_TITLE.search(block.title) or not measured & set(_GROWTH_OF):
        return columns
    findings.add(GROWTH_FROM_TITLE, block.page.name, f"“{block.title}”", apart=block.title)
    return [replace(column, measure=_GROWTH_OF.get(column.measure, column.measure)) for column in columns]


_UNIT_COLUMN = re.compile(r"(?:计量)?单位")
_RATES_TITLE = re.compile(r"(?:增速|增长速度|增长率|增幅)(?:情况|统计|一览|分析)*表?(?:[（(][^）)]*[）)])*$")


def _measure(
    told: MeasureWords, last_span: Span | None, stated: PeriodWords | None
) -> tuple[Measure | None, Span | None]:
    """The column's measure and span: its own words, for growth the value's to its left, else the title's."""
    if isinstance(told.kind, Measure):
        return told.kind, told.span
    beside = last_span if told.kind is Kind.GROWTH else None
    span = told.span or beside or (stated.span if stated else None)
    if span is None:
        return None, None
    return (growth_measure(span) if told.kind is Kind.GROWTH else value_measure(span)), span


def _period(stated: PeriodWords | None) -> Period | None:
    return stated.period if stated else None


def _has_numbers(block: Block, column: int) -> bool:
    return any(block.sheet.value(row, column).number is not None for row in block.rows)


def _head_unit(head: Head, column: int) -> str:
    levels = head.levels[column - head.left]
    return next((unit for level in reversed(levels) if (unit := without_unit(level)[1])), "")


def _own_period(
    block: Block,
    column: int,
    words: str,
    measure: Measure,
    stated: PeriodWords | None,
    findings: Findings,
) -> tuple[Period | None, Measure]:
    """The period that a column names, compared with the title's; last year's repeated figure is LAST_YEAR."""
    named = periods_in(words, stated.period.year if stated else None)
    if not named or stated is None or measure in _ANNUAL:
        own = named[-1].period if named and stated is None else None
        return own or period_of_measure(block, stated, measure, findings), measure
    own_words = named[-1]
    if stated.span is Span.YEAR or own_words.period == stated.period:
        return own_words.period, measure
    if own_words.period == stated.period.last_year:
        return stated.period, Measure.LAST_YEAR
    if own_words.year_stated:
        return own_words.period, measure
    findings.add(
        PERIODS_CONTRADICT,
        block.page.place(block.head.row, column),
        f"标题写的是“{stated.words}”，栏目写的是“{own_words.words}”",
        stated.period,
        apart=f"{block.title}{block.head.row}",
    )
    return stated.period, measure


_ANNUAL = {Measure.ANNUAL_TARGET, Measure.COMPLETION, Measure.LAST_YEAR, Measure.RANK, *WORDS}
_REPEATABLE = {Measure.LAST_YEAR, Measure.RANK, Measure.COMPLETION, Measure.ANNUAL_TARGET, *WORDS}


def _check_twice(block: Block, columns: list[_Column], findings: Findings) -> None:
    seen: dict[tuple[Measure, Period | None], _Column] = {}
    for column in columns:
        if column.measure in _REPEATABLE:
            continue
        first = seen.setdefault((column.measure, column.period), column)
        if first is not column:
            findings.add(
                SAME_COLUMN_TWICE,
                block.page.place(block.head.row, column.column),
                f"“{block.head.words(column.column)}”与{reference(block.head.row, first.column)}是同一口径",
                column.period,
            )


def _check_february(block: Block, columns: list[_Column], stated: PeriodWords | None, findings: Findings) -> None:
    """January and February are collected together: a month's figure beside 1—2月 is of which month?"""
    if stated is None or stated.span is not Span.YEAR_TO_DATE or stated.period.month != 2:
        return
    for column in columns:
        if column.measure in {Measure.MONTH, Measure.MONTH_GROWTH} and _has_numbers(block, column.column):
            place = block.page.place(block.head.row, column.column)
            findings.add(FEBRUARY, place, f"“{block.head.words(column.column)}”", stated.period)


def _reading(block: Block, row: LabelledRow, column: _Column, findings: Findings) -> Reading | None:
    cell = block.page.cell(row.row, column.column)
    if column.measure in WORDS:
        value = block.sheet.value(row.row, column.column)
        if value.kind is CellKind.BLANK:
            return None
        return Reading(
            row.label, row.area, column.period, column.measure, None, "", cell, value.text, State.TEXT, row.parent
        )
    measure: Measure = column.measure
    unit = _unit(block, row, column)
    if _is_rate(row):
        measure = _GROWTH_OF.get(column.measure, column.measure)
    found = figure(block.page, row.row, column.column, unit, column.period, findings)
    return Reading(
        row.label,
        row.area,
        column.period,
        measure,
        found.value,
        unit,
        cell,
        found.raw,
        found.state,
        row.parent,
        row.code,
    )


def _is_rate(row: LabelledRow) -> bool:
    return is_growth(row.label) and row.unit in {"", "%"}


def _growth_once(readings: list[Reading], findings: Findings) -> Iterator[Reading]:
    """Of a row that is itself a growth rate: what its value columns hold, else what its growth columns hold.

    Where both hold a number the second is the change of a rate, for which there's no measure.
    """
    kept: dict[tuple[Measure, Period | None], Reading] = {}
    for reading in readings:
        key = (reading.measure, reading.period)
        first = kept.get(key)
        if first is None or first.state in {State.BLANK, State.NO_ITEM}:
            kept[key] = reading
        elif reading.state is State.NUMBER and reading.measure not in _REPEATABLE:
            findings.add(UNMEASURED, str(reading.cell), f"“{reading.label}”的增减", reading.period)
    yield from kept.values()


_RATES = {Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH, Measure.COMPLETION}
_GROWTH_OF = {Measure.MONTH: Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE: Measure.YEAR_TO_DATE_GROWTH}
"""工业增加值增速 | % | 本月 | 累计: the row's words say that the columns hold growth."""


def _unit(block: Block, row: LabelledRow, column: _Column) -> str:
    if column.measure in _RATES:
        return column.unit if column.unit in {"百分点", "个百分点"} else "%"
    if column.measure is Measure.RANK:
        return "位"
    if column.unit == "%":
        # A share (占全市比重%) of what the row counts in its own unit.
        return column.unit
    if _is_rate(row):
        return "%"
    # 产销率 in a table of 亿元 is no amount.
    return row.unit or column.unit or ("" if _SHARE.search(row.label) else block.unit)


_SHARE = re.compile(r"(?:率|比重|占比|比例)$")
