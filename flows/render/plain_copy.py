"""Turns sheets as they were read into a workbook with the same cells: values, words, errors; never a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.render.wording import harmless
from transforms.spreadsheets.sheets import Kind, Raw, Sheet, Value, letters

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDEST = 40


def plain_workbook(sheets: Sequence[Sheet]) -> Workbook:
    """A workbook with a worksheet for each sheet, in their order; names that Excel refuses are changed."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        made = book.create_sheet(_title(sheet.name, book.sheetnames))
        widths: dict[int, int] = {}
        for row in range(sheet.height):
            for column in range(sheet.width(row)):
                value = sheet.value(row, column)
                if value.kind in {Kind.BLANK, Kind.UNCOMPUTED}:
                    continue
                _fill(made.cell(row + 1, column + 1), value, sheet.rows[row][column])
                widths[column] = max(widths.get(column, 0), sum(1 + (ord(one) > 255) for one in value.text[:_WIDEST]))
        for merge in sheet.merges:
            made.merge_cells(
                start_row=merge.top + 1,
                start_column=merge.left + 1,
                end_row=merge.bottom + 1,
                end_column=merge.right + 1,
            )
        for column, width in widths.items():
            made.column_dimensions[letters(column)].width = min(max(width + 2, 9), _WIDEST)
    return book


def _fill(cell: Cell, value: Value, raw: Raw) -> None:
    match value.kind:
        case Kind.NUMBER:
            cell.value = raw if isinstance(raw, int | float) else float(value.text)
        case Kind.PERCENT:
            assert value.number is not None
            cell.value = float(value.number / 100)
            cell.number_format = f"0.{'0' * max(0, -int(value.number.as_tuple().exponent))}%".replace("0.%", "0%")
        case Kind.BOOLEAN:
            cell.value = value.text == "TRUE"
        case Kind.DATE:
            day = dt.datetime.fromisoformat(value.text)
            cell.value = day
            cell.number_format = "yyyy-mm-dd" if day.time() == dt.time() else "yyyy-mm-dd hh:mm:ss"
        case Kind.ERROR:
            cell.value = value.text  # Excel's own codes become error cells, any other stays a word.
        case _:
            cell.value = harmless(value.text)
            cell.data_type = "s"


def _title(name: str, taken: Sequence[str]) -> str:
    plain = _FORBIDDEN.sub("_", harmless(name)).strip("'")[:31] or "表"
    others = {title.lower() for title in taken}
    names = (plain, *(f"{plain[:27]}_{number}" for number in range(2, len(taken) + 3)))
    return next(title for title in names if title.lower() not in others)
