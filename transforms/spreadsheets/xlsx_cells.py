"""Scans a sheet's XML for what an engine wouldn't tell and for cells too far away; reads no value that it would."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transforms.spreadsheets.number_formats import Shown
from transforms.spreadsheets.sheets import UNCOMPUTED, Kind, Value, column_index, error_value, percent_value, reference
from transforms.spreadsheets.unreadable import too_far

MOST_CELLS = 4_000_000
"""Rows × columns up to the last filled cell: calamine fills the whole rectangle in memory, and aborts the process
where that fails."""
MOST_STRAY = 20
"""A sheet with more cells than these far away from its table is no mistake of one hand."""


class Styles(NamedTuple):
    """Which cell styles show something other than what is stored, by their number as digits, and their codes."""

    shown: dict[bytes, Shown]
    codes: dict[bytes, str]


def within_bounds(xml: bytes, name: str, title: str) -> tuple[bytes, tuple[str, ...]]:
    """The sheet without lone cells far away, and their references. Raises UnreadableFile where there are many."""
    if _plainly_small(xml):
        return xml, ()
    filled = [(cell.row, cell.column) for cell in _cells(xml) if _FILLED.search(cell.inner)]
    stray = stray_cells(filled)
    if stray is None:
        last = max(filled, key=lambda place: place[0] * place[1])
        bottom, right = max(row for row, _ in filled), max(column for _, column in filled)
        raise too_far(name, title, reference(*last), bottom + 1, right + 1)
    if not stray:
        return xml, ()
    return _without(xml, stray), tuple(reference(*place) for place in sorted(stray))


def stray_cells(filled: Iterable[tuple[int, int]]) -> set[tuple[int, int]] | None:
    """The few cells without which all others fit into MOST_CELLS; None where they aren't few."""
    places = set(filled)
    rows, columns = Counter(row for row, _ in places), Counter(column for _, column in places)
    below, across = sorted(rows), sorted(columns)
    stray: set[tuple[int, int]] = set()
    while places and (below[-1] + 1) * (across[-1] + 1) > MOST_CELLS:
        # The farther jump tells which way the cell has strayed.
        down = (below[-1] + 1) / (below[-2] + 1 if len(below) > 1 else 1)
        right = (across[-1] + 1) / (across[-2] + 1 if len(across) > 1 else 1)
        far = below[-1] if down >= right else across[-1]
        axis = 0 if down >= right else 1
        count = rows[far] if axis == 0 else columns[far]
        if len(stray) + count > MOST_STRAY or len(places) == count:
            return None
        gone = {place for place in places if place[axis] == far}
        stray |= gone
        places -= gone
        for row, column in gone:
            rows[row] -= 1
            columns[column] -= 1
        while below and not rows[below[-1]]:
            below.pop()
        while across and not columns[across[-1]]:
            across.pop()
    return stray


_FAR = re.compile(rb'r="[A-Z]?+[0-9]{0,5}+[0-9A-Za-z]')
"""A reference beyond column Z or row 99,999, or in small letters: a sheet without one is small enough. Written so that
it scans fast: what is near is passed over at once."""
_CASUAL = re.compile(rb"""\sr(?:\s+=|=\s+|=')|<(?:\w+:)?(?:c|row)(?:\s+[^r\s<>][^<>]*)?/?>""")
"""References that no spreadsheet program writes this way, and cells or rows without one; looked for in small sheets.
In a large one that takes a third of the time that its reading does: flows reads such files in a process of its own."""
_SMALL = 4 * 1024 * 1024


def _plainly_small(xml: bytes) -> bool:
    # Not the end of another attribute: operator="between".
    far = any(
        not (xml[at - 1 : at].isalpha() or xml[at - 1 : at] == b":") for at in map(re.Match.start, _FAR.finditer(xml))
    )
    return not (far or (len(xml) <= _SMALL and _CASUAL.search(xml)))


def _without(xml: bytes, stray: set[tuple[int, int]]) -> bytes:
    kept: list[bytes] = []
    position = 0
    for cell in _cells(xml):
        # A blank far away does no harm to an engine; a filled one does.
        if (cell.row, cell.column) in stray:
            kept.append(xml[position : cell.start])
            position = cell.end
    return b"".join([*kept, xml[position:]])


class _XmlCell(NamedTuple):
    row: int
    column: int
    attributes: bytes
    inner: bytes
    start: int
    end: int


_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(?P<tag>row|c)(?P<attributes>\s[^<>]*?)?(?P<closed>/)?>")
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c\s*>")
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{0,7})(\d{1,9})["']""")


