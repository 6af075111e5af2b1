"""Periods down, indicators or measures across: the transpose of the national bureau's export, and histories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.figures import parse_number
from transforms.period_words import PeriodWords, Span, whole_period
from transforms.readings import Measure, Reading, State, Table
from transforms.spreadsheets.sheets import Kind as CellKind
from transforms.spreadsheets.sheets import Sheet
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import figure
from transforms.tables.findings import PERIOD_UNREADABLE, WORDS_ONLY, Findings
from transforms.tables.heads import Head, compact, heads_at
from transforms.tables.labels import plain_label, read_label
from transforms.tables.measure_words import WORDS, Kind, label_words, measure_words
from transforms.tables.period_tables import (
    SUBJECT,
    YEARLESS,
    Dated,
    check_periods,
    column_place,
    names_areas,
    names_periods_below,
    period_at,
    series_measure,
    subject_of,
    tell_unmeasured,
    tell_unstated,
    year_of,
)

NAME = "periods_down"
HEADS = "时间 | 指标一 | 指标二；时间 | 累计(亿元) | 累计同比(%)"

FIRST = re.compile(
    r"(?:统计|报告|数据)?(?:时间|时期|年月|月份|年份|季度|期间|日期|报告期|统计期)|截止日期.*|date|month|period|指标|年",
    re.IGNORECASE,
)


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads that begin with 时间, 年月 … (or 指标) and have periods beneath."""
    for head in heads_at(sheet, row, FIRST):
        if len(head.levels) > 1 and names_periods_below(sheet, head, head.left):
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A reading for each period and series. A column that says but a measure is of the series that the title names."""
    dated: list[Dated] = []
    year = year_of(block) if YEARLESS.fullmatch(block.head.words(block.head.left)) else None
    years = _years(block)
    for row in block.rows:
        words = _period(block, row, years.get(row), year)
        if words:
            dated.append(Dated(row, words))
        elif any(
            block.sheet.value(row, column).number is not None for column in block.head.columns[2 if years else 1 :]
        ):
            text = block.sheet.value(row, block.head.left).text
            findings.add(PERIOD_UNREADABLE, block.page.place(row, block.head.left), f"“{text}”", apart=block.page.name)
    check_periods(block, dated, [block.page.place(one.index, block.head.left) for one in dated], findings)
    readings: list[Reading] = []
    last: _Series | None = None
    for column in block.head.columns[2 if years else 1 :]:
        series = _series(block, column, last, dated, findings)
        if series is None:
            continue
        last = series
        readings += _column(block, column, series, dated, findings)
    return block.table(NAME, None, readings)


def _years(block: Block) -> dict[int, int]:
    """The year of each row in a table with 年份 and 月份 side by side; a year holds until the next one."""
    left = block.head.left
    if (
        len(block.head.levels) < 3
        or not _YEAR.fullmatch(block.head.words(left))
        or not _MONTH.fullmatch(block.head.words(left + 1))
    ):
        return {}
    years: dict[int, int] = {}
    for row in block.rows:
        if found := period_at(block.sheet, row, left):
            years[row] = found.period.year
        elif years and not block.sheet.words(row, left):
            years[row] = next(reversed(years.values()))
    return years


_YEAR = re.compile(r"年份?|年度")
_MONTH = re.compile(r"月份?|季度")


def _period(block: Block, row: int, of_row: int | None, year: int | None) -> PeriodWords | None:
    left = block.head.left
    if of_row is None:
        return period_at(block.sheet, row, left, year)
    words = block.sheet.words(row, left + 1)
    unit = "季度" if "季" in block.head.words(left + 1) else "月"
    return whole_period(words, of_row) or whole_period(f"{words}{unit}", of_row)


@dataclass(frozen=True, slots=True)
class _Series:
    label: str
    words: str
    """The label with what a column to its left says of the span: 同比 beside 累计 is the year-to-date's."""
    unit: str
    fixed: Measure | None
    area: str = ""


def _series(block: Block, column: int, last: _Series | None, dated: list[Dated], findings: Findings) -> _Series | None:
    words = block.head.words(column)
    values = [block.sheet.value(one.index, column) for one in dated]
    if not words or all(value.kind is CellKind.BLANK for value in values):
        return None
    label = read_label(words)
    if all(value.number is None and parse_number(value.text) is None for value in values):
        findings.add(WORDS_ONLY, column_place(block, column), f"“{words}”", apart=block.page.name)
        return None
    if names_areas(block.head, block.head.columns[1:]):
        of_subject = read_label(block.stated(SUBJECT) or block.title).unit
        named = subject_of(block, findings)
        return _Series(plain_label(named), named, label.unit or of_subject or block.unit, None, compact(label.text))
    told = measure_words(label.text)
    if not told or not _ONLY_MEASURE.fullmatch(label.text):
        return _Series(label.text, label.text, label.unit or block.unit, None)
    if told.kind is Kind.UNMEASURED:
        tell_unmeasured(block, words, column_place(block, column), findings)
        return None
    if isinstance(told.kind, Measure) and told.kind is not Measure.LEVEL:
        return _Series(plain_label(last.label) if last else subject_of(block, findings), "", label.unit, told.kind)
    english = _ENGLISH.get(label.text.lower(), label.text)
    if told.kind is Kind.GROWTH and told.span is None and last and (span := label_words(last.words).span):
        english = f"{_SPAN_WORDS[span]}{english}"
    growth = told.kind is Kind.GROWTH
    # A column of a measure after a column with words of its own belongs to that one (工业投资 | 同比增长).
    subject = plain_label(last.label) if last else subject_of(block, findings)
    level = Measure.LEVEL if told.kind is Measure.LEVEL else None
    return _Series(subject, english, "%" if growth else label.unit or block.unit, level)


_ONLY_MEASURE = re.compile(
    r"(?:本月|当月|当期|本期|累计|本年累计|自年初累计|当季|本季|全年|年度|期末|月末|上年同期|去年同期|同比|环比|增长|增速|增幅|增减|速度|率|值|数|额|量|"
    r"绝对|完成|总量|数值|[%％±/_、]|[（(][^）)]*[）)])+|value|yoy|mom|ytd(?:_value|_yoy)?",
    re.IGNORECASE,
)
_ENGLISH = {"value": "当月", "yoy": "当月同比", "ytd": "累计", "ytd_value": "累计", "ytd_yoy": "累计同比"}
_SPAN_WORDS = {Span.MONTH: "当月", Span.YEAR_TO_DATE: "累计", Span.QUARTER: "当季", Span.YEAR: "全年"}


def _column(block: Block, column: int, series: _Series, dated: list[Dated], findings: Findings) -> Iterator[Reading]:
    unmeasured = False
    area = series.area or block.area
    for one in dated:
        measure = series.fixed or series_measure(series.words, one.words.span, one.words.period)
        if measure is None:
            unmeasured = True
            continue
        cell = block.page.cell(one.index, column)
        if measure in WORDS:
            value = block.sheet.value(one.index, column)
            if value.kind is not CellKind.BLANK:
                yield Reading(series.label, area, one.words.period, measure, None, "", cell, value.text, State.TEXT)
            continue
        found = figure(block.page, one.index, column, series.unit, one.words.period, findings)
        yield Reading(
            series.label, area, one.words.period, measure, found.value, series.unit, cell, found.raw, found.state
        )
    place = column_place(block, column)
    if unmeasured:
        tell_unmeasured(block, series.label, place, findings)
    elif dated and series.fixed is None:
        tell_unstated(block, series.words, dated[0].words.span, place, findings)
