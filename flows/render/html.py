"""Turns a bulletin into one HTML file that needs no network, no font and no other file; links lead to those around."""

from __future__ import annotations

from flows.render.around import Around
from flows.render.templates import SHARED, fill, template_folder
from transforms.writing.bulletin import Bulletin


def render_html(bulletin: Bulletin, template: str, around: Around | None = None) -> str:
    """The bulletin for the screen, its style and script written into it; without ``around`` it links nowhere."""
    folder = template_folder(template)
    return fill(
        bulletin,
        folder,
        style="".join((one / "screen.css").read_text(encoding="utf-8") for one in (SHARED, folder)),
        script=(SHARED / "script.js").read_text(encoding="utf-8"),
        around=around,
    )
