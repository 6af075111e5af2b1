from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
import xlwt

from tests.transforms import specimens
from transforms.figures import exact
from transforms.spreadsheets.sheets import Kind, Merge, Value, letters, reference
from transforms.spreadsheets.unreadable import UnreadableFile
from transforms.spreadsheets.workbooks import open_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GRID = (("名称", "数"), ("甲", 1.5), ("乙", 2))


def only(data: bytes, name: str = "表.xlsx") -> dict[str, Value]:
    (sheet,) = open_workbook(data, name)
    return {
        reference(row, column): value
        for row in range(sheet.height)
        for column in range(sheet.width(row))
        if (value := sheet.value(row, column)).kind is not Kind.BLANK
    }


def with_parts(data: bytes, **parts: str) -> bytes:
    """The xlsx with some of its parts replaced (sheet1=…, workbook=…, styles=…)."""
    paths = {
        "sheet1": "xl/worksheets/sheet1.xml",
        "workbook": "xl/workbook.xml",
        "styles": "xl/styles.xml",
        "strings": "xl/sharedStrings.xml",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        replaced = {paths[part]: text for part, text in parts.items()}
        for name in old.namelist():
            new.writestr(name, replaced.get(name, old.read(name).decode()))
    return made.getvalue()


def sheet_xml(cells: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B2"/>'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (specimens.xlsx(GRID), "表.xlsx"),
        (specimens.xlsx(GRID), "表.csv"),
        (specimens.xls(GRID), "表.xls"),
        (specimens.xls(GRID), "表.et"),
        (specimens.csv(GRID, "utf-8"), "表.csv"),
        (specimens.csv(GRID, "utf-8-sig"), "表.xls"),
        (specimens.csv(GRID, "gb18030"), "表.csv"),
        (specimens.csv(GRID, "utf-16"), "表.csv"),
        (specimens.csv(GRID, "utf-8").replace(b",", b"\t"), "表.tsv"),
        (specimens.csv(GRID, "gb18030").replace(b",", b";"), "表.txt"),
    ],
)
def test_content_decides_not_the_suffix(data: bytes, name: str) -> None:
    cells = only(data, name)
    assert {ref: value.text for ref, value in cells.items()} == {
        "A1": "名称",
        "B1": "数",
        "A2": "甲",
        "B2": "1.5",
        "A3": "乙",
        "B3": "2",
    }


def test_ods_is_read() -> None:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="表一"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="1.5"><text:p>1.5</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    (sheet,) = open_workbook(made.getvalue(), "表.ods")
    assert (sheet.value(0, 0).text, sheet.value(0, 1).number) == ("甲", Decimal("1.5"))


@pytest.mark.parametrize("make", [specimens.xlsx, specimens.xls])
@pytest.mark.parametrize("number", [0.1 + 0.2, 81.3, 1e-7, 123456789.123456, 1081301.5, 0.0, -3.1])
def test_numbers_have_fifteen_digits(make: object, number: float) -> None:
    value = only(make([("数", number)]))["B1"]  # type: ignore[operator]
    assert value.number == Decimal(f"{number:.15g}")
    assert value.text == exact(value.number)


@pytest.mark.parametrize("make", [specimens.xlsx, specimens.xls])
def test_true_dates_are_known_as_dates(make: object) -> None:
    assert only(make([(dt.date(2024, 6, 30),)]))["A1"] == Value(Kind.DATE, "2024-06-30")  # type: ignore[operator]


