"""Sets the targets and completions that tables of the reference period state beside the plan's; judges none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from transforms.area_names import area_name
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.figures import HUNDRED, Interval
from transforms.frames.known import Known
from transforms.frames.readings import is_outdated, latest_of
from transforms.frames.table import place_of, shown, table
from transforms.observations import WHOLE, Received
from transforms.periods import Period
from transforms.readings import Measure, Reading
from transforms.rechecking.table_rows import Row, interval_of, quoted, rows_of

COLUMNS = (
    "stated_targets",
    "plan_targets",
    "target_words",
    "plan_words",
    "completion",
    "implied_completions",
    "completion_words",
    "operands_words",
)

_AMOUNTS = ("reach", "about", "of-which")
_RATES = ("grow", "range")
_STANDS = ("hold", "ceiling", "clear")
_COMPLETED = (Measure.YEAR_TO_DATE, Measure.YEAR, Measure.LEVEL)


def stated_targets_frame(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> pd.DataFrame:
    """One row for each row of a table of the period, the whole district's, that states a target or a completion.

    The plan sets no target for an area, and a task of every month or quarter has no annual one. A completion beside a
    target is held against that within its table.
    """
    rows = _rows(received, Known(plan, district), plan, period) if plan is not None and period is not None else ()
    return table(COLUMNS, rows)


def _rows(received: Sequence[Received], known: Known, plan: Plan, period: Period) -> Iterator[dict[str, object]]:
    latest = latest_of(received)
    for one in received:
        for part in one.contents.tables:
            for row in rows_of(part):
                stated = [r for r in row.readings if r.measure in {Measure.ANNUAL_TARGET, Measure.COMPLETION}]
                indicators = known.indicators(row.readings[0])
                if (
                    row.period == period
                    and stated
                    and indicators
                    and area_name(row.area, known.district) == WHOLE
                    and not all(is_outdated(reading, one.received, latest) for reading in stated)
                ):
                    yield from _targets(row, indicators, plan)
                    yield from _completions(row, indicators)


def _targets(row: Row, indicators: Sequence[Indicator], plan: Plan) -> Iterator[dict[str, object]]:
    targets = row.all(Measure.ANNUAL_TARGET)
    pairs = [
        (target, indicator, own, due)
        for target in targets
        for indicator in indicators
        if (due := _due(indicator)) and (own := _in_unit(target, indicator))
    ]
    if pairs:
        meant = list(dict.fromkeys(indicator.code for _, indicator, _, _ in pairs))
        yield _head(row, [target for target, *_ in pairs]) | {
            "stated_targets": tuple(own for _, _, own, _ in pairs),
            "plan_targets": tuple(due for _, _, _, due in pairs),
            "target_words": "、".join(dict.fromkeys(quoted(target) for target, *_ in pairs)),
            "plan_words": "；".join(_clause(one, plan) for one in indicators if one.code in meant),
        }


def _due(indicator: Indicator) -> Interval | None:
    """The plan's target as the points that a table may state; None for what has no annual number."""
    target = indicator.target
    if target.kind not in {*_AMOUNTS, *_RATES, *_STANDS} or target.value is None:
        return None
    return Interval(target.value, target.upper if target.kind == "range" else target.value)


def _in_unit(target: Reading, indicator: Indicator) -> Interval | None:
    """The stated target in the indicator's unit; one without a unit is taken to be in it."""
    return interval_of(target, indicator.unit)


def _clause(indicator: Indicator, plan: Plan) -> str:
    value = shown(indicator.target.value, indicator.unit)
    return f"{plan.document.citation}{indicator.clause}“{indicator.quote}”（{indicator.name}{value}）"


def _completions(row: Row, indicators: Sequence[Indicator]) -> Iterator[dict[str, object]]:
    """A growth target may be completed by the growth, as row rechecks allow."""
    if row.all(Measure.ANNUAL_TARGET):
        return
    actual, growth = row.one(*_COMPLETED), row.one(Measure.YEAR_TO_DATE_GROWTH)
    for stated in row.all(Measure.COMPLETION):
        own = interval_of(stated)
        found = [
            (figure, indicator, share)
            for indicator in indicators
            for kinds, figure in ((_AMOUNTS, actual), (_RATES, growth))
            if indicator.target.kind in kinds and figure and (share := _share(figure, indicator)) is not None
        ]
        if own is None or not found:
            continue
        figure, indicator, share = min(found, key=lambda one: own.away_from(one[2]))
        yield _head(row, [stated, *(figure for figure, _, _ in found)]) | {
            "completion": own,
            "implied_completions": tuple(share for _, _, share in found),
            "completion_words": quoted(stated),
            "operands_words": (
                f"{quoted(figure)}÷方案的全年目标{shown(indicator.target.value, indicator.unit)}"
                f"（{indicator.clause}），推算为{share.written(2, '%')}"
            ),
        }


def _share(figure: Reading, indicator: Indicator) -> Interval | None:
    """The figure ÷ the plan's target in %; a figure that names no unit isn't held against anything."""
    target = indicator.target.value
    whole = interval_of(figure, indicator.unit) if figure.unit else None
    return whole.times(HUNDRED / target) if whole is not None and target is not None and target > 0 else None


def _head(row: Row, readings: Sequence[Reading]) -> dict[str, object]:
    return {
        **place_of(tuple(dict.fromkeys(reading.cell for reading in readings))),
        "subject": row.name,
        "period": str(row.period),
        "needs": True,
    }
