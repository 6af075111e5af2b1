"""Decides whether a column that is called 同比 or 增减 holds rates of growth; reads no figure of it."""

from __future__ import annotations

import re

from transforms.figures import parse_number
from transforms.spreadsheets.sheets import Kind as CellKind
from transforms.tables.blocks import Block
from transforms.tables.findings import AMOUNT_OR_RATE, INDEX_AS_GROWTH, UNMEASURED, Rule
from transforms.tables.measure_words import Kind, may_be_amount, measure_words


def doubt_of_growth(block: Block, column: int) -> Rule | None:
    """Why a column that is called 同比 or 增减 isn't one of growth: an index's, an amount, or nobody knows."""
    words = block.head.words(column)
    if _INDEX_TITLE.search(block.title) and not _RISE.search(words):
        return INDEX_AS_GROWTH
    if not may_be_amount(words):
        return None
    beside = [block.head.words(at) for at in (column - 1, column + 1) if at in block.head.columns]
    if any((told := measure_words(one)) and told.kind is Kind.GROWTH and not may_be_amount(one) for one in beside):
        return UNMEASURED
    return None if _is_rate_here(block, column) else AMOUNT_OR_RATE


_INDEX_TITLE = re.compile(r"价格(?:总)?指数|CPI|PPI")
_RISE = re.compile(r"涨跌|涨幅|增长|增速")


def _is_rate_here(block: Block, column: int) -> bool:
    """Whether a column called but 增减 holds rates: the 单位 line or the rows themselves say %."""
    if _PERCENT.search(block.stated(_UNITS)):
        return True
    values = [block.sheet.value(row, column) for row in block.rows]
    return all(
        value.kind is CellKind.PERCENT or value.text.strip().endswith(("%", "％"))
        for value in values
        if value.number or parse_number(value.text)
    )


_PERCENT = re.compile(r"[%％]")
_UNITS = re.compile(r"单\s*位\s*[:：]\s*(.+)$")
