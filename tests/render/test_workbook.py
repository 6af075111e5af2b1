"""The workbook: figures are numbers, texts are texts, and it is the same every time."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from flows.render import render_xlsx
from flows.render.sheets import Form, Number
from flows.render.workbook import shown_as
from tests.render.conftest import HASH
from tests.render.histories import history
from transforms.assessments import Assessment, Status
from transforms.figures import parse_number
from transforms.writing.bulletin import Bulletin, Figure
from transforms.writing.editions import DRAFT, Edition

OTHER = "f" * 64


@pytest.fixture(scope="module")
def book(xlsx: bytes) -> Any:
    return load_workbook(io.BytesIO(xlsx))


def test_sheets(book: Any) -> None:
    assert book.sheetnames == [
        "总览", "指标进展", "判定说明", "滞后指标", "乡镇园区", "历月数据", "计数明细", "数据质量", "修订说明",
        "资料来源", "来源文件",
    ]  # fmt: skip


def test_each_indicator_has_its_row_of_numbers(book: Any, bulletin: Bulletin) -> None:
    rows = _table(book["指标进展"])
    printed = [row for section in bulletin.sections for row in section.rows]
    assert [row["编码"].value for row in rows] == [row.code for row in printed]
    for row, source in zip(rows, printed, strict=True):
        actual = row["累计完成/实际"]
        if source.status is Status.NOT_REPORTED:
            assert actual.data_type in {"s", "n"}
            assert actual.value in (None, source.actual.text)
            continue
        assert actual.value == 88.325
        assert actual.number_format == "0.0"
        assert row["完成率（%）"].value == pytest.approx(88.325 / 170 * 100, abs=1e-12)
        assert row["完成率（%）"].number_format == "0.0"
        assert row["状态"].value == source.status_word


def test_what_the_bulletin_does_not_print_is_not_in_the_workbook(
    bulletin: Bulletin, assessments: tuple[Assessment, ...]
) -> None:
    held_back = tuple(replace(one, growth=Decimal("8.7"), needed_growth=Decimal(-21)) for one in assessments)
    book = load_workbook(io.BytesIO(render_xlsx(bulletin, held_back)))
    printed = [row for section in bulletin.sections for row in section.rows]
    for row, source in zip(_table(book["指标进展"]), printed, strict=True):
        expected: object = "—" if source.growth.text == "—" else 8.7
        assert row["同比（%）"].value == expected
        assert row["剩余月份需达增速（%）"].value == "—"


def test_nothing_is_a_formula_or_a_link(book: Any) -> None:
    for sheet in book.worksheets:
        assert not sheet._hyperlinks
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
    names = [row["名称"].value for row in _table(book["计数明细"])]
    assert "<script>alert(1)</script>=1+1犇鑫㙍䶮堃喆（六安）智能制造有限公司" in names


def test_heads_are_frozen_filtered_and_printed_on_every_page(book: Any) -> None:
    for sheet in book.worksheets:
        assert sheet.freeze_panes[1:] == "5"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0


def test_demonstration_stands_in_each_head_and_in_the_properties(book: Any) -> None:
    for sheet in book.worksheets:
        assert sheet["A1"].value == f"【演示数据】{sheet.title}"
        assert sheet["A2"].value.startswith("【演示数据】金安区经济和信息化局")
        assert sheet.oddHeader.center.text == f"【演示数据】{sheet.title}"
        assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页"
    assert book.properties.title.startswith("【演示数据】")
    assert book.properties.keywords == "演示数据"


def test_dates_and_amounts_of_counted_rows_are_typed(book: Any) -> None:
    first = _table(book["计数明细"])[0]
    assert first["日期"].is_date
    assert first["数额"].value == 1.5
    assert first["数额"].number_format == "0.00"


def test_a_counted_row_tells_its_rule_and_the_parts_that_it_counts_for(book: Any) -> None:
    rows = _table(book["计数明细"])
    assert rows[4]["同时计入"].value == "新开工5亿元以上项目、新开工10亿元以上项目"
    assert not rows[0]["同时计入"].value
    assert rows[0]["计数规则"].value == "据“亿元以上工业项目台账”逐行计数，“总投资”1亿元以上"


def test_each_cell_that_was_used_is_told(book: Any, assessments: tuple[Assessment, ...]) -> None:
    rows = [row for row in _table(book["资料来源"]) if row["数据"].value == "累计/实际"]
    assert len(rows) == sum(len(assessment.cells) for assessment in assessments)
    assert [rows[0][head].value for head in ("工作簿", "工作表", "单元格", "SHA-256")] == [
        "月报表.xlsx", "主要指标", "D7", HASH,
    ]  # fmt: skip


def test_every_source_of_a_growth_a_path_an_area_and_a_revision_is_told(
    bulletin: Bulletin, assessments: tuple[Assessment, ...]
) -> None:
    stood = Figure("8.7%", ("台账.xlsx《表一》F7",), "", (OTHER,))
    section = bulletin.sections[0]
    row = replace(section.rows[0], growth=stood, last_year_path=stood)
    area = replace(bulletin.areas[0], rows=(replace(bulletin.areas[0].rows[0], value=stood, growth=stood),))
    revision = replace(bulletin.revisions[0], old=stood, new=stood)
    told = replace(
        bulletin,
        sections=(replace(section, rows=(row, *section.rows[1:])), *bulletin.sections[1:]),
        areas=(area,),
        revisions=(revision,),
    )
    rows = _table(load_workbook(io.BytesIO(render_xlsx(told, assessments)))["资料来源"])
    found = [
        (row["区域"].value, row["数据"].value, row["校验码"].value) for row in rows if row["SHA-256"].value == OTHER
    ]
    assert found == [
        (None, "同比", OTHER[:12]),
        (None, "历史同期", OTHER[:12]),
        ("三十铺镇1", "数值", OTHER[:12]),
        ("三十铺镇1", "同比", OTHER[:12]),
        (None, "原数", OTHER[:12]),
        (None, "现数", OTHER[:12]),
    ]


def test_every_number_that_is_printed_is_a_number(book: Any) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=5):
            for cell in row:
                if isinstance(cell.value, str):
                    assert parse_number(cell.value) is None or "校验码" in _heads(sheet), (
                        f"{sheet.title} {cell.coordinate}"
                    )


@pytest.mark.parametrize(
    ("value", "places", "form", "shown"),
    [
        ("2.44", 1, Form.PLAIN, "0.0"),
        ("26", 0, Form.PLAIN, "0"),
        ("-8.9", 1, Form.PLAIN, '0.0;"−"0.0'),
        ("-0.04", 1, Form.PLAIN, "0.0;0.0"),
        ("2.4", 1, Form.SIGNED, '+0.0;"−"0.0;0.0'),
        ("0.04", 1, Form.SIGNED, "0.0;0.0;0.0"),
        ("2", 0, Form.TIED, '0"（并列）"'),
        ("-1", 0, Form.MOVED, '"上升"0"位";"下降"0"位";"持平"'),
    ],
)
def test_a_format_shows_a_number_as_it_is_printed(value: str, places: int, form: Form, shown: str) -> None:
    assert shown_as(Number(Decimal(value), places, form)) == shown


def test_ranks_and_their_changes_are_numbers(book: Any) -> None:
    rows = _table(book["乡镇园区"])
    assert [(rows[at]["位次"].value, rows[at]["位次变化"].value) for at in range(3)] == [(1, -1), (2, 0), (3, "—")]
    assert rows[6]["位次"].number_format == '0"（并列）"'


def test_a_text_that_begins_like_a_formula_stays_a_text_when_it_is_edited(
    bulletin: Bulletin, assessments: tuple[Assessment, ...]
) -> None:
    counted = bulletin.counted[0]
    hostile = tuple(replace(counted.rows[0], name=f"{sign}1+1") for sign in "=+-@")
    told = replace(bulletin, counted=(replace(counted, rows=hostile),))
    rows = _table(load_workbook(io.BytesIO(render_xlsx(told, assessments)))["计数明细"])
    assert [(row["名称"].value, row["名称"].data_type) for row in rows] == [(f"{sign}1+1", "s") for sign in "=+-@"]
    assert all(row["名称"].quotePrefix for row in rows)


def test_codes_and_hashes_are_not_printed(book: Any) -> None:
    for sheet in book.worksheets:
        printed = sheet.print_area.rpartition(":")[2].strip("$").partition("$")[0]
        beside = [cell.column_letter for cell in sheet[4] if cell.value in {"编码", "SHA-256", "章节", "计数规则"}]
        assert all(letters > printed for letters in beside), sheet.title


def test_months_are_numbers_with_the_status_of_each(bulletin: Bulletin, assessments: tuple[Assessment, ...]) -> None:
    told = replace(bulletin, histories=(history("specimen-1"),))
    rows = _table(load_workbook(io.BytesIO(render_xlsx(told, assessments)))["历月数据"])
    lines = {row["项目"].value: [row[f"{month}月"].value for month in (1, 2, 3)] for row in rows}
    assert lines == {
        "2024年": [None, 24.1, 39.0],
        "2023年": [10.0, 20.0, 30.0],
        "完成率": [None, 14.2, 22.9],
        "序时进度": [8.3, 16.7, 25.0],
        "状态": ["未到期", "未达到序时", "未达到序时"],
    }


def test_a_draft_is_marked_on_every_sheet_and_an_issue_is_not(
    bulletin: Bulletin, assessments: tuple[Assessment, ...]
) -> None:
    draft: Any = load_workbook(io.BytesIO(render_xlsx(replace(bulletin, edition=DRAFT), assessments)))
    for sheet in draft.worksheets:
        assert sheet["A1"].value == sheet.oddHeader.center.text == f"【演示数据】【征求意见稿】{sheet.title}"
    issued = replace(bulletin, edition=Edition(6, 0, 2024), demonstration=False)
    book = load_workbook(io.BytesIO(render_xlsx(issued, assessments)))
    assert [sheet["A1"].value for sheet in book.worksheets] == book.sheetnames
    assert not book.properties.keywords


def test_the_same_bytes_twice(bulletin: Bulletin, assessments: tuple[Assessment, ...], xlsx: bytes) -> None:
    assert render_xlsx(bulletin, assessments) == xlsx


def test_an_indicator_without_an_assessment_is_refused(bulletin: Bulletin, assessments: tuple[Assessment, ...]) -> None:
    with pytest.raises(ValueError, match="specimen-1"):
        render_xlsx(bulletin, assessments[1:])


def test_a_short_bulletin_has_the_same_sheets(plain: Bulletin, assessments: tuple[Assessment, ...], book: Any) -> None:
    short = load_workbook(io.BytesIO(render_xlsx(plain, assessments)))
    assert short.sheetnames == book.sheetnames
    assert short["滞后指标"]["A5"].value == "无"


def _heads(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[4]]


def _table(sheet: Any) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[4]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=5)]
