"""The page of a check: everything that was found stands in it, and whatever a spreadsheet holds stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flows.render import render_check
from transforms.checking.check_report import arrange
from transforms.checking.checks import Check, Checked
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.readings import Contents, Table
from transforms.spreadsheets.sheets import Sheet

NASTY = '<script>alert("1")</script>&\'\x07\u202e'


class _Words(HTMLParser):
    """The page's words, tag after tag, and which tags there are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "style" not in self.open:
            self.words.append(" ".join(data.split()))


def page(name: str = "月报.xlsx", title: str = "2024年6月主要经济指标", cell: str = "约82") -> str:
    doubts = (
        Doubt("number-due", Severity.CRITICAL, "产值累计", f"应为数字，实为文字“{cell}”", "一个数字", "改填数字",
              (f"{name}《表》B2",), Period(2024, 6)),
        Doubt("value-once", Severity.INFO, "产值", "出现两次", "一次", "保留一处", (name,)),
    )  # fmt: skip
    table = Table("measures_across", name, "表", title, Period(2024, 6), "区统计局")
    checked = Checked(Contents("0123456789abcdef", name, (table,), ()), 7165, doubts)
    missing = Doubt("expected-file-came", Severity.WARNING, "台账", "未收到", "报送台账", "催报", ("区发改委",))
    sheet = Sheet("表", [["指标", "累计"], ["产值", cell], ["投资", 3.5]])
    return render_check(arrange(Check("对照方案", (checked,), (missing,), ("有一份未核对",)), {name: [sheet]}))


def test_the_page_says_everything_in_order() -> None:
    assert _Words(page()).words == [
        "报表核对意见",
        "报表核对意见", "共核对1个文件：严重1项，提醒0项，说明1项", "认出1个表，读出0个数字。",
        "对照方案。有一份未核对。",
        "严重", "不改正就不能编制通报", "提醒", "请核实，确认无误可以不改", "说明", "供了解，一般不用处理",
        "月报.xlsx", "严重1项，提醒0项，说明1项", "；认出1个表，读出0个数字。",
        "疑点",
        "严重1", "B2", "产值累计", "发现", "应为数字，实为文字“约82”",
        "应为", "一个数字", "处理", "改填数字", "位置", "《表》", "B2",
        "A", "B", "1", "指标", "累计", "2", "产值", "约82", "3", "投资", "3.5",
        "说明1", "产值", "发现", "出现两次", "应为", "一次", "处理", "保留一处", "位置", "月报.xlsx",
        "认出的表", "工作表", "表题", "时期", "报送单位", "行", "数字",
        "表", "2024年6月主要经济指标", "2024年6月", "区统计局", "0", "0",
        "文件大小7,165字节；文件校验码 0123456789ab，内容有任何改动就会不同",
        "同期的其他疑点", "不在上列文件之中：缺报的，或在其他文件里的。严重0项，提醒1项，说明0项",
        "提醒1", "台账", "发现", "未收到", "应为", "报送台账", "处理", "催报", "位置", "区发改委",
    ]  # fmt: skip


def test_what_is_told_together_of_one_subject_has_no_lonely_colon() -> None:
    doubts = tuple(
        Doubt(
            "rows-of-the-year",
            Severity.INFO,
            "台账《项目》",
            f"有{at}行早于本年",
            "不早于本年",
            "核对年份",
            (f"《表》B{at}",),
        )
        for at in range(2, 6)
    )
    checked = Checked(Contents("0123456789abcdef", "台账.xlsx", (), ()), 7165, doubts)
    made = render_check(arrange(Check("对照方案", (checked,), (), ()), {}))
    assert "同类问题4项" in made
    assert "<li>有2行早于本年" in made
    assert "<strong></strong>" not in made


def test_every_table_has_a_name_and_what_scrolls_can_be_scrolled_by_keys() -> None:
    made = page()
    assert re.findall(r"<table([^>]*)>", made) == [
        ' aria-label="严重1的单元格及其周围"',
        ' aria-label="认出的表"',
    ]
    assert all('tabindex="0"' in one for one in re.findall(r'<div class="excerpt"[^>]*>', made))


def test_what_a_spreadsheet_holds_stays_text() -> None:
    told = _Words(page(name=f"{NASTY}.xlsx", title=NASTY, cell=NASTY))
    assert "script" not in told.tags
    assert '<script>alert("1")</script>&\'' in told.words
    assert '<script>alert("1")</scri…' in told.words
    assert not {"\x07", "\u202e"} & set("".join(told.words))


def test_the_page_needs_nothing_from_elsewhere() -> None:
    made = page()
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|<script|<link", made)
    assert page() == made
