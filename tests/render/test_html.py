"""The bulletin on the screen: one file, valid enough, and what came from a spreadsheet stays text."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from flows.render import render_html
from transforms.writing.bulletin import AreaRow, AreaSection, Bulletin, Figure

VOID = {"meta", "br", "hr", "img", "col", "link", "input", "rect", "path"}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids[value or ""] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def page(html: str) -> _Page:
    return _Page(html)


def test_tags_are_nested_and_ids_are_unique(page: _Page) -> None:
    assert page.wrong == []
    assert page.open == []
    assert [name for name, times in page.ids.items() if times > 1] == []


def test_links_within_the_page_lead_somewhere(page: _Page) -> None:
    targets = [value for _, name, value in page.attributes if name == "href"]
    assert targets
    assert all(target.startswith("#") and target[1:] in page.ids for target in targets)


def test_nothing_is_taken_from_elsewhere(html: str, page: _Page) -> None:
    assert not [a for a in page.attributes if a[1] in {"src", "srcset", "action", "data", "poster"}]
    assert page.tags["link"] == 0
    assert page.tags["script"] == 1
    urls = set(re.findall(r"[a-z]+://[^\s\"'<)]*", html))
    assert urls <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in html
    assert "@import" not in html


def test_the_language_title_and_banner(html: str, page: _Page) -> None:
    assert ("html", "lang", "zh-CN") in page.attributes
    assert "<title>【演示数据】金安区" in html
    assert "".join(page.texts).count("演示数据") >= 3


def test_a_genuine_bulletin_is_not_marked(plain: Bulletin) -> None:
    text = re.sub(r"<style>.*</style>", "", render_html(plain, "tongbao"), flags=re.S)
    assert "演示" not in text


def test_a_name_from_a_spreadsheet_is_text(html: str, page: _Page) -> None:
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;=1+1犇鑫" in html
    assert any("<script>alert(1)</script>=1+1犇鑫㙍䶮堃喆" in text for text in page.texts)


def test_tables_have_captions_and_heads_with_scope(html: str, page: _Page) -> None:
    assert page.tags["table"] == page.tags["caption"] >= 7
    scopes = [a for a in page.attributes if a[0] == "th" and a[1] == "scope"]
    assert len(scopes) == page.tags["th"]


def test_every_drawing_has_a_title(page: _Page) -> None:
    assert page.tags["svg"] > 8
    assert page.tags["title"] == page.tags["svg"] + 1


def test_a_status_is_told_by_word_and_shape(bulletin: Bulletin, html: str) -> None:
    shapes = dict(re.findall(r'<span class="shape shape-([a-z-]+)" aria-hidden="true">(.)<', html))
    assert set(shapes) == {count.status.value for count in bulletin.statuses}
    assert len(set(shapes.values())) == len(shapes)


def test_a_figure_tells_where_it_comes_from(html: str) -> None:
    assert "《主要指标》D7" in html
    assert "累计完成数÷年度目标" in html


def test_the_same_bulletin_gives_the_same_page(bulletin: Bulletin, html: str) -> None:
    assert render_html(bulletin, "tongbao") == html


def test_control_characters_are_dropped(bulletin: Bulletin) -> None:
    from dataclasses import replace

    odd = replace(bulletin, contact="联系\x00人\u202e：\x1b甲")
    assert "（联系人：甲）" in render_html(odd, "tongbao")


def test_areas_of_one_rank_share_a_row_and_those_that_the_note_names_are_hidden(bulletin: Bulletin) -> None:
    from dataclasses import replace

    def row(rank: str, area: str, value: str) -> AreaRow:
        return AreaRow(rank, area, Figure(value), Figure(""), "持平" if value else "—")

    none = [row("2（并列）", f"{name}镇", "0") for name in "乙丙丁戊"]
    rows = (row("1", "甲镇", "3"), *none, row("—", "己镇", ""))
    section = AreaSection("新增企业", "家", "1—6月累计", rows, False, "注：己镇数据未报，不参与排名。")
    text = render_html(replace(bulletin, areas=(section,)), "tongbao")
    assert '<th scope="row">乙镇、丙镇、丁镇、戊镇（共4个）</th>' in text
    assert text.count("己镇") == 2
    assert re.search(r'<tr class="unranked" hidden>\s*<td class="centred">—</td>\s*<th scope="row">己镇</th>', text)
    unnamed = render_html(replace(bulletin, areas=(replace(section, note=""),)), "tongbao")
    assert '<th scope="row">己镇</th>' in unnamed


def test_a_part_of_a_counted_list_is_marked_in_it(html: str) -> None:
    assert "计数规则：据“亿元以上工业项目台账”逐行计数" in html
    assert "（共40条，其中①新开工5亿元以上项目4条、②新开工10亿元以上项目1条）" in html
    assert html.count('class="part-mark"') == 2
