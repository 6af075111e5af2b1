from __future__ import annotations

import io
import struct
from decimal import Decimal

import pytest
import xlsxwriter
import xlwt

from tests.transforms import other_formats, specimens
from tests.transforms.hostile import sheet as sheet_of
from tests.transforms.hostile import with_part
from tests.transforms.other_formats import XlsbCell
from transforms.readings import State
from transforms.spreadsheets.number_formats import Shown, shown
from transforms.spreadsheets.sheets import Kind, Merge, Sheet
from transforms.spreadsheets.unreadable import EncryptedFile, UnreadableFile
from transforms.spreadsheets.workbooks import open_workbook
from transforms.tables.reading import read

GRID = (("名称", "数"), ("甲", 1.5), ("乙", 2))


def opened(data: bytes, name: str = "表") -> Sheet:
    (sheet,) = open_workbook(data, name)
    return sheet


def texts(sheet: Sheet) -> list[list[str]]:
    return [[sheet.value(row, column).text for column in range(sheet.width(row))] for row in range(sheet.height)]


@pytest.mark.parametrize(
    "data",
    [
        other_formats.ods(GRID),
        other_formats.xlsb(GRID),
        other_formats.page(GRID),
        other_formats.page(GRID, "gb2312"),
        specimens.csv(GRID, "utf-16-le"),
        specimens.csv(GRID, "utf-16-be"),
        specimens.csv(GRID, "gb18030").replace(b",", b"|"),
        b"sep=;\r\n" + specimens.csv(GRID, "utf-8").replace(b",", b";"),
    ],
)
def test_every_format_gives_the_same_cells(data: bytes) -> None:
    assert texts(opened(data)) == [["名称", "数"], ["甲", "1.5"], ["乙", "2"]]


@pytest.mark.parametrize("make", [other_formats.ods, other_formats.xlsb, other_formats.page])
def test_a_bureaus_table_is_read_alike_in_every_format(make: object) -> None:
    def told(data: bytes) -> list[object]:
        return [(r.label, r.measure, r.state, r.value, r.cell.ref) for r in read(data, "2024年6月.x", "v").readings]

    rows = [row for row in specimens.INDICATORS if row]
    assert told(make(rows)) == told(specimens.xlsx(rows)) != []  # type: ignore[operator]


def test_ods_tells_errors_percentages_hidden_rows_and_merges() -> None:
    sheet = opened(
        other_formats.ods_of(
            '<table:table-row><table:table-cell table:formula="of:=NA()" office:value-type="string" '
            'office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
            '<table:table-cell office:value-type="percentage" office:value="0.123"><text:p>12.3%</text:p>'
            '</table:table-cell><table:table-cell table:formula="of:=1+1"/></table:table-row>'
            '<table:table-row table:visibility="collapse" table:number-rows-repeated="2"><table:table-cell '
            'table:number-columns-spanned="2" office:value-type="string"><office:annotation><text:p>批注</text:p>'
            "</office:annotation><text:p>甲<text:s/>乙</text:p><text:p>丙</text:p></table:table-cell></table:table-row>"
            '<table:table-row table:number-rows-repeated="1048572"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>',
            columns='<table:table-column table:number-columns-repeated="2"/>'
            '<table:table-column table:visibility="collapse"/>',
        )
    )
    kinds = [sheet.value(0, column).kind for column in range(3)]
    assert kinds == [Kind.ERROR, Kind.PERCENT, Kind.UNCOMPUTED]
    assert sheet.value(0, 1).number == Decimal("12.3")
    assert sheet.value(1, 0).text == "甲 乙\n丙"
    assert (sheet.height, sheet.merges) == (3, (Merge(1, 0, 1, 1),))
    assert (sheet.hidden.rows, sheet.hidden.columns) == ((range(1, 3),), (range(2, 3),))


def test_ods_numbers_shown_in_thousands_are_told() -> None:
    styles = (
        '<number:number-style style:name="N1"><number:number number:display-factor="1000"/></number:number-style>'
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
    )
    row = '<table:table-row><table:table-cell table:style-name="ce1" office:value-type="float" office:value="1234"/>'
    assert list(opened(other_formats.ods_of(f"{row}</table:table-row>", styles)).scaled) == [(0, 0)]


