"""Draws an indicator's growth, month by month, against its target as columns from zero; judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from transforms.charts.axis import Axis, axis_of
from transforms.charts.drawing import (
    ASCENT,
    GOOD,
    INK,
    PAPER,
    POOR,
    SMALL,
    Box,
    Drawing,
    Line,
    Mark,
    Outline,
    Words,
    text_width,
)
from transforms.charts.legend import Sign, legend, nothing_to_show
from transforms.charts.months import Months, frame, labels_width, told, unreported
from transforms.charts.placing import spread
from transforms.charts.shapes import diamond
from transforms.writing.histories import NEWEST_VINTAGE, IndicatorHistory, Shown

_TOP, _LABEL_PITCH, _COLUMN = 30.0, 11.0, 0.52
_FIGURE = 15
"""The height that a figure takes below its column."""
_RATES = ("grow", "range")


def growth(history: IndicatorHistory, title: str = "", width: float = 460, height: float = 180) -> Drawing:
    """The year-to-date growth of each month; for a growth target beside last year's and the target's line."""
    title = title or f"{history.name}：各月累计增速{'与全年目标' if history.kind in _RATES else ''}"
    is_rate = history.kind in _RATES
    rates = [month.value if is_rate else month.growth for month in history.months]
    before = history.last_year if is_rate else (None,) * 12
    if not any(rates) and not any(before):
        return nothing_to_show("growth", width, title, f"{history.name}没有增速数据。")
    limits = [one for one in (history.target, history.upper) if one is not None] if is_rate else []
    values = [one.value for one in (*rates, *before, *limits) if one is not None]
    axis = _axis(values, height)
    names = _limit_names(limits)
    months = Months(labels_width(axis) + 8, width - max((text_width(name, SMALL) for name in names), default=0) - 8)
    marks = frame(months, axis, "%")
    marks += _columns(rates, months, axis, limits)
    for limit in limits:
        y = axis.at(limit.value)
        marks.append(Line(months.left, y, months.right, y, INK, 1.2, "6 3"))
    heights = spread([axis.at(limit.value) for limit in limits], _LABEL_PITCH, axis.end, axis.start)
    marks += [Words(months.right + 5, y + 3, name, SMALL) for y, name in zip(heights, names, strict=True)]
    marks += _last_year(before, months, axis)
    marks += [] if not is_rate else unreported(months, history.months, axis.at(Decimal(0)))
    marks += _texts(rates, before, limits, months, axis)
    key, bottom = legend(_entries(rates, before, limits), 0, axis.start + 18, width)
    return Drawing("growth", width, bottom, title, _description(history, rates, before, limits), (*marks, *key))


def _axis(values: Sequence[Decimal], height: float) -> Axis:
    """From zero, with room for a falling column's figure below it and above the months' names."""
    zero = Decimal(0)
    lowest, highest = min([zero, *values]), max([zero, *values])
    free = int(height - _TOP)
    room = (highest - lowest) * _FIGURE / (free - _FIGURE) if lowest < 0 else zero
    return axis_of([*values, lowest - room], height, _TOP, (zero,))


def _limit_names(limits: Sequence[Shown]) -> list[str]:
    heads = ("目标",) if len(limits) == 1 else ("下限", "上限")
    return [f"{head}{limit.text}" for head, limit in zip(heads, limits, strict=False)]


def _columns(rates: Sequence[Shown | None], months: Months, axis: Axis, limits: Sequence[Shown]) -> list[Mark]:
    wide, zero = months.step * _COLUMN, axis.at(Decimal(0))
    marks: list[Mark] = []
    for month, rate in enumerate(rates, 1):
        if rate is not None:
            y = axis.at(rate.value)
            fill, edge = (POOR, INK) if limits and rate.value < limits[0].value else (GOOD, GOOD)
            box = (min(y, zero), max(abs(y - zero), 0.8))  # Zero is a figure: its column is a stroke.
            marks.append(Box(months.at(month) - wide / 2, box[0], wide, box[1], fill, edge, 0.7))
    return marks


def _last_year(before: Sequence[Shown | None], months: Months, axis: Axis) -> list[Mark]:
    points = [diamond(months.at(m), axis.at(one.value), 3) for m, one in enumerate(before, 1) if one is not None]
    return [Outline("".join(points), PAPER, INK, 1)] if points else []


def _texts(
    rates: Sequence[Shown | None],
    before: Sequence[Shown | None],
    limits: Sequence[Shown],
    months: Months,
    axis: Axis,
) -> list[Mark]:
    """Each column's figure at its end, or further out where the target's line or last year's sign runs through it.

    Where figures are wider than the columns stand apart the latest alone is told.
    """
    marks: list[Mark] = []
    known = [(month, rate) for month, rate in enumerate(rates, 1) if rate is not None]
    roomy = all(text_width(rate.text, SMALL) < months.step - 2 for _, rate in known)
    lines = [axis.at(limit.value) for limit in limits]
    for month, rate in known if roomy else known[-1:]:
        earlier = before[month - 1]
        avoided = lines if earlier is None else [*lines, axis.at(earlier.value) - 3, axis.at(earlier.value) + 3]
        outward = -1 if rate.value >= 0 else 1
        end = axis.at(rate.value) + outward * 4 + (ASCENT * SMALL if outward > 0 else 0)
        tries = [end + outward * 2 * further for further in range(_FURTHEST)]
        free = (base for base in tries if not any(base - ASCENT * SMALL - 1 < y < base + 2 for y in avoided))
        marks.append(Words(months.at(month), next(free, end), rate.text, SMALL, "middle"))
    return marks


_FURTHEST = 12
"""Steps of two units that a column's figure may stand away from its end."""


def _entries(
    rates: Sequence[Shown | None], before: Sequence[Shown | None], limits: Sequence[Shown]
) -> list[tuple[Sign, str]]:
    known = [rate.value for rate in rates if rate is not None]
    entries: list[tuple[Sign, str]] = []
    if not limits:
        entries.append((_good_sign, "累计增速"))
    else:
        if any(rate >= limits[0].value for rate in known):
            entries.append((_good_sign, "累计增速，不低于目标"))
        if any(rate < limits[0].value for rate in known):
            entries.append((lambda x, y: [Box(x - 5, y - 4, 10, 8, POOR, INK, 0.7)], "累计增速，低于目标"))
        words = "全年目标区间" if len(limits) > 1 else "全年目标"
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, INK, 1.2, "6 3")], words))
    if any(before):
        entries.append((lambda x, y: [Outline(diamond(x, y, 3), PAPER, INK, 1)], "上年同期增速"))
    return entries


def _good_sign(x: float, y: float) -> list[Mark]:
    return [Box(x - 5, y - 4, 10, 8, GOOD)]


def _description(
    history: IndicatorHistory, rates: Sequence[Shown | None], before: Sequence[Shown | None], limits: Sequence[Shown]
) -> str:
    parts = [f"累计增速：{told(rates, '%')}" if any(rates) else "本年尚无增速"]
    if any(before):
        parts.append(f"上年：{told(before, '%')}")
    if limits:
        parts.append(f"全年目标{history.target_cell}%")
    return f"{'；'.join(parts)}。{NEWEST_VINTAGE}。"
