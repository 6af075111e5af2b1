"""Finds where tables begin in a sheet and what their heads say, level by level; knows no layout's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.spreadsheets.sheets import Kind, Sheet

DEEPEST = 4
"""Levels of a head. Forms of the bureau have two, returns to the ministry three."""


@dataclass(frozen=True, slots=True)
class Head:
    """A table's head: its first row, its levels, its columns, and for each column the words of each level."""

    row: int
    depth: int
    left: int
    levels: tuple[tuple[str, ...], ...]

    @property
    def right(self) -> int:
        """The last column."""
        return self.left + len(self.levels) - 1

    @property
    def bottom(self) -> int:
        """The row after the head."""
        return self.row + self.depth

    @property
    def columns(self) -> range:
        """The sheet's columns that the table has."""
        return range(self.left, self.left + len(self.levels))

    def words(self, column: int) -> str:
        """All levels of the column, joined."""
        return "".join(self.levels[column - self.left])

    def find(self, pattern: re.Pattern[str]) -> int | None:
        """The first column whose words match from their beginning to their end."""
        return next((column for column in self.columns if pattern.fullmatch(self.words(column))), None)


def heads_at(sheet: Sheet, row: int, first: re.Pattern[str]) -> Iterator[Head]:
    """The heads that begin in this row with a column that is called like ``first``, from left to right."""
    column = 0
    while column < sheet.width(row):
        words = compact(sheet.words(row, column))
        if not words or not first.fullmatch(words) or not _begins(sheet, row, column):
            column += 1
            continue
        depth = _depth(sheet, row, column)
        right = _right(sheet, row, column, depth)
        yield Head(row, depth, column, _levels(sheet, row, depth, column, right))
        column = right + 1


def head_above(sheet: Sheet, row: int, left: int, right: int | None = None) -> Head | None:
    """The head over a first data row whose own first cell, the corner, is blank; None where nothing stands there."""
    top = row
    while (
        top > 0
        and row - top < DEEPEST
        and not sheet.words(top - 1, left)
        and any(_words_right_of(sheet, top - 1, left))
    ):
        top -= 1
    if top == row:
        return None
    depth = row - top
    return Head(top, depth, left, _levels(sheet, top, depth, left, right or _right(sheet, top, left, depth)))


def head_row(sheet: Sheet, row: int, left: int, right: int) -> Head:
    """A head of one level, its first cells blank or not."""
    return Head(row, 1, left, _levels(sheet, row, 1, left, right))


def _words_right_of(sheet: Sheet, row: int, left: int) -> Iterator[str]:
    return (sheet.words(row, column) for column in range(left + 1, sheet.width(row)))


def compact(words: str) -> str:
    """Words without white space."""
    return "".join(words.split())


def _begins(sheet: Sheet, row: int, column: int) -> bool:
    merge = sheet.merge_at(row, column)
    return not merge or (merge.top, merge.left) == (row, column)


def _depth(sheet: Sheet, row: int, column: int) -> int:
    merge = sheet.merge_at(row, column)
    if merge:
        return min(merge.bottom - row + 1, DEEPEST)
    depth = 1
    while depth < DEEPEST and _is_lower_level(sheet, row, row + depth, column):
        depth += 1
    return depth


def _is_lower_level(sheet: Sheet, top: int, row: int, column: int) -> bool:
    """A row under the head whose first cell is blank and whose others are all words that no data cell has."""
    if sheet.value(row, column).kind is not Kind.BLANK:
        return False
    words = 0
    for other in range(column + 1, sheet.width(row)):
        value = sheet.value(row, other)
        if value.kind is Kind.BLANK:
            continue
        if value.kind is not Kind.TEXT or not _LEVEL_WORDS.search(value.text):
            return False
        # Under a blank of the upper level a word may stand only if a group reaches over it.
        words += 1
    return words > 0 and any(
        sheet.value(row, other).kind is Kind.BLANK or sheet.words(top, other)
        for other in range(column, sheet.width(row))
    )


_LEVEL_WORDS = re.compile(
    r"本月|当月|本期|累计|同比|增|绝对|数值|总量|期末|季末|年末|比重|占|完成|目标|位次|排名|进度|本年|上年|去年|同期|年初|总额|金额|余额|预算|名义|平均|[%％]|月|季|实际|计划|全年"
)


def _right(sheet: Sheet, row: int, left: int, depth: int) -> int:
    right = left
    width = max(sheet.width(row + level) for level in range(depth))
    first = compact(sheet.words(row, left))
    column = left + 1
    while column < width:
        if first and compact(sheet.words(row, column)) == first and _begins(sheet, row, column):
            # The same first column again: another table stands right beside this one.
            break
        if any(sheet.words(row + level, column) for level in range(depth)):
            right = column
        elif column - right >= 2 or _FIRST_WORDS.fullmatch(compact(sheet.words(row, column + 1))):
            break
        column += 1
    return right


_FIRST_WORDS = re.compile(r"指标(?:名称|代码)?|任务指标|序号|时间|年月|月份|日期|项目|任务事项|工作任务")


def _levels(sheet: Sheet, row: int, depth: int, left: int, right: int) -> tuple[tuple[str, ...], ...]:
    rows = [[compact(sheet.words(row + level, column)) for column in range(left, right + 1)] for level in range(depth)]
    for level in range(depth - 1):
        for position in range(1, right - left + 1):
            # A CSV and a sheet without merged cells keep a group's word in its first column only.
            beneath = any(rows[lower][position] for lower in range(level + 1, depth))
            before = any(rows[lower][position - 1] for lower in range(level + 1, depth))
            merged = sheet.merge_at(row + level, left + position - 1)
            if not rows[level][position] and beneath and before and not merged:
                rows[level][position] = rows[level][position - 1]
    return tuple(
        tuple(dict.fromkeys(rows[level][position] for level in range(depth) if rows[level][position]))
        for position in range(right - left + 1)
    )
