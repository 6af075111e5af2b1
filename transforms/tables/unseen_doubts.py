"""Tells of figures that a clerk doesn't see as they are stored: hidden, scaled by their format, or far away."""

from __future__ import annotations

from transforms.doubts import Severity
from transforms.spreadsheets.sheets import Kind, Value, letters
from transforms.tables.blocks import Page
from transforms.tables.findings import Findings, Rule


def tell_unseen(page: Page, findings: Findings) -> None:
    """Note what the sheet hides, once for each hidden row or column that has figures in it."""
    sheet = page.sheet
    if sheet.hidden.sheet and any(map(any, sheet.rows)):
        findings.add(_HIDDEN_SHEET, page.name, f"《{sheet.name}》是隐藏的工作表")
    for rows in sheet.hidden.rows:
        for row in range(rows.start, min(rows.stop, sheet.height)):
            figures = [page.sheet.value(row, column) for column in range(sheet.width(row))]
            if shown := _figures(figures):
                findings.add(_HIDDEN_FIGURES, f"{page.name}第{row + 1}行", f"第{row + 1}行：{shown}")
    for columns in sheet.hidden.columns:
        for column in range(columns.start, min(columns.stop, sheet.widest)):
            if shown := _figures([sheet.value(row, column) for row in range(sheet.height)]):
                findings.add(_HIDDEN_FIGURES, f"{page.name}{letters(column)}列", f"{letters(column)}列：{shown}")
    for (row, column), code in sheet.scaled.items():
        value = sheet.value(row, column)
        if value.kind is Kind.NUMBER and value.number:
            findings.add(_SCALED, page.place(row, column), f"存的是{value.text}，按格式“{code}”显示")
    for place in sheet.stray:
        findings.add(_STRAY, f"{page.name}{place}", f"{place}有内容，离表格很远")


def _figures(values: list[Value]) -> str:
    found = [value.text for value in values if value.kind in {Kind.NUMBER, Kind.PERCENT}]
    return "、".join(found[:3]) + (f"等{len(found)}个数" if len(found) > 3 else "")


_HIDDEN_SHEET = Rule(
    "sheets-are-shown", Severity.INFO, "工作表是隐藏的", "报送的工作表都看得见",
    "核对是否应当报送；不应报送的删去，其中的数字照常读取",
)  # fmt: skip
_HIDDEN_FIGURES = Rule(
    "figures-are-shown", Severity.INFO, "隐藏的行或列里有数字", "报送的数字都看得见",
    "取消隐藏后核对，或删去隐藏的行列；这些数字照常采用",
)  # fmt: skip
_SCALED = Rule(
    "shown-as-stored", Severity.WARNING, "单元格显示的数与所存的数不同", "显示的数就是所存的数",
    "改用常规格式并核对计量单位；暂按所存的数采用",
)  # fmt: skip
_STRAY = Rule(
    "cells-stand-together", Severity.WARNING, "很远的位置有零星内容", "内容都在表格里",
    "删去误填的内容（选中整行整列删除）后重新报送；这些内容没有采用",
)  # fmt: skip
