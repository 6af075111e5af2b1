"""Turns an arranged archive into HTML files that need no network, no script and no other file but each other."""

from __future__ import annotations

from flows.render.templates import TEMPLATES, fill_page
from transforms.archive.arranging import AREAS, INDICATORS
from transforms.archive.pages import Archive
from transforms.archive.sparklines import rank_line, sparkline
from transforms.assessments import Status


def render_archive(archive: Archive) -> dict[str, bytes]:
    """Every page by its path in the district's folder."""
    folder = TEMPLATES / "archive"
    style = (folder / "style.css").read_text(encoding="utf-8")

    drawn = {"sparkline": sparkline, "rank_line": rank_line, "statuses": list(Status)}

    def filled(template: str, root: str, **told: object) -> bytes:
        return fill_page(folder / template, style, a=archive, root=root, **drawn, **told).encode()

    pages = {"index.html": filled("index.html.j2", "")}
    for indicator in archive.indicators:
        pages[f"{INDICATORS}/{indicator.file}"] = filled("indicator.html.j2", "../", subject=indicator)
    for area in archive.areas:
        pages[f"{AREAS}/{area.file}"] = filled("area.html.j2", "../", subject=area)
    return pages
