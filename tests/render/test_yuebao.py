"""The analytic monthly: its summary on one page, every figure told and traceable, nothing cut or left alone."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import page as validator
import pytest
from pypdf import PdfReader

from flows.render import render_html, render_pdf
from flows.render.pdf import lay_out
from flows.render.templates import TEMPLATES
from tests.render.pages import (
    ATTACHED,
    descendants,
    flat,
    goes_on,
    in_head,
    of_type,
    root,
    squeezed,
    sticking_out,
    texts,
)
from transforms.writing.bulletin import Bulletin, SummaryPoint
from transforms.writing.editions import Edition

FOLDER = TEMPLATES / "yuebao"


@pytest.fixture(scope="module")
def boxes(bulletin: Bulletin, fonts: Path) -> Any:
    """WeasyPrint's own pages, to be measured."""
    return lay_out(bulletin, FOLDER, fonts).rendered.pages


@pytest.fixture(scope="module")
def monthly(bulletin: Bulletin, fonts: Path) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(bulletin, "yuebao", fonts, ATTACHED)))


@pytest.fixture(scope="module")
def page(bulletin: Bulletin) -> str:
    return render_html(bulletin, "yuebao")


# --- The summary ------------------------------------------------------------------------------------


def test_the_summary_is_the_first_page_and_no_other(boxes: Any, bulletin: Bulletin) -> None:
    first, second = (root(page._page_box) for page in boxes[:2])
    told = squeezed("".join(text.text for text in texts(first)))
    assert [point.text for point in bulletin.summary if squeezed(point.text) not in told] == []
    assert {status.word.replace("全年目标", "") for status in bulletin.statuses if status.word not in told} <= set(
        re.findall(r"已完成|未完成", told)
    )
    rows = {row.code: row for section in bulletin.sections for row in section.rows}
    assert [code for code in bulletin.headline if squeezed(rows[code].name) not in told] == []
    assert len(_of_tag(first, "h1")) == 1
    heads = [squeezed("".join(text.text for text in texts(head))) for head in _of_tag(second, "h2")]
    assert heads[0] == "一、工业经济稳中求进"


@pytest.mark.parametrize("times", [3, 5, 7])
def test_a_long_summary_still_fits_its_page(bulletin: Bulletin, fonts: Path, times: int) -> None:
    """Up to 1,500 characters of prose; the shipped districts' months have 900."""
    sentence = "严重滞后的有3项：技改投资增速，按上年同期水平推算，7—12月增速须达到33.6%以上。"
    points = tuple(SummaryPoint(label, sentence * times) for label in ("总体", "领先", "滞后", "变化", "未报"))
    pages = lay_out(replace(bulletin, summary=points), FOLDER, fonts).rendered.pages
    told = [squeezed("".join(text.text for text in texts(root(page._page_box)))) for page in pages[:2]]
    assert [page.count("严重滞后的有3项：技改投资增速，按上年") for page in told] == [5 * times, 0]
    assert sticking_out(pages[:1]) == []


def test_a_headline_indicator_has_its_bar_and_its_line(page: str, bulletin: Bulletin) -> None:
    cover = page.partition('<ul class="headline"')[2].partition("</ul>")[0]
    rows = {row.code: row for section in bulletin.sections for row in section.rows}
    panels = cover.split("<li>")[1:]
    assert len(panels) == 6
    for code, panel in zip(bulletin.headline, panels, strict=True):
        assert rows[code].status_word.partition("全年目标")[0] in panel
        assert "chart-sparkline" in panel
        history = next(one for one in bulletin.histories if one.code == code)
        assert ("chart-bullet" in panel) is history.is_pro_rated


# --- Paper --------------------------------------------------------------------------------------------


def test_every_indicator_area_and_note_is_on_some_page(monthly: PdfReader, bulletin: Bulletin) -> None:
    whole = "".join(re.sub(r"演示数据不得引用.*?第\d+页，共\d+页", "", text) for text in _pages(monthly))
    wanted = [paragraph for one in bulletin.commentaries for paragraph in one.paragraphs]
    for row in (row for section in bulletin.sections for row in section.rows):
        wanted += [row.name, row.target, row.actual.text, row.completion.text, row.gap.text, row.status_word]
    for behind in bulletin.behind:
        wanted += [behind.name, behind.progress, behind.gap, behind.needed, behind.remark]
    for area in (row for section in bulletin.areas for row in section.rows):
        wanted += [area.area, area.value.text, area.rank]
    wanted += [*bulletin.unreported, *bulletin.method]
    wanted += [text for q in bulletin.quality for text in (q.subject, q.found, q.treatment)]
    wanted += [text for row in bulletin.revisions for text in (row.name, row.old.text, row.new.text)]
    wanted += [row.sha256[:12] for row in bulletin.sources]
    assert [text for text in wanted if squeezed(text) not in whole] == []


