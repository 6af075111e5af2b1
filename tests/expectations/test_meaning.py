"""Each expectation about figures, once kept and once broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest

from expectations.meaning import EXPECTATIONS, doubts_about_observations
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.observations import LedgerEntry, Observation
from transforms.periods import Period
from transforms.readings import Cell, Measure, State

JUNE = Period(2024, 6)
MAY = Period(2024, 5)
LAST_JUNE = Period(2023, 6)
TOWNS = ("三十铺镇", "木厂镇")
PARK = "金安经开区"


def observed(
    raw: str,
    *,
    code: str = "output",
    area: str = "",
    period: Period = JUNE,
    measure: Measure = Measure.YEAR_TO_DATE,
    unit: str = "亿元",
    ref: str = "C5",
) -> Observation:
    value = Decimal(raw)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    cell = Cell("v1", "月报.xlsx", "表一", ref)
    when = dt.datetime(2024, 7, 8, tzinfo=dt.UTC)
    return Observation(code, area, period, measure, value, unit, State.NUMBER, raw, max(0, -exponent), (cell,), when)


def entry(name: str, *, date: str = "2024-03-05", ref: str = "A4") -> LedgerEntry:
    return LedgerEntry("projects", name, "木厂镇", date, "1.2", Cell("v1", "台账.xlsx", "项目", ref))


@dataclass(frozen=True)
class Case:
    """What keeps an expectation, what breaks it, and what is told then."""

    kept: Sequence[Observation | LedgerEntry]
    broken: Sequence[Observation | LedgerEntry]
    severity: Severity
    places: tuple[str, ...]
    found: str


def at(*refs: str) -> tuple[str, ...]:
    return tuple(f"月报.xlsx《表一》{ref}" for ref in refs)


def year(*figures: tuple[str, Period]) -> list[Observation]:
    return [observed(raw, period=period, ref=f"C{period.month}") for raw, period in figures]


def months(may: str, june: str, total: str) -> list[Observation]:
    return [
        observed(may, period=MAY, ref="B5"),
        observed(june, measure=Measure.MONTH, ref="C6"),
        observed(total, ref="D6"),
    ]


def areas(whole: str, *parts: str) -> list[Observation]:
    names = (*TOWNS, PARK)
    made = [observed(raw, area=name, ref=f"E{i}") for i, (name, raw) in enumerate(zip(names, parts, strict=False))]
    return [observed(whole, ref="D1"), *made]


def growth(stated: str, now: str, then: str, code: str = "investment") -> list[Observation]:
    return [
        observed(stated, code=code, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="F6"),
        observed(now, code=code, ref="D6"),
        observed(then, code=code, period=LAST_JUNE, ref="D7"),
    ]


def firms(all_of_them: str, large: str) -> list[Observation]:
    return [
        observed(all_of_them, code="firms", unit="家", ref="D8"),
        observed(large, code="large-firms", unit="家", ref="D9"),
    ]


CASES = {
    "year-to-date-falls": Case(
        year(("70.1", MAY), ("70.05", JUNE)),
        year(("70.1", MAY), ("69.3", JUNE)),
        Severity.CRITICAL,
        at("C6", "C5"),
        "累计数69.3亿元比2024年5月累计70.1亿元少1%以上",
    ),
    "year-to-date-slips": Case(
        year(("70.1", MAY), ("70.0", JUNE)),
        year(("70.1", MAY), ("69.9", JUNE)),
        Severity.WARNING,
        at("C6", "C5"),
        "累计数69.9亿元略少于2024年5月累计70.1亿元（不足1%）",
    ),
    "months-reconcile": Case(
        months("70.1", "13.0", "84.2"),
        months("70.1", "13.0", "93.8"),
        Severity.CRITICAL,
        at("D6", "B5", "C6"),
        "（2024年5月累计70.1亿元，2024年6月本月13.0亿元）与本月累计93.8亿元相差10%以上",
    ),
    "months-add-up": Case(
        months("70.1", "13.0", "83.2"),
        months("70.1", "13.0", "83.3"),
        Severity.WARNING,
        at("D6", "B5", "C6"),
        "不等于本月累计83.3亿元，超出四舍五入的范围",
    ),
    "parts-add-up": Case(
        [*areas("9.0", "4.1", "4.8", "30")],
        areas("9.2", "4.1", "4.8", "3.0"),
        Severity.WARNING,
        at("D1", "E0", "E1", "E2"),
        "全区9.2亿元，而各乡镇合计8.9亿元，各乡镇和园区合计11.9亿元",
    ),
    "areas-present": Case(
        areas("9.0", "4.1", "4.8"),
        areas("9.0", "4.1"),
        Severity.WARNING,
        at("E0"),
        "缺少木厂镇的数据",
    ),
    "of-which-within-whole": Case(
        firms("12", "12"),
        firms("12", "14"),
        Severity.CRITICAL,
        at("D9", "D8"),
        "其中数14家大于总数12家",
    ),
    "unit-not-mistaken": Case(
        [observed("81", period=LAST_JUNE, ref="D5"), observed("170")],
        [observed("0.7", period=LAST_JUNE, ref="D5"), observed("7012", ref="C6")],
        Severity.CRITICAL,
        at("C6", "D5"),
        "疑似把以“万元”计的数填作“亿元”",
    ),
    "unit-near-target": Case(
        [observed("1800")],
        [observed("853012", ref="C6")],
        Severity.CRITICAL,
        at("C6"),
        "853012亿元是全年目标170亿元的300倍以上，疑似把以“万元”计的数填作“亿元”",
    ),
    "growth-agrees": Case(
        growth("20.0", "12.0", "10.0"),
        growth("18.0", "12.0", "10.0"),
        Severity.INFO,
        at("F6", "D6", "D7"),
        "推算增速在18.91%～21.11%之间",
    ),
    "growth-is-near": Case(
        growth("18.0", "12.0", "10.0"),
        growth("9.0", "12.0", "10.0"),
        Severity.WARNING,
        at("F6", "D6", "D7"),
        "相差5个百分点以上",
    ),
    "growth-plausible": Case(
        [observed("500", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%")],
        [observed("500.1", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%")],
        Severity.WARNING,
        at("C5"),
        "增速500.1%超出常见范围",
    ),
    "growth-no-fraction": Case(
        [
            observed("8.8", code="investment", period=MAY, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="C4"),
            observed("8.7", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        ],
        [
            observed("8.8", code="investment", period=MAY, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="C4"),
            observed("0.087", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        ],
        Severity.CRITICAL,
        at("C5", "C4"),
        "相差约100倍，疑似小数点或百分号有误",
    ),
    "growth-keeps-its-point": Case(
        [
            observed("8.8", code="investment", period=MAY, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="C4"),
            observed("18.7", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        ],
        [
            observed("8.8", code="investment", period=MAY, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="C4"),
            observed("87", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        ],
        Severity.WARNING,
        at("C5", "C4"),
        "相差约10倍",
    ),
    "growth-no-slip": Case(
        growth("20.0", "12.00", "10.00"),
        growth("-20.0", "12.00", "10.00"),
        Severity.CRITICAL,
        at("F6", "D6", "D7"),
        "正负相反",
    ),
    "rate-moves-plausibly": Case(
        [
            observed("8.8", code="investment", period=MAY, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="C4"),
            observed("58.8", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        ],
        [
            observed("8.8", code="investment", period=MAY, measure=Measure.YEAR_TO_DATE_GROWTH, unit="%", ref="C4"),
            observed("58.9", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
        ],
        Severity.WARNING,
        at("C5", "C4"),
        "相差50个百分点以上",
    ),
    "level-moves-plausibly": Case(
        [observed("10.0", period=MAY, ref="C4"), observed("35.9")],
        [observed("10.0", period=MAY, ref="C4"), observed("36.0")],
        Severity.WARNING,
        at("C5", "C4"),
        "36.0亿元与2024年5月累计10.0亿元相差2倍以上",
    ),
    "year-to-date-moves": Case(
        [observed("70.1", period=MAY, ref="C4"), observed("70.2")],
        [observed("70.1", period=MAY, ref="C4"), observed("70.1")],
        Severity.WARNING,
        at("C5", "C4"),
        "累计数70.1亿元与上月完全相同",
    ),
    "amount-not-negative": Case(
        [observed("-70.1", code="net-loans")],
        [observed("-70.1")],
        Severity.WARNING,
        at("C5"),
        "数值-70.1亿元为负数",
    ),
    "share-keeps-its-point": Case(
        [
            observed("8.8", code="share", period=MAY, measure=Measure.LEVEL, unit="%", ref="C4"),
            observed("9.2", code="share", measure=Measure.LEVEL, unit="%"),
        ],
        [
            observed("8.8", code="share", period=MAY, measure=Measure.LEVEL, unit="%", ref="C4"),
            observed("0.92", code="share", measure=Measure.LEVEL, unit="%"),
        ],
        Severity.CRITICAL,
        at("C5", "C4"),
        "比重（比率）0.92%与2024年5月",
    ),
    "share-within-whole": Case(
        [observed("100", code="share", measure=Measure.LEVEL, unit="%")],
        [observed("100.1", code="share", measure=Measure.LEVEL, unit="%")],
        Severity.CRITICAL,
        at("C5"),
        "比重（比率）为100.1%",
    ),
    "count-whole": Case(
        [observed("12.0", code="firms", unit="家")],
        [observed("12.5", code="firms", unit="家")],
        Severity.CRITICAL,
        at("C5"),
        "个数为12.5家",
    ),
    "figure-present": Case(
        [
            *firms("12", "3"),
            observed("85"),
            observed("3", code="net-loans"),
            observed("9", code="projects", unit="个"),
            observed("2", code="large-projects", unit="个"),
            observed("20", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
            observed("8", code="added-value", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
            observed("21", code="share", measure=Measure.LEVEL, unit="%"),
        ],
        [
            *firms("12", "3"),
            observed("3", code="net-loans"),
            observed("9", code="projects", unit="个"),
            observed("2", code="large-projects", unit="个"),
            observed("20", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
            observed("8", code="added-value", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%"),
            observed("21", code="share", measure=Measure.LEVEL, unit="%"),
        ],
        Severity.WARNING,
        ("区统计局",),
        "本期应报而未收到数据",
    ),
    "row-counted-once": Case(
        [entry("智能装备"), entry("智能装备", date="2024-04-01", ref="A5")],
        [entry("智能装备"), entry("智能 装备", ref="A5"), entry("新材料", ref="A6")],
        Severity.CRITICAL,
        ("台账.xlsx《项目》A4", "台账.xlsx《项目》A5"),
        "（2024-03-05）",
    ),
}


def doubts_about(
    plan: Plan, district: District, given: Sequence[Observation | LedgerEntry], period: Period = JUNE
) -> list[Doubt]:
    observations = [one for one in given if isinstance(one, Observation)]
    entries = [one for one in given if isinstance(one, LedgerEntry)]
    return list(doubts_about_observations(observations, entries, plan, district, period))


def test_every_expectation_has_a_case() -> None:
    assert set(CASES) == {expectation.id for expectation in EXPECTATIONS}


@pytest.mark.parametrize("name", CASES)
def test_kept(name: str, plan: Plan, district: District) -> None:
    assert name not in {doubt.expectation for doubt in doubts_about(plan, district, CASES[name].kept)}


@pytest.mark.parametrize("name", CASES)
def test_broken(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    doubts = doubts_about(plan, district, case.broken)
    (doubt,) = [doubt for doubt in doubts if doubt.expectation == name]
    assert doubt.severity is case.severity
    assert doubt.places == case.places
    assert case.found in doubt.found
    assert doubt.period == JUNE
    assert "{" not in doubt.chinese()


def told(plan: Plan, district: District, *given: Observation, period: Period = JUNE) -> set[str]:
    """The expectations broken, the figures that are missing in a small example aside."""
    return {doubt.expectation for doubt in doubts_about(plan, district, given, period)} - {"figure-present"}


def test_a_fall_of_exactly_one_per_cent_is_critical(plan: Plan, district: District) -> None:
    assert told(plan, district, *year(("100.00", MAY), ("99.00", JUNE))) == {"year-to-date-falls"}
    assert told(plan, district, *year(("100.00", MAY), ("99.01", JUNE))) == {"year-to-date-slips"}


def test_figures_stay_exact(plan: Plan, district: District) -> None:
    """Binary floats can't tell these apart."""
    before, after = "100.00000000000000000004", "100.00000000000000000002"
    assert told(plan, district, *year((before, MAY), (after, JUNE))) == {"year-to-date-slips"}
    assert told(plan, district, *year((before, MAY), (before, JUNE))) == {"year-to-date-moves"}
    share = observed("100.00000000000000000001", code="share", measure=Measure.LEVEL, unit="%")
    assert told(plan, district, share) == {"share-within-whole"}


