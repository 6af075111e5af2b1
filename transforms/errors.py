"""The tree of errors that a user can cause or cure; each class has an exit status of its own.

YuebaoError (1)
├── UsageError (2)         the command can't mean anything: no such district, a period that isn't one
├── DeclarationError (3)   plan, district or corrections have faults, each with file and line
├── InputError (4)         no input for the period, or a file that can't be read at all
├── DoubtError (5)         a critical doubt stands in the way of a period
├── PartialError (6)       some periods of a backfill, or some sources of a pull, failed; the others are made or pulled
└── EnvironmentFault (7)   a library, a font, the store or the disk
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.doubts import Doubt


class YuebaoError(Exception):
    """Something went wrong that its message tells how to cure; printed without a traceback."""

    exit_status = 1


class UsageError(YuebaoError):
    """The command can't mean anything."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a declaration: where, what was found, what to do."""

    file: str
    line: int
    found: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.found}; {self.cure}"


@dataclass(frozen=True, slots=True)
class CellFault(Fault):
    """A fault of what a bureau declared in a spreadsheet, told in Chinese; ``line`` is the row."""

    cell: str
    """The sheet and cell: 《月报审核公式》C5."""

    def __str__(self) -> str:
        return f"{self.file}{self.cell}：{self.found}；{self.cure}"


@dataclass(frozen=True, slots=True)
class EditFault(Fault):
    """A fault of the texts that an editor writes for a bulletin, told in Chinese."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}：{self.found}；{self.cure}"


class DeclarationError(YuebaoError):
    """Declarations have faults; all of them are told at once."""

    exit_status = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InputError(YuebaoError):
    """No input for the period, or none that can be read."""

    exit_status = 4


_MOST_BESIDE = 10
"""Lines of explanation; more would hide what they explain."""


class DoubtError(YuebaoError):
    """Critical doubts stand in the way of a period."""

    exit_status = 5

    def __init__(self, message: str, doubts: Sequence[Doubt], beside: Sequence[Doubt] = (), hint: str = "") -> None:
        """``beside`` are other doubts about the same cells or files; ``hint`` is the last line."""
        self.doubts = tuple(doubts)
        lines = [message, *(doubt.chinese() for doubt in self.doubts)]
        if beside:
            lines += [
                "同一文件的其他疑点，可能与此有关：",
                *(f"  {doubt.chinese()}" for doubt in beside[:_MOST_BESIDE]),
            ]
            if len(beside) > _MOST_BESIDE:
                lines.append(f"  ……另有{len(beside) - _MOST_BESIDE}条")
        super().__init__("\n".join([*lines, *([hint] if hint else [])]))


class PartialError(YuebaoError):
    """Some periods or sources failed; what failed is listed in the message."""

    exit_status = 6


class EnvironmentFault(YuebaoError):
    """The machine lacks something: a library, a font, the store, room on the disk."""

    exit_status = 7
