"""The bulletin on paper: nothing lost, nothing fetched, the same bytes, GB/T 9704's measures."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import flows.render.justification as justification
import flows.render.templates as templates
from flows.render import render_pdf
from flows.render.pdf import lay_out
from flows.render.templates import TEMPLATES
from transforms.errors import EnvironmentFault, UsageError
from transforms.writing.bulletin import Bulletin, CountedList, CountedRow

MM = 96 / 25.4
"""CSS pixels in a millimetre."""
NEVER_FIRST = "，。、；：？！）》”％%…"
"""Marks that may not begin a line (GB/T 15834)."""


@pytest.fixture(scope="session")
def pages(pdf: bytes) -> list[str]:
    return [_squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture(scope="session")
def boxes(bulletin: Bulletin, fonts: Path) -> Any:
    """WeasyPrint's own pages, to be measured."""
    return lay_out(bulletin, TEMPLATES / "tongbao", fonts).rendered.pages


def test_every_text_of_the_bulletin_is_on_some_page(bulletin: Bulletin, pages: list[str]) -> None:
    banner = "演示数据：本件数据为演示而编造，不是真实统计数据，不得引用"
    whole = "".join(text.replace(banner, "").replace(f"—{number}—", "") for number, text in enumerate(pages, 1))
    wanted = [*bulletin.paragraphs, bulletin.number, bulletin.dated, bulletin.addressees]
    for row in (row for section in bulletin.sections for row in section.rows):
        wanted += [row.name, row.target, row.actual.text, row.completion.text, row.gap.text]
        wanted += [row.gap_unit, row.status_word, *row.lead_units]
    for behind in bulletin.behind:
        wanted += [behind.name, behind.progress, behind.gap, behind.needed, behind.remark]
    for area in (row for section in bulletin.areas for row in section.rows):
        wanted += [area.area, area.value.text, area.rank]
    wanted += [text for task in bulletin.tasks for text in (task.task, task.unit, task.progress)]
    wanted += [row.name for counted in bulletin.counted for row in counted.rows]
    wanted += [*bulletin.unreported, *bulletin.method]
    wanted += [text for q in bulletin.quality for text in (q.subject, q.place, q.found, q.treatment)]
    wanted += [row.sha256[:12] for row in bulletin.sources]
    assert [text for text in wanted if _squeezed(text) not in whole] == []


def test_every_page_is_marked_as_demonstration(pages: list[str]) -> None:
    assert [number for number, text in enumerate(pages, 1) if "演示数据" not in text] == []


def test_metadata_says_demonstration(pdf: bytes) -> None:
    told = PdfReader(io.BytesIO(pdf)).metadata
    assert told is not None
    assert told.title is not None
    assert told.title.startswith("【演示数据】")
    assert told.subject is not None
    assert "演示数据" in told.subject
    assert "演示数据" in str(told["/Keywords"])
    assert str(told["/CreationDate"]).startswith("D:20240715")


def test_a_genuine_short_bulletin_has_no_mark_and_no_gap_in_its_numbers(plain: Bulletin, fonts: Path) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(plain, "tongbao", fonts)))
    whole = "".join(_squeezed(page.extract_text()) for page in reader.pages)
    assert "演示" not in whole
    assert "1．2024年1—6月主要指标进展情况表2．编制说明及资料来源" in whole
    assert "附件3" not in whole
    assert [_squeezed(str(entry.title)) for entry in _flat(reader.outline)][1:] == [
        "一、总体进展",
        "2024年1—6月主要指标进展情况表",
        "编制说明及资料来源",
        "一、编制说明",
        "二、资料来源",
    ]


def test_pages_are_a4_upright_or_turned_and_none_is_empty(pdf: bytes, pages: list[str]) -> None:
    sizes = {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in PdfReader(io.BytesIO(pdf)).pages
    }
    assert sizes == {(595, 842), (842, 595)}
    assert [number for number, text in enumerate(pages, 1) if len(text) < 60] == []


def test_pages_are_numbered(pages: list[str]) -> None:
    for number, text in enumerate(pages, 1):
        assert f"—{number}—" in text


