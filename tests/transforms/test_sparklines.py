"""The archive's small lines: a gap stays a gap, a year begins anew, and everything is told in words, too."""

from __future__ import annotations

from decimal import Decimal

from tests.render.histories import history, shown
from transforms.archive.pages import AreaLine, Card, Link
from transforms.archive.records import AreaMonth
from transforms.archive.sparklines import rank_line, sparkline
from transforms.charts.drawing import INK, Drawing, Outline, Words
from transforms.periods import Period
from transforms.writing.histories import Shown


def lines(drawing: Drawing) -> list[int]:
    """How many points each drawn line has."""
    drawn = [mark for mark in drawing.marks if isinstance(mark, Outline) and mark.stroke == INK]
    return [mark.d.count("L") + 1 for mark in drawn]


def card(*points: tuple[Period, Shown | None]) -> Card:
    told = history("gross-output")
    return Card(Link("总产值", "x.html"), "亿元", "reach", "≥170", told.months[-1], points)


def test_a_month_without_a_figure_and_a_new_year_break_the_line() -> None:
    told: list[tuple[Period, Shown | None]] = [(Period(2023, month), shown(f"{month}.0")) for month in (10, 11, 12)]
    told += [(Period(2024, month), None if month == 3 else shown(f"{month}.0")) for month in range(1, 6)]
    drawing = sparkline(card(*told))
    assert lines(drawing) == [3, 2, 2]
    assert drawing.title == "总产值历月走势"
    assert drawing.description == "2023年10月为10.0亿元，2024年5月为5.0亿元，共7个月有数据。"
    assert [mark.text for mark in drawing.marks if isinstance(mark, Words)] == ["2023", "2024"]


def test_equal_figures_are_drawn_in_the_middle_and_one_figure_is_a_point() -> None:
    assert sparkline(card((Period(2024, 1), shown("0")), (Period(2024, 2), shown("0")))).marks
    assert (
        lines(
            sparkline(
                card(
                    (Period(2024, 1), shown("5.0")),
                )
            )
        )
        == []
    )


def test_no_figure_is_said_in_words() -> None:
    drawing = sparkline(card((Period(2024, 1), None)))
    assert drawing.description == "没有数据。"
    assert [mark.text for mark in drawing.marks if isinstance(mark, Words)] == ["没有数据"]


def test_everything_stays_inside_its_drawing() -> None:
    points = tuple((Period(2023, 1 + at), Shown(Decimal(at * at), str(at * at))) for at in range(12))
    drawing = sparkline(card(*points))
    for mark in drawing.marks:
        if isinstance(mark, Words):
            assert mark.rectangle.left >= 0
            assert mark.rectangle.right <= drawing.width


def test_the_first_rank_stands_on_top_and_a_month_without_one_is_a_gap() -> None:
    ranks = (3, None, 1, 2)
    months = tuple(
        AreaMonth(Period(2024, month), None, None, rank, tied=False, among=3) for month, rank in enumerate(ranks, 1)
    )
    line = AreaLine(2024, "乡镇（街道）", Link("东镇", ""), Link("总产值", ""), "亿元", months, (), ())
    drawing = rank_line(line)
    assert drawing.description == "1月第3位，3月第1位，4月第2位。"
    heights = {mark.text: mark.y for mark in drawing.marks if isinstance(mark, Words) and mark.text in {"1", "2", "3"}}
    assert heights["1"] < heights["2"] < heights["3"]
    assert lines(drawing) == [2]
