"""Picks out of the log's lines those of one run; reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Line = Mapping[str, Any]


def last_run(lines: Iterable[Line], district: str | None, period: str | None) -> str | None:
    """The id of the run that began last, of that district and period where they're named; None if there's none."""
    found = None
    for line in lines:
        # A month made by a backfill is a run of its own for whoever asks for the month.
        begun = line.get("event") == "run begun" and (period is not None or line.get("within") is None)
        if begun and district in (None, line.get("district")) and period in (None, line.get("period")):
            found = line.get("run")
    return found


def of_run(lines: Iterable[Line], run: str) -> tuple[Line, ...]:
    """The lines of a run and of all runs within it."""
    wanted = {run}
    told = []
    for line in lines:
        if line.get("within") in wanted and line.get("run"):
            wanted.add(line["run"])
        if line.get("run") in wanted:
            told.append(line)
    return tuple(told)
