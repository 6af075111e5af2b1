"""Each expectation about ledgers, once kept and once broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from expectations.ledgers import EXPECTATIONS, doubts_about_ledgers
from transforms.declared.counting import Count
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.observations import Received
from transforms.periods import Period
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
    columns: Sequence[LedgerColumn] | None = None
    before: Sequence[Row] = ()
    """What May's ledger had, from the same row on."""
    beside: tuple[str, ...] = ()
    """Cells of May's ledger that are told too."""
    rule: dict[str, object] | None = None


def project(name: str = "智能装备", area: str = "木厂镇", amount: str = "1.2", date: str = "2024-03-05") -> Row:
    return (name, area, amount, date)


CODED = (*PROJECTS[:1], LedgerColumn("企业名称", "", "C"), LedgerColumn("统一社会信用代码", "", "D"))
HONOURS = (
    LedgerColumn("企业名称", "", "B"),
    LedgerColumn("荣誉", "", "C"),
    LedgerColumn("级别", "", "D"),
    LedgerColumn("认定日期", "", "E"),
)
STEPS = (
    LedgerColumn("项目名称", "", "B"),
    LedgerColumn("签约日期", "", "C"),
    LedgerColumn("开工日期", "", "D"),
    LedgerColumn("投产日期", "", "E"),
    LedgerColumn("形象进度", "", "F"),
    LedgerColumn("累计完成投资", "亿元", "G"),
)
OTHER = "91350100M000100Y43"
SPECIALISED: dict[str, object] = {
    "date": "认定日期",
    "name": "企业名称",
    "where": [
        {"kind": "one-of", "column": "荣誉", "values": ["专精特新企业"]},
        {"kind": "one-of", "column": "级别", "values": ["省级", "国家级"]},
    ],
}


def steps(*texts: str) -> Row:
    """A project with 签约, 开工, 投产, the stage and the money spent."""
    return ("智能装备", *texts)


def honour(name: str = "甲", honour: str = "专精特新企业", level: str = "省级", date: str = "2024-03-05") -> Row:
    return (name, honour, level, date)


