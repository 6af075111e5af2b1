"""The bulletin on paper: nothing lost, nothing fetched, the same bytes, GB/T 9704's measures."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import flows.render.justification as justification
import flows.render.templates as templates
from flows.render import render_pdf
from flows.render.pdf import lay_out, lay_out_page
from flows.render.templates import TEMPLATES, template_folder
from tests.render.pages import ATTACHED, flat, squeezed
from transforms.errors import EnvironmentFault, UsageError
from transforms.writing.bulletin import Bulletin, CountedList, CountedRow
from transforms.writing.editions import DRAFT


@pytest.fixture(scope="session")
def pages(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


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
    assert [text for text in wanted if squeezed(text) not in whole] == []


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
    reader = PdfReader(io.BytesIO(render_pdf(plain, "tongbao", fonts, {})))
    whole = "".join(squeezed(page.extract_text()) for page in reader.pages)
    assert "演示" not in whole
    assert "1．2024年1—6月主要指标进展情况表2．编制说明及资料来源" in whole
    assert "附件3" not in whole
    assert [squeezed(str(entry.title)) for entry in flat(reader.outline)][1:] == [
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
    titles = [str(entry.title) for entry in flat(reader.outline)]
    assert titles[0].endswith("的通报")
    assert "一、总体进展" in titles
    assert "2024年1—6月定性任务进展情况表" in titles


def test_the_same_bulletin_gives_the_same_bytes(bulletin: Bulletin, pdf: bytes, fonts: Path) -> None:
    assert render_pdf(bulletin, "tongbao", fonts, ATTACHED) == pdf


def test_a_second_process_gives_the_same_bytes(pdf: bytes, fonts: Path) -> None:
    program = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[1]); import conftest;"
        "from flows.render import render_pdf;"
        "print(hashlib.sha256(render_pdf(conftest.full_bulletin(), 'tongbao',"
        " pathlib.Path(sys.argv[2]), conftest.ATTACHED)).hexdigest())"
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
        render_pdf(odd, "tongbao", fonts, {})


def test_a_folder_without_fonts_names_the_cure(plain: Bulletin, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="make setup"):
        render_pdf(plain, "tongbao", tmp_path, {})


def test_an_unknown_template_names_those_there_are(plain: Bulletin, fonts: Path) -> None:
    with pytest.raises(UsageError, match="tongbao"):
        render_pdf(plain, "kuaibao", fonts, {})


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ('<img src="http://192.0.2.1/logo.png" alt="">', "拒绝读取"),
        ('<img src="file:///etc/passwd" alt="">', "拒绝读取"),
        ('<img src="../../pyproject.toml" alt="">', "拒绝读取"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 9 9" font-family="serif"><title>图</title>'
            '<rect transform="scale()" width="9" height="9"/></svg>',
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
        render_pdf(plain, "broken", fonts, {})


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


def _copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES / "tongbao", tmp_path / "report_templates" / "broken"))


def test_a_page_that_cannot_be_laid_out_is_told(fonts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import weasyprint

    def overwhelmed(*_: object, **__: object) -> None:
        page_is_empty = True
        assert not page_is_empty

    monkeypatch.setattr(weasyprint.HTML, "render", overwhelmed)
    with pytest.raises(EnvironmentFault, match="排不下这一文件（overwhelmed"):
        lay_out_page("<p>甲</p>", template_folder("tongbao"), DRAFT, fonts)
