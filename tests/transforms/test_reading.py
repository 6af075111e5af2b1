from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from tests.transforms import specimens
from tests.transforms.specimens import INDICATOR_MERGES, INDICATORS, replaced
from transforms.doubts import Doubt, Severity
from transforms.readings import Contents, Measure, State
from transforms.tables.reading import UnreadableFile, read

NAME = "主要经济指标_2024年6月_演示数据.xlsx"


def read_rows(rows: tuple[specimens.Row, ...], name: str = NAME, sheet: str = "主要经济指标") -> Contents:
    return read(specimens.xlsx(rows, sheet=sheet), name, "v1")


def doubt(contents: Contents, expectation: str) -> Doubt:
    found = [one for one in contents.doubts if one.expectation == expectation]
    assert len(found) == 1, contents.doubts
    return found[0]


@pytest.mark.parametrize("text", ["约12", "12.3亿", "暂无", "12*", "(3.1)", "3.2↓", "1-6", "一", "12．3．4"])
def test_text_where_a_number_should_be(text: str) -> None:
    contents = read_rows(replaced(INDICATORS, (5, 2), text))
    found = doubt(contents, "numbers-are-numbers")
    assert found.places == (f"{NAME}《主要经济指标》C6",)
    assert f"“{text}”" in found.found
    assert (found.severity, str(found.period)) == (Severity.WARNING, "2024-06")
    reading = next(r for r in contents.readings if r.cell.ref == "C6")
    assert (reading.state, reading.value, reading.raw) == (State.TEXT, None, text)


@pytest.mark.parametrize(
    ("text", "state", "value"),
    [
        ("1,234.5", State.NUMBER, "1234.5"),
        ("１２．３", State.NUMBER, "12.3"),
        (" 12.3 ", State.NUMBER, "12.3"),
        ("−3.1", State.NUMBER, "-3.1"),
        ("—", State.NO_ITEM, None),
        ("-", State.NO_ITEM, None),
        ("——", State.NO_ITEM, None),
        ("…", State.TOO_SMALL, None),
        ("...", State.TOO_SMALL, None),
        ("  ", State.BLANK, None),
        ("#N/A", State.ERROR, None),
    ],
)
def test_what_people_type_for_numbers(text: str, state: State, value: str | None) -> None:
    reading = next(r for r in read_rows(replaced(INDICATORS, (5, 2), text)).readings if r.cell.ref == "C6")
    assert (reading.state, reading.value) == (state, Decimal(value) if value else None)


def test_a_date_where_a_number_should_be() -> None:
    contents = read_rows(replaced(INDICATORS, (5, 2), dt.date(2024, 1, 6)))
    assert "2024-01-06" in doubt(contents, "numbers-are-numbers").found


def test_a_percentage_where_the_unit_is_another() -> None:
    contents = read_rows(replaced(INDICATORS, (5, 2), "12%"))
    assert doubt(contents, "units-fit-formats").places == (f"{NAME}《主要经济指标》C6",)


def test_a_percent_format_in_a_growth_column_is_what_it_shows() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["2024年6月"])
    page.write_row(1, 0, ["指标", "单位", "累计", "同比增长(%)"])
    page.write_row(2, 0, ["工业投资", "亿元", 12])
    page.write(2, 3, 0.082, book.add_format({"num_format": "0.0%"}))
    book.close()
    reading = read(made.getvalue(), "投资.xlsx", "v1").readings[1]
    assert (reading.value, reading.unit, reading.raw) == (Decimal("8.2"), "%", "8.2%")


def test_error_cells() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet("表一")
    page.write_row(0, 0, ["2024年6月主要经济指标"])
    page.write_row(1, 0, ["指标", "单位", "本月", "累计"])
    page.write_row(2, 0, ["工业投资", "亿元"])
    page.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    page.write_formula(2, 3, "=NA()", None, "#N/A")
    page.write_row(3, 0, ["用电量", "万千瓦时"])
    page.write_formula(3, 2, "=1+1")
    book.close()
    contents = read(made.getvalue(), "投资.xlsx", "v1")
    assert [(r.state, r.raw) for r in contents.readings] == [
        (State.ERROR, "#DIV/0!"),
        (State.ERROR, "#N/A"),
        (State.ERROR, ""),
        (State.BLANK, ""),
    ]
    errors = doubt(contents, "no-error-cells")
    assert errors.places == ("投资.xlsx《表一》C3", "投资.xlsx《表一》D3")
    assert errors.found == "#DIV/0!；#N/A"
    assert doubt(contents, "formulas-are-computed").places == ("投资.xlsx《表一》C4",)


