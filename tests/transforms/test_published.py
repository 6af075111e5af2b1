"""What a bulletin is held against once something has been issued, and what its 修订说明 says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.transforms.builders import (
    JUNE,
    RECEIVED,
    VINTAGE,
    assessment,
    bulletin,
    cell,
    counted,
    indicator,
    known,
    observation,
    plan,
    rate,
)
from transforms.assessments import AreaTable
from transforms.observations import CorrectedRow, Harmonised, Observation
from transforms.periods import Period
from transforms.readings import Cell, Measure, State
from transforms.writing.bulletin import Bulletin, Figure, RevisionRow
from transforms.writing.editions import DRAFT, Edition
from transforms.writing.published import Published, held_against, last_told, own_of, said, told_figures
from transforms.writing.revisions import revision_rows, revisions_lead

MAY = Period(2024, 5)
NEWER = "cd" * 32
LATER = dt.datetime(2024, 8, 3, tzinfo=dt.UTC)


def issue(
    period: Period, *figures: Observation, correction: int = 0, vintages: frozenset[str] = frozenset({VINTAGE})
) -> Published:
    edition = Edition(period.month, correction, 2024)
    return Published(
        period, edition, f"通报〔2024〕{period.month}号{edition.corrected}", JUNE.last_day, figures, vintages
    )


def newer(code: str, value: str | None, period: Period = MAY, **changes: Any) -> Observation:
    """The same figure from a vintage that came after the issue."""
    made = {"cells": (Cell(NEWER, "修订.xlsx", "主要指标", "C5"),), "received": LATER}
    return observation(code, value, period, **{**made, **changes})


def rows(
    now: Sequence[Observation],
    issues: Sequence[Published],
    period: Period = JUNE,
    in_hand: frozenset[str] = frozenset({VINTAGE, NEWER}),
    corrected: tuple[CorrectedRow, ...] = (),
) -> list[tuple[str, str, str, str, str]]:
    of = plan(indicator("output"), counted("projects"))
    made = revision_rows(of, known(*now, corrected_rows=corrected), period, (), issues, in_hand)
    return [(row.name, row.period, row.old.text, row.new.text, row.reason) for row in made]


OUTPUT = "规模以上工业总产值（累计）"


# --- Which issues -------------------------------------------------------------------------------


def months(*told: int) -> list[Published]:
    return [issue(Period(2024, month)) for month in told]


@pytest.mark.parametrize(
    ("published", "against"),
    [
        ([], []),
        ([4, 5], [5]),
        ([5, 4], [4, 5]),
        ([3, 5, 4], [4, 5]),
        ([7], [7]),
        ([5, 6], [6]),
        ([6, 7], [6]),
    ],
)
def test_the_newest_issue_counts_and_older_ones_for_the_months_it_does_not_tell(
    published: list[int], against: list[int]
) -> None:
    assert [one.period.month for one in held_against(months(*published), JUNE)] == against


def test_last_year_s_issues_are_of_another_year() -> None:
    assert held_against([issue(Period(2023, 12))], Period(2024, 1)) == ()


def test_a_correction_is_held_against_what_it_corrects() -> None:
    june, corrected = issue(JUNE), issue(JUNE, correction=1)
    issues = [june, corrected, issue(Period(2024, 7))]
    assert held_against(issues, JUNE) == (corrected,)
    assert own_of(issues, JUNE) == corrected
    assert own_of(issues, MAY) is None


def test_each_figure_is_as_it_was_told_last() -> None:
    april = Period(2024, 4)
    newest = issue(april, observation("output", "50.0", april))
    older = issue(MAY, observation("output", "49.9", april), observation("output", "67.6", MAY))
    assert [str(one.value) for one in last_told([newest, older]).values()] == ["50.0", "67.6"]


# --- Which figures ------------------------------------------------------------------------------


def test_the_district_s_numbers_of_two_years_are_told_and_the_ranked_areas_of_one() -> None:
    figures = (
        observation("output", "88.96"),
        observation("output", "80.1", JUNE.last_year),
        observation("output", None, MAY),
        observation("output", "9.1", area="甲镇"),
        observation("output", "8.1", JUNE.last_year, area="甲镇"),
        observation("projects", "3", area="甲镇"),
        observation("output", "101.2", Period(2024, 7)),
    )
    tables = (AreaTable(indicator("output"), "township", (), 1),)
    of = plan(indicator("output"), counted("projects"))
    told = told_figures(known(*figures), of, tables, JUNE)
    assert [(one.area, str(one.value)) for one in told] == [("", "80.1"), ("", "88.96"), ("甲镇", "9.1")]
    assert told_figures(known(*reversed(figures)), of, tables, JUNE) == told


def test_a_figure_of_a_row_that_no_reader_meets_is_not_told() -> None:
    amount, growth = indicator("output"), rate("investment", name="工业投资增速")
    figures = [
        observation(one.code, "8", period, measure)
        for one in (amount, growth)
        for period in (JUNE, JUNE.last_year)
        for measure in (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH)
    ]
    told = told_figures(known(*figures), plan(amount, growth), (), JUNE)
    # An investment's amount is printed nowhere; last year's is what the growth still needed is reckoned from.
    assert [(one.code, one.period.year, one.measure) for one in told] == [
        ("investment", 2023, Measure.YEAR_TO_DATE),
        ("investment", 2023, Measure.YEAR_TO_DATE_GROWTH),
        ("investment", 2024, Measure.YEAR_TO_DATE_GROWTH),
        ("output", 2023, Measure.YEAR_TO_DATE),
        ("output", 2024, Measure.YEAR_TO_DATE),
        ("output", 2024, Measure.YEAR_TO_DATE_GROWTH),
    ]


# --- What has changed ---------------------------------------------------------------------------


def test_a_figure_that_came_anew_is_told_with_both_values_and_its_day() -> None:
    told = issue(MAY, observation("output", "67.55", MAY))
    assert rows([newer("output", "67.3")], [told]) == [
        (OUTPUT, "2024年5月", "67.55", "67.30", "来源单位重新报送（2024年8月3日收到）")
    ]


def test_both_values_name_their_cells() -> None:
    facts = known(newer("output", "67.3"))
    old = issue(MAY, observation("output", "67.55", MAY))
    (row,) = revision_rows(plan(indicator("output")), facts, JUNE, (), [old], {VINTAGE, NEWER})
    assert (row.old.sources, row.new.sources) == (("月报.xlsx《主要指标》C5",), ("修订.xlsx《主要指标》C5",))


@pytest.mark.parametrize(
    "now",
    [
        newer("output", "67.55"),
        newer("output", "67.550"),
        newer("output", "67.552"),
        newer("output", "675500", unit="万元"),
    ],
)
def test_the_same_figure_again_is_no_revision(now: Observation) -> None:
    assert rows([now], [issue(MAY, observation("output", "67.55", MAY))]) == []


def test_a_later_month_that_an_issue_told_is_not_asked_of_an_earlier_bulletin() -> None:
    july = issue(Period(2024, 7), observation("output", "101.0", Period(2024, 7)))
    assert rows([observation("output", "88.96")], [july]) == []


@pytest.mark.parametrize(
    ("old", "new", "in_hand", "why"),
    [
        ({}, {"corrected": "原表为842，小数点错位（区统计局）"}, {VINTAGE}, "更正：原表为842，小数点错位（区统计局）"),
        ({"corrected": "原表为842"}, {}, {VINTAGE}, "原更正已取消，按来源数采用"),
        ({"corrected": "原表为842"}, {"corrected": "原表为842"}, {VINTAGE}, "统计口径、计数规则或更正登记有调整"),
        ({}, {}, {VINTAGE}, "统计口径、计数规则或更正登记有调整"),
        ({"cells": (Cell(NEWER, "修订.xlsx", "主要指标", "C5"),)}, {}, {VINTAGE}, "原报送文件已撤回，按现有文件采用"),
    ],
)
def test_why_a_figure_of_a_known_file_changed(
    old: dict[str, Any], new: dict[str, Any], in_hand: set[str], why: str
) -> None:
    told = issue(MAY, observation("output", "67.55", MAY, **old), vintages=frozenset({VINTAGE, NEWER}))
    found = rows([observation("output", "67.3", MAY, **new)], [told], in_hand=frozenset(in_hand))
    assert [row[4] for row in found] == [why]


@pytest.mark.parametrize(
    ("now", "in_hand", "why"),
    [
        ((), {NEWER}, "原报送文件已撤回，现无此数"),
        ((newer("output", None, state=State.NO_ITEM),), {VINTAGE, NEWER}, "来源单位重新报送后无此数"),
    ],
)
def test_a_figure_that_is_gone_is_told_too_and_is_not_zero(
    now: Sequence[Observation], in_hand: set[str], why: str
) -> None:
    told = issue(MAY, observation("output", "67.55", MAY))
    assert rows(now, [told], in_hand=frozenset(in_hand)) == [(OUTPUT, "2024年5月", "67.55", "", why)]


def test_a_count_that_lost_a_row_is_a_revision_though_no_cell_was_written_anew() -> None:
    told = issue(MAY, observation("projects", "8", MAY, unit="个", cells=(cell("B4"), cell("B5"))))
    assert rows([observation("projects", "7", MAY, unit="个", cells=(cell("B4"),))], [told]) == [
        ("招引亿元以上工业项目（累计）", "2024年5月", "8", "7", "统计口径、计数规则或更正登记有调整")
    ]


def test_an_indicator_that_left_the_plan_is_no_revision() -> None:
    assert rows([], [issue(MAY, observation("old-target", "5", MAY))]) == []


@pytest.mark.parametrize("told", [MAY, JUNE])
def test_a_late_figure_is_told_by_the_next_issue_and_by_a_correction(told: Period) -> None:
    late = newer("projects", "9", told, unit="个")
    name, period = "招引亿元以上工业项目（累计）", told.chinese()
    assert rows([late], [issue(told)]) == [(name, period, "", "9", "补报（2024年8月3日收到）")]
    mended = replace(late, corrected="原表为#REF!（区统计局）", cells=(cell("C5"),))
    assert rows([mended], [issue(told)]) == [(name, period, "", "9", "更正：原表为#REF!（区统计局）")]


def test_a_figure_of_the_bulletin_s_own_month_is_not_late() -> None:
    assert rows([newer("projects", "9", JUNE, unit="个")], [issue(MAY)]) == []


def test_last_year_s_figures_that_came_late_are_told_by_a_correction_only() -> None:
    late = newer("output", "60.1", MAY.last_year)
    assert rows([late], [issue(MAY)]) == []
    assert [row[3] for row in rows([late], [issue(JUNE)])] == ["60.1"]


def test_a_count_changed_by_a_corrected_row_says_so() -> None:
    told = issue(MAY, observation("projects", "8", MAY, unit="个", cells=(cell("B4"), cell("B5"))))
    now = observation("projects", "7", MAY, unit="个", cells=(cell("B4"),))

    def why(ref: str) -> str:
        words = "原表为2024.5.3，应为2023.5.3；依据：区发改委"
        corrected = CorrectedRow("工业项目台账“甲项目”的签约日期", cell(ref), words, "2023-05-03", JUNE.last_day)
        return rows([now], [told], corrected=(corrected,))[0][4]

    assert why("F5") == "更正：原表为2024.5.3，应为2023.5.3；依据：区发改委"
    assert why("F4") == "统计口径、计数规则或更正登记有调整"  # That row is counted as it was.


def test_the_newest_change_stands_first_then_the_plan_s_order() -> None:
    told = issue(
        MAY,
        observation("projects", "8", MAY, unit="个"),
        observation("output", "67.55", MAY),
        observation("output", "50.0", Period(2024, 4)),
    )
    now = [
        newer("projects", "7", unit="个"),
        newer("output", "67.3"),
        newer("output", "49.0", Period(2024, 4), received=RECEIVED),
    ]
    assert [(row[0], row[1]) for row in rows(now, [told])] == [
        (OUTPUT, "2024年5月"),
        ("招引亿元以上工业项目（累计）", "2024年5月"),
        (OUTPUT, "2024年4月"),
    ]


def test_without_an_issue_the_vintages_are_held_against_each_other() -> None:
    assert rows([newer("output", "67.3")], []) == []


# --- How it's led in ----------------------------------------------------------------------------

ROW = RevisionRow("产值", "2024年5月", Figure("67.55"), Figure("67.30"), "亿元", "更正")


@pytest.mark.parametrize(
    ("edition", "issues", "count", "lead"),
    [
        (DRAFT, [], 2, ""),
        (DRAFT, [issue(MAY)], 0, ""),
        (DRAFT, [issue(MAY)], 2, "与通报〔2024〕5号所载相比，2项数据有变化，均以本期为准。"),
        (DRAFT, months(4, 5), 1, "与通报〔2024〕4号、通报〔2024〕5号所载相比，1项数据有变化，均以本期为准。"),
        (Edition(6, 1, 2024), [issue(JUNE)], 1, "与通报〔2024〕6号所载相比，1项数据有变化，均以本期为准。"),
        (Edition(6, 1, 2024), [issue(JUNE)], 0, "与通报〔2024〕6号所载相比，数据没有变化。"),
    ],
)  # fmt: skip
def test_the_lead_says_what_it_is_held_against(
    edition: Edition, issues: Sequence[Published], count: int, lead: str
) -> None:
    assert revisions_lead(edition, issues, [ROW] * count) == lead


# --- Whether it says something else -------------------------------------------------------------


def made(facts: Harmonised | None = None, **changes: Any) -> Bulletin:
    return bulletin(assessment(**changes), facts=facts or known(observation("output", "88.96")))


def test_a_number_and_a_date_are_not_what_a_bulletin_says() -> None:
    one = made()
    other = replace(one, edition=Edition(6), number="6号", dated="2024年8月1日", dated_iso="2024-08-01", sources=())
    assert list(said(other)) == list(said(one))


def test_another_copy_of_the_same_figures_says_the_same() -> None:
    copy = replace(cell(), vintage=NEWER, workbook="月报（2）.xlsx")
    assert list(said(made(cells=(copy,)))) == list(said(made()))


def test_another_figure_or_word_says_something_else() -> None:
    one = made()
    others = (made(growth=Decimal("8.8")), made(remark="设备检修"), replace(one, paragraphs=(*one.paragraphs, "另。")))
    for other in others:
        assert list(said(other)) != list(said(one))


def test_pieces_are_told_apart() -> None:
    one = made()
    joined = replace(one, paragraphs=("甲乙",))
    assert list(said(joined)) != list(said(replace(one, paragraphs=("甲", "乙"))))
