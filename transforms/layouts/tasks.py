"""A form's qualitative tasks: 工作任务 | 进展情况, in the unit's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.readings import Measure, Reading, State, Table
from transforms.spreadsheets.sheets import Kind, Sheet
from transforms.tables.blocks import Block
from transforms.tables.findings import ERROR_CELL, Findings
from transforms.tables.heads import Head, heads_at
from transforms.tables.labels import read_label
from transforms.tables.table_periods import period_of_block

NAME = "tasks"
HEADS = "工作任务 | 进展情况"

FIRST = re.compile(r"序号|编号|工作任务|重点任务|重点工作|主要任务|任务内容|工作内容")
_LABEL = re.compile(FIRST.pattern.removeprefix("序号|编号|"))
_PROGRESS = re.compile(r"(?:工作|任务)?(?:进展|推进|落实|开展)(?:情况)?|(?:工作|任务)?完成情况")


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads with 工作任务 and 进展情况."""
    for head in heads_at(sheet, row, FIRST):
        if head.find(_LABEL) is not None and head.find(_PROGRESS) is not None:
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A remark for each task, blank where the unit wrote nothing."""
    stated = period_of_block(block, findings)
    period = stated.period if stated else None
    label_column, progress = block.head.find(_LABEL), block.head.find(_PROGRESS)
    assert label_column is not None
    assert progress is not None
    readings: list[Reading] = []
    for row in block.rows:
        label = read_label(block.sheet.value(row, label_column).text).text
        if not label:
            continue
        value = block.sheet.value(row, progress)
        cell = block.page.cell(row, progress)
        state = State.TEXT if value.text.strip() else State.BLANK
        if value.kind in {Kind.ERROR, Kind.UNCOMPUTED}:
            findings.add(ERROR_CELL, str(cell), value.text or "公式未计算", period)
            state = State.ERROR
        readings.append(Reading(label, block.area, period, Measure.REMARK, None, "", cell, value.text.strip(), state))
    return block.table(NAME, period, readings)