@pytest.mark.parametrize(
    "name",
    ["主要经济指标_2024年5月.xlsx", "主要经济指标_202405.xlsx", "主要经济指标_2023年6月.xlsx", "2024-07_指标.xlsx"],
)
def test_the_title_contradicts_the_files_name(name: str) -> None:
    found = doubt(read_rows(INDICATORS, name), "periods-agree")
    assert found.severity is Severity.CRITICAL
    assert "2024年6月" in found.found


def test_the_title_contradicts_its_columns() -> None:
    contents = read_rows(replaced(INDICATORS, (2, 4), "1—5月累计"))
    found = doubt(contents, "periods-agree")
    assert found.severity is Severity.CRITICAL
    assert "1-5月" in found.found


def test_the_sheets_name_contradicts_the_title() -> None:
    assert doubt(read_rows(INDICATORS, sheet="5月"), "sheet-name-agrees").severity is Severity.WARNING


def test_a_year_in_the_title_is_narrowed_by_the_columns() -> None:
    rows = replaced(INDICATORS, (0, 0), "金安区2024年主要经济指标")
    contents = read_rows(rows, "指标.xlsx")
    assert {str(r.period) for r in contents.readings} == {"2024-06"}
    assert [str(table.period) for table in contents.tables] == ["2024-06"]


def test_a_month_of_an_unnamed_month_has_no_period() -> None:
    rows = replaced(replaced(INDICATORS, (0, 0), "金安区2024年主要经济指标"), (2, 4), "累计")
    contents = read_rows(rows, "指标.xlsx")
    assert {r.period for r in contents.readings if r.measure is Measure.MONTH} == {None}
    assert doubt(contents, "period-is-stated")


def test_a_month_beside_january_and_february() -> None:
    rows = replaced(replaced(INDICATORS, (0, 0), "金安区2024年1—2月主要经济指标"), (2, 4), "1—2月累计")
    assert doubt(read_rows(rows, "指标_2024年2月.xlsx"), "february-stands-alone").severity is Severity.INFO


def test_without_any_period_the_figures_have_none() -> None:
    contents = read_rows(replaced(INDICATORS, (0, 0), "主要经济指标"), "指标.xlsx")
    assert doubt(contents, "period-is-stated")
    assert {r.period for r in contents.readings} == {None}


def test_the_files_name_helps_out_and_says_so() -> None:
    contents = read_rows(replaced(INDICATORS, (0, 0), "主要经济指标"))
    assert doubt(contents, "title-has-period").severity is Severity.INFO
    assert [str(period) for period in contents.periods] == ["2024-06"]


def test_the_same_period_twice() -> None:
    rows = replaced(specimens.PERIODS_ACROSS, (2, 2), "2024-03")
    found = doubt(read_rows(rows, "工业.xlsx", "表"), "periods-differ")
    assert (found.severity, str(found.period), found.places) == (
        Severity.CRITICAL,
        "2024-03",
        ("工业.xlsx《表》C3",),
    )


def test_the_same_column_twice() -> None:
    rows = replaced(replaced(INDICATORS, (2, 2), "1—6月累计"), (3, 3), "绝对量")
    assert doubt(read_rows(rows), "columns-differ").severity is Severity.CRITICAL


def test_a_stated_time_that_the_columns_contradict() -> None:
    rows = replaced(specimens.PERIODS_ACROSS, (1, 0), "时间：2025")
    assert "2025" in doubt(read_rows(rows, "工业.xlsx"), "stated-range-agrees").found


def test_two_tables_with_different_values() -> None:
    other = tuple(replaced(specimens.PERIODS_ACROSS, (3, 1), 4.6))
    data = specimens.xlsx(specimens.PERIODS_ACROSS, (), "表一", 表二=other)
    found = doubt(read(data, "工业.xlsx", "v1"), "one-series-one-value")
    assert (found.severity, str(found.period)) == (Severity.CRITICAL, "2024-03")
    assert found.places == ("工业.xlsx《表一》B4", "工业.xlsx《表二》B4")
    same = specimens.xlsx(specimens.PERIODS_ACROSS, (), "表一", 表二=specimens.PERIODS_ACROSS)
    assert read(same, "工业.xlsx", "v1").doubts == ()


