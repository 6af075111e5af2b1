"""Turns a bulletin into one HTML file that needs no network, no font and no other file."""

from __future__ import annotations

from flows.render.templates import SHARED, fill, template_folder
from transforms.writing.bulletin import Bulletin


def render_html(bulletin: Bulletin, template: str) -> str:
    """The bulletin for the screen, its style and script written into it."""
    folder = template_folder(template)
    return fill(
        bulletin,
        folder,
        style=(folder / "screen.css").read_text(encoding="utf-8"),
        script=(SHARED / "script.js").read_text(encoding="utf-8"),
    )
