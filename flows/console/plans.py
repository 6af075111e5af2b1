"""A year's plan, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.console.showing import Show
from transforms.declared.plan import Indicator, Plan
from transforms.figures import exact


def print_plan(plan: Plan, show: Show) -> None:
    """A year's plan."""
    show(_plan(plan), lambda: _plan_lines(plan))


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "district": plan.district,
        "year": plan.year,
        "document": plan.document.model_dump(mode="json"),
        "units_note": plan.units_note,
        "indicators": [_indicator(indicator) for indicator in plan.indicators],
        "qualitative": [task.model_dump(mode="json") for task in plan.qualitative],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    target = indicator.target
    told = {
        "code": indicator.code,
        "name": indicator.name,
        "kind": target.kind,
        "operator": target.operator,
        "value": exact(target.value),
        "unit": indicator.unit,
        "clause": indicator.clause,
        "quote": indicator.quote,
        "also": [stand.model_dump() for stand in indicator.also],
        "frequency": indicator.frequency.value,
        "path": indicator.path.kind,
        "lead_units": list(indicator.lead_units),
        "cooperating_units": list(indicator.cooperating_units),
        "units_basis": indicator.units_basis,
        "reported_by": indicator.reported_by,
        "labels": list(indicator.labels),
    }
    extras = target.model_dump(mode="json", exclude={"kind", "operator", "value"}, exclude_none=True)
    return told | {key: _plain(value) for key, value in extras.items()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _plan_lines(plan: Plan) -> Iterator[str]:
    document = plan.document
    yield f"{document.citation}  {document.issued}"
    if plan.units_note:
        yield plan.units_note
    for section in plan.sections:
        yield ""
        yield section.title
        for indicator in plan.indicators:
            if indicator.section == section.id:
                yield f"  {indicator.code}"
                value = (
                    ""
                    if indicator.target.value is None
                    else f" {indicator.target.operator} {exact(indicator.target.value)}"
                )
                judged = f"{indicator.target.kind}{value} {indicator.unit}；路径 {indicator.path.kind}"
                yield f"      {indicator.name}（{judged}）"
                yield f"      {indicator.clause}：“{indicator.quote}”"
                yield f"      牵头：{'、'.join(indicator.lead_units)}；报送：{indicator.reported_by}"
        for task in plan.qualitative:
            if task.section == section.id:
                yield f"  {task.code}"
                yield f"      {task.task}（定性任务；报送：{task.reported_by}）"
