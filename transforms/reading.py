"""Turns a file's bytes into all that can be read from it, with every doubt about it; touches nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from transforms.blocks import Block, Page, base_name, best_period, cut
from transforms.findings import (
    DIFFERENT_VALUES,
    EMPTY_TEMPLATE,
    ERROR_CELL,
    KEPT_FROM_US,
    NO_FIGURES,
    SAME_LABEL_TWICE,
    UNKNOWN_FILE,
    UNKNOWN_SHEET,
    UNREAD_FIGURES,
    Findings,
)
from transforms.heads import Head, compact
from transforms.layouts import Layout, layouts
from transforms.readings import Contents, Measure, Reading, State, Table
from transforms.sheets import Kind, Sheet
from transforms.unreadable import UnreadableFile
from transforms.workbooks import open_workbook

__all__ = ["UnreadableFile", "read"]


def read(data: bytes, name: str, vintage: str) -> Contents:
    """Every table of the file that a layout knows, and all that is wrong with the file.

    ``name`` is the file's own name, whose period is compared with the tables'; ``vintage`` goes into every cell.
    Raises UnreadableFile where nothing at all can be read: empty, damaged, encrypted, no spreadsheet.
    """
    sheets = open_workbook(data, name)
    findings = Findings()
    of_file = best_period([base_name(name)])
    tables: list[Table] = []
    unknown: list[Page] = []
    for sheet in sheets:
        page = Page(name, vintage, sheet, of_file)
        found = _tables(page, findings)
        tables += found
        if not found and _first_words(sheet):
            unknown.append(page)
        if sheet.caution:
            findings.add(KEPT_FROM_US, page.name, sheet.caution)
    _tell_unknown(name, unknown, any_known=bool(tables), findings=findings)
    _compare(tables, findings)
    return Contents(vintage, name, tuple(tables), findings.doubts())


def _tables(page: Page, findings: Findings) -> list[Table]:
    known = _heads(page.sheet)
    blocks = cut(page, list(known))
    tables = []
    for block in blocks:
        layout = known[block.head]
        table = layout.read(block, findings)
        _tell_empty(block, table, findings)
        tables.append(table)
    if blocks:
        _tell_unread(page, blocks, findings)
    return tables


def _heads(sheet: Sheet) -> dict[Head, Layout]:
    known: dict[Head, Layout] = {}
    covered: dict[int, int] = {}
    first = _FirstWords()
    for row in range(sheet.height):
        if not first.may_stand_in(sheet, row):
            continue
        for layout in layouts():
            for head in layout.recognise(sheet, row):
                if any(covered.get(column, -1) >= row for column in head.columns):
                    continue
                known[head] = layout
                covered |= dict.fromkeys(head.columns, head.bottom - 1)
    return known


class _FirstWords:
    """Tells rows in which a head may begin from the thousands in which none can, each word looked at once."""

    def __init__(self) -> None:
        self._first = re.compile("|".join(f"(?:{layout.FIRST.pattern})" for layout in layouts()), re.IGNORECASE)
        self._seen: dict[str, bool] = {}

    def may_stand_in(self, sheet: Sheet, row: int) -> bool:
        """Whether the row begins with words, and some cell is called like a layout's first column."""
        raws = sheet.rows[row]
        filled = next((raw for raw in raws if raw is not None and raw != ""), None)
        return isinstance(filled, str) and any(self._is_first(raw) for raw in raws if type(raw) is str)

    def _is_first(self, words: str) -> bool:
        known = self._seen.get(words)
        if known is None:
            known = self._seen[words] = bool(self._first.fullmatch(compact(words)))
        return known