def test_a_row_without_a_name() -> None:
    contents = read_rows(replaced(INDICATORS, (8, 0), None))
    assert doubt(contents, "rows-are-named").places == (f"{NAME}《主要经济指标》D9",)
    assert not [r for r in contents.readings if r.cell.ref.endswith("9")]


def test_a_unit_that_is_no_text() -> None:
    contents = read_rows(replaced(INDICATORS, (5, 1), 100))
    assert doubt(contents, "units-are-words").places == (f"{NAME}《主要经济指标》B6",)


def test_a_column_that_says_nothing() -> None:
    contents = read_rows(replaced(replaced(INDICATORS, (2, 6), "甲栏"), (5, 6), 5))
    assert doubt(contents, "columns-are-known").places == (f"{NAME}《主要经济指标》G3",)


def test_numbers_beyond_the_head_and_below_the_notes() -> None:
    rows = (*replaced(INDICATORS, (5, 8), 5), ("补充", 7))
    found = doubt(read_rows(rows), "figures-are-in-tables")
    assert found.places == (f"{NAME}《主要经济指标》I6", f"{NAME}《主要经济指标》B13")


def test_a_heading_without_figures() -> None:
    assert doubt(read_rows(INDICATORS[:4]), "tables-have-rows")


def test_an_empty_template_has_no_zeros() -> None:
    rows = INDICATORS
    for row in range(5, 10):
        for column in range(2, 6):
            rows = replaced(rows, (row, column), None)
    contents = read_rows(rows)
    assert {r.state for r in contents.readings} == {State.BLANK}
    assert [one.severity for one in contents.doubts] == [Severity.INFO]


def test_an_empty_ledger() -> None:
    contents = read_rows((*specimens.LEDGER[:3], (1,), (2,), (3,)), "工业项目台账_2024年6月.xlsx")
    (table,) = contents.tables
    assert table.ledger is not None
    assert not table.ledger.rows
    assert {one.expectation for one in contents.doubts} == {"stated-count-holds", "forms-are-filled"}


def test_a_ledgers_stated_count() -> None:
    rows = replaced(specimens.LEDGER, (1, 0), "填报单位：区招商创业中心　截至2024年6月30日　共4项")
    assert "共4项，实有3行" in doubt(read_rows(rows, "工业项目台账_2024年6月.xlsx"), "stated-count-holds").found


def test_a_ledgers_dates_and_codes() -> None:
    rows = replaced(replaced(specimens.LEDGER, (3, 5), "待定"), (4, 6), "2024年2月30日")
    rows = replaced(replaced(rows, (2, 8), "统一社会信用代码"), (3, 8), 9.13415e17)
    contents = read_rows(rows, "工业项目台账_2024年6月.xlsx", "台账")
    assert doubt(contents, "dates-are-dates").places == (
        "工业项目台账_2024年6月.xlsx《台账》F4",
        "工业项目台账_2024年6月.xlsx《台账》G5",
    )
    assert doubt(contents, "codes-are-texts")


def test_a_milestone_that_is_neither_done_nor_not() -> None:
    contents = read_rows(replaced(specimens.FORM, (8, 2), "基本完成"), "报送表_2024年6月.xlsx", "表")
    assert doubt(contents, "done-is-yes-or-no").places == ("报送表_2024年6月.xlsx《表》C9",)


def test_an_unknown_sheet_is_a_warning_and_an_unknown_file_is_critical() -> None:
    other = (("姓名", "电话"), ("张三", "123"))
    found = doubt(read(specimens.xlsx(INDICATORS, (), "表一", 通讯录=other), NAME, "v1"), "layouts-are-known")
    assert found.severity is Severity.WARNING
    assert "姓名、电话" in found.found
    assert "指标名称 | 计量单位" in found.expected
    found = doubt(read(specimens.xlsx(other), "通讯录.xlsx", "v1"), "some-layout-is-known")
    assert found.severity is Severity.CRITICAL


def test_chain_growth_and_differences_are_not_read_as_anything_else() -> None:
    rows = (
        ("2024年6月",),
        ("指标", "单位", "本月", "环比(%)", "比上年同期增减(亿元)", "增减额", "同比(%)"),
        ("工业投资", "亿元", 1, 2, 3, 4, 5),
    )
    contents = read_rows(rows, "投资.xlsx")
    assert [(r.measure, r.value) for r in contents.readings] == [
        (Measure.MONTH, Decimal(1)),
        (Measure.MONTH_GROWTH, Decimal(5)),
    ]
    assert doubt(contents, "measures-are-used").severity is Severity.INFO


