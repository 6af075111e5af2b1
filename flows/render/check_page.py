"""Turns an arranged check into one HTML file that needs no script, no network, no font and no other file."""

from __future__ import annotations

from flows.render.templates import TEMPLATES, fill_page
from transforms.checking.check_report import Report
from transforms.checking.checks import counts, figures_in, rows_in, understood


def render_check(report: Report) -> str:
    """The page that says what was checked, what is wrong where, and what to do; also fit for A4."""
    folder = TEMPLATES / "check"
    style = (folder / "style.css").read_text(encoding="utf-8")
    wording = {"counts": counts, "figures_in": figures_in, "rows_in": rows_in, "understood": understood}
    return fill_page(folder / "check.html.j2", style, r=report, **wording)
