"""Turns the bytes of a CSV or TSV file into one sheet of texts; guesses neither encoding nor delimiter by language."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from transforms.sheets import Sheet
from transforms.unreadable import UnreadableFile

MOST_CELLS = 4_000_000
"""The same bound as for workbooks: beyond it a file is a mistake or an attack."""


def read(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The one sheet of the file, named after it. Raises UnreadableFile for what isn't text or has broken quotes."""
    text = _decoded(data, name)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            rows.append(row)
            cells += len(row)
            if cells > MOST_CELLS:
                raise UnreadableFile(name, "单元格超过400万个", "只报送需要的部分")
    except csv.Error as error:
        raise UnreadableFile(
            name,
            f"第{reader.line_num}行附近的引号不成对，其后的内容无法分列（{error}）",
            "用 Excel 或 WPS 打开核对后另存为 .xlsx，再报送",
        ) from error
    return (Sheet(re.sub(r"\.[A-Za-z]{2,4}$", "", re.split(r"[/\\]", name)[-1]), rows),)


_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DELIMITERS = ",\t;|"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")


def _decoded(data: bytes, name: str) -> str:
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    # In this order: valid UTF-8 is hardly ever anything else, while GB18030 accepts nearly all.
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        return text
    raise UnreadableFile(
        name,
        "这不是电子表格，也不是 UTF-8、GB18030 或 UTF-16 编码的文本（可能文件已损坏）",
        "用 Excel 或 WPS 打开核对后另存为 .xlsx，再报送",
    )


def _delimiter(text: str) -> str:
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:200] if line.strip()]

    def regularity(delimiter: str) -> int:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        return max((count * times for count, times in counts.items()), default=0)

    return max(_DELIMITERS, key=regularity)
