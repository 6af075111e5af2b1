"""Finds the heads of tables whose rows are areas, by what their first column is called or holds; reads no figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.figures import parse_number
from transforms.spreadsheets.sheets import Sheet
from transforms.tables.area_words import AREA_COLUMN, LISTED, is_area
from transforms.tables.heads import Head, compact, head_above, heads_at
from transforms.tables.labelled_rows import LABEL_COLUMN
from transforms.tables.labels import read_label
from transforms.tables.period_tables import names_areas

_UNITS = re.compile(r"单位(?:名称)?|填报单位|责任单位")
FIRST = re.compile(rf"序号|{LISTED.pattern}|{AREA_COLUMN.pattern}|{_UNITS.pattern}")
"""What the first column is called; where it's called nothing, the first area beneath it (北京, 全区) tells."""


def area_heads(sheet: Sheet, row: int) -> Iterator[Head]:
    """The heads that begin in the row with 乡镇, 地区 … (序号 may stand before), or have areas under a blank corner."""
    for head in heads_at(sheet, row, FIRST):
        area = head.find(AREA_COLUMN)
        if area is None and (units := head.find(_UNITS)) is not None and _areas_below(sheet, head.bottom, units):
            area = units
        if area is not None and area + 1 <= head.right and not _names_firms(head) and not _labels_before(sheet, head):
            yield head
    yield from _cornerless(sheet, row)


def _labels_before(sheet: Sheet, head: Head) -> bool:
    """Whether the rows are indicators (指标 | 地区 | 累计), the area being told beside each."""
    return any(LABEL_COLUMN.fullmatch(compact(sheet.words(head.row, column))) for column in range(head.left))


def area_column(head: Head) -> int | None:
    """The column of the areas: the one that is called so, or the first one where it's called nothing."""
    named = head.find(AREA_COLUMN)
    if named is None and not head.words(head.left):
        return head.left
    return head.find(_UNITS) if named is None else named


def _cornerless(sheet: Sheet, row: int) -> Iterator[Head]:
    """A head over a blank corner, found by the first area beneath it."""
    left = next((column for column in range(sheet.width(row)) if sheet.words(row, column)), None)
    if left is None or not LISTED.fullmatch(compact(sheet.words(row, left))) or not _areas_below(sheet, row, left):
        return
    head = head_above(sheet, row, left)
    if head is not None and len(head.levels) > 1 and not names_areas(head, head.columns):
        yield head


def _areas_below(sheet: Sheet, row: int, column: int) -> bool:
    """Whether the next rows name areas too, and hold figures."""
    below = [other for other in range(row, min(row + 3, sheet.height)) if sheet.words(other, column)]
    return len(below) > 1 and all(
        is_area(read_label(sheet.words(other, column)).text) and _holds_figures(sheet, other, column) for other in below
    )


def _holds_figures(sheet: Sheet, row: int, left: int) -> bool:
    return any(
        (value := sheet.value(row, column)).number is not None or parse_number(value.text) is not None
        for column in range(left + 1, sheet.width(row))
    )


def _names_firms(head: Head) -> bool:
    return any(re.search(r"(?:企业|项目|单位|指标|任务)名称|^指标$", head.words(column)) for column in head.columns)
