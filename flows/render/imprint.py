"""Moves a document's imprint (版记) to an even last page, as GB/T 9704 wants it; knows nothing of what is printed."""

from __future__ import annotations

from typing import Any


def moved_to_page_of_its_own(rendered: Any, imprint: Any) -> Any:
    """The document without the imprint at its last page's foot, and with the last page of ``imprint`` after it.

    The pages that are laid out stay as they are: a second layout of all would cost as much as the first.
    """
    _take_out(rendered.pages[-1]._page_box)
    return rendered.copy([*rendered.pages, imprint.pages[-1]])


def _take_out(box: Any) -> None:
    kept = [child for child in box.children if not _is_imprint(child)]
    if len(kept) < len(box.children):
        box.children = kept
        return
    # The imprint is the last of its parent, so it's found at the end of each.
    for child in kept:
        if getattr(child, "children", None):
            _take_out(child)


def _is_imprint(box: Any) -> bool:
    return box.element is not None and "imprint" in box.element.get("class", "").split()