def test_a_missing_month_is_looked_past_but_not_the_new_year(plan: Plan, district: District) -> None:
    assert told(plan, district, *year(("70", Period(2024, 3)), ("60", JUNE))) == {"year-to-date-falls"}
    assert told(plan, district, *year(("160", Period(2023, 12)), ("60", JUNE))) == set()


def test_what_may_fall_falls_without_a_doubt(plan: Plan, district: District) -> None:
    falling = [observed("3", code="net-loans", period=MAY), observed("1", code="net-loans")]
    assert told(plan, district, *falling) == set()


def test_a_count_is_below_nothing_only_where_it_may_fall(plan: Plan, district: District) -> None:
    month = Measure.MONTH
    assert told(plan, district, observed("-1", code="firms", unit="家", measure=month)) == {"count-whole"}
    assert told(plan, district, observed("-1", code="net-firms", unit="家", measure=month)) == set()
    assert told(plan, district, observed("-1.5", code="net-firms", unit="家", measure=month)) == {"count-whole"}


def test_january_is_its_own_year_to_date(plan: Plan, district: District) -> None:
    january = Period(2024, 1)
    month = observed("9.0", period=january, measure=Measure.MONTH)
    assert told(plan, district, month, observed("9.0", period=january), period=january) == set()
    assert told(plan, district, month, observed("9.2", period=january), period=january) == {"months-add-up"}


