"""What an expectation is: one entry with its check, its severity and the bureau's words; checks nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transforms.doubts import Severity


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A check that Great Expectations has: its class and arguments.

    ``{"$PARAMETER": name}`` among the arguments stands for a set that the plan or the district fills.
    """

    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of ours, asked of each row: its parameters are the columns; a row that lacks one isn't asked."""

    keeps: Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing we're ready to believe of a frame's rows, and what is told when a row doesn't keep it.

    ``subject``, ``found``, ``expected`` and ``cure`` are Chinese templates with the (first) row's columns in braces,
    and {count} for the number of rows. ``beside`` names the column with the places of what the row was compared with.
    ``elsewhere`` is the severity for rows that the plan doesn't need, where it differs. ``together`` names the columns
    that make rows one doubt, which then has all their places; by default each row is its own.
    """

    id: str
    severity: Severity
    frame: str
    check: BuiltIn | Rule
    found: str
    expected: str
    cure: str
    subject: str = "{subject}"
    elsewhere: Severity | None = None
    together: tuple[str, ...] = ()
    beside: str | None = None
