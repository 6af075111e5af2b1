from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.transforms import specimens
from tests.transforms.audits.returns import doubts_of_audits
from transforms.audits.formulas import Tolerance
from transforms.audits.sheets import audits_of_workbook
from transforms.doubts import Severity
from transforms.errors import CellFault, DeclarationError
from transforms.tables.reading import read

Row = Sequence[object]

FORMULAS: tuple[Row, ...] = (
    ("序号", "报表代码", "公    式", "python公式"),
    (1, "综定301", "NG1310=NG1321+NG1320", "NG1310==NG1321+NG1320"),
    (2, "综定301", "NG1420<=NG1310", "NG1420<=NG1310"),
)
WORKING: tuple[Row, ...] = (("公式", "a", "b"), ("NG1420<=NG1310", "NG1420", "#N/A"), ("NG1310>NG1320", "NG1310", "x"))
FULL: tuple[Row, ...] = (
    ("主要经济指标表审核公式",),
    ("公式编号", "适用报表", "报送单位", "审核关系", "允许误差", "审核性质", "说明"),
    ("A1", "主要经济指标", "区统计局", "轻工业+重工业=总产值", 0.5, "强制性", "两个分项合计"),
    ("A2", "主要经济指标", None, "本月<=累计；轻工业<=总产值", "1%", "核实性", None),
)


@pytest.mark.parametrize("data", [specimens.xlsx(FORMULAS), specimens.xls(FORMULAS), specimens.csv(FORMULAS)])
def test_a_workbook_is_known_by_its_words_whatever_its_format(data: bytes) -> None:
    made = audits_of_workbook(data, "审核.dat").audits
    assert [(one.number, one.report, one.formula.text) for one in made] == [
        ("1", "综定301", "NG1310=NG1321+NG1320"),
        ("2", "综定301", "NG1420<=NG1310"),
    ]
    assert made[1].place.startswith("审核.dat《")
    assert made[1].place.endswith("》C3")


def test_every_column_is_understood() -> None:
    first, *rest = audits_of_workbook(specimens.xlsx(FULL, sheet="审核"), "审核.xlsx").audits
    assert (first.severity, first.formula.tolerance) == (Severity.CRITICAL, Tolerance(Decimal("0.5")))
    assert (first.number, first.note) == ("A1", "两个分项合计")
    assert (first.subject.title, first.subject.reporter) == ("主要经济指标", "区统计局")
    assert [one.formula.text for one in rest] == ["本月<=累计", "轻工业<=总产值"]
    assert {one.severity for one in rest} == {Severity.WARNING}
    assert {one.formula.tolerance for one in rest} == {Tolerance(share=Decimal("0.01"))}


def test_working_paper_adds_what_no_other_sheet_says_and_its_errors_are_told() -> None:
    data = specimens.xlsx(FORMULAS, sheet="月报审核公式", Sheet1=WORKING)
    made = audits_of_workbook(data, "审核.xlsx")
    assert [(one.scope, one.formula.text) for one in made.audits[2:]] == [("Sheet1", "NG1310>NG1320")]
    (doubt,) = audits_of_workbook(specimens.csv(WORKING), "审核.csv").doubts
    assert (doubt.expectation, len(doubt.places), doubt.found) == ("no-error-cells", 1, "#N/A")


def test_every_fault_is_told_at_once_with_its_cell() -> None:
    rows = (
        ("序号", "公式", "误差"),
        (1, "A=B=C", None),
        (2, 100, None),
        (3, "A=B", "少许"),
        (4, "A=B", None),
        (5, "A=(B", None),
    )
    with pytest.raises(DeclarationError) as told:
        audits_of_workbook(specimens.xlsx(rows, sheet="审核"), "审核.xlsx")
    assert [str(fault).partition("：")[0] for fault in told.value.faults] == [
        "审核.xlsx《审核》B2", "审核.xlsx《审核》B3", "审核.xlsx《审核》C4", "审核.xlsx《审核》B6",
    ]  # fmt: skip
    assert "请拆成几条公式" in str(told.value.faults[0])
    assert all(isinstance(fault, CellFault) for fault in told.value.faults)


def test_a_workbook_without_formulas_is_a_fault() -> None:
    with pytest.raises(DeclarationError, match="没有认得出的审核公式表"):
        audits_of_workbook(specimens.xlsx(specimens.INDICATORS), "月报.xlsx")


def test_a_return_by_codes_is_audited_by_its_bureaus_sheet() -> None:
    returned: tuple[Row, ...] = (
        ("通信能力月报表",),
        ("指标代码", "指标名称", "单位", "2024年05月", "2024年06月", "变化原因"),
        ("NG1310", "基站数", "个", 9, 12, None),
        ("NG1321", None, None, "5", "7", "新建"),
        ("NG1320", None, None, 4, 4, None),
        ("NG1420", "农村基站", "个", 10, 10, None),
    )
    audits = audits_of_workbook(specimens.xlsx(FORMULAS, sheet="审核"), "审核.xlsx").audits
    doubts = doubts_of_audits(read(specimens.xlsx(returned), "月报.xlsx", "v1"), audits)
    told = [(str(doubt.period), doubt.subject.partition("：")[2], doubt.places) for doubt in doubts]
    assert told == [
        ("2024-06", "NG1310=NG1321+NG1320", tuple(f"月报.xlsx《表一》E{n}" for n in (3, 4, 5))),
        ("2024-05", "NG1420<=NG1310", tuple(f"月报.xlsx《表一》D{n}" for n in (6, 3))),
    ]
    assert "左边12，右边11（NG1310=12，NG1321=7，NG1320=4）" in doubts[0].found
