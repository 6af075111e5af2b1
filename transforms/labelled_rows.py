"""Walks the rows of a table whose rows are indicators, with their labels, units and parents; reads no figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.blocks import Block
from transforms.cell_figures import is_no_item
from transforms.figures import parse_number
from transforms.findings import BLANK_LABEL, BY_CODE, UNIT_UNREADABLE, Findings
from transforms.heads import Head
from transforms.labels import Label, is_unit, read_label
from transforms.sheets import Kind, Value

FIRST = re.compile(
    r"序号|编号|指标代码|代码|指标名称|指标|任务指标|主要指标|统计指标|经济指标|主要经济指标"
    r"|指标项目|项目|项目名称|名称"
)
"""What the first column of such a table is called."""

_LABEL = re.compile(r"指标名称|指标|任务指标|主要指标|统计指标|经济指标|主要经济指标|指标项目|项目|名称")
_CODE = re.compile(r"指标代码|代码")
_UNIT = re.compile(r"(?:计量)?单位")
_NUMBER = re.compile(r"序号|编号")


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """The columns of the label, the unit and the code, and those that hold figures or words."""

    label: int
    unit: int | None
    code: int | None
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row with its label, the unit of its values (growth is always in %), the label it's part of, and its code."""

    row: int
    label: str
    unit: str
    parent: str
    code: str


def label_columns(head: Head) -> LabelColumns | None:
    """The columns by their words, None where no column is called 指标 or the like."""
    label = head.find(_LABEL)
    if label is None:
        return None
    unit, code, number = head.find(_UNIT), head.find(_CODE), head.find(_NUMBER)
    others = tuple(
        column for column in head.columns if column not in {label, unit, code, number} and head.words(column)
    )
    return LabelColumns(label, unit, code, others)


def labelled_rows(
    block: Block, columns: LabelColumns, figures: Sequence[int], findings: Findings
) -> Iterator[LabelledRow]:
    """The rows that name an indicator. ``figures`` are the columns in which numbers may stand.

    A heading (一、工业, with neither unit nor anything in a figure's column) is no row. A row with
    numbers but without a name is a doubt, and left out.
    """
    above: list[tuple[int, str]] = []
    for row in block.rows:
        label: Label | None = read_label(block.sheet.value(row, columns.label).text)
        if label is None or not label.text:
            label = _nameless(block, columns, row, figures, findings)
            if label is None:
                continue
        unit = _unit(block, columns, row, label, findings)
        if _is_heading(block, row, label, unit, figures):
            above.clear()
            continue
        while above and above[-1][0] >= label.indent:
            above.pop()
        parent = above[-1][1] if above else ""
        above.append((label.indent, label.text))
        code = block.sheet.words(row, columns.code) if columns.code is not None else ""
        yield LabelledRow(row, label.text, unit, parent, code)


_FIGURES = {Kind.NUMBER, Kind.PERCENT, Kind.ERROR, Kind.UNCOMPUTED}
_CODED = re.compile(r"[A-Za-z]{1,6}[-_]?\d[A-Za-z0-9_-]*|\d{2,}")


def _is_figure(value: Value) -> bool:
    """A number that was typed as a text is a figure too: a return was met with 16 such rows."""
    return value.kind in _FIGURES or (value.kind is Kind.TEXT and parse_number(value.text) is not None)


def _nameless(
    block: Block, columns: LabelColumns, row: int, figures: Sequence[int], findings: Findings
) -> Label | None:
    filled = [column for column in figures if _is_figure(block.sheet.value(row, column))]
    merge = block.sheet.merge_at(row, columns.label)
    if columns.code is not None and merge is None:
        code = block.sheet.words(row, columns.code)
        # A row with a code is a row of the return, be it empty; a heading in the column of codes has no code.
        if _CODED.fullmatch(code) or (code and filled):
            findings.add(BY_CODE, block.page.place(row, columns.code), code, apart=block.page.name)
            return Label(code, "", 0, of_which=False, numbered=False)
    if not filled:
        return None
    place = block.page.place(row, filled[0])
    findings.add(BLANK_LABEL, place, f"第{row + 1}行有{len(filled)}个数", apart=block.page.name)
    return None


def _unit(block: Block, columns: LabelColumns, row: int, label: Label, findings: Findings) -> str:
    if columns.unit is None:
        return label.unit
    value = block.sheet.value(row, columns.unit)
    place = block.page.place(row, columns.unit)
    if value.kind is Kind.BLANK:
        merged = block.sheet.words(row, columns.unit)
        return merged if is_unit(merged) else label.unit
    if value.kind is not Kind.TEXT:
        findings.add(UNIT_UNREADABLE, place, f"“{value.text}”")
        return ""
    if is_no_item(value.text):
        return label.unit
    named = [word.strip() for word in re.split(r"[、,，;；]", value.text) if word.strip()]
    values = [word for word in named if word not in {"%", "％"}] or named
    if len(values) != 1:
        findings.add(UNIT_UNREADABLE, place, f"“{value.text}”有几种单位")
        return ""
    return "".join(values[0].split()).replace("％", "%")


def _is_heading(block: Block, row: int, label: Label, unit: str, figures: Sequence[int]) -> bool:
    if unit or label.of_which:
        return False
    if any(block.sheet.value(row, column).kind is not Kind.BLANK for column in figures):
        return False
    return label.numbered or any(
        merge.top <= row <= merge.bottom and merge.right > merge.left for merge in block.sheet.merges
    )
