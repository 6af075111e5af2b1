"""What became of audit formulas, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flows.console.showing import Show
from transforms.figures import exact

if TYPE_CHECKING:
    from flows.auditing import Audited
    from transforms.audits.asking import Asked


def print_audited(audited: Audited, show: Show) -> None:
    """What became of each audit formula: counts for each scope and column, then what doesn't hold or can't be told."""
    told = {
        "formulas": [_asked(one) for one in audited.asked],
        "doubts": [doubt.told() for doubt in audited.doubts],
    }
    show(told, lambda: _audited_lines(audited))


def _asked(one: Asked) -> dict[str, Any]:
    audit, outcome = one.audit, one.outcome
    column = outcome.column
    return {
        "scope": audit.scope,
        "report": audit.report,
        "number": audit.number,
        "formula": audit.formula.text,
        "declared": audit.place,
        "severity": audit.severity.value,
        "period": str(column.period) if column else None,
        "area": column.area if column else None,
        "measure": column.measure.value if column and column.measure else None,
        "row": column.row if column else None,
        "verdict": outcome.verdict.value,
        "left": exact(outcome.left),
        "right": exact(outcome.right),
        "reason": outcome.reason,
        "operands": [
            {
                "name": found.name,
                "raw": found.raw,
                "lack": found.lack,
                "cells": [{"workbook": cell.workbook, "sheet": cell.sheet, "cell": cell.ref} for cell in found.cells],
            }
            for found in outcome.found
        ],
    }


def _audited_lines(audited: Audited) -> Iterator[str]:
    from transforms.audits.asking import told_broken, told_undecided, where
    from transforms.audits.evaluation import Verdict

    asked = audited.asked
    columns: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        column = one.outcome.column
        # A formula of each row is asked of a hundred; they're counted together.
        place = where(replace(column, row="")) if column else "no row of theirs anywhere"
        columns.setdefault((one.audit.scope, place), []).append(one)
    for (scope, place), group in columns.items():
        counts = Counter(one.outcome.verdict for one in group)
        relations = Counter(one.audit.formula.relation.value for one in group if one.outcome.verdict is Verdict.PASS)
        kinds = ", ".join(f"{relation} {count}" for relation, count in relations.items())
        passed = f"{counts[Verdict.PASS]} pass" + (f" ({kinds})" if kinds else "")
        yield f"《{scope}》{place}: {passed}, {counts[Verdict.FAIL]} fail, {counts[Verdict.UNDECIDED]} not evaluable"
    for one in asked:
        if one.outcome.verdict is Verdict.FAIL:
            yield f"  ! {one.audit.severity} {told_broken(one).chinese()}"
    for doubt in told_undecided(asked):
        yield f"  ? {doubt.chinese()}"
    for doubt in audited.doubts:
        yield f"  ! {doubt.severity} {doubt.chinese()}"
