"""Indicators down, periods across, as the national bureau exports them (newest first) and as returns repeat months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from transforms.period_words import PeriodWords, Span, whole_period
from transforms.readings import Measure, Reading, State, Table
from transforms.spreadsheets.sheets import Kind, Sheet
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import figure
from transforms.tables.findings import NO_PERIOD, PERIOD_UNREADABLE, Findings
from transforms.tables.heads import Head, heads_at
from transforms.tables.labelled_rows import FIRST as _LABEL_FIRST
from transforms.tables.labelled_rows import LabelColumns, LabelledRow, label_columns, labelled_rows
from transforms.tables.labels import read_label
from transforms.tables.measure_words import WORDS, measure_words
from transforms.tables.period_tables import (
    ANY_YEAR,
    YEARLESS,
    Dated,
    check_periods,
    column_place,
    names_periods_below,
    period_at,
    series_measure,
    subject_of,
    tell_unmeasured,
    tell_unstated,
    year_of,
)

NAME = "periods_across"
HEADS = "指标 | 2024年6月 | 2024年5月"

FIRST = re.compile(rf"{_LABEL_FIRST.pattern}|{YEARLESS.pattern}")


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads with an 指标 column whose other columns are periods with their years, but for remarks."""
    for head in heads_at(sheet, row, _LABEL_FIRST):
        columns = label_columns(head)
        if columns is None or names_periods_below(sheet, head, columns.label):
            continue
        dated = [column for column in columns.others if _period(sheet, head, column)]
        told = [
            words for column in columns.others if column not in dated and (words := measure_words(head.words(column)))
        ]
        if dated and all(words.kind in WORDS for words in told):
            yield head
    for head in heads_at(sheet, row, YEARLESS):
        months = [column for column in head.columns[1:] if whole_period(head.words(column), ANY_YEAR)]
        if len(months) > 1 and len(months) == len(head.levels) - 1:
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A reading for each indicator and period; the measure is what the label's words say of the head's span."""
    head = label_columns(block.head)
    year = None
    if head is None:
        year = year_of(block)
        head = LabelColumns(block.head.left, None, None, None, tuple(block.head.columns[1:]))
        if year is None:
            findings.add(NO_PERIOD, block.page.name, f"表“{block.title}”的月份没有写年份")
    dated: list[Dated] = []
    words_at: list[tuple[int, Measure]] = []
    for column in head.others:
        words = _period(block.sheet, block.head, column) or whole_period(block.head.words(column), year)
        told = measure_words(block.head.words(column))
        if words:
            dated.append(Dated(column, words))
        elif told and isinstance(told.kind, Measure) and told.kind in WORDS:
            words_at.append((column, told.kind))
        elif any(block.sheet.value(row, column).number is not None for row in block.rows):
            findings.add(PERIOD_UNREADABLE, column_place(block, column), f"“{block.head.words(column)}”")
    check_periods(block, dated, [column_place(block, one.index) for one in dated], findings)
    if _QUARTERLY.search(block.title) and all(one.words.period.month % 3 == 0 for one in dated):
        dated = [_quarter(one) for one in dated]
    readings: list[Reading] = []
    for row in labelled_rows(block, head, [one.index for one in dated], findings):
        if year is not None and _ONLY_MEASURE.fullmatch(row.label):
            subject = subject_of(block, findings)
            row = replace(
                row, label=f"{subject}{row.label}", unit=row.unit or block.unit or read_label(block.title).unit
            )
        readings += _row(block, row, dated, findings)
        readings += _words(block, row, words_at, dated)
    return block.table(NAME, None, readings)


_QUARTERLY = re.compile("季报|季度(?:报)?表")
"""A quarterly return that names its quarters by their last months (201803): its figures aren't those of March alone."""


def _quarter(one: Dated) -> Dated:
    if one.words.span is not Span.MONTH:
        return one
    return replace(one, words=replace(one.words, span=Span.QUARTER))


_ONLY_MEASURE = re.compile(
    r"(?:本月|当月|当期|单月|累计|当季|同比|增长|增速|增幅|速度|率|值|数|额|量|绝对|完成|总|[%％])+"
)


def _period(sheet: Sheet, head: Head, column: int) -> PeriodWords | None:
    if head.depth == 1:
        return period_at(sheet, head.row, column)
    return whole_period(head.words(column))


def _row(block: Block, row: LabelledRow, dated: list[Dated], findings: Findings) -> Iterator[Reading]:
    place = f"{block.page.name}第{row.row + 1}行"
    unit = row.unit or block.unit
    unmeasured = False
    for one in dated:
        measure = series_measure(row.label, one.words.span, one.words.period)
        if measure is None:
            unmeasured = True
            continue
        found = figure(block.page, row.row, one.index, unit, one.words.period, findings)
        yield Reading(
            row.label,
            row.area,
            one.words.period,
            measure,
            found.value,
            unit,
            block.page.cell(row.row, one.index),
            found.raw,
            found.state,
            row.parent,
            row.code,
        )
    if unmeasured:
        tell_unmeasured(block, row.label, place, findings)
    elif dated:
        tell_unstated(block, row.label, dated[0].words.span, place, findings)


def _words(block: Block, row: LabelledRow, columns: list[tuple[int, Measure]], dated: list[Dated]) -> Iterator[Reading]:
    """变化原因 beside the months is about the latest of them."""
    newest = max((one.words.period for one in dated), default=None)
    for column, measure in columns:
        value = block.sheet.value(row.row, column)
        if value.kind is not Kind.BLANK:
            cell = block.page.cell(row.row, column)
            yield Reading(
                row.label, row.area, newest, measure, None, "", cell, value.text, State.TEXT, row.parent, row.code
            )
