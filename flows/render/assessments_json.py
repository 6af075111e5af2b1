"""Turns assessments into JSON for other programs, every figure an exact decimal in a string; words nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

from transforms.assessments import Assessment
from transforms.declared.targets import Range
from transforms.figures import exact


def assessments_json(assessments: Sequence[Assessment]) -> bytes:
    """One object per indicator, in the plan's order; UTF-8, two spaces deep, a newline at the end."""
    objects = [_object(assessment) for assessment in assessments]
    return (json.dumps(objects, ensure_ascii=False, indent=2) + "\n").encode()


def _object(assessment: Assessment) -> dict[str, object]:
    indicator, target = assessment.indicator, assessment.indicator.target
    figure_period = assessment.figure_period
    told: dict[str, object] = {
        "code": indicator.code,
        "name": indicator.name,
        "kind": target.kind,
        "period": str(assessment.period),
        "status": assessment.status.value,
        "status_word": assessment.status.chinese,
        "verdict": assessment.verdict,
        "value": exact(assessment.value),
        "unit": indicator.unit,
        "figure_period": None if figure_period is None else str(figure_period),
        "target": exact(target.value),
    }
    if isinstance(target, Range):
        told["upper"] = exact(target.upper)
    return told | {
        "operator": target.operator,
        "completion": exact(assessment.completion),
        "elapsed_path": exact(assessment.elapsed_path),
        "last_year_path": exact(assessment.last_year_path),
        "declared_path": exact(assessment.declared_path),
        "path_kind": indicator.path.kind,
        "gap": exact(assessment.gap),
        "gap_unit": assessment.gap_unit,
        "needed": exact(assessment.needed),
        "needed_per_month": exact(assessment.needed_per_month),
        "needed_growth": exact(assessment.needed_growth),
        "lead_units": list(indicator.lead_units),
        "cells": [
            {
                "workbook": cell.workbook,
                "sheet": cell.sheet,
                "cell": cell.ref,
                "vintage": cell.vintage,
            }
            for cell in assessment.cells
        ],
    }
