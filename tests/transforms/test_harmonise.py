"""What deliveries become: vintages, revisions, units, ledgers, areas. More, line by line: tests/spec/revisions.txt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

import pytest

from tests.spec import language
from transforms.area_names import area_name
from transforms.declared.corrections import Correction, Corrections
from transforms.declared.counting import Count
from transforms.declared.district import Area, District, Unit
from transforms.declared.plan import Indicator
from transforms.harmonise import harmonise
from transforms.observations import WHOLE, Harmonised, Received
from transforms.periods import Period
from transforms.readings import (
    Cell,
    Contents,
    Ledger,
    LedgerColumn,
    LedgerRow,
    Measure,
    Reading,
    State,
    Table,
)

JUNE = Period(2024, 6)
JULY_5 = dt.datetime(2024, 7, 5, 9, tzinfo=dt.UTC)
AUGUST_5 = dt.datetime(2024, 8, 5, 9, tzinfo=dt.UTC)
YTD = Measure.YEAR_TO_DATE


def district() -> District:
    areas = (Area(name="东镇", kind="township", aliases=("东镇镇",)), Area(name="西镇", kind="township"))
    return language.district().model_copy(update={"areas": areas})


def indicator(target: str = "reach 100 亿元", **more: object) -> Indicator:
    path = "elapsed" if target.split()[0] in {"reach", "about", "of-which"} else "flat"
    made = language.indicator({"target": target, "path": path})
    return made.model_copy(update={"labels": ("工业总产值",)} | more)


def reading(
    text: str,
    measure: Measure = YTD,
    unit: str = "亿元",
    label: str = "工业总产值",
    area: str = "",
    period: Period | None = JUNE,
    ref: str = "C5",
) -> Reading:
    state, value = language.state_of(text)
    cell = Cell("sha", "月报.xlsx", "表一", ref)
    return Reading(label, area, period, measure, value, unit, cell, text if state is not State.BLANK else "", state)


def delivery(*readings: Reading, at: dt.datetime = JULY_5, workbook: str = "月报.xlsx") -> Received:
    table = Table("表", workbook, "表一", "月报", None, readings=readings)
    return Received(Contents(workbook, workbook, (table,)), at)


def known(
    received: Sequence[Received], *indicators: Indicator, corrections: Corrections | None = None, at: Period = JUNE
) -> Harmonised:
    plan = language.plan(*(indicators or (indicator(),)))
    return harmonise(received, plan, district(), corrections or Corrections(), at)


def values(found: Harmonised) -> list[tuple[str, Measure, str]]:
    return [(o.area, o.measure, str(o.value)) for o in found.observations]


# --- Vintages -----------------------------------------------------------------------------------------------


def test_the_newest_vintage_wins_and_the_revision_names_both_cells() -> None:
    old = delivery(reading("84.2", ref="C5"))
    new = delivery(reading("85", ref="D9"), at=AUGUST_5, workbook="修订.xlsx")
    found = known([new, old])
    assert values(found) == [(WHOLE, YTD, "85")]
    (revision,) = found.revisions
    assert (revision.old, revision.new, revision.received) == (Decimal("84.2"), Decimal(85), AUGUST_5)
    assert (revision.old_cell.ref, revision.new_cell.ref) == ("C5", "D9")


def test_a_growth_targets_level_in_two_units_is_one_figure() -> None:
    growth = indicator("grow 10 %")
    two = delivery(reading("266800", unit="万元", ref="C5"), reading("26.68", unit="亿元", ref="C9"))
    found = known([two], growth)
    assert (found.doubts, found.revisions) == ((), ())
    later = delivery(reading("26.70", unit="亿元"), at=AUGUST_5, workbook="修订.xlsx")
    (revision,) = known([delivery(reading("266800", unit="万元")), later], growth).revisions
    assert (revision.old, revision.new, revision.unit) == (Decimal("26.68"), Decimal("26.70"), "亿元")


def test_two_values_in_one_delivery_are_a_critical_doubt_with_both_cells() -> None:
    found = known([delivery(reading("84.2", ref="C5"), reading("85", ref="C9"))])
    (doubt,) = found.doubts
    assert (doubt.expectation, doubt.severity, doubt.period) == ("one-value-per-figure", "critical", JUNE)
    assert doubt.places == ("月报.xlsx《表一》C5", "月报.xlsx《表一》C9")
    assert "84.2" in doubt.found
    assert "85" in doubt.found


def test_of_two_agreeing_figures_in_one_delivery_the_exacter_is_kept() -> None:
    found = known([delivery(reading("84.23"), reading("84.2"))])
    assert values(found) == [(WHOLE, YTD, "84.23")]
    assert (found.doubts, found.revisions) == ((), ())


@pytest.mark.parametrize("text", ["blank", "#REF!"])
def test_neither_a_blank_nor_an_error_replaces_a_figure(text: str) -> None:
    found = known([delivery(reading("84.2")), delivery(reading(text), at=AUGUST_5)])
    assert values(found) == [(WHOLE, YTD, "84.2")]
    assert (found.doubts, found.revisions) == ((), ())


def test_an_error_stands_for_itself_where_nothing_else_was_ever_said() -> None:
    (found,) = known([delivery(reading("blank")), delivery(reading("#REF!"), at=AUGUST_5)]).observations
    assert (found.state, found.value) == (State.ERROR, None)


def test_the_order_of_deliveries_and_readings_is_nothing() -> None:
    received = [
        delivery(reading("84.2"), workbook="一.xlsx"),
        delivery(reading("85"), at=AUGUST_5, workbook="二.xlsx"),
        delivery(reading("12", Measure.MONTH), at=AUGUST_5, workbook="三.xlsx"),
    ]
    results = {frozenset(known(list(order)).observations) for order in permutations(received)}
    assert len(results) == 1


def test_what_is_older_than_last_january_or_newer_than_the_period_is_left_out() -> None:
    months = [Period(2022, 12), Period(2023, 1), JUNE, Period(2024, 7)]
    found = known([delivery(*(reading("1", period=month) for month in months), reading("1", period=None))])
    assert [observation.period for observation in found.observations] == [Period(2023, 1), JUNE]


def test_words_about_one_task_may_differ() -> None:
    two = delivery(reading("进展顺利", Measure.REMARK), reading("已完成八成", Measure.REMARK))
    later = delivery(reading("完成", Measure.REMARK), at=AUGUST_5)
    found = known([two, later])
    assert (found.doubts, found.revisions) == ((), ())
    assert found.observations[0].text == "完成"


def test_a_word_that_changes_is_no_revision_of_a_figure() -> None:
    received = [
        delivery(reading("否", Measure.DONE, "")),
        delivery(reading("是", Measure.DONE, ""), at=AUGUST_5),
    ]
    found = known(received, indicator("milestone"))
    assert [o.text for o in found.observations] == ["是"]
    assert (found.doubts, found.revisions) == ((), ())


# --- Units --------------------------------------------------------------------------------------------------


def test_converts_exactly_and_keeps_the_digits_of_the_source() -> None:
    (found,) = known([delivery(reading("842000.5", unit="万元"))]).observations
    assert (found.value, found.unit, found.places) == (Decimal("84.20005"), "亿元", 5)


def test_a_table_without_a_unit_is_in_the_indicators() -> None:
    (found,) = known([delivery(reading("84.2", unit=""))]).observations
    assert (found.value, found.unit) == (Decimal("84.2"), "亿元")


def test_a_wrong_unit_is_refused_with_its_cell() -> None:
    found = known([delivery(reading("84.2", unit="家"))])
    assert found.observations == ()
    (doubt,) = found.doubts
    assert (doubt.expectation, doubt.severity, doubt.places) == ("unit-fits", "critical", ("月报.xlsx《表一》C5",))


# --- Several measures in one row ------------------------------------------------------------------------------


def row() -> Received:
    return delivery(
        reading("13.1", Measure.MONTH, ref="B5"),
        reading("84.2", YTD, ref="C5"),
        reading("9.1", Measure.MONTH_GROWTH, "%", ref="D5"),
        reading("8.2", Measure.YEAR_TO_DATE_GROWTH, "%", ref="E5"),
        reading("80", Measure.LAST_YEAR, ref="F5"),
        reading("170", Measure.ANNUAL_TARGET, ref="G5"),
        reading("49.5", Measure.COMPLETION, "%", ref="H5"),
    )


def test_an_amount_takes_levels_and_growths_of_its_row_and_nothing_else() -> None:
    found = {o.measure: (str(o.value), o.unit) for o in known([row()]).observations}
    assert found == {
        Measure.MONTH: ("13.1", "亿元"),
        YTD: ("84.2", "亿元"),
        Measure.MONTH_GROWTH: ("9.1", "%"),
        Measure.YEAR_TO_DATE_GROWTH: ("8.2", "%"),
    }


def test_a_growth_target_and_an_amount_share_a_row() -> None:
    growth = indicator("grow 10 %", code="rate")
    found = {(o.code, o.measure): (str(o.value), o.unit) for o in known([row()], indicator(), growth).observations}
    assert found[("rate", Measure.YEAR_TO_DATE_GROWTH)] == ("8.2", "%")
    # The level beside a rate stays in the table's unit: it's what the remaining months are reckoned from.
    assert found[("rate", YTD)] == ("84.2", "亿元")
    assert found[("one", YTD)] == ("84.2", "亿元")


def test_a_level_leaves_growths_alone() -> None:
    level = indicator("hold 160 家", labels=("规上企业数",))
    received = delivery(
        reading("158", Measure.LEVEL, "家", "规上企业数"),
        reading("3.1", Measure.YEAR_TO_DATE_GROWTH, "%", "规上企业数"),
    )
    assert values(known([received], level)) == [(WHOLE, Measure.LEVEL, "158")]


def test_a_label_that_says_its_measure_is_found_plain() -> None:
    found = known([delivery(reading("84.2", label="工业总产值累计"))])
    assert values(found) == [(WHOLE, YTD, "84.2")]


def test_each_option_of_an_either_target_keeps_its_own_words() -> None:
    either = indicator("either 甲公司上市 or 乙公司上市", labels=("甲公司上市", "乙公司上市", "上市"))
    received = delivery(
        reading("否", Measure.DONE, "", "甲公司上市"),
        reading("是", Measure.DONE, "", "1. 乙公司上市"),
        reading("否", Measure.DONE, "", "上市"),
    )
    found = {(o.option, o.text) for o in known([received], either).observations}
    assert found == {("甲公司上市", "否"), ("乙公司上市", "是"), ("", "否")}


# --- Areas --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "area"),
    [
        ("", WHOLE),
        ("全 区", WHOLE),
        ("小河区", WHOLE),
        ("合计", WHOLE),
        ("东镇镇", "东镇"),
        ("东 镇", "东镇"),
        ("北镇", None),
        ("全市", None),
        ("全省", None),
        ("全国", None),
    ],
)
def test_area_names(spelling: str, area: str | None) -> None:
    assert area_name(spelling, district()) == area


def test_a_benchmark_row_of_the_province_never_stands_for_the_district() -> None:
    found = known([delivery(reading("84.2", area="全区"), reading("50000", area="全省"))])
    assert values(found) == [(WHOLE, YTD, "84.2")]
    assert found.doubts == ()


# --- Corrections ----------------------------------------------------------------------------------------------


def correction(
    found: str = "842", until: str = "2024-12-31", label: str = "工业总产值", period: str = "2024-06"
) -> Corrections:
    one = Correction(
        label=label,
        period=period,
        measure=YTD,
        found=Decimal(found),
        corrected=Decimal("84.2"),
        reason="小数点错位",
        authority="区统计局",
        until=dt.date.fromisoformat(until),
    )
    return Corrections(corrections=(one,))


def test_a_correction_bites_in_the_sources_own_unit() -> None:
    received = [delivery(reading("842", unit="万元"))]
    (found,) = known(received, corrections=correction()).observations
    assert found.value == Decimal("0.00842")
    assert found.corrected == "原表为842，小数点错位；依据：区统计局"


@pytest.mark.parametrize("received", [[], [delivery(reading("84.2"))], [delivery(reading("842", Measure.MONTH))]])
def test_an_idle_correction_is_critical(received: list[Received]) -> None:
    (doubt,) = known(received, corrections=correction()).doubts
    assert (doubt.expectation, doubt.severity, doubt.period) == ("correction-bites", "critical", JUNE)


def test_a_correction_of_what_the_source_has_mended_is_idle() -> None:
    found = known([delivery(reading("842")), delivery(reading("84.2"), at=AUGUST_5)], corrections=correction())
    assert values(found) == [(WHOLE, YTD, "84.2")]
    assert [doubt.expectation for doubt in found.doubts] == ["correction-bites"]


def test_an_expired_correction_still_bites_but_warns() -> None:
    found = known([delivery(reading("842"))], corrections=correction(until="2024-05-31"))
    assert values(found) == [(WHOLE, YTD, "84.2")]
    assert [(d.expectation, d.severity) for d in found.doubts] == [("correction-in-force", "warning")]


def test_a_correction_expires_with_its_month_and_not_with_a_files_arrival() -> None:
    later = delivery(reading("9", label="别的"), at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), workbook="新.xlsx")
    assert known([delivery(reading("842")), later], corrections=correction(until="2024-06-01")).doubts == ()


def test_corrections_of_other_years_and_later_months_wait() -> None:
    for period in ("2024-07", "2022-06"):
        assert known([delivery(reading("84.2"))], corrections=correction(period=period)).doubts == ()


# --- Ledgers --------------------------------------------------------------------------------------------------


def ledger(
    period: Period,
    *rows: tuple[str, ...],
    at: dt.datetime = JULY_5,
    heads: tuple[str, ...] = ("项目名称", "签约日期", "乡镇"),
) -> Received:
    columns = tuple(LedgerColumn(head, "", letter) for head, letter in zip(heads, "ABC", strict=False))
    made = Ledger(columns, tuple(LedgerRow(number, texts) for number, texts in enumerate(rows, start=3)))
    workbook = f"台账{period}.xlsx"
    table = Table("台账", workbook, "一", "工业项目台账", period, ledger=made)
    return Received(Contents(workbook + at.isoformat(), workbook, (table,)), at)


def counted(**rule: object) -> Indicator:
    rule = {"ledger": "项目台账", "date": "签约日期", "name": "项目名称", "area": "乡镇"} | rule
    return indicator("reach 10 个", counted=Count.model_validate(rule))


MARCH_TO_JUNE = (("甲", "2024-03-01", "东镇"), ("乙", "2024-05-31", "西镇"), ("丙", "2024-06-30", "北镇"))


def by_month(found: Harmonised, area: str = WHOLE) -> dict[int, int]:
    return {o.period.month: int(o.value or 0) for o in found.observations if o.area == area}


def test_every_month_is_counted_anew_from_the_newest_ledger_of_the_year() -> None:
    found = known([ledger(JUNE, *MARCH_TO_JUNE), ledger(Period(2024, 5), ("旧", "2024-01-01", ""))], counted())
    assert by_month(found) == {1: 0, 2: 0, 3: 1, 4: 1, 5: 2, 6: 3}


def test_the_ledger_of_the_period_is_chosen_not_a_later_one() -> None:
    may, june = ledger(Period(2024, 5), *MARCH_TO_JUNE[:2]), ledger(JUNE, *MARCH_TO_JUNE, ("丁", "2024-05-01", ""))
    assert by_month(known([may, june], counted(), at=Period(2024, 5)))[5] == 2
    assert by_month(known([may, june], counted(), at=JUNE))[5] == 3


def test_of_two_vintages_of_one_ledger_the_newer_counts() -> None:
    found = known([ledger(JUNE, at=AUGUST_5), ledger(JUNE, *MARCH_TO_JUNE)], counted())
    assert by_month(found)[6] == 0


def test_without_the_months_ledger_there_is_no_figure() -> None:
    assert 6 not in by_month(known([ledger(Period(2024, 5), *MARCH_TO_JUNE[:2])], counted()))


def test_last_year_is_counted_from_last_years_ledger_alone() -> None:
    december = ledger(Period(2023, 12), ("甲", "2023-03-01", ""), ("乙", "2023-12-31", ""))
    found = known([december, ledger(JUNE, *MARCH_TO_JUNE)], counted())
    counts = {str(o.period): int(o.value or 0) for o in found.observations if not o.area}
    assert [counts[month] for month in ("2023-02", "2023-03", "2023-12", "2024-01")] == [0, 1, 2, 0]


def test_areas_are_counted_and_an_unknown_one_only_for_the_whole() -> None:
    found = known([ledger(JUNE, *MARCH_TO_JUNE)], counted())
    assert [by_month(found, area)[6] for area in (WHOLE, "东镇", "西镇")] == [3, 1, 1]


def test_a_count_has_the_cell_of_each_row_and_one_of_nothing_the_ledgers() -> None:
    found = {o.period.month: o for o in known([ledger(JUNE, *MARCH_TO_JUNE)], counted()).observations if not o.area}
    assert [cell.ref for cell in found[6].cells] == ["B3", "B4", "B5"]
    assert [(cell.workbook, cell.ref) for cell in found[1].cells] == [("台账2024-06.xlsx", "")]


def test_the_list_of_what_was_counted_is_that_of_the_period() -> None:
    found = known([ledger(JUNE, *MARCH_TO_JUNE)], counted())
    assert [(e.name, e.date, e.area) for e in found.entries] == [
        ("甲", "2024-03-01", "东镇"),
        ("乙", "2024-05-31", "西镇"),
        ("丙", "2024-06-30", "北镇"),
    ]


def test_a_stock_is_counted_only_in_its_own_month() -> None:
    received = [ledger(Period(2024, 5), *MARCH_TO_JUNE[:2]), ledger(JUNE, *MARCH_TO_JUNE)]
    level = indicator("hold 3 家", counted=Count.model_validate({"ledger": "项目台账"}))
    found = known(received, level)
    assert by_month(found) == {5: 2, 6: 3}
    assert {o.measure for o in found.observations} == {Measure.LEVEL}


def test_the_ledger_is_the_source_of_record() -> None:
    table = delivery(
        reading("7", unit="个"),
        reading("2", unit="个", area="东镇"),
        reading("12.5", Measure.YEAR_TO_DATE_GROWTH, "%"),
    )
    found = known([table, ledger(JUNE, *MARCH_TO_JUNE)], counted())
    june = [(o.area, o.measure, str(o.value)) for o in found.observations if o.period == JUNE]
    assert sorted(june) == [
        (WHOLE, YTD, "3"),
        (WHOLE, Measure.YEAR_TO_DATE_GROWTH, "12.5"),
        ("东镇", YTD, "1"),
        ("西镇", YTD, "1"),
    ]
    level = indicator("hold 3 家", counted=Count.model_validate({"ledger": "项目台账"}))
    stated = delivery(reading("9", Measure.LEVEL, "家"))
    assert values(known([stated, ledger(JUNE, *MARCH_TO_JUNE)], level)) == [(WHOLE, Measure.LEVEL, "3")]


def test_a_missing_column_is_told_once_with_the_ledger() -> None:
    found = known([ledger(JUNE, *MARCH_TO_JUNE)], counted(date="开工日期"))
    (doubt,) = found.doubts
    assert (doubt.expectation, doubt.severity, doubt.period) == ("ledger-has-columns", "critical", JUNE)
    assert "开工日期" in doubt.found
    assert doubt.places == ("台账2024-06.xlsx《一》",)
    assert found.observations == ()


# --- Reporters ------------------------------------------------------------------------------------------------


def test_reporters_are_the_declared_units_that_sent_something_for_the_period() -> None:
    def sent(reporter: str, period: Period, said: str = "5") -> Received:
        table = Table("表", f"{reporter}.xlsx", "一", "月报", period, reporter, (reading(said),))
        return Received(Contents(reporter, f"{reporter}.xlsx", (table,)), JULY_5)

    units = (Unit(name="区统计局", aliases=("统计局",)), Unit(name="区人社局"), Unit(name="区科技局"))
    received = [
        sent("统计局", JUNE),
        sent("区人社局", Period(2024, 5)),
        sent("某局", JUNE),
        sent("区科技局", JUNE, said="blank"),
    ]
    declared = district().model_copy(update={"units": units})
    found = harmonise(received, language.plan(indicator()), declared, Corrections(), JUNE)
    assert found.reporters == ("区统计局",)
