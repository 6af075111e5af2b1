"""Writes a page's elements as the body of a Word document, block by block; knows no bulletin and no words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from flows.render.word.cascade import Cascade, Element, points, quoted
from flows.render.word.styles import LARGEST, TEXT_WIDTH, TWIPS_PER_MM, style_id
from flows.render.word.tables import Table, table_xml
from flows.render.wording import harmless

_SPACE = re.compile("[ \t\r\n\f]+")
_CHARACTERS = re.compile(r"--characters:\s*(\d+)")
_STYLED = re.compile(r"<w:pStyle [^>]*/>(?!<w:keepNext)")
_SILENT = {"script", "style", "svg", "head", "title"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "hr"}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with its character style and size; a line break is \\n, a tab \\t."""

    text: str
    style: str = ""
    size: float | None = None


class Body:
    """The body's XML, gathered while the page is walked through in its order."""

    def __init__(self, cascade: Cascade) -> None:
        self._cascade = cascade
        self._blocks: list[str] = []
        self._turned = False
        self._new_page = False

    def xml(self, root: Element, sections: tuple[str, str]) -> str:
        """All blocks below the root and the last section's properties; ``sections`` are those, upright and turned."""
        self._sections = sections
        self._walk(root)
        return "".join([*self._blocks, sections[self._turned]])

    def _walk(self, element: Element) -> None:
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _SILENT:
                continue
            declared = self._cascade.of(child)
            if declared.get("display") == "none":
                continue
            self._turn_to(declared.get("page"), declared.get("break-before"))
            if declared.get("break-before") == "avoid":
                self._keep_last_with_next()
            if child.tag == "table":
                self._table(child)
            elif quoted(declared.get("--placed")) == "foot":
                self._foot(child)
            elif child.tag in _PARAGRAPHS:
                self._add(self._paragraph(child))
            else:
                self._walk(child)

    def _turn_to(self, page: str | None, break_before: str | None) -> None:
        """Begin a section where the paper turns, else a page where one is asked for."""
        if page is not None and (page == "turned") != self._turned:
            last = self._sections[self._turned]
            self._blocks.append(f'<w:p><w:pPr><w:pStyle w:val="{style_id("节末")}"/>{last}</w:pPr></w:p>')
            self._turned = page == "turned"
            self._new_page = False
        elif break_before == "page":
            self._new_page = True

    def _keep_last_with_next(self) -> None:
        """The paragraph before goes along: no signature stands on a page without words above it."""
        if self._blocks and self._blocks[-1].startswith("<w:p>"):
            self._blocks[-1] = _STYLED.sub(r"\g<0><w:keepNext/>", self._blocks[-1], count=1)

    def _add(self, block: str) -> None:
        self._blocks.append(block)
        self._new_page = False

    # --- Paragraphs -----------------------------------------------------------------------------

    def _paragraph(self, element: Element, placed: str = "") -> str:
        declared = self._cascade.of(element)
        spans = tidy(self._spans(element))
        page = "<w:pageBreakBefore/>" if self._new_page else ""
        style = quoted(declared.get("--style")) or "Normal"
        properties = f"<w:pStyle w:val={quoteattr(style_id(style))}/>{page}{placed}"
        return f"<w:p><w:pPr>{properties}</w:pPr>{runs(spans, _fitting(element))}</w:p>"

    def _spans(self, element: Element, style: str = "", size: float | None = None) -> Iterator[Span]:
        apart = self._cascade.of(element).get("display") == "flex"
        if element.text:
            yield Span(element.text, style, size)
        for number, child in enumerate(element):
            if isinstance(child.tag, str) and child.tag not in _SILENT:
                yield from self._inline(child, style, size, "\t" if apart and number else "")
            if child.tail:
                yield Span(child.tail, style, size)

    def _inline(self, element: Element, style: str, size: float | None, before: str) -> Iterator[Span]:
        declared = self._cascade.of(element)
        display = declared.get("display")
        if display == "none":
            return
        if before:
            yield Span(before)
        own = quoted(declared.get("--style"))
        edge = "\n" if display == "block" or element.tag == "br" else ""
        if edge:
            yield Span(edge)
        yield from self._spans(element, own or style, size if own else points(declared) or size)
        if edge and element.tag != "br":
            yield Span(edge)

    # --- Tables ---------------------------------------------------------------------------------

    def _table(self, element: Element) -> None:
        for caption in element.iterchildren("caption"):
            if self._cascade.of(caption).get("display") != "none":
                self._add(self._paragraph(caption))
        table = Table(element, self._cascade, self._turned)
        page = self._new_page
        if page:
            self._add(f'<w:p><w:pPr><w:pStyle w:val="{style_id("节末")}"/><w:pageBreakBefore/></w:pPr></w:p>')
        self._add(table_xml(table, lambda cell, size: runs(tidy(self._spans(cell)), size)))

    def _foot(self, element: Element) -> None:
        """A block that lies at the foot of the text of the page where it comes."""
        frame = (
            f'<w:framePr w:w="{round(TEXT_WIDTH * TWIPS_PER_MM)}" w:wrap="around" w:vAnchor="margin" '
            'w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"/>'
        )
        edge = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'
        # All have the same edges: LibreOffice gives up a frame whose paragraphs differ in them.
        placed = f"{frame}<w:pBdr>{edge.format('top', 6)}{edge.format('bottom', 6)}</w:pBdr>"
        for line in (one for one in element.iter() if one.tag in _PARAGRAPHS):
            self._add(self._paragraph(line, placed))
        self._add(f'<w:p><w:pPr><w:pStyle w:val="{style_id("节末")}"/></w:pPr></w:p>')


