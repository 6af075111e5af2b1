"""Turns a plan's document, as it was scanned, into one text with its clauses' headings; knows no plan."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAGE_HEADER = re.compile(r"[^，。；]*行政规范性文件")
_HEADINGS = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"（[一二三四五六七八九十]+）"),
    re.compile(r"\d+\.(?!\d)"),
)
"""The levels of headings of an official document, GB/T 9704: 一、 （一） 1."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a heading or a table's row stands in the cleaned text, and the clause that it opens."""

    start: int
    clause: str
    row: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A document without white space, markup and page headers, its cut table rows made whole."""

    clean: str
    headings: tuple[Heading, ...]

    def span(self, clause: str) -> tuple[int, int] | None:
        """From the clause's heading to the next one; None if there's no such heading."""
        ends = [*(heading.start for heading in self.headings[1:]), len(self.clean)]
        wanted = bare(clause)
        for heading, end in zip(self.headings, ends, strict=False):
            if wanted == heading.clause:
                return heading.start, end
            row = re.fullmatch(rf"{re.escape(heading.clause)}(?!\d)(.+)", wanted)
            if heading.row and row and row[1] in self.clean[heading.start : end]:
                return heading.start, end
        return None

    def finds(self, quote: str) -> list[tuple[int, int]]:
        """Every place of the quote, as start and end."""
        words = bare(quote)
        return [(found.start(), found.end()) for found in re.finditer(re.escape(words), self.clean)]


def bare(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def cleaned(raw: str) -> Text:
    """Take the document apart into lines and rows, and put it together without what a scan added.

    A row that a page break cut goes on in a line whose first cell is blank. Its words belong to the
    row's content, which is the longest cell: the columns of such lines are shifted in the scan.
    """
    pieces: list[tuple[str, str, bool]] = []
    row: list[str] = []
    numbering: dict[int, str] = {}
    annex = ""
    for line in re.sub(r"<[^>]+>|\*\*", "", raw).splitlines():
        words = bare(line)
        if not words or _PAGE_HEADER.fullmatch(words):
            continue
        if "\t" in line:
            cells = [bare(cell) for cell in line.split("\t")]
            if cells[0]:
                row = cells
                clause = f"{annex}序号{cells[0]}" if cells[0].isdigit() else ""
                pieces.append((clause, "".join(cells), True))
            elif row:
                content = max(range(len(row)), key=lambda at: len(row[at]))
                row[content] += "".join(cells)
                pieces[-1] = (pieces[-1][0], "".join(row), True)
            continue
        row = []
        if words == "附件":
            annex, numbering = "附件", {}
            pieces.append(("附件", words, False))
            continue
        clause = ""
        for level, pattern in enumerate(_HEADINGS):
            ordinal = pattern.match(words)
            if ordinal and "。" not in words:
                numbering = {at: one for at, one in numbering.items() if at < level}
                clause = annex + "".join(numbering.values()) + words
                numbering[level] = ordinal[0]
        pieces.append((clause, words, False))
    clean = ""
    headings = []
    for clause, words, in_table in pieces:
        if clause:
            headings.append(Heading(len(clean), clause, in_table))
        clean += words
    return Text(clean, tuple(headings))
