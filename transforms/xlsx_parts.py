"""Looks at a zipped workbook's parts before an engine does: what is dangerous, and what the engine wouldn't tell."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree

from transforms.sheets import (
    EPOCH,
    EPOCH_1904,
    UNCOMPUTED,
    Kind,
    Value,
    column_index,
    error_value,
    percent_value,
    reference,
)
from transforms.unreadable import UnreadableFile

MOST_BYTES = 400 * 1024 * 1024
"""Of all parts, unpacked. 200,000 rows × 20 columns are 150 MB."""
MOST_TIMES = 200
"""Ratio of unpacked to packed, for parts over 8 MB. Real sheets are packed 5 to 40 times, a bomb 1,000 times."""
MOST_CELLS = 4_000_000
"""Rows × columns up to the last filled cell: calamine fills the whole rectangle in memory, and aborts the process
where that fails."""
MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What calamine doesn't tell: per sheet title, the cells that override its values."""

    special: Mapping[str, Mapping[tuple[int, int], Value]] = field(default_factory=dict)
    epoch: dt.date = EPOCH


def inspect_parts(data: bytes, name: str) -> Parts:
    """Refuse bombs, damaged parts and entities in any zipped workbook. Raises UnreadableFile."""
    for _ in _xml_parts(data, name):
        pass
    return Parts()


def inspect_xlsx(data: bytes, name: str) -> Parts:
    """As inspect_parts, and also refuse sheets of senseless extent and find errors, percentages and formulas."""
    parts = dict(_xml_parts(data, name))
    try:
        titles = _titles(parts)
        styles = _styles(parts)
        workbook = next((xml for part, xml in parts.items() if part.endswith("workbook.xml")), b"")
        lazy = b"fullCalcOnLoad" in workbook
        epoch = EPOCH_1904 if _COUNTS_FROM_1904.search(workbook) else EPOCH
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise _damaged(name, "工作簿目录") from error
    special: dict[str, Mapping[tuple[int, int], Value]] = {}
    for part, xml in parts.items():
        if b"sheetData" not in xml[:200_000] and part not in titles:
            continue
        title = titles.get(part, part)
        _check_extent(xml, name, title)
        special[title] = dict(_special_cells(xml, styles, lazy, epoch))
    return Parts(special, epoch)


def _xml_parts(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise _bomb(name)
            for entry in entries:
                if entry.flag_bits & 1:
                    raise UnreadableFile(name, "文件加了打开密码", "取消密码后另存，再报送")
                large = entry.file_size > 8 * 1024 * 1024
                if large and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
                    raise _bomb(name)
                part = entry.filename.replace("\\", "/").lstrip("/").lower()
                if not part.endswith((".xml", ".rels", ".bin", ".vml")):
                    continue
                content = archive.read(entry)
                if part.endswith((".bin", ".vml")):
                    continue
                _check_xml(content, name)
                yield part, content
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(name, "压缩内容") from error


def _check_xml(content: bytes, name: str) -> None:
    if b"\0" in content[:64] or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise UnreadableFile(name, "文件内部用了少见的编码（UTF-16）", "用 Excel 或 WPS 打开后另存为 .xlsx，再报送")
    if b"<!DOCTYPE" in content or b"<!doctype" in content[:4096]:
        raise UnreadableFile(
            name, "文件内部有实体定义（DOCTYPE），表格软件不会这样写，可能是恶意文件", "核实来源后由原单位重新导出"
        )


def _bomb(name: str) -> UnreadableFile:
    return UnreadableFile(name, "文件解压后过大，可能是压缩炸弹", "核实来源；只报送需要的工作表")


def _damaged(name: str, what: str) -> UnreadableFile:
    return UnreadableFile(name, f"文件不完整或已损坏（{what}读不出来）", "重新下载或由原单位重新发送")


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _titles(parts: Mapping[str, bytes]) -> dict[str, str]:
    workbook = next((part for part in parts if part.endswith("workbook.xml")), None)
    if workbook is None:
        return {}
    folder = workbook.rpartition("/")[0]
    relations = parts.get(f"{folder}/_rels/workbook.xml.rels".lstrip("/"), b"<none/>")
    targets = {}
    for relation in ElementTree.fromstring(relations):
        target = relation.get("Target", "").replace("\\", "/").lower()
        targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    return {
        targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION), ""): element.get("name", "")
        for element in ElementTree.fromstring(parts[workbook]).iter()
        if element.tag.endswith("}sheet")
    }


class _Styles(NamedTuple):
    percent: frozenset[bytes]
    chinese_date: frozenset[bytes]