CASES = {
    "name-once": Case(
        [project("一期"), project("二期")],
        [project("智能装备"), project("新材料"), project("智能 装备")],
        Severity.WARNING,
        ("B4", "B6"),
        "不止一行",
    ),
    "credit-code-once": Case(
        [("甲公司", TENCENT), ("乙公司", OTHER)],
        [("甲公司", TENCENT), ("甲公司", TENCENT)],
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
    "name-in-one-spelling": Case(
        [("六安甲乙机械有限公司", TENCENT), ("安徽甲乙机械股份有限公司", OTHER), ("六安甲乙机械有限公司分公司", "")],
        [("六安市甲乙机械有限公司", TENCENT), ("六安甲乙机械有限责任公司", "")],
        Severity.WARNING,
        ("B4", "B5"),
        "只差组织形式或地区",
        columns=FIRMS,
    ),
    "name-not-nearly-another": Case(
        [
            ("六安筠禾针织服饰公司", TENCENT),
            ("六安筠和针织服饰公司", OTHER),
            ("标准厂房一期工程", ""),
            ("标准厂房二期工程", ""),
        ],
        [("六安筠禾针织服饰公司", TENCENT), ("六安筠和针织服饰公司", "")],
        Severity.INFO,
        ("B4", "B5"),
        "只差一个字",
        columns=FIRMS,
    ),
    "name-has-one-code": Case(
        [("甲公司", TENCENT), ("甲公司", "")],
        [("甲公司", TENCENT), ("甲公司", OTHER)],
        Severity.WARNING,
        ("B4", "B5"),
        "有2个统一社会信用代码",
        columns=FIRMS,
    ),
    "credit-code-has-one-name": Case(
        [("一期", "甲公司", TENCENT), ("二期", "甲 公司", TENCENT)],
        [("一期", "甲公司", TENCENT), ("二期", "乙公司", TENCENT)],
        Severity.WARNING,
        ("D4", "D5"),
        "有2个名称：“甲公司”、“乙公司”",
        columns=CODED,
    ),
    "counted-cell-is-no-error": Case(
        [project(amount="#N/A", date=""), project(amount="#N/A", date="2023-01-01")],
        [project(amount="#N/A")],
        Severity.CRITICAL,
        ("D4",),
        "“总投资”是错误值#N/A，无法判断该行是否计入：签约亿元以上项目",
    ),
    "counted-amount-is-a-number": Case(
        [project(amount="约3亿", date="")],
        [project(amount="约3亿")],
        Severity.CRITICAL,
        ("D4",),
        "填的是“约3亿”，无法判断该行是否计入",
    ),
    "counted-cell-is-filled": Case(
        [project(amount="", date="")],
        [project(amount="")],
        Severity.WARNING,
        ("D4",),
        "“总投资”为空，其余条件都符合，该行未计入",
    ),
    "word-not-mistyped": Case(
        [honour(), honour("乙", "专精特新 企业", "国家级"), honour("丙", "数字化车间")],
        [honour("甲", "专精特新"), honour("乙", level="省")],
        Severity.WARNING,
        ("C4",),
        "“荣誉”为“专精特新”，不在计数规则之列，该行未计入；相近的是“专精特新企业”",
        columns=HONOURS,
        rule=SPECIALISED,
    ),
    "word-counted": Case(
        [honour(), honour("乙", "专精特新")],
        [honour(), honour("乙", "数字化车间"), honour("丙", "数字化车间")],
        Severity.INFO,
        ("C5", "C6"),
        "有2行“荣誉”为“数字化车间”",
        columns=HONOURS,
        rule=SPECIALISED,
    ),
    "column-not-in-ten-thousands": Case(
        [
            project(name, amount=amount)
            for name, amount in zip("甲乙丙丁戊", ("1", "5", "3", "400", "900"), strict=True)
        ],
        [project(name, amount="100") for name in "甲乙丙丁戊"],
        Severity.CRITICAL,
        ("",),
        "中位数却是100亿元，疑似整列以万元计",
    ),
    "amount-of-usual-size": Case(
        [project(name, amount=amount) for name, amount in zip("甲乙丙丁戊", ("1", "2", "1", "1", "299"), strict=True)],
        [project(name, amount=amount) for name, amount in zip("甲乙丙丁戊", ("1", "2", "1", "1", "300"), strict=True)],
        Severity.WARNING,
        ("D8",),
        "“总投资”为300亿元，是该列中位数（1亿元）的300倍",
    ),
    "amount-not-in-larger-unit": Case(
        [project(name, amount="12000") for name in "甲乙丙丁戊"],
        [project(name, amount=amount) for name, amount in zip("甲乙丙丁戊", ("12000",) * 4 + ("3",), strict=True)],
        Severity.WARNING,
        ("D8",),
        "“总投资”为3万元，该列中位数（12000万元）是它的4000倍，疑似以亿元计的数",
        columns=(*PROJECTS[:2], LedgerColumn("总投资", "万元", "D"), *PROJECTS[3:]),
    ),
    "amount-positive": Case(
        [project()],
        [project("甲", amount="0"), project("乙", amount="1.2")],
        Severity.WARNING,
        ("D4",),
        "“总投资”为0亿元，该行不计入",
    ),
    "steps-in-order": Case(
        [steps("2024-01-05", "2024-01-05", "2024-06-01", "", ""), steps("", "2024-01-05", "", "", "")],
        [steps("2024-03-05", "2024-01-05", "", "", "")],
        Severity.WARNING,
        ("D4",),
        "“开工日期”为2024-01-05，早于“签约日期”的2024-03-05",
        columns=STEPS,
    ),
    "steps-not-skipped": Case(
        [steps("2024-01-05", "2024-01-05", "", "", "")],
        [steps("", "2024-01-05", "", "", ""), steps("", "2024-01-06", "", "", "")],
        Severity.INFO,
        ("D4", "D5"),
        "有2行已有“开工日期”，而“签约日期”为空",
        columns=STEPS,
    ),
    "stage-has-its-date": Case(
        [steps("2024-01-05", "2024-02-05", "2024-03-05", "已投产", ""), steps("2024-01-05", "", "", "未开工", "")],
        [steps("2024-01-05", "2024-02-05", "", "已投产", "")],
        Severity.WARNING,
        ("F4",),
        "“形象进度”为“已投产”，而“开工日期”为2024-02-05",
        columns=STEPS,
    ),
    "stage-keeps-up": Case(
        [steps("2024-01-05", "2024-02-05", "2024-09-05", "已开工", "")],
        [steps("2024-01-05", "2024-02-05", "2024-06-05", "已开工", "")],
        Severity.WARNING,
        ("F4",),
        "“形象进度”仍为“已开工”，而“投产日期”为2024-06-05",
        columns=STEPS,
    ),
    "row-still-listed": Case(
        [project("甲 甲项目"), project("乙", date="2024-06-05")],
        [project("乙乙项目")],
        Severity.WARNING,
        (),
        "上月台账中的“甲甲项目”，本月台账中没有了",
        before=[project("甲甲项目")],
        beside=("B4",),
    ),
    "day-stays": Case(
        [steps("2024-01-05", "2024-06-05", "", "", "1")],
        [steps("2024-01-06", "", "", "", "1")],
        Severity.WARNING,
        ("C4",),
        "“智能装备”的“签约日期”上月为2024-01-05，本月为2024-01-06",
        columns=STEPS,
        before=[steps("2024-01-05", "", "", "", "1")],
        beside=("C4",),
    ),
    "amount-does-not-fall": Case(
        [steps("2024-01-05", "", "", "", "1.6")],
        [steps("2024-01-05", "", "", "", "1.4")],
        Severity.WARNING,
        ("G4",),
        "“累计完成投资”上月为1.5亿元，本月为1.4亿元",
        columns=STEPS,
        before=[steps("2024-01-05", "", "", "", "1.5")],
        beside=("G4",),
    ),
    "stage-does-not-go-back": Case(
        [steps("2024-01-05", "2024-01-05", "", "已投产", "")],
        [steps("2024-01-05", "2024-01-05", "", "已签约", "")],
        Severity.WARNING,
        ("F4",),
        "“形象进度”上月为“已开工”，本月为“已签约”",
        columns=STEPS,
        before=[steps("2024-01-05", "2024-01-05", "", "已开工", "")],
        beside=("F4",),
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
    columns: Sequence[LedgerColumn] | None = None,
) -> Received:
    columns = columns or (FIRMS if rows and len(rows[0]) == len(FIRMS) else PROJECTS)
    made = Ledger(tuple(columns), tuple(LedgerRow(number, row) for number, row in enumerate(rows, start=4)), stated)
    title = "规上企业名录" if columns is FIRMS else f"金安区{period.chinese() if period else ''}工业项目台账"
    workbook = "五月.xlsx" if period == JUNE.previous else "台账.xlsx"
    table = Table("ledger", workbook, "项目", title, period, ledger=made)
    return Received(Contents(vintage, workbook, (table,)), when)


def told(case: Case, rows: Sequence[Row], plan: Plan, district: District) -> tuple[Doubt, ...]:
    received = [ledger(rows, stated=case.stated, columns=case.columns)]
    if case.before:
        received.append(ledger(case.before, period=JUNE.previous, columns=case.columns))
    if case.columns not in (None, FIRMS) or case.rule:
        rule = Count.model_validate({"ledger": "工业项目台账"} | (case.rule or _THRESHOLD))
        one = plan.indicators[-1].model_copy(update={"counted": rule})
        plan = plan.model_copy(update={"indicators": (one,)})
    return doubts_about_ledgers(received, plan, district, JUNE)


_THRESHOLD = {"where": [{"kind": "at-least", "column": "总投资", "value": 1, "unit": "亿元"}]}


def test_every_expectation_has_a_case() -> None:
    assert set(CASES) == {expectation.id for expectation in EXPECTATIONS}


@pytest.mark.parametrize("name", CASES)
def test_kept(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    assert name not in {doubt.expectation for doubt in told(case, case.kept, plan, district)}


@pytest.mark.parametrize("name", CASES)
def test_broken(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    doubt = next(doubt for doubt in told(case, case.broken, plan, district) if doubt.expectation == name)
    assert doubt.severity is case.severity
    places = (*(f"台账.xlsx《项目》{ref}" for ref in case.refs), *(f"五月.xlsx《项目》{ref}" for ref in case.beside))
    assert doubt.places == places
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
