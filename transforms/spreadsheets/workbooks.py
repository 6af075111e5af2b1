"""Turns a file's bytes into sheets, whatever its suffix says; refuses in Chinese what is no readable spreadsheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO

from transforms.spreadsheets import biff_workbooks, delimited_texts, ods_workbooks, web_pages, zipped_workbooks
from transforms.spreadsheets.encrypted_workbooks import decrypted
from transforms.spreadsheets.sheets import Sheet
from transforms.spreadsheets.unreadable import EncryptedFile, UnreadableFile, damaged

LARGEST_FILE = 100 * 1024 * 1024
"""A ledger of 50,000 rows is 3 MB; what is larger than this isn't a table that somebody filled in."""


def open_workbook(data: bytes, name: str, passwords: Sequence[str] = ()) -> tuple[Sheet, ...]:
    """The sheets of an xlsx, xlsm, xlsb, xls, ods, csv or tsv file or of a web page's tables, known by its content.

    Hidden sheets are among them. Raises UnreadableFile for everything else and for what is empty, damaged or too
    large, and EncryptedFile where none of the passwords opens it.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile(name, "文件是空的（没有任何内容）", "重新导出或另存后再报送")
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(name, f"文件有{len(data) // 1024 // 1024}MB，超过100MB", "删去与报表无关的内容后再报送")
    if data.startswith(_ZIP):
        return _zipped(data, name)
    if data.startswith(_OLE):
        return _compound(data, name, passwords)
    if data[:2] in _BARE_BIFF and data[2:4] in {b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00"}:
        return biff_workbooks.read(data, name)
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise _not_a_spreadsheet(name, what)
    return _text(data, name)


_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = {b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"}
_OTHERS = (
    (b"%PDF", "PDF 文档"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\0", "TIFF 图片"),
    (b"MM\0*", "TIFF 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"PK\x05\x06", "空的 zip 压缩包"),
    (b"{\\rtf", "RTF 文档"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"MZ", "程序文件"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div)\b", re.IGNORECASE)
_SAVE_AS = "用 Excel 或 WPS 打开后另存为 .xlsx，再报送"


def _zipped(data: bytes, name: str) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {info.filename.replace("\\", "/").lower() for info in archive.infolist()}
    except Exception as error:
        raise damaged(name, "压缩结构读不出来") from error
    if "xl/workbook.xml" in parts:
        return zipped_workbooks.read_xlsx(data, name)
    if "xl/workbook.bin" in parts:
        return zipped_workbooks.read_xlsb(data, name)
    if "content.xml" in parts and "mimetype" in parts:
        return ods_workbooks.read_ods(data, name)
    if "[content_types].xml" in parts and any(
        part.startswith("xl/") or part.endswith("workbook.xml") for part in parts
    ):
        return zipped_workbooks.read_xlsx(data, name)
    for marker, what in (("word/", "Word 文档"), ("ppt/", "PPT 演示文稿"), ("ofd.xml", "OFD 版式文件")):
        if any(part.startswith(marker) for part in parts):
            raise _not_a_spreadsheet(name, what)
    listed = "、".join(sorted(parts)[:3])
    raise UnreadableFile(name, f"这是 zip 压缩包（内有{listed}），不是电子表格", "解压后把其中的表格逐个报送")


def _compound(data: bytes, name: str, passwords: Sequence[str]) -> tuple[Sheet, ...]:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        package = decrypted(data, name, passwords)
        if not package.startswith(_ZIP):
            raise damaged(name, "解密后的内容读不出来")
        return _zipped(package, name)
    if holds("Workbook") or holds("Book"):
        try:
            return biff_workbooks.read(data, name)
        except EncryptedFile:
            return biff_workbooks.read(decrypted(data, name, passwords), name)
    if holds("WordDocument"):
        raise _not_a_spreadsheet(name, "Word 文档")
    if holds("PowerPoint Document"):
        raise _not_a_spreadsheet(name, "PPT 演示文稿")
    raise UnreadableFile(name, "文件不完整或已损坏（是 Office 旧格式，但其中找不到工作簿）", "由原单位重新保存后再报送")


def _text(data: bytes, name: str) -> tuple[Sheet, ...]:
    start = data[:4096]
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise _not_a_spreadsheet(name, "“XML 电子表格 2003”格式的文件", cure=_SAVE_AS)
    if _HTML.search(start.replace(b"\0", b"")):
        return web_pages.read(data, name)
    if start[:13].lower() == b"mime-version:":
        raise _not_a_spreadsheet(name, "单个文件网页（MHTML）", cure=_SAVE_AS)
    return delimited_texts.read(data, name)


def _not_a_spreadsheet(name: str, what: str, cure: str = "报送 .xlsx、.xls 或 .csv 格式的表格") -> UnreadableFile:
    return UnreadableFile(name, f"这是{what}，不是电子表格", cure)
