"""A form of any words that nobody has filled in: a head under 序号, running numbers, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from transforms.figures import parse_number
from transforms.readings import Table
from transforms.spreadsheets.sheets import Kind, Sheet
from transforms.tables.blocks import Block
from transforms.tables.findings import EMPTY_TEMPLATE, UNREAD_FIGURES, Findings
from transforms.tables.heads import Head, heads_at

NAME = "unfilled_forms"
"""The last by name, so that every other layout is asked first."""
HEADS = "序号 | （任何栏目），未填"

FIRST = re.compile(r"序号|编号")
_EXAMPLE = re.compile(r"[xX×*＊]{2,}|某+|示例|样例|例如|例[:：]|填写说明")
_FEWEST = 3


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads of three columns or more that begin with 序号 and have only empty rows beneath."""
    for head in heads_at(sheet, row, FIRST):
        if len(head.levels) >= _FEWEST and _is_unfilled(sheet, head):
            yield head


def read(block: Block, findings: Findings) -> Table:
    """A table without readings: a count of 0 that the form's own formula makes of empty rows is none.

    Numbers in the columns to the right of the empty ones (a list of choices and its counts) are told of as unread.
    """
    place = f"{block.page.name}第{block.head.row + 1}行"
    findings.add(EMPTY_TEMPLATE, place, f"“{block.title}”", apart=block.page.name)
    for row in block.rows:
        for column in block.head.columns[1:]:
            value = block.sheet.value(row, column)
            if value.kind in {Kind.NUMBER, Kind.PERCENT} and value.number and not _is_example(block.sheet, row):
                findings.add(UNREAD_FIGURES, block.page.place(row, column), value.text, apart=block.page.name)
    return block.table(NAME, None)


def _is_unfilled(sheet: Sheet, head: Head) -> bool:
    """Whether numbered rows follow that are empty, but for examples and for a list of choices at their right end."""
    blank: list[int] = []
    filled: set[int] = set()
    numbered = False
    for row in range(head.bottom, sheet.height):
        first = sheet.value(row, head.left)
        if first.kind is Kind.TEXT and parse_number(first.text) is None:
            break
        numbered = numbered or first.kind is not Kind.BLANK
        if not _is_example(sheet, row):
            blank.append(row)
            filled |= {column for column in head.columns[1:] if _is_filled(sheet, row, column)}
            if len(filled) > 1 and not _are_few(filled, head):
                # A table that is filled in: its other rows needn't be looked at.
                return False
    zeros = {column for column in head.columns[1:] if column not in filled and _is_zero(sheet, blank, column)}
    at_right = filled | zeros >= set(range(min(filled, default=head.right), head.right + 1))
    few = _are_few(filled, head) or (len(filled) == 1 and bool(zeros))
    return numbered and (not filled or (at_right and few))


def _are_few(filled: Set[int], head: Head) -> bool:
    """Choices take less than a third of the columns; a table that a third of is filled isn't empty."""
    return 3 * len(filled) < len(head.levels)


def _is_zero(sheet: Sheet, rows: Sequence[int], column: int) -> bool:
    """Whether the column counts nothing: zeros, where it has anything."""
    return any(sheet.value(row, column).number == 0 for row in rows)


def _is_filled(sheet: Sheet, row: int, column: int) -> bool:
    value = sheet.value(row, column)
    return value.kind is not Kind.BLANK and value.number != 0


def _is_example(sheet: Sheet, row: int) -> bool:
    return any(
        (value := sheet.value(row, column)).kind is Kind.TEXT and _EXAMPLE.search(value.text)
        for column in range(sheet.width(row))
    )
