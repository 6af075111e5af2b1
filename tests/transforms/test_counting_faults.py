"""Faults of counting rules, told with the line of the plan that they stand on."""

from __future__ import annotations

import pytest

from tests.transforms.builders import district
from transforms.declared.counting import Count
from transforms.declared.declarations import load
from transforms.errors import Fault
from transforms.ledgers.counting_faults import counting_faults


def faults(*lines: str) -> list[Fault]:
    rule, places = load("\n".join(("ledger: 台账", *lines)), "2024.yaml", Count)
    return list(counting_faults(rule, places, "2024.yaml", district()))


def test_a_good_rule_has_none() -> None:
    assert faults(
        "where:",
        "  - {kind: at-least, column: 总投资, value: 1, unit: 亿元}",
        "  - {kind: below, column: 总投资, value: 5, unit: 亿元}",
        "  - {kind: one-of, column: 级别, values: [省级, 市级]}",
        "  - {kind: starts-with, column: 行业, values: [C39]}",
        "parts: [甲镇, 东园区]",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("where: [{kind: at-least, column: 总投资, value: 1, unit: 亿圆}]", 2, "no unit '亿圆'"),
        ("where: [{kind: one-of, column: 级别, values: [省级, 省 级]}]", 2, "a value is given twice"),
        ("parts: [甲镇, 甲鎮]", 2, "no unit or area '甲鎮'"),
        ("parts: [甲镇, 甲镇]", 2, "part '甲镇' is given twice"),
    ],
)
def test_each_fault_has_its_line(line: str, at: int, words: str) -> None:
    (fault,) = faults(line)
    assert fault.line == at
    assert words in fault.found


def test_the_nearest_unit_and_area_are_named() -> None:
    unit, part = faults("where: [{kind: below, column: 总投资, value: 1, unit: 亿圆}]", "parts: [东园]")
    assert "did you mean '亿元'?" in unit.cure
    assert "did you mean '东园区'?" in part.cure


def test_conditions_that_no_row_can_keep() -> None:
    levels = faults("where:", "  - {kind: one-of, column: 级别, values: [省级]}",
                    "  - {kind: one-of, column: 级别, values: [市级]}")  # fmt: skip
    amounts = faults("where:", "  - {kind: below, column: 总投资, value: 5, unit: 亿元}",
                     "  - {kind: at-least, column: 总投资, value: 50000, unit: 万元}")  # fmt: skip
    assert [(fault.line, "no row can keep both" in fault.found) for fault in (*levels, *amounts)] == [(4, True)] * 2
