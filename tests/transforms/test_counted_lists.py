"""What was counted, listed once, with its rule in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms.builders import cell, district, plan
from tests.transforms.builders import indicator as an_indicator
from transforms.declared.counting import Count
from transforms.declared.plan import Indicator, Plan
from transforms.declared.targets import OfWhich
from transforms.ledgers.counted_lists import counted_lists
from transforms.ledgers.counting_wording import rule_words
from transforms.observations import LedgerEntry

RULE = {"ledger": "项目台账", "date": "签约日期", "amount": "总投资"}


def counted(code: str, value: str, **changes: object) -> Indicator:
    where = [{"kind": "at-least", "column": "总投资", "value": value, "unit": "亿元"}]
    made = {"code": code, "name": f"{value}亿元以上项目", "counted": Count.model_validate(RULE | {"where": where})}
    return an_indicator().model_copy(update=made | changes)


def part(code: str, value: str, parent: str = "all", **changes: object) -> Indicator:
    return counted(code, value, target=OfWhich(kind="of-which", value=Decimal(5), parent=parent), **changes)


def entry(code: str, row: int, amount: str = "6亿元") -> LedgerEntry:
    return LedgerEntry(code, f"项目{row}", "甲镇", "2024-03-01", amount, cell(f"F{row}"))


def declared(*indicators: Indicator) -> Plan:
    return plan().model_copy(update={"indicators": indicators})


def test_a_part_is_marked_in_its_wholes_list_and_not_listed_again() -> None:
    of = declared(counted("all", "1"), part("five", "5"), part("ten", "10"))
    (made,) = counted_lists([entry("all", 4), entry("all", 5), entry("five", 5)], of, district())
    assert [(row.name, row.marks) for row in made.rows] == [("项目4", ""), ("项目5", "①")]
    assert [(one.mark, one.name, one.count) for one in made.parts] == [
        ("①", "5亿元以上项目", 1),
        ("②", "10亿元以上项目", 0),
    ]
    assert (made.title, made.date_head, made.amount_head) == ("1亿元以上项目", "签约日期", "总投资")
    assert made.rule == "据“项目台账”逐行计数，“签约日期”在本年1月1日至期末，“总投资”1亿元以上"


def test_every_row_can_be_found_again() -> None:
    (made,) = counted_lists([entry("all", 4)], declared(counted("all", "1")), district())
    assert [row.source for row in made.rows] == [str(cell("F4"))]


@pytest.mark.parametrize(
    ("came", "told", "unit"),
    [
        (("1.1亿元", "12亿元", ""), ["1.1亿元", "12.0亿元", ""], "亿元"),
        (("0.1113亿元", "0.058亿元"), ["1113万元", "580万元"], "万元"),
        (("0.11135亿元", "1.2亿元"), ["1113.5万元", "12000.0万元"], "万元"),
        (("0亿元", "3亿元"), ["0万元", "30000万元"], "万元"),
        (("-0.5亿元",), ["−5000万元"], "万元"),
        (("35台", "6万元"), ["35台", "6万元"], ""),
        (("6亿元", "待定"), ["6亿元", "待定"], ""),
        (("6", "7"), ["6", "7"], ""),
        (("", ""), ["", ""], ""),
    ],
)
def test_amounts_have_one_unit_and_the_same_places_and_none_is_rounded(
    came: tuple[str, ...], told: list[str], unit: str
) -> None:
    entries = [entry("all", row, amount) for row, amount in enumerate(came, 4)]
    (made,) = counted_lists(entries, declared(counted("all", "1")), district())
    assert [row.amount for row in made.rows] == told
    assert made.amount_unit == unit


def test_rows_are_counted_in_the_indicators_unit_unless_a_column_is_summed() -> None:
    summed = Count.model_validate(RULE | {"sum": "人数"})
    of = declared(counted("all", "1", unit="个"), counted("jobs", "1", unit="人", counted=summed))
    made = counted_lists([entry("all", 4), entry("jobs", 5)], of, district())
    assert [one.unit for one in made] == ["个", "条"]


def test_a_part_with_a_row_of_its_own_keeps_its_list() -> None:
    of = declared(counted("all", "1"), part("five", "5"))
    assert [len(made.rows) for made in counted_lists([entry("all", 4), entry("five", 5)], of, district())] == [1, 1]


def test_a_part_that_another_ledger_counts_is_not_said_to_be_none() -> None:
    other = Count.model_validate(RULE | {"ledger": "企业台账"})
    of = declared(counted("all", "1"), part("five", "5", counted=other), part("ten", "10", counted=None))
    (made,) = counted_lists([entry("all", 4)], of, district())
    assert made.parts == ()


def test_of_nothing_there_is_no_list() -> None:
    assert list(counted_lists([], declared(counted("all", "1"), part("five", "5")), district())) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"kind": "below", "value": "5.50", "unit": "亿元"}, "“甲”不满5.5亿元"),
        ({"kind": "one-of", "values": ["省级"]}, "“甲”为省级"),
        ({"kind": "one-of", "values": ["一", "二", "三"]}, "“甲”为一、二或三"),
        ({"kind": "none-of", "values": ["技改"]}, "“甲”不为技改"),
        ({"kind": "starts-with", "values": ["C39", "电子"]}, "“甲”以C39或电子开头"),
        ({"kind": "filled"}, "“甲”已填写"),
        ({"kind": "in-year"}, "“甲”在本年"),
    ],
)
def test_a_rule_in_words(condition: dict[str, object], words: str) -> None:
    rule = Count.model_validate({"ledger": "台账", "where": [{"column": "甲"} | condition]})
    assert rule_words(rule) == f"据“台账”逐行计数，{words}"


def test_a_sum_and_its_senders_in_words() -> None:
    rule = Count.model_validate({"ledger": "台账", "sum": "投资额", "parts": ["甲镇", "乙镇"]})
    assert rule_words(rule) == "据“台账”按列“投资额”合计，由甲镇、乙镇分别报送"