def test_all_faults_at_once() -> None:
    rows = replaced(replaced(replaced(INDICATORS, (5, 2), "约12"), (8, 0), None), (5, 1), 100)
    contents = read_rows(rows, "主要经济指标_2024年5月.xlsx")
    assert {one.expectation for one in contents.doubts} == {
        "periods-agree",
        "numbers-are-numbers",
        "rows-are-named",
        "units-are-words",
    }
    assert contents.doubts[0].severity is Severity.CRITICAL


def test_the_order_of_rows_does_not_matter() -> None:
    rows = (*INDICATORS[:5], INDICATORS[9], INDICATORS[8], *INDICATORS[5:8], *INDICATORS[10:])
    kept = {(r.label, r.measure, r.value, r.unit, r.parent) for r in read_rows(INDICATORS).readings}
    assert {(r.label, r.measure, r.value, r.unit, r.parent) for r in read_rows(rows).readings} == kept


def test_the_same_bytes_give_the_same_contents() -> None:
    data = specimens.xlsx(INDICATORS, INDICATOR_MERGES)
    assert read(data, NAME, "v1") == read(data, NAME, "v1")


GOOD = {
    "指标_2024年6月.xlsx": specimens.xlsx(INDICATORS, INDICATOR_MERGES),
    "指标_2024年6月.xls": specimens.xls(INDICATORS),
    "指标_2024年6月.csv": specimens.csv(INDICATORS),
    "报送表_2024年6月.xlsx": specimens.xlsx(specimens.FORM),
    "台账_2024年6月.xls": specimens.xls(specimens.LEDGER),
}


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("seed", range(60))
def test_damaged_bytes_give_contents_or_a_refusal(name: str, seed: int) -> None:
    chance = random.Random(f"{name}{seed}")
    data = bytearray(GOOD[name])
    for _ in range(chance.choice([1, 3, 30])):
        at = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 50)]
            case _:
                data[at:at] = chance.randbytes(chance.randrange(1, 20))
        if not data:
            break
    gives_contents_or_a_refusal(bytes(data), name)


@pytest.mark.parametrize("seed", range(200))
def test_damaged_parts_give_contents_or_a_refusal(seed: int) -> None:
    chance = random.Random(seed)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD["报送表_2024年6月.xlsx"])) as old, zipfile.ZipFile(made, "w") as new:
        damaged = chance.choice([name for name in old.namelist() if name.startswith("xl/")])
        for part in old.namelist():
            data = bytearray(old.read(part))
            for _ in range(chance.choice([1, 5]) if part == damaged else 0):
                at = chance.randrange(len(data))
                data[at : at + chance.choice([0, 1, 20])] = chance.choice(
                    [b"", b"9", b">", b"<c/>", b'"', b"&x;", b"ZZ9"]
                )
            new.writestr(part, bytes(data))
    gives_contents_or_a_refusal(made.getvalue(), "报送表_2024年6月.xlsx")


def gives_contents_or_a_refusal(data: bytes, name: str) -> None:
    try:
        contents = read(data, name, "v1")
    except UnreadableFile:
        return
    assert all((r.value is not None) == (r.state is State.NUMBER) for r in contents.readings)


CELLS: tuple[object, ...] = (
    None, "", " ", 0, -1, 1e300, 1e-300, 2024.1, 202406, True, "指标", "序号", "项目名称", "时间", "乡镇", "2024年6月",
    "1—6月累计", "同比增长(%)", "本月", "—", "#REF!", "注：", "其中：", "合计", "（亿元）", "任务事项", "是否完成",
    "工作任务", "进展情况", "单位", dt.date(2024, 6, 1), "=1+1", "单位：亿元", "=100", "9999年99月", "（", "一、",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(150))
def test_any_words_in_any_cells_give_contents(seed: int) -> None:
    chance = random.Random(seed)
    rows = tuple(
        tuple(chance.choice(CELLS) for _ in range(chance.randrange(1, 9))) for _ in range(chance.randrange(1, 12))
    )
    contents = read(specimens.xlsx(rows), "乱_2024年6月.xlsx", "v1")
    assert all((r.value is not None) == (r.state is State.NUMBER) for r in contents.readings)
    assert all(one.chinese() for one in contents.doubts)