def test_dates_of_the_1904_system() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "date_1904": True})
    page = book.add_worksheet()
    page.write_datetime(0, 0, dt.date(2024, 6, 30), book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_datetime(1, 0, dt.date(2024, 6, 1), book.add_format({"num_format": 57}))
    book.close()
    assert [value.text for value in only(made.getvalue()).values()] == ["2024-06-30", "2024-06-01"]


@pytest.mark.parametrize("number_format", [57, 58, 31, 'yyyy"年"m"月"', "yyyy/m/d", "[$-804]yyyy年m月;@"])
def test_chinese_date_formats_are_dates(number_format: object) -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    page.write_datetime(0, 0, dt.date(2024, 6, 1), book.add_format({"num_format": number_format}))
    book.close()
    assert only(made.getvalue())["A1"] == Value(Kind.DATE, "2024-06-01")


def test_a_percent_format_shows_what_the_reader_sees() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, 0.123, book.add_format({"num_format": "0.0%"}))
    page.write(0, 1, 0.123, book.add_format({"num_format": '0.0"%"'}))
    book.close()
    cells = only(made.getvalue())
    assert cells["A1"] == Value(Kind.PERCENT, "12.3%", Decimal("12.3"))
    assert cells["B1"] == Value(Kind.NUMBER, "0.123", Decimal("0.123"))
    old = xlwt.Workbook()
    old.add_sheet("表").write(0, 0, 0.123, xlwt.easyxf(num_format_str="0.0%"))
    made = io.BytesIO()
    old.save(made)
    assert only(made.getvalue())["A1"] == Value(Kind.PERCENT, "12.3%", Decimal("12.3"))


def test_error_cells_of_xlsx_are_errors() -> None:
    data = with_parts(
        specimens.xlsx(GRID),
        sheet1=sheet_xml(
            '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
            "<c t='e'><v>#REF!</v></c></row>"
        ),
    )
    assert {ref: value.text for ref, value in only(data).items() if value.kind is Kind.ERROR} == {
        "A1": "#N/A",
        "B1": "#DIV/0!",
        "C1": "#REF!",
    }


def test_a_chart_sheet_is_no_obstacle() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.add_worksheet("表").write(0, 0, 1)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=表!$A$1:$A$1"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    assert [sheet.name for sheet in open_workbook(made.getvalue(), "表.xlsx")] == ["表"]


def test_prefixed_elements_are_scanned_too() -> None:
    xml = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<x:sheetData><x:row r="1"><x:c r="A1" t="e"><x:v>#N/A</x:v></x:c><x:c r="B1"><x:f>1</x:f></x:c>'
        '<x:c r="C1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    cells = only(with_parts(specimens.xlsx(GRID), sheet1=xml))
    assert [cells[ref].kind for ref in ("A1", "B1", "C1")] == [Kind.ERROR, Kind.UNCOMPUTED, Kind.NUMBER]


def test_error_cells_of_csv_are_errors() -> None:
    assert only(b"a,#N/A\n#DIV/0!,1\n", "表.csv")["B1"].kind is Kind.ERROR


def test_formulas_without_a_value_are_no_zeros() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["A2"], page["A3"] = 1, "=SUM(A1)", "=A1*0"
    made = io.BytesIO()
    book.save(made)
    (sheet,) = open_workbook(made.getvalue(), "表.xlsx")
    assert [sheet.value(row, 0).kind for row in range(3)] == [Kind.NUMBER, Kind.UNCOMPUTED, Kind.UNCOMPUTED]


def test_a_zero_left_by_a_program_that_computes_nothing_is_no_zero() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    page.write_formula(0, 0, "=1+1")
    page.write_formula(0, 1, "=1+1", None, 2)
    page.write_number(0, 2, 0)
    book.close()
    cells = only(made.getvalue())
    assert [cells[ref].kind for ref in ("A1", "B1", "C1")] == [Kind.UNCOMPUTED, Kind.NUMBER, Kind.NUMBER]


def test_a_computed_formula_is_its_value() -> None:
    data = with_parts(
        specimens.xlsx(GRID),
        workbook=zipfile.ZipFile(io.BytesIO(specimens.xlsx(GRID)))
        .read("xl/workbook.xml")
        .decode()
        .replace(' fullCalcOnLoad="1"', ""),
        sheet1=sheet_xml(
            '<row r="1"><c r="A1"><f>1-1</f><v>0</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
            '<c r="C1"><f>1</f><v>1</v></c></row>'
        ),
    )
    (sheet,) = open_workbook(data, "表.xlsx")
    assert [sheet.value(0, column).kind for column in range(3)] == [Kind.NUMBER, Kind.BLANK, Kind.NUMBER]


