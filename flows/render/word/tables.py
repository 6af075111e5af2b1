"""Writes a page's table for Word: its head repeated, its rows whole, the stylesheet's widths; knows no word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flows.render.word.cascade import Cascade, Element, line_height, millimetres, points
from flows.render.word.styles import TEXT_WIDTH, TURNED_WIDTH, TWIPS_PER_MM, style_id

_ALIGN = {"right": "right", "center": "center", "justify": "both", "left": "left"}
_LEAST = 12.0
"""Millimetres that a column without a width of its own gets at least."""

Runs = Callable[[Element, float], str]
"""Gives a cell's runs in a size of type."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's element, what is declared for it, and how the page lies that it comes on."""

    element: Element
    cascade: Cascade
    turned: bool


def table_xml(table: Table, runs: Runs) -> str:
    """The table; a column whose <col> isn't displayed is left out, with its cells."""
    cascade = table.cascade
    declared = cascade.of(table.element)
    size = points(declared) or 12
    line = line_height(declared) or size * 1.3
    columns = [cascade.of(col) for group in table.element.iterchildren("colgroup") for col in group]
    shown = [column.get("display") != "none" for column in columns]
    whole = millimetres(declared.get("width")) or (TURNED_WIDTH if table.turned else TEXT_WIDTH)
    widths = _widths([millimetres(c.get("width")) for c, seen in zip(columns, shown, strict=True) if seen], whole)
    twips = [round(width * TWIPS_PER_MM) for width in widths]
    rows = "".join(_row(row, head, table, shown, twips, (size, line), runs) for row, head in _rows(table.element))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    edge = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'
    borders = "".join(
        edge.format(side, 8 if side in {"top", "bottom"} else 6)
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:top w:w="20" w:type="dxa"/>'
        '<w:left w:w="40" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        # What follows isn't taken for one more row, and a table never ends a section.
        f'<w:p><w:pPr><w:pStyle w:val="{style_id("节末")}"/></w:pPr></w:p>'
    )


def _widths(declared: Sequence[float | None], whole: float) -> list[float]:
    """The declared widths, the others sharing what is left; all drawn together where that is too wide."""
    open_ = sum(width is None for width in declared)
    left = whole - sum(width or 0 for width in declared)
    share = max(left / open_, _LEAST) if open_ else 0
    widths = [share if width is None else width for width in declared]
    scale = whole / sum(widths)
    return [width * scale for width in widths]


def _rows(table: Element) -> Iterator[tuple[Element, bool]]:
    for part in table:
        if part.tag in {"thead", "tbody"}:
            for row in part.iterchildren("tr"):
                yield row, part.tag == "thead"


def _row(
    row: Element,
    head: bool,
    table: Table,
    shown: Sequence[bool],
    twips: Sequence[int],
    type_: tuple[float, float],
    runs: Runs,
) -> str:
    cells = []
    at = 0
    width = iter(twips)
    # The last row takes along what stands under the table, so that no note comes alone on a page.
    last = row.getnext() is None and row.getparent().getnext() is None
    kept = "<w:keepNext/>" if head or last or table.cascade.of(row).get("break-after") == "avoid" else ""
    for cell in row:
        span = int(cell.get("colspan", "1"))
        seen = sum(shown[at : at + span])
        at += span
        if seen:
            cells.append(_cell(cell, head, table, [next(width) for _ in range(seen)], type_, kept, runs))
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    cell: Element, head: bool, table: Table, twips: Sequence[int], type_: tuple[float, float], kept: str, runs: Runs
) -> str:
    declared = table.cascade.of(cell)
    size, line = points(declared) or type_[0], line_height(declared) or type_[1]
    align = "center" if head else _ALIGN.get(declared.get("text-align", ""), "left")
    style = style_id("表头" if head else "表格文字")
    spanned = f'<w:gridSpan w:val="{len(twips)}"/>' if len(twips) > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(twips)}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}'
        f'<w:spacing w:line="{round(line * 20)}" w:lineRule="exact"/><w:jc w:val="{align}"/></w:pPr>'
        f"{runs(cell, size)}</w:p></w:tc>"
    )
