"""How the areas rank, as a sheet; ranks nothing."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.render.sheets.cells import Cell, Column, Form, Number, Sheet, typed
from transforms.writing.bulletin import Bulletin


def areas(bulletin: Bulletin) -> Sheet:
    """A row for each area that a section ranks."""
    columns = (
        Column("指标", 34),
        Column("位次", 12, "centred"),
        Column("乡镇（街道）、园区", 26),
        Column("数值", 12, "number"),
        Column("单位", 8, "centred"),
        Column("同比（%）", 10, "number"),
        Column("位次变化", 12, "centred"),
    )
    rows = [
        (
            section.title,
            _rank(row.rank),
            row.area,
            typed(row.value.text),
            section.unit,
            typed(row.growth.text),
            _moved(row.movement),
        )
        for section in bulletin.areas
        for row in section.rows
    ]
    return Sheet(columns, rows, kept=3, note="".join(dict.fromkeys(one.note for one in bulletin.areas)))


_RANK = re.compile(r"(\d+)(（并列）)?")
_MOVED = re.compile(r"(上升|下降)(\d+)位")


def _rank(text: str) -> Cell:
    found = _RANK.fullmatch(text)
    return Number(Decimal(found[1]), 0, Form.TIED if found[2] else Form.PLAIN) if found else text


def _moved(text: str) -> Cell:
    if text == "持平":
        return Number(Decimal(0), 0, Form.MOVED)
    found = _MOVED.fullmatch(text)
    return Number(Decimal(found[2]) * (1 if found[1] == "上升" else -1), 0, Form.MOVED) if found else text
