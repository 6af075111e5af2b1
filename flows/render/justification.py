"""Teaches WeasyPrint 70 to justify Chinese: space between its characters, one baseline for all faces of a line.

WeasyPrint widens only spaces, of which Chinese has none, and a fallback or Latin face makes its line taller. Both
cures reach private names, so exactly one version is accepted and the tests measure the effect.
"""

from __future__ import annotations

import re
from typing import Any

from transforms.errors import EnvironmentFault

VERSION = "70.0"
_WIDE = re.compile(
    "[\u2e80-\u303f\u3105-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\u2018-\u201d\U00020000-\U0003ffff]+"
)
"""Runs of characters that may be set apart: ideographs, their punctuation, full-width forms."""


def install_justification() -> None:
    """Put the two cures into the WeasyPrint of this process; once or often, the effect is the same."""
    import weasyprint

    if weasyprint.__version__ != VERSION:
        raise EnvironmentFault(
            f"WeasyPrint 应为 {VERSION} 版，现为 {weasyprint.__version__}："
            "中文两端对齐依赖该版本的内部接口；请执行 make setup 按锁定文件重装"
        )
    from weasyprint.layout import inline
    from weasyprint.text import line_break

    if inline.count_expandable_spaces is _count_expandable_spaces:
        return
    inline.count_expandable_spaces = _count_expandable_spaces
    line_break.Layout.set_text = _spacing_between_characters(line_break.Layout.set_text)
    inline.split_text_box = _one_baseline_per_style(inline.split_text_box)


def _count_expandable_spaces(box: Any) -> float:
    """How many gaps of a line can take up its slack, in place of WeasyPrint's count of spaces."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        return float(box.text.count(" ") + box.text.count("\xa0")) + _gaps(box.text)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(_count_expandable_spaces(child) for child in box.children)
    return 0.0


def _gaps(text: str) -> float:
    """Gaps beside wide characters; Pango gives a run's two ends half a gap each."""
    wide = sum(len(run[0]) for run in _WIDE.finditer(text))
    if not wide:
        return 0.0
    return wide - 0.5 * bool(_WIDE.match(text[0])) - 0.5 * bool(_WIDE.match(text[-1]))


def _spacing_between_characters(set_text: Any) -> Any:
    """Layout.set_text that, when a justified line is drawn, also spaces its wide characters out."""
    from weasyprint.text.ffi import TO_UNITS, ffi, pango

    def spaced(layout: Any, text: str, justify: bool = False) -> None:
        set_text(layout, text, justify)
        if not (justify and layout.justification_spacing and layout.text):
            return
        attributes = pango.pango_layout_get_attributes(layout.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        own = layout.style["letter_spacing"]
        spacing = layout.justification_spacing + (0 if own == "normal" else own)
        for run in _WIDE.finditer(layout.text):
            attribute = pango.pango_attr_letter_spacing_new(int(spacing * TO_UNITS))
            attribute.start_index = len(layout.text[: run.start()].encode())
            attribute.end_index = attribute.start_index + len(run[0].encode())
            pango.pango_attr_list_change(attributes, attribute)
        pango.pango_layout_set_attributes(layout.layout, attributes)

    return spaced


def _one_baseline_per_style(split_text_box: Any) -> Any:
    """split_text_box whose boxes have the baseline of their style, whatever face a character falls back to."""
    from weasyprint.text.line_break import strut

    def steady(context: Any, box: Any, available_width: Any, skip: Any, is_line_start: Any = True) -> Any:
        new, resume, preserved = split_text_box(context, box, available_width, skip, is_line_start)
        if new is not None and new.style["line_height"] != "normal":
            _, new.baseline = strut(new.style)
        return new, resume, preserved

    return steady
