"""A ledger: one project or firm a row, under 序号 and a name; counted by rules elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence, Set
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import cast

from transforms.dates import iso_day
from transforms.figures import exact
from transforms.ledgers.ledger_groups import without_groups
from transforms.periods import Period
from transforms.readings import UNCOMPUTED, Ledger, LedgerColumn, LedgerRow, Table
from transforms.spreadsheets.sheets import Kind, Raw, Sheet, column_index, letters
from transforms.tables.blocks import Block
from transforms.tables.cell_figures import is_no_item
from transforms.tables.findings import (
    DATE_UNREADABLE,
    ERROR_CELL,
    LEDGER_COLUMN_TWICE,
    LONG_NUMBER,
    STATED_COUNT,
    UNCOMPUTED_FORMULA,
    UNITS_CONTRADICT,
    Findings,
)
from transforms.tables.heads import Head, heads_at
from transforms.tables.labels import without_unit
from transforms.tables.table_periods import period_of_block
from transforms.units import convert, plain_unit

NAME = "ledger"
HEADS = "序号 | 项目名称（企业名称） | 建设地点 | 行业 | 总投资（亿元） | 开工日期"

FIRST = re.compile(
    r"序号|编号|(?:项目|企业|单位|公司|机构|产品|平台|园区|人才|团队|成果|标准|专利|品牌|活动|培训|会议)名称(?:[（(].*[）)])?"
)
_NAME = re.compile(FIRST.pattern.removeprefix("序号|编号|"))
_FEWEST = 3


def recognise(sheet: Sheet, row: int) -> Iterator[Head]:
    """Heads with 项目名称, 企业名称 or the like, at least three columns, and no 本月 or 指标."""
    for head in heads_at(sheet, row, FIRST):
        if len(head.levels) >= _FEWEST and head.find(_NAME) is not None and not _is_form(head):
            yield head


def read(block: Block, findings: Findings) -> Table:
    """The rows as texts. Total rows, rows with nothing but a running number, and notes are left out.

    Dates become ISO texts and a dash (no such item) becomes empty; numbers are plain decimals.
    """
    stated = period_of_block(block, findings)
    period = stated.period if stated else None
    columns = tuple(_column(block, column, period, findings) for column in block.head.columns)
    _check_names(block, columns, period, findings)
    numbers, grid = _without_totals(block.rows, _columns_of(block))
    texts = [_texts(block, column, numbers, raws, period, findings) for column, raws in zip(columns, grid, strict=True)]
    rows = without_groups(columns, _rows(columns, numbers, texts), block.page.name, block.title, period, findings)
    if block.stated_count is not None and block.stated_count != len(rows):
        findings.add(
            STATED_COUNT, block.page.name, f"写明共{block.stated_count}项，实有{len(rows)}行", period, apart=block.title
        )
    return block.table(NAME, period, ledger=Ledger(columns, rows, block.stated_count))


def _is_form(head: Head) -> bool:
    words = [head.words(column) for column in head.columns]
    if sum(bool(_OF_PROJECTS.match(word)) for word in words) >= _FEWEST_OF_PROJECTS:
        # A schedule of projects has months too: 2024年计划 | 1—6月完成 | 形象进度.
        return False
    return any(
        re.search(r"^指标|任务指标|任务事项|工作任务|计量单位|^本月|^当月|1[-—～]\d+月", head.words(column))
        for column in head.columns
    )


_OF_PROJECTS = re.compile(
    r"(?:建设|项目|投资|实施|承建|业主|企业|责任)(?:单位|地点|地址|内容|规模|性质|年限|业主|主体|法人)|(?:计划)?总投资"
    r"|(?:计划|实际)?(?:开工|竣工|投产|签约)|(?:形象|工程)进[度展]|统一社会信用代码"
)
_FEWEST_OF_PROJECTS = 2


def _column(block: Block, column: int, period: Period | None, findings: Findings) -> LedgerColumn:
    """A column of money without a unit of its own has that of the table's 单位 line."""
    name, unit = without_unit(block.head.words(column))
    if block.unit and convert(Decimal(1), block.unit, "元") is not None:
        if not unit and _MONEY.search(name) and not _NO_MONEY.search(name):
            unit = block.unit
        elif unit and plain_unit(unit) != plain_unit(block.unit) and convert(Decimal(1), unit, block.unit):
            place = block.page.place(block.head.row, column)
            findings.add(UNITS_CONTRADICT, place, f"“{name}”为{unit}，表头单位为{block.unit}", period)
    return LedgerColumn(name, unit, letters(column))


