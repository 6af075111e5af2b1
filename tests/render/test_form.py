"""Forms are what the plan asks, are closed where nothing is to be written, and are read back as they were typed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from flows.render.form import render_form
from flows.workspace import INSTALLED, Workspace
from tests.forms import Filled, fill, open_cells, read_back
from transforms.declared.plan import Plan
from transforms.harmonise import indicators_by_label
from transforms.observations import Harmonised, Observation
from transforms.periods import Period
from transforms.readings import Cell, Measure, State
from transforms.reporting.forms import Form, plan_form, reporting_units
from transforms.tables.labels import read_label
from transforms.tables.reading import read
from transforms.wanted import measures_of

SHIPPED = Workspace(INSTALLED)
MONTHS = [("luan-jinan", Period(2024, month)) for month in (1, 2, 5, 6, 12)]
MONTHS += [("luan-jinan", Period(2023, 9)), ("national", Period(2024, 2)), ("national", Period(2019, 6))]
SPECIMENS = Path(__file__).parent / "specimens"
SOFFICE = shutil.which("soffice")
NEEDS_SOFFICE = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed here")


def known_before(plan: Plan, period: Period) -> Harmonised:
    """Some figure of every indicator for the month before."""
    if period.month == 1:
        return Harmonised((), (), (), (), ())
    measures = {one: measures_of(one)[0] for one in plan.indicators}
    found = (
        _seven(one.code, one.unit, period.previous, measure)
        for one, measure in measures.items()
        if measure is not Measure.DONE
    )
    return Harmonised(tuple(found), (), (), (), ())


def _seven(code: str, unit: str, period: Period, measure: Measure) -> Observation:
    cell = Cell("sha", "上月.xlsx", "报送表", "G7")
    return Observation(code, "", period, measure, Decimal(7), unit, State.NUMBER, "7", 0, (cell,), SENT)


SENT = dt.datetime(2024, 6, 12, tzinfo=dt.UTC)


def forms(district: str, period: Period) -> list[Form]:
    declared, plan = SHIPPED.district(district), SHIPPED.plan(district, period.year)
    known = known_before(plan, period)
    return [plan_form(plan, declared, unit, period, known) for unit in reporting_units(plan, declared)]


def form_of(unit: str, period: Period) -> Form:
    return next(form for form in forms("luan-jinan", period) if form.unit == unit)


def sheet_of(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize(("district", "period"), MONTHS)
def test_what_is_typed_is_what_is_read(district: str, period: Period) -> None:
    for form in forms(district, period):
        filled = fill(form, render_form(form), random.Random(f"{form.unit}{period}"))
        contents = read(filled.data, f"报送表_{form.unit}.xlsx", "sha")
        assert read_back(contents) == filled.typed, form.unit
        assert {table.reporter for table in contents.tables} == {form.unit}
        assert {table.period for table in contents.tables} == {period}
        assert {doubt.expectation for doubt in contents.doubts} <= {"forms-are-filled"}


@pytest.mark.parametrize(("district", "period"), MONTHS)
def test_an_untouched_form_holds_blanks_alone_and_a_cell_for_all_that_is_due(district: str, period: Period) -> None:
    plan = SHIPPED.plan(district, period.year)
    seen: set[tuple[str, Measure]] = set()
    for form in forms(district, period):
        contents = read(render_form(form), "报送表.xlsx", "sha")
        assert read_back(contents) == {}
        assert {(doubt.expectation, doubt.severity.value) for doubt in contents.doubts} == {
            ("forms-are-filled", "info")
        }
        seen |= {(one.label, one.measure) for one in contents.readings}
    for indicator in plan.indicators:
        if indicator.counted is None and indicator.last_due(period) == period:
            names = [read_label(label).text for label in indicator.labels]
            assert any((name, measure) in seen for name in names for measure in measures_of(indicator))
    for task in plan.qualitative:
        assert any((read_label(name).text, Measure.REMARK) in seen for name in (task.labels or (task.task,)))


def test_the_same_form_gives_the_same_bytes() -> None:
    form = form_of("区经信局", Period(2024, 6))
    assert hashlib.sha256(render_form(form)).digest() == hashlib.sha256(render_form(form)).digest()


def test_only_what_is_asked_is_open_and_the_sheet_is_protected_without_a_password() -> None:
    may = sheet_of(render_form(form_of("区统计局", Period(2024, 5))))
    assert may.protection.sheet
    assert not may.protection.password
    opened = {(label, head) for label, head, _ in open_cells(may)}
    assert ("规模以上工业总产值", "本年累计") in opened
    assert ("规模以上工业增加值", "累计同比（%）") in opened
    assert ("规模以上工业增加值", "本年累计") not in opened
    # Quarterly and not due, yearly and not due, counted from a ledger: words alone.
    for label in ("制造业增加值占GDP比重", "规上企业研发投入", "新增规模以上工业企业"):
        assert {head for one, head in opened if one == label} == {"情况说明"}


def test_what_is_not_asked_says_why_and_which_ledger_is_wanted() -> None:
    hints = {row.label: row.hint for unit in ("区统计局", "区经信局") for row in form_of(unit, Period(2024, 5)).figures}
    assert hints["制造业增加值占GDP比重"] == "本期不需填报（按季报送，6月填）"
    assert hints["规上企业研发投入"] == "本期不需填报（按年报送，12月填）"
    assert hints["新增规模以上工业企业"] == "由《规模以上工业企业台账》计数，不填数；请报送该台账"
    assert hints["项目转化规上企业"] == "由区招商创业中心的《工业项目台账》计数，不填数"


def test_january_and_february_are_asked_together() -> None:
    january, february, march = (form_of("区统计局", Period(2024, month)).figures[0] for month in (1, 2, 3))
    assert january.hint == "本期不需填报（2月填）"
    assert [ask.measure for ask in february.asks] == [Measure.YEAR_TO_DATE, Measure.YEAR_TO_DATE_GROWTH]
    assert Measure.MONTH in [ask.measure for ask in march.asks]


def test_the_last_figure_stands_beside_the_empty_cell_with_its_cell_in_a_comment() -> None:
    sheet = sheet_of(render_form(form_of("区人社局", Period(2024, 6))))
    row = next(row for row in sheet.iter_rows() if row[1].value == "在岗职工技能提升培训")
    assert row[4].value == "1—5月：7人"
    assert row[4].comment.text == "出处：上月.xlsx《报送表》G7"
    assert [cell.value for cell in row[5:9]] == [None] * 4


def test_cells_check_what_is_typed() -> None:
    sheet = sheet_of(render_form(form_of("区人社局", Period(2024, 6))))
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    at = {(label, head): cell.coordinate for label, head, cell in open_cells(sheet)}
    month = rules[at["在岗职工技能提升培训", "本月"]]
    total = rules[at["在岗职工技能提升培训", "本年累计"]]
    assert (month.type, month.errorStyle) == ("custom", None)  # None is stop
    assert "INT(" in month.formula1
    assert total.errorStyle == "warning"
    assert f">=7,LEN({at['在岗职工技能提升培训', '情况说明']})>0" in total.formula1
    for rule in rules.values():
        assert len(rule.formula1) <= 255
        assert max(len(rule.prompt), len(rule.error)) <= 255
        assert max(len(rule.promptTitle), len(rule.errorTitle)) <= 32


def test_a_deed_that_is_done_is_not_asked_again() -> None:
    declared, plan = SHIPPED.district("luan-jinan"), SHIPPED.plan("luan-jinan", 2024)
    cell = Cell("sha", "上月.xlsx", "报送表", "C20")
    said = Observation(
        "digital-transformation-park", "", Period(2024, 5), Measure.DONE, None, "", State.TEXT, "是", 0, (cell,), SENT
    )
    form = plan_form(plan, declared, "区经信局", Period(2024, 6), Harmonised((said,), (), (), (), ()))
    rows = {row.label: row for row in form.deeds}
    assert not rows["建成省级数字化转型示范园区"].asked
    assert rows["建成省级数字化转型示范园区"].last[0].words == "5月报：是"
    assert all(row.asked for label, row in rows.items() if "酷豆丁" in label)


@NEEDS_SOFFICE
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_libreoffice_saves_what_was_typed(suffix: str, tmp_path: Path) -> None:
    filled: dict[str, Filled] = {}
    for district, period in (("luan-jinan", Period(2024, 6)), ("national", Period(2024, 6))):
        for form in forms(district, period):
            filled[form.unit] = fill(form, render_form(form), random.Random(form.unit))
            (tmp_path / f"{form.unit}.xlsx").write_bytes(filled[form.unit].data)
    made = tmp_path / "made"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    order = [str(SOFFICE), "--headless", profile, "--convert-to", suffix, "--outdir", str(made)]
    subprocess.run([*order, *map(str, sorted(tmp_path.glob("*.xlsx")))], check=True, capture_output=True, timeout=300)
    for unit, one in filled.items():
        contents = read((made / f"{unit}.{suffix}").read_bytes(), f"{unit}.{suffix}", "sha")
        assert read_back(contents) == one.typed, unit
        # Of an ods file it's told that it hides errors and percentages.
        assert {doubt.expectation for doubt in contents.doubts} <= {"forms-are-filled", "formats-show-all"}


@pytest.mark.parametrize(("district", "period"), MONTHS)
def test_every_row_leads_back_to_an_indicator_of_its_unit(district: str, period: Period) -> None:
    meant = indicators_by_label(SHIPPED.plan(district, period.year))
    for form in forms(district, period):
        for label in (*(row.label for row in form.figures), *(row.label for row in form.deeds)):
            assert {one.reported_by for one in meant[read_label(label).text]} == {form.unit}


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls", "et"])
def test_a_form_that_libreoffice_saved_is_read(suffix: str) -> None:
    """Made by us: the form of 区金融服务中心 for 2024-06, filled in, and saved by LibreOffice."""
    # WPS writes its .et as Excel 97 did its .xls.
    data = (SPECIMENS / f"form.{'xls' if suffix == 'et' else suffix}").read_bytes()
    contents = read(data, f"form.{suffix}", "sha")
    form = form_of("区金融服务中心", Period(2024, 6))
    assert read_back(contents) == fill(form, render_form(form), random.Random("specimen")).typed
    assert {table.reporter for table in contents.tables} == {"区金融服务中心"}
