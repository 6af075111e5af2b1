"""Turns a bulletin and its assessments into a workbook: typed figures to reckon with, and the cells they came from."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

from flows.render.sheets import Cell, Column, Number, Row, sheets
from flows.render.wording import harmless
from transforms.assessments import Assessment
from transforms.errors import InputError
from transforms.writing.bulletin import Bulletin


def render_xlsx(bulletin: Bulletin, assessments: Sequence[Assessment]) -> bytes:
    """The workbook that goes with the bulletin; the same inputs give the same bytes.

    Figures are numbers, unrounded, shown with the digits that the bulletin prints. Text is never a formula or a link.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    mark = "【演示数据】" if bulletin.demonstration else ""
    book.set_properties(
        {
            "title": mark + harmless(bulletin.title),
            "subject": mark + harmless(bulletin.document),
            "author": harmless(bulletin.organ),
            "keywords": "演示数据" if bulletin.demonstration else "",
            "comments": "演示数据，不是真实统计数据" if bulletin.demonstration else "",
            "created": dt.datetime.combine(dt.date.fromisoformat(bulletin.dated_iso), dt.time()),
        }
    )
    writer = _Writer(book, bulletin, mark)
    for name, (columns, rows) in sheets(bulletin, assessments).items():
        writer.add(name, columns, rows)
    book.close()
    return buffer.getvalue()


_TITLE_ROW, _HEAD_ROW = 0, 2
_BOXED: dict[str, object] = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
_OWN: dict[str, Callable[[int], dict[str, object]]] = {
    "text": lambda _: {"text_wrap": True},
    "centred": lambda _: {"text_wrap": True, "align": "center"},
    "missing": lambda _: {"align": "right"},
    "date": lambda _: {"num_format": "yyyy-mm-dd", "align": "center"},
    "number": lambda places: {"num_format": "0." + "0" * places if places else "0"},
}


class _Writer:
    """Lays out sheets of one shape: a title, a line that says what it is, a frozen head, rows, print set-up."""

    def __init__(self, book: Any, bulletin: Bulletin, mark: str) -> None:
        self._book = book
        self._mark = mark
        told = bulletin.subtitle.strip("（）") in bulletin.title
        self._subtitle = harmless(f"{mark}{bulletin.title}{'' if told else f'　{bulletin.subtitle}'}")
        self._formats: dict[tuple[str, int], Any] = {}
        self._title = book.add_format({"font_name": "黑体", "font_size": 14, "valign": "vcenter"})
        self._note = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter"})
        self._head = book.add_format(
            {
                "font_name": "黑体",
                "font_size": 10,
                "text_wrap": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#EDEDED",
            }
        )

    def add(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Add the sheet; one without rows says 无."""
        sheet = self._book.add_worksheet(name)
        last = len(columns) - 1
        sheet.set_row(_TITLE_ROW, 24)
        sheet.write_string(_TITLE_ROW, 0, f"{self._mark}{name}", self._title)
        sheet.write_string(_TITLE_ROW + 1, 0, self._subtitle, self._note)
        sheet.set_row(_HEAD_ROW, 30)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(_HEAD_ROW, at, column.head, self._head)
        for number, row in enumerate(rows or [("无",)], _HEAD_ROW + 1):
            for at, value in enumerate(row):
                self._write(sheet, number, at, value, columns[at].kind)
        if rows:
            sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(rows), last)
        sheet.freeze_panes(_HEAD_ROW + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.set_header(f"&C{self._mark}{name}")
        sheet.set_footer("&C— &P —")

    def _write(self, sheet: Any, row: int, column: int, value: Cell, kind: str) -> None:
        if isinstance(value, Number):
            form = self._format("number", value.places)
            sheet.write_number(row, column, float(value.value), form)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._format("centred", 0))
        elif isinstance(value, dt.date):
            moment = dt.datetime.combine(value, dt.time())
            sheet.write_datetime(row, column, moment, self._format("date", 0))
        else:
            kind = "missing" if kind in {"number", "date"} else kind
            if sheet.write_string(row, column, harmless(value), self._format(kind, 0)):
                raise InputError(f"too long for a cell of a workbook: {value[:40]}… ({len(value)} characters)")

    def _format(self, kind: str, places: int) -> Any:
        key = (kind, places)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_BOXED, **_OWN[kind](places)})
        return self._formats[key]
