"""Corrections: applied to their cell alone, and failing in three ways when they no longer bite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.transforms.test_harmonise import AUGUST_5, JULY_5, JUNE, delivery, district, ledger, reading
from transforms.correcting import Corrected, correct
from transforms.declared.correction_faults import faults_against, faults_of_corrections, placed
from transforms.declared.corrections import Corrections
from transforms.declared.counting import Count
from transforms.declared.declarations import load
from transforms.doubts import Doubt
from transforms.errors import DeclarationError
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Cell, Contents, Measure, Reading, State, Table

MAY = Period(2024, 5)

ONE = """\
corrections:
  - label: 工业总产值
    period: 2024-06
    measure: year-to-date
    found: {found}
    corrected: {corrected}
    reason: 小数点错位
    authority: 区统计局
    until: {until}
{more}"""


def declared(found: str = "842", corrected: str = "84.2", until: str = "2024-12-31", more: str = "") -> Corrections:
    text = ONE.format(found=found, corrected=corrected, until=until, more=more)
    corrections, lines = load(text, "data_raw/small/corrections.yaml", Corrections)
    assert list(faults_of_corrections(corrections, lines, "corrections.yaml")) == []
    return placed(corrections, lines, "data_raw/small/corrections.yaml")


def made(received: Sequence[Received], corrections: Corrections | None = None, at: Period = JUNE) -> Corrected:
    return correct(received, corrections or declared(), district(), at)


def values(found: Corrected) -> list[Decimal | None]:
    return [one.value for each in found.received for one in each.contents.readings]


def only(found: Corrected) -> Doubt:
    (doubt,) = found.doubts
    return doubt


def error(text: str, state: State, value: str | None = None) -> Reading:
    number = None if value is None else Decimal(value)
    cell = Cell("sha", "月报.xlsx", "表一", "C5")
    return Reading("工业总产值", "", JUNE, Measure.YEAR_TO_DATE, number, "亿元", cell, text, state)


def test_the_wrong_cell_is_corrected_and_no_other() -> None:
    others = (reading("842", Measure.MONTH), reading("842", period=MAY), reading("842", area="东镇"))
    found = made([delivery(reading("842"), *others, reading("842", label="工业投资"))])
    assert values(found) == [Decimal("84.2"), *[Decimal(842)] * 4]
    assert found.doubts == ()
    assert found.received[0].contents.readings[0].corrected == "原表为842，小数点错位；依据：区统计局"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (error("#N/A", State.ERROR), "'#N/A'"),
        (error("约84.2", State.TEXT), "约84.2"),
        (error("", State.BLANK), "blank"),
        (error("8,420", State.NUMBER, "8420"), '"8,420"'),
    ],
)
def test_an_error_a_text_and_a_blank_are_corrected_too(cell: Reading, written: str) -> None:
    found = made([delivery(cell)], declared(found=written))
    assert (values(found), found.doubts) == ([Decimal("84.2")], ())
    assert found.received[0].contents.readings[0].state is State.NUMBER


def test_a_cell_that_is_nowhere_is_told_with_the_line() -> None:
    doubt = only(made([delivery(reading("84.2", period=MAY))]))
    assert (doubt.expectation, doubt.severity, doubt.places) == (
        "correction-bites",
        "critical",
        ("corrections.yaml:2",),
    )
    assert doubt.found == "来源中没有“工业总产值”（2024年6月累计）这一格"
    assert "label、area、period、measure" in doubt.cure


def test_a_source_that_was_mended_is_told_with_its_cell() -> None:
    doubt = only(made([delivery(reading("842")), delivery(reading("84.2", ref="D9"), at=AUGUST_5)]))
    assert doubt.found == "来源已改正：现为84.2，即更正值"
    assert doubt.cure == "从 corrections.yaml 中删除该条更正"
    assert doubt.places == ("corrections.yaml:2", "月报.xlsx《表一》D9")


def test_a_source_that_says_something_else_is_told_apart() -> None:
    doubt = only(made([delivery(reading("842")), delivery(reading("85"), at=AUGUST_5)]))
    assert doubt.found == "来源已变动：现为85，既不是更正所针对的842，也不是更正值84.2"
    assert "按新数修改 found" in doubt.cure


def test_an_error_that_a_figure_has_taken_the_place_of_is_mended() -> None:
    received = [delivery(error("#N/A", State.ERROR)), delivery(reading("84.2"), at=AUGUST_5)]
    assert "来源已改正" in only(made(received, declared(found="'#N/A'"))).found


def test_a_blank_later_does_not_mend() -> None:
    received = [delivery(reading("842")), delivery(error("", State.BLANK), at=AUGUST_5)]
    assert made(received).doubts == ()


def test_what_was_replaced_in_its_place_no_longer_needs_correcting() -> None:
    old = Received(delivery(reading("842")).contents, JULY_5, in_force=False)
    found = made([old, delivery(reading("84.2"), at=AUGUST_5)])
    assert values(found) == [Decimal("84.2")] * 2  # so that no revision is told
    assert "来源已改正" in only(found).found


def test_a_vintage_that_mends_one_month_leaves_the_others_correction() -> None:
    may = """\
  - label: 工业总产值
    period: 2024-05
    measure: year-to-date
    found: 701
    corrected: 70.1
    reason: 小数点错位
    authority: 区统计局
    until: 2024-12-31
