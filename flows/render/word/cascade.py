"""Tells of each element of a page what stylesheets declare for it; lays nothing out and inherits nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Element = Any
"""An lxml element."""
_MM = re.compile(r"([\d.]+)mm")
_PT = re.compile(r"([\d.]+)pt")


class Cascade:
    """What some stylesheets, a later one over an earlier one, declare for the elements of one page.

    Rules inside @media and @page are none of its business, and neither are pseudo-elements.
    """

    def __init__(self, sheets: Iterable[Path], root: Element) -> None:
        import cssselect2
        import tinycss2

        self._matcher = cssselect2.Matcher()
        for sheet in sheets:
            for rule in tinycss2.parse_stylesheet(
                sheet.read_text(encoding="utf-8"), skip_comments=True, skip_whitespace=True
            ):
                if rule.type != "qualified-rule":
                    continue
                declared = {
                    one.name: tinycss2.serialize(one.value).strip()
                    for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
                    if one.type == "declaration"
                }
                for selector in cssselect2.compile_selector_list(rule.prelude):
                    if selector.pseudo_element is None:
                        self._matcher.add_selector(selector, declared)
        wrapper = cssselect2.ElementWrapper.from_html_root(root)
        self._wrappers = {one.etree_element: one for one in wrapper.iter_subtree()}

    def of(self, element: Element) -> Mapping[str, str]:
        """The element's declarations: the most specific of each property, else the last."""
        declared: dict[str, str] = {}
        for match in self._matcher.match(self._wrappers[element]):
            *_, found = match
            declared |= found
        return declared


def quoted(text: str | None) -> str:
    """A value without its quotation marks; empty for none."""
    return (text or "").strip("\"'")


def millimetres(text: str | None) -> float | None:
    """A length that is plainly in mm, else None."""
    found = _MM.fullmatch(text or "")
    return float(found[1]) if found else None


def line_height(declared: Mapping[str, str]) -> float | None:
    """The declared height of a line, if it's plainly in pt."""
    found = _PT.fullmatch(declared.get("line-height", ""))
    return float(found[1]) if found else None


def points(declared: Mapping[str, str]) -> float | None:
    """The declared size of type, if it's plainly in pt."""
    found = _PT.fullmatch(declared.get("font-size", "")) or _PT.search(declared.get("font", ""))
    return float(found[1]) if found else None
