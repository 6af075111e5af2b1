"""The PDF as a file to keep and to be read aloud: PDF/A-3a and PDF/UA-1, tags, what is copied, what is attached."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import page
import pydyf
import pytest
from pypdf import PdfReader

from flows.render import render_html, render_pdf
from flows.render.pdf_standards import _compress
from tests.render.pages import ATTACHED
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import DRAFT, Edition

PDFTOTEXT = shutil.which("pdftotext") or ""
FACES = {
    "FandolFang",
    "FandolKai",
    "GB-Latin",
    "LXGW-WenKai",
    "Noto-Sans-SC",
    "Noto-Serif-SC",
    "Noto-Serif-SC-Bold",
    "Noto-Serif-SC-Light",
}
"""GB-Latin is what the style sheet calls Liberation Serif's digits and letters."""


@pytest.fixture(scope="module")
def issue(plain: Bulletin) -> Bulletin:
    """A genuine bulletin with its number."""
    return replace(plain, edition=Edition(6))


@pytest.fixture(scope="module")
def draft(plain: Bulletin, fonts: Path) -> bytes:
    return render_pdf(replace(plain, edition=DRAFT), "tongbao", fonts, {})


@pytest.fixture(scope="module")
def issued(issue: Bulletin, fonts: Path) -> bytes:
    return render_pdf(issue, "tongbao", fonts, {})


@pytest.fixture(scope="module")
def tags(pdf: bytes) -> list[Any]:
    """Every structure element that can be reached from the root, in reading order."""
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    return list(_elements(root["/StructTreeRoot"]))


