from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms import specimens
from transforms.doubts import Severity
from transforms.layouts import Layout, layouts
from transforms.readings import Contents, Measure, Reading, State, Table
from transforms.tables.reading import read

SPECIMENS: dict[str, tuple[str, bytes]] = {
    "measures_across": (
        "主要经济指标_2024年6月_演示数据.xlsx",
        specimens.xlsx(specimens.INDICATORS, specimens.INDICATOR_MERGES, "主要经济指标"),
    ),
    "areas_down": (
        "分乡镇主要经济指标_2024年6月_演示数据.xlsx",
        specimens.xlsx(specimens.AREAS, specimens.AREA_MERGES),
    ),
    "a_figure_a_row": ("指标库导出.xlsx", specimens.xlsx(specimens.A_FIGURE_A_ROW)),
    "areas_across": ("分乡镇指标_2024年6月.xlsx", specimens.xlsx(specimens.AREAS_ACROSS)),
    "unfilled_forms": ("工作月报.xlsx", specimens.xlsx(specimens.UNFILLED)),
    "ledger": ("工业项目台账_2024年6月_演示数据.xlsx", specimens.xlsx(specimens.LEDGER)),
    "milestones": ("报送表_区人社局_2024年6月_演示数据.xlsx", specimens.xlsx(specimens.FORM)),
    "tasks": ("报送表_区人社局_2024年6月_演示数据.xlsx", specimens.xlsx(specimens.FORM)),
    "periods_across": ("工业增加值.xlsx", specimens.xlsx(specimens.PERIODS_ACROSS)),
    "periods_down": ("预算收入.xlsx", specimens.xlsx(specimens.PERIODS_DOWN)),
}


def table(contents: Contents, layout: str) -> Table:
    return next(table for table in contents.tables if table.layout == layout)


def one(readings: tuple[Reading, ...], label: str, measure: Measure, area: str = "", period: str = "") -> Reading:
    found = [
        r
        for r in readings
        if (r.label, r.measure, r.area) == (label, measure, area) and (not period or str(r.period) == period)
    ]
    assert len(found) == 1, found
    return found[0]


def contents_of(layout: str) -> Contents:
    name, data = SPECIMENS[layout]
    return read(data, name, "v1")


def test_every_layout_has_a_specimen_and_nothing_else_has() -> None:
    assert sorted(SPECIMENS) == [layout.NAME for layout in layouts()]


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.NAME)
def test_a_layout_says_what_it_is(layout: Layout) -> None:
    assert str(layout.__name__).rpartition(".")[2] == layout.NAME  # type: ignore[attr-defined]
    assert all((layout.__doc__, layout.HEADS, layout.FIRST.pattern))


@pytest.mark.parametrize("name", sorted(SPECIMENS))
def test_a_specimen_is_read_without_a_doubt(name: str) -> None:
    contents = contents_of(name)
    assert name in {table.layout for table in contents.tables}
    assert {doubt.expectation for doubt in contents.doubts} == (
        {"forms-are-filled"} if name == "unfilled_forms" else set()
    )
    assert all(r.cell.workbook == SPECIMENS[name][0] and r.cell.vintage == "v1" for r in contents.readings)
    assert all((r.value is not None) == (r.state is State.NUMBER) for r in contents.readings)


def test_indicators_with_measures_across() -> None:
    read_table = table(contents_of("measures_across"), "measures_across")
    assert (read_table.title, str(read_table.period), read_table.reporter) == (
        "金安区2024年6月主要经济指标（演示数据）",
        "2024-06",
        "区统计局",
    )
    assert read_table.notes == ("注：1. 演示数据", "数据来源：区统计局")
    level = one(read_table.readings, "规模以上工业总产值", Measure.YEAR_TO_DATE)
    assert (level.value, level.unit, level.cell.ref, str(level.period)) == (Decimal("81.3"), "亿元", "E6", "2024-06")
    growth = one(read_table.readings, "规模以上工业总产值", Measure.MONTH_GROWTH)
    assert (growth.value, growth.unit, growth.cell.ref) == (Decimal("8.2"), "%", "D6")
    assert one(read_table.readings, "战略性新兴产业产值", Measure.YEAR_TO_DATE_GROWTH).state is State.TOO_SMALL
    assert one(read_table.readings, "战略性新兴产业产值", Measure.MONTH_GROWTH).state is State.NO_ITEM
    assert one(read_table.readings, "高技术产业产值", Measure.YEAR_TO_DATE).state is State.BLANK
    assert {r.parent for r in read_table.readings if r.label in {"战略性新兴产业产值", "高技术产业产值"}} == {
        "规模以上工业总产值"
    }
    assert not [r for r in read_table.readings if r.label == "工业"]


