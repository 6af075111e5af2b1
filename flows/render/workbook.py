"""Turns a bulletin and its assessments into a workbook: typed figures to reckon with, and the cells they came from."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

from flows.render.row_heights import line_count
from flows.render.sheets import Cell, Column, Form, Number, Sheet, sheets
from flows.render.wording import harmless
from transforms.assessments import Assessment
from transforms.errors import InputError
from transforms.figures import printed
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
    mark = "".join(f"【{one}】" for one in _warnings(bulletin))
    book.set_properties(
        {
            "title": mark + harmless(bulletin.title),
            "subject": mark + harmless(bulletin.document),
            "author": harmless(bulletin.organ),
            "company": harmless(bulletin.organ),
            "category": "通报数据表",
            "keywords": "，".join(_warnings(bulletin)),
            "comments": "演示数据，不是真实统计数据" if bulletin.demonstration else "",
            "status": bulletin.edition.words,
            "created": dt.datetime.combine(dt.date.fromisoformat(bulletin.dated_iso), dt.time()),
        }
    )
    writer = _Writer(book, bulletin, mark)
    for name, sheet in sheets(bulletin, assessments).items():
        writer.add(name, sheet)
    book.close()
    return buffer.getvalue()


def _warnings(bulletin: Bulletin) -> list[str]:
    """What must stand on each sheet: that the figures are made up, that nobody has signed them yet."""
    return ["演示数据"] * bulletin.demonstration + ["征求意见稿"] * bulletin.edition.draft


_TITLE_ROW, _TOLD_ROW, _NOTE_ROW, _HEAD_ROW = 0, 1, 2, 3
_LINE, _PADDING, _TALLEST = 14.0, 5.0, 400.0
"""Heights in points: of a line of 10 pt, around the lines, and the most that every program takes."""
_BOXED: dict[str, object] = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
_OWN: dict[str, Callable[[str], dict[str, object]]] = {
    "text": lambda _: {"text_wrap": True, "align": "left", "indent": 1},
    "centred": lambda _: {"text_wrap": True, "align": "center"},
    "beside": lambda _: {},
    "missing": lambda _: {"align": "right"},
    "date": lambda _: {"num_format": "yyyy-mm-dd", "align": "center"},
    "number": lambda shown: {"num_format": shown},
    "centred-number": lambda shown: {"num_format": shown, "align": "center"},
}
_STARTS_A_FORMULA = ("=", "+", "-", "@")


class _Writer:
    """Lays out sheets of one shape: a title, what it belongs to, a note, a frozen head, rows, print set-up."""

    def __init__(self, book: Any, bulletin: Bulletin, mark: str) -> None:
        self._book = book
        self._mark = mark
        told = bulletin.subtitle.strip("（）") in bulletin.title
        self._bulletin = harmless(f"{bulletin.title}{'' if told else f'　{bulletin.subtitle}'}")
        self._organ = harmless(bulletin.organ)
        self._formats: dict[tuple[str, str, bool], Any] = {}
        self._title = book.add_format({"font_name": "黑体", "font_size": 14, "valign": "vcenter"})
        self._plain = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter"})
        self._note = book.add_format({"font_name": "宋体", "font_size": 9, "valign": "vcenter", "text_wrap": True})
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

    def add(self, name: str, told: Sheet) -> None:
        """Add the sheet; one without rows says 无."""
        sheet = self._book.add_worksheet(name)
        columns = (*told.columns, *told.beside)
        self._write_heads(sheet, name, told, columns)
        rows = told.rows or [("无",)]
        for number, row in enumerate(rows, _HEAD_ROW + 1):
            sheet.set_row(number, _height(row, told.columns))
            for at, value in enumerate(row):
                self._write(sheet, number, at, value, columns[at].kind)
        last_row = _HEAD_ROW + len(rows)
        if told.rows:
            sheet.autofilter(_HEAD_ROW, 0, last_row, len(columns) - 1)
        sheet.freeze_panes(_HEAD_ROW + 1, told.kept)
        sheet.print_area(0, 0, last_row, len(told.columns) - 1)
        self._set_up_print(sheet, name)

    def _write_heads(self, sheet: Any, name: str, told: Sheet, columns: Sequence[Column]) -> None:
        sheet.set_row(_TITLE_ROW, 24)
        sheet.write_string(_TITLE_ROW, 0, f"{self._mark}{name}", self._title)
        sheet.set_row(_TOLD_ROW, 18)
        sheet.write_string(_TOLD_ROW, 0, f"{self._mark}{self._bulletin}", self._plain)
        width = sum(column.width for column in told.columns)
        note = harmless(told.note)
        sheet.set_row(_NOTE_ROW, line_count(note, width) * _LINE + _PADDING if note else 6)
        if note:
            sheet.merge_range(_NOTE_ROW, 0, _NOTE_ROW, len(told.columns) - 1, "", self._note)
            sheet.write_string(_NOTE_ROW, 0, note, self._note)
        # The button of the filter takes some room.
        sheet.set_row(_HEAD_ROW, max(line_count(c.head, c.width - 1) for c in columns) * _LINE + 2 * _PADDING)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(_HEAD_ROW, at, column.head, self._head)

    def _set_up_print(self, sheet: Any, name: str) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(_HEAD_ROW)
        sheet.set_header(f"&C&9{_in_head(self._mark + name)}")
        sheet.set_footer(f"&L&9{_in_head(self._bulletin)}&R&9第 &P 页，共 &N 页")

    def _write(self, sheet: Any, row: int, column: int, value: Cell, kind: str) -> None:
        if isinstance(value, Number):
            centred = "centred-number" if kind == "centred" else "number"
            sheet.write_number(row, column, float(value.value), self._format(centred, shown_as(value)))
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._format("centred-number", "0"))
        elif isinstance(value, dt.date):
            moment = dt.datetime.combine(value, dt.time())
            sheet.write_datetime(row, column, moment, self._format("date"))
        elif not value:
            # Not a text of no length, which a formula would count as something.
            sheet.write_blank(row, column, None, self._format("missing"))
        else:
            text = harmless(value)
            # Whoever edits such a cell leaves a text, too.
            quoted = text.startswith(_STARTS_A_FORMULA)
            form = self._format("missing" if kind in {"number", "date"} else kind, quoted=quoted)
            if sheet.write_string(row, column, text, form):
                raise InputError(f"too long for a cell of a workbook: {value[:40]}… ({len(value)} characters)")

    def _format(self, kind: str, shown: str = "", *, quoted: bool = False) -> Any:
        key = (kind, shown, quoted)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_BOXED, **_OWN[kind](shown), "quote_prefix": quoted})
        return self._formats[key]


def shown_as(number: Number) -> str:
    """The format that shows the number as the bulletin prints it, with a true minus sign and no minus before a zero."""
    digits = "0." + "0" * number.places if number.places else "0"
    match number.form:
        case Form.PLAIN:
            return digits if number.value >= 0 else f"{digits};{_minus(number)}{digits}"
        case Form.SIGNED:
            plus = "" if _is_zero(number) else "+"
            return f"{plus}{digits};{_minus(number)}{digits};{digits}"
        case Form.TIED:
            return f'{digits}"（并列）"'
        case Form.MOVED:
            return '"上升"0"位";"下降"0"位";"持平"'


def _minus(number: Number) -> str:
    return "" if _is_zero(number) else '"−"'


def _is_zero(number: Number) -> bool:
    return not printed(number.value, number.places).strip("−0.")


def _height(row: Sequence[Cell], columns: Sequence[Column]) -> float:
    told = zip(row, columns, strict=False)
    texts = [(value, column.width) for value, column in told if isinstance(value, str) and value]
    lines = max((line_count(text, width) for text, width in texts), default=1)
    return min(lines * _LINE + _PADDING, _TALLEST)


def _in_head(text: str) -> str:
    """A text for a page's head or foot, where & begins an order and 255 characters are the most."""
    return text[:100].replace("&", "&&")
