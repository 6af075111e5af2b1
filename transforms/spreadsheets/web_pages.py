"""Turns the tables of an HTML page into sheets; fetches nothing, runs nothing, and asks no browser.

Many provincial systems export a web page under the suffix .xls. Each outermost table becomes a sheet; where Excel
would put its cells, its references point.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from html.parser import HTMLParser

from transforms.spreadsheets.delimited_texts import decoded
from transforms.spreadsheets.sheets import Hidden, Merge, Sheet, ranges_of
from transforms.spreadsheets.unreadable import UnreadableFile

MOST_CELLS = 1_000_000
_MOST_SPAN = 1_000
_LARGEST_PAGE = 50 * 1024 * 1024


def read(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The tables that hold some text, one below the other as Excel opens them. Raises UnreadableFile without any."""
    if len(data) > _LARGEST_PAGE:
        raise UnreadableFile(name, "网页（HTML）超过50MB", _SAVE_AS)
    charset = _CHARSET.search(data[:4096])
    text = _by_charset(data, charset[1].decode("ascii").lower() if charset else "") or decoded(data, name)
    if _FRAMES.search(text[:20_000]):
        raise UnreadableFile(name, "网页（HTML）只是框架，表格存在另外的文件里", _SAVE_AS)
    page = _Page(name, _hidden_classes(text))
    page.feed(_without_declarations(text))
    page.close()
    if not page.filled:
        raise UnreadableFile(name, "这是网页（HTML），其中没有表格，不是电子表格", _SAVE_AS)
    title = re.sub(r"\.[A-Za-z]{2,5}$", "", re.split(r"[/\\]", name)[-1])
    return (page.sheet(title),)


_SAVE_AS = "用 Excel 或 WPS 打开后另存为 .xlsx，再报送"
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_FRAMES = re.compile(r"<frameset\b|<x:WorksheetSource\b", re.IGNORECASE)
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8-sig", "utf8": "utf-8-sig"}


def _by_charset(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(_CODECS[charset])
    except (KeyError, UnicodeDecodeError):
        return None


def _without_declarations(text: str) -> str:
    """The page without comments, declarations and an unfinished end, on which the parser would take for ever."""
    kept: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        kept.append(text[position:start])
        end = text.find("-->", start)
        position = end + 3 if end >= 0 else len(text)
    whole = "".join([*kept, text[position:]])
    return _DECLARATION.sub("", whole[: whole.rfind(">") + 1])


def _hidden_classes(text: str) -> Set[str]:
    """The classes, in small letters, that a rule of the page's own style sheets hides: tr.x, .x and lists of these."""
    return {
        name.lower()
        for sheet in _STYLE_SHEET.findall(text[:_MOST_STYLE])
        for selectors, rules in _STYLE_RULE.findall(sheet)
        if _NOT_SHOWN.search(rules)
        for name in _CLASS_SELECTOR.findall(selectors)
    }


_MOST_STYLE = 200_000
_STYLE_SHEET = re.compile(r"<style\b[^<>]*>([^<]*(?:<!--[^<]*)?)", re.IGNORECASE)
_STYLE_RULE = re.compile(r"([^{}]{1,400})\{([^{}]*)\}")
_CLASS_SELECTOR = re.compile(r"(?:^|,)\s*(?:tr)?\.([\w-]+)\s*(?=,|$)", re.IGNORECASE)
_DECLARATION = re.compile(r"<[!?][^>]*>")


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    down: int
    across: int
    pieces: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """The grid that the page's tables fill, from the top downwards."""

    def __init__(self, name: str, hidden_classes: Set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self._hidden_classes = hidden_classes
        self.filled: dict[tuple[int, int], str] = {}
        self._merges: list[Merge] = []
        self._hidden_rows: set[int] = set()
        self._taken: set[tuple[int, int]] = set()
        self._cells = 0
        self._depth = 0
        self._row, self._column, self._end = -1, 0, 0
        self._cell: _Cell | None = None
        self._silent = ""

    def sheet(self, title: str) -> Sheet:
        """The grid as one sheet."""
        rows: list[list[str | None]] = []
        for (row, column), text in sorted(self.filled.items()):
            while len(rows) <= row:
                rows.append([])
            rows[row].extend([None] * (column - len(rows[row])))
            rows[row].append(text)
        hidden = Hidden(rows=ranges_of(sorted(self._hidden_rows)))
        return Sheet(title, rows, {}, tuple(self._merges), hidden=hidden)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell; a table within a cell is that cell's text."""
        if tag in {"script", "style", "xml", "title"}:
            self._silent = self._silent or tag
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                # Excel leaves an empty row between two tables.
                self._row = self._end - 1 if not self._end else self._end
        elif tag == "br" and self._cell:
            self._cell.pieces.append("\n")
        elif self._depth == 1 and tag == "tr":
            self._finish()
            self._row += 1
            self._column = 0
            if self._is_hidden(dict(attrs)):
                self._hidden_rows.add(self._row)
        elif self._depth == 1 and tag in {"td", "th"}:
            self._finish()
            self._begin(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """End what began."""
        if tag == self._silent:
            self._silent = ""
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._finish()
                self._end = max(self._end, self._row + 1, *(row + 1 for row, _ in self._taken), 0)
                self._taken.clear()
            self._depth -= 1
        elif self._depth == 1 and tag in {"td", "th", "tr"}:
            self._finish()

    def handle_data(self, data: str) -> None:
        """Words inside a cell; all others are the page's own."""
        if self._cell and not self._silent:
            self._cell.pieces.append(data)

    def _is_hidden(self, attributes: dict[str, str | None]) -> bool:
        classes = (attributes.get("class") or "").lower().split()
        style = attributes.get("style") or ""
        return "hidden" in attributes or bool(_NOT_SHOWN.search(style)) or not self._hidden_classes.isdisjoint(classes)

    def _begin(self, attributes: dict[str, str | None]) -> None:
        self._row = max(self._row, 0)
        while (self._row, self._column) in self._taken:
            self._column += 1
        down, across = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        self._cells += down * across
        if self._cells > MOST_CELLS:
            raise UnreadableFile(self._name, "网页（HTML）中的表格太大", "只报送需要的部分，另存为 .xlsx")
        self._cell = _Cell(self._row, self._column, down, across)
        self._taken.update(
            (row, column)
            for row in range(self._row, self._row + down)
            for column in range(self._column, self._column + across)
        )
        self._column += across

    def _finish(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            return
        if cell.down > 1 or cell.across > 1:
            bottom, right = cell.row + cell.down - 1, cell.column + cell.across - 1
            self._merges.append(Merge(cell.row, cell.column, bottom, right))
        lines = ("".join(cell.pieces)).replace("\u00a0", " ").split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines if line.strip())
        if text:
            self.filled[cell.row, cell.column] = text


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1


_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:", re.IGNORECASE)
