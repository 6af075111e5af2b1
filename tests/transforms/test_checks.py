"""What a check says of files: which doubts are whose, how many there are, and where they stand."""

from __future__ import annotations

from dataclasses import replace

from tests.transforms.builders import cell, district
from transforms.checking.check_report import MOST_PLACES, arrange
from transforms.checking.checks import (
    Check,
    Checked,
    called,
    counts,
    doubts_of,
    grouped,
    period_of,
    same_subject,
    understood,
)
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.readings import Contents, Measure, Reading, State, Table
from transforms.spreadsheets.sheets import Merge, Sheet, error_value

JUNE = Period(2024, 6)


def doubt(*places: str, severity: Severity = Severity.WARNING, expectation: str = "some", found: str = "错") -> Doubt:
    return Doubt(expectation, severity, "某指标", found, "对", "改", places, JUNE)


def contents(name: str = "月报.xlsx", *doubts: Doubt, reporter: str = "") -> Contents:
    reading = Reading("产值", "", JUNE, Measure.MONTH, None, "亿元", replace(cell("C5"), workbook=name), "1")
    return Contents("ab", name, (Table("x", name, "主要指标", "六月", JUNE, reporter, (reading,)),), doubts)


def test_a_doubt_belongs_to_every_file_that_it_names_and_to_no_other() -> None:
    both = doubt("月报.xlsx《主要指标》C5", "台账.xlsx《表》A1")
    other = doubt("旧月报.xlsx《主要指标》C5")
    critical = doubt("月报.xlsx《主要指标》C6", severity=Severity.CRITICAL)
    names = ("月报.xlsx", "台账.xlsx")
    assert doubts_of(contents(), [both, other, critical], names, None) == (critical, both)
    assert doubts_of(contents("台账.xlsx"), [both, other, critical], names, None) == (both,)


def test_what_a_unit_has_not_sent_is_a_doubt_about_the_file_that_it_did_send() -> None:
    unit = district().units[0].name
    missing = doubt(unit, expectation="figure-present")
    assert doubts_of(contents(reporter=unit), [missing], ["月报.xlsx"], district()) == (missing,)
    assert doubts_of(contents(), [missing], ["月报.xlsx"], district()) == ()
    assert doubts_of(contents(reporter=unit), [missing], ["月报.xlsx"], None) == ()


def test_what_was_found_on_reading_is_told_even_where_it_is_no_business_of_the_period() -> None:
    own = doubt("月报.xlsx《主要指标》C5", severity=Severity.CRITICAL)
    (told,) = doubts_of(contents("月报.xlsx", own), [], ["月报.xlsx"], None)
    assert told.severity is Severity.WARNING
    assert "不属于所核对的时期" in told.found
    toned = replace(own, severity=Severity.WARNING, found="错（6月的问题）")
    assert doubts_of(contents("月报.xlsx", own), [toned], ["月报.xlsx"], None) == (toned,)


def test_contents_under_another_name_keep_everything_else() -> None:
    made = called(contents("月报.xlsx", doubt("月报.xlsx《主要指标》C5", "月报.xlsx", "月报.xlsxx")), "甲/月报.xlsx")
    assert made.doubts[0].places == ("甲/月报.xlsx《主要指标》C5", "甲/月报.xlsx", "月报.xlsxx")
    assert str(made.readings[0].cell) == "甲/月报.xlsx《主要指标》C5"
    assert called(made, "月报.xlsx") == contents(
        "月报.xlsx", doubt("月报.xlsx《主要指标》C5", "月报.xlsx", "月报.xlsxx")
    )


def test_counts_and_periods() -> None:
    assert counts([]) == "没有发现问题"
    assert counts([doubt("a")]) == "严重0项，提醒1项，说明0项"
    assert understood([]) == "没有认出任何表"
    assert period_of(contents()) == JUNE
    assert period_of(Contents("ab", "x", (), (doubt("x"),))) == JUNE
    assert period_of(Contents("ab", "x")) is None
    critical = doubt("甲", severity=Severity.CRITICAL)
    assert Check("", (), (critical,)).stopping == 0
    assert Check("", (), (critical,), whole_period=True).stopping == 1


def test_an_excerpt_shows_the_cells_around_the_doubtful_one() -> None:
    rows = [[f"r{row}c{column}" for column in range(8)] for row in range(6)]
    sheet = Sheet("主要指标", rows, {(4, 2): error_value("#N/A")}, (Merge(0, 0, 0, 7),))
    doubts = (doubt("月报.xlsx《主要指标》C5"), doubt("月报.xlsx《主要指标》A1"), doubt("月报.xlsx《主要指标》Z99"))
    (part,) = arrange(Check("", (Checked(contents(), 1, doubts),)), {"月报.xlsx": [sheet]}).parts
    first, corner, beyond = (entry.excerpt for group in part.groups for entry in group.entries)
    assert first is not None
    assert (first.letters, [number for number, _ in first.rows]) == (("A", "B", "C", "D", "E"), [4, 5, 6])
    assert [one.text for _, row in first.rows for one in row if one.doubted] == ["#N/A"]
    assert corner is not None
    assert [(number, one.text) for number, row in corner.rows for one in row if one.doubted] == [(1, "r0c0")]
    assert beyond is None


def test_many_places_are_listed_up_to_a_bound_each_sheet_once() -> None:
    cells = [f"月报.xlsx《主要指标》C{row}" for row in range(1, 101)]
    many = doubt(*cells)
    (part,) = arrange(Check("", (Checked(contents(), 1, (many,)),)), {"月报.xlsx": [Sheet("主要指标", [])]}).parts
    ((sheet, listed),) = part.groups[0].entries[0].where
    assert sheet == "《主要指标》"
    assert listed[:2] == ("C1", "C2")
    assert part.groups[0].entries[0].unlisted == 100 - MOST_PLACES


def test_doubts_of_one_kind_stand_together_and_keep_their_numbers() -> None:
    kinds = ["a", "b", "a", "c", "a", "b"]
    told = [doubt(f"月报.xlsx《主要指标》C{row}", expectation=kind) for row, kind in enumerate(kinds, 1)]
    groups = list(grouped(told))
    assert [[word for word, _ in group] for group in groups] == [
        ["提醒1", "提醒2", "提醒3"], ["提醒4"], ["提醒5"], ["提醒6"],
    ]  # fmt: skip
    assert [group[0][1].expectation for group in groups] == ["a", "b", "b", "c"]
    assert {one.places for group in groups for _, one in group} == {one.places for one in told}


def test_what_all_subjects_of_a_group_begin_with_is_cut_at_a_names_end() -> None:
    group = [("提醒1", replace(doubt(), subject=f"台账《甲》第1{row}行")) for row in range(3)]
    assert same_subject(group) == "台账《甲》"
    assert same_subject([("提醒1", replace(doubt(), subject=one)) for one in ("产值累计", "产值本月")]) == ""


def test_a_cell_without_a_number_is_told_once_unless_it_is_graver() -> None:
    text = contents()
    reading = replace(text.tables[0].readings[0], state=State.TEXT)
    text = replace(text, tables=(replace(text.tables[0], readings=(reading,)),))
    place = "月报.xlsx《主要指标》C5"
    reader, meaning = doubt(place, expectation="reader"), doubt(place, expectation="meaning")
    assert doubts_of(text, [reader, meaning], ["月报.xlsx"], None) == (meaning,)
    assert doubts_of(contents(), [reader, meaning], ["月报.xlsx"], None) == (reader, meaning)
    graver = replace(meaning, severity=Severity.CRITICAL)
    assert doubts_of(text, [graver, reader], ["月报.xlsx"], None) == (graver,)
