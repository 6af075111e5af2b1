"""Reads the records of an xlsb package that calamine doesn't tell of: errors, formats, what is hidden, merges.

The records are those of [MS-XLSB] 2.3 and 2.4; each is an identifier, a length and that many bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from transforms.spreadsheets.number_formats import Shown, shown, shown_built_in
from transforms.spreadsheets.package_parts import unpacked
from transforms.spreadsheets.sheets import (
    EPOCH,
    EPOCH_1904,
    Hidden,
    Merge,
    Unseen,
    Value,
    error_value,
    percent_value,
    ranges_of,
    reference,
)
from transforms.spreadsheets.unreadable import damaged, too_far
from transforms.spreadsheets.xlsx_cells import MOST_CELLS, serial_day
from transforms.spreadsheets.xlsx_parts import Package, targets_of


def inspect_xlsb(data: bytes, name: str) -> Package:
    """Refuse what is dangerous; find what the engine won't tell. Raises UnreadableFile."""
    parts = unpacked(data, name)
    workbook = next(part for part in parts if part.endswith("workbook.bin"))
    try:
        book = dict(_book(parts[workbook], targets_of(parts, workbook)))
        dates_from_1904 = any(kind == _WORKBOOK and record[0] & 1 for kind, record in _records(parts[workbook]))
        epoch = EPOCH_1904 if dates_from_1904 else EPOCH
        styles = _styles(next((content for part, content in parts.items() if part.endswith("styles.bin")), b""))
        sheets = {
            title: _Scan(title, hidden, styles, dates_from_1904).run(parts[part], name)
            for part, (title, hidden) in book.items()
        }
    except (struct.error, LookupError, ElementTree.ParseError, ValueError) as error:
        raise damaged(name, "xlsb 记录读不出来") from error
    return Package(data, sheets, epoch)


_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = range(8, 12)
_FORMAT, _STYLE, _COLUMN, _WORKBOOK, _SHEET, _MERGE = 44, 47, 60, 153, 156, 176
_EXTENT = 148
_SHORTEST = {
    _ROW: 12, _BLANK: 8, _RK: 12, _ERROR: 9, _BOOL: 9, _REAL: 16, _TEXT: 12, _SHARED: 12, _FORMULA_TEXT: 12,
    _FORMULA_NUMBER: 16, _FORMULA_BOOL: 9, _FORMULA_ERROR: 9, _EXTENT: 16,
}  # fmt: skip
_STYLES_BEGIN, _STYLES_END = 617, 618
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(content):
        kind = content[position]
        position += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[position] & 0x7F) << 7
            position += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = content[position]
            position += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if position + length > len(content):
            raise ValueError("a record ends beyond its part")
        yield kind, content[position : position + length]
        position += length


def _wide(record: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends."""
    (length,) = struct.unpack_from("<I", record, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(record):
        raise ValueError("a text ends beyond its record")
    return record[at + 4 : end].decode("utf-16-le"), end


def _book(content: bytes, targets: Mapping[str | None, str]) -> Iterator[tuple[str, tuple[str, bool]]]:
    for kind, record in _records(content):
        if kind == _SHEET:
            (state,) = struct.unpack_from("<I", record, 0)
            relation, end = _wide(record, 8)
            title, _ = _wide(record, end)
            yield targets[relation], (title, state != 0)


def _styles(content: bytes) -> Mapping[int, tuple[Shown, str]]:
    codes: dict[int, str] = {}
    found: dict[int, tuple[Shown, str]] = {}
    within, index = False, 0
    for kind, record in _records(content):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", record, 0)[0]] = _wide(record, 2)[0]
        elif kind in {_STYLES_BEGIN, _STYLES_END}:
            within = kind == _STYLES_BEGIN
        elif kind == _STYLE and within:
            (number,) = struct.unpack_from("<H", record, 2)
            as_shown = shown(codes[number]) if number in codes else shown_built_in(number)
            if as_shown is not Shown.AS_STORED:
                found[index] = (as_shown, codes.get(number, ""))
            index += 1
    return found


class _Scan:
    """What the records of one sheet add up to."""

    def __init__(
        self, title: str, hidden: bool, styles: Mapping[int, tuple[Shown, str]], dates_from_1904: bool
    ) -> None:
        self._title, self._hidden, self._styles = title, hidden, styles
        self._epoch = EPOCH_1904 if dates_from_1904 else EPOCH
        self._special: dict[tuple[int, int], Value] = {}
        self._scaled: dict[tuple[int, int], str] = {}
        self._merges: list[Merge] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[range] = []

    def run(self, content: bytes, name: str) -> Unseen:
        """Go through the records; refuse a sheet of senseless extent."""
        row = bottom = right = -1
        for kind, record in _records(content):
            if len(record) < _SHORTEST.get(kind, 0):
                # The engine would panic, and write so where a clerk reads.
                raise ValueError("a record is too short")
            if kind == _ROW:
                (row,) = struct.unpack_from("<I", record, 0)
                # The flag fDyZero, which makes the row's height nothing.
                if len(record) > 11 and record[11] & 0x10:
                    self._hidden_rows.append(row)
            elif _BLANK < kind <= _FORMULA_ERROR:
                column, style = struct.unpack_from("<II", record, 0)
                bottom, right = max(bottom, row), max(right, column)
                self._cell(kind, record, row, column, style & 0xFFFFFF)
            elif kind == _COLUMN:
                first, last, _, _, flags = struct.unpack_from("<IIIIH", record, 0)
                if flags & 1:
                    self._hidden_columns.append(range(first, min(last, 16_383) + 1))
            elif kind == _MERGE:
                top, down, left, across = struct.unpack_from("<IIII", record, 0)
                self._merges.append(Merge(top, left, down, across))
            if (bottom + 1) * (right + 1) > MOST_CELLS:
                raise too_far(name, self._title, reference(bottom, right), bottom + 1, right + 1)
        hidden = Hidden(self._hidden, ranges_of(self._hidden_rows), tuple(self._hidden_columns))
        return Unseen(self._special, self._scaled, hidden, tuple(self._merges))

    def _cell(self, kind: int, record: bytes, row: int, column: int, style: int) -> None:
        if kind in {_ERROR, _FORMULA_ERROR}:
            self._special[row, column] = error_value(_ERRORS.get(record[8], f"#ERR{record[8]}"))
            return
        if style not in self._styles or kind not in {_RK, _REAL, _FORMULA_NUMBER}:
            return
        number = _rk(record) if kind == _RK else struct.unpack_from("<d", record, 8)[0]
        as_shown, code = self._styles[style]
        if as_shown is Shown.PERCENT:
            self._special[row, column] = percent_value(number)
        elif as_shown is Shown.CHINESE_DATE:
            if day := serial_day(number, self._epoch):
                self._special[row, column] = day
        elif number:
            self._scaled[row, column] = code


def _rk(record: bytes) -> float:
    """A number packed into 30 bits: an integer or the upper half of a float, perhaps times a hundred."""
    (packed,) = struct.unpack_from("<I", record, 8)
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return number / 100 if packed & 1 else number
