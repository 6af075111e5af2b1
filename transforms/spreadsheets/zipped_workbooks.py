"""Turns the bytes of xlsx and xlsb workbooks into sheets; the only door to calamine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from transforms.spreadsheets.sheets import Merge, Raw, Sheet, Unseen, Value
from transforms.spreadsheets.unreadable import damaged, encrypted
from transforms.spreadsheets.xlsb_parts import inspect_xlsb
from transforms.spreadsheets.xlsx_parts import Package, inspect_xlsx


def read_xlsx(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet of an xlsx or xlsm file; macros are never looked at. Raises UnreadableFile."""
    return _sheets(inspect_xlsx(data, name), name)


def read_xlsb(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet of an xlsb file. Raises UnreadableFile."""
    return _sheets(inspect_xlsb(data, name), name)


def _sheets(package: Package, name: str) -> tuple[Sheet, ...]:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(package.data))
        return tuple(_sheet(workbook, title, package) for title in _worksheets(workbook))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A panic of the Rust engine is a BaseException; for us the file is damaged, no more.
    except BaseException as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise encrypted(name) from error
        raise damaged(name, f"工作表读不出来：{type(error).__name__}") from error


def _worksheets(workbook: Any) -> Iterator[str]:
    """The titles of the sheets that have cells; charts and dialogs have none."""
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            yield sheet.name


def _sheet(workbook: Any, title: str, package: Package) -> Sheet:
    sheet = workbook.get_sheet_by_name(title)
    rows = sheet.to_python(skip_empty_area=False)
    unseen = package.sheets.get(title, Unseen())
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    _make_room(rows, unseen.special)
    return Sheet(
        title, rows, unseen.special, unseen.merges or merges, package.epoch, unseen.hidden, unseen.scaled, unseen.stray
    )


def _make_room(rows: list[list[Raw]], special: Mapping[tuple[int, int], Value]) -> None:
    """Errors are blanks to calamine, which leaves out what is blank at the end of rows and of the sheet."""
    for row, column in special:
        if row >= len(rows):
            rows.extend([] for _ in range(row + 1 - len(rows)))
        if column >= len(rows[row]):
            rows[row].extend([None] * (column + 1 - len(rows[row])))
