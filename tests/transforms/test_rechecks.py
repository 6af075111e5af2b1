"""What one file states, rechecked as intervals: once consistent, once not, and where nothing can be said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from transforms.doubts import Doubt, Severity
from transforms.figures import Interval, growth_between
from transforms.rechecking.rechecks import rechecks, rechecks_of_tables, toned
from transforms.tables.reading import read

NAME = "主要经济指标_2024年6月.csv"
HEAD = "指标名称,计量单位,本月,累计,上年同期,累计同比增长（%）,全年目标,完成率（%）"


def told(*lines: str, title: str = "金安区2024年6月主要经济指标") -> list[Doubt]:
    text = "\n".join([title, *lines]) + "\n"
    return list(rechecks(read(text.encode(), NAME, "v1")))


def ids(doubts: list[Doubt]) -> list[str]:
    return [doubt.expectation for doubt in doubts]


def refs(doubt: Doubt) -> list[str]:
    return [place.rpartition("》")[2] for place in doubt.places]


# --- 完成率 ------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "target", "rate"),
    [
        ("85.0", "170.0", "50.0"),
        ("3.73", "7.0", "53.3"),  # 7.0 may be 6.95: 53.67 at most, 52.87 at least
        ("12", "87", "13.8"),
        ("12", "87", "13.79"),
        ("0.4", "3", "15"),  # a figure of one digit says little
    ],
)
def test_a_completion_rate_that_some_value_gives_is_consistent(done: str, target: str, rate: str) -> None:
    assert told(HEAD, f"工业总产值,亿元,,{done},,,{target},{rate}") == []


def test_a_completion_rate_that_no_value_gives_names_all_cells_and_both_intervals() -> None:
    (doubt,) = told(HEAD, "工业总产值,亿元,,20.7,,,170.0,13.8")
    assert (doubt.expectation, doubt.severity) == ("completion-follows", Severity.WARNING)
    assert refs(doubt) == ["H3", "D3", "G3"]
    assert "所报完成率13.8%（四舍五入前为13.75%～13.85%）" in doubt.found
    assert "累计20.7亿元÷全年目标170.0亿元，推算为12.14%～12.21%" in doubt.found
    assert doubt.expected == "完成率在四舍五入范围内应为12.1%～12.2%"


def test_a_rate_of_two_digits_has_a_narrower_interval() -> None:
    assert told(HEAD, "工业总产值,亿元,,102.3,,,185.0,55.3") == []
    assert ids(told(HEAD, "工业总产值,亿元,,102.3,,,185.0,55.20")) == ["completion-follows"]


def test_a_misplaced_point_in_a_completion_rate_is_named() -> None:
    (doubt,) = told(HEAD, "工业总产值,亿元,,85.0,,,170.0,5.0")
    assert "相差约10倍，疑似小数点或百分号有误" in doubt.found


def test_a_percent_cell_is_read_as_the_rate_that_it_shows() -> None:
    assert told(HEAD, "工业总产值,亿元,,85.0,,,170.0,50.0%") == []
    assert ids(told(HEAD, "工业总产值,亿元,,85.0,,,170.0,55.0%")) == ["completion-follows"]


def test_a_completion_may_be_of_any_target_in_the_row() -> None:
    head = "指标名称,计量单位,累计,市考核全年目标,完成率（%）,区确保全年目标,完成率（%）"
    assert told(head, "工业总产值,亿元,25.47,42.5,59.94,46.5,54.78") == []
    assert ids(told(head, "工业总产值,亿元,25.47,42.5,59.94,46.5,57.78")) == ["completion-follows"]


def test_a_growth_target_is_completed_by_its_growth() -> None:
    assert told(HEAD, "工业投资,亿元,,85.0,,8.2,20,41.0") == []


def test_nothing_is_said_of_a_target_of_nothing() -> None:
    assert told(HEAD, "工业总产值,亿元,,85.0,,,0,50") == []


# --- 同比 ------------------------------------------------------------


@pytest.mark.parametrize("rate", ["6.2", "6.3", "6.25"])
def test_a_growth_that_the_same_table_gives_is_consistent(rate: str) -> None:
    assert told(HEAD, f"工业投资,亿元,,85.0,80.0,{rate},,") == []


def test_a_growth_that_the_same_table_contradicts_is_told() -> None:
    (doubt,) = told(HEAD, "工业投资,亿元,,85.0,80.0,7.2,,")
    assert (doubt.expectation, doubt.severity, refs(doubt)) == ("growth-follows", Severity.WARNING, ["F3", "D3", "E3"])
    assert "所报累计同比7.2%（四舍五入前为7.15%～7.25%）" in doubt.found
    assert doubt.expected == "累计同比在四舍五入范围内应为6.1%～6.4%"


@pytest.mark.parametrize(("rate", "why"), [("62.5", "约10倍"), ("0.0625", "约100倍"), ("-6.3", "正负相反")])
def test_a_slip_of_the_hand_is_critical(rate: str, why: str) -> None:
    (doubt,) = told(HEAD, f"工业投资,亿元,,85.00,80.00,{rate},,")
    assert doubt.severity is Severity.CRITICAL
    assert why in doubt.found


def test_a_sign_that_changes_is_reckoned_right() -> None:
    assert told(HEAD, "工业投资,亿元,,-2.0,80.0,-102.5,,") == []
    (loss,) = told(HEAD, "利润,亿元,,10.0,-5.0,120,,")
    assert (loss.expectation, loss.severity) == ("growth-has-a-base", Severity.INFO)
    assert told(HEAD, "利润,亿元,,10.0,-5.0,300,,") == []
    assert told(HEAD, "利润,亿元,,10.0,-5.0,-300,,") == []


def test_growth_from_nothing_is_told() -> None:
    (doubt,) = told(HEAD, "工业投资,亿元,,85.0,0,100,,")
    assert (doubt.expectation, doubt.severity) == ("growth-has-a-base", Severity.WARNING)
    assert told(HEAD, "工业投资,亿元,,85.0,0,—,,") == []


def test_growth_at_constant_prices_is_not_asked() -> None:
    assert told(HEAD, "规模以上工业增加值,亿元,,85.0,80.0,9.9,,") == []


def test_one_base_for_two_growths_is_of_the_one_that_it_fits() -> None:
    head = "指标名称,计量单位,本月,本月同比（%）,累计,上年同期,累计同比（%）"
    assert told(head, "工业投资,亿元,13.0,40.0,85.0,80.0,6.3") == []
    (doubt,) = told(head, "工业投资,亿元,13.0,40.0,85.0,80.0,9.9")
    assert refs(doubt) == ["G3", "E3", "F3"]


def test_two_bases_are_told_apart_by_what_they_fit() -> None:
    head = "指标名称,计量单位,本月,上年同月,本月同比（%）,累计,上年同期累计,累计同比（%）"
    assert told(head, "工业投资,亿元,13.00,10.00,30.0,85.00,80.00,6.3") == []
    (doubt,) = told(head, "工业投资,亿元,13.00,10.00,30.0,85.00,80.00,16.3")
    assert refs(doubt) == ["H3", "F3", "G3"]


def test_levels_in_two_units_are_one() -> None:
    now, then = Interval.of(Decimal("85.0")), Interval.of(Decimal("800000")).times(Decimal("0.0001"))
    assert growth_between(now, then).overlaps(Interval.of(Decimal("6.3")))


# --- 本月 beside 累计 ------------------------------------------------------------


def rows(*pairs: tuple[str, str]) -> list[str]:
    return [f"指标{name},亿元,{month},{total},,,," for name, (month, total) in zip("甲乙丙丁", pairs, strict=False)]


def test_a_month_above_its_year_to_date_is_told_at_both_cells() -> None:
    (doubt,) = told(HEAD, *rows(("13.1", "84.2"), ("90.1", "84.2")))
    assert (doubt.expectation, refs(doubt)) == ("month-within-year-to-date", ["C4", "D4"])


def test_swapped_columns_are_told_once_and_critical() -> None:
    (doubt,) = told(HEAD, *rows(("84.2", "13.1"), ("61.0", "9.3"), ("7.7", "1.1"), ("30.2", "5.5")))
    assert (doubt.expectation, doubt.severity, len(doubt.places)) == ("columns-not-swapped", Severity.CRITICAL, 8)


def test_equal_columns_are_critical_after_february() -> None:
    same = rows(("84.2", "84.2"), ("61.0", "61.0"), ("7.7", "7.7"), ("30.2", "30.2"))
    (doubt,) = told(HEAD, *same)
    assert (doubt.expectation, doubt.severity) == ("columns-differ-in-figures", Severity.CRITICAL)
    assert told(HEAD, *rows(("84.2", "84.2"), ("61.0", "61.0"), ("7.7", "7.7"), ("5.5", "30.2"))) == []
    text = "\n".join(["金安区2024年1—2月主要经济指标", HEAD, *same])
    assert rechecks(read(text.encode(), "主要经济指标_2024年2月.csv", "v1")) == ()


# --- Ranks, wholes, shares, periods ------------------------------------------------------------

AREAS = "乡镇,规模以上工业总产值（亿元）累计,同比增长（%）,位次"
FIVE = ("甲镇,10.0,9.0,3", "乙镇,20.0,11.0,1", "丙镇,15.0,10.0,2", "丁镇,5.0,8.0,4", "戊镇,4.0,7.0,5")


def test_ranks_follow_from_some_column() -> None:
    assert told(AREAS, "合计,54.0,9.5,", *FIVE) == []


def test_ranks_that_are_swapped_are_told_where_the_others_agree() -> None:
    wrong = told(AREAS, *FIVE[:3], "丁镇,5.0,8.0,5", "戊镇,4.0,7.0,4")
    assert ids(wrong) == ["rank-follows"] * 2
    assert "按表内数据8.0%应居第4位" in wrong[0].found or "按表内数据5.0亿元应居第4位" in wrong[0].found


def test_ties_share_a_rank_or_not() -> None:
    tied = ("甲镇,10.0,9.0,3", "乙镇,20.0,11.0,1", "丙镇,15.0,10.0,2", "丁镇,5.0,8.0,4")
    assert told(AREAS, *tied, "戊镇,5.0,8.0,4") == []
    assert told(AREAS, *tied, "戊镇,5.0,8.0,5") == []


def test_ranks_among_others_are_left_alone() -> None:
    ranks = zip("甲乙丙丁戊", ("10", "20", "15", "5", "4"), ("31", "52", "17", "88", "3"), strict=True)
    assert told(AREAS, *(f"{name}镇,{value},{value},{rank}" for name, value, rank in ranks)) == []


def test_a_whole_is_the_sum_of_its_areas_within_rounding() -> None:
    assert told(AREAS, "合计,54.2,9.5,", *FIVE) == []
    (doubt,) = told(AREAS, "合计,55.0,9.5,", *FIVE)
    assert (doubt.expectation, refs(doubt)) == ("parts-add-up", ["B3", "B4", "B5", "B6", "B7", "B8"])


def test_parks_may_lie_in_the_townships() -> None:
    assert told(AREAS, "合计,54.0,9.5,", *FIVE, "东部园区,40.0,12.0,") == []
    assert told(AREAS, "合计,94.0,9.5,", *FIVE, "东部园区,40.0,12.0,") == []


def test_a_part_within_its_whole() -> None:
    assert told(HEAD, "工业投资,亿元,,85.0,,,,", "其中：技改投资,亿元,,85.0,,,,") == []
    (doubt,) = told(HEAD, "工业投资,亿元,,85.0,,,,", "其中：技改投资,亿元,,85.2,,,,")
    assert (doubt.expectation, refs(doubt)) == ("of-which-within-whole", ["D4", "D3"])


def test_a_share_of_two_rows() -> None:
    head = "指标名称,计量单位,累计,期末"
    two = ("工业总值,亿元,20.0,", "地区生产总值,亿元,100.0,")
    assert told(head, *two, "工业总值占GDP比重,%,,20.0") == []
    (doubt,) = told(head, *two, "工业总值占GDP比重,%,,21.0")
    assert (doubt.expectation, refs(doubt)) == ("share-follows", ["D5", "C3", "C4"])


def test_shares_that_miss_100_by_rounding_are_a_note() -> None:
    head = "乡镇,工业产值占比（%）"
    assert ids(told(head, "合计,100", "甲镇,33.3", "乙镇,33.3", "丙镇,33.3")) == ["shares-add-up"]
    assert told(head, "合计,100", "甲镇,33.3", "乙镇,33.3", "丙镇,33.4") == []
    assert ids(told(head, "合计,100", "甲镇,33.3", "乙镇,33.3", "丙镇,30.0")) == ["parts-add-up"]


QUARTERS = "指标,2024年第一季度,2024年第二季度"
SERIES = "指标,2024年4月,2024年5月,2024年6月"


def test_a_year_to_date_is_the_one_before_and_the_month() -> None:
    month = "投资当月值（亿元）,10.0,11.0,12.0"
    assert told(SERIES, month, "投资累计值（亿元）,40.0,51.0,63.0", title="国家统计局") == []
    (note,) = told(SERIES, month, "投资累计值（亿元）,40.0,51.0,63.5", title="国家统计局")
    assert (note.expectation, note.severity, refs(note)) == ("months-add-up", Severity.INFO, ["D4", "C4", "D3"])
    (far,) = told(SERIES, month, "投资累计值（亿元）,40.0,51.0,83.5", title="国家统计局")
    assert (far.expectation, far.severity) == ("months-reconcile", Severity.WARNING)


def test_a_quarter_carries_the_year_on() -> None:
    assert told(QUARTERS, "投资当季值（亿元）,10.0,11.0", "投资累计值（亿元）,10.0,21.0", title="国家统计局") == []
    wrong = told(QUARTERS, "投资当季值（亿元）,10.0,11.0", "投资累计值（亿元）,10.0,21.3", title="国家统计局")
    assert ids(wrong) == ["months-add-up"]


def test_growth_against_the_published_level_is_a_note_on_scope_and_a_slip_a_doubt() -> None:
    head = "指标,2023年6月,2024年6月"
    levels = "投资累计值（亿元）,80.0,85.0"
    assert told(head, levels, "投资累计增长（%）,,6.3", title="国家统计局") == []
    (note,) = told(head, levels, "投资累计增长（%）,,12.0", title="国家统计局")
    assert (note.expectation, note.severity) == ("growth-agrees", Severity.INFO)
    assert "可比口径" in note.expected
    (doubt,) = told(head, levels, "投资累计增长（%）,,-6.3", title="国家统计局")
    assert (doubt.expectation, doubt.severity) == ("growth-keeps-its-point", Severity.WARNING)


# --- In a run ------------------------------------------------------------


def test_a_run_hears_of_its_own_figures_only() -> None:
    text = "\n".join(["金安区2024年6月主要经济指标", HEAD, "工业投资,亿元,,85.00,80.00,62.5,,"])
    doubts = rechecks_of_tables(read(text.encode(), NAME, "v1"))
    (place, *_) = doubts[0].places
    nothing: frozenset[str] = frozenset()
    assert [one.severity for one in toned(doubts, frozenset({place}), frozenset({place}))] == [Severity.CRITICAL]
    assert [one.severity for one in toned(doubts, nothing, frozenset({place}))] == [Severity.WARNING]
    assert [one.severity for one in toned(doubts, nothing, nothing)] == [Severity.INFO]