def _tell_empty(block: Block, table: Table, findings: Findings) -> None:
    place = f"{block.page.name}第{block.head.row + 1}行"
    if table.ledger is not None:
        if not table.ledger.rows:
            findings.add(EMPTY_TEMPLATE if block.rows else NO_FIGURES, place, f"“{table.title}”", table.period)
    elif not table.readings:
        if not block.rows:
            findings.add(NO_FIGURES, place, f"“{table.title}”", table.period)
    elif all(reading.state is State.BLANK for reading in table.readings):
        findings.add(EMPTY_TEMPLATE, place, f"“{table.title}”", table.period)


def _tell_unread(page: Page, blocks: Sequence[Block], findings: Findings) -> None:
    """Numbers outside every block: a table that lost its head, or a column beyond the head."""
    claimed = [(block.head.row, max(block.rows, default=block.head.bottom - 1), block.head.columns) for block in blocks]
    for row, raws in enumerate(page.sheet.rows):
        ranges = [columns for top, bottom, columns in claimed if top <= row <= bottom]
        if len(ranges) == 1 and len(ranges[0]) >= len(raws):
            continue
        for column in range(len(raws)):
            if any(column in columns for columns in ranges):
                continue
            value = page.sheet.value(row, column)
            if value.kind in {Kind.NUMBER, Kind.PERCENT} and not _answers_words(page.sheet, row, column):
                findings.add(UNREAD_FIGURES, page.place(row, column), value.text, apart=page.name)
            elif value.kind is Kind.ERROR:
                findings.add(ERROR_CELL, page.place(row, column), value.text)


def _answers_words(sheet: Sheet, row: int, column: int) -> bool:
    """Whether the number is what the words before it ask for (联系电话： | 13800000000) outside all tables."""
    before = next((words for left in range(column - 1, -1, -1) if (words := sheet.words(row, left))), "")
    return before.endswith(("：", ":"))


def _first_words(sheet: Sheet) -> list[str]:
    words: list[str] = []
    for row in range(min(sheet.height, 200)):
        for column in range(min(sheet.width(row), 50)):
            if (value := sheet.value(row, column)).kind is Kind.TEXT:
                words.append(" ".join(value.text.split())[:20])
                if len(words) == 6:
                    return words
            elif value.kind is not Kind.BLANK and not words:
                words.append(value.text)
    return words


def _tell_unknown(name: str, pages: Sequence[Page], *, any_known: bool, findings: Findings) -> None:
    known = "；".join(layout.HEADS for layout in layouts())
    rule = replace(UNKNOWN_SHEET if any_known else UNKNOWN_FILE, expected=f"有认得出的表头：{known}")
    for page in pages:
        words = "、".join(_first_words(page.sheet))
        findings.add(rule, page.name, f"《{page.sheet.name}》开头是“{words}”")
        _tell_errors(page, findings)
    if not pages and not any_known:
        findings.add(rule, name, "所有工作表都是空的")


def _tell_errors(page: Page, findings: Findings) -> None:
    """An error cell is a fault of the file even where no table is known."""
    for (row, column), value in sorted(page.sheet.special.items()):
        if value.kind is Kind.ERROR:
            findings.add(ERROR_CELL, page.place(row, column), value.text)


_Series = tuple[str, str, str, object, Measure, str]


def _compare(tables: Iterable[Table], findings: Findings) -> None:
    """The same series in two tables, or under the same label twice in one, must have one value."""
    seen: dict[_Series, tuple[int, Reading]] = {}
    for number, table in enumerate(tables):
        for reading in table.readings:
            if reading.state is not State.NUMBER or reading.period is None:
                continue
            key = (reading.area, reading.parent, reading.label, reading.period, reading.measure, reading.unit)
            first_number, first = seen.setdefault(key, (number, reading))
            if first.value != reading.value:
                rule = SAME_LABEL_TWICE if first_number == number else DIFFERENT_VALUES
                found = f"“{reading.label}”{reading.period.chinese()}：{first.raw}与{reading.raw}"
                findings.add(rule, str(first.cell), found, reading.period)
                findings.add(rule, str(reading.cell), found, reading.period)
