"""Areas across (全区, 乡镇, 园区), indicators down, the period in the title or in a column of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.period_words import PeriodWords, Span
from transforms.readings import Measure, Reading, Table
from transforms.spreadsheets.sheets import Sheet
from transforms.tables.area_words import LISTED, is_area
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import figure
from transforms.tables.findings import MEASURE_UNSTATED, PERIOD_UNREADABLE, UNMEASURED, Findings
from transforms.tables.heads import Head, compact, head_row, heads_at
from transforms.tables.labelled_rows import FIRST as _LABEL_FIRST
from transforms.tables.labelled_rows import label_columns, labelled_rows
from transforms.tables.labels import plain_label, read_label
from transforms.tables.measure_words import (
    Kind,
    MeasureWords,
    growth_measure,
    label_words,
    measure_words,
    value_measure,
)
from transforms.tables.period_tables import period_at, series_measure
from transforms.tables.table_periods import period_of_block, period_of_measure

NAME = "areas_across"
HEADS = "指标 | 计量单位 | 全区 | 三十铺镇 | 东桥镇"

FIRST = re.compile(rf"{_LABEL_FIRST.pattern}|{LISTED.pattern}")
"""What the first column is called; where it's called nothing, the first area to the right tells."""

_FEWEST = 2
_NAMELESS_FEWEST = 3


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads whose columns are areas: two at least after 指标 (and 单位), three where nothing is written before them."""
    for head in heads_at(sheet, row, _LABEL_FIRST):
        columns = label_columns(head)
        if columns is None:
            continue
        areas = _areas(head, columns.others)
        if len({area for _, area in areas}) >= _FEWEST and len(areas) == len(columns.others):
            yield head
    yield from _nameless(sheet, row)


def read(block: Block, findings: Findings) -> Table:
    """A reading for each indicator and area (and measure or period, where the table has them down the side)."""
    columns = label_columns(block.head)
    if columns is None:
        return _table(block, None, tuple(_dated_rows(block, findings)))
    stated = period_of_block(block, findings)
    readings: list[Reading] = []
    areas = _areas(block.head, columns.others)
    for row in labelled_rows(block, columns, [column for column, _ in areas], findings):
        for column, area in areas:
            words = "".join(block.head.levels[column - block.head.left][1:])
            measure = _measure(row.label, measure_words(words) if words else None, stated)
            if measure is None:
                findings.add(UNMEASURED, block.page.place(row.row, column), f"“{row.label}{words}”")
                continue
            _tell_unstated(block, row.label, measure, words, row.row, stated, findings)
            period = period_of_measure(block, stated, measure, findings)
            unit = "%" if measure in _RATES else read_label(words).unit or row.unit or block.unit
            found = figure(block.page, row.row, column, unit, period, findings)
            cell = block.page.cell(row.row, column)
            label = plain_label(row.label) if words and measure in _RATES else row.label
            readings.append(
                Reading(label, area, period, measure, found.value, unit, cell, found.raw, found.state, row.parent)
            )
    return _table(block, stated, tuple(readings))


def _table(block: Block, stated: PeriodWords | None, readings: tuple[Reading, ...]) -> Table:
    return block.table(NAME, stated.period if stated else None, readings)


def _areas(head: Head, columns: tuple[int, ...] | range) -> list[tuple[int, str]]:
    """The columns whose first level is an area."""
    return [
        (column, levels[0]) for column in columns if (levels := head.levels[column - head.left]) and is_area(levels[0])
    ]


def _nameless(sheet: Sheet, row: int) -> Iterator[Head]:
    """A head of areas over one or two columns that are called nothing: 指标, and 年份 beside it."""
    filled = [column for column in range(sheet.width(row)) if sheet.words(row, column)]
    if len(filled) < _NAMELESS_FEWEST or not 1 <= filled[0] <= _MOST_SIDES:
        return
    if filled != list(range(filled[0], filled[-1] + 1)) or not all(is_area(sheet.words(row, at)) for at in filled):
        return
    left = next((at for at in range(filled[0]) if sheet.words(row + 1, at)), None)
    if left is not None:
        yield head_row(sheet, row, left, filled[-1])


_MOST_SIDES = 3


@dataclass(frozen=True, slots=True)
class _Sides:
    """The columns to the left of the areas: the label's and the period's."""

    label: int
    period: int | None


def _dated_rows(block: Block, findings: Findings) -> Iterator[Reading]:
    areas = _areas(block.head, block.head.columns)
    sides = _sides(block, areas[0][0])
    stated = None if sides.period is not None else period_of_block(block, findings)
    label = read_label("")
    for row in block.rows:
        if words := compact(block.sheet.words(row, sides.label)):
            label = read_label(words)
        own = stated if sides.period is None else period_at(block.sheet, row, sides.period)
        place = block.page.place(row, sides.label)
        if own is None or not label.text:
            if any(block.sheet.value(row, column).number is not None for column, _ in areas):
                findings.add(PERIOD_UNREADABLE, place, f"第{row + 1}行", apart=block.page.name)
            continue
        measure = series_measure(label.text, own.span, own.period)
        if measure is None:
            findings.add(UNMEASURED, place, f"“{label.text}”", apart=block.page.name)
            continue
        unit = "%" if measure in _RATES else label.unit or block.unit
        for column, area in areas:
            found = figure(block.page, row, column, unit, own.period, findings)
            cell = block.page.cell(row, column)
            yield Reading(label.text, area, own.period, measure, found.value, unit, cell, found.raw, found.state)


def _sides(block: Block, first_area: int) -> _Sides:
    sides = range(block.head.left, first_area)
    period = next(
        (column for column in sides if any(period_at(block.sheet, row, column) for row in block.rows[:3])), None
    )
    label = next((column for column in sides if column != period), block.head.left)
    return _Sides(label, period)


_RATES = {Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH, Measure.COMPLETION}


def _measure(label: str, told: MeasureWords | None, stated: PeriodWords | None) -> Measure | None:
    """What the lower level of the head says, else the row's own words, of the span that either or the title gives."""
    own = label_words(label)
    told = told or own
    if isinstance(told.kind, Measure):
        return None if told.kind is Measure.REMARK else told.kind
    span: Span | None = told.span or own.span or (stated.span if stated else None)
    if span is None or told.kind is Kind.UNMEASURED:
        return None
    return growth_measure(span) if Kind.GROWTH in {told.kind, own.kind} else value_measure(span)


def _tell_unstated(
    block: Block, label: str, measure: Measure, words: str, row: int, stated: PeriodWords | None, findings: Findings
) -> None:
    told = measure_words(words) if words else None
    said = label_words(label).span or (told.span if told else None)
    if measure is Measure.MONTH and said is None and stated and stated.span is Span.MONTH:
        findings.add(MEASURE_UNSTATED, f"{block.page.name}第{row + 1}行", f"“{label}”", stated.period)
