"""Turns the notices of a period into one PDF and one HTML file a unit; knows no figure and arranges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.render.pdf import render_page
from flows.render.templates import TEMPLATES, fill_page
from flows.unit_files import unit_parts
from transforms.writing.notices import Notice

_FOLDER = TEMPLATES / "notice"


def render_notices(notices: Sequence[Notice], fonts: Path) -> list[dict[str, bytes]]:
    """For each notice its documents by their names below the bulletin's folder; the same notices, the same bytes."""
    style = (_FOLDER / "screen.css").read_text(encoding="utf-8")
    page = _FOLDER / "notice.html.j2"
    return [
        {
            f"{name}.html": fill_page(page, style, n=notice).encode(),
            f"{name}.pdf": render_page(fill_page(page, "", n=notice), _FOLDER, notice.edition, fonts),
        }
        for notice, name in zip(notices, file_names(notices), strict=True)
    ]


def file_names(notices: Sequence[Notice]) -> list[str]:
    """notices/督办单_区科技局_2024年6月, without a suffix; units that would share a name are numbered."""
    parts = unit_parts(notice.unit for notice in notices)
    return [
        f"notices/督办单_{parts[one.unit]}_{one.period.chinese()}{'_演示数据' if one.demonstration else ''}"
        for one in notices
    ]
