"""Forms from the command to the bulletin: made, filled in, sent back, doubted, and who hasn't reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from flows.forms import MadeForms, make_forms
from flows.jobs import Job
from flows.monthly import Made, make_bulletin
from flows.status import reports_of
from flows.workspace import Workspace
from tests.flows.commands import yuebao
from tests.flows.small import Sent
from tests.forms import open_cells, saved
from transforms.errors import DeclarationError, DoubtError, UsageError
from transforms.periods import Period
from transforms.reporting.owed import Reported, UnitReport

MARCH = Period(2024, 3)
OWN = "报送表_区人社局_2024年3月_演示数据.xlsx"
Edit = Callable[[Any, dict[str, Any]], None]


@pytest.fixture
def workspace(workspace_and_sent: tuple[Workspace, Sent]) -> Workspace:
    """2024-03 without the form of 区人社局, and with too few fairs to reach the quarter's two."""
    workspace, sent = workspace_and_sent
    (sent.inbox / "2024-04-12" / OWN).unlink()
    sent.form("2024-02-12", 2024, 1, 0)
    return workspace


def forms(workspace: Workspace, period: Period = MARCH, *units: str) -> MadeForms:
    return make_forms(Job(workspace, "small", period), units)


def filled(workspace: Workspace, edit: Edit, period: Period = MARCH) -> bytes:
    """The form of 区人社局 as somebody left it; ``edit`` gets the sheet and its open cells by their heads."""
    book = load_workbook(forms(workspace, period).folder / f"报送表_区人社局_{period.chinese()}_演示数据.xlsx")
    edit(book.active, {head: cell for _, head, cell in open_cells(book.active)})
    return saved(book)


def drop(workspace: Workspace, data: bytes, name: str = OWN, day: str = "2024-04-12") -> None:
    folder = workspace.folder("small") / "inbox" / day
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def run(workspace: Workspace, period: Period = MARCH) -> Made:
    return make_bulletin(Job(workspace, "small", period))


def report(workspace: Workspace, unit: str = "区人社局", period: Period = MARCH) -> UnitReport:
    reports = reports_of(workspace, "small", period)
    assert reports is not None
    return next(one for one in reports.units if one.unit == unit)


def no_fair(_: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 0
    cells["情况说明"].value = "场馆检修，本月未办，4月上旬补办两场"
    cells["佐证材料"].value = "人社函〔2024〕3号"


def fairs(number: int) -> Edit:
    def edit(_: Any, cells: dict[str, Any]) -> None:
        cells["本月"].value = number

    return edit


def test_there_is_a_form_for_each_unit_with_last_months_figure(workspace: Workspace) -> None:
    made = forms(workspace)
    assert made.made == ("报送表_区统计局_2024年3月_演示数据.xlsx", OWN)
    sheet: Any = load_workbook(made.folder / OWN).active
    row = next(row for row in sheet.iter_rows() if row[1].value == "特色招聘会")
    assert row[4].value == "2月：1场"
    assert "报送表_区人社局_2024年2月_演示数据.xlsx《报送表》D4" in row[4].comment.text


def test_the_same_folder_is_made_anywhere_and_again(make_workspace: Callable[[str], tuple[Workspace, Sent]]) -> None:
    def contents(made: MadeForms) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in made.folder.iterdir()}

    first, _ = make_workspace("first")
    second, _ = make_workspace("second")
    once = contents(forms(first))
    assert contents(forms(second)) == once
    assert contents(forms(first)) == once


def test_a_form_that_somebody_has_worked_on_is_left_as_it_is(workspace: Workspace) -> None:
    made = forms(workspace)
    data = filled(workspace, no_fair)
    (made.folder / OWN).write_bytes(data)
    (made.folder / "说明.txt").write_text("我的", encoding="utf-8")
    again = forms(workspace)
    assert (again.kept, again.made) == ((OWN,), ("报送表_区统计局_2024年3月_演示数据.xlsx",))
    assert (made.folder / OWN).read_bytes() == data
    assert (made.folder / "说明.txt").exists()


def test_only_the_named_units_forms_are_made(workspace: Workspace) -> None:
    assert forms(workspace, MARCH, "区人社局").made == (OWN,)
    with pytest.raises(UsageError, match="units: 区统计局、区人社局"):
        forms(workspace, MARCH, "区教育局")
    with pytest.raises(UsageError, match="no plan of 2031"):
        forms(workspace, Period(2031, 3))


