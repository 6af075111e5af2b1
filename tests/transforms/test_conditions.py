"""One condition, asked of one cell: yes, no, or why it can't be said."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import TypeAdapter

from transforms.declared.counting import Condition
from transforms.ledgers.conditions import Answer, date_answer, question
from transforms.periods import Period

YES, NO, BLANK, UNREADABLE, ERROR = Answer
JUNE = Period(2024, 6)


def answer(text: str, column_unit: str = "", **condition: object) -> Answer:
    made: Condition = TypeAdapter(Condition).validate_python({"column": "甲"} | condition)
    asks = question(made, column_unit, JUNE)
    assert asks is not None
    return asks(text)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("1", "亿元", YES), ("0.99", "亿元", NO), ("10,000", "万元", YES), ("9999.99", "万元", NO), ("-3", "亿元", NO),
     ("", "亿元", BLANK), ("—", "亿元", BLANK), ("约3", "亿元", UNREADABLE), ("#N/A", "亿元", ERROR)],
)  # fmt: skip
def test_at_least(text: str, unit: str, expected: Answer) -> None:
    assert answer(text, unit, kind="at-least", value=1, unit="亿元") is expected


@pytest.mark.parametrize(("text", "expected"), [("4.99", YES), ("5", NO), ("#DIV/0!", ERROR), ("", BLANK)])
def test_below_excludes_the_number_itself(text: str, expected: Answer) -> None:
    assert answer(text, "亿元", kind="below", value=5, unit="亿元") is expected


def test_an_amount_in_a_unit_that_does_not_fit_is_not_asked() -> None:
    made: Condition = TypeAdapter(Condition).validate_python(
        {"kind": "below", "column": "甲", "value": 5, "unit": "亿元"}
    )
    assert [question(made, unit, JUNE) for unit in ("", "家")] == [None, None]


@pytest.mark.parametrize(
    ("kind", "values", "text", "expected"),
    [
        ("one-of", ["省级（第一批）"], "省级 (第一批)", YES),
        ("one-of", ["省级"], "国家级", NO),
        ("one-of", ["省级"], "", BLANK),
        ("one-of", ["省级"], "#REF!", ERROR),
        ("starts-with", ["C39", "电子"], "Ｃ392计算机制造", YES),
        ("starts-with", ["C39", "电子"], "C38电气机械", NO),
        ("starts-with", ["C39", "电子"], "无", BLANK),
        ("none-of", ["技改"], "新建", YES),
        ("none-of", ["技改"], "技 改", NO),
        ("none-of", ["技改"], "", YES),
        ("none-of", ["技改"], "#NAME?", ERROR),
    ],
)
def test_words(kind: str, values: list[str], text: str, expected: Answer) -> None:
    assert answer(text, kind=kind, values=values) is expected


@pytest.mark.parametrize(("text", "expected"), [("皖1号", YES), ("", NO), ("—", NO), ("#N/A", ERROR)])
def test_filled(text: str, expected: Answer) -> None:
    assert answer(text, kind="filled") is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("2024-12-31", YES), ("2023-12-31", NO), ("", NO), ("待定", UNREADABLE), ("#N/A", ERROR)]
)
def test_in_year(text: str, expected: Answer) -> None:
    assert answer(text, kind="in-year") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024-06", YES), ("2024-07", NO), ("2023-12", NO), ("2024-13", UNREADABLE), ("2024-06-31", UNREADABLE)],
)
def test_a_month_counts_where_all_of_its_days_do(text: str, expected: Answer) -> None:
    assert date_answer(text, dt.date(2024, 1, 1), dt.date(2024, 6, 30)) is expected
    assert date_answer("2024-06", dt.date(2024, 1, 1), dt.date(2024, 6, 15)) is UNREADABLE
