"""Turns the bytes of an Excel 2–2003 workbook into sheets; the only door to xlrd."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Set
from itertools import chain, repeat
from typing import Any

import xlrd
import xlrd.compdoc

from transforms.spreadsheets.biff_formulas import uncomputed_formulas
from transforms.spreadsheets.number_formats import Shown, shown
from transforms.spreadsheets.sheets import (
    EPOCH,
    EPOCH_1904,
    UNCOMPUTED,
    Hidden,
    Merge,
    Raw,
    Sheet,
    Value,
    error_value,
    percent_value,
    ranges_of,
)
from transforms.spreadsheets.unreadable import damaged, encrypted


def read(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet, with its merged ranges, errors and percentages. Raises UnreadableFile.

    xlrd rather than calamine: it decodes headers of code page 1252 and 936 right and keeps error cells.
    """
    book = _opened(data, name)
    try:
        uncomputed = uncomputed_formulas(_stream(data)) if book.biff_version >= _WITH_FLAGS else ()
        # A BIFF stream that the records don't account for wholly costs the flags, not the figures.
        of_sheets = chain(uncomputed, repeat(frozenset[tuple[int, int]]()))
        return tuple(_sheet(book, sheet, places) for sheet, places in zip(book.sheets(), of_sheets, strict=False))
    except Exception as error:
        raise damaged(name, f"xls 结构读不出来：{type(error).__name__}") from error


def _opened(data: bytes, name: str) -> Any:
    failure: Exception | None = None
    # Merged ranges come with the formatting; a broken format must not cost the figures.
    for formatting in (True, False):
        try:
            book = _book(data, formatting, None)
            return _chinese(data, formatting) or book if _claims_latin(book) else book
        except Exception as error:
            if "encrypt" in str(error).lower():
                raise encrypted(name) from error
            failure = failure or error
    assert failure is not None
    raise damaged(name, f"xls 结构读不出来：{type(failure).__name__}") from failure


def _book(data: bytes, formatting: bool, encoding: str | None) -> Any:
    return xlrd.open_workbook(
        file_contents=data,
        logfile=io.StringIO(),
        formatting_info=formatting,
        ragged_rows=True,
        encoding_override=encoding,
    )


def _claims_latin(book: Any) -> bool:
    """Before Excel 97 words are bytes, and Chinese programs claimed the code page of Western Europe for theirs."""
    return bool(book.biff_version < _WITH_UNICODE and book.codepage in {None, 1252})


def _chinese(data: bytes, formatting: bool) -> Any:
    """The workbook with all its words read as Chinese; None where some aren't."""
    try:
        return _book(data, formatting, "gb18030")
    except UnicodeDecodeError:
        return None


_WITH_UNICODE = 80
_WITH_FLAGS = 50
"""From Excel 5 on a formula's record says whether it's to be computed on load."""


def _stream(data: bytes) -> bytes:
    """The workbook's records, in their compound file or bare."""
    if not data.startswith(xlrd.compdoc.SIGNATURE):
        return data
    file = xlrd.compdoc.CompDoc(data, logfile=io.StringIO())
    found: bytes | None = file.get_named_stream("Workbook") or file.get_named_stream("Book")
    return found or b""


def _sheet(book: Any, sheet: Any, uncomputed: Set[tuple[int, int]]) -> Sheet:
    rows: list[list[Raw]] = []
    special: dict[tuple[int, int], Value] = {}
    scaled: dict[tuple[int, int], str] = {}
    formats: dict[int, tuple[Shown, str]] = {}
    for row in range(sheet.nrows):
        raws: list[Raw] = []
        for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            if kind == xlrd.XL_CELL_NUMBER:
                raws.append(value)
                if book.formatting_info:
                    style = sheet.cell_xf_index(row, column)
                    if style not in formats:
                        formats[style] = _shown(book, style)
                    as_shown, code = formats[style]
                    if as_shown is Shown.PERCENT:
                        special[row, column] = percent_value(value)
                    elif as_shown is Shown.SCALED and value:
                        scaled[row, column] = code
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
    special |= {(row, column): UNCOMPUTED for row, column in uncomputed if row < len(rows) and column < len(rows[row])}
    merges = tuple(Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    epoch = EPOCH_1904 if book.datemode else EPOCH
    return Sheet(sheet.name, rows, special, merges, epoch, _hidden(sheet), scaled)


def _hidden(sheet: Any) -> Hidden:
    rows = ranges_of(sorted(row for row, info in sheet.rowinfo_map.items() if info.hidden))
    columns = ranges_of(sorted(column for column, info in sheet.colinfo_map.items() if info.hidden))
    return Hidden(sheet.visibility != 0, rows, columns)


def _shown(book: Any, style: int) -> tuple[Shown, str]:
    try:
        code: str = book.format_map[book.xf_list[style].format_key].format_str
    except (IndexError, KeyError):
        return Shown.AS_STORED, ""
    return shown(code), code


def _date(value: float, mode: int) -> Raw:
    try:
        day: dt.datetime = xlrd.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError):
        return value
    return day
