"""The bulletin's boxes on paper: GB/T 9704's measures, and nothing cut, broken or left alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flows.render.pdf import lay_out
from flows.render.templates import TEMPLATES
from tests.render.pages import (
    MM,
    descendants,
    goes_on,
    in_head,
    lines,
    margin,
    of_type,
    own_lines,
    paragraphs,
    root,
    sticking_out,
    texts,
)
from transforms.writing.bulletin import Bulletin, CountedList

NEVER_FIRST = "，。、；：？！）》”％%…"
"""Marks that may not begin a line (GB/T 15834)."""


@pytest.fixture(scope="module")
def boxes(bulletin: Bulletin, fonts: Path) -> Any:
    """WeasyPrint's own pages, to be measured."""
    return lay_out(bulletin, TEMPLATES / "tongbao", fonts).rendered.pages


def test_a_full_body_line_holds_28_characters_over_156_mm(plain: Bulletin, fonts: Path) -> None:
    characters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地人和日月"
    long = replace(plain, paragraphs=(characters * 6,))
    rendered = lay_out(long, TEMPLATES / "tongbao", fonts).rendered
    full = [
        text
        for text in texts(rendered.pages[0]._page_box)
        if len(text.text) == 28 and set(text.text) <= set(characters)
    ]
    assert len(full) >= 4
    for text in full:
        assert text.width == pytest.approx(156 * MM, abs=0.1 * MM)
        assert text.position_x == pytest.approx(28 * MM, abs=0.01 * MM)


def test_lines_of_mixed_faces_keep_the_pitch_of_22_to_a_page(boxes: Any) -> None:
    measured = 0
    for paragraph in paragraphs(boxes[1]._page_box):
        for above, below in pairwise(own_lines(paragraph)):
            assert (below.position_y - above.position_y) / MM == pytest.approx(225 / 22, abs=0.002)
            measured += 1
    assert measured >= 3


def test_justified_lines_end_at_the_right_edge(boxes: Any) -> None:
    for page in boxes[1:4]:
        for paragraph in paragraphs(page._page_box):
            for line in own_lines(paragraph)[:-1]:
                ends = max(text.position_x + text.width for text in texts(line))
                assert ends / MM == pytest.approx(28 + 156, abs=0.3)


def test_no_line_begins_with_a_mark(boxes: Any) -> None:
    wrong = []
    for page in boxes:
        for line in lines(page._page_box):
            text = "".join(box.text for box in texts(line)).strip()
            if text and text[0] in NEVER_FIRST and len(text) > 1:
                wrong.append(text)
    assert wrong == []


def test_no_range_is_broken_at_a_line_end(boxes: Any) -> None:
    for page in boxes:
        for line in lines(root(page._page_box)):
            text = "".join(box.text for box in texts(line)).strip()
            assert len(text) < 2 or not text.endswith(("—", "～"))
            assert len(text) < 2 or not text.startswith(("—6", "～6"))


def test_nothing_sticks_out_of_its_cell_or_the_text_block(boxes: Any) -> None:
    assert sticking_out(boxes) == []


def test_no_heading_stands_alone_at_a_page_s_foot(boxes: Any) -> None:
    for page in boxes:
        lowest = max(
            (text for text in texts(root(page._page_box)) if text.text.strip()),
            key=lambda text: text.position_y,
        )
        assert lowest.element_tag not in {"h1", "h2", "h3", "caption"}


# --- Tables that go on ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_boxes(bulletin: Bulletin, fonts: Path) -> Any:
    """100 areas, names of 60 characters, a unit of 60 characters, an indicator with eight lead units."""
    name = (
        "规模以上工业企业中开展数字化转型诊断并完成改造提升"
        "且通过省级以上认定验收的专精特新中小企业（含“小巨人”）占规上工业企业的比重"
    )
    unit = (
        "六安市金安区经济开发区管理委员会重大项目建设服务中心"
        "与区投资创业中心联合设立的战略性新兴产业集聚发展基地办公室工作专班"
    )
    assert min(len(name), len(unit)) >= 58
    first = bulletin.areas[0].rows[0]
    many = tuple(replace(first, rank=str(at), area=f"{name[:18]}第{at}区") for at in range(1, 101))
    [section, *sections] = bulletin.sections
    wide = replace(section.rows[0], name=name, lead_units=(unit, *(f"区第{at}工作局" for at in range(7))))
    odd = replace(
        bulletin,
        areas=(replace(bulletin.areas[0], rows=many), bulletin.areas[1]),
        sections=(replace(section, rows=(wide, *section.rows[1:])), *sections),
        tasks=tuple(replace(bulletin.tasks[0], task=name, unit=unit) for _ in range(30)),
        revisions=bulletin.revisions * 30,
        quality=bulletin.quality * 8,
        sources=bulletin.sources * 9,
    )
    return lay_out(odd, TEMPLATES / "tongbao", fonts).rendered.pages