def test_what_the_unit_wrote_reaches_the_bulletin(workspace: Workspace) -> None:
    drop(workspace, filled(workspace, no_fair))
    made = run(workspace)
    fair = next(one for one in made.assessments if one.indicator.code == "job-fairs")
    assert f"{OWN}《报送表》F6" in map(str, fair.cells)
    html = (made.folder / "bulletin.html").read_text(encoding="utf-8")
    for words in ("场馆检修，本月未办，4月上旬补办两场", "人社函〔2024〕3号", "《报送表》F6"):
        assert words in html
    assert report(workspace).state is Reported.ALL
    assert f"{report(workspace).received[0]:%Y-%m-%d}" == "2024-04-12"


def test_words_about_what_is_on_pace_reach_the_bulletin_too(workspace: Workspace) -> None:
    def well(_: Any, cells: dict[str, Any]) -> None:
        cells["本月"].value = 4
        cells["情况说明"].value = "春季专场四场，达成意向312人"

    drop(workspace, filled(workspace, well))
    made = run(workspace)
    assert "春季专场四场，达成意向312人" in (made.folder / "bulletin.html").read_text(encoding="utf-8")


def test_an_untouched_form_is_no_report(workspace: Workspace) -> None:
    drop(workspace, (forms(workspace).folder / OWN).read_bytes())
    run(workspace)
    told = report(workspace)
    assert (told.state, told.missing, told.empty) == (Reported.NOTHING, ("招聘会",), (OWN,))
    assert told.newest == Period(2024, 2)
    assert report(workspace, "区统计局").state is Reported.ALL


def test_words_without_the_figure_are_a_part(workspace: Workspace) -> None:
    def words_only(_: Any, cells: dict[str, Any]) -> None:
        cells["情况说明"].value = "正在核实"

    drop(workspace, filled(workspace, words_only))
    run(workspace)
    assert (report(workspace).state, report(workspace).missing) == (Reported.PART, ("招聘会",))


def test_the_period_is_chosen_where_none_is_named(workspace: Workspace) -> None:
    reports = reports_of(workspace, "small", None)
    assert reports is not None
    assert (reports.period, reports.chosen) == (Period(2024, 12), True)


# --- What clerks do to forms ------------------------------------------------------------------------------------------


