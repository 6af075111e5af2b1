"""The months of each indicator, as a sheet of the newest vintages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.render.sheets.cells import CODE, Column, Number, Row, Sheet
from transforms.figures import places_of
from transforms.writing.bulletin import Bulletin
from transforms.writing.histories import HistoryMonth, IndicatorHistory, Shown


def histories(bulletin: Bulletin) -> Sheet:
    """Some rows for each indicator, a column for each month."""
    columns = (
        Column("指标", 32),
        Column("单位", 8, "centred"),
        Column("项目", 18),
        *(Column(f"{month}月", 12, "number") for month in range(1, 13)),
    )
    rows = [row for history in bulletin.histories for row in _months(history, bulletin.period.year)]
    note = "各月均为最新数据版本，可能与当月通报印发时的数字不同；没有数据的月份空着。"
    return Sheet(columns, rows, (CODE,), kept=3, note=note)


def _months(history: IndicatorHistory, year: int) -> Iterator[Row]:
    """A line for each thing that's known of any month; numbers as they're printed."""
    lines: list[tuple[str, str, Sequence[Shown | None]]] = [
        (f"{year}年", history.unit, [month.value for month in history.months]),
        (f"{year - 1}年", history.unit, history.last_year),
        ("同比", "%", [_growth(history, month) for month in history.months]),
        ("完成率", "%", [month.completion for month in history.months]),
    ]
    if history.path_name:
        lines.append((history.path_name, "%", [month.declared_path for month in history.months]))
    for what, unit, values in lines:
        if any(values):
            told = [Number(one.value, places_of(one.value)) if one else "" for one in values]
            yield (history.name, unit, what, *told, *[""] * (12 - len(told)), history.code)
    words = [month.status.chinese for month in history.months]
    yield (history.name, "", "状态", *words, *[""] * (12 - len(words)), history.code)


def _growth(history: IndicatorHistory, month: HistoryMonth) -> Shown | None:
    """The growth beside a figure, which isn't one itself."""
    return None if history.kind in {"grow", "range"} else month.growth
