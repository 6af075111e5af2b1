"""The marked copy: its cells are coloured and commented, and it reads as the file did."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Sequence

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.render.marked import Unmarkable, marked_copy
from tests.transforms import specimens
from transforms.checking.checks import Checked
from transforms.checking.review_sheets import REVIEW_HEADING
from transforms.doubts import Doubt, Severity
from transforms.spreadsheets.workbooks import open_workbook
from transforms.tables.reading import read

NAME = "主要经济指标_2024年6月.xlsx"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RED, YELLOW, BLUE = "00FFC7CE", "00FFEB9C", "00DDEBF7"


def doubt(*refs: str, severity: Severity = Severity.WARNING, sheet: str = "主要指标", found: str = "有疑问") -> Doubt:
    places = tuple(f"{NAME}《{sheet}》{ref}" for ref in refs)
    return Doubt("some", severity, "产值", found, "一个数字", "核对后改正", places)


def marked(data: bytes, *doubts: Doubt, name: str = NAME) -> tuple[str, bytes]:
    contents = read(data, name, "v")
    return marked_copy(data, Checked(contents, len(data), doubts), open_workbook(data, name))


def book(write: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None] = lambda *_: None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("主要指标")
        for number, row in enumerate(specimens.INDICATORS):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
        write(made, sheet)
    return out.getvalue()


def told(data: bytes) -> list[tuple[str, str, str]]:
    return [(str(one.cell.ref), str(one.value), one.raw) for one in read(data, NAME, "v").readings]


def test_cells_get_the_colour_of_their_worst_doubt_and_a_comment() -> None:
    data = book()
    suffix, copy = marked(
        data,
        doubt("C6", severity=Severity.CRITICAL, found="应为数字"),
        doubt("C6", "E6"),
        doubt("E7", severity=Severity.INFO),
    )
    assert suffix == ".xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["主要指标"]
    assert {ref: sheet[ref].fill.fgColor.rgb for ref in ("C6", "E6", "E7")} == {"C6": RED, "E6": YELLOW, "E7": BLUE}
    assert sheet["C7"].fill.fill_type is None
    assert sheet["C7"].comment is None
    assert sheet["C6"].comment is not None
    assert sheet["C6"].comment.text == (
        "【核对意见】\n【严重1】产值\n发现：应为数字\n应为：一个数字\n处理：核对后改正\n"
        "【提醒1】产值\n发现：有疑问\n应为：一个数字\n处理：核对后改正"
    )
    assert told(copy) == told(data)


def test_the_sheet_of_remarks_lists_every_place_as_a_link_and_is_passed_over_on_reading() -> None:
    copy = marked(book(), doubt("C6", "E6"), doubt("第8行", found="=1+1"))[1]
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["核对意见"]
    assert sheet["A1"].value == REVIEW_HEADING
    links = {cell.hyperlink.location: cell.value for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {
        "'主要指标'!C6": "《主要指标》C6",
        "'主要指标'!E6": "《主要指标》E6",
        "'主要指标'!A8": "《主要指标》第8行",
    }
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    again = read(copy, NAME, "v")
    assert [one.expectation for one in again.doubts if one.places == (f"{NAME}《核对意见》",)] == ["no-review-sheets"]
    assert {one.severity for one in again.doubts if one.expectation == "no-review-sheets"} == {Severity.INFO}


def test_formulas_stay_formulas_with_the_values_that_were_computed() -> None:
    def write(made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula("C6", "=SUM(C7:C8)", None, 14.1)
        sheet.write_formula("E6", "=[1]Sheet1!A1", None, 0)
        sheet.write_formula("D6", "=1/0", None, "#DIV/0!")
        sheet.write_formula("E7", '=IF(1<2,"—","<")', None, "—")
        sheet.write_formula("F6", "=9.1/100", made.add_format({"num_format": "0.0%"}), 0.091)

    data = book(write)
    copy = marked(data, doubt("C6", "D6", "E7"))[1]
    assert told(copy) == told(data)
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["主要指标"]
    assert [sheet[ref].value for ref in ("C6", "E6", "D6")] == ["=SUM(C7:C8)", "=[1]Sheet1!A1", "=1/0"]


def test_what_stands_beside_the_figures_is_kept_and_what_may_be_lost_is_said() -> None:
    def write(made: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_comment("C6", "张三：已核对", {"author": "张三"})
        sheet.data_validation("C7", {"validate": "decimal", "criteria": ">=", "value": 0})
        sheet.protect()
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=主要指标!$C$6:$C$7"})
        sheet.insert_chart("H2", chart)
        sheet.insert_image("H20", "dot.png", {"image_data": io.BytesIO(DOT)})
        hidden = made.add_worksheet("底稿")
        hidden.write_string("A1", '=HYPERLINK("http://x")')
        hidden.hide()

    copy = marked(book(write), doubt("C6"))[1]
    made = openpyxl.load_workbook(io.BytesIO(copy))
    comment = made["主要指标"]["C6"].comment
    assert comment is not None
    assert comment.text.startswith("张三：已核对\n【核对意见】\n")
    assert made["主要指标"].protection.sheet
    assert len(made["主要指标"].data_validations.dataValidation) == 1
    assert made["底稿"].sheet_state == "hidden"
    assert made["底稿"]["A1"].data_type == "s"
    notes = [cell.value for cell in made["核对意见"]["A"] if cell.value]
    assert any("可能没有保留" in str(note) and "图表" in str(note) for note in notes)
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        parts = archive.namelist()
    assert "xl/media/image1.png" in parts
    assert "xl/charts/chart1.xml" in parts


def test_marking_a_marked_copy_leaves_one_sheet_and_one_remark() -> None:
    once = marked(book(), doubt("C6", found="旧的"))[1]
    twice = marked(once, doubt("C6", found="新的"))[1]
    made = openpyxl.load_workbook(io.BytesIO(twice))
    assert made.sheetnames == ["主要指标", "核对意见"]
    comment = made["主要指标"]["C6"].comment
    assert comment is not None
    assert "新的" in comment.text
    assert "旧的" not in comment.text


def test_a_workbook_with_macros_keeps_them_and_its_suffix() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"<Override ",
                    b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override ',
                    1,
                )
            if entry.filename == "xl/_rels/workbook.xml.rels":
                relation = (
                    b'<Relationship Id="rId99" Target="vbaProject.bin" '
                    b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>'
                )
                content = content.replace(b"</Relationships>", relation)
            after.writestr(entry, content)
        after.writestr("xl/vbaProject.bin", b"not run by anybody")
    data = out.getvalue()
    suffix, copy = marked(data, doubt("C6"))
    assert suffix == ".xlsm"
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.read("xl/vbaProject.bin") == b"not run by anybody"
        assert len(archive.namelist()) == len(set(archive.namelist()))
    assert told(copy) == told(data)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_becomes_a_workbook_in_which_nothing_is_a_formula(encoding: str) -> None:
    text = "2024年6月主要经济指标\n指标名称,计量单位,本月,累计\n产值,亿元,=cmd|' /C calc'!A0,#N/A\n@SUM(1),亿元,+1,-2\n"
    name = "表[1].csv"
    copy = marked(
        text.encode(encoding), Doubt("x", Severity.WARNING, "s", "f", "e", "c", (f"{name}《表[1]》C3",)), name=name
    )[1]
    made = openpyxl.load_workbook(io.BytesIO(copy))
    assert made.sheetnames == ["表_1_", "核对意见"]
    sheet = made["表_1_"]
    assert sheet["C3"].value == "=cmd|' /C calc'!A0"
    assert sheet["C3"].fill.fgColor.rgb == YELLOW
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "e"}
    links = [cell.hyperlink.location for row in made["核对意见"].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'表_1_'!C3"]


def test_an_old_workbook_becomes_a_new_one_with_the_same_figures() -> None:
    data = specimens.xls(specimens.INDICATORS, sheet="主要指标")
    suffix, copy = marked(data, doubt("C6"))
    assert suffix == ".xlsx"
    assert told(copy) == told(data)
    assert openpyxl.load_workbook(io.BytesIO(copy))["主要指标"]["C6"].fill.fgColor.rgb == YELLOW


def test_no_copy_is_made_of_what_cannot_be_read() -> None:
    checked = Checked(read(book(), NAME, "v"), 1, (doubt("C6"),))
    with pytest.raises(Unmarkable, match=r"主要经济指标_2024年6月\.xlsx"):
        marked_copy(b"PK\x03\x04", checked, ())


def test_a_copy_whose_figures_would_differ_is_not_given_away() -> None:
    other = book(lambda _made, sheet: sheet.write("C6", 99))
    checked = Checked(read(other, NAME, "v"), 1, (doubt("C6"),))
    with pytest.raises(Unmarkable, match="没有加标记"):
        marked_copy(book(), checked, open_workbook(book(), NAME))


FIGURES = st.one_of(
    st.floats(-1e12, 1e12, allow_nan=False).filter(lambda number: abs(number) > 1e-6 or number == 0),
    st.integers(-(10**9), 10**9),
    st.sampled_from(["—", "…", "约82", "=1+1", "#REF!", "+5", " 12.50 ", "@x", "12%", "1,234.5"]),
    st.none(),
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=6), as_csv=st.booleans())
def test_marking_never_changes_what_is_read(rows: Sequence[tuple[object, object]], as_csv: bool) -> None:
    lines: list[list[object]] = [["2024年6月主要经济指标"], ["指标名称", "计量单位", "本月", "累计"]]
    lines += [[f"指标{number}", "亿元", month, total] for number, (month, total) in enumerate(rows)]
    if as_csv:
        text = "\n".join(",".join("" if one is None else f'"{one}"' for one in line) for line in lines)
        data, name = text.encode(), "主要指标.csv"
    else:
        data, name = specimens.xlsx([tuple(line) for line in lines], sheet="主要指标"), NAME
    found = tuple(
        Doubt("x", Severity.WARNING, "s", "f", "e", "c", (f"{name}《主要指标》{letter}{number + 3}",))
        for number in range(len(rows))
        for letter in "CD"
    )
    copy = marked(data, *found, name=name)[1]
    before, after = read(data, name, "v"), read(copy, name, "v")
    assert after.readings == before.readings
    assert [one for one in after.doubts if one.expectation != "no-review-sheets"] == list(before.doubts)
