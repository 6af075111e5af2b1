"""The Word document: the page's own text in an official document's styles, and a file that Word opens as it is."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import Any

import docx
import lxml.html
import pytest

from flows.render import render_docx, word_sheet
from flows.render.templates import TEMPLATES, fill
from tests.render.conftest import HOSTILE
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import DRAFT, Edition

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOLDER = TEMPLATES / "tongbao"

# The order that ECMA-376 prescribes for what we write; Word repairs, or refuses, a file that strays from it.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "trPr": "cantSplit tblHeader",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "pBdr": "top left bottom right between bar",
    "tbl": "tblPr tblGrid tr",
    "tc": "tcPr p",
    "styles": "docDefaults latentStyles style",
}  # fmt: skip


def made(bulletin: Bulletin) -> bytes:
    sheet = word_sheet("tongbao")
    assert sheet is not None
    return render_docx(bulletin, "tongbao", sheet)


@pytest.fixture(scope="module")
def data(bulletin: Bulletin) -> bytes:
    return made(bulletin)


@pytest.fixture(scope="module")
def document(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def squeezed(text: str) -> str:
    return "".join(text.split())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(document: Any) -> list[str]:
    """Every paragraph that says something, those in tables too, in the order of the document."""
    found = (squeezed("".join(t.text or "" for t in p.iter(f"{W}t"))) for p in document.element.body.iter(f"{W}p"))
    return [text for text in found if text]


def drawn(page: Any) -> list[str]:
    """Every paragraph, caption and cell that paper shows, taken from the page without any of the renderer's code."""
    unseen = [
        "//svg", "//script", "//style", "//*[{contents}]", "//*[{provenance}]", "//*[{progress}]", "//*[{banner}]",
        "//*[{bar}]", "//*[{overview}]//thead//th[last()]", "//*[{overview}]//*[{total}]/td[last()]",
        "//*[{indicators}]/caption", "//*[{note-part}]//caption", "//*[{tasks}]/caption",
    ]  # fmt: skip
    for path in unseen:
        for one in page.xpath(re.sub(r"\{([\w-]+)\}", r"contains(concat(' ', @class, ' '), ' \1 ')", path)):
            one.drop_tree()
    blocks = page.xpath("//*[self::h1 or self::h2 or self::h3 or self::p or self::caption or self::th or self::td]")
    return [text for one in blocks if (text := squeezed(one.text_content()))]


# --- Text -----------------------------------------------------------------------------------------


def test_its_text_is_the_papers(document: Any, bulletin: Bulletin) -> None:
    page = lxml.html.document_fromstring(fill(bulletin, FOLDER, style="", script=""))
    assert texts(document) == drawn(page)


def test_every_paragraph_stands_whole_and_in_order(document: Any, bulletin: Bulletin) -> None:
    told = texts(document)
    places = [told.index(squeezed(paragraph)) for paragraph in bulletin.paragraphs]
    assert places == sorted(places)
    assert squeezed(bulletin.title) in told


def test_every_figure_of_the_main_table_stands_in_its_cell(document: Any, bulletin: Bulletin) -> None:
    table = next(
        t for t in document.tables if t.rows[0].cells[0].text.replace("\n", "") == "序号" and len(t.columns) == 12
    )
    rows = [
        [squeezed("".join(t.text or "" for t in cell.iter(f"{W}t"))) for cell in row._tr.iter(f"{W}tc")]
        for row in table.rows
    ]
    told = {cells[0]: cells for cells in rows if len(cells) == 12}
    for row in (row for section in bulletin.sections for row in section.rows):
        cells = told[str(row.serial)]
        period = f"（{row.figure_period}）" if row.figure_period else ""
        assert cells[1:] == [
            squeezed(one)
            for one in (
                row.name + "".join(row.marks), row.unit, row.target, row.actual.text + period, row.growth.text,
                row.completion.text, row.elapsed_path.text, row.last_year_path.text, row.gap.text + row.gap_unit,
                row.status.shape + row.status_word, "、".join(row.lead_units),
            )
        ]  # fmt: skip
    titles = [cells[0] for cells in rows if len(cells) == 1]
    assert titles == [squeezed(section.title) for section in bulletin.sections]


