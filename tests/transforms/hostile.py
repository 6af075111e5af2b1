"""Files that someone made to break a reader; run as a script, reads each under limits of memory and time.

``python -m tests.transforms.hostile`` prints one line for each: its name, and what was said of it.
"""

from __future__ import annotations

import io
import random
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.transforms import specimens
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.tables.reading import read

MEMORY = 2 * 1024**3
SECONDS = 100

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET = "xl/worksheets/sheet1.xml"
_GOOD = specimens.xlsx(specimens.INDICATORS, specimens.INDICATOR_MERGES)
_ODS = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="表">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def with_part(part: str, content: bytes | str, data: bytes = _GOOD) -> bytes:
    """The package with one part changed or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, content)
    return made.getvalue()


def sheet(cells: str, before: str = "", after: str = "") -> bytes:
    """A workbook whose sheet has these rows."""
    return with_part(_SHEET, f"<worksheet {_NS}>{before}<sheetData>{cells}</sheetData>{after}</worksheet>")


def ods(rows: str) -> bytes:
    """An OpenDocument spreadsheet whose table has these rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(rows))
    return made.getvalue()


def _package(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_GOOD)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _lying_size() -> bytes:
    """The directory says 100 bytes, with their checksum; the stream goes on for 300 MB."""
    content = b" " * (300 * 1024 * 1024)
    data = bytearray(with_part(_SHEET, content))
    crc = zlib.crc32(content[:100])
    for magic, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        start = 0
        while (start := data.find(magic, start)) >= 0:
            name_at = start + (30 if at == 14 else 46)
            if data[name_at : name_at + len(_SHEET)] == _SHEET.encode():
                struct.pack_into("<I", data, start + at, crc)
                struct.pack_into("<I", data, start + at + 8, 100)
            start += 4
    return bytes(data)


def _twice() -> bytes:
    made = io.BytesIO(_GOOD)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(_SHEET.upper(), f"<worksheet {_NS}><sheetData/></worksheet>")
    return made.getvalue()


def _looping_xls() -> bytes:
    """Every sector of the file is said to follow itself."""
    data = bytearray(specimens.xls(specimens.INDICATORS))
    (fat,) = struct.unpack_from("<I", data, 76)
    start = 512 * (fat + 1)
    for number in range(128):
        struct.pack_into("<I", data, start + 4 * number, number)
    return bytes(data)


def _looping_directory() -> bytes:
    data = bytearray(specimens.xls(specimens.INDICATORS))
    (fat,) = struct.unpack_from("<I", data, 76)
    (directory,) = struct.unpack_from("<I", data, 48)
    struct.pack_into("<I", data, 512 * (fat + 1) + 4 * directory, directory)
    return bytes(data)


def _cycle() -> bytes:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="workbook.xml"/></Relationships>'
    )
    return with_part("xl/_rels/workbook.xml.rels", relations)


_LAUGHS = '<!DOCTYPE a [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
_STYLED = "".join(f'<row r="{row}" s="1"><c r="A{row}" s="1"/></row>' for row in range(1, 300_001))

