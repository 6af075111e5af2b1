"""The workbook: figures are numbers, texts are texts, and it is the same every time."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from flows.render import render_xlsx
from transforms.assessments import Assessment, Status
from transforms.writing.bulletin import Bulletin


@pytest.fixture(scope="module")
def book(xlsx: bytes) -> Any:
    return load_workbook(io.BytesIO(xlsx))


def test_sheets(book: Any) -> None:
    assert book.sheetnames == [
        "指标进展", "滞后指标", "乡镇园区", "计数明细", "数据质量", "资料来源", "来源文件",
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
        assert sheet.freeze_panes == "A4"
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0


def test_demonstration_stands_in_each_head_and_in_the_properties(book: Any) -> None:
    for sheet in book.worksheets:
        assert sheet["A1"].value == f"【演示数据】{sheet.title}"
        assert "演示数据" in sheet.oddHeader.center.text
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
    rows = _table(book["资料来源"])
    assert len(rows) == sum(len(assessment.cells) for assessment in assessments)
    assert [rows[0][head].value for head in ("工作簿", "工作表", "单元格")] == [
        "月报表.xlsx", "主要指标", "D7",
    ]  # fmt: skip


def test_the_same_bytes_twice(bulletin: Bulletin, assessments: tuple[Assessment, ...], xlsx: bytes) -> None:
    assert render_xlsx(bulletin, assessments) == xlsx


def test_an_indicator_without_an_assessment_is_refused(bulletin: Bulletin, assessments: tuple[Assessment, ...]) -> None:
    with pytest.raises(ValueError, match="specimen-1"):
        render_xlsx(bulletin, assessments[1:])


def test_a_short_bulletin_has_the_same_sheets(plain: Bulletin, assessments: tuple[Assessment, ...], book: Any) -> None:
    short = load_workbook(io.BytesIO(render_xlsx(plain, assessments)))
    assert short.sheetnames == book.sheetnames
    assert short["滞后指标"]["A4"].value == "无"


def _table(sheet: Any) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[3]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=4)]
