"""Real spreadsheets, which aren't ours to keep in the repository: skipped where their folder is missing.

Set YUEBAO_SAMPLES to the folder, or put it beside the repository as ../shared/samples.
"""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from transforms.audits.asking import ask
from transforms.audits.evaluation import Verdict
from transforms.audits.formulas import Relation
from transforms.audits.sheets import audits_of_workbook
from transforms.doubts import Severity
from transforms.periods import Period
from transforms.readings import Contents, Measure, State
from transforms.rechecking.comparing import compare_files
from transforms.spreadsheets.sheets import Kind
from transforms.spreadsheets.workbooks import open_workbook
from transforms.tables.reading import read

SAMPLES = Path(os.environ.get("YUEBAO_SAMPLES") or Path(__file__).parents[2].parent / "shared" / "samples")

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no real samples: {SAMPLES} is missing")


def sample(number: str) -> tuple[str, bytes]:
    path = next(SAMPLES.glob(f"{number}_*"))
    return path.name, path.read_bytes()


def contents_of(number: str) -> Contents:
    name, data = sample(number)
    return read(data, name, "v1")


def expectations(contents: Contents) -> set[str]:
    return {doubt.expectation for doubt in contents.doubts}


def test_01_industrial_growth_of_33_months() -> None:
    contents = contents_of("01")
    assert len(contents.periods) == 33
    found = next(r for r in contents.readings if r.label == "工业增加值累计增长" and r.period == Period(2019, 12))
    assert (found.value, found.unit, found.measure) == (Decimal("5.7"), "%", Measure.YEAR_TO_DATE_GROWTH)
    assert (found.cell.sheet, found.cell.ref) == ("月度数据", "E5")
    february = [r for r in contents.readings if r.period == Period(2020, 2)]
    assert [(r.measure, r.state) for r in february] == [
        (Measure.MONTH_GROWTH, State.BLANK),
        (Measure.YEAR_TO_DATE_GROWTH, State.NUMBER),
    ]
    # Not a fault: the figures of January and February are released together.
    assert contents.doubts == ()
    assert len(contents.tables[0].notes) == 4


def test_08_tables_that_were_shifted_are_named_with_the_move() -> None:
    contents = contents_of("08")
    assert len(contents.tables) == 17
    assert "one-series-one-value" not in expectations(contents)
    moved = [doubt for doubt in contents.doubts if doubt.expectation == "copies-keep-their-periods"]
    assert {doubt.severity for doubt in moved} == {Severity.CRITICAL}
    of_gdp, of_index = moved
    assert "2018年、2019年的数是08_GDP_已自动还原_错位.xls《季度数据》A3:M11的数在各年内提前了1个季度" in of_gdp.found
    assert "B15（2018年3月）的205905.5是I4（2018年6月）的数，应为185190" in of_gdp.found
    assert "B18（2018年12月）的185190是J4（2018年3月）的数，应为234108.3" in of_gdp.found
    assert "第三产业增加值(不变价)累计值" in of_gdp.found
    assert len([place for place in of_gdp.places if "《Sheet4》" in place]) == 8 * 8 + 8
    assert "《同比》A3:M35" in of_index.found
    assert "figures-are-in-tables" in expectations(contents)


def test_08_agrees_with_09_where_it_was_not_shifted() -> None:
    assert compare_files([contents_of("09"), contents_of("08")]) == ()


def test_09_quarters() -> None:
    contents = contents_of("09")
    assert [period.month for period in contents.periods] == [6, 9, 12] + [3, 6, 9, 12] * 2 + [3]
    assert Counter(r.measure for r in contents.readings) == {Measure.QUARTER: 72, Measure.YEAR_TO_DATE: 60}
    assert contents.doubts == ()


def test_16_says_2014_twice_and_lacks_2015() -> None:
    contents = contents_of("16")
    assert [table.layout for table in contents.tables] == ["areas_across"] + ["areas_down"] * 13
    assert len(contents.readings) == 5 * 13 * 31 + 13 * 5 * 31
    assert {(r.measure, r.state) for r in contents.readings} == {(Measure.YEAR, State.NUMBER)}
    twice, gap = contents.doubts
    assert (twice.expectation, twice.severity, twice.period) == (
        "tables-stand-once",
        Severity.CRITICAL,
        Period(2014, 12),
    )
    assert "《Sheet4》A1:F33" in twice.found
    assert "《Sheet5》A1:F33写的都是2014年，198格中有196格相同" in twice.found
    assert "“西藏新产品销售收入”《Sheet4》E28是1，《Sheet5》E28是0.001" in twice.found
    assert "“西藏有效发明专利数”《Sheet4》F28是0.001，《Sheet5》F28是0.0044" in twice.found
    assert "恰好缺2015年" in twice.found
    assert [place.partition("《")[2] for place in twice.places] == [
        "Sheet4》E28",
        "Sheet5》E28",
        "Sheet4》F28",
        "Sheet5》F28",
    ]
    assert (gap.expectation, gap.severity) == ("periods-follow-on", Severity.WARNING)
    assert "2015年没有表" in gap.found
    assert [place.partition("《")[2][:6] for place in gap.places] == ["Sheet5", "Sheet6"]


