"""Finds the head of a bureau's sheet of audit formulas, so that it's known wherever it's dropped; parses none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.spreadsheets.sheets import Sheet
from transforms.tables.heads import compact

HEADS = "序号 | 报表代码 | 公式（审核公式、审核关系） | 允许误差 | 审核性质"


@dataclass(frozen=True, slots=True)
class Head:
    """The head's row and the column of each thing that formulas are given with; None for what isn't given."""

    row: int
    formula: int
    number: int | None
    report: int | None
    title: int | None
    reporter: int | None
    tolerance: int | None
    gravity: int | None
    note: int | None


def head_of(sheet: Sheet) -> Head | None:
    """The first row that heads a column of formulas; None if the sheet has none."""
    for row in range(min(sheet.height, _DEEPEST_HEAD)):
        words = {column: compact(sheet.words(row, column)) for column in range(sheet.width(row))}

        def find(pattern: re.Pattern[str], words: dict[int, str] = words) -> int | None:
            return next((column for column, word in words.items() if pattern.fullmatch(word)), None)

        formula = find(_FORMULA)
        # A title 审核公式 alone in its row is no head.
        if formula is not None and (sum(map(bool, words.values())) > 1 or _is_formula(sheet, row + 1, formula)):
            return Head(
                row, formula, find(_NUMBER), find(_REPORT), find(_TITLE), find(_REPORTER), find(_TOLERANCE),
                find(_GRAVITY), find(_NOTE),
            )  # fmt: skip
    return None


def has_formulas(sheet: Sheet) -> bool:
    """Whether relations stand under such a head, so that the sheet is no report."""
    head = head_of(sheet)
    return head is not None and any(_is_formula(sheet, row, head.formula) for row in range(head.row + 1, sheet.height))


def _is_formula(sheet: Sheet, row: int, column: int) -> bool:
    return bool(re.search(r"[=<>≥≤≠＝＜＞]", sheet.words(row, column)))


_FORMULA = re.compile(
    r"(?:逻辑|表内|表间|基本|核实性)?(?:审核|校验|勾稽|钩稽|平衡|逻辑)?(?:公式|关系式?|关系公式|关系表达式)(?:内容)?"
)
_NUMBER = re.compile(r"序号|编号|公式编号|公式序号")
_REPORT = re.compile(r"报表代码|表号|报表编号|报表")
_TITLE = re.compile(r"(?:适用)?(?:报表名称|表名|报表名)|适用报表|适用表")
_REPORTER = re.compile(r"报送单位|填报单位|适用单位")
_TOLERANCE = re.compile(r"(?:允许|容许)?误差(?:范围|值)?|容差|允差")
_GRAVITY = re.compile(r"(?:审核|公式)?(?:性质|类型|类别|级别|等级)|错误级别")
_NOTE = re.compile(r"说明|公式说明|中文说明|备注|含义")
_DEEPEST_HEAD = 30
"""Rows that titles and explanations may take above the head."""