def test_january_and_february_together_need_no_january(plan: Plan, district: District) -> None:
    february = Period(2024, 2)
    both = [observed("11", period=february), observed("11", period=february, measure=Measure.MONTH)]
    assert told(plan, district, *both, period=february) == set()


def test_parks_may_lie_beside_the_townships_or_in_them(plan: Plan, district: District) -> None:
    assert told(plan, district, *areas("8.9", "4.1", "4.8", "3.0")) == set()
    assert told(plan, district, *areas("11.9", "4.1", "4.8", "3.0")) == set()


def test_no_sum_is_made_when_an_area_is_missing(plan: Plan, district: District) -> None:
    assert told(plan, district, *areas("20", "4.1")) == {"areas-present"}


def test_a_rate_at_constant_prices_is_not_held_against_levels(plan: Plan, district: District) -> None:
    assert told(plan, district, *growth("2.0", "12.0", "10.0", code="added-value")) == set()


def test_levels_in_two_units_are_compared_as_one(plan: Plan, district: District) -> None:
    figures = growth("20.0", "12.0", "10.0")
    figures[2] = observed("100000", code="investment", period=LAST_JUNE, unit="万元", ref="D7")
    assert told(plan, district, *figures) == set()


def test_an_old_unit_error_does_not_accuse_the_right_figure(plan: Plan, district: District) -> None:
    old = [observed(str(10 * month), period=Period(2024, month)) for month in range(1, 5)]
    wrong = observed("500000", period=MAY, ref="C5")
    doubts = doubts_about(plan, district, [*old, wrong, observed("60", ref="C6")])
    (jump,) = [doubt for doubt in doubts if doubt.expectation == "unit-not-mistaken"]
    assert jump.period == MAY
    assert jump.severity is Severity.WARNING
    assert "降为提醒" in jump.found


