"""Rechecks what one file states against itself, a printed figure being an interval (method §5); needs no plan."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from transforms.doubts import Doubt, Severity
from transforms.file_rechecks import file_rechecks
from transforms.rank_rechecks import rank_rechecks
from transforms.readings import Contents, Table
from transforms.row_rechecks import row_rechecks

FILLED_IN = "filled-in-after-period"


def rechecks(contents: Contents) -> tuple[Doubt, ...]:
    """All that the file's own figures contradict, for whoever has the file alone.

    A monthly run takes ``rechecks_of_tables``: the rest (sums over months, areas and years) its gates ask of all files
    together, knowing the plan and the district, so that nothing is told twice.
    """
    return tuple(dict.fromkeys((*rechecks_of_tables(contents), *file_rechecks(contents))))


def rechecks_of_tables(contents: Contents) -> tuple[Doubt, ...]:
    """What a table states that doesn't follow from the same table: 完成率, 同比, 位次, 本月 beside 累计, 填报日期."""
    return tuple(doubt for table in contents.tables for doubt in _of_table(table))


def _of_table(table: Table) -> Iterator[Doubt]:
    yield from row_rechecks(table)
    yield from rank_rechecks(table)
    yield from _filled_in(table)


_FILLED = re.compile(
    r"(?:填报|填表|报出|制表|报送|上报)(?:日期|时间)\s*[:：]\s*(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})"
)


def _filled_in(table: Table) -> Iterator[Doubt]:
    """A table that was filled in before its period was over can't have the period's figures."""
    for found in (found for note in table.notes for found in _FILLED.finditer(note)):
        try:
            day = dt.date(*(int(part) for part in found.groups()))
        except ValueError:
            continue
        if table.period is not None and day < table.period.last_day:
            yield Doubt(
                expectation=FILLED_IN,
                severity=Severity.WARNING,
                subject=f"《{table.sheet}》",
                found=f"填报日期{day.isoformat()}早于{table.period.chinese()}的最后一天",
                expected="所报时期结束后填报",
                cure="核对表题的时期与填报日期；属快报、预计数的，请注明，正式数出来后重新报送",
                places=(f"{table.workbook}《{table.sheet}》",),
                period=table.period,
            )


def toned(doubts: Iterable[Doubt], needed: frozenset[str], known: frozenset[str]) -> Iterator[Doubt]:
    """The doubts as a bulletin must know of them, by the cells that it rests on and those that the plan has a name for.

    A critical one that no judged figure rests on is a warning; one about what the plan doesn't know is for the record.
    """
    for doubt in doubts:
        cells = set(doubt.places)
        severity = doubt.severity
        if severity is Severity.CRITICAL and not cells & needed:
            severity = Severity.WARNING
        if doubt.expectation != FILLED_IN and not cells & known:
            severity = Severity.INFO
        yield replace(doubt, severity=severity)
