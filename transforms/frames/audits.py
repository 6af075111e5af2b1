"""Turns evaluated audit formulas into a table that can be asked whether each held; evaluates none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from transforms.audits.asking import Asked, told_broken, told_undecided
from transforms.audits.evaluation import Verdict
from transforms.doubts import Doubt, Severity
from transforms.frames.table import place_of, table
from transforms.periods import Period

COLUMNS = ("verdict", "found", "expected", "cure")


def audits_frame(asked: Sequence[Asked], period: Period) -> pd.DataFrame:
    """One row for each formula and column that was decided, one for each scope and period that has undecided ones.

    Left out is what is older than last January or later than the reference period.
    """
    near = [one for one in asked if one.period and Period(period.year - 1, 1) <= one.period <= period]
    return table(COLUMNS, _rows(near))


def _rows(asked: Sequence[Asked]) -> Iterator[Mapping[str, object]]:
    for one in asked:
        cells = [cell for found in one.outcome.found for cell in found.cells]
        match one.outcome.verdict:
            case Verdict.PASS:
                yield {**place_of(cells), "period": str(one.period), "needs": False, "verdict": Verdict.PASS.value}
            case Verdict.FAIL:
                yield _told(told_broken(one), Verdict.FAIL)
            case Verdict.UNDECIDED:
                continue
    for doubt in told_undecided(asked):
        yield _told(doubt, Verdict.UNDECIDED)


def _told(doubt: Doubt, verdict: Verdict) -> dict[str, object]:
    return {
        "cell": doubt.places[0],
        "places": doubt.places,
        "subject": doubt.subject,
        "period": str(doubt.period),
        "needs": doubt.severity is Severity.CRITICAL,
        "verdict": verdict.value,
        "found": doubt.found,
        "expected": doubt.expected,
        "cure": doubt.cure,
    }
