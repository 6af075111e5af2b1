"""Arranges a check for somebody who mends the files: where each doubt stands, with a piece of the sheet around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.checking.checks import Check, Checked, grouped, same_expected, same_found, same_subject
from transforms.checking.places import Place, parse_place
from transforms.doubts import Doubt
from transforms.spreadsheets.sheets import Kind, Sheet, letters

MOST_PLACES = 24
"""Cells that a doubt is told with one by one; a column that is wrong in a thousand rows needs no list of them."""
_ROWS, _COLUMNS = 3, 5
_LONGEST = 24
"""Characters of a cell that are enough to know it by."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A few cells of a sheet as they stand: the columns' letters, and the rows' numbers with their cells."""

    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[ExcerptCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """One cell of an excerpt; ``kind`` is how it's to be shown, ``doubted`` whether the doubt is about it."""

    text: str
    kind: Kind
    doubted: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One doubt of a file, with the sheets' cells that it names; ``word`` is its severity and number."""

    doubt: Doubt
    word: str
    cells: str
    """The first of the cells, for a heading; empty where the sheet or the file is meant."""
    where: tuple[tuple[str, tuple[str, ...]], ...]
    """Per sheet of this or another file, the cells that are listed; none where the sheet or the file is meant."""
    unlisted: int
    """How many more cells there are."""
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the report."""

    checked: Checked
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Doubts that are mended alike, or one by itself; the texts where all of them say the same, else empty."""

    entries: tuple[Entry, ...]
    subject: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Report:
    """A check, arranged."""

    check: Check
    parts: tuple[Part, ...]
    others: tuple[Group, ...]


def arrange(check: Check, books: Mapping[str, Sequence[Sheet]]) -> Report:
    """Arrange a check; ``books`` holds the sheets of each file by the file's name, none for one that can't be read."""
    sheets = {name: {sheet.name: sheet for sheet in book} for name, book in books.items()}
    return Report(
        check,
        tuple(Part(checked, _groups(checked.doubts, sheets, checked.name)) for checked in check.files),
        _groups(check.others, sheets, ""),
    )


def _groups(doubts: Sequence[Doubt], sheets: Mapping[str, Mapping[str, Sheet]], own: str) -> tuple[Group, ...]:
    return tuple(
        Group(
            tuple(_entry(word, doubt, sheets, own) for word, doubt in group),
            same_subject(group),
            same_found(group),
            same_expected(group),
        )
        for group in grouped(doubts)
    )


def _entry(word: str, doubt: Doubt, sheets: Mapping[str, Mapping[str, Sheet]], own: str) -> Entry:
    names = {name: tuple(book) for name, book in sheets.items()}
    where: dict[str, list[str]] = {}
    first: Place | None = None
    for text in doubt.places[:MOST_PLACES]:
        place = parse_place(text, names)
        if place is None or place.sheet is None:
            # A file that isn't checked here is known by its name alone; its cells stand together all the same.
            sheet, end, cell = text.rpartition("》")
            where.setdefault(f"{sheet}{end}" if end and cell else text, []).extend([cell] if end and cell else [])
            continue
        sheet = f"《{place.sheet}》" if place.workbook == own else f"{place.workbook}《{place.sheet}》"
        cells = where.setdefault(sheet, [])
        if place.row is not None:
            cells.append(place.ref or f"第{place.row + 1}行")
            first = first or (place if place.workbook == own else None)
    return Entry(
        doubt,
        word,
        (first.ref or f"第{(first.row or 0) + 1}行") if first else "",
        tuple((sheet, tuple(cells)) for sheet, cells in where.items()),
        max(0, len(doubt.places) - MOST_PLACES),
        _excerpt(sheets, first, doubt, names) if first else None,
    )


def _excerpt(
    sheets: Mapping[str, Mapping[str, Sheet]], at: Place, doubt: Doubt, names: Mapping[str, Sequence[str]]
) -> Excerpt | None:
    sheet = sheets[at.workbook][at.sheet or ""]
    if at.row is None or at.row >= sheet.height:
        return None
    doubted = {
        (place.row, place.column)
        for text in doubt.places[:MOST_PLACES]
        if (place := parse_place(text, names)) and (place.workbook, place.sheet) == (at.workbook, at.sheet)
    }
    width = max(sheet.width(row) for row in range(max(0, at.row - 1), min(sheet.height, at.row + 2)))
    top = max(0, min(at.row - 1, sheet.height - _ROWS))
    left = max(0, min((at.column or 0) - _COLUMNS // 2, width - _COLUMNS))
    columns = range(left, min(left + _COLUMNS, max(width, 1)))
    return Excerpt(
        tuple(map(letters, columns)),
        tuple(
            (row + 1, tuple(_cell(sheet, row, column, doubted) for column in columns))
            for row in range(top, min(top + _ROWS, sheet.height))
        ),
    )


def _cell(sheet: Sheet, row: int, column: int, doubted: set[tuple[int | None, int | None]]) -> ExcerptCell:
    value = sheet.value(row, column)
    text = " ".join(value.text.split())
    return ExcerptCell(
        f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text,
        value.kind,
        (row, column) in doubted or (row, None) in doubted,
    )