def test_17_and_20_are_the_same_table_in_333_cells() -> None:
    def cells(number: str) -> dict[str, tuple[object, ...]]:
        readings = contents_of(number).readings
        labels = {r.cell.ref[1:].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"): r.label for r in readings}
        assert len(set(labels.values())) == 4
        return {r.cell.ref: (r.label, r.area, r.period, r.measure, r.value, r.unit, r.state) for r in readings}

    xls, csv = cells("17"), cells("20")
    assert xls == csv
    assert len(xls) == 144
    assert Counter(told[-1] for told in xls.values()) == {State.NUMBER: 132, State.BLANK: 12}
    assert {told[1] for told in xls.values()} == {"安徽省"}

    def grid(number: str) -> dict[tuple[int, int], str]:
        (sheet,) = open_workbook(sample(number)[1], sample(number)[0])
        return {(row, column): sheet.value(row, column).text for row in range(sheet.height) for column in range(37)}

    one, other = grid("17"), grid("20")
    assert len(one) == len(other) == 333
    assert one == other


def test_21_gb18030_with_a_note_of_several_lines() -> None:
    contents = contents_of("21")
    assert len(contents.periods) == 50
    found = next(r for r in contents.readings if r.label == "出口总值当期值" and r.period == Period(2019, 12))
    assert (found.value, found.unit, found.measure, found.cell.ref) == (
        Decimal(238267589),
        "千美元",
        Measure.MONTH,
        "K6",
    )
    assert len(contents.tables[0].notes) == 3
    assert contents.doubts == ()


def test_24_headers_of_code_page_1252() -> None:
    (sheet,) = open_workbook(sample("24")[1], "24.xls")
    assert sheet.words(0, 1) == "居民消费价格指数CPI_当月同比(上年同月=100)_CPI_YoY"
    assert sheet.value(1, 0).text == "1987-01-31"
    contents = contents_of("24")
    assert len(contents.periods) == 456
    # An index is no growth rate, whatever 同比 its name has.
    assert not {r.measure for r in contents.readings} & {Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH}


def test_27_says_2025_and_ends_in_2024() -> None:
    contents = contents_of("27")
    (doubt,) = contents.doubts
    assert (doubt.expectation, doubt.severity) == ("stated-range-agrees", Severity.WARNING)
    assert {r.measure for r in contents.readings} == {Measure.YEAR}
    assert [period.year for period in contents.periods] == list(range(2015, 2025))


def test_33_a_filled_return_with_three_styles_of_period() -> None:
    contents = contents_of("33")
    assert [str(period) for period in contents.periods] == ["2018-02", "2018-03", "2018-06"]
    assert len(contents.tables) == 3
    found = next(r for r in contents.readings if r.label == "NG1310" and r.period == Period(2018, 6))
    assert (found.value, found.cell.ref) == (Decimal(5777), "E11")
    assert expectations(contents) == {"measures-are-stated", "figures-are-in-tables", "rows-have-words"}
    # Sixteen rows have their numbers as texts; a row with a code and two empty cells is a row too.
    typed = [r for r in contents.readings if r.code in {"NG5701", "NG5716"} and r.measure is Measure.MONTH]
    assert [(r.code, r.raw) for r in typed] == [("NG5701", "614"), ("NG5701", "683"), ("NG5716", "0"), ("NG5716", "0")]
    assert Counter(r.state for r in contents.readings if r.code == "NM9552") == {State.BLANK: 2}
    assert len({r.code for r in contents.readings}) == 163 + 99 + 181


def test_34_has_57_errors() -> None:
    sheets = open_workbook(sample("34")[1], "34.xls")
    errors = [value for sheet in sheets for value in sheet.special.values() if value.kind is Kind.ERROR]
    assert [value.text for value in errors] == ["#N/A"] * 57
    doubt = next(doubt for doubt in contents_of("34").doubts if doubt.expectation == "no-error-cells")
    assert len(doubt.places) == 57


def test_33_is_audited_by_34() -> None:
    name, data = sample("34")
    imported = audits_of_workbook(data, name)
    assert Counter(one.scope for one in imported.audits) == {
        "月报审核公式": 82, "季报审核公式": 169, "区域统计表审核公式": 65,
    }  # fmt: skip
    assert [(doubt.expectation, len(doubt.places)) for doubt in imported.doubts] == [("no-error-cells", 57)]

    asked = ask([contents_of("33")], imported.audits)
    told: dict[tuple[str, str], Counter[Verdict]] = {}
    for one in asked:
        told.setdefault((one.audit.scope, str(one.period)), Counter())[one.outcome.verdict] += 1
    assert told == {
        ("月报审核公式", "2018-02"): {Verdict.PASS: 77, Verdict.UNDECIDED: 5},
        ("月报审核公式", "2018-06"): {Verdict.PASS: 77, Verdict.UNDECIDED: 5},
        ("季报审核公式", "2018-03"): {Verdict.PASS: 73, Verdict.FAIL: 2, Verdict.UNDECIDED: 94},
        ("季报审核公式", "2018-06"): {Verdict.UNDECIDED: 169},
        ("区域统计表审核公式", "2018-02"): {Verdict.PASS: 65},
        ("区域统计表审核公式", "2018-06"): {Verdict.PASS: 65},
    }
    # Without the strict relations, which all hold: 70 pass in the monthly return, 69 in the quarterly. They're formulas
    # like the others: numbered among them without a gap, none stands twice, and the workbook's own list has them.
    for scope in {one.scope for one in imported.audits}:
        own = [one for one in imported.audits if one.scope == scope]
        assert len({one.formula.text for one in own}) == len(own)
        for report in {one.report for one in own}:
            numbers = [int(one.number) for one in own if one.report == report]
            assert numbers == list(range(1, len(numbers) + 1)), (scope, report)
    strict = Counter(
        (one.audit.scope, str(one.period))
        for one in asked
        if one.outcome.verdict is Verdict.PASS and one.audit.formula.relation is Relation.ABOVE
    )
    assert strict == {
        ("月报审核公式", "2018-02"): 7, ("月报审核公式", "2018-06"): 7, ("季报审核公式", "2018-03"): 4,
    }  # fmt: skip

    failed = [one for one in asked if one.outcome.verdict is Verdict.FAIL]
    assert [one.audit.formula.text for one in failed] == ["MV5034>=MV5035+MV5036", "NV3032>=MV3037+MV3038"]
    assert [(one.outcome.left, one.outcome.right) for one in failed] == [
        (Decimal("559.01"), Decimal("109084.8")),
        (Decimal(0), Decimal(10209)),
    ]
    assert [cell.ref for one in failed for found in one.outcome.found for cell in found.cells] == [
        "D57", "D55", "D56", "D166", "D184", "D168",
    ]  # fmt: skip
    lacking = {
        one.audit.formula.text
        for one in asked
        if one.audit.scope == "月报审核公式" and one.outcome.verdict is Verdict.UNDECIDED
    }
    assert {text.partition(">=")[0] for text in lacking} == {"NG1100", "NG2430", "NG1203"}


@pytest.mark.parametrize(("number", "tables"), [("35", 1), ("36", 4)])
def test_35_and_36_are_empty_templates_and_give_no_zeros(number: str, tables: int) -> None:
    contents = contents_of(number)
    assert contents.readings == ()
    assert [table.layout for table in contents.tables] == ["unfilled_forms"] * tables
    empty = contents.doubts[-1]
    assert (empty.expectation, empty.severity, len(empty.places)) == (
        "forms-are-filled",
        Severity.INFO,
        1 if tables == 1 else 3,
    )
    assert not expectations(contents) & {"layouts-are-known", "some-layout-is-known"}


def test_40_first_days_are_months() -> None:
    contents = contents_of("40")
    assert (str(contents.periods[0]), len(contents.periods)) == ("2008-01", 215)
    first = [(r.measure, r.value) for r in contents.readings if r.period == Period(2008, 1)]
    assert first == [
        (Measure.MONTH, Decimal("7396.6")),
        (Measure.MONTH_GROWTH, Decimal("42.4")),
        (Measure.YEAR_TO_DATE, Decimal("7396.6")),
        (Measure.YEAR_TO_DATE_GROWTH, Decimal("42.4")),
    ]


def test_41_vintages_can_be_compared() -> None:
    vintages = []
    for path in sorted(SAMPLES.glob("41_*")):
        contents = read(path.read_bytes(), "出口.csv", path.stem)
        vintages.append({(r.measure, r.period): r.value for r in contents.readings})
    assert [len(vintage) for vintage in vintages] == [884, 892, 892]
    common = vintages[0].keys() & vintages[1].keys()
    assert len(common) == 884


def test_41_revisions_are_listed_from_vintage_to_vintage() -> None:
    vintages = [SAMPLES / f"41_vintage_exports_{name}.csv" for name in ("069d272", "577a117", "e34a637")]
    doubts = compare_files([read(path.read_bytes(), path.name, path.stem) for path in vintages])
    assert {(doubt.expectation, doubt.severity) for doubt in doubts} == {("past-figures-stand", Severity.INFO)}
    assert [len(doubt.places) // 2 for doubt in doubts] == [5, 1, 12, 3, 2, 2]
    first = doubts[0]
    assert "2025年3月：313.1 → 313.0（B208 → B208）" in first.found
    assert "2026年5月：376.8 → 376.4（B222 → B222）" in first.found
    assert first.places[:2] == tuple(f"{path.name}《{path.stem}》B208" for path in vintages[:2])
    assert "2026年6月：412.4 → 411.9" in doubts[3].found


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.[xc]*")), ids=lambda path: str(path.name))
def test_every_sample_gives_contents_with_exact_places(path: Path) -> None:
    contents = read(path.read_bytes(), path.name, "v1")
    sheets = {sheet.name: sheet for sheet in open_workbook(path.read_bytes(), path.name)}
    for reading in contents.readings:
        letters = reading.cell.ref.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        value = sheets[reading.cell.sheet].value(int(reading.cell.ref[len(letters) :]) - 1, column - 1)
        assert value.text == reading.raw
