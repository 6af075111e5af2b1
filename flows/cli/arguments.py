"""What all commands have in common: the program, the arguments that several take, how those are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, Token

from transforms.errors import UsageError
from transforms.periods import Period

_EXIT_STATUS = """
Exit status: 0 done; 1 any other fault; 2 the command can't mean anything; 3 a declaration has faults; 4 no input, or
none that can be read; 5 a critical doubt stands in the way; 6 some periods of a backfill, some sources of a pull, some
deliveries or some districts failed; 7 the machine lacks something; 130 interrupted.
"""

app = App(
    name="yuebao",
    help="yuebao (月报): how far each target of an annual plan has come, from the bureau's spreadsheets to a bulletin.",
    help_epilogue=_EXIT_STATUS,
    version=lambda: version("yuebao"),
    version_flags=["--version"],
)
plan_app = App(name="plan", help="Look at and check what is declared: districts, plans, corrections.")
app.command(plan_app)


def whole_number(_type: type, tokens: Sequence[Token]) -> int:
    """A whole number as it was typed: the parser's own conversion makes 6 of 5.5."""
    if not re.fullmatch(r"[+-]?\d{1,9}", tokens[0].value):
        raise ValueError(f"{tokens[0].value} isn't a whole number")
    return int(tokens[0].value)


WorkspaceOption = Annotated[
    Path | None,
    Parameter(
        name="--workspace",
        help="Work on this folder's data_raw and data_out (also YUEBAO_WORKSPACE).",
    ),
]
DistrictArgument = Annotated[str, Parameter(help="The district's id: its folder's name in data_raw.")]
PeriodArgument = Annotated[str, Parameter(help="The reference period, YYYY-MM.")]
AsOfOption = Annotated[
    str | None,
    Parameter(help="Use only what had been received by then: 2024-07-20 or 2024-07-20T09:30 (Beijing time)."),
]

NoticesOption = Annotated[
    bool,
    Parameter(
        name="--notices",
        negative="",
        help="Also make a notice (督办单) for each unit that is behind or hasn't reported, in the folder's notices/.",
    ),
]


def period_of(text: str) -> Period:
    """The period that was named; UsageError where it's none."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
