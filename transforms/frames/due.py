"""Turns a plan into a table of the figures that are due in a period, each with what came; judges no status."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transforms.declared.plan import Indicator, Plan
from transforms.declared.targets import Every
from transforms.frames.table import table
from transforms.observations import Observation
from transforms.periods import Period
from transforms.series import Series

COLUMNS = ("figure", "reported_by", "labels")


def due_frame(observations: Sequence[Observation], plan: Plan, period: Period) -> pd.DataFrame:
    """One row for each number that falls due; deeds are due on a day and have no row."""
    series = Series(observations)
    rows = []
    for indicator in plan.indicators:
        if indicator.target.kind in {"milestone", "either"} or not _is_due(indicator, period, series):
            continue
        figure = series.figure(indicator, period)
        rows.append(
            {
                "cell": indicator.reported_by,
                "places": (indicator.reported_by,),
                "subject": f"{indicator.name}{period.chinese()}",
                "period": str(period),
                "needs": True,
                "figure": None if figure is None else figure.value,
                "reported_by": indicator.reported_by,
                "labels": "”或“".join(indicator.labels),
            }
        )
    return table(COLUMNS, rows)


def _is_due(indicator: Indicator, period: Period, series: Series) -> bool:
    if indicator.target.kind == "repeat":
        ends = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}[indicator.target.every]
        if period.month % ends:
            return False
    if indicator.may_have_no_item and series.says_no_item(indicator, period):
        return False
    return indicator.last_due(period) == period
