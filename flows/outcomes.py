"""What became of a period of a backfill, and who hears how it goes on; as light as what only prints them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.periods import Period


class Result(StrEnum):
    """What became of one period."""

    MADE = "made"
    UP_TO_DATE = "up to date"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One period of a backfill: what became of it and, where it failed, why and with which exit status."""

    district: str
    period: Period
    result: Result
    message: str = ""
    exit_status: int = 0
    documents: int = 0
    """How many documents were laid out."""


class Notice:
    """Hears how a backfill goes on, besides its outcomes; this one says nothing."""

    def due(self, count: int) -> None:
        """So many periods will be made."""

    def said(self, words: str) -> None:
        """Something that the operator may want to know."""
