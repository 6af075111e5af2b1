"""Turns the text tables of this folder into cases and into docs/rules.md; knows no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
RULES = FOLDER.parents[1] / "docs" / "rules.md"
COMMAND = ".venv/bin/python -m tests.spec.print_rules > docs/rules.md"

TOPICS = (
    "reach",
    "grow",
    "hold",
    "ceiling",
    "clear",
    "repeat",
    "milestone",
    "either",
    "about",
    "of_which",
    "range",
    "paths",
    "missing",
    "rounding",
    "counting",
    "revisions",
    "schedules",
)
"""The files in the order of the document."""

HEAD = f"""\
# Rules

How each target is judged, as tables that the tests run line by line. Printed from `tests/spec/` by `make rules`
(`{COMMAND}`); change it there.

Every month is one of 2024 unless it names its year, every figure the one that its kind of target is judged by. `—` is
nothing. `completion`, `due` (what the declared path asks for) and `elapsed` (序时进度) are in %. The words in the
column `status` are printed as: completed 已完成全年目标, ahead 超序时, on-path 达到序时, behind 未达到序时,
severely-behind 严重滞后, missed 未完成全年目标, not-due 未到期, not-reported 未报.
"""


@dataclass(frozen=True)
class Case:
    """One line of a table: what is given and expected, by column, with its place."""

    file: str
    line: int
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where a failure is to be mended."""
        return f"tests/spec/{self.file}:{self.line}"


def cases(topic: str) -> Iterator[Case]:
    """Every line of every table of a topic. A line "Given: column value; ..." above a table holds for its lines."""
    file = f"{topic}.txt"
    given: dict[str, str] = {}
    heads: list[str] | None = None
    for number, line in enumerate((FOLDER / file).read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("Given: "):
            given = dict(_given(part) for part in line.removeprefix("Given: ").rstrip(".").split(" & "))
        elif not line.startswith("|"):
            if line.startswith("#"):
                given = {}
            heads = None
        elif heads is None:
            heads = _cells(line)
        elif not re.fullmatch(r"[|\- ]+", line):
            cells = _cells(line)
            if len(cells) != len(heads):
                raise ValueError(f"tests/spec/{file}:{number}: {len(cells)} cells under {len(heads)} heads")
            yield Case(file, number, given | dict(zip(heads, cells, strict=True)))


def rules() -> str:
    """The document: the files one after another."""
    return "\n".join([HEAD, *((FOLDER / f"{topic}.txt").read_text(encoding="utf-8") for topic in TOPICS)])


def _given(part: str) -> tuple[str, str]:
    head, _, value = part.strip().partition(" = ")
    return head, value


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