@pytest.mark.parametrize("merges", [(), specimens.INDICATOR_MERGES])
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "csv"])
def test_the_same_table_in_any_format_gives_the_same_readings(suffix: str, merges: tuple[str, ...]) -> None:
    data = {
        "xlsx": lambda: specimens.xlsx(specimens.INDICATORS, merges),
        "xls": lambda: specimens.xls(
            specimens.INDICATORS,
            [(0, 0, 0, 5), (2, 3, 0, 0), (2, 3, 1, 1), (2, 2, 2, 3), (2, 2, 4, 5)] if merges else (),
        ),
        "csv": lambda: specimens.csv(specimens.INDICATORS),
    }[suffix]()
    contents = read(data, f"主要经济指标_2024年6月_演示数据.{suffix}", "v1")
    told = [(r.label, r.measure, r.value, r.unit, r.state, r.parent, r.cell.ref) for r in contents.readings]
    expected = contents_of("measures_across").readings
    assert told == [(r.label, r.measure, r.value, r.unit, r.state, r.parent, r.cell.ref) for r in expected]
    assert contents.doubts == ()


def test_one_level_heads_take_growth_from_the_column_beside() -> None:
    rows = (
        ("2024年3月工业",),
        ("指标", "单位", "本月", "同比", "累计", "同比(±%)", "全年目标", "完成率", "位次", "上年同期"),
        ("工业投资", "亿元", 1.5, 3, 20.1, 8.3, 100, 20.1, 3, 18.6),
    )
    readings = read(specimens.xlsx(rows), "工业.xlsx", "v1").readings
    assert [(r.measure, r.value, r.unit) for r in readings] == [
        (Measure.MONTH, Decimal("1.5"), "亿元"),
        (Measure.MONTH_GROWTH, Decimal(3), "%"),
        (Measure.YEAR_TO_DATE, Decimal("20.1"), "亿元"),
        (Measure.YEAR_TO_DATE_GROWTH, Decimal("8.3"), "%"),
        (Measure.ANNUAL_TARGET, Decimal(100), "亿元"),
        (Measure.COMPLETION, Decimal("20.1"), "%"),
        (Measure.RANK, Decimal(3), "位"),
        (Measure.LAST_YEAR, Decimal("18.6"), "亿元"),
    ]


def test_a_row_that_is_a_growth_rate_makes_its_columns_growth() -> None:
    rows = (
        ("2024年3月工业",),
        ("指标", "单位", "本月", "累计", "同比增减"),
        ("工业增加值增速", "%", 8.2, 8.5, None),
    )
    readings = read(specimens.xlsx(rows), "工业.xlsx", "v1").readings
    assert [(r.measure, r.value) for r in readings] == [
        (Measure.MONTH_GROWTH, Decimal("8.2")),
        (Measure.YEAR_TO_DATE_GROWTH, Decimal("8.5")),
    ]


def test_a_column_of_the_year_before_is_no_history() -> None:
    rows = (("指标", "2024年6月", "2023年6月", "同比增长(%)"), ("用电量(万千瓦时)", 110, 100, 10))
    contents = read(specimens.xlsx((("2024年6月用电",), *rows)), "用电.xlsx", "v1")
    assert [(r.measure, str(r.period), r.unit) for r in contents.readings] == [
        (Measure.MONTH, "2024-06", "万千瓦时"),
        (Measure.LAST_YEAR, "2024-06", "万千瓦时"),
        (Measure.MONTH_GROWTH, "2024-06", "%"),
    ]


