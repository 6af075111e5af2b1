"""Turns the bytes of a CSV or TSV file into one sheet of texts; guesses neither encoding nor delimiter by language."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from transforms.spreadsheets.sheets import Sheet
from transforms.spreadsheets.unreadable import UnreadableFile

MOST_CELLS = 4_000_000
"""The same bound as for workbooks: beyond it a file is a mistake or an attack."""
MOST_COLUMNS = 16_384
"""As many as Excel has."""


def read(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The one sheet of the file, named after it. Raises UnreadableFile for what isn't text or has broken quotes."""
    text = decoded(data, name)
    delimiter, start = _stated_delimiter(text) or (_delimiter(text), 0)
    reader = csv.reader(io.StringIO(text[start:] if start else text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            rows.append(row)
            cells += len(row)
            if cells > MOST_CELLS or len(row) > MOST_COLUMNS:
                raise UnreadableFile(name, "单元格超过400万个，或一行超过16384列", "只报送需要的部分")
    except csv.Error as error:
        raise UnreadableFile(
            name,
            f"第{reader.line_num}行附近的引号不成对或一格超过13万字，其后的内容无法分列（{error}）",
            "用 Excel 或 WPS 打开核对后另存为 .xlsx，再报送",
        ) from error
    return (Sheet(re.sub(r"\.[A-Za-z]{2,4}$", "", re.split(r"[/\\]", name)[-1]), rows),)


_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DELIMITERS = ",\t;|"
_SAMPLE = 1_000_000
"""Characters that the delimiter is guessed from."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")


_COMMON = re.compile(r"[\t\n\r -~\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef·×÷±°]")


def decoded(data: bytes, name: str) -> str:
    """The text of the bytes. Raises UnreadableFile for what isn't text in UTF-8, GB18030 or UTF-16."""
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    # In this order: valid UTF-8 is hardly ever anything else, while GB18030 accepts nearly all.
    for encoding in (marked,) if marked else ("utf-8", _unmarked_utf16(data), "gb18030"):
        try:
            text = data.decode(encoding) if encoding else "\0"
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise UnreadableFile(
        name,
        "这不是电子表格，也不是 UTF-8、GB18030 或 UTF-16 编码的文本（可能文件已损坏）",
        "用 Excel 或 WPS 打开核对后另存为 .xlsx，再报送",
    )


def _unmarked_utf16(data: bytes) -> str:
    """The byte order of UTF-16 that doesn't state it; empty for other bytes. Commas and digits have a zero byte."""
    start = data[:4096]
    if b"\0" not in start or len(data) % 2:
        return ""
    encoding = "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    text = start.decode(encoding, "replace")
    return encoding if len(_COMMON.findall(text)) >= 0.95 * len(text) else ""


_STATED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def _stated_delimiter(text: str) -> tuple[str, int] | None:
    """What a first line “sep=;” says, and where the next line begins: Excel doesn't show it, nor count it."""
    found = _STATED.match(text)
    return (found[1], found.end()) if found and found[1] not in '"' else None


def _delimiter(text: str) -> str:
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:_SAMPLE].splitlines()[:200] if line.strip()]

    def regularity(delimiter: str) -> int:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        return max((count * times for count, times in counts.items()), default=0)

    return max(_DELIMITERS, key=regularity)