@pytest.mark.parametrize("profile", ["3a", "ua1"])
@pytest.mark.parametrize("which", ["pdf", "draft", "issued"])
def test_a_validator_finds_no_fault(which: str, profile: str, request: pytest.FixtureRequest) -> None:
    report = page.validate_pdf_bytes(request.getfixturevalue(which), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.rules.passed > 100


def test_the_file_says_that_it_meets_both_standards(pdf: bytes) -> None:
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    metadata = root["/Metadata"].get_object()
    assert "/Filter" not in metadata
    xmp = metadata.get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    assert xmp.count("<rdf:RDF") == 1


def test_the_workbook_is_in_it_as_its_source(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    assert {name: [bytes(one) for one in data] for name, data in reader.attachments.items()} == {
        name: [data] for name, data in ATTACHED.items()
    }
    root: Any = reader.trailer["/Root"]
    [file] = root["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Source"
    assert file.get_object()["/Desc"].endswith("的通报的数据")


def test_nothing_is_attached_where_nothing_is_given(issued: bytes) -> None:
    assert PdfReader(io.BytesIO(issued)).attachments == {}


def test_a_stream_never_ends_where_a_line_s_end_could_be_seen_in_it() -> None:
    pdf = pydyf.PDF()
    font, drawing = pydyf.Stream([b"\x0c"], {"Length1": 1}, True), pydyf.Stream([b"\x0c"], {}, True)
    for stream in (font, drawing):
        assert stream.data.endswith(b"\r\nendstream")
        pdf.add_object(stream)
    _compress(pdf)
    assert not font.data.endswith(b"\r\nendstream")
    assert b"\n\x0c\n" in font.data
    assert not drawing.data.endswith(b"\r\nendstream")
    assert b"FlateDecode" in drawing.data


def test_the_fonts_are_those_of_the_folder_and_embedded(pdf: bytes) -> None:
    found = set()
    for one in PdfReader(io.BytesIO(pdf)).pages:
        fonts: Any = one["/Resources"]
        for font in fonts["/Font"].values():
            [descendant] = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            found.add(str(descriptor["/FontName"]))
    faces = {re.sub(r"^/[A-Z]{6}\+", "", name) for name in found}
    assert faces <= FACES


# --- Tags ---------------------------------------------------------------------------------------


def test_headings_tables_and_drawings_are_tagged(tags: list[Any], bulletin: Bulletin) -> None:
    kinds = Counter(str(tag["/S"]) for tag in tags)
    assert kinds["/H1"] == 1
    assert kinds["/H2"] == 4 + 4
    assert kinds["/H3"] >= 2 + 4
    assert kinds["/Table"] >= 10
    drawings = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(drawings) == len(bulletin.statuses)
    assert all("项，共52项" in str(tag["/Alt"]) for tag in drawings)


def test_every_head_of_a_table_says_what_it_heads(tags: list[Any]) -> None:
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    assert len(heads) > 200
    scopes = Counter(str(tag["/A"].get("/Scope")) for tag in heads)
    assert set(scopes) == {"/Row", "/Column"}
    cells = [tag for tag in tags if tag["/S"] == "/TD"]
    assert [cell for cell in cells if not cell["/A"].get("/Headers")] == []


def test_running_heads_and_page_numbers_are_not_read_aloud(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    furniture = [_artifacts(one) for one in reader.pages]
    for number, text in enumerate(furniture, 1):
        assert f"— {number} —" in text
        assert "演示数据" in text
    assert sum("（续表）" in text for text in furniture) > 5


def test_whatever_is_marked_belongs_to_an_element(pdf: bytes) -> None:
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    elements = {tag.indirect_reference.idnum for tag in _elements(root["/StructTreeRoot"])}
    parents = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    references = [one for row in parents[1::2] for one in row.get_object() if "idnum" in dir(one)]
    assert len(references) > 1000
    assert {one.idnum for one in references} <= elements


# --- What is copied -----------------------------------------------------------------------------


def test_copied_text_has_no_odd_character(pdf: bytes) -> None:
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    odd = {
        character
        for character in text
        if unicodedata.category(character) in {"Co", "Cn", "Cc", "Cf"} - {"\n"}
        or 0x2E80 <= ord(character) <= 0x2FDF
        or 0xF900 <= ord(character) <= 0xFAFF
    }
    assert odd - {"\n"} == set()


@pytest.mark.skipif(not PDFTOTEXT, reason="no pdftotext: install Debian's package poppler-utils")
def test_copied_text_is_in_order_and_its_numbers_are_whole(pdf: bytes, bulletin: Bulletin, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.pdf"
    file.write_bytes(pdf)
    command = [PDFTOTEXT, "-raw", "-enc", "UTF-8", str(file), "-"]
    text = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    flowing = "".join(text.split())
    for paragraph in bulletin.paragraphs[2:]:
        assert "".join(paragraph.split()) in flowing
    order = [flowing.index(title) for title in ("一、总体进展", "二、滞后指标", "三、乡镇", "附件：1．", "编制说明")]
    assert order == sorted(order)
    for section in bulletin.sections:
        for row in section.rows:
            if row.completion.text != "—":
                assert row.completion.text in text
    assert "0564—3260000" in flowing


# --- Drafts -------------------------------------------------------------------------------------


def test_a_draft_says_so_across_every_page_and_an_issue_does_not(
    draft: bytes, issued: bytes, plain: Bulletin, issue: Bulletin
) -> None:
    marked = [bool(_background(one)) for one in _pages(draft)]
    assert marked.count(False) == 1  # The table of indicators lies on its side.
    assert len(marked) > 4
    assert not any(bool(_background(one)) for one in _pages(issued))
    assert "征求意见稿：尚未印发" in render_html(replace(plain, edition=DRAFT), "tongbao")
    assert "征求意见稿" not in render_html(issue, "tongbao")


def test_the_mark_of_a_draft_is_neither_copied_nor_read_aloud(draft: bytes) -> None:
    assert "征求意见稿" not in "".join(one.extract_text() for one in _pages(draft))


def _elements(element: Any) -> Iterator[Any]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _artifacts(one: Any) -> str:
    """The text of a page that stands between the marks of an artifact of pagination."""
    told: list[str] = []
    inside: list[bool] = []

    def before(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in {b"BDC", b"BMC"}:
            inside.append(operands[0] == "/Artifact")
        elif operator == b"EMC":
            inside.pop()

    def text(said: str, *_: Any) -> None:
        if any(inside):
            told.append(said)

    one.extract_text(visitor_operand_before=before, visitor_text=text)
    return "".join(told)


def _pages(pdf: bytes) -> Any:
    return PdfReader(io.BytesIO(pdf)).pages


def _background(one: Any) -> list[bytes]:
    """What is drawn over the whole of an upright page as an artifact."""
    content: bytes = one.get_contents().get_data()
    return re.findall(rb"/Artifact\nBMC\n0 0 793\.\d+ 1122\.\d+ re\nW\nn\n(/\w+) Do\nEMC", content)
