"""Finds its way in WeasyPrint's boxes and in a PDF's outline, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

MM = 96 / 25.4
"""CSS pixels in a millimetre."""
ATTACHED = {"bulletin.xlsx": bytes(range(256)) * 40}
"""What stands for the workbook in the PDF: every byte there is."""


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u2060", "")


def flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def root(page: Any) -> Any:
    return next(child for child in page.children if child.element_tag == "html")


def descendants(box: Any) -> Iterator[Any]:
    # A table's children are wrapped; its captions and groups come through the wrapper.
    for child in getattr(box, "children", ()):
        child = getattr(child, "_box", child)
        yield child
        yield from descendants(child)


def texts(box: Any) -> list[Any]:
    return of_type(box, "TextBox")


def lines(box: Any) -> list[Any]:
    return of_type(box, "LineBox")


def own_lines(paragraph: Any) -> list[Any]:
    return [child for child in paragraph.children if type(child).__name__ == "LineBox"]


def of_type(box: Any, name: str) -> list[Any]:
    return [child for child in descendants(box) if type(child).__name__ == name]


def paragraphs(page: Any) -> list[Any]:
    """The paragraphs of the body: upright, 16 pt."""
    return [
        box
        for box in descendants(page)
        if box.element_tag == "p"
        and type(box).__name__ == "BlockBox"
        and box.style["font_size"] == pytest.approx(16 * 4 / 3)
        and box.style["text_align_all"] == "justify"
    ]