def _fitting(element: Element) -> float | None:
    """The size in which a line of so many characters fills the text's width; None where the style's own will do."""
    found = _CHARACTERS.search(element.get("style", ""))
    if found is None:
        return None
    fits = TEXT_WIDTH / 25.4 * 72 / int(found[1])
    return None if fits >= LARGEST else math.floor(fits * 2) / 2


def tidy(spans: Iterator[Span]) -> list[Span]:
    """White space as a page shows it: one blank for many, none at a line's ends, no empty line."""
    kept: list[Span] = []
    for span in spans:
        if span.text in {"\n", "\t"}:
            if kept and kept[-1].text != "\n":
                kept[-1] = Span(kept[-1].text.rstrip(" "), kept[-1].style, kept[-1].size)
                kept.append(span)
            continue
        text = _SPACE.sub(" ", harmless(span.text))
        if not kept or kept[-1].text[-1:] in {" ", "\n", "\t"}:
            text = text.lstrip(" ")
        if text:
            kept.append(Span(text, span.style, span.size))
    while kept and kept[-1].text.strip(" \n\t") == "":
        kept.pop()
    if kept:
        kept[-1] = Span(kept[-1].text.rstrip(" "), kept[-1].style, kept[-1].size)
    return [span for span in kept if span.text]


def runs(spans: list[Span], size: float | None = None) -> str:
    """The spans as runs, of this size where they've none of their own; neighbours of one look are one run."""
    told: list[Span] = []
    for span in spans:
        if told and (told[-1].style, told[-1].size) == (span.style, span.size):
            told[-1] = Span(told[-1].text + span.text, span.style, span.size)
        else:
            told.append(span)
    return "".join(_run(span, size) for span in told)


def _run(span: Span, size: float | None) -> str:
    style = f"<w:rStyle w:val={quoteattr(style_id(span.style))}/>" if span.style else ""
    of = span.size or size
    sized = f'<w:sz w:val="{round(of * 2)}"/><w:szCs w:val="{round(of * 2)}"/>' if of else ""
    # Quotation marks and dashes are Chinese ones: without the hint they'd come in the Latin face.
    properties = f'<w:rPr>{style}<w:rFonts w:hint="eastAsia"/>{sized}</w:rPr>'
    pieces = []
    for piece in re.split("([\n\t])", span.text):
        if piece in {"\n", "\t"}:
            pieces.append("<w:br/>" if piece == "\n" else "<w:tab/>")
        elif piece:
            pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r>{properties}{''.join(pieces)}</w:r>"