def test_xlsb_tells_errors_percentages_scales_hidden_rows_and_merges() -> None:
    merge = bytes([0xB0, 0x01, 16]) + struct.pack("<IIII", 0, 0, 0, 1)
    sheet = opened(
        other_formats.xlsb(
            (
                ("标题", None),
                (XlsbCell(3, b"\x2a"), XlsbCell(11, b"\x07\0\0"), XlsbCell(5, struct.pack("<d", 0.123), 1)),
                (XlsbCell(5, struct.pack("<d", 1234567), 2), XlsbCell(2, struct.pack("<I", 15 << 2 | 3), 1)),
            ),
            extra=merge,
            hidden_rows=[2],
        )
    )
    assert [sheet.value(1, column).text for column in range(3)] == ["#N/A", "#DIV/0!", "12.3%"]
    assert sheet.value(2, 1).text == "15%"
    assert (sheet.scaled, sheet.hidden.rows) == ({(2, 0): "#,##0,"}, (range(2, 3),))
    assert sheet.merges == (Merge(0, 0, 0, 1),)


def test_a_web_pages_spans_breaks_and_nested_tables_keep_their_cells() -> None:
    page = (
        "<html><style>td{}</style><table><tr><th rowspan=2>名称<br>（全称）<th colspan=2>数</tr>"
        "<tr><td>本月<td>累计</tr><tr style='display:none'><td>甲</td><td>1,234.5</td>"
        "<td><table><tr><td>&lt;5</td></tr></table></td></tr></table><!-- x --><table><tr><td>注</table></html>"
    ).encode()
    sheet = opened(page, "表.xls")
    assert texts(sheet) == [["名称\n（全称）", "数"], ["", "本月", "累计"], ["甲", "1,234.5", "<5"], [], ["注"]]
    assert sheet.merges == (Merge(0, 0, 1, 0), Merge(0, 1, 0, 2))
    assert sheet.hidden.rows == (range(2, 3),)


def test_rows_that_a_web_pages_style_sheet_hides_are_told() -> None:
    page = (
        "<html><style><!-- td.a{color:red} tr.Folded, .none { display : none } .shown{display:block} --></style><table>"
        "<tr><td>名称<td>数</tr><tr class='x folded'><td>甲<td>1</tr><tr class=none><td>乙<td>2</tr>"
        "<tr class=shown><td>丙<td>3</tr><tr hidden><td>丁<td>4</tr></table></html>"
    ).encode()
    assert opened(page, "表.xls").hidden.rows == (range(1, 3), range(4, 5))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (b"<html><frameset><frame src=a.htm></frameset></html>", "框架"),
        (b"<html><body><div>1</div></body></html>", "没有表格"),
    ],
)
def test_a_page_without_tables_is_refused(page: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        open_workbook(page, "页.xls")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", Shown.AS_STORED),
        ("#,##0.00", Shown.AS_STORED),
        ("#,##0;[Red]-#,##0,", Shown.AS_STORED),
        ('0"千,"', Shown.AS_STORED),
        ("0.0%", Shown.PERCENT),
        ('0.0"%"', Shown.AS_STORED),
        ("0,", Shown.SCALED),
        ("#,##0.0,,", Shown.SCALED),
        ("0!.0,", Shown.SCALED),
        ("0\\.0000", Shown.SCALED),
        ('0"."0,', Shown.SCALED),
    ],
)
def test_number_formats(code: str, expected: Shown) -> None:
    assert shown(code) is expected


def _scaled_xlsx() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    for row, cells in enumerate(specimens.INDICATORS):
        page.write_row(row, 0, ["" if cell is None else cell for cell in cells])
    page.write(5, 2, 14100, book.add_format({"num_format": "0!.0,"}))
    page.set_row(6, None, None, {"hidden": True})
    page.set_column("F:F", None, None, {"hidden": True})
    book.close()
    return made.getvalue()