def test_running_heads_name_section_issue_page_and_demonstration(boxes: Any, bulletin: Bulletin) -> None:
    for number, page in enumerate(boxes, 1):
        told = {at: _told(page, at) for at in ("@top-right", "@bottom-left", "@bottom-center", "@bottom-right")}
        assert told["@bottom-left"] == "演示数据　不得引用"
        assert told["@bottom-right"] == f"第 {number} 页，共 {len(boxes)} 页"
        if number > 1:
            assert told["@bottom-center"] == "金安区月报　2024年1—6月　第6期"
            heads = _of_tag(root(page._page_box), "h2")
            assert told["@top-right"] or heads
    assert _told(boxes[2], "@top-right").startswith("一、")
    assert _told(boxes[-1], "@top-right").endswith("编制说明及资料来源")


def test_nothing_sticks_out_of_its_cell_or_the_page(boxes: Any) -> None:
    assert sticking_out(boxes) == []
    for page in boxes:
        box = page._page_box
        right, bottom = box.content_box_x() + box.width, box.content_box_y() + box.height
        for drawing in (one for one in descendants(root(box)) if _is_drawing(one)):
            assert drawing.position_x + drawing.width <= right + 0.5
            assert drawing.position_y + drawing.height <= bottom + 0.5


def test_no_heading_stands_alone_at_a_page_s_foot(boxes: Any) -> None:
    for page in boxes:
        shown = [box for box in descendants(root(page._page_box)) if _is_seen(box)]
        lowest = max(shown, key=lambda box: box.position_y + box.height)
        assert lowest.element_tag not in {"h1", "h2", "h3", "caption", "figcaption"}


def test_no_row_is_split_and_a_table_that_goes_on_says_so_over_its_head(boxes: Any) -> None:
    seen: list[int] = []
    going_on = 0
    for page in boxes:
        body = root(page._page_box)
        seen += [id(row.element) for row in of_type(body, "TableRowBox") if not in_head(row)]
        tables = [table for table in of_type(body, "TableBox") if goes_on(table)]
        told = _told(page, "@top-left")
        assert told.count("（续表）") == len(tables)
        for table in tables:
            assert any(in_head(row) for row in of_type(table, "TableRowBox"))
        going_on += len(tables)
    assert len(seen) == len(set(seen)) > 100
    assert going_on >= 5


