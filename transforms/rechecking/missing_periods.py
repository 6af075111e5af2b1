"""Finds the periods that a run of tables, or one table, skips; knows no figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from transforms.periods import Period
from transforms.rechecking.table_series import TableSeries
from transforms.tables.findings import PERIOD_MISSING, Findings


def tell_missing(
    tables: Sequence[TableSeries], concerns: Callable[[Sequence[TableSeries]], bool], findings: Findings
) -> None:
    """Say which periods are missing in tables of several periods, and between tables of one period each.

    ``concerns`` picks the groups of tables to be told of. January alone is never missing (method §1).
    """
    for table in tables:
        if len(table.periods) > 1 and concerns([table]):
            for before, after, missing in skipped(table.periods):
                found = f"{before.chinese()}与{after.chinese()}之间缺{named(missing, table.periods)}"
                findings.add(PERIOD_MISSING, str(table.table), found)
    for group in runs(tables):
        if not concerns(group):
            continue
        at: dict[Period, TableSeries] = {}
        for table in group:
            at[table.periods[0]] = table
        for before, after, missing in skipped(at):
            found = f"{named(missing, tuple(at))}没有表：前一个是{at[before].table}，后一个是{at[after].table}"
            for edge in (before, after):
                findings.add(PERIOD_MISSING, str(at[edge].table), found)


def runs(tables: Iterable[TableSeries]) -> list[list[TableSeries]]:
    """The tables of one period each, those of the same form together."""
    groups: list[list[TableSeries]] = []
    for table in tables:
        if len(table.periods) == 1:
            group = next((group for group in groups if group[0].has_shape_of(table)), None)
            if group is None:
                groups.append([table])
            else:
                group.append(table)
    return groups


def skipped(periods: Iterable[Period]) -> list[tuple[Period, Period, tuple[Period, ...]]]:
    """The gaps in a run of months, quarters, half-years or years, each with the periods before and after it.

    No run: where fewer than half of the steps are the shortest one, or more is missing than a third of what is there
    (columns that compare a month with last year's).
    """
    ordered = sorted(set(periods))
    steps = [after.ordinal - before.ordinal for before, after in pairwise(ordered)]
    if len(ordered) < _FEWEST:
        return []
    step = min(steps)
    if step not in _STEPS or 2 * steps.count(step) < len(steps) or any(one % step for one in steps):
        return []
    gaps = []
    for before, after in pairwise(ordered):
        between = range(before.ordinal + step, after.ordinal, step)
        missing = tuple(
            period for ordinal in between if (period := Period.from_ordinal(ordinal)).month != 1 or step == _YEAR
        )
        if missing:
            gaps.append((before, after, missing))
    if 3 * sum(len(missing) for _, _, missing in gaps) > max(len(ordered), 3):
        return []
    return gaps


_FEWEST = 3
_YEAR = 12
_STEPS = {1, 3, 6, _YEAR}


def named(periods: Sequence[Period], among: Iterable[Period]) -> str:
    """The periods as a run of years or of months would name them."""
    if len({period.month for period in (*periods, *among)}) == 1 and periods[0].month == _YEAR:
        return "、".join(f"{period.year}年" for period in periods)
    return "、".join(period.chinese() for period in periods)
