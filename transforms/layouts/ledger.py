"""A ledger: one project or firm a row, under 序号 and a name; counted by rules elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from transforms.dates import iso_day
from transforms.ledgers.ledger_groups import without_groups
from transforms.periods import Period
from transforms.readings import UNCOMPUTED, Ledger, LedgerColumn, LedgerRows, Table
from transforms.spreadsheets.sheets import Kind, Raw, Sheet, column_index, letters
from transforms.tables.blocks import Block
from transforms.tables.column_texts import TOO_LONG, ColumnTexts, Part
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
    rows = _read_rows(block, columns, period, findings)
    rows = without_groups(columns, rows, block.page.name, block.title, period, findings)
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


def _read_rows(block: Block, columns: Sequence[LedgerColumn], period: Period | None, findings: Findings) -> LedgerRows:
    """All rows but totals and those without a name, read directly: a ledger may have 50,000.

    A thousand at a time, so that the processor still has their cells at hand for all that is done with them.
    """
    rows: list[int] = []
    texts = [ColumnTexts(block.sheet.epoch, days=_is_dated(column)) for column in columns]
    for first in range(0, len(block.rows), _AT_ONCE):
        some, grid = _without_totals(block, block.rows[first : first + _AT_ONCE])
        rows += some
        for made, part in zip(texts, grid, strict=True):
            made.add(part)
    checked = [
        _checked(block, column, rows, made, period, findings) for column, made in zip(columns, texts, strict=True)
    ]
    return _named(columns, LedgerRows(list(map((1).__add__, rows)), checked))


_AT_ONCE = 1024
_TOTAL = re.compile(r"(?:合|总|小|共|累)\s*计(?:[（(].*[）)])?[:：]?|.{0,8}[合小]计[:：]?|[合小]计\d+[项家个户]")


def _without_totals(block: Block, rows: Sequence[int]) -> tuple[Sequence[int], Sequence[Part]]:
    """Those of the rows that are no totals, and their raw values column by column."""
    grid = [Part.of(raws) for raws in _columns_of(block, rows)]
    if not any(part.says("计") for part in grid[:3]):
        return rows, grid
    first = [part.raws for part in grid[:3]]
    called = {at for raws in first for at, raw in enumerate(raws) if type(raw) is str and "计" in raw}
    totals = {at for at in called if _is_total([raws[at] for raws in first])}
    kept = [at for at in range(len(rows)) if at not in totals]
    return [rows[at] for at in kept], [Part.of([part.raws[at] for at in kept]) for part in grid]


def _columns_of(block: Block, rows: Sequence[int]) -> Iterable[Sequence[Raw]]:
    left, right = block.head.left, block.head.right + 1
    cells = list(map(block.sheet.rows.__getitem__, rows))
    if left or set(map(len, cells)) != {right}:
        cells = [[*row[left:right], *[None] * (right - max(left, len(row)))] for row in cells]
    return zip(*cells, strict=True)


def _is_total(raws: Sequence[Raw]) -> bool:
    first = next((raw for raw in raws if isinstance(raw, str) and raw), "")
    return isinstance(first, str) and bool(_TOTAL.fullmatch(first.strip()))


_DATE = re.compile(r"日期|时间|年月")


def _is_dated(column: LedgerColumn) -> bool:
    return bool(_DATE.search(column.name))


def _checked(
    block: Block,
    column: LedgerColumn,
    rows: Sequence[int],
    texts: ColumnTexts,
    period: Period | None,
    findings: Findings,
) -> list[str]:
    """The column's texts, those of cells that the sheet keeps apart among them."""
    at = column_index(column.letter)
    if _is_dated(column):
        _check_dates(block, at, rows, texts.made, period, findings)
    elif texts.has_long and _CODE.search(column.name):
        _check_length(block, at, rows, period, findings)
    special = block.sheet.special
    if not special:
        return texts.made
    return [
        _special(block, row, at, period, findings) if (row, at) in special else text
        for row, text in zip(rows, texts.made, strict=True)
    ]


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


def _check_length(block: Block, column: int, rows: Sequence[int], period: Period | None, findings: Findings) -> None:
    for row in rows:
        raw = block.sheet.rows[row][column] if column < block.sheet.width(row) else None
        if type(raw) is float and abs(raw) >= TOO_LONG:
            findings.add(LONG_NUMBER, block.page.place(row, column), f"{raw:.0f}", period, apart=block.title)


_CODE = re.compile(r"代码|编码|编号|证号|账号|证照|电话|号$")


def _special(block: Block, row: int, column: int, period: Period | None, findings: Findings) -> str:
    """The text of a cell that the sheet keeps apart. An error stays one: a row it decides is neither in nor out."""
    value = block.sheet.special[row, column]
    if value.kind is Kind.UNCOMPUTED:
        findings.add(UNCOMPUTED_FORMULA, block.page.place(row, column), "公式没有计算结果", period)
        return UNCOMPUTED
    if value.kind is Kind.ERROR:
        findings.add(ERROR_CELL, block.page.place(row, column), value.text, period)
    return value.text


def _named(columns: Sequence[LedgerColumn], rows: LedgerRows) -> LedgerRows:
    """The rows that have more than a running number."""
    named = [texts for column, texts in zip(columns, rows.texts, strict=True) if column.name not in _RUNNING]
    return rows if all(named[0]) else rows.where(map(any, zip(*named, strict=True)))


_RUNNING = {"序号", "编号"}
