"""Adds to a workbook a sheet that lists what a check found, each place a link to its cell; marks no cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.render.row_heights import line_count
from flows.render.wording import harmless
from transforms.checking.check_report import MOST_PLACES
from transforms.checking.checks import Checked, counts
from transforms.checking.places import Place
from transforms.checking.review_sheets import REVIEW_HEADING, REVIEW_TITLE
from transforms.doubts import Doubt

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_HEADS = ("程度", "位置", "发现了什么", "应为", "怎么处理")
_WIDTHS = (9, 26, 48, 36, 48)
_LONGEST = 2000
"""Characters of a text that a cell shows; Excel takes 32,767."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A doubt with its number in words, its colour, and its places: as text, and as the copy's sheet with the place."""

    doubt: Doubt
    word: str
    colour: str
    places: tuple[tuple[str, str, Place | None], ...]


def add_review(book: Workbook, checked: Checked, noted: Sequence[Noted], notes: Sequence[str]) -> None:
    """Add the sheet after all others; a name that is taken gets a number."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet: Worksheet = book.create_sheet(_free_title(book))
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet, 1, 1, REVIEW_HEADING).font = Font(bold=True, size=14)
    lines = [
        f"{checked.name}：{counts(checked.doubts)}",
        "有底色的单元格带批注：红色为严重（不改正就不能编制通报），黄色为提醒（请核实），蓝色为说明（供了解）",
        "请在原来的位置改正数字后报送；本表和底色不影响读取，报送前可以删去",
        *notes,
    ]
    for row, line in enumerate(lines, 2):
        _put(sheet, row, 1, line)
    row = len(lines) + 3
    for column, head in enumerate(_HEADS, 1):
        _put(sheet, row, column, head).font = Font(bold=True)
    for one in noted:
        row = _add(sheet, row + 1, checked, one)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _add(sheet: Worksheet, row: int, checked: Checked, one: Noted) -> int:
    """Write one doubt, a row for each place that is listed; gives the last row."""
    from openpyxl.styles import PatternFill

    doubt = one.doubt
    _put(sheet, row, 1, one.word).fill = PatternFill("solid", fgColor=one.colour)
    texts = (f"{doubt.subject}：{doubt.found}", doubt.expected, doubt.cure)
    for column, text in enumerate(texts, 3):
        _put(sheet, row, column, text)
    # Not every program fits a row to its wrapped text when it opens the file.
    lines = max(line_count(text, width) for text, width in zip(texts, _WIDTHS[2:], strict=True))
    sheet.row_dimensions[row].height = min(15 * lines + 3, 400)
    listed = one.places[:MOST_PLACES]
    for at, (text, title, place) in enumerate(listed, row):
        _link(_put(sheet, at, 2, text.removeprefix(checked.name) or text), title, place)
    last = row + max(len(listed), 1) - 1
    if len(one.places) > len(listed):
        last += 1
        _put(sheet, last, 2, f"等{len(one.places)}处")
    return last


def _link(cell: Cell, title: str, place: Place | None) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    if place is None or not title:
        return
    ref = place.ref or f"A{(place.row or 0) + 1}"
    quoted = title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{ref}")
    cell.font = Font(color="0563C1", underline="single")


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Write words; whatever a spreadsheet made them look like, they're no formula."""
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # Nothing is merged in a new sheet.
    plain = harmless(text)
    cell.value = plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=column > 1, vertical="top")
    return cell


def _free_title(book: Workbook) -> str:
    taken = {title.lower() for title in book.sheetnames}
    names = (REVIEW_TITLE, *(f"{REVIEW_TITLE}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
