"""Each expectation about ledgers, once kept and once broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from expectations.ledgers import EXPECTATIONS, doubts_about_ledgers
from transforms.district import District
from transforms.doubts import Severity
from transforms.observations import Received
from transforms.periods import Period
from transforms.plan import Plan
from transforms.readings import Contents, Ledger, LedgerColumn, LedgerRow, Table

JUNE = Period(2024, 6)
IN_JULY = dt.datetime(2024, 7, 8, tzinfo=dt.UTC)

PROJECTS = (
    LedgerColumn("项目名称", "", "B"),
    LedgerColumn("所在地", "", "C"),
    LedgerColumn("总投资", "亿元", "D"),
    LedgerColumn("签约日期", "", "E"),
)
FIRMS = (LedgerColumn("企业名称", "", "B"), LedgerColumn("统一社会信用代码", "", "C"))
TENCENT = "91440300708461136T"

Row = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Rows that keep an expectation, rows that break it (from sheet row 4 on), and what is told then."""

    kept: Sequence[Row]
    broken: Sequence[Row]
    severity: Severity
    refs: tuple[str, ...]
    found: str
    stated: int | None = None


def project(name: str = "智能装备", area: str = "木厂镇", amount: str = "1.2", date: str = "2024-03-05") -> Row:
    return (name, area, amount, date)


CASES = {
    "name-once": Case(
        [project("一期"), project("二期")],
        [project("智能装备"), project("新材料"), project("智能 装备")],
        Severity.WARNING,
        ("B4", "B6"),
        "不止一行",
    ),
    "credit-code-once": Case(
        [("甲公司", TENCENT), ("乙公司", "91350100M000100Y43")],
        [("甲公司", TENCENT), ("甲股份公司", TENCENT)],
        Severity.WARNING,
        ("C4", "C5"),
        "不止一行",
    ),
    "credit-code-valid": Case(
        [("甲公司", TENCENT.lower())],
        [("甲公司", TENCENT[:-1] + "X")],
        Severity.WARNING,
        ("C4",),
        "“91440300708461136X”通不过校验",
    ),
    "row-area-known": Case(
        [project(area="三十铺")],
        [project(area="木场镇")],
        Severity.WARNING,
        ("C4",),
        "“所在地”为“木场镇”，不在已登记的乡镇、园区之列，该行未计入任何地区；已登记的名称中最接近的是“木厂镇”",
    ),
    "date-readable": Case(
        [project(date="2024-03-05")],
        [project(date="三月上旬")],
        Severity.WARNING,
        ("E4",),
        "“签约日期”填的是“三月上旬”",
    ),
    "date-filled": Case(
        [project()],
        [project("甲", date=""), project("乙", date="")],
        Severity.INFO,
        ("E4", "E5"),
        "“签约日期”为空",
    ),
    "date-passed": Case(
        [project(date="2024-06-30")],
        [project(date="2024-07-01")],
        Severity.WARNING,
        ("E4",),
        "“签约日期”为2024-07-01，晚于台账所属的2024年6月末",
    ),
    "date-within-year": Case(
        [project(date="2024-01-01")],
        [project("甲", date="2023-12-31"), project("乙", date="2014-05-01")],
        Severity.INFO,
        ("E4", "E5"),
        "早于2024-01-01",
    ),
    "amount-readable": Case(
        [project(amount="1,200.50")],
        [project(amount="约3亿")],
        Severity.WARNING,
        ("D4",),
        "填的是“约3亿”",
    ),
    "amount-at-threshold": Case(
        [project(amount="1.00")],
        [project(amount="0.99999999999999999999")],
        Severity.WARNING,
        ("D4",),
        "“总投资”为0.99999999999999999999亿元，低于计入门槛1亿元",
    ),
    "amount-not-in-ten-thousands": Case(
        [project(amount="999.99")],
        [project(amount="12000")],
        Severity.CRITICAL,
        ("D4",),
        "填了12000亿元，疑似以万元计的数",
    ),
    "rows-as-stated": Case(
        [project()],
        [project("甲"), project("乙")],
        Severity.CRITICAL,
        ("",),
        "表头称共1项，实际读到2行",
        stated=1,
    ),
}


def ledger(
    rows: Sequence[Row],
    *,
    stated: int | None = None,
    period: Period | None = JUNE,
    when: dt.datetime = IN_JULY,
    vintage: str = "v1",
) -> Received:
    columns = FIRMS if rows and len(rows[0]) == len(FIRMS) else PROJECTS
    made = Ledger(columns, tuple(LedgerRow(number, row) for number, row in enumerate(rows, start=4)), stated)
    title = "规上企业名录" if columns is FIRMS else "金安区工业项目台账"
    table = Table("ledger", "台账.xlsx", "项目", title, period, ledger=made)
    return Received(Contents(vintage, "台账.xlsx", (table,)), when)


def test_every_expectation_has_a_case() -> None:
    assert set(CASES) == {expectation.id for expectation in EXPECTATIONS}


@pytest.mark.parametrize("name", CASES)
def test_kept(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    doubts = doubts_about_ledgers([ledger(case.kept, stated=case.stated)], plan, district, JUNE)
    assert name not in {doubt.expectation for doubt in doubts}


@pytest.mark.parametrize("name", CASES)
def test_broken(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    doubts = doubts_about_ledgers([ledger(case.broken, stated=case.stated)], plan, district, JUNE)
    (doubt,) = [doubt for doubt in doubts if doubt.expectation == name]
    assert doubt.severity is case.severity
    assert doubt.places == tuple(f"台账.xlsx《项目》{ref}" for ref in case.refs)
    assert case.found in doubt.found
    assert "{" not in doubt.chinese()


def test_a_ledger_that_nothing_is_counted_from_only_warns(plan: Plan, district: District) -> None:
    firms = ledger([("甲公司", TENCENT)], stated=2)
    (doubt,) = doubts_about_ledgers([firms], plan, district, JUNE)
    assert (doubt.expectation, doubt.severity) == ("rows-as-stated", Severity.WARNING)


def test_only_the_newest_vintage_of_the_reference_period_is_asked(plan: Plan, district: District) -> None:
    wrong = [project("甲"), project("甲")]
    received = [
        ledger(wrong, period=JUNE.previous),
        ledger(wrong),
        ledger([project("甲")], when=IN_JULY + dt.timedelta(days=1), vintage="v2"),
    ]
    assert doubts_about_ledgers(received, plan, district, JUNE) == ()


def test_a_threshold_is_told_in_the_columns_unit(plan: Plan, district: District) -> None:
    columns = tuple(LedgerColumn(c.name, "万元" if c.unit else "", c.letter) for c in PROJECTS)
    rows = (LedgerRow(4, project(amount="9999")), LedgerRow(5, project("乙", amount="10000")))
    table = Table("ledger", "台账.xlsx", "项目", "工业项目台账", JUNE, ledger=Ledger(columns, rows))
    received = [Received(Contents("v1", "台账.xlsx", (table,)), IN_JULY)]
    (doubt,) = doubts_about_ledgers(received, plan, district, JUNE)
    assert "为9999万元，低于计入门槛10000万元" in doubt.found
    assert doubt.places == ("台账.xlsx《项目》D4",)


def test_no_ledgers_no_doubts(plan: Plan, district: District) -> None:
    assert doubts_about_ledgers([], plan, district, JUNE) == ()
    assert doubts_about_ledgers([], None, district, None) == ()
