"""A form's milestones: 任务事项 | 是否完成 | 完成日期 | 佐证材料 | 情况说明."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from transforms.dates import iso_day
from transforms.periods import Period
from transforms.readings import Measure, Reading, State, Table
from transforms.spreadsheets.sheets import BLANK, Kind, Sheet, Value
from transforms.tables.blocks import Block
from transforms.tables.findings import DATE_UNREADABLE, DONE_UNREADABLE, ERROR_CELL, Findings
from transforms.tables.heads import Head, heads_at
from transforms.tables.labels import read_label
from transforms.tables.table_periods import period_of_block

NAME = "milestones"
HEADS = "任务事项 | 是否完成 | 完成日期 | 佐证材料 | 情况说明"

FIRST = re.compile(r"序号|编号|任务事项|事项(?:名称)?|节点任务|里程碑(?:任务)?|任务名称")
_LABEL = re.compile(FIRST.pattern.removeprefix("序号|编号|"))
_COLUMNS = (
    (Measure.DONE, re.compile(r"是否(?:已)?(?:完成|办结|达成)(?:[（(].*[）)])?")),
    (Measure.DATE, re.compile(r"(?:实际)?(?:完成|办结|达成)(?:日期|时间)")),
    (Measure.EVIDENCE, re.compile(r"佐证(?:材料)?(?:名称|文号)?|依据(?:文号|材料)?|证明材料|文号")),
    (Measure.REMARK, re.compile(r"情况说明|进展情况|备注|说明")),
)
_YES_OR_NO = {"是", "否"}


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads with 任务事项 and 是否完成."""
    for head in heads_at(sheet, row, FIRST):
        if head.find(_LABEL) is not None and head.find(_COLUMNS[0][1]) is not None:
            yield head


def read(block: Block, findings: Findings) -> Table:
    """For each milestone 是 or 否 (blank where the unit left it so), and its date, evidence and remark where given."""
    stated = period_of_block(block, findings)
    period = stated.period if stated else None
    label_column = block.head.find(_LABEL)
    assert label_column is not None
    columns = [(measure, at) for measure, words in _COLUMNS if (at := block.head.find(words)) is not None]
    readings: list[Reading] = []
    for row in block.rows:
        label = read_label(block.sheet.value(row, label_column).text).text
        if not label:
            continue
        readings += (
            reading
            for measure, column in columns
            if (reading := _reading(block, row, column, label, measure, period, findings))
        )
    return block.table(NAME, period, readings)


def _reading(
    block: Block, row: int, column: int, label: str, measure: Measure, period: Period | None, findings: Findings
) -> Reading | None:
    value = block.sheet.value(row, column)
    if value.kind is Kind.BLANK and measure is not Measure.DONE:
        return None
    cell = block.page.cell(row, column)
    state, raw = State.TEXT, value.text.strip()
    if value.kind in {Kind.ERROR, Kind.UNCOMPUTED}:
        findings.add(ERROR_CELL, str(cell), value.text or "公式未计算", period)
        state = State.ERROR
    elif value is BLANK or not raw:
        state = State.BLANK
    elif measure is Measure.DONE and raw not in _YES_OR_NO:
        findings.add(DONE_UNREADABLE, str(cell), f"“{raw}”", period)
    elif measure is Measure.DATE:
        raw = _day(value, block.sheet.epoch, str(cell), period, findings)
    return Reading(label, block.area, period, measure, None, "", cell, raw, state)


def _day(value: Value, epoch: dt.date, place: str, period: Period | None, findings: Findings) -> str:
    day = iso_day(float(value.number) if value.number is not None else value.text.strip(), epoch)
    if day is None and value.text.strip() not in {"—", "-", "－", "/"}:
        findings.add(DATE_UNREADABLE, place, f"“{value.text.strip()}”", period)
    return day or value.text.strip()
