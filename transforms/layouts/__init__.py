"""The shapes of tables that can be read, one module each, found by walking this package.

A module here has ``NAME`` (as its file), ``HEADS`` (the heads it knows, in Chinese, for whoever sent a file that none
of us knows), ``FIRST`` (what the first column of such a head is called), ``recognise(sheet, row)``, which finds the
heads of its shape that begin in the row by their words, and ``read(block, findings)``, which turns such a head's block
into a table. To add a shape, add a module; no list names it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Protocol, cast

from transforms.readings import Table
from transforms.spreadsheets.sheets import Sheet
from transforms.tables.blocks import Block
from transforms.tables.findings import Findings
from transforms.tables.heads import Head


class Layout(Protocol):
    """What each module of this package is."""

    NAME: str
    HEADS: str
    FIRST: re.Pattern[str]

    def recognise(self, sheet: Sheet, row: int) -> Iterable[Head]:
        """The heads of this shape that begin in the row."""
        ...

    def read(self, block: Block, findings: Findings) -> Table:
        """The table of a block that has such a head."""
        ...


@cache
def layouts() -> Sequence[Layout]:
    """Every layout, by name."""
    return tuple(
        cast(Layout, importlib.import_module(f"{__name__}.{module.name}"))
        for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    )
