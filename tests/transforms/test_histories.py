"""What charts get of a year: judged with today's knowledge, a gap where nothing is known."""

from __future__ import annotations

from decimal import Decimal

from tests.transforms.builders import JUNE, counted, district, indicator, known, observation, of_kind, plan, rate
from transforms.assessments import Status
from transforms.declared.plan import Indicator
from transforms.judging import assess
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series
from transforms.standings import area_tables
from transforms.writing.histories import IndicatorHistory, Shown, area_histories, indicator_histories


def history(of: Indicator, *observations: Observation, period: Period = JUNE) -> IndicatorHistory:
    """The indicator's year as assess and indicator_histories give it."""
    facts, annual = known(*observations), plan(of)
    judged = assess(annual, facts, district(), period)
    (made,) = indicator_histories(annual, judged, Series(facts.observations))
    return made


def months(*values: str | None, year: int = 2024, code: str = "output") -> list[Observation]:
    """Year-to-date figures from January on; None leaves the month out."""
    return [observation(code, value, Period(year, month)) for month, value in enumerate(values, 1) if value is not None]


def texts(shown: tuple[Shown | None, ...]) -> list[str | None]:
    return [None if one is None else one.text for one in shown]


def test_every_month_is_judged_for_itself() -> None:
    made = history(indicator(), *months("1", "30", "42.5", "50", "80", "170"))
    assert [month.status for month in made.months] == [
        Status.BEHIND, Status.ON_PATH, Status.ON_PATH, Status.BEHIND, Status.AHEAD, Status.COMPLETED,
    ]  # fmt: skip
    assert texts(tuple(month.value for month in made.months)) == ["1.0", "30.0", "42.5", "50.0", "80.0", "170.0"]
    assert texts(tuple(month.elapsed_path for month in made.months)) == ["8.3", "16.7", "25.0", "33.3", "41.7", "50.0"]
    assert made.now.completion == Shown(Decimal("100.0"), "100.0")


def test_a_month_without_a_figure_is_a_gap_and_never_zero() -> None:
    made = history(indicator(), *months("10", None, "42.5", None, "70"))
    assert texts(tuple(month.value for month in made.months)) == ["10.0", None, "42.5", None, "70.0", None]
    assert [made.months[at].status for at in (1, 3, 5)] == [Status.NOT_REPORTED] * 3
    assert made.now.completion is None
    assert made.now.declared_path == Shown(Decimal("50.0"), "50.0")


def test_what_is_not_due_has_no_figure_of_an_earlier_month() -> None:
    quarterly = of_kind({"kind": "hold", "value": "20"}, "%", "占GDP比重", frequency="quarterly")
    made = history(quarterly, observation("one", "18.6", Period(2024, 3), Measure.LEVEL), period=Period(2024, 5))
    assert texts(tuple(month.value for month in made.months)) == [None, None, "18.6", None, None]
    assert [month.status for month in made.months][2:] == [Status.BEHIND, Status.NOT_DUE, Status.NOT_DUE]


def test_last_year_and_the_path_to_december_stand_beside() -> None:
    before = months("20", *[None] * 4, "80", *[None] * 5, "160", year=2023)
    made = history(indicator(path={"kind": "last-year"}), *months("20"), *before)
    assert texts(made.last_year) == ["20.0", None, None, None, None, "80.0", None, None, None, None, None, "160.0"]
    assert texts(made.path) == ["21.3", None, None, None, None, "85.0", None, None, None, None, None, "170.0"]
    assert made.path_name == "历史同期进度"


def test_a_path_without_last_year_is_that_of_the_calendar() -> None:
    made = history(indicator(path={"kind": "last-year"}), *months("20"))
    assert [made.path[0], made.path[-1]] == [
        Shown(Decimal(170) * (Decimal(100) / 12) / 100, "14.2"),
        Shown(Decimal(170), "170.0"),
    ]
    assert made.path_name == "序时进度"


def test_a_path_of_whole_things_is_drawn_as_it_is() -> None:
    path = history(counted(), observation("projects", "4", Period(2024, 1))).path
    assert texts(path)[:3] == ["4.2", "8.3", "12.5"]


def test_a_rate_has_no_path_and_a_range_has_two_ends() -> None:
    grow = history(rate(), observation("value-added", "8.24", JUNE, Measure.YEAR_TO_DATE_GROWTH))
    assert set(grow.path) == {None}
    assert (grow.target, grow.upper, grow.is_pro_rated) == (Shown(Decimal(10), "10"), None, False)
    assert grow.now.value == grow.now.growth == Shown(Decimal("8.2"), "8.2")
    ranged = history(rate(target={"kind": "range", "value": "5.5", "upper": "6"}))
    assert (ranged.target, ranged.upper) == (Shown(Decimal("5.5"), "5.5"), Shown(Decimal(6), "6"))


def test_a_quarter_s_number_of_times_is_no_line_for_months() -> None:
    often = {"kind": "repeat", "value": "2", "every": "quarter"}
    assert history(of_kind(often, "场", "专题培训")).target is None
    monthly = history(of_kind(often | {"every": "month"}, "场", "专题培训"))
    assert monthly.target == Shown(Decimal(2), "2")


def test_a_completion_short_of_the_whole_never_prints_as_the_whole() -> None:
    made = history(indicator(target={"kind": "reach", "value": "2000"}), *months(*["1999.9"] * 6))
    assert made.now.completion == Shown(Decimal("100.0"), "99.995")


def test_area_ranks_run_through_the_year_with_this_month_s_digits() -> None:
    ranked = indicator()
    facts = known(
        *(
            observation("output", value, Period(2024, 1), area=area)
            for area, value in {"甲镇": "1", "乙镇": "2"}.items()
        ),
        *(
            observation("output", value, Period(2024, 3), area=area)
            for area, value in {"甲镇": "3", "乙镇": "2"}.items()
        ),
    )
    tables = area_tables(facts, plan(ranked), district(ranked=(ranked.code,)), Period(2024, 3))
    (made,) = area_histories(tables, ["产值"], Period(2024, 3))
    assert [(area.area, area.ranks) for area in made.areas][:3] == [
        ("甲镇", (2, None, 1)),
        ("乙镇", (1, None, 2)),
        ("丙街道", (None, None, None)),
    ]
    assert made.areas[0].value == Shown(Decimal("3.0"), "3.0")
