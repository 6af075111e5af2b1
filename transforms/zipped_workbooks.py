"""Turns the bytes of xlsx, xlsb and ods workbooks into sheets; the only door to calamine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from transforms.sheets import Merge, Raw, Sheet, Value
from transforms.unreadable import UnreadableFile
from transforms.xlsx_parts import Parts, inspect_parts, inspect_xlsx

XLSB_CAUTION = "xlsb 格式看不出错误值（#N/A 等会读成空白）和百分比格式，请另存为 .xlsx 报送"
ODS_CAUTION = "ods 格式看不出错误值（#N/A 等会读成空白）和百分比格式，请另存为 .xlsx 报送"


def read_xlsx(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet of an xlsx or xlsm file. Raises UnreadableFile."""
    parts = inspect_xlsx(data, name)
    return _sheets(data, name, parts)


def read_xlsb(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet of an xlsb file, with a caution. Raises UnreadableFile."""
    return _sheets(data, name, inspect_parts(data, name), XLSB_CAUTION)


def read_ods(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet of an OpenDocument spreadsheet, with a caution. Raises UnreadableFile."""
    return _sheets(data, name, inspect_parts(data, name), ODS_CAUTION)


def _sheets(data: bytes, name: str, parts: Parts, caution: str = "") -> tuple[Sheet, ...]:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        return tuple(_sheet(workbook, title, parts, caution) for title in _worksheets(workbook))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A panic of the Rust engine is a BaseException; for us the file is damaged, no more.
    except BaseException as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise UnreadableFile(name, "文件加了打开密码", "取消密码后另存，再报送") from error
        raise UnreadableFile(
            name,
            f"文件不完整或已损坏（工作表读不出来：{type(error).__name__}）",
            "重新下载，或由原单位用 Excel 打开后另存再报送",
        ) from error


def _worksheets(workbook: Any) -> Iterator[str]:
    """The titles of the sheets that have cells; charts and dialogs have none."""
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            yield sheet.name


def _sheet(workbook: Any, title: str, parts: Parts, caution: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(title)
    rows = sheet.to_python(skip_empty_area=False)
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    special = parts.special.get(title, {})
    _make_room(rows, special)
    return Sheet(title, rows, special, merges, parts.epoch, caution)


def _make_room(rows: list[list[Raw]], special: Mapping[tuple[int, int], Value]) -> None:
    """Errors are blanks to calamine, which leaves out what is blank at the end of rows and of the sheet."""
    for row, column in special:
        if row >= len(rows):
            rows.extend([] for _ in range(row + 1 - len(rows)))
        if column >= len(rows[row]):
            rows[row].extend([None] * (column + 1 - len(rows[row])))
