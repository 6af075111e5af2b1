"""Takes the spreadsheets out of a mail, also those in a ZIP archive; knows no mailbox and no source."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any

from flows.sources.file_names import is_delivered, of_part, own_name
from transforms.errors import InputError
from transforms.spreadsheets.workbooks import LARGEST_FILE
from transforms.told_names import chinese

_NO_SPREADSHEETS = (
    ".pdf", ".ofd", ".doc", ".docx", ".wps", ".rtf", ".txt", ".htm", ".html", ".ppt", ".pptx", ".dps",
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".mp4", ".ics", ".vcf", ".p7s", ".asc",
)  # fmt: skip
"""What comes with every return: the stamped scan, the letter, the logo. Anything else is read by its content."""

_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail brought; within an archive its name is archive.zip/file.xlsx."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A file that isn't read: why, or the fault that must be told."""

    name: str
    why: str
    error: InputError | None = None


def taken_apart(data: bytes, place: str) -> Message:
    """The mail of these bytes; InputError where its parts are nested deeper than they can be taken apart."""
    try:
        return message_from_bytes(data)
    except RecursionError:
        raise InputError(
            f"{place}: its parts are nested too deeply to be taken apart; ask the sender for the spreadsheet itself"
        ) from None


def attachments(mail: Message) -> Iterator[Attachment | Unwanted]:
    """Every attachment, also of a mail that was forwarded within; pictures that stand in the text are none."""
    for part in _parts(mail):
        if part.get_content_maintype() == "image":
            continue
        told = of_part(part)
        if not told and part.get_content_disposition() != "attachment":
            continue
        name = own_name(told, "附件")
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if _is_wanted(name):
            yield from _unpacked(name, data)
        else:
            yield Unwanted(name, "no spreadsheet by its name")


def _parts(mail: Message) -> Iterator[Message]:
    """The parts that hold no others, in their order. Message.walk gives up where a mail is nested very deeply."""
    waiting: list[Any] = [mail]
    while waiting:
        part = waiting.pop()
        if part.is_multipart():
            waiting += reversed(part.get_payload())
        else:
            yield part


def _is_wanted(name: str) -> bool:
    return is_delivered(name) and not name.lower().endswith(_NO_SPREADSHEETS)


def _unpacked(name: str, data: bytes) -> Iterator[Attachment | Unwanted]:
    """The file, or the files of an archive; an archive within an archive stays as it is."""
    if not name.lower().endswith(".zip"):
        yield Attachment(name, data)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _files(name, archive)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        fault = InputError(f"{name}: a damaged archive ({error}); ask the sender for the spreadsheet itself")
        yield Unwanted(name, "", fault)


def _files(name: str, archive: zipfile.ZipFile) -> Iterator[Attachment | Unwanted]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_FILE:
        fault = InputError(
            f"{name}: more than {_MOST_FILES} files or {LARGEST_FILE // 1024 // 1024} MB in an archive; ask the sender "
            "for the spreadsheets alone"
        )
        yield Unwanted(name, "", fault)
        return
    for entry in entries:
        # Without the flag for UTF-8 the name is in the packer's code page, which in China is GBK.
        told = entry.filename if entry.flag_bits & 0x800 else chinese(entry.filename.encode("cp437"))
        inner = f"{name}/{own_name(told, '文件')}"
        if not _is_wanted(inner.rpartition("/")[2]) or "__MACOSX/" in told:
            continue
        if entry.flag_bits & 0x1:
            fault = InputError(f"{inner}: the archive is encrypted; ask the sender for the spreadsheet itself")
            yield Unwanted(inner, "", fault)
            continue
        yield Attachment(inner, archive.read(entry))  # never more than the size that was added up above
