"""Rechecks what one file states against itself, a printed figure being an interval (method §5); needs no plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from transforms.doubts import Doubt, Severity
from transforms.readings import Contents, Table
from transforms.rechecking.file_rechecks import file_rechecks
from transforms.rechecking.rank_rechecks import rank_rechecks
from transforms.rechecking.row_rechecks import row_rechecks


def rechecks(contents: Contents) -> tuple[Doubt, ...]:
    """All that the file's own figures contradict, for whoever has the file alone.

    A monthly run takes ``rechecks_of_tables``: the rest (sums over months, areas and years) its gates ask of all files
    together, knowing the plan and the district, so that nothing is told twice.
    """
    return tuple(dict.fromkeys((*rechecks_of_tables(contents), *file_rechecks(contents))))


def rechecks_of_tables(contents: Contents) -> tuple[Doubt, ...]:
    """What a table states that doesn't follow from the same table: 完成率, 同比, 位次, 本月 beside 累计."""
    return tuple(doubt for table in contents.tables for doubt in _of_table(table))


def _of_table(table: Table) -> Iterator[Doubt]:
    yield from row_rechecks(table)
    yield from rank_rechecks(table)


def toned(doubts: Iterable[Doubt], needed: frozenset[str], known: frozenset[str]) -> Iterator[Doubt]:
    """The doubts as a bulletin must know of them, by the cells that it rests on and those that the plan has a name for.

    A critical one that no judged figure rests on is a warning; one about what the plan doesn't know is for the record.
    """
    for doubt in doubts:
        cells = set(doubt.places)
        severity = doubt.severity
        if severity is Severity.CRITICAL and not cells & needed:
            severity = Severity.WARNING
        if not cells & known:
            severity = Severity.INFO
        yield replace(doubt, severity=severity)
