"""One figure a row: 年份 | 月份 | 地区 | 指标 | 单位 | 口径 | 数值, as databases hand their tables out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.period_words import PeriodWords, whole_period
from transforms.readings import Measure, Reading, State, Table
from transforms.spreadsheets.sheets import Kind, Sheet
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import figure
from transforms.tables.findings import BLANK_LABEL, PERIOD_UNREADABLE, Findings
from transforms.tables.heads import Head, compact, heads_at
from transforms.tables.labels import Label, read_label
from transforms.tables.measure_words import WORDS
from transforms.tables.period_tables import period_at, series_measure, tell_unmeasured, tell_unstated, year_of
from transforms.tables.table_periods import period_of_block

NAME = "a_figure_a_row"
HEADS = "年份 | 月份 | 地区 | 指标名称 | 单位 | 数值"

_NUMBER = re.compile(r"序号|编号|id", re.IGNORECASE)
_TIME = re.compile(r"(?:统计|报告|数据)?(?:时间|时期|年月|期间|日期|期别)|报告期|统计期|date|period", re.IGNORECASE)
_YEAR = re.compile(r"(?:统计)?(?:年份?|年度)|year", re.IGNORECASE)
_MONTH = re.compile(r"(?:统计)?(?:月份?|季度|月度)|month|quarter", re.IGNORECASE)
_AREA = re.compile(r"(?:地区|区域|乡镇|单位|行政区划?)名称|地区|区域|乡镇|镇街|行政区划?|area|region", re.IGNORECASE)
_LABEL = re.compile(r"(?:统计)?指标(?:名称)?|项目指标|indicator", re.IGNORECASE)
_CODE = re.compile(r"(?:指标|地区|区划)?代码")
_UNIT = re.compile(r"(?:计量|数据)?单位|unit", re.IGNORECASE)
_MEASURE = re.compile(r"(?:统计|数据|指标)?口径|(?:数据|数值|指标)类[型别]|时间口径|measure", re.IGNORECASE)
_VALUE = re.compile(r"(?:指标|统计|观测|数据)?(?:数?值)|数据|value", re.IGNORECASE)
_NOTE = re.compile(r"备注|说明|数据来源|来源")
_KNOWN = (_NUMBER, _TIME, _YEAR, _MONTH, _AREA, _LABEL, _CODE, _UNIT, _MEASURE, _VALUE, _NOTE)

FIRST = re.compile("|".join(f"(?:{one.pattern})" for one in _KNOWN[:8]), re.IGNORECASE)


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads with an indicator's column, one of values, and one that says when or where; and nothing unknown."""
    for head in heads_at(sheet, row, FIRST):
        columns = _columns(head)
        if columns is None or (columns.time, columns.year, columns.area) == (None, None, None):
            continue
        if all(any(one.fullmatch(name) for one in _KNOWN) for at in head.columns if (name := _name(head, at))):
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A reading for each row; what the rows don't say of the period, the title or the file's name says."""
    columns = _columns(block.head)
    assert columns is not None
    undated = columns.time is None and columns.year is None
    stated = period_of_block(block, findings) if undated else None
    year = year_of(block) if columns.year is None else None
    told: set[str] = set()
    readings: list[Reading] = []
    for row in block.rows:
        label = read_label(block.sheet.value(row, columns.label).text)
        if not label.text:
            _tell_nameless(block, row, columns, findings)
            continue
        words = stated if undated else _period(block, row, columns, year)
        if words is None:
            if block.sheet.value(row, columns.value).number is not None:
                _tell_undated(block, row, columns, findings)
            continue
        reading = _reading(block, row, columns, label, words, told, findings)
        if reading is not None:
            readings.append(reading)
    return block.table(NAME, stated.period if stated else None, readings)


@dataclass(frozen=True, slots=True)
class _Columns:
    label: int
    value: int
    time: int | None
    year: int | None
    month: int | None
    area: int | None
    unit: int | None
    measure: int | None
    code: int | None


def _columns(head: Head) -> _Columns | None:
    label, value = head.find(_LABEL), next((at for at in head.columns if _VALUE.fullmatch(_name(head, at))), None)
    if label is None or value is None:
        return None
    time, year, month = head.find(_TIME), head.find(_YEAR), head.find(_MONTH)
    if year is None and time is None:
        time, month = month, None
    return _Columns(
        label,
        value,
        time,
        year,
        month,
        head.find(_AREA),
        head.find(_UNIT),
        head.find(_MEASURE),
        head.find(re.compile("指标代码")),
    )


def _name(head: Head, column: int) -> str:
    """The column's words without the unit that they may name."""
    return read_label(head.words(column)).text


