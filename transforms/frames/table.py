"""Turns rows into a table whose cells stay the objects they are; knows no column's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from transforms.figures import exact
from transforms.measure_names import MEASURE_WORDS as MEASURE_WORDS
from transforms.readings import Cell

ALWAYS = ("cell", "places", "subject", "period", "needs")
"""The columns that every row has: where, what, when and whether the plan leans on it."""


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
