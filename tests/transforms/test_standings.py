"""How areas are ranked."""

from __future__ import annotations

from tests.transforms.builders import JUNE, district, indicator, known, observation, of_kind, plan, rate
from transforms.assessments import AreaTable
from transforms.declared.plan import Indicator
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Measure
from transforms.standings import area_tables

MAY = Period(2024, 5)


def tables(*observations: Observation, of: Indicator | None = None, period: Period = JUNE) -> tuple[AreaTable, ...]:
    ranked = of or indicator()
    return area_tables(known(*observations), plan(ranked), district(ranked=(ranked.code,)), period)


def areas(values: dict[str, str], period: Period = JUNE) -> list[Observation]:
    return [observation("output", value, period, area=area) for area, value in values.items()]


def test_best_first_and_the_missing_last_without_a_rank() -> None:
    (table,) = tables(*areas({"甲镇": "1.2", "丙街道": "3.4", "丁乡": "2.0"}))
    assert table.kind == "township"
    assert [(s.area, s.rank) for s in table.standings] == [("丙街道", 1), ("丁乡", 2), ("甲镇", 3), ("乙镇", None)]


def test_equal_prints_share_a_rank_and_the_next_is_left_out() -> None:
    (table,) = tables(*areas({"甲镇": "5", "乙镇": "3.004", "丙街道": "3.00", "丁乡": "1"}))
    assert table.places == 2
    assert [(s.rank, s.tied) for s in table.standings] == [(1, False), (2, True), (2, True), (4, False)]


def test_small_figures_are_ranked_with_their_own_digits() -> None:
    (table,) = tables(*areas({"甲镇": "0.24", "乙镇": "0.21"}), *areas({"甲镇": "0.20", "乙镇": "0.15"}, MAY))
    assert [(s.area, s.rank, s.previous_rank) for s in table.standings[:2]] == [("甲镇", 1, 1), ("乙镇", 2, 2)]


def test_parks_are_ranked_among_parks() -> None:
    townships, parks = tables(*areas({"甲镇": "9", "东园区": "1", "西园区": "2"}))
    assert [s.area for s in parks.standings] == ["西园区", "东园区"]
    assert townships.standings[0].rank == 1
    assert parks.kind == "park"


def test_the_rank_of_the_month_before() -> None:
    before = areas({"甲镇": "1", "乙镇": "2"}, MAY)
    (table,) = tables(*areas({"甲镇": "3", "乙镇": "2", "丙街道": "1"}), *before)
    assert [(s.area, s.previous_rank) for s in table.standings[:3]] == [("甲镇", 2), ("乙镇", 1), ("丙街道", None)]


def test_february_has_no_earlier_rank_without_a_january() -> None:
    february = Period(2024, 2)
    (table,) = tables(*areas({"甲镇": "1", "乙镇": "2"}, february), period=february)
    assert {s.previous_rank for s in table.standings} == {None}


def test_january_is_not_compared_with_december() -> None:
    january = Period(2024, 1)
    december = areas({"甲镇": "1", "乙镇": "2"}, january.previous)
    (table,) = tables(*areas({"甲镇": "1", "乙镇": "2"}, january), *december, period=january)
    assert {s.previous_rank for s in table.standings} == {None}


def test_an_indicator_without_any_figure_has_no_table() -> None:
    assert tables() == ()


def test_a_code_that_the_year_does_not_have_is_passed_over() -> None:
    assert area_tables(known(), plan(), district(ranked=("gone",)), JUNE) == ()


def test_rates_are_ranked_by_the_rate_and_amounts_have_their_growth_beside_them() -> None:
    of = rate()
    growths = [
        observation(of.code, value, measure=Measure.YEAR_TO_DATE_GROWTH, area=area)
        for area, value in {"甲镇": "-3.1", "乙镇": "8.2"}.items()
    ]
    (table,) = tables(*growths, of=of)
    assert [(s.area, s.growth) for s in table.standings[:2]] == [("乙镇", None), ("甲镇", None)]
    growth = observation("output", "7.5", measure=Measure.YEAR_TO_DATE_GROWTH, area="甲镇")
    (table,) = tables(*areas({"甲镇": "1"}), growth)
    assert str(table.standings[0].growth) == "7.5"


def test_of_what_must_fall_the_least_is_best() -> None:
    of = of_kind({"kind": "ceiling", "value": "1"}, "%", "担保费率", code="output")
    levels = [
        observation("output", value, measure=Measure.LEVEL, area=area)
        for area, value in {"甲镇": "0.9", "乙镇": "0.7"}.items()
    ]
    (table,) = tables(*levels, of=of)
    assert [s.area for s in table.standings[:2]] == ["乙镇", "甲镇"]


def test_who_has_nothing_yet_of_what_is_counted_has_no_rank() -> None:
    before = areas({"甲镇": "1", "乙镇": "0", "丙街道": "0"}, MAY)
    (table,) = tables(*areas({"甲镇": "1", "乙镇": "4", "丙街道": "0"}), *before)
    # 乙镇 can't have risen from a place that May's table didn't give it.
    assert [(s.area, s.rank, s.previous_rank, s.ranks[-2:]) for s in table.standings] == [
        ("乙镇", 1, None, (None, 1)),
        ("甲镇", 2, 1, (1, 2)),
        ("丙街道", None, None, (None, None)),
        ("丁乡", None, None, (None, None)),
    ]
    (table,) = tables(*areas({"甲镇": "0", "乙镇": "0"}))
    assert [(s.area, s.rank, s.tied) for s in table.standings[:2]] == [("甲镇", None, False), ("乙镇", None, False)]


def test_a_rate_of_zero_has_its_rank() -> None:
    of = rate()
    growths = [
        observation(of.code, value, measure=Measure.YEAR_TO_DATE_GROWTH, area=area)
        for area, value in {"甲镇": "-3.1", "乙镇": "0"}.items()
    ]
    (table,) = tables(*growths, of=of)
    assert [(s.area, s.rank) for s in table.standings[:2]] == [("乙镇", 1), ("甲镇", 2)]
