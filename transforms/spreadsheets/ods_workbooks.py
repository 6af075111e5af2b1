"""Turns the bytes of an OpenDocument spreadsheet into sheets; asks no engine, for none tells errors and formats.

The elements are those of OpenDocument 1.3, part 3: chapters 9 (tables) and 16.29 (number styles).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from transforms.spreadsheets.package_parts import unpacked
from transforms.spreadsheets.sheets import (
    UNCOMPUTED,
    Hidden,
    Merge,
    Raw,
    Sheet,
    Value,
    error_value,
    percent_value,
    reference,
)
from transforms.spreadsheets.unreadable import damaged, encrypted, too_far
from transforms.spreadsheets.xlsx_cells import stray_cells

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_CELL_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_MOST_FILLED = 4_000_000
_DEEPEST = 100
"""Elements within each other; a real file has about twelve."""


def read_ods(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Every worksheet, with its merged ranges, errors, percentages and what is hidden. Raises UnreadableFile."""
    parts = unpacked(data, name)
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise encrypted(name)
    try:
        scaled = {*_scaled_styles(parts.get("styles.xml", b"")), *_scaled_styles(parts["content.xml"])}
        return tuple(_sheets(parts["content.xml"], scaled, name))
    except (ElementTree.ParseError, LookupError, ValueError, OverflowError, RecursionError) as error:
        raise damaged(name, f"content.xml 读不出来：{type(error).__name__}") from error


@dataclass(slots=True)
class _Grid:
    """The cells of one table as they're met; repeated blanks take no room."""

    name: str
    hidden: bool
    row: int = 0
    column: int = 0
    filled: dict[tuple[int, int], Raw] = field(default_factory=dict)
    special: dict[tuple[int, int], Value] = field(default_factory=dict)
    scaled: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    columns: int = 0


def _sheets(content: bytes, scaled: set[str], name: str) -> Iterator[Sheet]:
    grid: _Grid | None = None
    hidden_tables = set(_hidden_styles(content))
    depth = inner = 0
    for event, element in ElementTree.iterparse(BytesIO(content), ("start", "end")):
        tag = element.tag
        if event == "start":
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("elements stand too deep within each other")
            if tag == f"{_TABLE}table":
                inner += 1
                if inner == 1:
                    style = element.get(f"{_TABLE}style-name", "")
                    grid = _Grid(element.get(f"{_TABLE}name", ""), style in hidden_tables)
            continue
        depth -= 1
        if tag == f"{_TABLE}table":
            inner -= 1
            if inner == 0 and grid is not None:
                yield _sheet(grid, name)
                grid = None
                element.clear()
        elif grid is not None and inner == 1:
            if tag == f"{_TABLE}table-column":
                _take_column(grid, element)
            elif tag == f"{_TABLE}table-row":
                _take_row(grid, element, scaled, name)
                element.clear()


def _take_column(grid: _Grid, element: Element) -> None:
    count = _count(element, "number-columns-repeated")
    if element.get(f"{_TABLE}visibility", "visible") != "visible":
        grid.hidden_columns.append(range(grid.columns, min(grid.columns + count, _LAST_COLUMN)))
    grid.columns += count


def _take_row(grid: _Grid, element: Element, scaled: set[str], name: str) -> None:
    times = _count(element, "number-rows-repeated")
    if element.get(f"{_TABLE}visibility", "visible") != "visible":
        grid.hidden_rows.append(range(grid.row, min(grid.row + times, _LAST_ROW)))
    column = 0
    for cell in element:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        count = _count(cell, "number-columns-repeated")
        _take_cell(grid, cell, column, count, times, scaled, name)
        column += count
    grid.row += times


def _take_cell(grid: _Grid, cell: Element, column: int, count: int, times: int, scaled: set[str], name: str) -> None:
    down, across = (_count(cell, f"number-{way}-spanned") for way in ("rows", "columns"))
    if cell.tag == f"{_TABLE}table-cell" and (down > 1 or across > 1):
        bottom, right = min(grid.row + down, _LAST_ROW) - 1, min(column + across, _LAST_COLUMN) - 1
        grid.merges.append(Merge(grid.row, column, bottom, right))
    raw, special = _content(cell)
    if raw is None and special is None:
        return
    if len(grid.filled) + count * times > _MOST_FILLED:
        raise too_far(
            name, grid.name, reference(grid.row + times - 1, column + count - 1), grid.row + times, column + count
        )
    style = cell.get(f"{_TABLE}style-name", "")
    for place in ((row, at) for row in range(grid.row, grid.row + times) for at in range(column, column + count)):
        grid.filled[place] = raw
        if special is not None:
            grid.special[place] = special
        elif style in scaled and isinstance(raw, float) and raw:
            grid.scaled[place] = "按千、万等显示"