def _scaled_xls() -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet1")
    for row, cells in enumerate(specimens.INDICATORS):
        for column, cell in enumerate(cells):
            if cell is not None and (row, column) != (5, 2):
                page.write(row, column, cell)
    page.write(5, 2, 14100, xlwt.easyxf(num_format_str="0!.0,"))
    page.row(6).hidden = True
    page.col(5).hidden = True
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("data", [_scaled_xlsx(), _scaled_xls()])
def test_what_a_clerk_does_not_see_is_told(data: bytes) -> None:
    doubts = {doubt.expectation: doubt for doubt in read(data, "表", "v").doubts}
    assert doubts["shown-as-stored"].places == ("表《Sheet1》C6",)
    assert "14100" in doubts["shown-as-stored"].found
    assert doubts["figures-are-shown"].places == ("表《Sheet1》第7行", "表《Sheet1》F列")


def test_nothing_hidden_nothing_told() -> None:
    doubts = read(specimens.xlsx(specimens.INDICATORS, specimens.INDICATOR_MERGES), "表", "v").doubts
    assert not {"shown-as-stored", "figures-are-shown", "sheets-are-shown", "cells-stand-together"} & {
        doubt.expectation for doubt in doubts
    }


def test_a_lone_cell_far_away_is_set_aside_and_told() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{label}</t></is></c><c r="B{number}">'
        f"<v>{number}</v></c></row>"
        for number, label in ((1, "甲"), (2, "乙"))
    )
    far = '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'
    sheet = opened(sheet_of(rows + far))
    assert (texts(sheet), sheet.stray) == ([["甲", "1"], ["乙", "2"]], ("XFD1048576",))
    assert "cells-stand-together" in {doubt.expectation for doubt in read(sheet_of(rows + far), "表", "v").doubts}


@pytest.mark.parametrize("far", ["AAA9999", "Aaa9999", "aaa9999", "aAa9999"])
def test_a_far_column_is_known_in_letters_of_any_size(far: str) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>甲</v></c></row>'
    sheet = opened(sheet_of(f'{rows}<row r="9999"><c r="{far}"><v>9</v></c></row>'))
    assert (texts(sheet), sheet.stray) == ([["甲"]], ("AAA9999",))


# --- Passwords --------------------------------------------------------------------------------------------------------

LOCKED = other_formats.encrypted(specimens.xlsx(GRID), "月报 2024")


def test_a_password_opens_an_encrypted_workbook() -> None:
    (sheet,) = open_workbook(LOCKED, "密.xlsx", ("错", "月报 2024"))
    assert texts(sheet)[1] == ["甲", "1.5"]


@pytest.mark.parametrize("passwords", [(), ("错",), ("错", "也错")])
def test_the_wrong_password_is_told_and_never_printed(passwords: tuple[str, ...]) -> None:
    with pytest.raises(EncryptedFile) as refusal:
        open_workbook(LOCKED, "密.xlsx", passwords)
    assert (f"{len(passwords)}个密码" in str(refusal.value)) == bool(passwords)
    assert "错" not in str(refusal.value)


def test_a_workbook_encrypted_for_protection_alone_opens_by_itself() -> None:
    (sheet,) = open_workbook(other_formats.encrypted(specimens.xlsx(GRID), "VelvetSweatshop"), "护.xlsx")
    assert texts(sheet)[2] == ["乙", "2"]


