"""Turns the bytes of an Excel 2–2003 workbook into sheets; the only door to xlrd."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import xlrd

from transforms.sheets import (
    EPOCH,
    EPOCH_1904,
    Merge,
    Raw,
    Sheet,
    Value,
    error_value,
    percent_value,
)
from transforms.unreadable import UnreadableFile


def read(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet, with its merged ranges, errors and percentages. Raises UnreadableFile.

    xlrd rather than calamine: it decodes headers of code page 1252 and 936 right and keeps error cells.
    """
    book = _opened(data, name)
    try:
        return tuple(_sheet(book, sheet) for sheet in book.sheets())
    except Exception as error:
        raise _damaged(name, error) from error


def _opened(data: bytes, name: str) -> Any:
    failure: Exception | None = None
    # Merged ranges come with the formatting; a broken format must not cost the figures.
    for formatting in (True, False):
        try:
            return xlrd.open_workbook(
                file_contents=data,
                logfile=io.StringIO(),
                formatting_info=formatting,
                ragged_rows=True,
            )
        except Exception as error:
            if "encrypt" in str(error).lower():
                raise UnreadableFile(name, "文件加了打开密码", "取消密码后另存，再报送") from error
            failure = failure or error
    assert failure is not None
    raise _damaged(name, failure) from failure


def _damaged(name: str, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        name,
        f"文件不完整或已损坏（xls 结构读不出来：{type(error).__name__}）",
        "重新下载，或由原单位用 Excel 打开后另存再报送",
    )


def _sheet(book: Any, sheet: Any) -> Sheet:
    rows: list[list[Raw]] = []
    special: dict[tuple[int, int], Value] = {}
    percents: dict[int, bool] = {}
    for row in range(sheet.nrows):
        raws: list[Raw] = []
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            if kind == xlrd.XL_CELL_NUMBER:
                raws.append(value)
                if book.formatting_info:
                    style = sheet.cell_xf_index(row, column)
                    if style not in percents:
                        percents[style] = _shows_percent(book, style)
                    if percents[style]:
                        special[row, column] = percent_value(value)
            elif kind == xlrd.XL_CELL_DATE:
                raws.append(_date(value, book.datemode))
            elif kind == xlrd.XL_CELL_BOOLEAN:
                raws.append(bool(value))
            elif kind == xlrd.XL_CELL_ERROR:
                raws.append(None)
                special[row, column] = error_value(xlrd.error_text_from_code.get(value, f"#ERR{value}"))
            else:
                raws.append(value)
        rows.append(raws)
    merges = tuple(Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    return Sheet(sheet.name, rows, special, merges, EPOCH_1904 if book.datemode else EPOCH)


_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')


def _shows_percent(book: Any, style: int) -> bool:
    try:
        pattern = book.format_map[book.xf_list[style].format_key].format_str
    except (IndexError, KeyError):
        return False
    return "%" in _QUOTED.sub("", pattern)


def _date(value: float, mode: int) -> Raw:
    try:
        day: dt.datetime = xlrd.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError):
        return value
    return day
