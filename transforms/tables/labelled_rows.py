"""Walks the rows of a table whose rows are indicators, with their labels, units and parents; reads no figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.figures import parse_number
from transforms.spreadsheets.sheets import Kind, Value
from transforms.tables.area_words import AREA_COLUMN
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import is_no_item
from transforms.tables.findings import BLANK_LABEL, BY_CODE, UNIT_UNKNOWN, UNIT_UNREADABLE, Findings
from transforms.tables.heads import Head, compact
from transforms.tables.labels import Label, is_unit, nearest_unit, read_label

LABEL_COLUMN = re.compile(
    r"(?:(?:主要|任务|统计|经济|考核|监测|核心|重点)*指标(?:名称|项目|内容|类别)?"
    r"|(?:收入|支出|预算|统计|税收)?(?:项目|科目)(?:类别)?|名称|税种"
    r"|(?:企业|用电|产业|投资|商品|贷款|存款|行业)?(?:类别|分类|类型)|分组|行业(?:名称)?|产业)(?:[（(][^）)]*[）)])?"
)
FIRST = re.compile(rf"序号|编号|指标代码|代码|项目名称|{LABEL_COLUMN.pattern}")
"""What the first column of such a table is called."""
_CODE = re.compile(r"指标代码|代码")
_UNIT = re.compile(r"(?:计量)?单位")
_NUMBER = re.compile(r"序号|编号")


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """The columns of the label, the unit and the code, and those that hold figures or words."""

    label: int
    unit: int | None
    code: int | None
    sub: int | None
    """A second column of labels: 行业 over 工业 | 采矿业, each main label over several rows."""
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row with its label, the unit of its values (growth always in %), the label it's part of, its code and area."""

    row: int
    label: str
    unit: str
    parent: str
    code: str
    area: str


def label_columns(head: Head) -> LabelColumns | None:
    """The columns by their words, None where no column is called 指标 or the like."""
    label = head.find(LABEL_COLUMN)
    if label is None:
        return None
    unit, code, number = head.find(_UNIT), head.find(_CODE), head.find(_NUMBER)
    sub = _sub_label(head, label)
    others = tuple(
        column for column in head.columns if column not in {label, sub, unit, code, number} and head.words(column)
    )
    return LabelColumns(label, unit, code, sub, others)


def _sub_label(head: Head, label: int) -> int | None:
    """The column right beside the label's that is called the same, or like a label's, or nothing."""
    if label == head.right:
        return None
    words = head.words(label + 1)
    return label + 1 if words == head.words(label) or not words or LABEL_COLUMN.fullmatch(words) else None


def labelled_rows(
    block: Block, columns: LabelColumns, figures: Sequence[int], findings: Findings
) -> Iterator[LabelledRow]:
    """The rows that name an indicator. ``figures`` are the columns in which numbers may stand.

    A heading (一、工业, with neither unit nor anything in a figure's column) is no row. A row with
    numbers but without a name is a doubt, and left out.
    """
    above: list[tuple[int, str]] = []
    main = ""
    area_at, area = _area_column(block, columns.label), block.area
    for row in block.rows:
        if area_at is not None:
            # A cell that is left blank, or merged with the one above, is of the same area.
            area = compact(block.sheet.words(row, area_at)) or area
        code = block.sheet.words(row, columns.code) if columns.code is not None else ""
        label: Label | None = read_label(block.sheet.value(row, columns.label).text)
        if label is not None and label.text == _COUNTER and _counts_columns(block, row, figures):
            continue
        if label is not None and label.text:
            main = label.text
        if below := _sub_text(block, columns, row):
            sub = read_label(below)
            unit = _unit(block, columns, row, sub, findings)
            yield LabelledRow(row, sub.text, unit, main if main != sub.text else "", code, area)
            continue
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
        yield LabelledRow(row, label.text, unit, parent, code, area)


def _area_column(block: Block, label: int) -> int | None:
    """A column of words that tells each row's area (指标 | 乡镇 | 累计), in the head or to its left."""
    for column in range(block.head.right + 1):
        inside = column in block.head.columns
        named = block.head.words(column) if inside else compact(block.sheet.words(block.head.row, column))
        if column != label and AREA_COLUMN.fullmatch(named):
            held = [value for row in block.rows if (value := block.sheet.value(row, column)).kind is not Kind.BLANK]
            if held and all(value.kind is Kind.TEXT and parse_number(value.text) is None for value in held):
                return column
    return None


def _sub_text(block: Block, columns: LabelColumns, row: int) -> str:
    """The second label's words; none where the first label's cell reaches over it, or where it's a number."""
    if columns.sub is None:
        return ""
    value = block.sheet.value(row, columns.sub)
    return value.text if value.kind is Kind.TEXT and parse_number(value.text) is None else ""


_COUNTER = "甲"
"""Returns number their columns under the head: 甲 | 乙 | 1 | 2; these aren't figures."""


def _counts_columns(block: Block, row: int, figures: Sequence[int]) -> bool:
    """Whether the row right under the head but counts; a row of a thing that is called 甲 has figures."""
    numbers = [number for column in figures if (number := block.sheet.value(row, column).number) is not None]
    return row == block.rows[0] and all(after - before == 1 for before, after in pairwise(numbers))


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
    unit = "".join(values[0].split()).replace("％", "%")
    if not is_unit(unit):
        near = nearest_unit(unit)
        meant = f"，最接近的是“{near}”" if near else ""
        findings.add(UNIT_UNKNOWN, place, f"“{unit}”{meant}", apart=block.page.name)
    return unit


def _is_heading(block: Block, row: int, label: Label, unit: str, figures: Sequence[int]) -> bool:
    if unit or label.of_which:
        return False
    if any(block.sheet.value(row, column).kind is not Kind.BLANK for column in figures):
        return False
    return label.numbered or any(
        merge.top <= row <= merge.bottom and merge.right > merge.left for merge in block.sheet.merges
    )
