"""Each expectation about readings, once kept and once broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest

from expectations.structure import EXPECTATIONS, doubts_about_readings
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Severity
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Cell, Contents, Measure, Reading, State, Table

JUNE = Period(2024, 6)
IN_JULY = dt.datetime(2024, 7, 8, tzinfo=dt.UTC)


def reading(
    raw: str,
    *,
    label: str = "工业总产值",
    area: str = "",
    period: Period | None = JUNE,
    measure: Measure = Measure.YEAR_TO_DATE,
    unit: str = "亿元",
    state: State = State.NUMBER,
    ref: str = "C5",
) -> Reading:
    value = Decimal(raw) if state is State.NUMBER else None
    return Reading(label, area, period, measure, value, unit, Cell("v1", "月报.xlsx", "表一", ref), raw, state)


def file(
    *readings: Reading, period: Period | None = JUNE, when: dt.datetime = IN_JULY, vintage: str = "v1"
) -> Received:
    table = Table("across", "月报.xlsx", "表一", "主要指标", period, readings=readings)
    return Received(Contents(vintage, "月报.xlsx", (table,)), when)


@dataclass(frozen=True)
class Case:
    """What keeps an expectation, what breaks it, and what is told then."""

    kept: Sequence[Reading]
    broken: Sequence[Reading]
    severity: Severity
    places: tuple[str, ...]
    found: str
    table_period: Period | None = JUNE
    when: dt.datetime = IN_JULY
    earlier: Sequence[Reading] = ()


def at(*refs: str) -> tuple[str, ...]:
    return tuple(f"月报.xlsx《表一》{ref}" for ref in refs)


GOOD = (reading("85.30"),)
MAY = JUNE.previous


def monthly(*raws: str, period: Period = JUNE, measure: Measure = Measure.YEAR_TO_DATE) -> list[Reading]:
    """A table's figures of as many indicators, the first of them the plan's."""
    labels = ("工业总产值", "税收", "用电量", "贷款余额", "进出口", "技改投资")
    return [
        reading(raw, label=label, period=period, measure=measure, ref=f"C{number}")
        for number, (label, raw) in enumerate(zip(labels, raws, strict=False), 5)
    ]


def mays(*readings: Reading) -> Received:
    table = Table("across", "五月.xlsx", "表一", "主要指标", MAY, readings=readings, extent="A3:D9")
    return Received(Contents("v0", "五月.xlsx", (table,)), IN_JULY - dt.timedelta(days=30))


COPIED = ("85.3", "12.1", "230", "3.5", "8.71", "0")

CASES = {
    "label-known": Case(
        GOOD,
        [reading("1", label="粮食产量", ref="C6"), reading("2", label="粮食产量", ref="D6")],
        Severity.INFO,
        at("C6", "D6"),
        "方案中没有以此为名称的指标",
    ),
    "area-known": Case(
        [reading("3.1", area="三十铺"), reading("9", area="合 计")],
        [reading("3.1", area="三十舖镇")],
        Severity.WARNING,
        at("C5"),
        "最接近的是“三十铺镇”",
    ),
    "unit-known": Case(
        [reading("853000", unit="万元")],
        [reading("85.3", unit="家")],
        Severity.CRITICAL,
        at("C5"),
        "数值85.3的计量单位“家”无法识别或换算",
    ),
    "unit-named": Case(
        [*GOOD, reading("25", label="新增规上企业", unit="")],
        [reading("85.3", unit=""), reading("3.1", unit="", area="木厂镇", ref="C6")],
        Severity.CRITICAL,
        at("C5", "C6"),
        "2024年6月有2个金额（85.3等）没有注明计量单位",
    ),
    "value-single": Case(
        [*GOOD, reading("853012", unit="万元", ref="C9"), reading("85.3", ref="D9")],
        [*GOOD, reading("85.31", ref="C9")],
        Severity.CRITICAL,
        at("C9", "C5"),
        "两个不同的数：85.30亿元和85.31",
    ),
    "value-once": Case(
        [*GOOD, reading("12.1", measure=Measure.MONTH)],
        [*GOOD, reading("85.30", ref="C9")],
        Severity.WARNING,
        at("C5", "C9"),
        "出现了不止一次",
    ),
    "number-due": Case(
        [reading("—", state=State.NO_ITEM), reading("进展顺利", state=State.TEXT, measure=Measure.REMARK)],
        [reading("约85", state=State.TEXT)],
        Severity.CRITICAL,
        at("C5"),
        "实为文字“约85”",
    ),
    "error-free": Case(
        [reading("", state=State.BLANK)],
        [reading("#REF!", state=State.ERROR)],
        Severity.CRITICAL,
        at("C5"),
        "公式错误#REF!",
    ),
    "period-named": Case(
        [*GOOD, reading("1", label="粮食产量", period=None)],
        [reading("85.3", period=None), reading("12", period=None, measure=Measure.MONTH, ref="B5")],
        Severity.WARNING,
        at("C5", "B5"),
        "未注明所属时期",
    ),
    "period-begun": Case(
        [reading("85.3", period=Period(2024, 6))],
        [reading("85.3", period=Period(2026, 6))],
        Severity.WARNING,
        at("C5"),
        "2026年6月在收到文件时（2024-07）尚未开始",
        Period(2026, 6),
    ),
    "period-ended": Case(
        GOOD,
        GOOD,
        Severity.WARNING,
        at("C5"),
        "文件于2024-06-20收到，所注时期2024年6月到2024-06-30才结束；其数据仍采用于本期",
        when=dt.datetime(2024, 6, 20, tzinfo=dt.UTC),
    ),
    "period-within-table": Case(
        [*GOOD, reading("170", period=Period(2024, 12), measure=Measure.ANNUAL_TARGET)],
        [reading("85.3", period=JUNE)],
        Severity.WARNING,
        at("C5"),
        "表题所注时期为2024-05，表内却有2024年6月的数据",
        Period(2024, 5),
    ),
    "table-is-new": Case(
        monthly("85.3", "12.1", "230", "3.5", "8.71", "0.2"),
        monthly(*COPIED),
        Severity.CRITICAL,
        ("月报.xlsx《表一》", "五月.xlsx《表一》A3:D9"),
        "2024年6月的表与五月.xlsx《表一》A3:D9（2024年5月）可比的6个数全部相同，如“工业总产值”C5和C5都是85.3",
        earlier=monthly(*COPIED, period=MAY),
    ),
    "target-is-the-plans": Case(
        [*GOOD, reading("1700000", measure=Measure.ANNUAL_TARGET, unit="万元", ref="B5")],
        [*GOOD, reading("175", measure=Measure.ANNUAL_TARGET, ref="B5")],
        Severity.WARNING,
        at("B5"),
        "所列全年目标175亿元与方案的目标不同：《要点》（1号）一“原文”（工业总产值170亿元）",
    ),
    "completion-of-the-plan": Case(
        [*GOOD, reading("50.18", measure=Measure.COMPLETION, unit="%", ref="D5")],
        [*GOOD, reading("50.3", measure=Measure.COMPLETION, unit="%", ref="D5")],
        Severity.WARNING,
        at("D5", "C5"),
        "所报完成率50.3%，而85.30亿元÷方案的全年目标170亿元（一），推算为50.1",
    ),
}


def test_every_expectation_has_a_case() -> None:
    assert set(CASES) == {expectation.id for expectation in EXPECTATIONS}


@pytest.mark.parametrize("name", CASES)
def test_kept(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    doubts = doubts_about_readings([file(*case.kept), mays(*case.earlier)], plan, district, JUNE)
    assert name not in {doubt.expectation for doubt in doubts}


@pytest.mark.parametrize("name", CASES)
def test_broken(name: str, plan: Plan, district: District) -> None:
    case = CASES[name]
    received = [file(*case.broken, period=case.table_period, when=case.when), mays(*case.earlier)]
    doubts = doubts_about_readings(received, plan, district, JUNE)
    (doubt,) = [doubt for doubt in doubts if doubt.expectation == name]
    assert doubt.severity is case.severity
    assert doubt.places == case.places
    assert case.found in doubt.found
    assert "{" not in doubt.chinese()


def repeats(now: Sequence[Reading], then: Sequence[Reading], plan: Plan, district: District) -> list[Severity]:
    doubts = doubts_about_readings([file(*now), mays(*then)], plan, district, JUNE)
    return [doubt.severity for doubt in doubts if doubt.expectation == "table-is-new"]


def test_last_years_file_under_a_new_title_is_told(plan: Plan, district: District) -> None:
    then = monthly(*COPIED, period=JUNE.last_year)
    assert repeats(monthly(*COPIED), then, plan, district) == [Severity.CRITICAL]
    older = monthly(*COPIED, period=JUNE.last_year.previous)
    assert repeats(monthly(*COPIED), older, plan, district) == []


def test_a_copy_that_no_judged_figure_rests_on_only_warns(plan: Plan, district: District) -> None:
    assert repeats(monthly(*COPIED)[1:], monthly(*COPIED, period=MAY)[1:], plan, district) == []
    more = ("85.3", "12.1", "230", "3.5", "8.71", "7.7")
    assert repeats(monthly(*more)[1:], monthly(*more, period=MAY)[1:], plan, district) == [Severity.WARNING]


@pytest.mark.parametrize(
    "raws",
    [("0",) * 6, ("3", "12", "7", "25", "8", "1"), ("85.3", "85.3", "85.3", "85.3", "85.3"), ("85.3", "12.1")],
    ids=["zeros", "small counts", "one value", "two rows"],
)
def test_what_may_be_equal_by_chance_is_no_copy(raws: tuple[str, ...], plan: Plan, district: District) -> None:
    assert repeats(monthly(*raws), monthly(*raws, period=MAY), plan, district) == []


def test_levels_may_stay(plan: Plan, district: District) -> None:
    then = monthly(*COPIED, period=MAY, measure=Measure.LEVEL)
    assert repeats(monthly(*COPIED, measure=Measure.LEVEL), then, plan, district) == []


def test_a_copy_that_was_sent_again_right_is_past(plan: Plan, district: District) -> None:
    mended = file(*monthly("99.1", "14.2", "260", "4.1", "9.9", "1"), when=IN_JULY + dt.timedelta(days=1), vintage="v2")
    received = [file(*monthly(*COPIED)), mays(*monthly(*COPIED, period=MAY)), mended]
    told = {doubt.expectation for doubt in doubts_about_readings(received, plan, district, JUNE)}
    assert "table-is-new" not in told


def asked(plan: Plan, district: District, *readings: Reading) -> set[str]:
    doubts = doubts_about_readings([file(*readings)], plan, district, JUNE)
    return {doubt.expectation for doubt in doubts if "plan" in doubt.expectation}


def test_a_completion_beside_a_target_is_the_tables_own_affair(plan: Plan, district: District) -> None:
    beside = reading("175", measure=Measure.ANNUAL_TARGET, ref="B5")
    stated = reading("48.7", measure=Measure.COMPLETION, unit="%", ref="D5")
    assert asked(plan, district, *GOOD, beside, stated) == {"target-is-the-plans"}


def test_of_two_targets_one_must_be_the_plans(plan: Plan, district: District) -> None:
    city, own = (reading(raw, measure=Measure.ANNUAL_TARGET, ref=ref) for raw, ref in (("175", "B5"), ("170.0", "C4")))
    assert asked(plan, district, *GOOD, city, own) == set()


def test_the_plan_has_no_target_for_an_area(plan: Plan, district: District) -> None:
    assert asked(plan, district, reading("20", measure=Measure.ANNUAL_TARGET, area="木厂镇")) == set()


def test_a_figure_without_a_unit_completes_nothing(plan: Plan, district: District) -> None:
    rate = reading("12", measure=Measure.COMPLETION, unit="%", ref="D5")
    assert asked(plan, district, reading("85.3", unit=""), rate) == set()


def test_a_growth_target_is_stated_and_completed_in_percent(plan: Plan, district: District) -> None:
    def invested(raw: str, measure: Measure, unit: str = "%", ref: str = "B5") -> Reading:
        return reading(raw, label="工业投资", measure=measure, unit=unit, ref=ref)

    growth = invested("10.0", Measure.YEAR_TO_DATE_GROWTH)
    assert asked(plan, district, invested("20", Measure.ANNUAL_TARGET)) == set()
    assert asked(plan, district, invested("20", Measure.ANNUAL_TARGET, "亿元")) == set()
    assert asked(plan, district, invested("18", Measure.ANNUAL_TARGET)) == {"target-is-the-plans"}
    assert asked(plan, district, growth, invested("50.0", Measure.COMPLETION, ref="D5")) == set()
    assert asked(plan, district, growth, invested("55.0", Measure.COMPLETION, ref="D5")) == {"completion-of-the-plan"}


def test_a_cell_that_no_figure_rests_on_only_warns(plan: Plan, district: District) -> None:
    elsewhere = [
        reading("#N/A", state=State.ERROR, measure=Measure.RANK),
        reading("#N/A", state=State.ERROR, label="签约项目", unit="个", ref="C6"),
        reading("#N/A", state=State.ERROR, label="新增规上企业", area="木厂镇", unit="家", ref="C7"),
    ]
    doubts = doubts_about_readings([file(*elsewhere)], plan, district, JUNE)
    assert [doubt.severity for doubt in doubts] == [Severity.WARNING] * 3


def test_a_ranked_area_is_needed(plan: Plan, district: District) -> None:
    (doubt,) = doubts_about_readings([file(reading("#N/A", state=State.ERROR, area="木厂镇"))], plan, district, JUNE)
    assert doubt.severity is Severity.CRITICAL
    assert "木厂镇" in doubt.subject


def test_an_earlier_months_fault_is_a_warning(plan: Plan, district: District) -> None:
    may = reading("#REF!", state=State.ERROR, period=Period(2024, 5))
    (doubt,) = doubts_about_readings([file(may)], plan, district, JUNE)
    assert doubt.severity is Severity.WARNING
    assert doubt.period == Period(2024, 5)
    assert "属2024年5月的数据，不影响本期发布，降为提醒" in doubt.found
    (then,) = doubts_about_readings([file(may)], plan, district, Period(2024, 5))
    assert then.severity is Severity.CRITICAL


def test_a_later_vintage_heals(plan: Plan, district: District) -> None:
    broken = file(reading("#REF!", state=State.ERROR))
    mended = file(*GOOD, when=IN_JULY + dt.timedelta(days=1), vintage="v2")
    assert doubts_about_readings([mended, broken], plan, district, JUNE) == ()
    # A blank mends nothing: it isn't known what stands in its place.
    blank = file(reading("", state=State.BLANK), when=IN_JULY + dt.timedelta(days=1), vintage="v2")
    assert [d.expectation for d in doubts_about_readings([blank, broken], plan, district, JUNE)] == ["error-free"]


def test_months_after_the_reference_period_are_not_asked(plan: Plan, district: District) -> None:
    july = file(reading("#REF!", state=State.ERROR, period=JUNE.next), when=IN_JULY + dt.timedelta(days=40))
    assert doubts_about_readings([july], plan, district, JUNE) == ()


def test_without_a_plan_only_what_is_plain_is_asked(district: District) -> None:
    readings = [reading("1", label="任何名称"), reading("#REF!", state=State.ERROR, ref="C6")]
    doubts = doubts_about_readings([file(*readings)], None, district, None)
    assert [(doubt.expectation, doubt.severity) for doubt in doubts] == [("error-free", Severity.WARNING)]


def test_nothing_read_nothing_doubted(plan: Plan, district: District) -> None:
    assert doubts_about_readings([], plan, district, JUNE) == ()