"""
    received = [
        delivery(reading("842"), reading("701", period=MAY)),
        delivery(reading("70.1", period=MAY), at=AUGUST_5),
    ]
    doubt = only(made(received, declared(more=may)))
    assert (doubt.places[0], doubt.subject) == ("corrections.yaml:10", "更正事项：工业总产值（2024年5月累计）")


def test_tables_that_repeat_the_figure_are_corrected_together() -> None:
    two = [delivery(reading("842")), delivery(reading("842", area="全区"), workbook="分乡镇.xlsx")]
    found = made(two)
    assert (values(found), found.doubts) == ([Decimal("84.2")] * 2, ())


def test_two_rows_of_one_table_are_two_figures() -> None:
    doubt = only(made([delivery(reading("842", ref="C5"), reading("842", ref="C9"))]))
    assert (doubt.expectation, doubt.severity) == ("correction-is-single", "critical")
    assert doubt.places == ("corrections.yaml:2", "月报.xlsx《表一》C5", "月报.xlsx《表一》C9")


def test_a_correction_may_name_its_workbook() -> None:
    right = delivery(reading("84.2"), at=AUGUST_5, workbook="报送表.xlsx")
    named = declared(more="    workbook: 月报\n")
    assert made([delivery(reading("842")), right], named).doubts == ()
    assert "来源已改正" in only(made([delivery(reading("842")), right])).found


def test_an_expired_correction_warns_with_its_line() -> None:
    found = made([delivery(reading("842"))], declared(until="2024-06-30"), at=Period(2024, 7))
    assert values(found) == [Decimal("84.2")]
    doubt = only(found)
    assert (doubt.expectation, doubt.severity, doubt.places) == (
        "correction-in-force",
        "warning",
        ("corrections.yaml:2",),
    )


# --- Ledgers --------------------------------------------------------------------------------------------

ROWS = """\
ledger_corrections:
  - ledger: 工业项目台账
    row: 甲
    column: 签约日期
    period: 2024-05
    found: 2023-03-01
    corrected: 2024-03-01
    reason: 年份误填
    authority: 区招商中心
    until: 2024-12-31
