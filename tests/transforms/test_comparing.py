from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.transforms import specimens
from transforms.doubts import Doubt, Severity
from transforms.readings import Contents
from transforms.rechecking.comparing import compare_files
from transforms.tables.reading import read

QUARTERS = [f"{year}年{quarter}季度" for year in (2018, 2019) for quarter in "一二三四"]
GDP = [185190, 205905, 215098, 234108, 197123, 218585, 227899, 248038]
SERVICES = [106240, 108584, 110969, 116210, 113627, 116149, 118838, 123877]


def export(
    values: Mapping[str, Sequence[object]], heads: Sequence[object], source: bool = True
) -> tuple[tuple[object, ...], ...]:
    rows: list[tuple[object, ...]] = [("指标", *heads)]
    rows += [(label, *numbers) for label, numbers in values.items()]
    return (*rows, ("数据来源：国家统计局",)) if source else tuple(rows)


def contents(rows: Sequence[Sequence[object]], name: str = "数据.xlsx", **more: Sequence[Sequence[object]]) -> Contents:
    return read(specimens.xlsx(rows, (), "表一", **more), name, name)


def doubts_of(found: Sequence[Doubt], expectation: str) -> list[Doubt]:
    return [doubt for doubt in found if doubt.expectation == expectation]


TABLE = {"生产总值当季值(亿元)": GDP, "服务业增加值当季值(亿元)": SERVICES}


def rotated(values: Sequence[object]) -> list[object]:
    return [*values[1:4], values[0], *values[5:8], values[4]]


def test_a_copy_moved_within_each_year_is_named_and_its_single_values_are_not() -> None:
    copy = export({label: rotated(values) for label, values in TABLE.items()}, QUARTERS, source=False)
    found = contents(export(TABLE, QUARTERS), 表二=copy).doubts
    assert not doubts_of(found, "one-series-one-value")
    (moved,) = doubts_of(found, "copies-keep-their-periods")
    assert moved.severity is Severity.CRITICAL
    assert "2018年、2019年的数是数据.xlsx《表一》A1:I3的数在各年内提前了1个季度，共16个数" in moved.found
    assert "B2（2018年3月）的205905是C2（2018年6月）的数，应为185190" in moved.found
    assert "E2（2018年12月）的185190是B2（2018年3月）的数，应为234108" in moved.found
    assert len(moved.places) == 16
    assert all("《表二》" in place for place in moved.places)


def test_the_table_with_its_source_is_the_original_wherever_it_stands() -> None:
    copy = export({label: rotated(values) for label, values in TABLE.items()}, QUARTERS, source=False)
    (moved,) = doubts_of(contents(copy, 表二=export(TABLE, QUARTERS)).doubts, "copies-keep-their-periods")
    assert "数据.xlsx《表二》A1:I3的数" in moved.found
    assert all("《表一》" in place for place in moved.places)


@pytest.mark.parametrize(("by", "told"), [(1, "推后了1个季度"), (2, "推后了2个季度"), (-1, "提前了1个季度")])
def test_a_table_moved_along_is_named_with_how_far(by: int, told: str) -> None:
    moved = {
        label: [values[at - by] if 0 <= at - by < 8 else None for at in range(8)] for label, values in TABLE.items()
    }
    found = contents(export(TABLE, QUARTERS), 表二=export(moved, QUARTERS)).doubts
    (doubt,) = doubts_of(found, "copies-keep-their-periods")
    assert told in doubt.found


def test_one_wrong_value_is_no_move() -> None:
    wrong = {**TABLE, "生产总值当季值(亿元)": [*GDP[:5], 218586, *GDP[6:]]}
    found = contents(export(TABLE, QUARTERS), 表二=export(wrong, QUARTERS)).doubts
    assert not doubts_of(found, "copies-keep-their-periods")
    (doubt,) = doubts_of(found, "one-series-one-value")
    assert (doubt.severity, str(doubt.period)) == (Severity.CRITICAL, "2019-06")
    assert doubt.places == ("数据.xlsx《表一》G2", "数据.xlsx《表二》G2")


