"""Turns rows into a table whose cells stay the objects they are; knows no column's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from transforms.figures import exact
from transforms.readings import Cell, Measure

ALWAYS = ("cell", "places", "subject", "period", "needs")
"""The columns that every row has: where, what, when and whether the plan leans on it."""

MEASURE_WORDS = {
    Measure.MONTH: "本月",
    Measure.YEAR_TO_DATE: "累计",
    Measure.MONTH_GROWTH: "本月同比",
    Measure.YEAR_TO_DATE_GROWTH: "累计同比",
    Measure.LEVEL: "期末数",
    Measure.QUARTER: "当季",
    Measure.YEAR: "全年",
    Measure.LAST_YEAR: "上年同期",
    Measure.ANNUAL_TARGET: "全年目标",
    Measure.COMPLETION: "完成率",
    Measure.RANK: "位次",
    Measure.DONE: "是否完成",
    Measure.DATE: "完成日期",
    Measure.EVIDENCE: "佐证材料",
    Measure.REMARK: "情况说明",
}
"""How a measure is called in a message."""


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """The rows under these columns after ALWAYS and a running number; a column that a row lacks is None there."""
    names = (*ALWAYS, *columns)
    made = [(number, *(row.get(name) for name in names)) for number, row in enumerate(rows)]
    return pd.DataFrame(made, columns=["row", *names], dtype=object)


def place_of(cells: Sequence[Cell]) -> dict[str, object]:
    """The two columns that say where a figure stands."""
    places = tuple(str(cell) for cell in cells)
    return {"cell": places[0] if places else "", "places": places}


def shown(value: Decimal | None, unit: str) -> str:
    """A figure as a message quotes it: exact, with its unit."""
    return f"{exact(value)}{unit}"
