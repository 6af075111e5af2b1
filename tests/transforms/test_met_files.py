"""Faults that files made in the bureaus' ways brought to light, each once found and once left alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.transforms import specimens
from tests.transforms.specimens import Row
from transforms.audits.formulas import Relation
from transforms.audits.grammar import FormulaFault, parse
from transforms.doubts import Severity
from transforms.ledgers.project_steps import step_of_stage
from transforms.readings import Contents, Measure
from transforms.rechecking.comparing import compare_files
from transforms.rechecking.row_rechecks import row_rechecks
from transforms.tables.reading import read

QUARTERS = [f"{year}年第{quarter}季度" for year in (2022, 2023) for quarter in "一二三四"]
OUTPUT = [247026, 299564, 223433, 225935, 283746, 201316, 206552, 262572]
SERVICES = [158507, 135091, 138586, 150724, 130102, 162664, 143616, 196548]


def contents(rows: Sequence[Row], name: str = "表.xlsx", **more: Sequence[Row]) -> Contents:
    return read(specimens.xlsx(rows, (), "表一", **more), name, name)


def told(found: Contents, expectation: str) -> list[str]:
    return [doubt.found for doubt in found.doubts if doubt.expectation == expectation]


@pytest.mark.parametrize(
    ("stated", "heads", "found"),
    [
        ("2022年1月-2022年3月", ("2022年1月", "2022年2月", "2022年3月"), ""),
        ("2021年11月-2022年1月", ("2021年11月", "2021年12月", "2022年1月"), ""),
        ("2021-2023", ("2023年", "2022年", "2021年"), ""),
        ("2016-", ("2023年", "2022年", "2016年"), ""),
        ("2021-2023", ("2022年", "2021年"), "最近的时期是2022年12月"),
        ("2020-2023", ("2023年", "2022年", "2021年"), "最早的时期是2021年12月"),
        ("2021年11月-2022年2月", ("2021年11月", "2021年12月", "2022年1月"), "最近的时期是2022年1月"),
        ("2023年第一季度-2024年第二季度", ("2024年第一季度", "2023年第四季度"), "最近的时期是2024年3月"),
    ],
)
def test_a_stated_run_is_held_against_both_ends_of_the_head(stated: str, heads: Row, found: str) -> None:
    rows = ((f"时间：{stated}",), ("指标", *heads), ("公路里程累计值(万公里)", *range(501, 501 + len(heads))))
    doubts = [doubt.found for doubt in contents(rows).doubts if "时间写的是" in doubt.found]
    assert len(doubts) == bool(found)
    assert found in "".join(doubts)


def test_a_day_that_does_not_exist_is_named_in_a_ledger() -> None:
    head = ("序号", "项目名称", "投资单位", "签约日期")
    rows = (("2024年2月项目台账",), head, (1, "甲项目", "甲公司", "2024-02-29"), (2, "乙项目", "乙公司", "2024-02-31"))
    (doubt,) = contents(rows).doubts
    assert doubt.found == "“2024-02-31”"
    assert doubt.places == ("表.xlsx《表一》D4",)


def test_rates_and_shares_have_no_unit_of_money() -> None:
    head = ("指标", "本月", "累计")
    rows = (("2024年6月工业",), ("单位：亿元",), head, ("产值", 1, 6), ("产值增速", 8, 9), ("产销率", 97, 98))
    units = {reading.label: reading.unit for reading in contents(rows).readings}
    assert units["产值"] == "亿元"
    assert units["产值增速"] == "%"
    assert units["产销率"] == ""


def test_the_province_s_rate_beside_the_area_s_own_is_not_read() -> None:
    head = ("指标", "计量单位", "累计", "累计增长%", "全省增速", "全省位次")
    found = contents((("2024年6月统计月报",), head, ("投资", "亿元", 30, 6.1, 5.0, 7)))
    assert [(reading.measure, reading.value) for reading in found.readings] == [
        (Measure.YEAR_TO_DATE, Decimal(30)),
        (Measure.YEAR_TO_DATE_GROWTH, Decimal("6.1")),
        (Measure.RANK, Decimal(7)),
    ]
    assert [doubt.severity for doubt in found.doubts] == [Severity.INFO]
    own = contents((("2024年6月全省统计月报",), ("指标", "单位", "全省累计"), ("投资", "亿元", 30)))
    assert [reading.value for reading in own.readings] == [Decimal(30)]


@pytest.mark.parametrize(("title", "doubts"), [("2024年6月各县区指标", 1), ("2024年1—6月各县区指标", 0)])
def test_growth_of_nobody_knows_what_span_is_told(title: str, doubts: int) -> None:
    rows = ((title,), ("县区", "工业增加值增速(%)", "投资增速(%)"), ("金安区", 8.5, 9.1), ("裕安区", 8.1, 7))
    assert len(told(contents(rows), "measures-are-stated")) == doubts


def test_a_schedule_of_projects_is_a_ledger_and_a_task_form_is_none() -> None:
    head = ("序号", "项目名称", "建设单位", "总投资（亿元）", "1-6月完成（亿元）", "形象进度")
    (schedule,) = contents((("2024年6月工业项目调度表",), head, (1, "轴承", "甲公司", 10, 2, "主体封顶"))).tables
    assert schedule.ledger is not None
    form = contents((("2024年6月项目指标",), ("序号", "项目名称", "计量单位", "1-6月"), (1, "签约项目", "个", 3)))
    assert all(table.ledger is None for table in form.tables)


@pytest.mark.parametrize(("words", "step"), [("基础施工", 1), ("主体封顶", 1), ("竣工", 2), ("前期工作", None)])
def test_the_words_of_a_building_site_are_a_stage(words: str, step: int | None) -> None:
    assert step_of_stage(words) == step


@pytest.mark.parametrize(("month", "total", "doubts"), [(10, -5, 0), (10, 5, 1)])
def test_a_loss_to_date_says_nothing_of_the_month_s_profit(month: int, total: int, doubts: int) -> None:
    rows = (("2024年6月效益",), ("指标", "单位", "本月", "累计"), ("利润总额", "万元", month, total))
    assert len(list(row_rechecks(contents(rows).tables[0]))) == doubts


def test_a_sheet_of_formulas_is_no_unknown_table() -> None:
    formulas: Sequence[Row] = (("序号", "审核公式"), (1, "A01=A02+A03"))
    (doubt,) = contents(formulas).doubts
    assert (doubt.expectation, doubt.severity) == ("formulas-lie-in-audits", Severity.WARNING)
    unknown = contents((("序号", "审核公式"), (1, "见附件")))
    assert [doubt.severity for doubt in unknown.doubts] == [Severity.CRITICAL]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("从业人员 大于等于 女性", Relation.AT_LEAST),
        ("A01 不小于 A02", Relation.AT_LEAST),
        ("A01 小于或等于 A02，误差不超过1", Relation.AT_MOST),
        ("A01 等于 A02+A03", Relation.EQUAL),
        ("A01=A02 误差不大于0.5", Relation.EQUAL),
    ],
)
def test_a_relation_may_be_in_words(text: str, relation: Relation) -> None:
    assert parse(text).relation is relation


def test_words_without_a_relation_stay_a_fault() -> None:
    with pytest.raises(FormulaFault):
        parse("从业人员 女性，误差不大于1")


def test_a_row_called_jia_is_read_and_a_row_that_counts_columns_is_not() -> None:
    head = ("指标名称", "计量单位", "本月", "累计")
    counted = (("2024年6月指标",), head, ("甲", "乙", 1, 2), ("合计", "个", 10, 12), ("甲", "个", 4, 5))
    found = [(reading.label, reading.value) for reading in contents(counted).readings]
    assert found == [(label, Decimal(value)) for label, value in (("合计", 10), ("合计", 12), ("甲", 4), ("甲", 5))]


def test_the_export_is_the_original_in_whichever_file_it_came() -> None:
    export = (
        ("指标", *QUARTERS),
        ("产值当季值(亿元)", *OUTPUT),
        ("服务业当季值(亿元)", *SERVICES),
        ("数据来源：统计局",),
    )
    moved = [[*values[1:4], values[0], *values[5:8], values[4]] for values in (OUTPUT, SERVICES)]
    copy = (("指标", *QUARTERS), ("产值当季值(亿元)", *moved[0]), ("服务业当季值(亿元)", *moved[1]))
    files = [contents(copy, "手工.xlsx"), contents(export, "导出.xlsx")]
    for order in (files, files[::-1]):
        (doubt,) = compare_files(order)
        assert "是导出.xlsx《表一》" in doubt.found
        assert "错开的表：手工.xlsx《表一》" in doubt.found


@pytest.mark.parametrize(("differing", "doubts"), [(2, 2), (6, 1)])
def test_two_tables_that_differ_in_many_periods_are_told_once(differing: int, doubts: int) -> None:
    other = [value + 7 if at < differing else value for at, value in enumerate(OUTPUT)]
    one: Sequence[Row] = (("指标", *QUARTERS), ("产值当季值(亿元)", *OUTPUT))
    found = contents(one, 表二=(("指标", *QUARTERS), ("产值当季值(亿元)", *other)))
    assert len(told(found, "one-series-one-value")) == doubts