_MONEY = re.compile(r"投资|金额|产值|收入|营收|税|资金|资本|利润|贷款|融资|额$|价$|[费款]用?$")
_NO_MONEY = re.compile(
    r"日期|时间|年月|主体|单位|公司|企业|方|来源|人|类|率|比|增[长速幅]|占|个数|数量|是否|方式|性质|内容|备注"
)


def _check_names(block: Block, columns: Sequence[LedgerColumn], period: Period | None, findings: Findings) -> None:
    seen: dict[str, LedgerColumn] = {}
    for column in columns:
        first = seen.setdefault(column.name, column)
        if column.name and first is not column:
            findings.add(
                LEDGER_COLUMN_TWICE,
                f"{block.page.name}{column.letter}{block.head.row + 1}",
                f"“{column.name}”在{first.letter}列已有",
                period,
            )


_TOTAL = re.compile(r"(?:合|总|小|共|累)\s*计(?:[（(].*[）)])?[:：]?|.{0,8}[合小]计[:：]?|[合小]计\d+[项家个户]")


def _without_totals(
    rows: Sequence[int], grid: Sequence[Sequence[Raw]]
) -> tuple[Sequence[int], Sequence[Sequence[Raw]]]:
    first = grid[:3]
    worded = [raws for raws in first if str in map(type, raws)]
    called = {at for raws in worded for at, raw in enumerate(raws) if type(raw) is str and "计" in raw}
    totals = {at for at in called if _is_total([raws[at] for raws in first])}
    if not totals:
        return rows, grid
    kept = [at for at in range(len(rows)) if at not in totals]
    return [rows[at] for at in kept], [[raws[at] for at in kept] for raws in grid]


def _is_total(raws: Sequence[Raw]) -> bool:
    first = next((raw for raw in raws if isinstance(raw, str) and raw), "")
    return isinstance(first, str) and bool(_TOTAL.fullmatch(first.strip()))


_DATE = re.compile(r"日期|时间|年月")


def _columns_of(block: Block) -> Sequence[Sequence[Raw]]:
    """The raw values of the rows, column by column, read directly: a ledger may have 50,000 rows."""
    left, right = block.head.left, block.head.right + 1
    cells = list(map(block.sheet.rows.__getitem__, block.rows))
    if min(map(len, cells), default=right) < right:
        cells = [[*row, *[None] * (right - len(row))] for row in cells]
    return [list(map(itemgetter(column), cells)) for column in range(left, right)]


def _rows(
    columns: Sequence[LedgerColumn], numbers: Sequence[int], texts: Sequence[Sequence[str]]
) -> tuple[LedgerRow, ...]:
    running = {at for at, column in enumerate(columns) if column.name in _RUNNING}
    named = [at for at in range(len(columns)) if at not in running]
    # What LedgerRow(…) and LedgerRow._make(…) come down to, without a Python call for each of 50,000 rows.
    make = cast(Callable[[tuple[int, tuple[str, ...]]], LedgerRow], partial(tuple.__new__, LedgerRow))
    made = map(make, zip(map((1).__add__, numbers), zip(*texts, strict=True), strict=False))
    if all(texts[named[0]]):
        return tuple(made)
    return tuple(row for row in made if any(row.texts[at] for at in named))


_RUNNING = {"序号", "编号"}


def _texts(
    block: Block,
    column: LedgerColumn,
    rows: Sequence[int],
    raws: Sequence[Raw],
    period: Period | None,
    findings: Findings,
) -> list[str]:
    at = column_index(column.letter)
    kinds = set(map(type, raws))
    if _DATE.search(column.name):
        texts = _each(raws, kinds, partial(_date_text, epoch=block.sheet.epoch))
        _check_dates(block, at, rows, texts, period, findings)
    else:
        texts = _plain_texts(raws, kinds)
        if float in kinds and _CODE.search(column.name):
            _check_length(block, at, rows, raws, period, findings)
    if block.sheet.special:
        special = block.sheet.special
        texts = [
            _special(block, row, at, period, findings) if (row, at) in special else text
            for row, text in zip(rows, texts, strict=True)
        ]
    return texts