def test_what_a_spreadsheet_brings_stays_text(bulletin: Bulletin) -> None:
    hostile = f"{HOSTILE}\x07\x0b\ufffe\ud800 & ]]> \u202e末"
    told = replace(bulletin, paragraphs=(hostile,), title=f"关于{hostile}的通报", organ="局&<甲>")
    document = docx.Document(io.BytesIO(made(told)))
    kept = squeezed(f"{HOSTILE} & ]]> 末")
    assert kept in texts(document)
    assert squeezed(document.core_properties.title) == f"【演示数据】关于{kept}的通报"
    assert document.core_properties.author == "局&<甲>"


def test_a_short_bulletin_has_no_empty_part(plain: Bulletin) -> None:
    told = texts(docx.Document(io.BytesIO(made(plain))))
    assert "二、编制说明及资料来源" not in told
    assert not any(text.startswith("抄送") for text in told)
    assert "演示数据" not in "".join(told)


# --- Look -----------------------------------------------------------------------------------------


def test_headings_are_words_own_so_that_navigation_works(document: Any) -> None:
    named: dict[str, list[str]] = {}
    for paragraph in document.paragraphs:
        named.setdefault(paragraph.style.name, []).append(squeezed(paragraph.text))
    assert "一、总体进展" in named["Heading 1"]
    assert any(text.startswith("（一）") for text in named["Heading 2"])
    assert named["发文机关标志"] == ["金安区经济和信息化局文件"]
    assert len(named["附件标题"]) == 4
    levels = {
        style.name: style.element.pPr.find(f"{W}outlineLvl").get(f"{W}val")
        for style in document.styles
        if style.name in {"Heading 1", "Heading 2", "附件标题", "附件内标题"}
    }
    assert levels == {"Heading 1": "0", "Heading 2": "1", "附件标题": "0", "附件内标题": "1"}


def test_faces_are_named_for_chinese_and_for_digits(document: Any) -> None:
    faces = {
        style.name: (fonts.get(f"{W}eastAsia"), fonts.get(f"{W}ascii"))
        for style in document.styles
        if (fonts := style.element.find(f"{W}rPr/{W}rFonts")) is not None
    }
    assert faces["Normal"] == ("仿宋_GB2312", "Times New Roman")
    assert faces["Title"][0] == faces["发文机关标志"][0] == "方正小标宋简体"
    assert faces["Heading 1"][0] == "黑体"
    assert faces["Heading 2"][0] == faces["楷体提要"][0] == "楷体_GB2312"
    assert {latin for _, latin in faces.values()} == {"Times New Roman"}


def test_pages_are_those_of_the_standard(document: Any) -> None:
    sizes = [(s.page_width.mm, s.page_height.mm) for s in document.sections]
    assert [tuple(round(side) for side in size) for size in sizes] == [(210, 297), (297, 210), (210, 297)]
    for section in document.sections:
        grid = section._sectPr.find(f"{W}docGrid")
        assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("linesAndChars", "579")
        wide, high = (156, 225) if section.page_width < section.page_height else (225, 156)
        assert section.page_width.mm - section.left_margin.mm - section.right_margin.mm == pytest.approx(wide, abs=0.2)
        assert section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm == pytest.approx(high, abs=0.2)
    first = document.sections[0]
    assert (first.top_margin.mm, first.left_margin.mm) == pytest.approx((37, 28), abs=0.1)


def test_odd_and_even_pages_are_numbered_apart(document: Any) -> None:
    assert document.settings.odd_and_even_pages_header_footer
    first = document.sections[0]
    for footer, side in ((first.footer, "right"), (first.even_page_footer, "left")):
        [paragraph] = footer.paragraphs
        assert paragraph._p.find(f".//{W}jc").get(f"{W}val") == side
        assert paragraph._p.find(f".//{W}fldSimple").get(f"{W}instr").strip() == "PAGE"
        assert "".join(t.text for t in paragraph._p.iter(f"{W}t")) == "— 1 —"