def test_a_draft_says_so_on_every_page_and_an_issue_on_none(plain: Bulletin, fonts: Path) -> None:
    for edition, drawn in ((Edition(), True), (Edition(number=6), False)):
        pages = lay_out(replace(plain, edition=edition), FOLDER, fonts).rendered.pages
        assert len(pages) > 1
        for page in pages:
            background = page._page_box.background
            images = [layer.image for layer in background.layers if layer.image] if background else []
            assert bool(images) is drawn
        assert ("征求意见稿" in _told(pages[1], "@bottom-center")) is drawn


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_a_validator_finds_no_fault(monthly: PdfReader, profile: str) -> None:
    monthly.stream.seek(0)
    report = validator.validate_pdf_bytes(monthly.stream.read(), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.rules.passed > 100


def test_bookmarks_lead_to_every_section(monthly: PdfReader, bulletin: Bulletin) -> None:
    titles = [squeezed(str(entry.title)) for entry in flat(monthly.outline)]
    assert titles[0] == squeezed(bulletin.title.partition("关于")[2].replace("的通报", "月报"))
    for section in bulletin.sections:
        assert [title for title in titles if title.partition("、")[2] == squeezed(section.title.partition("、")[2])]
    assert {"六、乡镇（街道）、园区情况", "七、全年进度一览", "十、编制说明及资料来源"} <= set(titles)
    catalogue: Any = monthly.trailer["/Root"]
    assert catalogue["/Lang"] == "zh-CN"


def test_a_short_bulletin_has_no_empty_part(plain: Bulletin, fonts: Path) -> None:
    told = "".join(_pages(PdfReader(io.BytesIO(render_pdf(plain, "yuebao", fonts, ATTACHED)))))
    assert "演示" not in told
    for missing in ("乡镇", "滞后指标", "未报送", "修订说明"):
        assert missing not in told


def test_a_year_of_many_indicators_has_its_calendar_whole(bulletin: Bulletin, fonts: Path) -> None:
    long = (
        "规模以上工业企业中开展数字化转型诊断并完成改造提升且通过省级以上认定验收的专精特新中小企业占规上工业企业的比重"
    )
    histories = tuple(replace(bulletin.histories[at % 52], name=f"{long}{at}") for at in range(120))
    pages = lay_out(replace(bulletin, histories=histories), FOLDER, fonts).rendered.pages
    charts = [
        (page._page_box, box)
        for page in pages
        for box in descendants(root(page._page_box))
        if _is_drawing(box) and "chart-calendar" in (box.element.get("class") or "")
    ]
    assert len(charts) == 3
    for page, chart in charts:
        assert chart.position_y + chart.height <= page.content_box_y() + page.height


# --- Screen -------------------------------------------------------------------------------------------


def test_headings_go_down_one_level_at_a_time_and_sections_are_reached_by_links(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert page.count("<main>") == 1
    assert '<nav class="contents" id="contents" aria-label="目录">' in page


def test_every_table_has_a_caption_and_scopes_and_every_drawing_a_title(page: str) -> None:
    for table in re.findall(r"(?s)<table.*?</table>", page):
        assert "<caption>" in table
        assert len(re.findall(r"<th\b", table)) == table.count('scope="')
    for drawing in re.findall(r"(?s)<svg.*?</svg>", page):
        assert 'role="img"' in drawing
        assert re.search(r"<title>[^<]+</title>", drawing)


def test_every_figure_of_an_indicator_tells_its_cell(page: str, bulletin: Bulletin) -> None:
    for row in (row for section in bulletin.sections for row in section.rows):
        told = page.partition(f'id="i-{row.code}"')[2].partition("</tr>")[0]
        assert "<summary>出处</summary>" in told
        if row.actual.sources:
            assert row.actual.sources[0] in told


def _pages(reader: PdfReader) -> list[str]:
    return [squeezed(page.extract_text()) for page in reader.pages]


def _told(page: Any, at: str) -> str:
    boxes = [box for box in page._page_box.children if getattr(box, "at_keyword", "") == at]
    return "".join(text.text for box in boxes for text in texts(box))


def _of_tag(box: Any, tag: str) -> list[Any]:
    return [one for one in descendants(box) if one.element_tag == tag and type(one).__name__ == "BlockBox"]


def _is_seen(box: Any) -> bool:
    return _is_drawing(box) or (type(box).__name__ == "TextBox" and bool(box.text.strip()))


def _is_drawing(box: Any) -> bool:
    return type(box).__name__ in {"BlockReplacedBox", "InlineReplacedBox"}


def test_the_cover_says_nothing_of_a_growth_that_is_not_known(bulletin: Bulletin) -> None:
    sections = tuple(
        replace(section, rows=tuple(replace(row, growth=replace(row.growth, text="")) for row in section.rows))
        for section in bulletin.sections
    )
    cover = render_html(replace(bulletin, sections=sections), "yuebao").partition('class="contents"')[0]
    assert 'class="value"' in cover
    assert 'class="growth">同比' not in cover
    assert 'class="growth">同比' in render_html(bulletin, "yuebao")


def test_a_section_of_many_headline_charts_breaks_between_their_rows() -> None:
    topic = (TEMPLATES / "yuebao/parts/topic.html.j2").read_text(encoding="utf-8")
    from jinja2 import Environment

    grids = topic[topic.index("{% for some") : topic.index('<div class="scroll"')]
    histories = [{"name": f"指标{number}"} for number in range(25)]
    page = Environment(autoescape=True).from_string(
        "{% macro year(h) %}图{% endmacro %}" + grids.replace("y.year", "year")
    )
    html = page.render(shown={"list": histories})
    assert [grid.count("<figure>") for grid in html.split('<div class="figures">')[1:]] == [6, 6, 6, 6, 1]
