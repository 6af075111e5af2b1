"""Reads what an xlsx package says beside its cells: sheets, styles, hidden rows; what calamine wouldn't tell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree

from transforms.spreadsheets.number_formats import Shown, shown, shown_built_in
from transforms.spreadsheets.package_parts import packed, unpacked
from transforms.spreadsheets.sheets import EPOCH, EPOCH_1904, Hidden, Unseen, ranges_of
from transforms.spreadsheets.unreadable import damaged
from transforms.spreadsheets.xlsx_cells import Styles, holds, special_cells, within_bounds


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that is safe for an engine: its bytes, what the engine won't tell of each sheet, its epoch."""

    data: bytes
    sheets: Mapping[str, Unseen] = field(default_factory=dict)
    epoch: dt.date = EPOCH


def inspect_xlsx(data: bytes, name: str) -> Package:
    """Refuse what is dangerous; find errors, percentages, uncomputed formulas, what is hidden, what lies far away.

    Raises UnreadableFile.
    """
    parts = unpacked(data, name)
    try:
        titles = _titles(parts)
        styles = _styles(parts)
        _check_whole(parts, name)
    except (ElementTree.ParseError, LookupError, ValueError, RecursionError) as error:
        raise damaged(name, "工作簿目录读不出来") from error
    if not titles:
        # The engine would find no sheet, and a file whose directory is damaged would pass for an empty one.
        raise damaged(name, "找不到工作簿目录")
    workbook = next((xml for part, xml in parts.items() if part.endswith("workbook.xml")), b"")
    lazy = b"fullCalcOnLoad" in workbook
    epoch = EPOCH_1904 if _COUNTS_FROM_1904.search(workbook) else EPOCH
    sheets: dict[str, Unseen] = {}
    changed: dict[str, bytes] = {}
    for part, xml in parts.items():
        if b"sheetData" not in xml[:200_000] and part not in titles:
            continue
        title, hidden = titles.get(part, (part, False))
        near, stray = within_bounds(xml, name, title)
        if stray:
            changed[part] = near
        special, scaled = special_cells(near, styles, lazy, epoch)
        sheets[title] = Unseen(special, scaled, _hidden(near, hidden), stray=stray)
    return Package(packed(data, changed) if changed else data, sheets, epoch)


def _check_whole(parts: Mapping[str, bytes], name: str) -> None:
    """Without its styles a percentage would be read as a fraction, so that a part that is missing must be told."""
    workbook = next((part for part in parts if part.endswith("workbook.xml")), "")
    for target in targets_of(parts, workbook).values():
        if target.endswith((".xml", ".bin")) and _NEEDED.search(target) and target not in parts:
            raise damaged(name, f"缺少“{target}”")


_NEEDED = re.compile(r"(?:^|/)(?:styles|sharedstrings|worksheets/)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class _Title(NamedTuple):
    title: str
    hidden: bool


def _titles(parts: Mapping[str, bytes]) -> dict[str, _Title]:
    workbook = next((part for part in parts if part.endswith("workbook.xml")), None)
    if workbook is None:
        return {}
    targets = targets_of(parts, workbook)
    return {
        targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION), ""): _Title(
            element.get("name", ""), element.get("state", "visible") != "visible"
        )
        for element in ElementTree.fromstring(parts[workbook]).iter()
        if element.tag.endswith("}sheet")
    }


def targets_of(parts: Mapping[str, bytes], part: str) -> dict[str | None, str]:
    """The parts that a part's relations lead to, by the relations' ids; nothing outside the package is followed."""
    folder, _, file = part.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{file}.rels".lstrip("/"), b"<none/>")
    targets: dict[str | None, str] = {}
    for relation in ElementTree.fromstring(relations):
        target = relation.get("Target", "").replace("\\", "/").lower()
        targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    return targets


_COUNTS_FROM_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)""")


def _styles(parts: Mapping[str, bytes]) -> Styles:
    content = next((xml for part, xml in parts.items() if part.endswith("styles.xml")), None)
    found = Styles({}, {})
    if content is None:
        return found
    root = ElementTree.fromstring(content)
    own = {
        int(element.get("numFmtId", "0")): element.get("formatCode", "")
        for element in root.iter()
        if element.tag.endswith("}numFmt")
    }
    for formats in root:
        if not formats.tag.endswith("}cellXfs"):
            continue
        for index, element in enumerate(formats):
            number = int(element.get("numFmtId", "0"))
            as_shown = shown(own[number]) if number in own else shown_built_in(number)
            if as_shown is not Shown.AS_STORED:
                found.shown[b"%d" % index] = as_shown
                found.codes[b"%d" % index] = own.get(number, "")
    return found


_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^<>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?>")
_NUMBER = {key: re.compile(rb"""\s%s\s*=\s*["'](\d{1,7})["']""" % key) for key in (b"min", b"max", b"r")}
_LAST_COLUMN = 16_384


def _hidden(xml: bytes, sheet: bool) -> Hidden:
    header = xml[: xml.find(b"sheetData")]
    columns = []
    for column in _COLUMN.findall(header):
        first, last = (_NUMBER[key].search(column) for key in (b"min", b"max"))
        if first and last and _HIDDEN.search(column):
            columns.append(range(int(first[1]) - 1, min(int(last[1]), _LAST_COLUMN)))
    rows = ranges_of(_hidden_rows(xml)) if holds(xml, b"hidden", b"h") else ()
    return Hidden(sheet, rows, tuple(columns))


def _hidden_rows(xml: bytes) -> Iterator[int]:
    row = -1
    for element in _ROW.findall(xml):
        place = _NUMBER[b"r"].search(element)
        row = int(place[1]) - 1 if place else row + 1
        if b"hidden" in element and _HIDDEN.search(element):
            yield row