def test_heads_are_repeated_and_rows_stay_whole(document: Any) -> None:
    assert len(document.tables) > 5
    for table in document.tables:
        first, *others = table.rows
        assert first._tr.trPr.find(f"{W}tblHeader") is not None
        assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in (first, *others))
        grid = [int(col.get(f"{W}w")) for col in table._tbl.tblGrid]
        for row in table.rows:
            spans = [int(tc.grid_span) for tc in row._tr.tc_lst]
            assert sum(spans) == len(grid)
            assert sum(int(tc.tcPr.find(f"{W}tcW").get(f"{W}w")) for tc in row._tr.tc_lst) == sum(grid)


def test_the_wide_table_lies_on_the_turned_pages(document: Any) -> None:
    widths = [sum(int(col.get(f"{W}w")) for col in table._tbl.tblGrid) for table in document.tables]
    assert max(widths) == pytest.approx(225 / 25.4 * 1440, abs=12)
    assert sorted(widths)[-2] <= 156 / 25.4 * 1440 + 6


def test_the_imprint_lies_at_the_foot(document: Any) -> None:
    framed = [p for p in document.paragraphs if p._p.find(f".//{W}framePr") is not None]
    assert [squeezed(p.text)[:2] for p in framed] == ["抄送", "金安"]
    assert {p._p.find(f".//{W}framePr").get(f"{W}yAlign") for p in framed} == {"bottom"}
    assert "\t" in framed[-1].text


@pytest.mark.parametrize(("edition", "marked"), [(DRAFT, True), (Edition(6), False)])
def test_a_draft_is_marked_on_odd_and_even_pages(bulletin: Bulletin, edition: Edition, marked: bool) -> None:
    heads = [
        data.decode() for name, data in parts(made(replace(bulletin, edition=edition))).items() if "header" in name
    ]
    assert len(heads) == 2
    assert all(("征求意见稿" in head, "textpath" in head) == (marked, marked) for head in heads)
    assert all("演示数据" in head for head in heads)


# --- File -----------------------------------------------------------------------------------------


def test_its_parts_stand_in_the_order_that_word_asks_for(data: bytes) -> None:
    seen = set()
    for name, part in parts(data).items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in lxml.etree.fromstring(part).iter(*(f"{W}{tag}" for tag in ORDER)):
            if name in {"word/numbering.xml", "word/stylesWithEffects.xml"}:
                continue
            order = ORDER[element.tag.removeprefix(W)].split()
            children = [child.tag.removeprefix(W) for child in element if str(child.tag).startswith(W)]
            assert [child for child in children if child not in order] == []
            assert children == sorted(children, key=order.index), (name, element.tag)
            seen.add(element.tag.removeprefix(W))
    assert seen >= {"pPr", "rPr", "tblPr", "tcPr", "sectPr", "style", "pBdr"}


def test_every_style_that_is_used_is_there_and_every_cell_ends_with_a_paragraph(data: bytes) -> None:
    files = parts(data)
    known = {style.get(f"{W}styleId") for style in lxml.etree.fromstring(files["word/styles.xml"]).iter(f"{W}style")}
    body = lxml.etree.fromstring(files["word/document.xml"])
    used = {one.get(f"{W}val") for one in body.iter(f"{W}pStyle", f"{W}rStyle")}
    assert used <= known
    assert all(cell[-1].tag == f"{W}p" for cell in body.iter(f"{W}tc"))
    assert body[0][-1].tag == f"{W}sectPr"


def test_the_same_bulletin_gives_the_same_bytes(data: bytes, bulletin: Bulletin) -> None:
    assert made(bulletin) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert properties.created.isoformat() == "2024-07-15T00:00:00+00:00" == properties.modified.isoformat()
    assert (properties.author, properties.language) == (bulletin.organ, "zh-CN")


def test_a_template_without_a_word_sheet_is_not_made_for_word() -> None:
    assert word_sheet("yuebao") is None


def test_python_docx_is_opened_only_when_needed() -> None:
    code = "import sys, flows.render; print([name for name in ('docx', 'lxml', 'cssselect2') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_signature_takes_words_of_the_text_along_to_its_page(document: Any) -> None:
    blocks = list(document.element.body)
    at = next(at for at, one in enumerate(blocks) if squeezed("".join(one.itertext())).startswith("附件：1．"))
    before = blocks[at - 1]
    assert before.tag == f"{W}p"
    assert before.find(f"{W}pPr/{W}keepNext") is not None
