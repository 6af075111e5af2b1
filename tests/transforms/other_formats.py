"""Good files in the formats that no library here writes, made byte by byte: ods, xlsb, web pages, encrypted ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

import msoffcrypto
import xlrd.compdoc
from msoffcrypto.method.rc4 import DocumentRC4
from xlwt.CompoundDoc import XlsDoc

from tests.transforms.specimens import Row

_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def ods_of(rows: str, styles: str = "", columns: str = "") -> bytes:
    """An OpenDocument spreadsheet with these row elements."""
    content = (
        f"{_ODS_HEAD}<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="表一">{columns}{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": "<m/>",
        }
    )


def ods(rows: Iterable[Row]) -> bytes:
    """The rows as an OpenDocument spreadsheet."""
    made = []
    for row in rows:
        cells = "".join(_ods_cell(value) for value in row)
        made.append(f"<table:table-row>{cells}</table:table-row>")
    return ods_of("".join(made))


def _ods_cell(value: object) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case dt.date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case int() | float():
            kind = f'office:value-type="float" office:value="{value}"'
        case _:
            kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{html.escape(str(value))}</text:p></table:table-cell>"


def page(rows: Iterable[Row], charset: str = "utf-8") -> bytes:
    """The rows as a web page, as systems export it under .xls."""
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if value is None else html.escape(str(value))}</td>" for value in row) + "</tr>"
        for row in rows
    )
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>'
    return f"{head}<body><table>{body}</table></body></html>".encode(charset)


class XlsbCell:
    """A cell as records have it: the record's kind, its payload after column and style, its style."""

    def __init__(self, kind: int, payload: bytes, style: int = 0) -> None:
        self.kind, self.payload, self.style = kind, payload, style


def xlsb(rows: Iterable[Row], extra: bytes = b"", hidden_rows: Iterable[int] = ()) -> bytes:
    """The rows as an xlsb file; style 1 is 0.0%, style 2 is ``#,##0,``; ``extra`` are records after the cells."""
    hidden = set(hidden_rows)
    cells = b""
    for number, row in enumerate(rows):
        flags = b"\x00\x10" if number in hidden else b"\x00\x00"
        cells += _record(0, struct.pack("<IIH", number, 0, 300) + flags + b"\x00" + struct.pack("<I", 0))
        for column, value in enumerate(row):
            if value is not None:
                cells += _xlsb_cell(column, value)
    sheet = _record(129) + _record(148, b"\0" * 16) + _record(145) + cells + _record(146) + extra + _record(130)
    styles = (
        _record(278) + _record(615, struct.pack("<I", 2))
        + _record(44, struct.pack("<H", 164) + _wide("0.0%")) + _record(44, struct.pack("<H", 165) + _wide("#,##0,"))
        + _record(616) + _record(617, struct.pack("<I", 3))
        + b"".join(_record(47, struct.pack("<HH", 0, code) + b"\0" * 12) for code in (0, 164, 165))
        + _record(618) + _record(279)
    )  # fmt: skip
    book = (
        _record(131) + _record(153, b"\0" * 12) + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("表一")) + _record(144)
        + _record(157, b"\0" * 26) + _record(132)
    )  # fmt: skip
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/>'
                f'<Relationship Id="rId2" Type="{relation}/styles" Target="styles.bin"/></Relationships>'
            ),
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _xlsb_cell(column: int, value: object) -> bytes:
    match value:
        case XlsbCell():
            return _record(value.kind, struct.pack("<II", column, value.style) + value.payload)
        case int() | float():
            return _record(5, struct.pack("<IId", column, 0, value))
        case _:
            return _record(6, struct.pack("<II", column, 0) + _wide(str(value)))


def _wide(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    size = b""
    while True:
        length, rest = length >> 7, length & 0x7F
        size += bytes([rest | (0x80 if length else 0)])
        if not length:
            return head + size + content


def encrypted(data: bytes, password: str) -> bytes:
    """The xlsx as Excel encrypts it (agile)."""
    made = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt(password, made)
    return made.getvalue()


def rc4_encrypted(data: bytes, password: str) -> bytes:
    """The xls (BIFF8) as Excel 97 encrypts it: [MS-XLS] 2.2.10, 40-bit RC4, a new key for each 1,024 bytes.

    Heads of records, BOF, FILEPASS and the places of sheets stay plain; their bytes use up the key stream all the same.
    """
    salt, verifier = bytes(range(16)), bytes(range(16, 32))

    def cipher(plain: bytes, block: int) -> bytes:
        return bytes(DocumentRC4.decrypt(password, salt, io.BytesIO(plain), blocksize=block).read())

    checked = cipher(verifier + hashlib.md5(verifier, usedforsecurity=False).digest(), 0x400)
    lock = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + salt + checked
    file = xlrd.compdoc.CompDoc(data, logfile=io.StringIO())
    stream = _records_of(file.get_named_stream("Workbook"), lock)
    secret = bytearray(cipher(stream, 0x400))
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        plain = {0x809: size, 0x2F: size, 0x85: 4}.get(kind, 0)
        secret[position : position + 4 + plain] = stream[position : position + 4 + plain]
        position += 4 + size
    made = io.BytesIO()
    XlsDoc().save(made, bytes(secret))
    return made.getvalue()


def _records_of(stream: bytes, lock: bytes) -> bytes:
    """The workbook's records with FILEPASS after the first, and the sheets' places moved on by it."""
    made = bytearray()
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        if not kind:
            break
        record = bytearray(stream[position : position + 4 + size])
        if kind == 0x85:
            struct.pack_into("<L", record, 4, struct.unpack_from("<L", record, 4)[0] + len(lock))
        made += record
        if position == 0:
            made += lock
        position += 4 + size
    # What pads the stream is read as records of nothing, four bytes each.
    pad = -len(made) % 4
    return bytes(made) + struct.pack("<HH", 0, pad) + bytes(pad)
