"""Looks at every drawing in a page's HTML before it's laid out, since what is malformed would silently not be drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree as Tree

from transforms.errors import EnvironmentFault

_DRAWING = re.compile(r"<svg\b(?:(?!<svg\b).)*?</svg>", re.DOTALL)
_NOT_DRAWN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_OPENED = re.compile(r"<svg\b")
_NAMES_SHOWN = 60


def require_drawings(html: str) -> None:
    """Raise EnvironmentFault naming every SVG that a reader would get broken, unnamed or in another face.

    Each is well-formed XML with a title (PDF/UA), a view box and a font family, its numbers are numbers, and it uses
    nothing that reaches outside it: an SVG on paper knows neither the page's CSS nor its colours.
    """
    page = _NOT_DRAWN.sub("", html)
    drawings = _DRAWING.findall(page)
    faults = [f"{_named(drawing)}：{fault}" for drawing in drawings for fault in _faults(drawing)]
    if len(_OPENED.findall(page)) != len(drawings):
        faults.append("有 <svg> 未闭合或套在另一个 <svg> 之内")
    if faults:
        told = "\n".join(dict.fromkeys(faults))
        raise EnvironmentFault(f"页面中的图形有问题，文件未生成，请修改模板：\n{told}")


def _named(drawing: str) -> str:
    title = re.search(r"<title>(.*?)</title>", drawing, re.DOTALL)
    return f"图“{title[1][:_NAMES_SHOWN]}”" if title else f"图 {drawing[:_NAMES_SHOWN]}…"


def _faults(drawing: str) -> Iterator[str]:
    try:
        root = Tree.fromstring(drawing)
    except Tree.ParseError as error:
        yield f"不是完整的 XML（{error}）"
        return
    title = next((child for child in root if _tag(child) == "title"), None)
    if title is None or not (title.text or "").strip():
        yield "没有 <title>"
    if root.get("role") != "img":
        yield '没有 role="img"'
    if not root.get("font-family"):
        yield "没有 font-family"
    if len([part for part in root.get("viewBox", "").split() if _is_number(part)]) != 4:
        yield f"viewBox 不是四个数：{root.get('viewBox', '')!r}"
    for element in root.iter():
        yield from _faults_of(element)


def _faults_of(element: Tree.Element) -> Iterator[str]:
    tag = _tag(element)
    if tag in _REFUSED:
        yield f"用了 <{tag}>，纸面上不会画出"
    for name, value in element.attrib.items():
        if _OUTSIDE.search(value):
            yield f"<{tag}> 的 {name}={value!r} 取自图外，图内无效"
        if name in _LENGTHS and not _is_number(value.removesuffix("%")):
            yield f"<{tag}> 的 {name}={value!r} 不是数"
        if name == "d" and (value[:1] not in {"M", "m"} or _STEP.sub("", value)):
            yield f"<{tag}> 的 d={value[:_NAMES_SHOWN]!r} 不是路径"


_REFUSED = frozenset({"foreignObject", "mask", "filter", "style", "script"})
_OUTSIDE = re.compile(r"\bvar\(|\bcurrentColor\b|url\((?!#)", re.IGNORECASE)
_LENGTHS = frozenset(
    {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "font-size", "stroke-width"}
)
_STEP = re.compile(r"[MmLlHhVvCcSsQqTtAaZz\s,]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _tag(element: Tree.Element) -> str:
    return element.tag.rpartition("}")[2]
