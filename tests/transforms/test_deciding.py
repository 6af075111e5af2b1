"""What of a declaration decides a bulletin, and what never does."""

from __future__ import annotations

import pytest

from transforms.declared.deciding import deciding_corrections, deciding_text
from transforms.periods import Period

DECIDING = "id: small\n# 来源\nsources:\n  - {kind: folder, path: inbox}\n\nbulletin: {}\n"


@pytest.mark.parametrize(
    "text",
    [
        DECIDING,
        DECIDING + "\n# 何时运行\nschedule:\n  # 日子\n  when:\n\n    working_day: 2\n",
        DECIDING.replace("\n\nbulletin", "\n# 何时\nschedule: {when: {cron: 0 9 20 * *}}\n\nbulletin"),
        DECIDING + "schedule:\n  end: draft\n\n# 发给谁\ndeliver:\n  - {}\nalerts:\n- x\n",
    ],
)
def test_operational_blocks_decide_nothing(text: str) -> None:
    assert deciding_text(text) == DECIDING


def test_all_else_decides() -> None:
    assert deciding_text(DECIDING + "scheduled: x\n") == DECIDING + "scheduled: x\n"
    assert deciding_text("a: 1\n# 末尾\n") == "a: 1\n# 末尾\n"
    # A line of a text that begins with # is no comment.
    text = "addressees: |\n    各镇\n    #区直\n"
    assert deciding_text(f"{text}deliver:\n  - {{kind: folder}}\n") == text


CORRECTION = """\
  - label: 规模以上工业总产值
    period: {period}
    measure: year-to-date
    found: '#REF!'
    corrected: 42.6
    reason: 引用的工作表已删除
    authority: 区统计局电话确认
    until: 2024-12-31
"""
OF_LEDGER = """\
ledger_corrections:
  - ledger: 项目清单
    row: 某项目
    column: 总投资
    found: '1'
    corrected: '10'
    period: 2024-05
    reason: 单位错误
    authority: 区发改委电话确认
    until: 2024-12-31
"""
MARCH = "corrections:\n" + CORRECTION.format(period="2024-03")


def said(text: str, month: int) -> str:
    return deciding_corrections(text, Period(2024, month))


def test_a_correction_says_nothing_to_bulletins_of_earlier_months() -> None:
    assert said(MARCH, 2) == ""
    assert said(MARCH, 3) == said(MARCH, 12) != ""
    more = MARCH + "  # 四月的\n" + CORRECTION.format(period="2024-04") + OF_LEDGER
    assert said(more, 3) == said(MARCH, 3)
    assert said(more, 4) != said(MARCH, 4)
    assert said(more, 5) != said(more, 4)


@pytest.mark.parametrize(
    "other",
    [
        MARCH.replace("42.6", "42.60000001"),
        MARCH.replace("已删除", "已移走"),
        # Its line is told where it's in doubt.
        "# 某年\n" + MARCH,
    ],
)
def test_all_that_a_correction_says_decides(other: str) -> None:
    assert said(other, 3) != said(MARCH, 3)


@pytest.mark.parametrize("text", ["corrections: [", MARCH + "colour: red\n", "\udcff"])
def test_what_cant_be_read_decides_as_it_stands(text: str) -> None:
    assert said(text, 2) == text
