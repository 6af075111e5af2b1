"""Makes texts fit to be set: harmless characters, unbroken ranges, balanced titles; alters no word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from transforms.writing.bulletin import AreaRow, Figure, SourceRow

# Controls would break the file; bidirectional marks could show a number's digits in another order than they stand.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
)
_WHOLE = re.compile(r"[\d.%]+[—～–]+[\d.%]+[年月日季]?|\d+号")
_PLACES = 3
_TITLE_LINE = 19.5
"""Characters of 22 pt that 156 mm holds, with some air."""


def harmless(text: str) -> str:
    """The text without control characters and invisible marks of direction; line ends and tabs stay."""
    return _HARMFUL.sub("", text)


def unbroken(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into pieces, each with whether it must stay on one line (1—6月, 5.5%～6%, 5号)."""
    end = 0
    for found in _WHOLE.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def place(source: str) -> tuple[str, str]:
    """A cell's place (workbook《sheet》A1) as its sheet and its cell; a place of another form is all sheet."""
    sheet, end, cell = source.rpartition("》")
    return (sheet + end, cell) if end else (source, "")


def received_places(figure: Figure, files: Iterable[SourceRow]) -> list[str]:
    """The cells that a figure is from, each with when its file came: 月报.xlsx《主要指标》D7（2024-07-12收到）."""
    moments = {file.sha256: f"（{file.received}收到）" for file in files}
    return [
        f"{source}{moments.get(vintage, '')}"
        for source, vintage in zip_longest(figure.sources, figure.vintages, fillvalue="")
    ]


def places_by_sheet(
    rows: Iterable[AreaRow], files: Iterable[SourceRow]
) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Each sheet that the areas' figures are from, with when its file came, and in it the cells of each area."""
    moments = list(files)
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        for told in (row.value, row.growth):
            for source, received in zip(told.sources, received_places(told, moments), strict=True):
                sheet, cell = place(source)
                areas = found.setdefault(f"{sheet}{received.removeprefix(source)}", {})
                areas.setdefault(row.area, []).append(cell)
    return [(sheet, list(areas.items())) for sheet, areas in found.items()]


def places_in_short(text: str) -> str:
    """The first places of a list parted by ；, each workbook and sheet named once, and how many there are in all."""
    places = text.split("；")
    told = ""
    last = ""
    for sheet, cell in map(place, places[:_PLACES]):
        told += f"、{cell}" if sheet == last and cell else f"{'；' if told else ''}{sheet}{cell}"
        last = sheet
    return told if len(places) <= _PLACES else f"{told}等{len(places)}处"


def title_lines(title: str) -> list[str]:
    """Cut a title into as few lines as hold it, of about the same length, where the sense allows a break.

    GB/T 9704 asks for whole words at a line's end; without a dictionary that means: after the body that
    issues, after a date, before 关于 or 的通报; never inside a number or before a mark or 的.
    """
    count = int(-(-_width(title) // _TITLE_LINE))
    lines: list[str] = []
    rest = title
    for left in range(count, 1, -1):
        _, cut = min((_cost(rest, at, left), at) for at in range(1, len(rest)))
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest]


_GOOD_BEFORE = ("关于", "情况", "目标", "任务", "工业", "全区", "全县", "全市", "重点", "完成", "年度", "进展", "工作")
_GOOD_AFTER = ("月", "局", "府", "会", "办公室", "委", "季度", "全区", "全县", "全市", "任务", "目标", "工业", "要点")


def _cost(text: str, at: int, left: int) -> float:
    head, tail = text[:at], text[at:]
    if head[-1].isascii() and tail[0].isascii():
        return 1e6
    if tail[0] in "的，。、；：）》”—～年月日%" or head[-1] in "（《“—～关":
        return 1e6
    if _width(head) > _TITLE_LINE or _width(tail) > _TITLE_LINE * (left - 1):
        return 1e5 + _width(head)
    good = (tail.startswith(_GOOD_BEFORE)) + (head.endswith(_GOOD_AFTER))
    return abs(_width(head) - _width(text) / left) - 2.5 * good


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)