def test_a_head_that_is_nearly_known_is_offered() -> None:
    rows = (("2024年6月",), ("指标名", "计量单元", "当月数", "累计数"), ("总产值", "亿元", 14, 81))
    (doubt,) = read(specimens.xlsx(rows), "表.xlsx", "v1").doubts
    assert "最接近的是“指标名称 | 计量单位 | 本月 | 累计 | 同比增长”" in doubt.found
    assert "“计量单元”改为“计量单位”" in doubt.found


def test_a_unit_that_nobody_knows_is_told_with_the_nearest_one() -> None:
    rows = (("2024年6月",), ("指标", "单位", "本月", "累计"), ("总产值", "亿圆", 14, 81))
    (doubt,) = read(specimens.xlsx(rows), "表.xlsx", "v1").doubts
    assert (doubt.expectation, doubt.found) == ("units-are-usual", "“亿圆”，最接近的是“亿元”")


def test_a_form_filled_in_before_its_period_is_over() -> None:
    rows = (("2024年6月",), ("填报日期：2024-06-20",), ("指标", "单位", "本月", "累计"), ("总产值", "亿元", 14, 81))
    (doubt,) = read(specimens.xlsx(rows), "表.xlsx", "v1").doubts
    assert (doubt.expectation, str(doubt.period)) == ("filled-after-the-period", "2024-06")
    late = specimens.replaced(rows, (1, 0), "填报日期：2024-07-02")
    assert read(specimens.xlsx(late), "表.xlsx", "v1").doubts == ()


def test_what_a_text_probably_means_is_said_and_not_taken() -> None:
    rows = (
        ("2024年6月",),
        ("指标", "单位", "本月", "累计"),
        ("产值", "亿元", "(12.3)", "1.2万"),
        ("税收", "亿元", "△3", "12 345.6"),
    )
    contents = read(specimens.xlsx(rows), "表.xlsx", "v1")
    (doubt,) = contents.doubts
    assert doubt.found == "“(12.3)”（像是-12.3）；“1.2万”（像是1.2乘以一万）；“△3”（像是-3）"
    assert [f"{r.value}" for r in contents.readings] == ["None", "None", "None", "12345.6"]


def test_a_column_without_a_head_is_told() -> None:
    rows = (("2024年6月",), ("指标", "单位", None, "累计"), ("产值", "亿元", 5, 81))
    (doubt,) = read(specimens.xlsx(rows), "表.xlsx", "v1").doubts
    assert (doubt.expectation, doubt.places) == ("columns-are-named", ("表.xlsx《表一》C3",))


def test_formulas_dropped_among_reports_are_sent_to_their_own_folder() -> None:
    formulas = (("月报审核公式",), ("序号", "报表代码", "审核公式"), (1, "A01", "甲=乙+丙"), (2, "A01", "甲>=丁"))
    contents = read_rows(formulas, "审核公式.xlsx", "公式")
    (found,) = contents.doubts
    assert (found.expectation, found.severity) == ("formulas-lie-in-audits", Severity.WARNING)
    assert found.places == ("审核公式.xlsx《公式》",)
    assert "移到 data_raw 中本地区的 audits 文件夹" in found.cure


def test_a_column_called_formula_without_relations_is_no_audit_sheet() -> None:
    contents = read_rows((("序号", "报表代码", "公式"), (1, "A01", "见附件"), (2, "A01", "略")), "说明.xlsx", "公式")
    assert "formulas-lie-in-audits" not in {one.expectation for one in contents.doubts}


@pytest.mark.parametrize(
    ("title", "columns", "measure"),
    [
        ("通信能力季报表", ("201803", "201806"), Measure.QUARTER),
        ("通信能力月报表", ("201803", "201806"), Measure.MONTH),
        ("通信能力季报表", ("201804", "201805"), Measure.MONTH),
    ],
)
def test_a_quarterly_return_may_name_its_quarters_by_their_last_months(
    title: str, columns: tuple[str, str], measure: Measure
) -> None:
    contents = read_rows(((title,), ("指标名称", "单位", *columns), ("新建铁塔", "座", 12, 15)), "季报.xlsx", "表")
    assert [(reading.measure, reading.value) for reading in contents.readings] == [
        (measure, Decimal(12)), (measure, Decimal(15)),
    ]  # fmt: skip
