"""A plan's quotes and targets against the text of its document."""

from __future__ import annotations

import pytest

from transforms.declared.declarations import load
from transforms.declared.plan import Plan
from transforms.declared.plan_document import cleaned
from transforms.declared.plan_quotes import faults_against_document

DOCUMENT = """某区人民政府行政规范性文件
一、总体目标
全年完成工业总产值 170
亿元以上，
某区人民政府行政规范性文件

工业投资增长 20%以上。
二、企业培育
新增规上企业 25 户以上。到2024年底税收达到1.7万亿元，利用外资增长5.5～6%，清单事项全部清零。
"""

PLAN = """district: test
year: 2024
document: {title: 要点, number: 1号, issued: 2024-02-08}
sections: [{id: industry, title: 工业}]
indicators:
  - code: output
    name: 工业总产值
    section: industry
    unit: UNIT
    target: TARGET
    clause: CLAUSE
    quote: QUOTE
    path: PATH
    lead_units: [区经信局]
    units_basis: 文件
    reported_by: 区统计局
    labels: [工业总产值]
qualitative:
  - {code: task, task: 做事, section: industry, clause: 二、企业培育, quote: TASK, reported_by: 区统计局}
no_targets:
  - {quote: NONE, reason: 年份}
"""


def faults(
    quote: str = "完成工业总产值170亿元",
    *,
    unit: str = "亿元",
    target: str = "{kind: reach, value: 170}",
    clause: str = "一、总体目标",
    task: str = "事项全部清零",
    none: str = "2024年底",
) -> list[str]:
    path = "{kind: elapsed}" if "reach" in target else "{kind: flat}"
    words = {"UNIT": unit, "TARGET": target, "CLAUSE": clause, "QUOTE": quote, "PATH": path, "TASK": task, "NONE": none}
    text = PLAN
    for place, word in words.items():
        text = text.replace(place, word)
    plan, lines = load(text, "2024.yaml", Plan)
    return [str(one) for one in faults_against_document(plan, lines, "2024.yaml", cleaned(DOCUMENT), "document.txt")]


def test_line_breaks_blanks_and_page_headers_count_for_nothing() -> None:
    assert faults() == []
    assert faults("170亿元以上，工业投资增长") == []


@pytest.mark.parametrize(
    ("quote", "unit", "target"),
    [
        ("新增规上企业25户以上", "家", "{kind: reach, value: 25}"),
        ("税收达到1.7万亿元", "亿元", "{kind: reach, value: 17000}"),
        ("利用外资增长5.5～6%", "'%'", "{kind: range, value: 5.5, upper: 6}"),
        ("清单事项全部清零", "项", "{kind: clear}"),
    ],
)
def test_a_number_may_be_said_in_another_unit(quote: str, unit: str, target: str) -> None:
    assert faults(quote, unit=unit, target=target, clause="二、企业培育") == []


def test_a_quote_that_stands_nowhere_is_told_with_its_line() -> None:
    (fault,) = faults("完成工业总产值170亿元左右")
    assert fault == (
        "2024.yaml:12: output: the quote “完成工业总产值170亿元左右” stands nowhere in document.txt; "
        "copy the words from the document (white space doesn't matter)"
    )
    (task,) = faults(task="没有这句话")
    assert task.startswith("2024.yaml:19: task: the quote “没有这句话” stands nowhere")
    (none,) = faults(none="2025年底")
    assert none.startswith("2024.yaml:21: no_targets: the quote “2025年底” stands nowhere")


def test_a_quote_in_another_clause_is_told_unless_the_clause_is_no_heading() -> None:
    (fault,) = faults(clause="二、企业培育")
    assert "doesn't stand in “二、企业培育” of document.txt" in fault
    assert faults(clause="第一段") == []


@pytest.mark.parametrize(
    ("quote", "unit", "target", "said"),
    [
        ("完成工业总产值170亿元", "亿元", "{kind: reach, value: 180}", "the target is 180亿元, its quote"),
        ("完成工业总产值170亿元", "万元", "{kind: reach, value: 170}", "says 1700000"),
        ("完成工业总产值170亿元", "家", "{kind: reach, value: 170}", "says no number"),
        ("工业投资增长20%以上", "'%'", "{kind: grow, value: 2.0}", "says 20"),
    ],
)
def test_a_number_that_its_quote_does_not_say_is_told(quote: str, unit: str, target: str, said: str) -> None:
    (fault,) = faults(quote, unit=unit, target=target)
    assert fault.startswith("2024.yaml:12: output: the target is")
    assert said in fault


def test_both_ends_of_a_range_must_be_said() -> None:
    (fault,) = faults(
        "利用外资增长5.5～6%", unit="'%'", target="{kind: range, value: 5.5, upper: 7}", clause="二、企业培育"
    )
    assert "the target is 7%" in fault
