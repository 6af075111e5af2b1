"""Frames: exact cells, the right neighbours, and nothing that the reference period doesn't rest on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.figures import Interval
from transforms.frames.areas import known_areas, nearest_area
from transforms.frames.due import due_frame
from transforms.frames.figures import figures_frame, printed_as
from transforms.frames.ledgers import entries_frame, ledgers_frame
from transforms.frames.parts import parts_frame
from transforms.frames.readings import known_labels, readings_frame
from transforms.frames.table import ALWAYS, table
from transforms.observations import LedgerEntry, Observation, Received
from transforms.periods import Period
from transforms.readings import Cell, Contents, Ledger, LedgerColumn, LedgerRow, Measure, Reading, State, Table

JUNE = Period(2024, 6)
MAY = Period(2024, 5)
WHEN = dt.datetime(2024, 7, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def plan() -> Plan:
    common: dict[str, object] = {
        "section": "s",
        "clause": "一",
        "quote": "原文",
        "lead_units": ["甲"],
        "units_basis": "文件",
        "reported_by": "统计局",
        "path": {"kind": "elapsed"},
    }
    count = {
        "ledger": "项目台账",
        "date": "开工日期",
        "where": [{"kind": "at-least", "column": "投资", "value": "1", "unit": "亿元"}],
    }
    indicators: list[dict[str, object]] = [
        {"code": "output", "name": "总产值", "unit": "亿元", "labels": ["总产值"],
         "target": {"kind": "reach", "value": "170"}, "first_month": 2},
        {"code": "projects", "name": "开工项目", "unit": "个", "labels": ["开工项目"],
         "target": {"kind": "reach", "value": "50"}, "counted": count},
    ]  # fmt: skip
    return Plan.model_validate(
        {
            "district": "d",
            "year": 2024,
            "document": {"title": "要点", "number": "1号", "issued": "2024-02-08"},
            "sections": [{"id": "s", "title": "工业"}],
            "indicators": [{**common, **indicator} for indicator in indicators],
        }
    )


@pytest.fixture(scope="module")
def district() -> District:
    return District.model_validate(
        {
            "id": "d",
            "name": "金安区",
            "areas": [
                {"name": "三十铺镇", "kind": "township", "aliases": ["三十铺"]},
                {"name": "木厂镇", "kind": "township"},
                {"name": "经开区", "kind": "park"},
            ],
            "sources": [{"kind": "folder", "path": "inbox"}],
            "bulletin": {"organ": "局", "number": "号", "subject": "情况", "region": "全区", "addressees": "各乡镇"},
        }
    )


def cell(ref: str = "C5") -> Cell:
    return Cell("v", "月报.xlsx", "表", ref)


def read(raw: str, period: Period | None = JUNE, unit: str = "亿元", ref: str = "C5") -> Reading:
    return Reading("总产值", "", period, Measure.YEAR_TO_DATE, Decimal(raw), unit, cell(ref), raw)


def file(*readings: Reading, when: dt.datetime = WHEN) -> Received:
    return Received(Contents("v", "月报.xlsx", (Table("l", "月报.xlsx", "表", "月报", JUNE, readings=readings),)), when)


def observed(
    value: str | None,
    period: Period = JUNE,
    *,
    area: str = "",
    measure: Measure = Measure.YEAR_TO_DATE,
    unit: str = "亿元",
    places: int = 1,
    state: State = State.NUMBER,
) -> Observation:
    number = None if value is None else Decimal(value)
    cells = (cell(f"{area}{period.month}"),)
    return Observation("output", area, period, measure, number, unit, state, value or "", places, cells, WHEN)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def only(frame: pd.DataFrame) -> dict[str, Any]:
    (row,) = records(frame)
    return row


def test_cells_stay_the_objects_they_are() -> None:
    exact = Decimal("0.1000000000000000000000000001")
    made = table(["a", "b"], [{"a": exact, "cell": "x"}, {"b": Interval(exact, exact)}])
    assert list(made.columns) == ["row", *ALWAYS, "a", "b"]
    assert set(made.dtypes) == {pd.Series(dtype=object).dtype}
    first, second = records(made)
    assert first["a"] is exact
    assert second["a"] is None
    assert second["b"] == Interval(exact, exact)


def test_a_table_of_nothing_has_its_columns() -> None:
    assert list(table(["a"], []).columns) == ["row", *ALWAYS, "a"]


def test_a_reading_names_its_place_and_need(plan: Plan, district: District) -> None:
    row = only(readings_frame([file(read("85.3"))], plan, district, JUNE))
    assert (row["cell"], row["places"]) == ("月报.xlsx《表》C5", ("月报.xlsx《表》C5",))
    assert (row["subject"], row["period"], row["needs"]) == ("总产值累计", "2024-06", True)
    assert (row["due_units"], row["money_unit"]) == (("亿元",), "亿元")


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        (("85.3", "亿元"), ("853000", "万元"), True),
        (("85.3", "亿元"), ("852999", "万元"), True),  # the same within what 85.3 was rounded from
        (("85.3", "亿元"), ("852499", "万元"), False),
        (("85.3", "亿元"), ("85.4", "亿元"), False),
        (("85.3", "亿元"), ("85.35", "亿元"), True),  # either rounding of a tie
    ],
)
def test_the_same_figure_twice(
    first: tuple[str, str], second: tuple[str, str], one: bool, plan: Plan, district: District
) -> None:
    readings = [read(raw, unit=unit, ref=f"C{n}") for n, (raw, unit) in enumerate((first, second))]
    _, row = records(readings_frame([file(*readings)], plan, district, JUNE))
    assert (row["content"] == row["first_content"]) is one


def test_what_the_period_does_not_rest_on_is_left_out(plan: Plan, district: District) -> None:
    readings = [
        read("1", Period(2022, 12)),
        read("2", Period(2023, 1)),
        read("3"),
        read("4", JUNE.next),
        read("5", Period(2026, 1)),
    ]
    frame = readings_frame([file(*readings)], plan, district, JUNE)
    # The last claims a month that hadn't begun when the file came.
    assert list(frame["raw"]) == ["2", "3", "5"]
    later = file(read("6"), when=WHEN + dt.timedelta(days=1))
    assert list(readings_frame([file(*readings), later], plan, district, JUNE)["raw"]) == ["2", "5", "6"]


def test_names_that_are_known(plan: Plan, district: District) -> None:
    assert {"总产值", "开工项目"} <= known_labels(plan)
    assert known_labels(None) == frozenset()
    assert {"三十铺", "木厂镇", "全区", "合计", ""} <= known_areas(district)
    assert "“三十铺镇”" in nearest_area("三十舖", district)
    assert nearest_area("XYZ", district) == "已登记的名称中没有相近的"


def test_figures_have_their_neighbours(plan: Plan, district: District) -> None:
    observations = [
        observed("70.1", MAY),
        observed("13.0", measure=Measure.MONTH),
        observed("83.2"),
        observed("75", Period(2023, 6), places=0),
    ]
    *_, row, last_year = records(figures_frame(observations, plan, district, JUNE))
    assert row["before"] == row["carried"] == Interval(Decimal("70.05"), Decimal("70.15"))
    assert row["month"] == Interval(Decimal("12.95"), Decimal("13.05"))
    assert str(row["sum_words"]) == "2024年5月累计70.1亿元，2024年6月本月13.0亿元"
    assert row["references"] == (Decimal(75), Decimal("72.55"))
    assert row["target"] == Decimal(170)
    assert last_year["before"] is None


def test_figures_in_another_unit_are_brought_to_one(plan: Plan, district: District) -> None:
    observations = [observed("701234", MAY, unit="万元", places=0), observed("83.2")]
    row = figures_frame(observations, plan, district, JUNE).iloc[1]
    assert row["before"] == Interval(Decimal("70.12335"), Decimal("70.12345"))


def test_growth_is_implied_by_levels_as_an_interval(plan: Plan, district: District) -> None:
    observations = [
        observed("20.0", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        observed("12.0"),
        observed("10.0", Period(2023, 6)),
    ]
    row = figures_frame(observations, plan, district, JUNE).iloc[0]
    low, high = (Decimal("11.95") / Decimal("10.05") - 1) * 100, (Decimal("12.05") / Decimal("9.95") - 1) * 100
    assert row["implied"] == Interval(low, high)
    assert row["stated"] == Interval(Decimal("19.95"), Decimal("20.05"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("700000", "疑似把以“万元”计的数填作“亿元”"),
        ("7000000000", "疑似把以“元”计的数填作“亿元”"),
        ("0.0007", "疑似小数点或计量单位有误"),
    ],
)
def test_a_jump_says_which_unit_it_looks_like(value: str, words: str, plan: Plan, district: District) -> None:
    observations = [observed("65", MAY), observed(value)]
    assert figures_frame(observations, plan, district, JUNE).at[1, "suspicion"] == words


def test_a_figure_is_quoted_with_the_digits_it_was_printed_with() -> None:
    assert printed_as(observed("13", places=1)) == "13.0亿元"
    assert printed_as(observed("13.25", places=1)) == "13.25亿元"
    assert printed_as(observed("1300", places=0)) == "1300亿元"
    assert printed_as(observed("-0.5", places=2)) == "-0.50亿元"


def test_parts_of_townships_and_of_all_areas(plan: Plan, district: District) -> None:
    observations = [
        observed("9.0"),
        observed("4.1", area="三十铺镇"),
        observed(None, area="木厂镇", state=State.NO_ITEM),
        observed(None, area="经开区", state=State.TOO_SMALL),
    ]
    row = only(parts_frame(observations, plan, district, JUNE))
    assert row["sums"] == (Interval(Decimal("4.05"), Decimal("4.15")), Interval(Decimal("4.05"), Decimal("4.20")))
    assert row["missing"] is None
    assert str(row["sum_words"]) == "各乡镇合计4.1亿元，各乡镇和园区合计4.125亿元"


def test_missing_areas_are_told_of_the_reference_period(plan: Plan, district: District) -> None:
    observations = [observed("4.1", at, area="三十铺镇") for at in (MAY, JUNE)]
    assert list(parts_frame(observations, plan, district, JUNE)["missing"]) == [None, "木厂镇"]
    # A blank isn't a figure.
    blank = observed(None, area="木厂镇", state=State.BLANK)
    assert list(parts_frame([*observations, blank], plan, district, JUNE)["missing"]) == [None, "木厂镇"]


def test_what_is_due(plan: Plan) -> None:
    assert list(due_frame([], plan, Period(2024, 1))["subject"]) == ["开工项目2024年1月"]
    frame = due_frame([observed("83.2")], plan, JUNE)
    assert list(frame["figure"]) == [Decimal("83.2"), None]


def ledger(*rows: tuple[str, str, str], period: Period = JUNE, unit: str = "亿元") -> Received:
    columns = (LedgerColumn("项目名称", "", "A"), LedgerColumn("开工日期", "", "B"), LedgerColumn("投资", unit, "C"))
    made = Ledger(columns, tuple(LedgerRow(n, row) for n, row in enumerate(rows, start=3)))
    return Received(Contents("v", "账.xlsx", (Table("l", "账.xlsx", "表", "项目台账", period, ledger=made),)), WHEN)


def test_a_ledger_row_is_a_fact_a_column(plan: Plan, district: District) -> None:
    received = [ledger(("甲 项目", "2024-03-05", "1,200.50"), unit="万元")]
    heading, date, amount, name = records(ledgers_frame(received, plan, district, JUNE))
    assert (heading["cell"], heading["listed"]) == ("账.xlsx《表》", 1)
    assert (name["cell"], name["name_key"]) == ("账.xlsx《表》A3", "甲项目")
    assert (date["cell"], date["date"], date["as_of"]) == ("账.xlsx《表》B3", "2024-03-05", "2024-06-30")
    assert (amount["cell"], amount["amount"], amount["least"]) == (
        "账.xlsx《表》C3",
        Decimal("1200.50"),
        Decimal(10000),
    )
    assert amount["yi_amount"] is None


def test_only_the_reference_periods_ledger_is_taken(plan: Plan, district: District) -> None:
    received = [ledger(("甲", "", ""), period=MAY), ledger(("乙", "", ""))]
    assert list(ledgers_frame(received, plan, district, JUNE)["name"].dropna()) == ["乙"]


def test_entries_carry_their_indicator(plan: Plan) -> None:
    entry = LedgerEntry("projects", "甲 项目", "", "", "1.2", cell("A3"))
    row = only(entries_frame([entry], plan, JUNE))
    assert (row["name"], row["date_words"], row["subject"]) == ("甲项目", "无日期", "开工项目（台账计数）：甲 项目")
