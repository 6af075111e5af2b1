"""What ledgers counted, what was doubted and what was revised, as sheets."""

from __future__ import annotations

import datetime as dt
import re

from flows.render.sheets.cells import Cell, Column, Row, Sheet, typed
from transforms.writing.bulletin import Bulletin, CountedList


def counted(bulletin: Bulletin) -> Sheet:
    """A row for each row of a ledger that was counted."""
    columns = (
        Column("清单", 26),
        Column("序号", 6, "centred"),
        Column("名称", 40),
        Column("区域", 18),
        Column("日期", 12, "date"),
        Column("数额", 11, "number"),
        Column("单位", 8, "centred"),
        Column("同时计入", 24),
        Column("出处", 36),
    )
    rows = [
        (
            _with_columns(counted),
            serial,
            row.name,
            row.area,
            _dated(row.date),
            *_amount(row.amount),
            "、".join(part.name for part in counted.parts if part.mark in row.marks),
            row.source,
            counted.rule,
        )
        for counted in bulletin.counted
        for serial, row in enumerate(counted.rows, 1)
    ]
    note = "".join(f"{counted.title}：{counted.rule}。" for counted in bulletin.counted if counted.rule)
    return Sheet(columns, rows, (Column("计数规则", 60, "beside"),), note=note)


def _with_columns(counted: CountedList) -> str:
    """The list's title, and what its ledger calls the day and the amount: （日期为签约日期，数额为总投资）."""
    has_amounts = any(row.amount for row in counted.rows)
    heads = (("日期", counted.date_head), *((("数额", counted.amount_head),) if has_amounts else ()))
    told = [f"{head}为{column}" for head, column in heads if column != head]
    return f"{counted.title}（{'，'.join(told)}）" if told else counted.title


def quality(bulletin: Bulletin) -> Sheet:
    """A row for each doubt that the bulletin tells, then the units that haven't reported."""
    columns = (
        Column("类别", 10, "centred"),
        Column("对象", 32),
        Column("位置", 46),
        Column("情况", 50),
        Column("处理", 40),
    )
    rows: list[Row] = [("数据质量", row.subject, row.place, row.found, row.treatment) for row in bulletin.quality]
    rows += [("未报送", unit, "—", "—", "—") for unit in bulletin.unreported]
    return Sheet(columns, rows)


def revisions(bulletin: Bulletin) -> Sheet:
    """A row for each figure that has changed since it was last told."""
    columns = (
        Column("指标", 36),
        Column("时期", 18, "centred"),
        Column("原数", 12, "number"),
        Column("现数", 12, "number"),
        Column("单位", 10, "centred"),
        Column("原因", 50),
    )
    rows = [
        (row.name, row.period, typed(row.old.text), typed(row.new.text), row.unit, row.reason)
        for row in bulletin.revisions
    ]
    return Sheet(columns, rows)


_AMOUNT = re.compile(r"([-−]?[\d,.]+)\s*(\D*)")


def _amount(text: str) -> tuple[Cell, str]:
    """A printed amount as its number and its unit: 0.1111亿元."""
    found = _AMOUNT.fullmatch(text)
    return (typed(found[1]), found[2]) if found else (text, "")


def _dated(text: str) -> Cell:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