def _period(block: Block, row: int, columns: _Columns, year: int | None) -> PeriodWords | None:
    """The row's period: of one column, or of a year's and a month's side by side (2024 | 6; 2024年 | 二季度)."""
    if columns.time is not None:
        return period_at(block.sheet, row, columns.time, year)
    assert columns.year is not None
    of_year = period_at(block.sheet, row, columns.year)
    if of_year is None or columns.month is None:
        return of_year
    words = block.sheet.words(row, columns.month)
    if not words:
        return None  # Of the whole year, or of a month that was forgotten: nothing tells.
    unit = "季度" if "季" in block.head.words(columns.month) else "月"
    return whole_period(words, of_year.period.year) or whole_period(f"{words}{unit}", of_year.period.year)


def _reading(
    block: Block, row: int, columns: _Columns, label: Label, words: PeriodWords, told: set[str], findings: Findings
) -> Reading | None:
    said = compact(block.sheet.words(row, columns.measure)) if columns.measure is not None else ""
    named = f"{label.text}{said}"
    place = block.page.place(row, columns.value)
    measure = series_measure(named, words.span, words.period)
    if measure is None:
        tell_unmeasured(block, named, place, findings)
        return None
    if named not in told:
        told.add(named)
        tell_unstated(block, named, words.span, place, findings)
    area = compact(block.sheet.words(row, columns.area)) if columns.area is not None else block.area
    code = block.sheet.words(row, columns.code) if columns.code is not None else ""
    cell = block.page.cell(row, columns.value)
    if measure in WORDS:
        value = block.sheet.value(row, columns.value)
        if value.kind is Kind.BLANK:
            return None
        return Reading(label.text, area, words.period, measure, None, "", cell, value.text, State.TEXT)
    unit = _unit(block, row, columns, label, measure)
    found = figure(block.page, row, columns.value, unit, words.period, findings)
    return Reading(label.text, area, words.period, measure, found.value, unit, cell, found.raw, found.state, "", code)


def _unit(block: Block, row: int, columns: _Columns, label: Label, measure: Measure) -> str:
    of_row = compact(block.sheet.words(row, columns.unit)) if columns.unit is not None else ""
    of_value = read_label(block.head.words(columns.value)).unit
    if measure in {Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH}:
        return of_row if of_row in {"百分点", "个百分点"} else "%"
    return of_row or label.unit or of_value or block.unit


def _tell_nameless(block: Block, row: int, columns: _Columns, findings: Findings) -> None:
    if block.sheet.value(row, columns.value).number is not None:
        place = block.page.place(row, columns.value)
        findings.add(BLANK_LABEL, place, f"第{row + 1}行有数，没有指标名称", apart=block.page.name)


def _tell_undated(block: Block, row: int, columns: _Columns, findings: Findings) -> None:
    said = [
        block.sheet.words(row, at) or "空白" for at in (columns.time, columns.year, columns.month) if at is not None
    ]
    found = f"{'、'.join(said)}（第{row + 1}行）"
    findings.add(PERIOD_UNREADABLE, block.page.place(row, columns.value), found, apart=block.page.name)
