"""Counting rules on a ledger; which rows count is in tests/spec/counting.txt."""

import datetime as dt
from decimal import Decimal

import pytest

from transforms.dates import iso_date
from transforms.declared.counting import Count
from transforms.ledgers.counting import MissingColumns, counted_rows
from transforms.periods import Period
from transforms.readings import Ledger, LedgerColumn, LedgerRow

JUNE = Period(2024, 6)


def ledger(*rows: tuple[str, ...], unit: str = "亿元") -> Ledger:
    columns = (LedgerColumn("项目名称", "", "A"), LedgerColumn("总投资", unit, "B"), LedgerColumn("签约日期", "", "C"))
    return Ledger(columns, tuple(LedgerRow(number, texts) for number, texts in enumerate(rows, start=5)))


def rule(**more: object) -> Count:
    return Count.model_validate({"ledger": "台账"} | more)


def test_a_counted_row_keeps_its_place_day_and_texts() -> None:
    found = list(counted_rows(ledger(("甲", "1.5", "2024-03-01")), rule(date="签约日期", sum="总投资"), JUNE))
    assert [(row.number, row.date, row.adds) for row in found] == [(5, "2024-03-01", Decimal("1.5"))]
    assert found[0].texts == {"项目名称": "甲", "总投资": "1.5", "签约日期": "2024-03-01"}


def test_all_missing_columns_are_told_at_once_and_before_the_first_row() -> None:
    where = [{"kind": "filled", "column": "批文"}, {"kind": "one-of", "column": "级别", "values": ["省级"]}]
    with pytest.raises(MissingColumns) as caught:
        counted_rows(ledger(), rule(date="开工日期", where=where, sum="批文"), JUNE)
    assert caught.value.names == ("批文", "级别", "开工日期")


def test_a_column_in_a_unit_that_does_not_fit_is_missing_too() -> None:
    where = [{"kind": "at-least", "column": "总投资", "value": 1, "unit": "亿元"}]
    with pytest.raises(MissingColumns, match="总投资（亿元，台账为亿美元）"):
        counted_rows(ledger(unit="亿美元"), rule(where=where), JUNE)


def test_every_condition_must_hold() -> None:
    where = [
        {"kind": "at-least", "column": "总投资", "value": 1, "unit": "亿元"},
        {"kind": "one-of", "column": "项目名称", "values": ["甲", "乙"]},
    ]
    rows = ledger(("甲", "1", ""), ("乙", "0.9", ""), ("丙", "2", ""))
    assert [row.texts["项目名称"] for row in counted_rows(rows, rule(where=where), JUNE)] == ["甲"]


def test_a_day_with_a_time_is_a_day_and_a_month_alone_is_none() -> None:
    assert iso_date("2024-06-05 00:00:00") == dt.date(2024, 6, 5)
    assert iso_date("2024-06") is None
    assert iso_date("2024年6月5日") is None
    assert iso_date("") is None