def test_january_and_february_are_one_period() -> None:
    rows = specimens.replaced(specimens.INDICATORS, (0, 0), "金安区2024年1—2月主要经济指标")
    rows = specimens.replaced(rows, (2, 4), "1—2月累计")
    for row in range(5, 10):
        rows = specimens.replaced(specimens.replaced(rows, (row, 2), None), (row, 3), "—")
    contents = read(specimens.xlsx(rows, specimens.INDICATOR_MERGES), "主要经济指标_2024年2月.xlsx", "v1")
    assert contents.doubts == ()
    assert [str(period) for period in contents.periods] == ["2024-02"]


@pytest.mark.parametrize(("line", "unit"), [("单位：亿元", "亿元"), ("单位：亿元、%", ""), ("计量单位：万元", "万元")])
def test_a_unit_line_counts_where_it_names_one_unit(line: str, unit: str) -> None:
    rows = (("2024年3月工业",), (line,), ("指标", "本月", "累计"), ("工业投资", 1, 2))
    readings = read(specimens.xlsx(rows), "工业.xlsx", "v1").readings
    assert {r.unit for r in readings} == {unit}


def test_areas_down() -> None:
    readings = table(contents_of("areas_down"), "areas_down").readings
    found = one(readings, "工业投资", Measure.YEAR_TO_DATE_GROWTH, "三十铺镇")
    assert (found.value, found.unit, found.cell.ref) == (Decimal(-3), "%", "E6")
    assert one(readings, "新增规上工业企业", Measure.YEAR_TO_DATE, "东桥镇").value == 0
    assert one(readings, "工业投资", Measure.YEAR_TO_DATE, "东桥镇").state is State.BLANK
    assert {r.area for r in readings} == {"全区", "三十铺镇", "东桥镇"}


def test_areas_with_one_level_heads() -> None:
    rows = (
        ("2024年1—6月分园区指标",),
        ("园区", "工业投资（亿元）", "同比增长（%）", "规上企业利润增速（%）"),
        ("高新区", 12, 3.5, 7.1),
    )
    readings = read(specimens.xlsx(rows), "园区.xlsx", "v1").readings
    assert [(r.label, r.measure, r.unit) for r in readings] == [
        ("工业投资", Measure.YEAR_TO_DATE, "亿元"),
        ("工业投资", Measure.YEAR_TO_DATE_GROWTH, "%"),
        ("规上企业利润", Measure.YEAR_TO_DATE_GROWTH, "%"),
    ]


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_ledger(suffix: str) -> None:
    data = specimens.xlsx(specimens.LEDGER) if suffix == "xlsx" else specimens.xls(specimens.LEDGER)
    found = table(read(data, f"工业项目台账_2024年6月.{suffix}", "v1"), "ledger")
    ledger = found.ledger
    assert ledger is not None
    assert (str(found.period), found.reporter, ledger.stated_count) == ("2024-06", "区招商创业中心", 3)
    assert [(column.name, column.unit, column.letter) for column in ledger.columns][4:6] == [
        ("总投资", "亿元", "E"),
        ("签约日期", "", "F"),
    ]
    assert [(row.number, row.texts) for row in ledger.rows] == [
        (4, ("1", "甲项目", "三十铺镇", "装备", "5.25", "2024-03-15", "2024-03-15", "主体封顶")),
        (5, ("2", "乙项目", "东桥镇", "纺织", "10", "2024-03-15", "2024-03-15", "")),
        (6, ("3", "丙项目", "东桥镇", "食品", "0.5", "2024-03-05", "", "")),
    ]


def test_a_form_holds_three_tables() -> None:
    contents = contents_of("milestones")
    assert [table.layout for table in contents.tables] == ["measures_across", "milestones", "tasks"]
    assert {(str(table.period), table.reporter) for table in contents.tables} == {("2024-06", "区人社局")}
    figures = contents.tables[0].readings
    assert one(figures, "开展职业技能培训", Measure.MONTH).value == 120
    assert one(figures, "开展职业技能培训", Measure.LEVEL).state is State.NO_ITEM
    assert one(figures, "开展职业技能培训", Measure.REMARK).raw == "按期推进"
    milestones = contents.tables[1].readings
    assert one(milestones, "建成省级数字化转型示范园区", Measure.DONE).raw == "是"
    assert one(milestones, "建成省级数字化转型示范园区", Measure.DATE).raw == "2024-06-20"
    assert one(milestones, "建成省级数字化转型示范园区", Measure.EVIDENCE).raw == "皖经信〔2024〕1号"
    assert one(milestones, "申报国家级工业设计中心", Measure.DONE).state is State.BLANK
    tasks = contents.tables[2].readings
    assert [(r.label, r.raw, r.state) for r in tasks] == [
        ("定期召开恳谈会", "已召开2次", State.TEXT),
        ("优化营商环境", "", State.BLANK),
    ]