def _cells(xml: bytes) -> Iterator[_XmlCell]:
    """Every cell element with its place; one without r= stands after the one before it."""
    row = column = -1
    position = 0
    open_cells = True
    while found := _ROW_OR_CELL.search(xml, position):
        start, position = found.start(), found.end()
        attributes = found["attributes"] or b""
        place = _REFERENCE.search(attributes)
        if found["tag"] == b"row":
            row, column = int(place[2]) - 1 if place else row + 1, -1
            continue
        if place and place[1]:
            row, column = int(place[2]) - 1, column_index(place[1].decode())
        else:
            column += 1
        inner = b""
        if not found["closed"] and open_cells:
            end = _END_OF_CELL.search(xml, position)
            if end:
                inner = xml[position : end.start()]
                position = end.end()
            # Looked for once only: in a damaged sheet a million cells may lack their end.
            open_cells = end is not None
        yield _XmlCell(max(row, 0), column, attributes, inner, start, position)


_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CONTENT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_LAST_SERIAL = 2_900_000
"""In the year 9800; beyond 9999 there are no dates."""

Special = dict[tuple[int, int], Value]


def special_cells(xml: bytes, styles: Styles, lazy: bool, epoch: dt.date) -> tuple[Special, dict[tuple[int, int], str]]:
    """Errors, percentages, Chinese dates and uncomputed formulas by their zero-based places; and scaled numbers.

    ``lazy``: the program that wrote the file computed nothing, and asks for it on load.
    """
    special: Special = {}
    scaled: dict[tuple[int, int], str] = {}
    # Plain searches first: a ledger of 50,000 rows has none of these, and walking its cells takes a second.
    plain = holds(xml, b't="e"', b"e") or holds(xml, b"<f", b"f")
    styled = styles.shown and re.search(rb's="(?:%s)"' % b"|".join(styles.shown), xml)
    casual = b"='" in xml[:100_000] or b":c " in xml[:100_000]
    if not (plain or styled or casual):
        return special, scaled
    for cell in _cells(xml):
        if len(cell.inner) == 0:
            continue
        place = (cell.row, cell.column)
        value = _special(cell, styles, lazy, epoch)
        if value is not None:
            special[place] = value
        elif _as_shown(cell, styles) is Shown.SCALED and _number(cell):
            scaled[place] = styles.codes[_style(cell)]
    return special, scaled


def holds(xml: bytes, words: bytes, rare: bytes) -> bool:
    """Whether the rows or cells say so somewhere; ``rare`` is the one of its letters that numbers and tags lack.

    A single letter is found many times as fast as words, and a sheet of numbers and shared texts doesn't have it.
    """
    # The tag sheetData has such letters itself.
    start = xml.find(b"sheetData") + len(b"sheetData")
    end = xml.rfind(b"sheetData", start)
    if end < 0:
        end = len(xml)
    return xml.find(rare, start, end) >= 0 and xml.find(words, start, end) >= 0


def _special(cell: _XmlCell, styles: Styles, lazy: bool, epoch: dt.date) -> Value | None:
    found = _CONTENT.search(cell.inner)
    content = found[1].strip() if found else b""
    kind = _kind(cell)
    if kind == b"e":
        return error_value(content.decode("utf-8", "replace") or "#N/A")
    if _FORMULA.search(cell.inner):
        # A text formula may rightly give an empty text; a number can't be empty. Programs that write formulas
        # without computing them ask for it on load, and some leave a zero behind.
        if not content and not (kind == b"str" and found):
            return UNCOMPUTED
        if lazy and kind == b"n" and content in {b"0", b"0.0"}:
            return UNCOMPUTED
    number = _number(cell)
    if number is None:
        return None
    match _as_shown(cell, styles):
        case Shown.PERCENT:
            return percent_value(number)
        case Shown.CHINESE_DATE:
            return serial_day(number, epoch)
        case _:
            return None


def serial_day(number: float, epoch: dt.date) -> Value | None:
    """The day that a serial number stands for; None where it can't be one."""
    if not 1 <= number < _LAST_SERIAL:
        return None
    return Value(Kind.DATE, (epoch + dt.timedelta(days=int(number))).isoformat())


def _kind(cell: _XmlCell) -> bytes:
    found = _TYPE.search(cell.attributes)
    return found[1] if found else b"n"


def _style(cell: _XmlCell) -> bytes:
    found = _STYLE.search(cell.attributes)
    return found[1] if found else b"0"


def _as_shown(cell: _XmlCell, styles: Styles) -> Shown:
    return styles.shown.get(_style(cell), Shown.AS_STORED)


def _number(cell: _XmlCell) -> float | None:
    found = _CONTENT.search(cell.inner)
    if not found or _kind(cell) != b"n":
        return None
    try:
        return float(found[1])
    except ValueError:
        return None
