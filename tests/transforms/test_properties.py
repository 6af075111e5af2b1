"""What holds for every figure: more is never worse, order never matters, each indicator is judged once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec import language
from transforms.assessments import Assessment, Status
from transforms.declared.corrections import Corrections
from transforms.declared.plan import Indicator
from transforms.figures import Interval, exact, parse_number, places_of, printed, round_half_up
from transforms.harmonise import harmonise
from transforms.judging import assess
from transforms.observations import Harmonised, Observation, Received
from transforms.periods import Period, span
from transforms.readings import Cell, Contents, Measure, Reading, Table
from transforms.units import convert
from transforms.wanted import measures_of

QUICK = settings(max_examples=40, deadline=None, derandomize=True)
"""The same cases in every run, and none kept in the tree."""

BEST_LAST = [Status.MISSED, Status.SEVERELY_BEHIND, Status.BEHIND, Status.ON_PATH, Status.AHEAD, Status.COMPLETED]
ON_PACE = {Status.COMPLETED, Status.AHEAD, Status.ON_PATH}

AMOUNTS = ("reach 100 亿元", "reach 7 个", "about 1500 ± 75 人", "of-which 15 个 of whole")
RATES = ("grow 10 %", "grow -2.5 %", "range 5.5～6 %")
LEVELS = ("hold 160 家 from 140", "hold 20 %", "hold 0 亿元")
FALLING = ("ceiling 0.8 %", "clear 家")
REPEATED = ("repeat 1 场 every month", "repeat 2 场 every quarter", "repeat 2 场 every year")
DEEDS = ("milestone", "milestone by 2024-06-30", "either 甲 or 乙 by 2024-06-30")
EVERY_KIND = (*AMOUNTS, *RATES, *LEVELS, *FALLING, *REPEATED, *DEEDS)
PATHS = ("elapsed", "last-year", "schedule 0 0 10 20 30 45 55 65 75 85 95 100", "batch 9")

decimals = st.decimals(min_value=-50, max_value=2500, allow_nan=False, allow_infinity=False, places=3)
fine = st.decimals(min_value=-20, max_value=30, allow_nan=False, allow_infinity=False, places=2)
months = st.integers(min_value=1, max_value=12)
periods = st.builds(Period, st.integers(min_value=1901, max_value=2199), months)


def declared(target: str, path: str = "elapsed", **more: str) -> Indicator:
    pro_rated = target in AMOUNTS
    return language.indicator({"target": target, "path": path if pro_rated else "flat", **more})


def judged(one: Indicator, figures: Sequence[Observation], month: int) -> Assessment:
    known = Harmonised(tuple(figures), (), (), (), ())
    (made,) = assess(language.plan(one), known, language.district(), Period(2024, month))
    return made


def figures(one: Indicator, month: int, *values: Decimal) -> list[Observation]:
    """Values of the months up to the month, and last year's, so that every path has its history."""
    measure = measures_of(one)[0]
    this = [
        language.observation(one, Period(2024, month - back), measure, str(value))
        for back, value in enumerate(values)
        if month > back
    ]
    last = [
        language.observation(one, at, Measure.YEAR_TO_DATE, str(at.month * at.month))
        for at in span(Period(2023, 1), Period(2023, 12))
    ]
    return this + last


def rank(made: Assessment) -> int | None:
    """Where a status stands between worst and best; None for those that aren't compared."""
    return BEST_LAST.index(made.status) if made.status in BEST_LAST else None


# --- More is never worse ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("target", AMOUNTS)
@QUICK
@given(month=months, one=decimals, other=decimals)
def test_a_greater_amount_is_never_worse(target: str, path: str, month: int, one: Decimal, other: Decimal) -> None:
    never_worse(declared(target, path), month, min(one, other), max(one, other))


@pytest.mark.parametrize("target", [*RATES, *LEVELS])
@QUICK
@given(month=months, one=fine, more=st.decimals(min_value=0, max_value=200, places=2))
def test_a_greater_rate_or_level_is_never_worse(target: str, month: int, one: Decimal, more: Decimal) -> None:
    never_worse(declared(target), month, one, one + more)


@pytest.mark.parametrize("target", FALLING)
@QUICK
@given(month=months, one=fine, more=st.decimals(min_value=0, max_value=5, places=2))
def test_less_is_never_worse_under_a_ceiling_or_to_be_cleared(
    target: str, month: int, one: Decimal, more: Decimal
) -> None:
    never_worse(declared(target), month, one + more, one)