def test_a_figure_far_too_small_is_told_too(plan: Plan, district: District) -> None:
    figures = [observed("81.0", period=LAST_JUNE), observed("0.0085", ref="C6")]
    assert told(plan, district, *figures) == {"unit-not-mistaken"}


def test_later_months_are_not_asked(plan: Plan, district: District) -> None:
    assert told(plan, district, *year(("70", JUNE), ("1", JUNE.next))) == set()


def test_what_is_not_due_is_not_missing(plan: Plan, district: District) -> None:
    subjects = [d.subject for d in doubts_about(plan, district, [], MAY) if d.expectation == "figure-present"]
    assert len(subjects) == 8
    assert not any("比重" in subject for subject in subjects)


def test_a_negative_growth_below_all_of_it_warns(plan: Plan, district: District) -> None:
    lost = observed("-100.1", code="investment", measure=Measure.YEAR_TO_DATE_GROWTH, unit="%")
    assert told(plan, district, lost) == {"growth-plausible"}


def test_an_area_that_is_not_ranked_only_warns(plan: Plan, district: District) -> None:
    figures = [observed("12.5", code="firms", area=PARK, unit="家")]
    (doubt,) = [d for d in doubts_about(plan, district, figures) if d.expectation == "count-whole"]
    assert doubt.severity is Severity.WARNING
