"""Turns a doubt's place (workbook《sheet》A1) back into workbook, sheet and cell; looks into no file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.spreadsheets.sheets import column_index, reference


@dataclass(frozen=True, slots=True)
class Place:
    """A file, one of its sheets, a row of it or a cell, as far as the text says; rows and columns are zero-based."""

    workbook: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None

    @property
    def ref(self) -> str:
        """The cell's A1 reference; empty where the place is no cell."""
        return "" if self.row is None or self.column is None else reference(self.row, self.column)


def parse_place(text: str, books: Mapping[str, Sequence[str]]) -> Place | None:
    """The place that a text names in one of these workbooks, given with their sheets; None where it names none of them.

    A workbook or a sheet may be called anything, 《1》A2 too, so that only names that are known are looked for, the
    longest first. A place in a sheet that isn't known is about the whole file.
    """
    for workbook in sorted(books, key=len, reverse=True):
        if text == workbook:
            return Place(workbook)
        if not text.startswith(f"{workbook}《"):
            continue
        for sheet in sorted(books[workbook], key=len, reverse=True):
            head = f"{workbook}《{sheet}》"
            if text.startswith(head) and (found := _within(workbook, sheet, text[len(head) :])):
                return found
        return Place(workbook)
    return None


_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::[A-Z]{1,3}[1-9]\d{0,6})?")
"""A range stands for its first cell."""
_ROW = re.compile(r"第([1-9]\d{0,6})行")


def _within(workbook: str, sheet: str, rest: str) -> Place | None:
    if not rest:
        return Place(workbook, sheet)
    if found := _CELL.fullmatch(rest):
        return Place(workbook, sheet, int(found[2]) - 1, column_index(found[1]))
    if found := _ROW.fullmatch(rest):
        return Place(workbook, sheet, int(found[1]) - 1)
    return None
