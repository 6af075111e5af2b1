"""Every pattern of official Chinese at its edges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from transforms.periods import Period
from transforms.writing.wording import (
    change_of_level,
    change_of_rate,
    counted_list,
    gap_to_level,
    gap_to_path,
    gap_to_rate,
    growth,
    measured,
    month_end,
    months_to_come,
    movement,
    name_list,
    rank_words,
    sentence,
    share,
    signed,
    status_counts,
    year_so_far,
)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("8.7", "同比增长8.7%"),
        ("-8.92", "同比下降8.9%"),
        ("0", "同比持平"),
        ("-0.04", "同比持平"),
        ("0.05", "同比增长0.1%"),
        ("-0.05", "同比下降0.1%"),
        ("150", "同比增长150.0%"),
    ],
)
def test_growth(rate: str, words: str) -> None:
    assert growth(Decimal(rate)) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("8.2", "7.9", "增速较1—5月提高0.3个百分点"),
        ("7.9", "8.2", "增速较1—5月回落0.3个百分点"),
        ("8.2", "8.2", "增速与1—5月持平"),
        ("8.24", "8.16", "增速与1—5月持平"),
        ("-3.0", "-5.5", "降幅较1—5月收窄2.5个百分点"),
        ("-5.5", "-3.0", "降幅较1—5月扩大2.5个百分点"),
        ("-3.0", "-3.0", "降幅与1—5月持平"),
        ("0.9", "-3.1", "增速较1—5月提高4.0个百分点，由负转正"),
        ("-0.9", "3.1", "增速较1—5月回落4.0个百分点，由正转负"),
        ("0", "-3.1", "增速较1—5月提高3.1个百分点"),
        ("0.0", "3.1", "增速较1—5月回落3.1个百分点"),
        ("-1.0", "0", "增速较1—5月回落1.0个百分点"),
        ("0.04", "-0.04", "增速与1—5月持平"),
    ],
)
def test_change_of_a_rate_is_told_in_points(now: str, before: str, words: str) -> None:
    assert change_of_rate(Decimal(now), Decimal(before), "1—5月") == words


@pytest.mark.parametrize(
    ("now", "before", "places", "unit", "words"),
    [
        ("26", "22", 0, "个", "较5月底增加4个"),
        ("22", "26", 0, "个", "较5月底减少4个"),
        ("26", "26", 0, "个", "与5月底持平"),
        ("19.4", "18.8", 1, "%", "较5月底提高0.6个百分点"),
        ("18.8", "19.4", 1, "%", "较5月底下降0.6个百分点"),
    ],
)
def test_change_of_a_level(now: str, before: str, places: int, unit: str, words: str) -> None:
    assert change_of_level(Decimal(now), Decimal(before), places, unit, "5月底") == words


@pytest.mark.parametrize(
    ("completion", "path", "words"),
    [
        ("55.9", "50", "快于序时进度5.9个百分点"),
        ("44.1", "50", "慢于序时进度5.9个百分点"),
        ("50.04", "50", "与序时进度持平"),
        ("49.96", "50", "与序时进度持平"),
        ("41.64", "41.6666", "慢于序时进度0.1个百分点"),
        ("41.69", "41.6666", "与序时进度持平"),
        ("120", "50", "快于序时进度70.0个百分点"),
    ],
)
def test_gap_to_the_path_is_that_of_the_printed_figures(completion: str, path: str, words: str) -> None:
    assert gap_to_path(Decimal(completion), Decimal(path), "序时进度") == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("8.2", "低于全年目标1.8个百分点"),
        ("11.8", "高于全年目标1.8个百分点"),
        ("9.96", "与全年目标持平"),
        ("-2.0", "低于全年目标12.0个百分点"),
    ],
)
def test_gap_to_a_rate(rate: str, words: str) -> None:
    assert gap_to_rate(Decimal(rate), Decimal(10), 1, "全年目标") == words


@pytest.mark.parametrize(
    ("level", "target", "places", "unit", "words"),
    [
        ("148", "160", 0, "家", "比目标少12家"),
        ("163", "160", 0, "家", "比目标多3家"),
        ("160", "160", 0, "家", "与目标持平"),
        ("19.4", "20", 1, "%", "低于目标0.6个百分点"),
        ("20.6", "20", 1, "%", "高于目标0.6个百分点"),
    ],
)
def test_gap_to_a_level(level: str, target: str, places: int, unit: str, words: str) -> None:
    assert gap_to_level(Decimal(level), Decimal(target), places, unit, "目标") == words


@pytest.mark.parametrize(
    ("gap", "text"),
    [("2.4", "+2.4"), ("-1.3", "−1.3"), ("0", "0.0"), ("-0.04", "0.0"), ("-0.05", "−0.1")],
)
def test_a_signed_gap_has_a_true_minus_and_no_minus_zero(gap: str, text: str) -> None:
    assert signed(Decimal(gap), 1) == text


@pytest.mark.parametrize(
    ("rank", "tied", "previous", "words"),
    [
        (6, False, 7, "居第6位，较上月上升1位"),
        (6, False, 4, "居第6位，较上月下降2位"),
        (6, False, 6, "居第6位，与上月持平"),
        (6, False, None, "居第6位"),
        (2, True, None, "并列第2位"),
        (2, True, 3, "并列第2位，较上月上升1位"),
    ],
)
def test_ranks(rank: int, tied: bool, previous: int | None, words: str) -> None:
    assert rank_words(rank, tied, previous) == words


def test_movement_up_is_a_smaller_rank() -> None:
    assert (movement(3, 5), movement(5, 4), movement(2, 2)) == ("上升2位", "下降1位", "持平")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "无"),
        (["甲"], "甲"),
        (["甲", "乙"], "甲、乙"),
        (["甲", "乙", "丙"], "甲、乙等3项"),
    ],
)
def test_a_list_says_and_so_on_only_when_cut(names: list[str], words: str) -> None:
    assert counted_list(names, 2, "项") == words
    assert name_list(names, 2) == words.removesuffix("3项")


def test_status_counts_leave_out_what_nothing_has() -> None:
    counts = [("已完成全年目标", 5), ("超序时", 0), ("未报", 47)]
    assert status_counts(counts, 52) == "已完成全年目标的5项，占9.6%；未报的47项，占90.4%"
    assert share(1, 1) == "100.0%"


def test_points_are_never_percent() -> None:
    assert measured(Decimal("5.9"), 1, "百分点") == "5.9个百分点"
    assert measured(Decimal(26), 0, "个") == "26个"


@pytest.mark.parametrize(
    ("period", "so_far", "end", "rest"),
    [
        (Period(2024, 1), "1月", "1月底", "2—12月"),
        (Period(2024, 2), "1—2月", "2月底", "3—12月"),
        (Period(2024, 6), "1—6月", "6月底", "7—12月"),
        (Period(2024, 11), "1—11月", "11月底", "12月"),
        (Period(2024, 12), "全年", "年底", ""),
    ],
)
def test_periods(period: Period, so_far: str, end: str, rest: str) -> None:
    assert (year_so_far(period, 2024), month_end(period, 2024), months_to_come(period)) == (so_far, end, rest)


def test_another_year_is_named() -> None:
    assert year_so_far(Period(2023, 12), 2024) == "2023年全年"
    assert month_end(Period(2023, 12), 2024) == "2023年底"
    assert month_end(Period(2023, 9), 2024) == "2023年9月底"


def test_a_sentence_ends_once_and_drops_what_is_empty() -> None:
    assert sentence("甲", "", "乙。") == "甲，乙。"
    assert sentence("", "") == ""