@pytest.mark.parametrize("target", REPEATED)
@QUICK
@given(counts=st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=12), where=st.data())
def test_another_time_is_never_worse(target: str, counts: list[int], where: st.DataObject) -> None:
    one, month = declared(target), len(counts)
    at = where.draw(st.integers(min_value=0, max_value=month - 1))
    more = [count + (number == at) for number, count in enumerate(counts)]
    fewer_status, more_status = (
        judged(
            one,
            [
                language.observation(one, Period(2024, number), Measure.MONTH, str(count))
                for number, count in enumerate(made, start=1)
            ],
            month,
        )
        for made in (counts, more)
    )
    worse_or_equal(fewer_status, more_status)


@pytest.mark.parametrize("target", DEEDS)
@QUICK
@given(month=months)
def test_done_is_never_worse(target: str, month: int) -> None:
    one = declared(target)
    option = "甲" if target.startswith("either") else ""
    no, yes = (
        judged(one, [language.observation(one, Period(2024, month), Measure.DONE, word, option)], month)
        for word in ("否", "是")
    )
    assert yes.status is Status.COMPLETED
    worse_or_equal(no, yes)


def never_worse(one: Indicator, month: int, worse: Decimal, better: Decimal) -> None:
    worse_or_equal(judged(one, figures(one, month, worse), month), judged(one, figures(one, month, better), month))


def worse_or_equal(worse: Assessment, better: Assessment) -> None:
    low, high = rank(worse), rank(better)
    if low is None:  # 未到期 is left for the better side alone.
        assert better.status in {*ON_PACE, worse.status}, (worse.status, better.status)
    else:
        assert high is not None, (worse.status, better.status)
        assert low <= high, (worse.status, better.status)


# --- Arithmetic ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", AMOUNTS)
@QUICK
@given(month=months, value=decimals)
def test_completion_times_target_is_the_value(target: str, month: int, value: Decimal) -> None:
    one = declared(target)
    made = judged(one, figures(one, month, value), month)
    whole = one.target.value
    assert made.completion is not None
    assert whole is not None
    assert abs(made.completion * whole / 100 - value) < Decimal("1E-20")


@pytest.mark.parametrize("target", AMOUNTS)
@QUICK
@given(month=months, value=decimals)
def test_the_status_never_contradicts_what_is_printed(target: str, month: int, value: Decimal) -> None:
    made = judged(declared(target), figures(declared(target), month, value), month)
    assert made.completion is not None
    assert made.declared_path is not None
    apart = round_half_up(made.completion, 1) - round_half_up(made.declared_path, 1)
    assert made.printed_gap == apart
    assert made.gap == made.completion - made.declared_path
    if made.status in {Status.BEHIND, Status.SEVERELY_BEHIND}:
        assert apart < 0
    elif made.status in {Status.ON_PATH, Status.AHEAD}:
        assert apart >= 0
    if made.status is Status.COMPLETED:
        assert made.needed == 0
    else:
        assert made.needed is not None
        assert made.needed > 0


@pytest.mark.parametrize("target", AMOUNTS)
@QUICK
@given(month=st.integers(min_value=1, max_value=11), value=decimals)
def test_what_is_needed_would_reach_the_target(target: str, month: int, value: Decimal) -> None:
    one = declared(target)
    made = judged(one, figures(one, month, value), month)
    assert made.needed_per_month is not None
    at_the_end = value + made.needed_per_month * (12 - month)
    assert judged(one, figures(one, 12, at_the_end), 12).status is Status.COMPLETED


@QUICK
@given(month=st.integers(min_value=1, max_value=11), rate=fine)
def test_growth_that_is_needed_gives_the_years_target(month: int, rate: Decimal) -> None:
    one = declared("grow 10 %")
    made = judged(one, figures(one, month, rate), month)
    if made.needed_growth is None:
        return
    by_now, whole = Decimal(month * month), Decimal(144)
    total = by_now * (1 + rate / 100) + (whole - by_now) * (1 + made.needed_growth / 100)
    assert abs(total / whole - Decimal("1.1")) < Decimal("1E-20")


@QUICK
@given(value=decimals, places=st.integers(min_value=0, max_value=4))
def test_rounding_is_idempotent_and_an_interval_contains_its_value(value: Decimal, places: int) -> None:
    once = round_half_up(value, places)
    assert round_half_up(once, places) == once
    around = Interval.of(once, places)
    assert around.low <= value <= around.high
    assert around.low <= once <= around.high


@QUICK
@given(one=decimals, other=decimals, places=st.integers(min_value=0, max_value=4))
def test_rounding_keeps_the_order_and_the_sign(one: Decimal, other: Decimal, places: int) -> None:
    assert (one <= other) <= (round_half_up(one, places) <= round_half_up(other, places))
    assert round_half_up(-one, places) == -round_half_up(one, places)


@QUICK
@given(value=decimals, places=st.integers(min_value=0, max_value=4))
def test_what_is_printed_is_read_back(value: Decimal, places: int) -> None:
    back = parse_number(printed(value, places))
    assert back == round_half_up(value, places)
    assert back is not None
    assert places_of(back) == places
    assert parse_number(exact(value) or "") == value