def test_the_main_table_goes_on_under_a_repeated_head(pages: list[str]) -> None:
    continued = [text for text in pages if "主要指标进展情况表（续表）" in text]
    assert len(continued) >= 3
    for text in continued:
        assert "牵头单位" in text


def test_the_pdf_is_tagged_in_chinese_with_bookmarks(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "zh-CN"
    assert catalogue["/MarkInfo"]["/Marked"]
    titles = [str(entry.title) for entry in _flat(reader.outline)]
    assert titles[0].endswith("的通报")
    assert "一、总体进展" in titles
    assert "2024年1—6月定性任务进展情况表" in titles


def test_the_same_bulletin_gives_the_same_bytes(bulletin: Bulletin, pdf: bytes, fonts: Path) -> None:
    assert render_pdf(bulletin, "tongbao", fonts) == pdf


def test_a_second_process_gives_the_same_bytes(pdf: bytes, fonts: Path) -> None:
    program = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[1]); import conftest;"
        "from flows.render import render_pdf;"
        "print(hashlib.sha256(render_pdf(conftest.full_bulletin(), 'tongbao',"
        " pathlib.Path(sys.argv[2]))).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent), str(fonts)],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai"},
        cwd=TEMPLATES.parent,
    )
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_a_character_that_no_font_has_stops_the_pdf(plain: Bulletin, fonts: Path) -> None:
    firm = CountedRow("六安\U000e1234智造有限公司", "", "", "", "")
    odd = replace(plain, counted=(CountedList("名单", (firm,)),))
    with pytest.raises(EnvironmentFault, match=r"U\+E1234.*六安.智造有限公司"):
        render_pdf(odd, "tongbao", fonts)


def test_a_folder_without_fonts_names_the_cure(plain: Bulletin, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="make setup"):
        render_pdf(plain, "tongbao", tmp_path)


def test_an_unknown_template_names_those_there_are(plain: Bulletin, fonts: Path) -> None:
    with pytest.raises(UsageError, match="tongbao"):
        render_pdf(plain, "kuaibao", fonts)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ('<img src="http://192.0.2.1/logo.png" alt="">', "拒绝读取"),
        ('<img src="file:///etc/passwd" alt="">', "拒绝读取"),
        ('<img src="../../pyproject.toml" alt="">', "拒绝读取"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg"><rect transform="scale()" width="9" height="9"/></svg>',
            "SVG",
        ),
        ('<p style="colour: red">', "colour"),
    ],
)
def test_a_broken_template_stops_the_pdf(
    plain: Bulletin,
    fonts: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
    told: str,
) -> None:
    folder = _copied(tmp_path)
    monkeypatch.setattr(templates, "TEMPLATES", folder.parent)
    page = folder / "bulletin.html.j2"
    page.write_text(page.read_text("utf-8").replace("</main>", f"{broken}</main>"), "utf-8")
    with pytest.raises(EnvironmentFault, match=told):
        render_pdf(plain, "broken", fonts)


def test_a_broken_stylesheet_stops_the_pdf(plain: Bulletin, fonts: Path, tmp_path: Path) -> None:
    folder = _copied(tmp_path)
    sheet = folder / "style.css"
    sheet.write_text(sheet.read_text("utf-8") + "\nh1 { font-size: huge; }", "utf-8")
    with pytest.raises(EnvironmentFault, match="font-size"):
        lay_out(plain, folder, fonts)


def test_another_version_of_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(justification, "VERSION", "69.0")
    with pytest.raises(EnvironmentFault, match="make setup"):
        justification.install_justification()


# --- Geometry -----------------------------------------------------------------------------------


def test_a_full_body_line_holds_28_characters_over_156_mm(plain: Bulletin, fonts: Path) -> None:
    characters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地人和日月"
    long = replace(plain, paragraphs=(characters * 6,))
    rendered = lay_out(long, TEMPLATES / "tongbao", fonts).rendered
    texts = [
        text
        for text in _texts(rendered.pages[0]._page_box)
        if len(text.text) == 28 and set(text.text) <= set(characters)
    ]
    assert len(texts) >= 4
    for text in texts:
        assert text.width == pytest.approx(156 * MM, abs=0.1 * MM)
        assert text.position_x == pytest.approx(28 * MM, abs=0.01 * MM)


