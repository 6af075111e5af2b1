"""Texts made fit to be set."""

from __future__ import annotations

import pytest

from flows.render.templates import _numeral
from flows.render.wording import harmless, places_in_short, title_lines, unbroken


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("现将2024年1—6月情况", ["1—6月"]),
        ("增长5.5%～6%", ["5.5%～6%"]),
        ("金发〔2024〕5号", ["5号"]),
        ("同比增长8.2%", []),
    ],
)
def test_ranges_and_numbers_of_documents_stay_whole(text: str, whole: list[str]) -> None:
    pieces = list(unbroken(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, kept in pieces if kept] == whole


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "金安区经济和信息化局关于2024年1—6月全区工业发展要点目标任务完成情况的通报",
            ["金安区经济和信息化局关于2024年1—6月", "全区工业发展要点目标任务完成情况的通报"],
        ),
        (
            "关于2024年1—6月全区工业发展要点目标任务完成情况的通报",
            ["关于2024年1—6月全区工业发展要点", "目标任务完成情况的通报"],
        ),
        ("关于1—6月情况的通报", ["关于1—6月情况的通报"]),
    ],
)
def test_a_title_is_cut_where_the_sense_allows(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_a_long_title_loses_nothing() -> None:
    title = "关于2024年1—12月" + "重点项目建设" * 9 + "的通报"
    lines = title_lines(title)
    assert "".join(lines) == title
    assert len(lines) >= 3
    assert not any(line.startswith(("的", "—")) or line.endswith("—") for line in lines)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ("甲.xlsx《表》F4", "甲.xlsx《表》F4"),
        ("甲.xlsx《表》F4；甲.xlsx《表》F5；乙.xlsx《表》A1", "甲.xlsx《表》F4、F5；乙.xlsx《表》A1"),
        ("；".join(f"甲.xlsx《表》F{row}" for row in range(4, 78)), "甲.xlsx《表》F4、F5、F6等74处"),
        ("区科技局；区经信局", "区科技局；区经信局"),
        ("", ""),
    ],
)
def test_many_places_are_told_in_short(places: str, told: str) -> None:
    assert places_in_short(places) == told


def test_only_harmful_characters_go() -> None:
    assert harmless("一\n二\t\x07三\u202e㙍\U00020000—…“”　") == "一\n二\t三㙍\U00020000—…“”　"


@pytest.mark.parametrize(("number", "numeral"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五")])
def test_headings_count_in_chinese(number: int, numeral: str) -> None:
    assert _numeral(number) == numeral
