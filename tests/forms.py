"""Fills forms in as a unit does, and says what should be read from them."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from transforms.readings import Contents, Measure, State
from transforms.reporting.forms import HEADS, Form
from transforms.tables.labels import read_label

Typed = tuple[str, Measure, State, str]
"""A label, what was typed for it: the number, or the text as it stands."""

WORDS = (
    "本月完成情况良好，按计划推进。",
    "受降雨影响，进度滞后；下月起倒排工期，6月底前补齐",
    "12",
    "详见附件1—3（共5页）",
    "=SUM(不是公式)",
)


@dataclass
class Filled:
    """A form's bytes with what was typed, cell by cell."""

    data: bytes
    typed: dict[str, Typed]


def fill(form: Form, data: bytes, chance: random.Random) -> Filled:
    """Type into some of the open cells what they ask for; nothing into the others."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    typed: dict[str, Typed] = {}
    for label, head, cell in open_cells(sheet):
        if chance.random() < 0.3:
            continue
        value, told = _value(head, form, chance)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # What begins with = is typed as words here.
        typed[cell.coordinate] = (read_label(label).text, *told)
    return Filled(saved(book), typed)


def open_cells(sheet: Any) -> Iterator[tuple[str, str, Any]]:
    """The cells of the tables that may be written in, with the row's label and the column's head."""
    heads: dict[int, str] = {}
    for row in sheet.iter_rows():
        if row[0].value == "序号":
            heads = {cell.column: cell.value for cell in row if cell.value}
        elif not isinstance(row[0].value, int):
            heads = {}
        for cell in row:
            if heads and not cell.protection.locked and cell.column in heads:
                yield row[1].value, heads[cell.column], cell


def saved(book: Any) -> bytes:
    """The workbook's bytes."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read_back(contents: Contents) -> dict[str, Typed]:
    """What was read that isn't blank, cell by cell."""
    return {
        one.cell.ref: (one.label, one.measure, one.state, str(one.value) if one.value is not None else one.raw)
        for one in contents.readings
        if one.state is not State.BLANK
    }


_BY_HEAD = {head: measure for measure, head in HEADS.items()}


def _value(head: str, form: Form, chance: random.Random) -> tuple[Any, tuple[Measure, State, str]]:
    if head == "是否完成":
        said = chance.choice(("是", "否"))
        return said, (Measure.DONE, State.TEXT, said)
    if head == "完成日期":
        day = dt.date(form.period.year, chance.randint(1, form.period.month), chance.randint(1, 28))
        return day, (Measure.DATE, State.TEXT, day.isoformat())
    if head not in _BY_HEAD:
        words = chance.choice(WORDS)
        return words, (Measure.EVIDENCE if head == "佐证材料" else Measure.REMARK, State.TEXT, words)
    if chance.random() < 0.1:
        return "—", (_BY_HEAD[head], State.NO_ITEM, "—")
    number = Decimal(chance.randint(-500, 3000)).scaleb(-chance.choice((0, 1, 2))).normalize()
    return float(number), (_BY_HEAD[head], State.NUMBER, f"{number:f}")