def test_periods_across_and_down() -> None:
    across = contents_of("periods_across").readings
    assert one(across, "工业增加值累计增长", Measure.YEAR_TO_DATE_GROWTH, period="2023-12").cell.ref == "D5"
    assert one(across, "工业增加值同比增长", Measure.MONTH_GROWTH, period="2024-02").state is State.BLANK
    down = contents_of("periods_down").readings
    found = one(down, "全国一般公共预算收入累计值", Measure.YEAR_TO_DATE, period="2024-02")
    assert (found.value, found.unit, found.cell.ref) == (Decimal(44585), "亿元", "B3")


@pytest.mark.parametrize("period", ["2024年6月", "2024-06", "2024.06", 202406, "2024/6", "202406"])
def test_heads_may_write_their_periods_in_any_way(period: object) -> None:
    rows = (("指标", "单位", period), ("用电量累计值", "万千瓦时", 5))
    readings = read(specimens.xlsx(rows), "用电.xlsx", "v1").readings
    assert [(str(r.period), r.measure) for r in readings] == [("2024-06", Measure.YEAR_TO_DATE)]


def test_a_history_of_one_series_takes_its_name_from_the_title() -> None:
    rows = (
        ("规模以上工业总产值历史数据",),
        ("年月", "累计(亿元)", "累计同比(%)", "当月(亿元)", "同比(%)"),
        ("2024年1—2月", 10, 5, None, None),
        ("2024年3月", 18, 6, 8, 7),
    )
    contents = read(specimens.xlsx(rows), "历史.xlsx", "v1")
    assert {r.label for r in contents.readings} == {"规模以上工业总产值"}
    march = [(r.measure, r.value, r.unit) for r in contents.readings if str(r.period) == "2024-03"]
    assert march == [
        (Measure.YEAR_TO_DATE, Decimal(18), "亿元"),
        (Measure.YEAR_TO_DATE_GROWTH, Decimal(6), "%"),
        (Measure.MONTH, Decimal(8), "亿元"),
        (Measure.MONTH_GROWTH, Decimal(7), "%"),
    ]
    assert {doubt.severity for doubt in contents.doubts} == {Severity.INFO}


def test_an_index_is_no_growth_rate() -> None:
    rows = (("指标", "2024年3月"), ("居民消费价格指数_当月同比(上年同月=100)", 100.1))
    reading = read(specimens.xlsx(rows), "价格.xlsx", "v1").readings[0]
    assert (reading.measure, reading.unit) == (Measure.MONTH, "上年同月=100")


def test_tables_side_by_side_and_below_each_other() -> None:
    rows = (
        ("指标", "2024年3月", "2024年2月", None, None, "时间", "用电量累计值(万千瓦时)"),
        ("产值累计值(亿元)", 3, 2, None, None, "2024年3月", 30),
        ("投资累计值(亿元)", 6, 5, None, None, "2024年2月", 20),
        (),
        ("指标", "2024年1月"),
        ("出口累计值(亿元)", 1),
    )
    contents = read(specimens.xlsx(rows), "杂.xlsx", "v1")
    assert [table.layout for table in contents.tables] == ["periods_across", "periods_down", "periods_across"]
    assert [len(table.readings) for table in contents.tables] == [4, 2, 1]
    assert contents.doubts == ()