_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_COUNTS_FROM_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)""")
_LAST_SERIAL = 2_900_000
"""In the year 9800; beyond 9999 there are no dates."""
_CHINESE_DATES = {*range(27, 37), *range(50, 59)}
"""Built-in formats that are dates in Chinese Excel (57 is 2024年6月); calamine takes them for plain numbers."""


def _styles(parts: Mapping[str, bytes]) -> _Styles:
    content = next((xml for part, xml in parts.items() if part.endswith("styles.xml")), None)
    percent: set[bytes] = set()
    dates: set[bytes] = set()
    if content is None:
        return _Styles(frozenset(), frozenset())
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
            if number in own:
                if "%" in _QUOTED.sub("", own[number]):
                    percent.add(b"%d" % index)
            elif number in {9, 10}:
                percent.add(b"%d" % index)
            elif number in _CHINESE_DATES:
                dates.add(b"%d" % index)
    return _Styles(frozenset(percent), frozenset(dates))


_FAR = re.compile(rb'r="[A-Z](?:[A-Z]|[0-9]{6})')
"""A reference beyond column Z or row 99,999: a sheet without one is small enough. Written so that it scans fast."""
_CASUAL = re.compile(rb"""\sr(?:\s+=|=\s+|='|\s*=\s*'|="[a-z]+\d)|<(?:\w+:)?c(?:\s+[^r\s>][^>]*)?/?>""")
"""References that no spreadsheet program writes this way, or cells without one; looked for in small sheets."""
_SMALL = 4 * 1024 * 1024


def _check_extent(xml: bytes, name: str, title: str) -> None:
    if not _FAR.search(xml) and not (len(xml) <= _SMALL and _CASUAL.search(xml)):
        return
    bottom = right = -1
    last = ""
    for cell in _cells(xml):
        if not _FILLED.search(cell.inner):
            continue
        if cell.row > bottom or cell.column > right:
            last = reference(cell.row, cell.column)
        bottom, right = max(bottom, cell.row), max(right, cell.column)
    if (bottom + 1) * (right + 1) > MOST_CELLS:
        raise UnreadableFile(
            name,
            f"《{title}》在很远的位置 {last} 还有内容，整张表撑到{bottom + 1}行、{right + 1}列",
            f"到 {last} 删去误填的内容（选中整行整列删除）后另存，再报送",
        )


class _XmlCell(NamedTuple):
    row: int
    column: int
    attributes: bytes
    inner: bytes


_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(?P<tag>row|c)(?P<attributes>\s[^>]*?)?(?P<closed>/)?>", re.DOTALL)
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c\s*>")
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]*)(\d+)["']""")


def _cells(xml: bytes) -> Iterator[_XmlCell]:
    """Every cell element with its place; one without r= stands after the one before it."""
    row = column = -1
    position = 0
    while found := _ROW_OR_CELL.search(xml, position):
        position = found.end()
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
        if not found["closed"]:
            end = _END_OF_CELL.search(xml, position)
            if end:
                inner = xml[position : end.start()]
                position = end.end()
        yield _XmlCell(max(row, 0), column, attributes, inner)


_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CONTENT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")


def _special_cells(xml: bytes, styles: _Styles, lazy: bool, epoch: dt.date) -> Iterator[tuple[tuple[int, int], Value]]:
    """Errors, percentages, Chinese dates and uncomputed formulas, with their zero-based places."""
    wanted = styles.percent | styles.chinese_date
    # Plain searches first: a ledger of 50,000 rows has none of these, and walking its cells takes a second.
    plain = b't="e"' in xml or b"<f" in xml
    styled = wanted and re.search(rb's="(?:%s)"' % b"|".join(wanted), xml)
    casual = b"='" in xml[:100_000] or b":c " in xml[:100_000]
    if not (plain or styled or casual):
        return
    for cell in _cells(xml):
        value = _special(cell, styles, lazy, epoch)
        if value is not None:
            yield (cell.row, cell.column), value


def _special(cell: _XmlCell, styles: _Styles, lazy: bool, epoch: dt.date) -> Value | None:
    found = _CONTENT.search(cell.inner)
    content = found[1].strip() if found else b""
    kind = (_TYPE.search(cell.attributes) or (b"", b"n"))[1]
    if kind == b"e":
        return error_value(content.decode("utf-8", "replace") or "#N/A")
    if _FORMULA.search(cell.inner):
        # A text formula may rightly give an empty text; a number can't be empty. Programs that write formulas
        # without computing them ask for it on load, and some leave a zero behind.
        if not content and not (kind == b"str" and found):
            return UNCOMPUTED
        if lazy and kind == b"n" and content in {b"0", b"0.0"}:
            return UNCOMPUTED
    style = (_STYLE.search(cell.attributes) or (b"", b"0"))[1]
    if kind != b"n" or not content or style not in styles.percent | styles.chinese_date:
        return None
    try:
        number = float(content)
    except ValueError:
        return None
    return percent_value(number) if style in styles.percent else _serial(number, epoch)


def _serial(number: float, epoch: dt.date) -> Value | None:
    if not 1 <= number < _LAST_SERIAL:
        return None
    return Value(Kind.DATE, (epoch + dt.timedelta(days=int(number))).isoformat())