def _each(raws: Sequence[Raw], kinds: Set[type], text_of: Callable[[Raw], str]) -> list[str]:
    """The text of each value. A column repeats itself, so that each different value is turned into text once."""
    if bool in kinds:
        # True equals 1, and would be taken for it.
        return list(map(text_of, raws))
    texts = {raw: text_of(raw) for raw in set(raws)}
    return list(map(texts.__getitem__, raws))


def _plain_texts(raws: Sequence[Raw], kinds: Set[type]) -> list[str]:
    if kinds == {float} and len(set(raws)) > len(raws) / 2:
        shown = list(map("%.15g".__mod__, raws))
        # Fifteen digits, as figures.from_float keeps; only very large and very small numbers need the slower way.
        return [_number_text(text) for text in shown] if "e" in "".join(shown) else shown
    if kinds == {str}:
        words = cast(list[str], raws)
        # All words at once: in most columns none has a blank or a dash, and each stands as it is.
        said = "".join(words)
        plain = said.split(None, 1) == [said] and not any(dash in said for dash in _DASHES)
        return words if plain else [_words_text(text) for text in words]
    return _each(raws, kinds, _text)


def _check_dates(
    block: Block,
    column: int,
    rows: Sequence[int],
    texts: Sequence[str],
    period: Period | None,
    findings: Findings,
) -> None:
    # 2024-02-31 looks like a day and is none.
    unreadable = {text for text in set(texts) if text and iso_day(text, block.sheet.epoch) is None}
    if unreadable:
        for row, text in zip(rows, texts, strict=True):
            if text in unreadable:
                findings.add(DATE_UNREADABLE, block.page.place(row, column), f"“{text}”", period, apart=block.title)


def _check_length(
    block: Block, column: int, rows: Sequence[int], raws: Sequence[Raw], period: Period | None, findings: Findings
) -> None:
    if not any(type(raw) is float and abs(raw) >= _TOO_LONG for raw in set(raws)):
        return
    for row, raw in zip(rows, raws, strict=True):
        if type(raw) is float and abs(raw) >= _TOO_LONG:
            findings.add(LONG_NUMBER, block.page.place(row, column), f"{raw:.0f}", period, apart=block.title)


_DASHES = frozenset("-—–―－−/／")
"""How a text that says “no such item” begins."""
_CODE = re.compile(r"代码|编码|编号|证号|账号|证照|电话|号$")
_TOO_LONG = 1e15
"""A spreadsheet keeps 15 digits of a number; an 18-digit code has lost its last three."""


def _text(raw: Raw) -> str:
    if isinstance(raw, str):
        return _words_text(raw)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return _number_text(f"{raw:.15g}")
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    return raw.isoformat() if isinstance(raw, dt.date) else str(raw)


def _words_text(raw: str) -> str:
    text = raw.strip()
    return "" if text[:1] in _DASHES and is_no_item(text) else text


def _number_text(shown: str) -> str:
    return (exact(Decimal(shown)) or "") if "e" in shown else shown


def _date_text(raw: Raw, epoch: dt.date) -> str:
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    if isinstance(raw, dt.date):
        return raw.isoformat()
    return iso_day(raw, epoch) or _text(raw)


def _special(block: Block, row: int, column: int, period: Period | None, findings: Findings) -> str:
    """The text of a cell that the sheet keeps apart. An error stays one: a row it decides is neither in nor out."""
    value = block.sheet.special[row, column]
    if value.kind is Kind.UNCOMPUTED:
        findings.add(UNCOMPUTED_FORMULA, block.page.place(row, column), "公式没有计算结果", period)
        return UNCOMPUTED
    if value.kind is Kind.ERROR:
        findings.add(ERROR_CELL, block.page.place(row, column), value.text, period)
    return value.text