def test_what_was_encrypted_is_checked_as_if_it_had_come_bare() -> None:
    bomb = with_part("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(UnreadableFile, match="压缩炸弹"):
        open_workbook(other_formats.encrypted(bomb, "a"), "弹.xlsx", ("a",))


def test_an_encrypted_file_that_asks_for_endless_work_is_refused() -> None:
    endless = LOCKED.replace(b'spinCount="100000"', b'spinCount="9999999"')[: len(LOCKED)]
    with pytest.raises(UnreadableFile):
        open_workbook(endless, "密.xlsx", ("a",))


def test_a_blank_figure_of_ods_is_missing_not_zero() -> None:
    contents = read(other_formats.ods([row for row in specimens.INDICATORS if row]), "2024年6月.ods", "v")
    assert State.BLANK in {reading.state for reading in contents.readings}


def _formulas(*formulas: str, flags: int = 0) -> bytes:
    """Formulas in column B as xlwt writes them: their results are empty texts."""
    book = xlwt.Workbook()
    book.add_sheet("空")
    page = book.add_sheet("表")
    for row, formula in enumerate(formulas):
        page.write(row, 0, 1.5)
        page.write(row, 1, xlwt.Formula(formula))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue().replace(_EMPTY_RESULT, _EMPTY_RESULT[:8] + struct.pack("<H", flags))


_EMPTY_RESULT = struct.pack("<QH", 0xFFFF000000000003, 0)


def test_xls_formulas_that_nothing_computed_are_no_blanks() -> None:
    sheet = open_workbook(_formulas("A1+1", "SUM(A1:A2)", "A1", 'IF(A1>1,"",A1)'), "表.xls")[1]
    assert [sheet.value(row, 1).kind for row in range(4)] == [*[Kind.UNCOMPUTED] * 3, Kind.BLANK]


def test_an_empty_text_that_an_xls_formula_rightly_gives_is_blank() -> None:
    data = _formulas("A1*2", "A1", "A1*3")
    # The first has been computed, so that the reference beside it really gives an empty text; a product never does.
    computed = data.replace(_EMPTY_RESULT, struct.pack("<dH", 3, 0), 1)
    sheet = open_workbook(computed, "表.xls")[1]
    assert [sheet.value(row, 1).kind for row in range(3)] == [Kind.NUMBER, Kind.BLANK, Kind.UNCOMPUTED]


def test_xls_zeros_that_are_to_be_computed_on_load_are_no_zeros() -> None:
    data = _formulas("A1*2", flags=2).replace(struct.pack("<QH", 0xFFFF000000000003, 2), struct.pack("<dH", 0, 2))
    assert open_workbook(data, "表.xls")[1].value(0, 1).kind is Kind.UNCOMPUTED
    zero = data.replace(struct.pack("<dHL", 0, 2, 0), struct.pack("<dHL", 0, 0, 0))
    assert open_workbook(zero, "表.xls")[1].value(0, 1).text == "0"


def _old_xls(words: str, codepage: int) -> bytes:
    """One cell of words in a bare BIFF5 workbook, two bytes a character, under whatever code page it claims."""
    said = words.encode("gbk")

    def records(*parts: tuple[int, bytes]) -> bytes:
        return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in parts)

    def head(start: int) -> bytes:
        return records(
            (0x0809, struct.pack("<4H", 0x0500, 0x0005, 0, 0)),
            (0x0042, struct.pack("<H", codepage)),
            (0x0085, struct.pack("<LHB", start, 0, 2) + b"T1"),
            (0x000A, b""),
        )

    return head(len(head(0))) + records(
        (0x0809, struct.pack("<4H", 0x0500, 0x0010, 0, 0)),
        (0x0200, struct.pack("<5H", 0, 1, 0, 1, 0)),
        (0x0204, struct.pack("<4H", 0, 0, 0, len(said)) + said),
        (0x000A, b""),
    )


@pytest.mark.parametrize("codepage", [936, 1252])
def test_chinese_of_an_old_xls_is_read_whatever_code_page_it_claims(codepage: int) -> None:
    assert opened(_old_xls("六安市金安区", codepage), "表.xls").value(0, 0).text == "六安市金安区"


def test_a_password_opens_an_xls_encrypted_by_excel_97() -> None:
    data = other_formats.rc4_encrypted(specimens.xls(GRID), "口令1")
    (sheet,) = open_workbook(data, "密.xls", ("别的", "口令1"))
    assert texts(sheet) == [["名称", "数"], ["甲", "1.5"], ["乙", "2"]]
    with pytest.raises(EncryptedFile):
        open_workbook(data, "密.xls", ("别的",))
    with pytest.raises(EncryptedFile):
        open_workbook(data, "密.xls")