FILES: Mapping[str, Callable[[], tuple[str, bytes]]] = {
    "a bomb": lambda: ("弹.xlsx", with_part(_SHEET, b"0" * 300_000_000)),
    "a bomb in a bomb": lambda: ("弹.xlsx", with_part("xl/media/a.xlsx", with_part(_SHEET, b"0" * 50_000_000))),
    "twenty thousand parts": lambda: ("多.xlsx", _package({f"xl/{n}.xml": b"<a/>" for n in range(20_000)})),
    "many bombs below the ratio": lambda: ("弹.xlsx", _package({f"xl/{n}.xml": b"0" * 7_000_000 for n in range(70)})),
    "bombs in a workbook": lambda: (
        "弹.xlsx",
        _package({"xl/workbook.xml": b"<a/>"} | {f"xl/{n}.xml": b"0" * 7_000_000 for n in range(70)}),
    ),
    "no styles": lambda: ("无.xlsx", _package({n: c for n, c in _parts().items() if n != "xl/styles.xml"})),
    "a size that lies": lambda: ("谎.xlsx", _lying_size()),
    "one part twice": lambda: ("重.xlsx", _twice()),
    "entities": lambda: ("实体.xlsx", with_part("xl/workbook.xml", _LAUGHS + "<a/>")),
    "entities in ods": lambda: ("实体.ods", _package({"mimetype": b"x", "content.xml": (_LAUGHS + "<a/>").encode()})),
    "a million empty columns": lambda: ("宽.csv", ("," * 1_000_000 + "\n").encode() * 3),
    "a million columns": lambda: ("宽.csv", ("1," * 1_000_000 + "\n").encode()),
    "a line of 50 MB": lambda: ("长.csv", b"1" * 50_000_000),
    "50 MB in quotes": lambda: ("长.csv", b'a,"' + b"1" * 50_000_000 + b'"\n'),
    "zero bytes in csv": lambda: ("零.csv", "名称,数\n甲,1\x00\x00\n".encode()),
    "an open quote": lambda: ("引.csv", ('名称,数\n甲,"1\n' + "乙,2\n" * 100_000).encode()),
    "one column to the end": lambda: ("列.xlsx", sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
    "a far cell": lambda: ("远.xlsx", sheet(_ROW + '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>')),
    "far cells written casually": lambda: ("远.xlsx", sheet(_ROW + "<row r = '9'><c r='ZZZ9999'><v>9</v></c></row>")),
    "many far cells": lambda: (
        "远.xlsx",
        sheet("".join(f'<row r="{n}"><c r="XF{chr(65 + n % 26)}{n}"><v>1</v></c></row>' for n in range(1, 900_000, 9))),
    ),
    "styled empty rows": lambda: ("空行.xlsx", sheet(_STYLED)),
    "cells without an end": lambda: ("断.xlsx", sheet('<row r="1">' + '<c r="AA1"><v>' * 200_000)),
    "elements without an end": lambda: ("断.xlsx", sheet("<c " * 300_000)),
    "elements very deep": lambda: ("深.xlsx", with_part("xl/workbook.xml", "<a>" * 200_000)),
    "styles very deep": lambda: ("深.xlsx", with_part("xl/styles.xml", "<a>" * 100_000 + "</a>" * 100_000)),
    "a string that isn't there": lambda: ("串.xlsx", sheet('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')),
    "a negative string": lambda: ("串.xlsx", sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>')),
    "relations in a circle": lambda: ("环.xlsx", _cycle()),
    "no relations": lambda: ("无.xlsx", with_part("xl/_rels/workbook.xml.rels", "<Relationships/>")),
    "a part outside": lambda: ("外.xlsx", with_part("../../../../etc/cron.d/x", b"boo")),
    "merges over everything": lambda: (
        "并.xlsx",
        sheet(_ROW, after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 1000 + "</mergeCells>"),
    ),
    "very many merges": lambda: (
        "并.xlsx",
        sheet(
            _ROW,
            after="<mergeCells>"
            + "".join(f'<mergeCell ref="A{n}:CV{n + 90}"/>' for n in range(1, 50_000))
            + "</mergeCells>",
        ),
    ),
    "links to other files": lambda: (
        "链.xlsx",
        sheet('<row r="1"><c r="A1"><f>\'file:///etc/[passwd]a\'!A1</f><v>5</v></c></row>'),
    ),
    "ods columns repeated": lambda: (
        "重.ods",
        ods(
            '<table:table-row><table:table-cell table:number-columns-repeated="1000000000"/>'
            '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
            "</table:table-row>"
        ),
    ),
    "ods cells repeated": lambda: (
        "重.ods",
        ods(
            '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" '
            'office:value="1" table:number-columns-repeated="1000000"><text:p>1</text:p></table:table-cell>'
            "</table:table-row>"
        ),
    ),
    "ods spans": lambda: (
        "跨.ods",
        ods(
            '<table:table-row><table:table-cell office:value-type="float" office:value="1" '
            'table:number-rows-spanned="999999999" table:number-columns-spanned="999999999"/></table:table-row>'
        ),
    ),
    "ods very deep": lambda: ("深.ods", ods("<table:table-row>" * 100_000)),
    "ods spaces": lambda: (
        "空.ods",
        ods('<table:table-row><table:table-cell><text:p><text:s text:c="999999999999"/></text:p></table:table-cell>'
            "</table:table-row>"),
    ),
    "sectors that follow themselves": lambda: ("环.xls", _looping_xls()),
    "a directory that follows itself": lambda: ("环.xls", _looping_directory()),
    "a page of open tags": lambda: ("页.xls", b"<html><table>" + b"<tr><td" * 60_000),
    "a page of open comments": lambda: ("页.xls", b"<html><table>" + b"<!--" * 100_000),
    "a page with vast spans": lambda: ("页.xls", b"<table>" + b'<tr><td rowspan="999999999" colspan="999999999">1' * 9),
    "tables in tables": lambda: ("页.xls", b"<html>" + b"<table><tr><td>" * 50_000),
    "random bytes": lambda: ("乱.xlsx", random.Random(3).randbytes(100_000)),
    "random bytes in a zip's clothes": lambda: ("乱.xlsx", b"PK\x03\x04" + random.Random(4).randbytes(100_000)),
    "random bytes in ole's clothes": lambda: (
        "乱.xls",
        bytes.fromhex("d0cf11e0a1b11ae1") + "Workbook".encode("utf-16-le") + random.Random(5).randbytes(100_000),
    ),
    "random bytes in xlsb's clothes": lambda: (
        "乱.xlsb",
        _package({"xl/workbook.bin": random.Random(6).randbytes(9_999), "xl/styles.bin": b"\xff" * 999}),
    ),
    "names like paths": lambda: ("../../../etc/甲.xlsx", specimens.xlsx(specimens.INDICATORS, sheet="..／..／甲")),
}  # fmt: skip


def said_of(data: bytes, name: str) -> str:
    """What the reader makes of the file, in one line."""
    try:
        contents = read(data, name, "v")
    except UnreadableFile as error:
        return f"refused: {error}"
    return f"read: {len(contents.tables)} tables, {len(contents.readings)} readings"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for title, make in FILES.items():
        print(f"{title}\t", end="", flush=True)
        file, made = make()
        print(said_of(made, file).replace("\n", " "), flush=True)