def _content(cell: Element) -> tuple[Raw, Value | None]:
    """The cell's raw value, and what it is where the raw value doesn't say."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    text = "\n".join(_paragraph(part) for part in cell if part.tag in {f"{_TEXT}p", f"{_TEXT}h"})
    formula = cell.get(f"{_TABLE}formula")
    if cell.get(f"{_CELL_EXTENSION}value-type") == "error" or (formula is not None and _ERROR.fullmatch(text.strip())):
        code = text.strip()
        return None, error_value(_ERROR_CODES.get(code, code) or "#N/A")
    if kind in {"float", "currency", "percentage"}:
        number = float(cell.get(f"{_OFFICE}value", ""))
        return number, percent_value(number) if kind == "percentage" else None
    if kind == "date":
        return _day(cell.get(f"{_OFFICE}date-value", "")), None
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true", None
    if kind == "time":
        return text, None
    if kind == "string":
        return cell.get(f"{_OFFICE}string-value", text) or None, None
    if formula is not None and not text:
        return None, UNCOMPUTED
    return text or None, None


_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|(?:Err|错误)[:：]\d{3}")
_ERROR_CODES = {"Err:502": "#NUM!", "Err:503": "#NUM!", "Err:508": "#NAME?", "Err:522": "#REF!", "Err:519": "#VALUE!"}
"""What LibreOffice shows where Excel has a code; circular references (522) have none of their own."""


def _paragraph(element: Element) -> str:
    pieces = [element.text or ""]
    for part in element:
        if part.tag == f"{_TEXT}s":
            pieces.append(" " * min(int(part.get(f"{_TEXT}c", "1")), 1000))
        elif part.tag == f"{_TEXT}tab":
            pieces.append("\t")
        elif part.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif part.tag in {f"{_TEXT}span", f"{_TEXT}a"}:
            pieces.append(_paragraph(part))
        pieces.append(part.tail or "")
    return "".join(pieces)


def _day(text: str) -> Raw:
    try:
        day = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return day.date() if day.time() == dt.time() else day


def _count(element: Element, attribute: str) -> int:
    text = element.get(f"{_TABLE}{attribute}", "1")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ValueError(f"{attribute} is no number")
    return max(int(text), 1)


def _sheet(grid: _Grid, name: str) -> Sheet:
    stray = stray_cells(grid.filled)
    if stray is None:
        last = max(grid.filled, key=lambda place: place[0] * place[1])
        bottom, right = max(row for row, _ in grid.filled), max(column for _, column in grid.filled)
        raise too_far(name, grid.name, reference(*last), bottom + 1, right + 1)
    for place in stray:
        del grid.filled[place]
        grid.special.pop(place, None)
    rows: list[list[Raw]] = []
    for (row, column), raw in sorted(grid.filled.items(), key=lambda item: item[0]):
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column - len(rows[row])))
        rows[row].append(raw)
    hidden = Hidden(grid.hidden, _merged(grid.hidden_rows), tuple(grid.hidden_columns))
    return Sheet(
        grid.name, rows, grid.special, tuple(grid.merges), hidden=hidden, scaled=grid.scaled,
        stray=tuple(reference(*place) for place in sorted(stray)),
    )  # fmt: skip


def _merged(ranges: list[range]) -> tuple[range, ...]:
    made: list[range] = []
    for found in ranges:
        if made and made[-1].stop == found.start:
            made[-1] = range(made[-1].start, found.stop)
        else:
            made.append(found)
    return tuple(made)


def _styles(content: bytes) -> Iterator[Element]:
    """The style elements of a part, each cleared when the next is asked for."""
    if not content:
        return
    for _, element in ElementTree.iterparse(BytesIO(content), ("end",)):
        if element.tag.startswith((_STYLE, _NUMBER)):
            yield element
        elif element.tag == f"{_OFFICE}automatic-styles":
            return
        elif element.tag.startswith(_TABLE):
            element.clear()


def _hidden_styles(content: bytes) -> Iterator[str]:
    """The styles of tables that aren't shown."""
    for element in _styles(content):
        if element.tag == f"{_STYLE}style" and element.get(f"{_STYLE}family") == "table":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                yield element.get(f"{_STYLE}name", "")


def _scaled_styles(content: bytes) -> Iterator[str]:
    """The cell styles whose numbers are shown in thousands or millions."""
    formats: set[str] = set()
    for element in _styles(content):
        if element.tag == f"{_NUMBER}number-style":
            number = element.find(f"{_NUMBER}number")
            if number is not None and number.get(f"{_NUMBER}display-factor", "1") not in {"1", ""}:
                formats.add(element.get(f"{_STYLE}name", ""))
        elif element.tag == f"{_STYLE}style" and element.get(f"{_STYLE}data-style-name", "") in formats:
            yield element.get(f"{_STYLE}name", "")