def test_a_copy_that_is_the_same_says_nothing() -> None:
    assert contents(export(TABLE, QUARTERS), 表二=export(TABLE, QUARTERS)).doubts == ()


MONTHS = ["2024年3月", "2024年4月", "2024年5月"]


def month_table(values: Sequence[object], heads: Sequence[object] = MONTHS, name: str = "v1.xlsx") -> Contents:
    return contents(export({"用电量当期值(亿千瓦时)": values}, heads), name)


def test_a_later_file_that_changes_a_past_month_has_revised_it() -> None:
    (doubt,) = compare_files(
        [month_table([10, 11, 12]), month_table([10.5, 11, 12, 13], [*MONTHS, "2024年6月"], "v2.xlsx")]
    )
    assert (doubt.expectation, doubt.severity) == ("past-figures-stand", Severity.INFO)
    assert "2024年3月：10 → 10.5（B2 → B2）" in doubt.found
    assert doubt.places == ("v1.xlsx《表一》B2", "v2.xlsx《表一》B2")


def test_three_files_are_compared_each_with_the_one_before() -> None:
    heads = [*MONTHS, "2024年6月"]
    files = [month_table([10, 11, 12, value], heads, f"v{value}.xlsx") for value in (13, 13)]
    files.insert(1, month_table([10, 11.5, 12, 13], heads, "v2.xlsx"))
    told = [doubt.found for doubt in compare_files(files)]
    assert len(told) == 2
    assert "11 → 11.5" in told[0]
    assert "11.5 → 11" in told[1]


def test_the_newest_month_of_both_files_must_agree() -> None:
    (doubt,) = compare_files([month_table([10, 11, 12]), month_table([10, 11, 12.5], name="v2.xlsx")])
    assert (doubt.expectation, doubt.severity, str(doubt.period)) == (
        "one-series-one-value",
        Severity.CRITICAL,
        "2024-05",
    )


def test_what_is_wrong_within_one_file_is_told_by_that_file_alone() -> None:
    one = contents(export(TABLE, QUARTERS), 表二=export({"生产总值当季值(亿元)": [1, *GDP[1:]]}, QUARTERS))
    assert one.doubts
    assert compare_files([one]) == ()


def test_a_figure_in_another_unit_is_the_same_figure() -> None:
    found = contents(
        export({"工业投资累计值(亿元)": [26.68, 30]}, MONTHS[:2]),
        表二=export({"工业投资累计值(万元)": [266800, 300012]}, MONTHS[:2]),
        表三=export({"工业投资累计值(万元)": [266800, 310000]}, MONTHS[:2]),
    ).doubts
    (doubt,) = found
    assert doubt.found == "“工业投资累计值”2024年4月：30亿元与310000万元"


def test_fewer_digits_of_the_same_figure_are_told_without_stopping_anything() -> None:
    found = contents(
        export({"用电量当期值": [10.25, 11]}, MONTHS[:2]), 表二=export({"用电量当期值": [10.3, 11]}, MONTHS[:2])
    )
    (doubt,) = found.doubts
    assert (doubt.expectation, doubt.severity) == ("figures-keep-their-places", Severity.INFO)


def year_sheet(year: int, changed: Mapping[int, object] = {}) -> tuple[tuple[object, ...], ...]:
    areas = ("北京", "天津", "河北", "山西", "辽宁", "吉林")
    rows = [
        (area, round((at + 2) * 1.37 * (year - 2000), 2), round((at + 3) * 0.91 * (year - 2005), 2))
        for at, area in enumerate(areas)
    ]
    for at, value in changed.items():
        rows[at] = (rows[at][0], value, rows[at][2])  # type: ignore[assignment]
    return ((None, "研发经费", "专利数"), (None, f"{year}", f"{year}"), *rows)