@pytest.fixture(params=["boxes", "long_boxes"])
def each(request: pytest.FixtureRequest) -> Any:
    """The pages of the full bulletin, and those of one where everything is long."""
    return request.getfixturevalue(request.param)


def test_no_row_is_split(each: Any) -> None:
    seen: list[int] = []
    for page in each:
        seen += [id(row.element) for row in of_type(root(page._page_box), "TableRowBox") if not in_head(row)]
    assert len(seen) == len(set(seen)) > 100


def test_a_table_thatgoes_on_says_so_over_a_repeated_head(each: Any) -> None:
    wrong, names = [], []
    for number, page in enumerate(each, 1):
        going_on = [table for table in of_type(root(page._page_box), "TableBox") if goes_on(table)]
        told = "".join(text.text for text in texts(margin(page._page_box, "@top-left")))
        if len(going_on) != told.count("（续表）"):
            wrong.append((number, told))
        for table in going_on:
            names.append(told)
            if not any(in_head(row) for row in of_type(table, "TableRowBox")):
                wrong.append((number, "no head"))
    assert wrong == []
    assert {"表1　规模以上工业总产值（续表）", "附件1　2024年1—6月主要指标进展情况表（续表）"} <= set(names)


def test_every_long_table_names_itself(long_boxes: Any) -> None:
    told = {"".join(text.text for text in texts(margin(page._page_box, "@top-left"))) for page in long_boxes}
    assert {
        "附件2　2024年1—6月定性任务进展情况表（续表）",
        "附件3（一）亿元以上工业项目新开工清单（续表）",
        "附件4　数据质量说明（续表）",
        "附件4　修订说明（续表）",
        "附件4　资料来源（续表）",
    } <= told


def test_nothing_long_is_cut(long_boxes: Any) -> None:
    assert sticking_out(long_boxes) == []


# --- The end --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paragraphs_more", "alone"), [(0, True), (4, False)])
def test_the_imprint_stands_at_the_foot_of_an_even_last_page(
    plain: Bulletin, fonts: Path, paragraphs_more: int, alone: bool
) -> None:
    longer = replace(
        plain, copies="区委办公室。", paragraphs=plain.paragraphs + plain.paragraphs[1:2] * paragraphs_more
    )
    pages = lay_out(longer, TEMPLATES / "tongbao", fonts).rendered.pages
    assert len(pages) % 2 == 0
    last = root(pages[-1]._page_box)
    [imprint] = [box for box in descendants(last) if box.element.get("class") == "imprint"]
    [lines_of_it] = [box for box in descendants(imprint) if box.element_tag == "div"]
    assert (lines_of_it.position_y + lines_of_it.border_height()) / MM == pytest.approx(297 - 35, abs=0.1)
    number = margin(pages[-1]._page_box, "@bottom-left")
    assert "".join(text.text for text in texts(number)) == f"— {len(pages)} —"
    assert (len(texts(last)) == len(texts(imprint))) is alone
    others = [box for page in pages[:-1] for box in descendants(page._page_box) if box.element is not None]
    assert [box for box in others if box.element.get("class") == "imprint"] == []


def test_pages_are_numbered_right_on_odd_and_left_on_even_pages(boxes: Any) -> None:
    for number, page in enumerate(boxes, 1):
        box = margin(page._page_box, "@bottom-right" if number % 2 else "@bottom-left")
        [text] = texts(box)
        assert text.text == f"— {number} —"
        assert text.style["font_size"] == pytest.approx(14 * 4 / 3)
        edge = page._page_box.content_box_x() + page._page_box.width - text.position_x - text.width
        side = edge if number % 2 else text.position_x - page._page_box.content_box_x()
        assert side == pytest.approx(14 * 4 / 3, abs=1), number


def test_a_full_page_has_22_lines(bulletin: Bulletin, fonts: Path) -> None:
    long = replace(bulletin, paragraphs=bulletin.paragraphs * 6)
    page = lay_out(long, TEMPLATES / "tongbao", fonts).rendered.pages[1]
    tops = {round(line.position_y, 1) for one in paragraphs(page._page_box) for line in own_lines(one)}
    assert len(tops) == 22


def test_lists_of_one_row_do_not_drag_each_other_to_the_next_page(bulletin: Bulletin, fonts: Path) -> None:
    row = replace(bulletin.counted[0].rows[0], marks="")
    lists = (CountedList("亿元以上项目", (row,) * 14), *(CountedList(f"名单{at}", (row,)) for at in range(4)))
    pages = lay_out(replace(bulletin, counted=lists), TEMPLATES / "tongbao", fonts).rendered.pages
    tables = [len(of_type(root(page._page_box), "TableBox")) for page in pages if "计数项目" in _words(page)]
    assert tables[-1] >= 2


def _words(page: Any) -> str:
    return "".join(text.text for text in texts(root(page._page_box)) if text.element_tag == "h2")
