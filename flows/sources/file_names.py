"""Makes a file's own name of what a mail, a server or an archive calls it; opens nothing."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from urllib.parse import unquote_to_bytes

from transforms.told_names import chinese, without_marks

_NOT_DELIVERED = frozenset({"thumbs.db", "desktop.ini"})
_HALF_SENT = (".filepart", ".part", ".partial", ".crdownload")
_LONGEST = 120
"""Most file systems end at 255 bytes, which are 85 Chinese characters; an origin is only text."""


def is_delivered(name: str) -> bool:
    """Whether a file of this name was put there to be read; not what programs leave beside it or are still writing."""
    # Office keeps a lock file named ~$… beside a workbook that is open.
    return (
        not name.startswith((".", "~$"))
        and name.lower() not in _NOT_DELIVERED
        and not name.lower().endswith(_HALF_SENT)
    )


def own_name(told: str, otherwise: str) -> str:
    """The last part of a told name, without folders, control or direction marks; ``otherwise`` if nothing is left."""
    return _plain(re.split(r"[/\\]", told)[-1]).strip(". ") or otherwise


def words(told: str) -> str:
    """A text as one part of an origin: on one line, without a slash."""
    return _plain(told).replace("/", "／").strip() or "（空）"


def of_path(path: str) -> str:
    """A percent-encoded path as people write it."""
    return chinese(unquote_to_bytes(path))


def of_header(raw: str | Header | None) -> str:
    """A header's words: RFC 2047, or bare bytes as some mail programs send them."""
    if raw is None:
        return ""
    try:
        parts = decode_header(raw)
    except HeaderParseError:
        return str(raw)
    return "".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts)


def of_part(part: Message) -> str:
    """The file name of a mail's part or of an HTTP answer, empty if it has none.

    RFC 2231, RFC 2047 within the parameter, percent-encoded, or bare bytes.
    """
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        whole = part.get(header)
        if isinstance(whole, Header):  # bare bytes, of which the parser would make question marks
            found = re.search(rf"{parameter}\s*=\s*(\"[^\"]*\"|[^;]*)", of_header(whole), re.IGNORECASE)
            told = found[1].strip(' "') if found else None
        else:
            told = part.get_param(parameter, None, header)
        if isinstance(told, tuple):  # RFC 2231: the bytes stand one in a character
            return _decoded(told[2].encode("latin-1", errors="replace"), told[0])
        if told:
            name = of_header(told)
            return of_path(name) if re.search(r"%[0-9A-Fa-f]{2}", name) else name
    return ""


def _decoded(raw: bytes, charset: str | None) -> str:
    """GB2312 is what mail programs say when they mean GBK; a charset that there isn't, or that is wrong, is guessed."""
    try:
        named = (charset or "").lower()
        return raw.decode("gb18030" if named in {"gb2312", "gbk", "gb_2312-80"} else named or "ascii")
    except (LookupError, ValueError):
        return chinese(raw)


def _plain(text: str) -> str:
    stem, dot, suffix = re.sub(r" +", " ", without_marks(text)).rpartition(".")
    return f"{stem[:_LONGEST]}{dot}{suffix[:20]}" if dot else suffix[:_LONGEST]
