"""What a bureau's texts can't do: become a program in a page, a formula in a workbook, a field in a letter."""

from __future__ import annotations

import html.parser
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter

from flows.check_command import CheckCommand, run_check
from flows.console import as_text
from flows.forms import make_forms
from flows.issuing import Order, publish_draft
from flows.jobs import Beside, Job
from flows.monthly import make_bulletin
from flows.workspace import Workspace
from tests.flows.small import DISTRICT, PLAN, Sent
from transforms.errors import DoubtError
from transforms.periods import Period

MARK = "canary"
HTML = f"<script>{MARK}()</script><img src=http://x/{MARK} onerror={MARK}()>\"onload={MARK}() ']]></style></script>"
FORMULAS = (
    f"=cmd|' /C {MARK}'!A0",
    f"+{MARK}",
    f"-1+{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r={MARK}",
    f'=HYPERLINK("http://x/{MARK}")',
)
MARCH = Period(2024, 3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that is made of a district in which every free text is hostile: its figures, names, sheets, files."""
    root = tmp_path_factory.mktemp("hostile")
    folder = root / "data_raw" / "small"
    (folder / "plan").mkdir(parents=True)
    district = DISTRICT.replace(
        "  headline: [gross-output]", "  headline: [gross-output]\n  templates: [tongbao, yuebao]"
    )
    (folder / "district.yaml").write_text(district, encoding="utf-8")
    plan = PLAN.format(year=2024).replace("name: 招聘会", f"name: {json.dumps('招聘会' + HTML)}")
    (folder / "plan" / "2024.yaml").write_text(plan, encoding="utf-8")
    sent = Sent(folder / "inbox")
    sent.statistics("2024-04-17", 2024, 3, 42.5, 16.5, f"主要经济指标<b onload={MARK}()>&'_2024年3月_演示数据.xlsx")
    for number, text in enumerate((HTML, *FORMULAS), start=1):
        rows: list[Sequence[object]] = [
            [f"2024年{min(number, 3)}月工业发展要点任务进展报送表（演示数据）"],
            ["报送单位：区人社局"],
            ["序号", "任务指标", "计量单位", "本月", "本年累计", "期末值", "情况说明"],
            [1, "特色招聘会", "场", 1, None, None, text],
            [2, text, text, text, None, None, text],
        ]
        name = f"报送表_区人社局_{number}={MARK}_演示数据.xlsx"
        sent.file(f"2024-04-{11 + number}", name, _texts(f"<b>'{MARK}&", rows))
    workspace = Workspace(root)
    job = Job(workspace, "small", MARCH, beside=(Beside.NOTICES,))
    make_bulletin(job)
    publish_draft(Order(job, f"<script>{MARK}</script>"))
    make_forms(Job(workspace, "small", MARCH))
    files = tuple(sorted(sent.inbox.rglob("*.xlsx")))
    out = workspace.out / "checked"
    with suppress(DoubtError):
        run_check(CheckCommand(workspace, files, "small", MARCH, out / "report.html", out / "marked", as_text))
    return workspace.out


def _texts(sheet: str, rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook whose texts stay texts, whatever they begin with."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        written = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            written.write_row(number, 0, row)
    return out.getvalue()


class _Page(html.parser.HTMLParser):
    """What in a page could do anything."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag if tag in {"script", "style"} else self.within
        if tag in {"img", "iframe", "object", "embed", "base", "link", "form"} and MARK in str(attrs):
            self.found.append(f"{tag} {attrs}")
        if tag == "meta" and dict(attrs).get("http-equiv") and MARK in str(attrs):
            self.found.append(f"{tag} {attrs}")
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src", "xlink:href"} and re.match(r"\s*\w+:", value or "")):
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.within = "" if tag == self.within else self.within

    def handle_data(self, data: str) -> None:
        if self.within and MARK in data:
            self.found.append(f"{self.within}: {data[:80]}")


def files(made: Path, suffix: str) -> list[Path]:
    return sorted(made.rglob(f"*{suffix}"))


def test_no_page_has_a_program_a_style_or_an_address_of_a_bureau_s(made: Path) -> None:
    pages = files(made, ".html")
    kinds = {page.relative_to(made).parts[1] for page in pages}
    assert {"2024-03", "issues", "index.html", "indicators"} <= kinds
    assert {"bulletin.html", "yuebao.html", "report.html"} <= {page.name for page in pages}
    quoting = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        told = _Page()
        told.feed(text)
        assert told.found == [], page
        quoting += MARK in text
    assert quoting > 5, "the hostile texts didn't get as far as the pages"


def _parts(file: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(file) as book:
        for name in book.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, book.read(name).decode("utf-8")


def test_no_workbook_has_a_formula_or_an_address_of_a_bureau_s(made: Path) -> None:
    books = files(made, ".xlsx")
    assert {"bulletin.xlsx"} < {book.name for book in books}
    assert any("forms" in book.parts for book in books)
    assert any("marked" in book.parts for book in books)
    quoting = 0
    for book in books:
        for name, text in _parts(book):
            root = ElementTree.fromstring(text)
            for element in root.iter():
                kind = element.tag.rpartition("}")[2]
                if kind in {"f", "formula1", "formula2", "ddeLink", "oleLink", "externalBook"}:
                    assert MARK not in (element.text or ""), (book, name)
                assert not (kind == "Relationship" and element.get("TargetMode") == "External"), (book, name)
            quoting += MARK in text
    assert quoting > 3


def test_no_letter_has_a_field_or_an_address_of_a_bureau_s(made: Path) -> None:
    letters = files(made, ".docx")
    assert letters
    for letter in letters:
        for name, text in _parts(letter):
            root = ElementTree.fromstring(text)
            for element in root.iter():
                kind = element.tag.rpartition("}")[2]
                assert not (kind in {"instrText", "fldSimple"} and MARK in ElementTree.tostring(element, "unicode")), (
                    name
                )
                assert not (kind == "Relationship" and element.get("TargetMode") == "External"), (letter, name)


def test_json_is_json_whatever_a_bureau_wrote(made: Path) -> None:
    found = files(made, ".json")
    assert any(MARK in json.dumps(json.loads(one.read_bytes())) for one in found)


def test_no_name_of_a_file_leads_elsewhere(made: Path) -> None:
    for path in made.rglob("*"):
        assert not re.search(r'[<>:"\\|?*\x00-\x1f\u200b-\u200f\u202a-\u202e]', path.name), path
        assert len(path.name.encode()) <= 255
