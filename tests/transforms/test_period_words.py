import datetime as dt

import pytest

from transforms.period_words import Span, clerical_day, periods_in, whole_period

MONTH, TO_DATE, QUARTER, YEAR = Span.MONTH, Span.YEAR_TO_DATE, Span.QUARTER, Span.YEAR


@pytest.mark.parametrize(
    ("words", "period", "span"),
    [
        ("2024年6月", "2024-06", MONTH),
        ("2024年06月", "2024-06", MONTH),
        ("2024 年 6 月", "2024-06", MONTH),
        ("2024年6月份", "2024-06", MONTH),
        ("2024年6月末", "2024-06", MONTH),
        ("24年6月", "2024-06", MONTH),
        ("2024-06", "2024-06", MONTH),
        ("2024-6", "2024-06", MONTH),
        ("2024.06", "2024-06", MONTH),
        ("2024/6", "2024-06", MONTH),
        ("202406", "2024-06", MONTH),
        ("２０２４年６月", "2024-06", MONTH),
        ("２０２４０６", "2024-06", MONTH),
        ("二〇二四年六月", "2024-06", MONTH),
        ("2024年十二月", "2024-12", MONTH),
        ("2008-01-01", "2008-01", MONTH),
        ("2024/06/30", "2024-06", MONTH),
        ("截至2024年6月30日", "2024-06", MONTH),
        ("2024年1—6月", "2024-06", TO_DATE),
        ("2024年1-6月", "2024-06", TO_DATE),
        ("2024年1～6月", "2024-06", TO_DATE),
        ("2024年1~6月", "2024-06", TO_DATE),
        ("2024年1–6月", "2024-06", TO_DATE),
        ("2024年1月至6月", "2024-06", TO_DATE),
        ("2024年1至6月", "2024-06", TO_DATE),
        ("2024年1月—6月", "2024-06", TO_DATE),
        ("2024年1月-2024年6月", "2024-06", TO_DATE),
        ("2024年1—6月累计", "2024-06", TO_DATE),
        ("2024.1-6月", "2024-06", TO_DATE),
        ("2024.01-06", "2024-06", TO_DATE),
        ("2024年1-6", "2024-06", TO_DATE),
        ("Jun-24", "2024-06", MONTH),
        ("June 2024", "2024-06", MONTH),
        ("2024年1—2月", "2024-02", TO_DATE),
        ("2024年前5个月", "2024-05", TO_DATE),
        ("2024年前十个月", "2024-10", TO_DATE),
        ("2024年上半年", "2024-06", TO_DATE),
        ("2024年前三季度", "2024-09", TO_DATE),
        ("2024年1—3季度", "2024-09", TO_DATE),
        ("2024年一至三季度", "2024-09", TO_DATE),
        ("2024年一季度", "2024-03", QUARTER),
        ("2020年第一季度", "2020-03", QUARTER),
        ("2020年第4季度", "2020-12", QUARTER),
        ("2024年二季度末", "2024-06", QUARTER),
        ("2020Q1", "2020-03", QUARTER),
        ("2024年4-6月", "2024-06", QUARTER),
        ("2019年", "2019-12", YEAR),
        ("2019年度", "2019-12", YEAR),
        ("2019", "2019-12", YEAR),
        ("2024年全年", "2024-12", YEAR),
    ],
)
def test_reads_every_way_of_writing_a_period(words: str, period: str, span: Span) -> None:
    found = whole_period(words)
    assert found is not None
    assert (str(found.period), found.span, found.year_stated) == (period, span, True)


@pytest.mark.parametrize(
    ("words", "period", "span"),
    [
        ("6月", "2024-06", MONTH),
        ("一月", "2024-01", MONTH),
        ("1—6月", "2024-06", TO_DATE),
        ("1-6月累计", "2024-06", TO_DATE),
        ("前5个月", "2024-05", TO_DATE),
        ("上半年", "2024-06", TO_DATE),
        ("前三季度", "2024-09", TO_DATE),
        ("一季度", "2024-03", QUARTER),
        ("第一季度", "2024-03", QUARTER),
        ("全年", "2024-12", YEAR),
    ],
)
def test_takes_the_year_from_the_context(words: str, period: str, span: Span) -> None:
    assert whole_period(words) is None
    found = whole_period(words, 2024)
    assert found is not None
    assert (str(found.period), found.span, found.year_stated) == (period, span, False)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "指标",
        "36月",
        "2024年13月",
        "2024年3—5月",
        "2024年下半年",
        "2016-",
        "20240612",
        "24-Jun",
        "Junk-24",
        "2024Q5",
        "1.5",
        "0",
        "同比",
    ],
)
def test_refuses_what_is_no_period(words: str) -> None:
    assert whole_period(words, 2024) is None


@pytest.mark.parametrize(
    ("line", "periods"),
    [
        ("金安区2024年6月主要经济指标（演示数据）", ["2024-06"]),
        ("主要经济指标_2024年5月（修订）_演示数据", ["2024-05"]),
        ("填报单位：区招商创业中心　截至2024年6月30日　共46项", ["2024-06"]),
        ("报送单位：区人社局　填报日期：2024-07-12", []),
        ("金发〔2024〕5号 2024年2月8日", []),
        ("01_nbs_工业增加值_36月", []),
        ("时间：最近36个月", []),
        ("报表202406", ["2024-06"]),
        ("报表20240612", []),
        ("2023年12月 2024年1—2月", ["2023-12", "2024-02"]),
        ("41_vintage_exports_069d272", []),
    ],
)
def test_finds_periods_in_a_line_of_words(line: str, periods: list[str]) -> None:
    assert [str(one.period) for one in periods_in(line)] == periods


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("报送单位：区人社局　填报日期：2024-07-12", dt.date(2024, 7, 12)),
        ("填表日期：2024年7月2日", dt.date(2024, 7, 2)),
        ("填报日期：2024年13月2日", None),
        ("截至2024年6月30日", None),
    ],
)
def test_the_day_on_which_a_form_was_filled_in(line: str, day: dt.date | None) -> None:
    assert clerical_day(line) == day