@QUICK
@given(value=decimals, unit=st.sampled_from(["元", "千元", "万元", "百万元", "亿元"]))
def test_units_convert_there_and_back_exactly(value: Decimal, unit: str) -> None:
    there = convert(value, unit, "亿元")
    assert there is not None
    assert convert(there, "亿元", unit) == value


@QUICK
@given(at=periods, other=periods)
def test_periods_and_their_ordinals(at: Period, other: Period) -> None:
    assert Period.from_ordinal(at.ordinal) == at
    assert Period.parse(str(at)) == at
    assert at.next.previous == at
    assert (at < other) == (at.ordinal < other.ordinal)
    assert at.next.ordinal - at.ordinal == 1
    assert at.ordinal - at.last_year.ordinal == 12


# --- Order never matters --------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [*AMOUNTS, *RATES, *LEVELS, *FALLING, *REPEATED])
@QUICK
@given(month=months, values=st.lists(fine, min_size=1, max_size=12), order=st.randoms(use_true_random=False))
def test_the_order_of_observations_never_matters(target: str, month: int, values: list[Decimal], order: Random) -> None:
    one = declared(target)
    known = figures(one, month, *values)
    shuffled = list(known)
    order.shuffle(shuffled)
    assert judged(one, known, month) == judged(one, shuffled, month)


readings = st.builds(
    lambda month, value, measure, ref: Reading(
        label="指标",
        area="",
        period=Period(2024, month),
        measure=measure,
        value=value,
        unit="亿元",
        cell=Cell("v", "月报.xlsx", "一", f"B{ref}"),
        raw=str(value),
    ),
    months,
    st.sampled_from([Decimal(1), Decimal(2), Decimal("2.0"), Decimal("2.04")]),
    st.sampled_from([Measure.MONTH, Measure.YEAR_TO_DATE]),
    st.integers(min_value=1, max_value=99),
)


@QUICK
@given(made=st.lists(readings, max_size=12, unique_by=lambda r: (r.period, r.measure)), order=st.data())
def test_the_order_of_readings_and_deliveries_never_matters(made: list[Reading], order: st.DataObject) -> None:
    one = declared("reach 100 亿元")
    restated = order.draw(st.permutations(made))
    shuffled = order.draw(st.permutations(made))

    def received(workbook: str, day: int, those: Sequence[Reading]) -> Received:
        table = Table("表", workbook, "一", "月报", None, readings=tuple(those))
        return Received(Contents(workbook, workbook, (table,)), dt.datetime(2024, 12, day, tzinfo=dt.UTC))

    def known(*those: Received) -> tuple[frozenset[Observation], frozenset[object]]:
        at = Period(2024, 12)
        found = harmonise(those, language.plan(one), language.district(), Corrections(), at)
        return frozenset(found.observations), frozenset(found.revisions)

    first, second = received("一.xlsx", 1, made), received("二.xlsx", 2, restated[:3])
    assert known(first, second) == known(second, received("一.xlsx", 1, shuffled))


# --- Everybody is judged, once ----------------------------------------------------------------------------------


@QUICK
@given(
    month=months,
    first_month=st.sampled_from(["1", "2"]),
    frequency=st.sampled_from(["monthly", "quarterly", "yearly"]),
    reported=st.lists(st.booleans(), min_size=len(EVERY_KIND), max_size=len(EVERY_KIND)),
    text=st.sampled_from(["blank", "—", "…", "#N/A", "待定", "0", "7", "是"]),
)
def test_every_indicator_is_judged_once_and_none_without_a_figure_is_on_pace(
    month: int, first_month: str, frequency: str, reported: list[bool], text: str
) -> None:
    more = {"first month": first_month, "frequency": frequency}
    plan = language.plan(
        *(
            declared(target, **more).model_copy(update={"code": f"one-{number}"})
            for number, target in enumerate(EVERY_KIND)
        )
    )
    at = Period(2024, month)
    figures = tuple(
        language.observation(one, at, measures_of(one)[0], text)
        for one, sent in zip(plan.indicators, reported, strict=True)
        if sent
    )
    made = assess(plan, Harmonised(figures, (), (), (), ()), language.district(), at)
    assert [one.indicator.code for one in made] == [one.code for one in plan.indicators]
    told = {figure.code for figure in figures if figure.value is not None or figure.measure is Measure.DONE}
    for one in made:
        assert one.elapsed_path == Decimal(100) * month / 12
        assert one.verdict
        if one.indicator.code not in told:
            assert one.status in {Status.NOT_REPORTED, Status.NOT_DUE}
            assert one.value is None
        if one.status in ON_PACE and one.value is not None:
            assert one.cells
            assert one.figure_period == at