def test_two_sheets_of_one_year_and_the_year_that_is_missing() -> None:
    found = contents(year_sheet(2013), 二=year_sheet(2014), 三=year_sheet(2014, {4: 0.01}), 四=year_sheet(2016)).doubts
    twice, gap = found
    assert (twice.expectation, twice.severity, str(twice.period)) == ("tables-stand-once", Severity.CRITICAL, "2014-12")
    assert "24格中有23格相同" in twice.found
    assert "“辽宁研发经费”《二》B7是115.08，《三》B7是0.01" in twice.found
    assert "恰好缺2015年" in twice.found
    assert gap.expectation == "periods-follow-on"
    assert "2015年没有表：前一个是数据.xlsx《三》A1:C8，后一个是数据.xlsx《四》A1:C8" in gap.found


def test_the_same_figures_under_another_year_are_told() -> None:
    copied = [*year_sheet(2014)]
    copied[1] = (None, "2015", "2015")
    (doubt,) = contents(year_sheet(2014), 二=copied).doubts
    assert (doubt.expectation, doubt.severity) == ("tables-differ", Severity.CRITICAL)
    assert (
        "数据.xlsx《二》A1:C8写的是2015年12月，数据.xlsx《表一》A1:C8写的是2014年12月，12个数中有12个相同"
        in doubt.found
    )


def test_the_same_figures_in_a_file_of_another_year_are_told() -> None:
    copied = [*year_sheet(2014)]
    copied[1] = (None, "2015", "2015")
    (doubt,) = compare_files([contents(year_sheet(2014), "一.xlsx"), contents(copied, "二.xlsx")])
    assert doubt.expectation == "tables-differ"


def test_files_of_a_run_that_skip_a_month() -> None:
    def monthly(month: int) -> Contents:
        rows = specimens.replaced(specimens.INDICATORS, (0, 0), f"金安区2024年{month}月主要经济指标")
        rows = specimens.replaced(rows, (2, 4), f"1—{month}月累计")
        return contents(
            tuple(
                (row[0], *(cell * month if isinstance(cell, int | float) else cell for cell in row[1:])) for row in rows
            ),
            f"{month}月.xlsx",
        )

    (doubt,) = compare_files([monthly(3), monthly(4), monthly(6)])
    assert (doubt.expectation, doubt.severity) == ("periods-follow-on", Severity.WARNING)
    assert "2024年5月没有表" in doubt.found
    assert compare_files([monthly(3), monthly(4), monthly(5)]) == ()


def test_a_column_that_is_missing_in_a_table() -> None:
    heads = ["2024年6月", "2024年5月", "2024年3月", "2024年2月", "2023年12月"]
    (doubt,) = month_table([1, 2, 3, 4, 5], heads).doubts
    assert doubt.expectation == "periods-follow-on"
    assert doubt.found == "2024年3月与2024年5月之间缺2024年4月"


def test_months_beside_last_year_s_are_no_run() -> None:
    assert month_table([1, 2, 3], ["2024年6月", "2024年5月", "2023年6月"]).doubts == ()


def test_files_that_name_the_series_are_the_same_series_when_their_figures_are() -> None:
    def vintage(values: Sequence[float], name: str) -> Contents:
        rows = [("date", "value"), *((f"2024-{month:02d}-01", value) for month, value in enumerate(values, 1))]
        return read(specimens.csv(rows), name, name)

    old = vintage([1.1, 2.1, 3.1, 4.1, 5.1, 6.1, 7.1, 8.1], "出口_甲.csv")
    new = vintage([1.1, 2.1, 3.2, 4.1, 5.1, 6.1, 7.1, 8.1, 9.1], "出口_乙.csv")
    other = vintage([11.1, 12.1, 13.2, 14.1, 15.1, 16.1, 17.1, 18.1, 9.1], "进口_乙.csv")
    (doubt,) = compare_files([old, new])
    assert "2024年3月：3.1 → 3.2" in doubt.found
    assert compare_files([old, other]) == ()
