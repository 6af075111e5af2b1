"""Rechecks the ranks that a table of areas states against the figures it ranks; knows no district."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from transforms.doubts import Doubt, Severity
from transforms.readings import Measure, Reading, Table
from transforms.rechecking.row_rechecks import doubt
from transforms.rechecking.table_rows import Row, interval_of, quoted, rows_of

RANK = "rank-follows"

_RANKED = (
    Measure.YEAR_TO_DATE_GROWTH, Measure.YEAR_TO_DATE, Measure.MONTH_GROWTH, Measure.MONTH, Measure.LEVEL,
    Measure.COMPLETION, Measure.YEAR, Measure.QUARTER,
)  # fmt: skip
_FEWEST = 5
"""Areas below which a few ranks out of place can't be told from a ranking by something else."""
_TOTALS = re.compile(r"|合计|总计|小计|平均|.*小计|全[国省市县区].*")


def rank_rechecks(table: Table) -> Iterator[Doubt]:
    """Each rank that no order of the figures gives, where the others show which figures are ranked.

    Nothing says which column a rank is about, whether the most or the least is first, or whether ties share a rank. So
    all are tried; and where no reading puts most areas in place, the ranks are of something else, such as the province.
    """
    rows = [row for row in rows_of(table) if not _TOTALS.fullmatch(row.area)]
    ordered = sorted(rows, key=lambda row: (row.label, row.parent, row.period))
    for _, group in groupby(ordered, key=lambda row: (row.label, row.parent, row.period)):
        members = list(group)
        if len(members) >= _FEWEST:
            yield from _group(members)


def _group(rows: list[Row]) -> Iterator[Doubt]:
    columns = _columns(rows)
    figures = {key: cells for key, cells in columns.items() if key[0] in _RANKED}
    for (measure, _), ranks in columns.items():
        if measure is not Measure.RANK:
            continue
        tried = [
            ((order, key[0] in {Measure.MONTH, Measure.QUARTER}), wrong, cells)
            for key, cells in figures.items()
            for order in (1, -1)
            if len(cells.keys() & ranks.keys()) == len(ranks) >= _FEWEST
            if (wrong := _out_of_place(ranks, cells, order)) is not None
        ]
        if not tried:
            continue
        _, wrong, cells = min(tried, key=lambda one: len(one[1]))
        if wrong and len(wrong) * 2 <= len(ranks):
            for area, possible in wrong.items():
                row = next(row for row in rows if row.area == area)
                words = (
                    f"所报位次第{quoted(ranks[area]).removesuffix('位')}位，"
                    f"按表内数据{quoted(cells[area])}应居第{possible}位"
                )
                yield doubt(
                    RANK, Severity.WARNING, row, (words, f"第{possible}位"),
                    "核对位次和所排的数，改正后重新报送；另按其他范围排位的，请在表头注明", (ranks[area], cells[area]),
                )  # fmt: skip


def _columns(rows: list[Row]) -> Mapping[tuple[Measure, str], Mapping[str, Reading]]:
    """The numbers of each column by area; a measure may stand in several."""
    columns: dict[tuple[Measure, str], dict[str, Reading]] = {}
    for row in rows:
        for reading in row.readings:
            if reading.value is not None:
                letters = reading.cell.ref.rstrip("0123456789")
                columns.setdefault((reading.measure, letters), {})[row.area] = reading
    return columns


def _out_of_place(ranks: Mapping[str, Reading], figures: Mapping[str, Reading], order: int) -> dict[str, str] | None:
    """The areas whose rank the figures can't give, each with the ranks that they can."""
    wrong: dict[str, str] = {}
    intervals = {area: interval_of(figures[area], next(iter(figures.values())).unit) for area in ranks}
    for area, rank in ranks.items():
        own = intervals[area]
        if own is None or rank.value is None:
            return None
        own = own if order == 1 else -own
        others = [one if order == 1 else -one for name, one in intervals.items() if name != area and one is not None]
        above = sum(other.low >= own.high for other in others)
        equal = sum(other.high > own.low for other in others)
        if not above < rank.value <= equal + 1:
            wrong[area] = str(above + 1) if above == equal else f"{above + 1}～{equal + 1}"
    return wrong