"""


def of_ledgers(*received: Received, at: Period = JUNE) -> Corrected:
    corrections, lines = load(ROWS, "corrections.yaml", Corrections)
    return correct(received, placed(corrections, lines, "corrections.yaml"), district(), at)


def dates(found: Corrected) -> list[str]:
    return [
        row.texts[1]
        for one in found.received
        for table in one.contents.tables
        for row in (table.ledger.rows if table.ledger else ())
    ]


def test_a_ledgers_cell_is_corrected_from_its_month_on() -> None:
    bad, other = ("甲", "2023-03-01", "东镇"), ("乙", "2023-03-01", "西镇")
    april, may, june = (ledger(Period(2024, month), bad, other) for month in (4, 5, 6))
    found = of_ledgers(april, may, june)
    assert dates(found) == ["2023-03-01", "2023-03-01", "2024-03-01", "2023-03-01", "2024-03-01", "2023-03-01"]
    assert found.doubts == ()
    (row,) = found.rows
    assert (row.cell.workbook, row.cell.ref, row.corrected) == ("台账2024-06.xlsx", "B3", "2024-03-01")
    assert row.found == "原表为“2023-03-01”，年份误填；依据：区招商中心"
    assert of_ledgers(april, at=Period(2024, 4)).doubts == ()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("乙", "2024-03-01", "")], "台账中没有名称为“甲”的行"),
        ([("甲", "2024-03-01", "")], "来源已改正"),
        ([("甲", "2024-04-01", "")], "来源已变动：现为2024-04-01"),
        ([("甲", "2023-03-01", ""), ("甲", "2023-03-01", "")], "台账中有2行名为“甲”"),
    ],
)
def test_an_idle_correction_of_a_ledger_is_critical(rows: list[tuple[str, ...]], words: str) -> None:
    doubt = only(of_ledgers(ledger(MAY, ("甲", "2023-03-01", "")), ledger(JUNE, *rows)))
    assert (doubt.expectation, doubt.severity, doubt.places[0]) == (
        "correction-bites",
        "critical",
        "corrections.yaml:2",
    )
    assert words in doubt.found


# --- What is refused when it's loaded, and by `plan check` ------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"found": "84.2"}, "corrected is what was found"),
        ({"corrected": "约84"}, "corrected"),
        ({"found": ""}, "write `blank`"),
        ({"until": "2024-13-01"}, "until"),
        ({"more": "    sheet: 一\n"}, "sheet"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(change: dict[str, str], words: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declared(**change)
    assert "corrections.yaml:" in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize("measure", ["remark", "rank", "completion", "last-year", "done"])
def test_only_figures_of_the_bulletin_are_corrected(measure: str) -> None:
    text = ONE.format(found="842", corrected="84.2", until="2024-12-31", more="").replace("year-to-date", measure)
    with pytest.raises(DeclarationError, match=f"has the measure {measure}"):
        load(text, "corrections.yaml", Corrections)


def test_two_corrections_of_one_figure_are_refused_unless_their_files_differ() -> None:
    again = "".join(ONE.format(found="843", corrected="84.2", until="2024-12-31", more="").splitlines(True)[1:])
    text = ONE.format(found="842", corrected="84.2", until="2024-12-31", more=again)
    corrections, lines = load(text, "corrections.yaml", Corrections)
    (fault,) = faults_of_corrections(corrections, lines, "corrections.yaml")
    assert (fault.line, fault.found) == (10, "a second correction of one figure (first on line 2)")
    text = ONE.format(
        found="842", corrected="84.2", until="2024-12-31", more=f"    workbook: 甲\n{again}    workbook: 乙\n"
    )
    corrections, lines = load(text, "corrections.yaml", Corrections)
    assert list(faults_of_corrections(corrections, lines, "corrections.yaml")) == []


def test_a_correction_that_is_over_before_its_month_is_refused() -> None:
    text = ONE.format(found="842", corrected="84.2", until="2024-05-31", more="")
    corrections, lines = load(text, "corrections.yaml", Corrections)
    (fault,) = faults_of_corrections(corrections, lines, "corrections.yaml")
    assert fault.line == 9


def against(change: dict[str, Any], **indicator_change: Any) -> list[str]:
    from tests.spec import language

    corrections = declared()
    one = corrections.corrections[0].model_copy(update=change)
    indicator = language.indicator({"target": "reach 100 亿元", "path": "elapsed"})
    indicator = indicator.model_copy(update={"labels": ("工业总产值",), **indicator_change})
    whole = Corrections(corrections=(one,))
    lines: dict[tuple[str | int, ...], int] = {("corrections", 0): 2, ("corrections", 0, "label"): 3}
    return [str(fault) for fault in faults_against(whole, lines, "c.yaml", district(), [language.plan(indicator)])]


def test_names_that_nothing_declares_are_faults() -> None:
    assert against({}) == []
    assert against({"label": "工业总产值累计值"}) == []
    assert against({"area": "东镇镇"}) == []
    (label,) = against({"label": "工业总产直"})
    assert label.startswith("c.yaml:3: no indicator of the plan is found under the label")
    assert "takes no figure from the measure quarter" in against({"measure": Measure.QUARTER})[0]
    assert "no area '北镇'" in against({"area": "北镇"})[0]
    assert "no plan of 2019 or 2020" in against({"period": "2019-06"})[0]
    assert "correct the ledger's row" in against({}, counted=Count(ledger="台账"))[0]


def test_a_figure_that_nothing_corrects_is_left_as_it_is() -> None:
    received = [Received(Contents("v", "月报.xlsx", (Table("表", "月报.xlsx", "一", "月报", None),)), JULY_5)]
    assert correct(received, Corrections(), district(), JUNE).received == tuple(received)
    assert dt.date(2024, 6, 30) == JUNE.last_day