def test_lines_of_mixed_faces_keep_the_pitch_of_22_to_a_page(boxes: Any) -> None:
    measured = 0
    for paragraph in _paragraphs(boxes[1]._page_box):
        lines = [child for child in paragraph.children if type(child).__name__ == "LineBox"]
        for above, below in pairwise(lines):
            assert (below.position_y - above.position_y) / MM == pytest.approx(225 / 22, abs=0.002)
            measured += 1
    assert measured >= 3


def test_justified_lines_end_at_the_right_edge(boxes: Any) -> None:
    for page in boxes[1:4]:
        for paragraph in _paragraphs(page._page_box):
            lines = [child for child in paragraph.children if type(child).__name__ == "LineBox"]
            for line in lines[:-1]:
                ends = max(text.position_x + text.width for text in _texts(line))
                assert ends / MM == pytest.approx(28 + 156, abs=0.3)


def test_no_line_begins_with_a_mark(boxes: Any) -> None:
    wrong = []
    for page in boxes:
        for line in _lines(page._page_box):
            text = "".join(box.text for box in _texts(line)).strip()
            if text and text[0] in NEVER_FIRST and len(text) > 1:
                wrong.append(text)
    assert wrong == []


def test_no_range_is_broken_at_a_line_end(boxes: Any) -> None:
    for page in boxes:
        for line in _lines(_root(page._page_box)):
            text = "".join(box.text for box in _texts(line)).strip()
            assert len(text) < 2 or not text.endswith(("—", "～"))
            assert len(text) < 2 or not text.startswith(("—6", "～6"))


def test_nothing_sticks_out_of_its_cell_or_the_text_block(boxes: Any) -> None:
    wrong = []
    for page in boxes:
        box = page._page_box
        left, right = box.content_box_x(), box.content_box_x() + box.width
        bottom = box.content_box_y() + box.height
        for text in _texts(_root(box)):
            if not text.text.strip():
                continue
            if text.position_x < left - 1 or text.position_x + text.width > right + 1.5:
                wrong.append(text.text)
            if text.position_y + text.height > bottom + 1:
                wrong.append(text.text)
        for cell in _of_type(box, "TableCellBox"):
            for text in _texts(cell):
                ends = text.position_x + text.width
                if ends > cell.position_x + cell.border_width() + 0.5:
                    wrong.append(text.text)
    assert wrong == []


def test_no_heading_stands_alone_at_a_page_s_foot(boxes: Any) -> None:
    for page in boxes:
        root = _root(page._page_box)
        lowest = max(
            (text for text in _texts(root) if text.text.strip() and text.style["visibility"] == "visible"),
            key=lambda text: text.position_y,
        )
        assert lowest.element_tag not in {"h1", "h2", "h3", "caption"}


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u2060", "")


def _flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def _copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES / "tongbao", tmp_path / "report_templates" / "broken"))


def _root(page: Any) -> Any:
    return next(child for child in page.children if child.element_tag == "html")


def _descendants(box: Any) -> Iterator[Any]:
    # A table's children are wrapped; its captions and groups come through the wrapper.
    for child in getattr(box, "children", ()):
        child = getattr(child, "_box", child)
        yield child
        yield from _descendants(child)


def _texts(box: Any) -> list[Any]:
    return _of_type(box, "TextBox")


def _lines(box: Any) -> list[Any]:
    return _of_type(box, "LineBox")


def _of_type(box: Any, name: str) -> list[Any]:
    return [child for child in _descendants(box) if type(child).__name__ == name]


def _paragraphs(page: Any) -> list[Any]:
    """The paragraphs of the body: upright, 16 pt."""
    return [
        box
        for box in _descendants(page)
        if box.element_tag == "p"
        and type(box).__name__ == "BlockBox"
        and box.style["font_size"] == pytest.approx(16 * 4 / 3)
        and box.style["text_align_all"] == "justify"
    ]
