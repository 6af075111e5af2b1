"""Turns a file's bytes into all that can be read from it, with every doubt about it; touches nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from transforms.audits.heads import has_formulas
from transforms.checking.review_sheets import is_review
from transforms.layouts import Layout, layouts
from transforms.period_words import clerical_day
from transforms.readings import Contents, State, Table
from transforms.rechecking.comparing import compare_tables
from transforms.spellings import nearest
from transforms.spreadsheets.sheets import Kind, Sheet, letters, reference
from transforms.spreadsheets.uncollected import uncollected
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.spreadsheets.workbooks import open_workbook
from transforms.tables.blocks import Block, Page, base_name, best_period, cut
from transforms.tables.findings import (
    AUDIT_FORMULAS,
    EMPTY_TEMPLATE,
    ERROR_CELL,
    FILLED_EARLY,
    MARKED_COPY,
    NO_FIGURES,
    UNHEADED,
    UNKNOWN_FILE,
    UNKNOWN_SHEET,
    UNREAD_FIGURES,
    Findings,
)
from transforms.tables.heads import Head, compact
from transforms.tables.unseen_doubts import tell_unseen

__all__ = ["UnreadableFile", "read"]


def read(data: bytes, name: str, vintage: str, passwords: Sequence[str] = ()) -> Contents:
    """Every table of the file that a layout knows, and all that is wrong with the file.

    ``name`` is the file's own name, whose period is compared with the tables'; ``vintage`` goes into every cell.
    ``passwords`` are tried on a file that is encrypted. Raises UnreadableFile where nothing at all can be read: empty,
    damaged, no spreadsheet; EncryptedFile where no password opens it.
    """
    with uncollected():
        return _read(data, name, vintage, passwords)


def _read(data: bytes, name: str, vintage: str, passwords: Sequence[str]) -> Contents:
    sheets = open_workbook(data, name, passwords)
    findings = Findings()
    of_file = best_period([base_name(name)])
    tables: list[Table] = []
    unknown: list[Page] = []
    audits: list[Page] = []
    for sheet in sheets:
        page = Page(name, vintage, sheet, of_file)
        if is_review(sheet):
            findings.add(MARKED_COPY, page.name, f"《{sheet.name}》是核对时附加的")
            continue
        found = _tables(page, findings)
        tables += found
        if not found and _first_words(sheet):
            (audits if has_formulas(sheet) else unknown).append(page)
        tell_unseen(page, findings)
    _tell_audits(audits, findings)
    _tell_unknown(name, unknown, any_known=bool(tables or audits), findings=findings)
    compare_tables(tables, findings)
    return Contents(vintage, name, tuple(tables), findings.doubts())


def _tables(page: Page, findings: Findings) -> list[Table]:
    known = _heads(page.sheet)
    blocks = cut(page, list(known))
    tables = []
    for block in blocks:
        layout = known[block.head]
        table = layout.read(block, findings)
        _tell_empty(block, table, findings)
        _tell_early(block, table, findings)
        if table.ledger is None:
            _tell_unheaded(block, {reading.cell.ref for reading in table.readings}, findings)
        tables.append(table)
    if blocks:
        _tell_unread(page, blocks, findings)
    return tables


def _heads(sheet: Sheet) -> dict[Head, Layout]:
    known: dict[Head, Layout] = {}
    covered: dict[int, int] = {}
    first = _FirstWords()
    # A row that begins with a number has no head.
    for row in sheet.unnumbered:
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


def _tell_early(block: Block, table: Table, findings: Findings) -> None:
    """A table that was filled in before its period was over can't hold the period's figures."""
    if table.period is None or not table.readings:
        return
    days = [day for text in (*(line.text for line in block.lines), *block.notes) if (day := clerical_day(text))]
    for day in days:
        if day < table.period.last_day:
            found = f"“{table.title}”是{table.period.chinese()}的，填报日期是{day.isoformat()}"
            findings.add(FILLED_EARLY, block.page.name, found, table.period, apart=table.title)


def _tell_unheaded(block: Block, read: Set[str], findings: Findings) -> None:
    """Numbers in a column that is called nothing, among columns that have names."""
    first = next((column for column in block.head.columns if block.head.words(column)), block.head.right)
    for column in block.head.columns[first - block.head.left + 1 :]:
        if not block.head.words(column):
            held = [row for row in block.rows if block.sheet.value(row, column).number is not None]
            held = [row for row in held if reference(row, column) not in read]
            if held:
                found = f"{letters(column)}列有{len(held)}个数"
                findings.add(UNHEADED, block.page.place(held[0], column), found, apart=block.page.name)


def _tell_unread(page: Page, blocks: Sequence[Block], findings: Findings) -> None:
    """Numbers outside every block: a table that lost its head, or a column beyond the head."""
    claimed = [(block.head.row, block.bottom, block.head.columns) for block in blocks]
    edges = sorted({0, page.sheet.height, *(top for top, _, _ in claimed), *(bottom + 1 for _, bottom, _ in claimed)})
    for first, after in pairwise(edges):
        ranges = [columns for top, bottom, columns in claimed if top <= first <= bottom]
        whole = max((columns.stop for columns in ranges if columns.start == 0), default=0)
        if page.sheet.widest <= whole:
            continue
        for row in [row for row, raws in enumerate(page.sheet.rows[first:after], first) if len(raws) > whole]:
            _tell_unread_row(page, row, ranges, findings)


def _tell_unread_row(page: Page, row: int, ranges: Sequence[range], findings: Findings) -> None:
    for column in range(page.sheet.width(row)):
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


def _nearest(page: Page) -> str:
    """The known head that the sheet comes nearest to, and the words of it that it has otherwise."""
    words = {compact(word) for row in range(min(page.sheet.height, _HEAD_ROWS)) for word in _texts(page.sheet, row)}
    best: tuple[int, str, list[str]] = (0, "", [])
    for layout in layouts():
        for head in layout.HEADS.split("；"):
            wanted = [compact(word) for word in re.split(r"[|：、]", head) if compact(word)]
            like = [(word, near) for word in wanted if (near := nearest(word, words))]
            if len(like) > best[0]:
                best = (len(like), head, [f"“{near}”改为“{word}”" for word, near in like if word != near])
    if not best[0]:
        return ""
    return f"；最接近的是“{best[1]}”" + (f"，可把{'、'.join(best[2])}" if best[2] else "")


_HEAD_ROWS = 30


def _texts(sheet: Sheet, row: int) -> Iterator[str]:
    return (
        value.text
        for column in range(min(sheet.width(row), 50))
        if (value := sheet.value(row, column)).kind is Kind.TEXT and len(value.text) <= _LONGEST_WORD
    )


_LONGEST_WORD = 20


def _tell_audits(pages: Sequence[Page], findings: Findings) -> None:
    for page in pages:
        findings.add(AUDIT_FORMULAS, page.name, f"《{page.sheet.name}》是审核公式表")
        _tell_errors(page, findings)


def _tell_unknown(name: str, pages: Sequence[Page], *, any_known: bool, findings: Findings) -> None:
    known = "；".join(layout.HEADS for layout in layouts())
    rule = replace(UNKNOWN_SHEET if any_known else UNKNOWN_FILE, expected=f"有认得出的表头：{known}")
    for page in pages:
        words = "、".join(_first_words(page.sheet))
        findings.add(rule, page.name, f"《{page.sheet.name}》开头是“{words}”{_nearest(page)}")
        _tell_errors(page, findings)
    if not pages and not any_known:
        findings.add(rule, name, "所有工作表都是空的")


def _tell_errors(page: Page, findings: Findings) -> None:
    """An error cell is a fault of the file even where no table is known."""
    for (row, column), value in sorted(page.sheet.special.items()):
        if value.kind is Kind.ERROR:
            findings.add(ERROR_CELL, page.place(row, column), value.text)