def test_a_blank_corner_over_areas_is_known_by_the_first_area() -> None:
    (read_table,) = read(specimens.xlsx(specimens.PANEL), "面板.xlsx", "v1").tables
    assert (read_table.layout, read_table.extent) == ("areas_down", "A1:C7")
    assert {r.area for r in read_table.readings} == {"北京", "天津", "河北", "山西", "西藏"}
    assert {(r.measure, str(r.period)) for r in read_table.readings} == {(Measure.YEAR, "2014-12")}


def test_a_form_that_somebody_filled_in_is_not_an_empty_one() -> None:
    filled = specimens.replaced(specimens.replaced(specimens.UNFILLED, (2, 1), "走访企业"), (2, 4), "走访12家企业")
    contents = read(specimens.xlsx(filled), "工作月报.xlsx", "v1")
    assert "A2:E4" not in {table.extent for table in contents.tables}


def test_numbers_beside_an_empty_form_are_told() -> None:
    rows = (
        ("序号", "任务", "人员", "时间", "地点", "结果", "备选", "次数"),
        *((n, *[None] * 5, f"类{n}", n + 3) for n in (1, 2, 3)),
    )
    contents = read(specimens.xlsx(rows), "表.xlsx", "v1")
    assert [table.layout for table in contents.tables] == ["unfilled_forms"]
    unread = next(doubt for doubt in contents.doubts if doubt.expectation == "figures-are-in-tables")
    assert [place[-2:] for place in unread.places] == ["H2", "H3", "H4"]


def test_the_lowest_group_of_three_levels_is_the_indicator() -> None:
    rows = (
        ("2024年6月分县区主要经济指标",),
        ("县区", "工业", None, None, None),
        (None, "规上工业增加值", None, "规上工业总产值（亿元）", None),
        (None, "本月增速(%)", "累计增速(%)", "累计", "增长(%)"),
        ("全市", 8.1, 7.9, 600, 9),
        ("金安区", 8.5, 8.2, 81, 9.1),
    )
    contents = read(specimens.xlsx(rows, ("A2:A4", "B2:E2", "B3:C3", "D3:E3")), "县区.xlsx", "v1")
    assert [(r.label, r.measure, r.unit) for r in contents.readings[:4]] == [
        ("规上工业增加值", Measure.MONTH_GROWTH, "%"),
        ("规上工业增加值", Measure.YEAR_TO_DATE_GROWTH, "%"),
        ("规上工业总产值", Measure.YEAR_TO_DATE, "亿元"),
        ("规上工业总产值", Measure.YEAR_TO_DATE_GROWTH, "%"),
    ]
    assert contents.doubts == ()


def test_numbers_of_columns_under_a_head_are_no_figures() -> None:
    rows = (
        ("2024年6月",),
        ("指标名称", "代码", "计量单位", "本年累计", "上年同期"),
        ("甲", "乙", "丙", 1, 2),
        ("总产值", "01", "千元", 100, 90),
    )
    contents = read(specimens.xlsx(rows), "表.xlsx", "v1")
    assert {r.label for r in contents.readings} == {"总产值"}
    assert contents.doubts == ()


def test_a_title_of_rates_makes_year_to_date_columns_growth() -> None:
    rows = (("2024年规上工业增加值增速（%）",), ("指标", "1-2月", "1-3月"), ("全区", 5, 6))
    readings = read(specimens.xlsx(rows), "表.xlsx", "v1").readings
    assert {r.measure for r in readings} == {Measure.YEAR_TO_DATE_GROWTH}


def test_a_row_with_a_code_is_a_row_whatever_its_name_and_cells() -> None:
    rows = (
        ("通信能力月报表",),
        ("指标代码", "指标名称", "单位", "2024年05月", "2024年06月"),
        ("八、铁塔",),
        ("NG5701", None, None, "614", "683"),
        ("NG5702", None, None, None, None),
        ("NG5703", "基站数", "个", 5, 6),
    )
    (table,) = read(specimens.xlsx(rows), "月报.xlsx", "v1").tables
    assert [(r.code, r.label, r.value and int(r.value)) for r in table.readings] == [
        ("NG5701", "NG5701", 614), ("NG5701", "NG5701", 683),
        ("NG5702", "NG5702", None), ("NG5702", "NG5702", None),
        ("NG5703", "基站数", 5), ("NG5703", "基站数", 6),
    ]  # fmt: skip
