"""What real ledgers do: groups, totals in between, counts in headings, units in a line, errors, columns twice."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import xlsxwriter

from tests.transforms import specimens
from transforms.doubts import Severity
from transforms.readings import UNCOMPUTED, Contents, Ledger
from transforms.tables.reading import read

HEADS = ("序号", "项目名称", "建设地点", "总投资（亿元）", "签约日期")
TITLE = "金安区2024年6月工业项目台账"


def project(number: int, name: str = "", amount: object = 1.5) -> tuple[object, ...]:
    return (number, name or f"项目{number}号", "木厂镇", amount, dt.date(2024, 3, number))


def contents(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS, line: str = "") -> Contents:
    above = [(TITLE,), (line,)] if line else [(TITLE,)]
    return read(specimens.xlsx([*above, heads, *rows]), "台账.xlsx", "v1")


def ledger(made: Contents) -> Ledger:
    (table,) = made.tables
    assert table.ledger is not None
    return table.ledger


def names(made: Contents) -> list[str]:
    return [row.texts[1] for row in ledger(made).rows]


def told(made: Contents) -> dict[str, str]:
    return {doubt.expectation: doubt.found for doubt in made.doubts}


@pytest.mark.parametrize(
    "line",
    [
        "共2项",
        "共计2个",
        "合计2家",
        "填报单位：经信局　共 ２ 项",
        "项目总数：2",
        "共2项，其中签约1项、开工1项",
        "总计2个项目",
    ],
)
def test_a_count_above_the_head(line: str) -> None:
    made = contents(project(1), project(2), line=line)
    assert ledger(made).stated_count == 2
    assert "stated-count-holds" not in told(made)
    assert "实有1行" in told(contents(project(1), line=line))["stated-count-holds"]


@pytest.mark.parametrize(
    ("title", "count"), [("规上企业台账（2家）", 2), ("规上企业台账（前2家）", None), ("台账(共2户)", 2)]
)
def test_a_count_at_the_end_of_the_title(title: str, count: int | None) -> None:
    rows = [(f"2024年6月{title}",), HEADS, project(1), project(2)]
    assert ledger(read(specimens.xlsx(rows), "台账.xlsx", "v1")).stated_count == count


def test_groups_and_totals_in_between_are_no_projects() -> None:
    made = contents(
        ("一、签约项目（2个）",), project(1), project(2), ("小计", None, None, 3),
        ("二、开工项目（2个）",), project(3), (), project(4), ("合计：", None, None, 6),
        line="共4项",
    )  # fmt: skip
    assert names(made) == ["项目1号", "项目2号", "项目3号", "项目4号"]
    assert "stated-count-holds" not in told(made)


def test_a_groups_count_is_held_against_its_rows() -> None:
    made = contents(("一", "签约项目3个"), project(1), project(2), ("二", "开工项目1个"), project(3))
    assert names(made) == ["项目1号", "项目2号", "项目3号"]
    assert told(made)["stated-count-holds"] == "“一 签约项目3个”写明3项，其下实有2行"


def test_a_group_holds_the_rows_of_its_smaller_groups() -> None:
    made = contents(
        ("一、签约（3个）",), ("（一）工业（1个）",), project(1), ("（二）商贸（2个）",), project(2), project(3),
        ("二、开工（0个）",),
    )  # fmt: skip
    assert len(names(made)) == 3
    assert "stated-count-holds" not in told(made)


def test_an_error_and_an_uncomputed_formula_are_no_blanks() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet("台账")
    for number, row in enumerate([(TITLE,), HEADS, *[(at, f"项目{at}号", "木厂镇") for at in (1, 2)]]):
        page.write_row(number, 0, row)
    page.write_formula("D3", "=NA()", None, "#N/A")
    page.write_formula("D4", "=1+1", None, "")
    book.close()
    found = read(made.getvalue(), "台账.xlsx", "v1")
    assert [row.texts[3] for row in ledger(found).rows] == ["#N/A", UNCOMPUTED]
    assert {"no-error-cells", "formulas-are-computed"} <= set(told(found))


def test_money_without_a_unit_has_that_of_the_line() -> None:
    heads = ("序号", "项目名称", "投资主体", "总投资", "签约日期")
    columns = ledger(contents(project(1), heads=heads, line="单位：万元")).columns
    assert [column.unit for column in columns] == ["", "", "", "万元", ""]
    assert [column.unit for column in ledger(contents(project(1), heads=heads, line="单位：个")).columns] == [""] * 5


def test_a_unit_in_the_head_beats_the_line_and_is_told() -> None:
    made = contents(project(1), line="单位：万元")
    assert ledger(made).columns[3].unit == "亿元"
    assert told(made)["units-agree"] == "“总投资”为亿元，表头单位为万元"


def test_blanks_and_line_breaks_in_heads_make_no_difference() -> None:
    heads = ("序号", " 项目\n名称 ", "建设地点 ", "总投资\n（亿元）", "签约　日期")
    assert [column.name for column in ledger(contents(project(1), heads=heads)).columns] == [
        "序号", "项目名称", "建设地点", "总投资", "签约日期",
    ]  # fmt: skip


def test_a_column_that_stands_twice_is_told_and_stops_only_what_it_decides() -> None:
    made = contents((*project(1), "甲", "乙"), heads=(*HEADS, "备注", "备注"))
    (doubt,) = [doubt for doubt in made.doubts if doubt.expectation == "ledger-columns-differ"]
    assert doubt.severity is Severity.WARNING
    assert doubt.found == "“备注”在F列已有"
