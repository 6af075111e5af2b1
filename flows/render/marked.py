"""Turns a doubted workbook into a copy with its doubtful cells marked; its figures stay as they were."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from flows.render.computed import computed_values, with_computed_values
from flows.render.review import Noted, add_review
from transforms.checking.checks import Checked, grouped
from transforms.checking.places import Place, parse_place
from transforms.checking.review_sheets import REVIEW_HEADING
from transforms.doubts import Doubt, Severity
from transforms.errors import YuebaoError
from transforms.readings import Table
from transforms.spreadsheets.sheets import Sheet, reference
from transforms.tables.reading import read

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MARKS = {Severity.CRITICAL: "FFC7CE", Severity.WARNING: "FFEB9C", Severity.INFO: "DDEBF7"}
"""Fill colours; on paper without colour the comment and the sheet of remarks say which is which."""
MOST_MARKED = 1000
MOST_COMMENTS = {Severity.CRITICAL: 50, Severity.WARNING: 20, Severity.INFO: 1}
"""Cells of one doubt that get a fill, and of these the ones that get a comment."""
_OURS = "【核对意见】"
_WIDTH = 340


class Unmarkable(YuebaoError):
    """No copy can be made in which the figures are surely what they were."""


def marked_copy(data: bytes, checked: Checked, sheets: Sequence[Sheet]) -> tuple[str, bytes]:
    """The suffix and the bytes of the marked copy.

    An xlsx or xlsm is kept whole but for what openpyxl doesn't know, which the sheet of remarks names. Of any other
    format, and of a workbook that openpyxl can't handle, the cells are written as they were read. Raises Unmarkable
    where reading the copy doesn't give the same figures.
    """
    if not sheets:
        raise Unmarkable(f"{checked.name}：读不出来，没有加标记的副本")
    for suffix, make in _ways(data, checked, sheets):
        # openpyxl warns of what it drops; that's told in the sheet of remarks.
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            try:
                copy = make()
            # It raises whatever a strange workbook makes it stumble on; the next way is taken then.
            except Exception:
                continue
        if _same_figures(copy, checked):
            return suffix, copy
    raise Unmarkable(f"{checked.name}：不能做出数字不变的副本，没有加标记；请按报告中的位置在原件上核对")


def _ways(data: bytes, checked: Checked, sheets: Sequence[Sheet]) -> Sequence[tuple[str, Callable[[], bytes]]]:
    from flows.render.plain_copy import plain_workbook

    def plain() -> bytes:
        book = plain_workbook(sheets)
        names = dict(zip((sheet.name for sheet in sheets), book.sheetnames, strict=True))
        note = "原件的格式不能直接加标记，本文件是按读取结果另写的 .xlsx：只有数字和文字，没有公式和原来的格式"
        _mark(book, checked, names, (note,))
        return _saved(book)

    parts = _parts(data)
    if "xl/workbook.xml" not in parts:
        return ((".xlsx", plain),)
    macros = "xl/vbaProject.bin" in parts
    return ((".xlsm" if macros else ".xlsx", lambda: _whole(data, checked, parts)), (".xlsx", plain))


def _whole(data: bytes, checked: Checked, parts: Sequence[str]) -> bytes:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        book = _loaded(data, parts)
    if book.calculation is not None:
        # What openpyxl asks for by default would make a reader doubt every formula that gives nought.
        book.calculation.fullCalcOnLoad = b"fullCalcOnLoad" in _part(data, "xl/workbook.xml")
    values = computed_values(data)
    # Of another one, since openpyxl closes a book's images when it saves them.
    lost = _lost(parts, _parts(_saved(_loaded(data, parts))), [str(one.message) for one in heard])
    note = (f"副本可能没有保留原件中的：{'、'.join(lost)}；以原件为准",) if lost else ()
    old = [sheet for sheet in book.worksheets if sheet["A1"].value == REVIEW_HEADING]
    for sheet in old:
        book.remove(sheet)
    _mark(book, checked, {name: name for name in book.sheetnames}, note)
    return with_computed_values(_saved(book), values, [sheet.title for sheet in book.worksheets])


def _loaded(data: bytes, parts: Sequence[str]) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(BytesIO(data), rich_text=True, keep_vba="xl/vbaProject.bin" in parts)


def _mark(book: Workbook, checked: Checked, names: Mapping[str, str], notes: Sequence[str]) -> None:
    known = {checked.name: tuple(names)}
    marks: dict[tuple[str, int, int], tuple[Severity, list[str]]] = {}
    noted: list[Noted] = []
    for word, doubt in chain.from_iterable(grouped(checked.doubts)):
        places = [(text, parse_place(text, known)) for text in doubt.places]
        noted.append(
            Noted(
                doubt,
                word,
                MARKS[doubt.severity],
                tuple((text, names[place.sheet] if place and place.sheet else "", place) for text, place in places),
            )
        )
        cells = [
            (names[place.sheet], *cell)
            for _, place in places[:MOST_MARKED]
            if place and place.sheet
            for cell in _cells(book[names[place.sheet]], place)
        ]
        for number, cell in enumerate(dict.fromkeys(cells)):
            _, texts = marks.setdefault(cell, (doubt.severity, []))  # The worst comes first and gives the colour.
            if number < MOST_COMMENTS[doubt.severity]:
                texts.append(_comment(word, doubt))
    for (sheet, row, column), (severity, texts) in marks.items():
        _mark_cell(book[sheet], reference(row, column), MARKS[severity], "\n".join(texts))
    add_review(book, checked, noted, notes)


def _cells(sheet: Worksheet, place: Place) -> list[tuple[int, int]]:
    """The zero-based cell, of a merged range its first one; for a row its first cell that is filled."""
    if place.row is None:
        return []
    if place.column is None:
        filled = (cell.column - 1 for cell in sheet[place.row + 1] if cell.value is not None)
        return [(place.row, next(filled, 0))]
    ref = place.ref
    for merged in sheet.merged_cells.ranges:
        if ref in merged:
            return [(merged.min_row - 1, merged.min_col - 1)]
    return [(place.row, place.column)]


def _comment(word: str, doubt: Doubt) -> str:
    return f"【{word}】{doubt.subject}\n发现：{doubt.found}\n应为：{doubt.expected}\n处理：{doubt.cure}"


def _mark_cell(sheet: Worksheet, ref: str, colour: str, text: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    from flows.render.wording import harmless

    cell = sheet[ref]
    cell.fill = PatternFill("solid", fgColor=colour)
    if not text:
        return
    before = cell.comment.text.partition(_OURS)[0].rstrip() if cell.comment else ""
    author = cell.comment.author if cell.comment and before else "核对"
    told = harmless(f"{before}\n{_OURS}\n{text}" if before else f"{_OURS}\n{text}")
    lines = sum(1 + len(line) // 24 for line in told.splitlines())
    cell.comment = Comment(told, author, height=min(22 * lines + 12, 420), width=_WIDTH)


_KINDS = (
    ("xl/charts/", "图表"),
    ("xl/media/", "图片"),
    ("xl/pivotTables/", "数据透视表"),
    ("xl/slicers/", "切片器"),
    ("xl/threadedComments/", "批注的回复"),
    ("xl/activeX/", "控件"),
    ("xl/ctrlProps/", "控件"),
    ("xl/embeddings/", "嵌入的对象"),
    ("xl/diagrams/", "SmartArt 图形"),
    ("xl/externalLinks/", "对其他文件的链接"),
)
_HEARD = (
    ("Data Validation", "部分下拉选项和输入校验"),
    ("Conditional Formatting", "部分条件格式"),
    ("Slicer", "切片器"),
    ("Sparkline", "迷你图"),
)


def _lost(before: Sequence[str], after: Sequence[str], heard: Sequence[str]) -> list[str]:
    """In words, what the copy has less of than the file, and charts and shapes, which openpyxl draws anew or drops."""

    def count(parts: Sequence[str], start: str) -> int:
        return sum(part.startswith(start) for part in parts)

    lost = [word for start, word in _KINDS if count(before, start) > count(after, start)]
    if count(before, "xl/charts/"):
        lost.append("图表的样式")
    if count(before, "xl/drawings/drawing"):
        lost.append("自选图形和文本框")
    for message in heard:
        lost.append(next((words for start, words in _HEARD if start in message), "个别扩展内容"))
    return list(dict.fromkeys(lost))


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    if book.vba_archive is not None:
        book.vba_archive.close()  # What is left open complains when it's collected.
    return out.getvalue()


def _parts(data: bytes) -> Sequence[str]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return ()


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def _same_figures(copy: bytes, checked: Checked) -> bool:
    """Whether the copy reads as the file did; a sheet may have had to be called otherwise."""
    again = read(copy, checked.name, checked.contents.vintage)
    return list(map(_figures, again.tables)) == list(map(_figures, checked.contents.tables))


def _figures(table: Table) -> tuple[object, ...]:
    readings = [
        (
            one.label,
            one.parent,
            one.area,
            one.period,
            one.measure,
            one.value,
            one.unit,
            one.state,
            one.raw,
            one.cell.ref,
        )
        for one in table.readings
    ]
    return table.layout, table.period, table.reporter, readings, table.ledger
