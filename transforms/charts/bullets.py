"""Draws how far each indicator has come against its path, 序时进度 and 历史同期进度, as bullet bars; judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from transforms.assessments import Status
from transforms.charts.axis import Axis, axis_of
from transforms.charts.drawing import (
    FAINT,
    GOOD,
    GREY,
    INK,
    LEADING,
    PALE,
    PAPER,
    PLAIN,
    POOR,
    SMALL,
    Box,
    Drawing,
    Line,
    Mark,
    Outline,
    Words,
    lines_of_words,
    text_width,
    wrapped,
)
from transforms.charts.legend import Sign, legend, nothing_to_show, status_entries
from transforms.charts.shapes import diamond, polygon, status_marks
from transforms.figures import HUNDRED
from transforms.writing.histories import HistoryMonth, IndicatorHistory

_NAME_FROM, _NAME_SHARE = 14.0, 0.33
_MOST = Decimal(200)
"""Beyond twice the target a bar ends in an arrow and its number tells the rest."""
_MOST_IN_A_CELL = Decimal(120)
_TRACK, _BAR, _TICK, _DIAMOND, _LEAST_ROW = 12.0, 7.0, 15.0, 3.8, 19.0
_HEAD = 16.0


def bullets(histories: Sequence[IndicatorHistory], title: str = "", width: float = 460) -> Drawing:
    """A bar for each indicator that is judged by its completion; the others are left out, as no bar means them."""
    shown = [history for history in histories if history.is_pro_rated]
    if not shown:
        return nothing_to_show("bullets", width, title or "完成率", "没有按完成率评价的指标。")
    period = shown[0].now.period
    title = title or f"各指标完成率与应达进度（{period.year}年{period.chinese_year_to_date()}）"
    values = [text_width(_value(history.now), PLAIN) for history in shown]
    left, right = _NAME_FROM + width * _NAME_SHARE + 6, width - max(*values, text_width("完成率", SMALL)) - 8
    axis = _axis(shown, left, right)
    marks: list[Mark] = [Words(width, 10, "完成率", SMALL, "end", GREY)]
    rows: list[Mark] = []
    y = _HEAD
    for history in shown:
        lines = wrapped(history.name, PLAIN, left - 6 - _NAME_FROM)
        height = max(_LEAST_ROW, len(lines) * LEADING * PLAIN + 6)
        marks.append(Box(left, y + height / 2 - _TRACK / 2, axis.at(HUNDRED) - left, _TRACK, PALE))
        rows += _row(history, lines, y + height / 2, axis, width)
        y += height
    marks += _elapsed(shown[0].now, axis, y, (left, right))
    marks += rows
    marks += _ticks(axis, y)
    key, bottom = legend(_entries(shown), 0, y + 18, width)
    return Drawing("bullets", width, bottom, title, _description(shown), (*marks, *key))


def bullet(history: IndicatorHistory, title: str = "", width: float = 94, height: float = 16) -> Drawing:
    """One indicator's bar without words, for a table's cell; beyond 120 % it ends in an arrow."""
    # Half a diamond keeps free of either end.
    axis = Axis((Decimal(0), _MOST_IN_A_CELL), _DIAMOND + 1, width - _DIAMOND - 1)
    title = title or f"{history.name}：完成率与应达进度"
    track = Box(axis.start, height / 2 - _TRACK / 2, axis.at(HUNDRED) - axis.start, _TRACK, PALE)
    marks = (track, *_bar(history.now, height / 2, axis)) if history.is_pro_rated else ()
    return Drawing("bullet", width, height, title, _description([history]), marks)


def _axis(shown: Sequence[IndicatorHistory], left: float, right: float) -> Axis:
    now = [history.now for history in shown]
    held = [one.value for month in now for one in (month.completion, month.last_year_path) if one is not None]
    return axis_of([min(max(value, Decimal(0)), _MOST) for value in held], left, right, (Decimal(0), HUNDRED))


def _row(history: IndicatorHistory, lines: Sequence[str], middle: float, axis: Axis, width: float) -> list[Mark]:
    marks: list[Mark] = [*status_marks([(history.now.status, 6, middle)], 8.5)]
    marks += lines_of_words(lines, _NAME_FROM, middle, PLAIN)
    marks += _bar(history.now, middle, axis)
    marks += lines_of_words([_value(history.now)], width, middle, PLAIN, "end")
    return marks


def _bar(now: HistoryMonth, middle: float, axis: Axis) -> list[Mark]:
    marks: list[Mark] = []
    if now.completion is not None:
        end = axis.at(now.completion.value)
        top, foot = middle - _BAR / 2, middle + _BAR / 2
        fill, edge = _inks(now.status)
        marks.append(Box(axis.start, top, end - axis.start, _BAR, fill, edge, 0.7))
        if now.completion.value > axis.ticks[-1]:
            arrow = [(end - 8, top - 3), (end, middle), (end - 8, foot + 3)]
            marks.append(Outline(polygon(arrow), GOOD, PAPER, 0.8))
    if now.declared_path is not None and now.declared_path.value > 0:
        at = axis.at(now.declared_path.value)
        marks.append(Line(at, middle - _TICK / 2, at, middle + _TICK / 2, INK, 2))
    if now.last_year_path is not None:
        marks.append(Outline(diamond(axis.at(now.last_year_path.value), middle, _DIAMOND), PAPER, INK, 1))
    return marks


def _inks(status: Status) -> tuple[str, str]:
    if status in {Status.BEHIND, Status.SEVERELY_BEHIND, Status.MISSED}:
        return POOR, INK
    return (FAINT, GREY) if status is Status.NOT_DUE else (GOOD, GOOD)


def _value(now: HistoryMonth) -> str:
    return now.status.chinese if now.completion is None else f"{now.completion.text}%"


def _elapsed(now: HistoryMonth, axis: Axis, foot: float, within: tuple[float, float]) -> list[Mark]:
    if now.elapsed_path is None:
        return []
    at, text = axis.at(now.elapsed_path.value), f"序时{now.elapsed_path.text}%"
    half = text_width(text, SMALL) / 2
    return [
        Line(at, _HEAD - 3, at, foot, INK, 0.8, "3 2"),
        Words(min(max(at, within[0] + half), within[1] - half), 10, text, SMALL, "middle"),
    ]


def _ticks(axis: Axis, y: float) -> list[Mark]:
    marks: list[Mark] = [Line(axis.start, y, axis.end, y, GREY, 0.6)]
    for tick, label in zip(axis.ticks, axis.labels(), strict=True):
        at = axis.at(tick)
        marks += [Line(at, y, at, y + 3, GREY, 0.6), Words(at, y + 12, f"{label}%", SMALL, "middle", GREY)]
    return marks


def _entries(shown: Sequence[IndicatorHistory]) -> list[tuple[Sign, str]]:
    months = [history.now for history in shown]
    drawn = {_inks(one.status) for one in months if one.completion is not None}
    entries: list[tuple[Sign, str]] = [(_bar_sign(inks), _BAR_WORDS[inks]) for inks in _BAR_WORDS if inks in drawn]
    entries.append((lambda x, y: [Box(x - 7, y - 5, 14, 10, PALE)], "全年目标（100%）"))
    if any(one.declared_path is not None and one.declared_path.value > 0 for one in months):
        entries.append((lambda x, y: [Line(x, y - 6, x, y + 6, INK, 2)], "应达进度"))
    entries.append((lambda x, y: [Line(x, y - 6, x, y + 6, INK, 0.8, "3 2")], "序时进度"))
    if any(one.last_year_path is not None for one in months):
        entries.append((lambda x, y: [Outline(diamond(x, y, _DIAMOND), PAPER, INK, 1)], "历史同期进度"))
    return [*entries, *status_entries(one.status for one in months)]


_BAR_WORDS = {
    (GOOD, GOOD): "完成率",
    (POOR, INK): "完成率（低于应达进度）",
    (FAINT, GREY): "完成率（本期不作要求）",
}


def _bar_sign(inks: tuple[str, str]) -> Sign:
    return lambda x, y: [Box(x - 7, y - 3.5, 14, 7, inks[0], inks[1], 0.7)]


def _description(shown: Sequence[IndicatorHistory]) -> str:
    return "".join(f"{_sentence(history)}。" for history in shown)


def _sentence(history: IndicatorHistory) -> str:
    now = history.now
    parts = [f"{history.name}{now.status.chinese}"]
    if now.completion is not None:
        parts.append(f"完成率{now.completion.text}%")
    if now.declared_path is not None:
        parts.append(f"应达{now.declared_path.text}%")
    if now.last_year_path is not None and history.path_name != "历史同期进度":
        parts.append(f"历史同期{now.last_year_path.text}%")
    return "，".join(parts)
