"""Finds the head 公式 over a sheet of audit formulas; reads no formula."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.heads import compact
from transforms.sheets import Sheet


@dataclass(frozen=True, slots=True)
class FormulaHead:
    """The head's row and the columns of what it names, zero-based."""

    row: int
    formula: int
    number: int | None
    report: int | None
    title: int | None
    reporter: int | None
    tolerance: int | None
    gravity: int | None
    note: int | None


def is_of_formulas(sheet: Sheet) -> bool:
    """Whether the sheet has a head 公式 over at least one relation, so that it's no table of figures."""
    head = formula_head(sheet)
    return head is not None and any(_is_formula(sheet, row, head.formula) for row in range(head.row + 1, sheet.height))


def formula_head(sheet: Sheet) -> FormulaHead | None:
    """The sheet's head, None where it has none."""
    for row in range(min(sheet.height, _DEEPEST_HEAD)):
        words = {column: compact(sheet.words(row, column)) for column in range(sheet.width(row))}

        def find(pattern: re.Pattern[str], words: dict[int, str] = words) -> int | None:
            return next((column for column, word in words.items() if pattern.fullmatch(word)), None)

        formula = find(_FORMULA)
        # A title 审核公式 alone in its row is no head.
        if formula is not None and (sum(map(bool, words.values())) > 1 or _is_formula(sheet, row + 1, formula)):
            return FormulaHead(
                row, formula, find(_NUMBER), find(_REPORT), find(_TITLE), find(_REPORTER), find(_TOLERANCE),
                find(_GRAVITY), find(_NOTE),
            )  # fmt: skip
    return None


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


def _is_formula(sheet: Sheet, row: int, column: int) -> bool:
    return bool(re.search(r"[=<>≥≤≠＝＜＞]", sheet.words(row, column)))
