"""A notice on paper and screen: all that it holds, safe from what spreadsheets contain, and the same every time."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from flows.render.notice import file_names, render_notices
from tests.render.chromium import CHROMIUM, tab
from tests.render.conftest import HOSTILE
from transforms.writing.bulletin import Bulletin
from transforms.writing.editions import DRAFT, Edition
from transforms.writing.notices import Deed, Notice, Shortfall, Unsent


@pytest.fixture(scope="module")
def notice(bulletin: Bulletin) -> Notice:
    """Twenty indicators, six of them behind, names that a spreadsheet can bring."""
    rows = [row for section in bulletin.sections for row in section.rows][:20]
    behind = [replace(row, name=f"{HOSTILE}{at}") if at == 1 else row for at, row in enumerate(bulletin.behind[:6])]
    return Notice(
        unit="区科技局",
        number="金经信督〔2024〕　—3号",
        title=bulletin.title.replace("通报", "督办单"),
        district=bulletin.district,
        period=bulletin.period,
        demonstration=True,
        edition=DRAFT,
        organ=bulletin.organ,
        contact="联系人：\x07综合股",
        dated=bulletin.dated,
        dated_iso=bulletin.dated_iso,
        opening="根据《要点》，现将你单位需要督办的事项通知如下。",
        leading="你单位牵头的目标共20项。",
        behind=tuple(Shortfall(row, f"{row.progress}，{row.gap}；{row.needed}", "本单位") for row in behind),
        unsent=(Unsent("任务进展报送表", ("高新技术企业数", "研发投入强度")), Unsent("工业项目台账", ())),
        report_by="2024年7月14日",
        deeds=(Deed("建成示范园区", "2024年8月31日", "距期限还有45天", ("区科技局", "区经信局")),),
        late_tasks=bulletin.tasks,
        shared=tuple(rows[:3]),
        shared_rest="其余配合的5项目标：达到序时5项。",
        indicators=tuple(rows),
        marks=bulletin.marks,
        asked="请逐项分析原因，并于2024年7月24日前反馈回执（加盖公章）。",
        reply=tuple(row.name for row in behind),
        sources=bulletin.sources,
    )


@pytest.fixture(scope="module")
def documents(notice: Notice, fonts: Path) -> dict[str, bytes]:
    [made] = render_notices([notice], fonts)
    return made


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_paper_and_screen_tell_the_same(documents: dict[str, bytes], notice: Notice) -> None:
    html, pdf = documents.values()
    page = html.decode()
    pages = PdfReader(io.BytesIO(pdf)).pages
    paper = squeezed("".join(one.extract_text() for one in pages))
    for text in (
        notice.number,
        notice.opening,
        notice.asked,
        "建成示范园区。期限为2024年8月31日，距期限还有45天",
        "整改措施",
    ):
        assert (
            squeezed(text) in squeezed(page.replace('<span class="kept">', "").replace("</span>", "")) or text in page
        )
        assert squeezed(text) in paper
    assert "《工业项目台账》未收到。" in paper
    assert page.count("<tr>") == 4 + 3 + 3 + 20 + 6
    assert "\x07" not in page
    assert len(pages) <= 4


def test_what_a_spreadsheet_brings_stays_text(documents: dict[str, bytes]) -> None:
    page = next(iter(documents.values())).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_it_is_marked_as_a_draft_and_as_demonstration(documents: dict[str, bytes], notice: Notice, fonts: Path) -> None:
    draft = next(iter(documents.values())).decode()
    assert "征求意见稿" in draft
    assert "演示数据" in draft
    [issued] = render_notices([replace(notice, edition=Edition(6), demonstration=False)], fonts)
    assert set(issued) == {"notices/督办单_区科技局_2024年6月.html", "notices/督办单_区科技局_2024年6月.pdf"}
    page = issued["notices/督办单_区科技局_2024年6月.html"].decode()
    assert "征求意见稿" not in page
    assert "演示数据" not in page


def test_a_figure_on_the_screen_tells_its_cell(documents: dict[str, bytes]) -> None:
    html, pdf = documents.values()
    assert re.search(r'<span class="figure" title="[^"]*《主要指标》D7（2024-07-\d\d 09:30收到）', html.decode())
    assert "出处" not in "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.skipif(not CHROMIUM, reason="no browser: install Debian's package chromium")
@pytest.mark.parametrize("width", [390, 1200])
def test_in_a_browser_tables_have_names_and_nothing_sticks_out(
    documents: dict[str, bytes], fonts: Path, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "notice.html"
    file.write_bytes(next(iter(documents.values())))
    with tab(tmp_path, fonts) as browser:
        browser.open(file, width)
        nodes = browser.do("Accessibility.getFullAXTree")["nodes"]
        wide = browser.run("return document.documentElement.scrollWidth;")
    tables = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "table"]
    assert tables == ["配合的滞后指标", "本月未报送进展的定性任务", "牵头指标进展情况", "督办事项回执"]
    assert wide <= width


def test_the_same_notice_gives_the_same_bytes(documents: dict[str, bytes], notice: Notice, fonts: Path) -> None:
    assert render_notices([notice], fonts) == [documents]


def test_the_slip_is_left_out_where_nothing_is_to_be_sent_back(notice: Notice, fonts: Path) -> None:
    [made] = render_notices([replace(notice, reply=())], fonts)
    assert "督办事项回执" not in next(iter(made.values())).decode()


def test_names_of_files_are_safe_and_apart(notice: Notice) -> None:
    units = ("/etc/passwd", "区科技局", "区 科技局", "a\\b:c*?", "...", "区科技局\u202e", "ab", "AB", "长" * 300)
    names = file_names([replace(notice, unit=unit, demonstration=False) for unit in units])
    assert names == [
        "notices/督办单_etc_passwd_2024年6月",
        "notices/督办单_区科技局_2024年6月",
        "notices/督办单_区_科技局_2024年6月",
        "notices/督办单_a_b_c_2024年6月",
        "notices/督办单_单位_2024年6月",
        "notices/督办单_区科技局（2）_2024年6月",
        "notices/督办单_ab_2024年6月",
        "notices/督办单_AB（2）_2024年6月",
        f"notices/督办单_{'长' * 50}_2024年6月",
    ]
    assert all(name.count("/") == 1 and not Path(name).name.startswith(".") for name in names)
