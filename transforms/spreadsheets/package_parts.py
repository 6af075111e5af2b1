"""Unpacks a zipped workbook's parts in bounded memory, or refuses it; knows nothing of what they say."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO

from isal import igzip_lib, isal_zlib

from transforms.spreadsheets.unreadable import UnreadableFile, damaged, encrypted

MOST_BYTES = 400 * 1024 * 1024
"""Of all parts, unpacked. 200,000 rows × 20 columns are 150 MB."""
MOST_TIMES = 200
"""Ratio of unpacked to packed, for parts over 8 MB. Real sheets are packed 5 to 40 times, a bomb 1,000 times."""
MOST_PARTS = 10_000
_LARGE = 8 * 1024 * 1024
_READ = (".xml", ".rels", ".bin")
"""Endings of the parts that say something about cells; pictures and settings are left packed."""


def unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """The parts by their names in lower case, with forward slashes; ``../`` in a name means nothing here.

    Raises UnreadableFile for bombs, damage, entities, two parts of one name, and parts that need a password.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged(name, "压缩结构读不出来") from error
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _bomb(name)
    parts: dict[str, bytes] = {}
    for entry in entries:
        if entry.flag_bits & 1:
            raise encrypted(name)
        if entry.file_size > max(_LARGE, MOST_TIMES * entry.compress_size):
            raise _bomb(name)
        part = entry.filename.replace("\\", "/").lstrip("/").lower()
        if not part.endswith(_READ) or part.endswith("vbaproject.bin"):
            continue
        if part in parts:
            raise damaged(name, f"压缩结构中“{part}”出现两次")
        parts[part] = _content(data, entry, name)
        if not part.endswith(".bin"):
            _check_xml(parts[part], name)
    return parts


def packed(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The package with the parts of these names (as :func:`unpacked` has them) changed."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            part = entry.filename.replace("\\", "/").lstrip("/").lower()
            if part.endswith(_READ):
                new.writestr(entry.filename, changed[part] if part in changed else old.read(entry))
    return made.getvalue()


def _content(data: bytes, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The part's bytes. Not by zipfile, which stops where the declared size ends; an engine may read on."""
    failure = damaged(name, "压缩内容读不出来")
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise failure
    start = entry.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    raw = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = raw
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        # As zlib, in two fifths of its time: the engine will do all this unpacking once more.
        inflater = isal_zlib.decompressobj(-15)
        try:
            content = inflater.decompress(raw, entry.file_size + 1)
        except igzip_lib.IsalError as error:  # type: ignore[misc]  # Its stub takes the class for an instance.
            raise failure from error
        if not inflater.eof:
            raise _bomb(name) if len(content) > entry.file_size else failure
    else:
        raise failure
    if len(content) != entry.file_size or isal_zlib.crc32(content) != entry.CRC:
        raise failure
    return content


def _check_xml(content: bytes, name: str) -> None:
    if b"\0" in content[:64] or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise UnreadableFile(name, "文件内部用了少见的编码（UTF-16）", "用 Excel 或 WPS 打开后另存为 .xlsx，再报送")
    # A sheet of 18 MB seldom has an exclamation mark, and one letter is found many times as fast as a word.
    if b"!" not in content:
        return
    if b"<!DOCTYPE" in content or b"<!doctype" in content[:4096]:
        raise UnreadableFile(
            name, "文件内部有实体定义（DOCTYPE），表格软件不会这样写，可能是恶意文件", "核实来源后由原单位重新导出"
        )


def _bomb(name: str) -> UnreadableFile:
    return UnreadableFile(name, "文件解压后过大，可能是压缩炸弹", "核实来源；只报送需要的工作表")
