"""Finds the formulas of a BIFF workbook stream that no program has computed; knows neither values nor xlrd."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class _Formula(NamedTuple):
    row: int
    column: int
    result: bytes
    on_load: bool
    tokens: bytes


def uncomputed_formulas(stream: bytes) -> Sequence[frozenset[tuple[int, int]]]:
    """For each worksheet, in the workbook's order, the zero-based places of its uncomputed formulas.

    Excel keeps an empty text for a formula that rightly gives none, and so do some programs that compute nothing
    (xlwt). Taken for uncomputed is such a result of a sum or of arithmetic, which always give a number; of any formula
    without a text in it where no formula of the workbook has a result; and, like a zero, where the program asks for
    computing on load (Apache POI).
    """
    sheets = [tuple(_formulas(stream, start)) for start in _worksheets(stream)]
    none_computed = all(_is_empty(formula) for sheet in sheets for formula in sheet)
    return [
        frozenset((formula.row, formula.column) for formula in sheet if _is_uncomputed(formula, none_computed))
        for sheet in sheets
    ]


_BOUNDSHEET, _FORMULA, _BOF, _EOF = 0x85, 0x06, 0x809, 0x0A
_WORKSHEET = 0
_ON_LOAD = 0x02
_TEXT = 0x17
_ARITHMETIC = frozenset({0x03, 0x04, 0x05, 0x06, 0x07})
_ATTRIBUTE_SUM = b"\x19\x10\x00\x00"
_SUMMING = tuple(struct.pack("<H", number) for number in (0, 4, 5, 6, 7))
"""COUNT, SUM, AVERAGE, MIN and MAX ([MS-XLS] 2.5.198.17)."""
_VARIABLE_FUNCTION = frozenset({0x22, 0x42, 0x62})


def _is_uncomputed(formula: _Formula, none_computed: bool) -> bool:
    if not _is_empty(formula):
        return formula.on_load and formula.result == bytes(8)
    gives_text = _TEXT in formula.tokens
    return formula.on_load or _gives_number(formula.tokens) or (none_computed and not gives_text)


def _is_empty(formula: _Formula) -> bool:
    return formula.result[0] == 3 and formula.result[6:] == b"\xff\xff"


def _gives_number(tokens: bytes) -> bool:
    """Whether the last of the tokens, which are in reverse Polish order, is arithmetic or a sum."""
    if len(tokens) < 4:
        return False
    summing = tokens[-4] in _VARIABLE_FUNCTION and tokens[-2:] in _SUMMING
    return tokens[-1] in _ARITHMETIC or tokens.endswith(_ATTRIBUTE_SUM) or summing


def _worksheets(stream: bytes) -> Iterator[int]:
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET and len(body) >= 6 and body[5] == _WORKSHEET:
            yield int.from_bytes(body[:4], "little")


def _formulas(stream: bytes, start: int) -> Iterator[_Formula]:
    for kind, body in _records(stream, start):
        if kind == _FORMULA and len(body) >= 22:
            row, column, _, result, flags, _, size = struct.unpack("<HHH8sHLH", body[:22])
            yield _Formula(row, column, result, bool(flags & _ON_LOAD), body[22 : 22 + size])


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its BOF to the EOF that belongs to it; a chart inside has its own."""
    position, depth = start, 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        yield kind, stream[position + 4 : position + 4 + size]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        position += 4 + size