def test_merged_ranges_of_both_formats() -> None:
    new = specimens.xlsx((("标题", None), (None, "数")), ("A1:B1",))
    old = specimens.xls((("标题", None), (None, "数")), ((0, 0, 0, 1),))
    for data in (new, old):
        (sheet,) = open_workbook(data, "表")
        assert sheet.merges == (Merge(0, 0, 0, 1),)
        assert (sheet.words(0, 1), sheet.value(0, 1).kind) == ("标题", Kind.BLANK)


def test_a_multi_line_cell_of_csv_stays_one_cell() -> None:
    assert only('甲,"第一行\n第二行"\n乙,1\n'.encode(), "表.csv")["B1"].text == "第一行\n第二行"


def test_letters() -> None:
    assert [letters(column) for column in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return made.getvalue()


def stray(cell: str) -> bytes:
    return with_parts(
        specimens.xlsx(GRID),
        sheet1=sheet_xml(
            f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">'
            f'<c r="{cell}"><v>2</v></c></row>'
        ),
    )


def entities() -> bytes:
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>')
    doctype = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return with_parts(specimens.xlsx(GRID), sheet1=xml.replace("?>", "?>" + doctype, 1))


def zipped(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part.replace("__", "/").replace("_", "."), text)
    return made.getvalue()


GOOD = specimens.xlsx(specimens.INDICATORS)
OLD = specimens.xls(specimens.INDICATORS)
ENCRYPTED = (
    OLE + b"\0" * 500 + "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le") + b"\0" * 999
)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "空.xlsx", "空的"),
        (b"\0" * 4096, "空.xls", "空的"),
        (b" \r\n\r\n", "空.csv", "空的"),
        (GOOD[:100], "断.xlsx", "不完整"),
        (GOOD[: len(GOOD) // 2], "断.xlsx", "不完整"),
        (GOOD[:-10], "断.xlsx", "不完整"),
        (OLD[:600], "断.xls", "不完整"),
        (OLD[: len(OLD) // 2], "断.xls", "不完整"),
        (ENCRYPTED, "密.xlsx", "打开密码"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图.xlsx", "PNG 图片"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "图.xls", "JPEG 图片"),
        (b"%PDF-1.7 ...", "文.xlsx", "PDF"),
        ("\ufeff<!DOCTYPE html>\n<html>".encode(), "网.xls", "网页"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "x.xls",
            "XML 电子表格",
        ),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "文.xls", "Word"),
        (zipped(word__document_xml="<w/>"), "文.xlsx", "Word"),
        (zipped(a_txt="1"), "包.xlsx", "zip 压缩包"),
        (b"Rar!\x1a\x07" + b"\0" * 50, "包.xls", "RAR"),
        (random.Random(1).randbytes(999), "乱.csv", "不是电子表格"),
        ('甲,"乙\n丙,1\n丁,2\n'.encode(), "引.csv", "引号"),
        (bomb(), "弹.xlsx", "过大"),
        (stray("XFD1048576"), "远.xlsx", None),
        (stray("A1048576"), "远.xlsx", None),
        (stray("ZZZ9999"), "远.xlsx", None),
        (entities(), "实体.xlsx", "DOCTYPE"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_users_words(data: bytes, name: str, words: str | None) -> None:
    if words is None:
        assert open_workbook(data, name)
        return
    with pytest.raises(UnreadableFile) as refusal:
        open_workbook(data, name)
    assert words in str(refusal.value)
    assert str(refusal.value).startswith(f"{name}：")
    assert "处理：" in str(refusal.value)
    assert refusal.value.exit_status == 4


def test_empty_cells_far_away_do_no_harm() -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')
    (sheet,) = open_workbook(with_parts(specimens.xlsx(GRID), sheet1=xml), "表.xlsx")
    assert (sheet.height, sheet.value(0, 0).number) == (1, Decimal(1))


def test_an_encrypted_old_workbook_is_told_from_a_damaged_one() -> None:
    # Excel's encryption puts a FILEPASS record (0x002F) behind the first BOF; here it takes the next one's place.
    bof = OLD.index(b"\x09\x08\x10\x00")
    length = int.from_bytes(OLD[bof + 2 : bof + 4], "little") + 4
    data = OLD[: bof + length] + b"\x2f\x00" + OLD[bof + length + 2 :]
    with pytest.raises(UnreadableFile, match="打开密码"):
        open_workbook(data, "密.xls")
