"""Every template of report_templates: a bulletin, full or short, becomes a page for the screen and one for paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.render import render_html, render_pdf
from flows.workspace import TEMPLATES, bulletin_templates
from transforms.writing.bulletin import Bulletin

TAKEN = ("assessments", "bulletin", "manifest")
"""Names of documents that no template's own documents may take."""


def test_every_folder_is_a_template_or_has_its_files_taken_by_one() -> None:
    assert {"tongbao", "yuebao"} <= set(bulletin_templates(TEMPLATES))
    assert set(TAKEN).isdisjoint(bulletin_templates(TEMPLATES))


@pytest.mark.parametrize("template", bulletin_templates(TEMPLATES))
class TestEveryTemplate:
    def test_has_what_the_screen_and_paper_need_and_no_program(self, template: str) -> None:
        folder = TEMPLATES / template
        assert (folder / "screen.css").is_file()
        assert (folder / "style.css").is_file()
        assert list(folder.rglob("*.py")) == []

    def test_tells_the_screen_what_every_bulletin_says(self, template: str, bulletin: Bulletin) -> None:
        page = render_html(bulletin, template)
        assert page.startswith("<!DOCTYPE html>")
        assert '<html lang="zh-CN">' in page
        assert bulletin.title in page
        assert "演示数据" in page
        assert re.search(r'(?:src|href)="(?!#)', page) is None

    @pytest.mark.parametrize("which", ["full", "shortest"])
    def test_makes_a_pdf(self, template: str, which: str, bulletin: Bulletin, plain: Bulletin, fonts: Path) -> None:
        pdf = render_pdf({"full": bulletin, "shortest": plain}[which], template, fonts, {})
        assert pdf.startswith(b"%PDF")

    def test_says_nothing_of_demonstration_where_figures_are_real(self, template: str, plain: Bulletin) -> None:
        assert "演示" not in re.sub(r"(?s)<(style|script)>.*?</\1>", "", render_html(plain, template))