def put_rows_above(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.insert_rows(3, 2)
    sheet["A3"] = "请于10日前报送"


def put_a_column_in(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.insert_cols(3)


def hide(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[6].hidden = True


def add_a_sheet(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.parent.create_sheet("附件")["A1"] = "活动照片目录"


def write_full_width(_: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = "３"


def count_in_other_words(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.cell(cells["本月"].row, 3).value = "场次"


@pytest.mark.parametrize(
    "edit", [put_rows_above, put_a_column_in, hide, add_a_sheet, write_full_width, count_in_other_words]
)
def test_what_is_harmless_is_read_right(edit: Edit, workspace: Workspace) -> None:
    drop(workspace, filled(workspace, edit))
    fair = next(one for one in run(workspace).assessments if one.indicator.code == "job-fairs")
    assert fair.history[-1].value == 3


def write_about(_: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = "约3场"


def change_the_unit(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.cell(cells["本月"].row, 3).value = "万元"


def write_half(_: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 2.5


def make_an_error(_: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = "#REF!"


@pytest.mark.parametrize("edit", [write_about, change_the_unit, write_half, make_an_error])
def test_what_cannot_be_read_stops_with_its_cell(edit: Edit, workspace: Workspace) -> None:
    drop(workspace, filled(workspace, edit))
    with pytest.raises(DoubtError, match=r"《报送表》F6"):
        run(workspace)


def rename(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本月"].value = 3
    sheet.cell(cells["本月"].row, 2).value = "招聘"


def merge(sheet: Any, cells: dict[str, Any]) -> None:
    cells["本年累计"].value = 3
    sheet.merge_cells("D6:G6")


def use_another_column(sheet: Any, cells: dict[str, Any]) -> None:
    sheet["G5"] = "期末值"
    sheet["G6"] = 3


@pytest.mark.parametrize(
    ("edit", "expectation", "place"),
    [
        (rename, "label-known", "F6"),
        (merge, "figure-present", "区人社局"),
        (use_another_column, "form-cell-is-used", "G6"),
    ],
)
def test_what_is_not_used_is_told(edit: Edit, expectation: str, place: str, workspace: Workspace) -> None:
    drop(workspace, filled(workspace, edit))
    made = run(workspace)
    assert any(place in one for doubt in made.doubts if doubt.expectation == expectation for one in doubt.places)
    assert report(workspace).missing == ("招聘会",)


def test_another_units_form_is_told(workspace: Workspace) -> None:
    drop(workspace, filled(workspace, fairs(3)), "报送表_区统计局_2024年3月.xlsx")
    assert "form-names-its-unit" in {one.expectation for one in run(workspace).doubts}


def test_another_units_figure_in_a_form_is_told_with_its_cell(workspace: Workspace) -> None:
    def answer_for_statistics(sheet: Any, cells: dict[str, Any]) -> None:
        sheet.cell(cells["本年累计"].row, 2).value = "规模以上工业总产值"
        sheet.cell(cells["本年累计"].row, 3).value = "亿元"
        cells["本年累计"].value = 42.5

    drop(workspace, filled(workspace, answer_for_statistics))
    (doubt,) = [one for one in run(workspace).doubts if one.expectation == "form-is-of-its-unit"]
    assert doubt.places == (f"{OWN}《报送表》G6",)


def test_a_faulty_declaration_does_not_hide_what_was_made(workspace: Workspace) -> None:
    run(workspace)
    file = workspace.plan_file("small", 2024)
    file.write_text(file.read_text(encoding="utf-8").replace("value: 170", "value: many"), encoding="utf-8")
    assert reports_of(workspace, "small", None) is None
    with pytest.raises(DeclarationError):
        reports_of(workspace, "small", MARCH)


def test_a_form_that_names_no_known_unit_is_told(workspace: Workspace) -> None:
    def rename_unit(sheet: Any, cells: dict[str, Any]) -> None:
        cells["本月"].value = 3
        sheet["A2"] = "报送单位：区人才局"

    drop(workspace, filled(workspace, rename_unit))
    (doubt,) = [one for one in run(workspace).doubts if one.expectation == "form-names-its-unit"]
    assert "区人才局" in doubt.found


def test_last_months_form_sent_again_is_told(workspace: Workspace) -> None:
    february = Period(2024, 2)
    drop(workspace, filled(workspace, fairs(4), february), "区人社局2月.xlsx", "2024-04-12")
    (doubt,) = [one for one in run(workspace).doubts if one.expectation == "form-is-of-the-period"]
    assert "2024年2月" in doubt.found
    assert doubt.places == ("区人社局2月.xlsx",)
    assert report(workspace).newest == february


def test_a_form_whose_file_names_another_month_stops(workspace: Workspace) -> None:
    drop(workspace, filled(workspace, fairs(4), Period(2024, 2)), OWN)
    with pytest.raises(DoubtError, match="文件名写的是"):
        run(workspace)


def test_the_telephone_number_is_no_figure(workspace: Workspace) -> None:
    def sign(sheet: Any, cells: dict[str, Any]) -> None:
        cells["本月"].value = 3
        for row in sheet.iter_rows():
            if row[0].value == "联系电话：":
                row[2].value = 5643331234

    drop(workspace, filled(workspace, sign))
    assert not [one for one in run(workspace).doubts if one.expectation == "figures-are-in-tables"]


def test_status_prints_for_people_and_programs(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_by(*arguments: str) -> str:
        assert yuebao(monkeypatch, *arguments, "--workspace", workspace.root) == 0
        return capsys.readouterr().out

    run(workspace)
    told = told_by("status", "small", "2024-03")
    assert "2024-03  made" in told
    assert "not-reported 区人社局  last reported for 2024-02" in told
    (district,) = json.loads(told_by("status", "small", "2024-03", "--json"))
    assert district["reports"]["units"][1]["missing"] == ["招聘会"]
    assert f"data_out/small/forms/2024-03/{OWN}" in told_by("forms", "small", "2024-03", "--unit", "区人社局")


def test_units_whose_names_would_be_one_file_each_get_their_form(workspace_and_sent: tuple[Workspace, Sent]) -> None:
    workspace, _ = workspace_and_sent
    for file in workspace.folder("small").rglob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("区统计局", '"区局/一"').replace("区人社局", '"区局:一"')
        file.write_text(text, encoding="utf-8")
    made = make_forms(Job(workspace, "small", Period(2024, 4)))
    assert len(made.made) == 2
    again = make_forms(Job(workspace, "small", Period(2024, 4)), ["区局:一"])
    assert again.made == made.made[1:]
