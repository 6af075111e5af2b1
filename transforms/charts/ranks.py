"""Draws how areas moved from the month before to this one, and their ranks through the year; ranks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from transforms.charts.drawing import (
    GOOD,
    GREY,
    INK,
    LEADING,
    PALE,
    PAPER,
    PLAIN,
    SMALL,
    Drawing,
    Line,
    Mark,
    Outline,
    Words,
    lines_of_words,
    text_width,
    wrapped,
)
from transforms.charts.legend import Sign, legend, nothing_to_show
from transforms.charts.months import Months, runs
from transforms.charts.shapes import circle, polyline
from transforms.writing.histories import NEWEST_VINTAGE, AreaHistory, AreaRanks

_TOP, _ROW = 20.0, 13.5
_WIDEST_NAME, _RANK, _MOVED, _YEAR = 96.0, 20.0, 40.0, 84.0


def ranks(history: AreaHistory, title: str = "", width: float = 460) -> Drawing:
    """Each area's place a month ago joined to its place now; areas of one rank stand below each other with its number.

    At the right each area's rank through the year, best on top, where more than two months are past.
    """
    title = title or f"{history.title}：位次变化"
    ranked = [area for area in history.areas if area.ranks and area.ranks[-1] is not None]
    ranked.sort(key=lambda area: area.ranks[-1] or 0)
    if not ranked:
        return nothing_to_show("ranks", width, title, "本期没有参与排名的区域。")
    names = {area.area: wrapped(area.area, PLAIN, _WIDEST_NAME) for area in ranked}
    row = max(_ROW, max(len(lines) for lines in names.values()) * LEADING * PLAIN + 3)
    widest = max(text_width(line, PLAIN) for lines in names.values() for line in lines)
    year = _YEAR if len(ranked[0].ranks) > 2 else 0.0
    sides = _Sides(widest + _RANK, width - year - _MOVED - widest - _RANK, row)
    heights = {area.area: _TOP + row * (at + 0.5) for at, area in enumerate(ranked)}
    marks: list[Mark] = [Words(sides.right, 10, f"{history.period.month}月", SMALL, "middle", GREY)]
    before = _before(ranked)
    if before:
        marks.append(Words(sides.left, 10, f"{history.period.month - 1}月", SMALL, "middle", GREY))
        marks.append(Words(width - year - 2, 10, "变化", SMALL, "end", GREY))
    marks += _joins(before, ranked, heights, sides)
    for area in ranked:
        y = heights[area.area]
        marks += lines_of_words(names[area.area], sides.right + _RANK, y, PLAIN)
        marks += lines_of_words([str(area.ranks[-1])], sides.right + 5, y, PLAIN)
        marks += lines_of_words([_moved(area)], width - year - 2, y, PLAIN, "end")
    for at, area in enumerate(before):
        y = _TOP + row * (at + 0.5)
        marks += lines_of_words(names[area.area], sides.left - _RANK, y, PLAIN, "end")
        marks += lines_of_words([str(area.ranks[-2])], sides.left - 5, y, PLAIN, "end")
    if year:
        marks += _years(ranked, heights, Months(width - year + 8, width), row)
    foot = _TOP + row * len(ranked)
    key, bottom = legend(_entries(ranked), 0, foot + 4, width)
    return Drawing("ranks", width, bottom, title, _description(history, ranked), (*marks, *key))


class _Sides(NamedTuple):
    left: float
    right: float
    row: float


def _before(ranked: Sequence[AreaRanks]) -> list[AreaRanks]:
    """The areas in the order of the month before; of one rank in this month's order, which crosses least."""
    known = [area for area in ranked if _earlier(area) is not None]
    return sorted(known, key=lambda area: _earlier(area) or 0)


def _earlier(area: AreaRanks) -> int | None:
    return area.ranks[-2] if len(area.ranks) > 1 else None


def _joins(
    before: Sequence[AreaRanks], ranked: Sequence[AreaRanks], heights: dict[str, float], sides: _Sides
) -> list[Mark]:
    order = [area.area for area in before]
    groups: dict[str, list[Mark]] = {"": [], "4 2": [], "rise": []}
    for at, area in enumerate(before):
        start, end = _TOP + sides.row * (at + 0.5), heights[area.area]
        change = _change(area) or 0
        stroke, thickness, dash = (GOOD, 1.8, "") if change > 0 else (INK, 1.1, "4 2") if change else (GREY, 0.7, "")
        groups["rise" if change > 0 else dash].append(
            Line(sides.left, start, sides.right, end, stroke, thickness, dash)
        )
    dots = [circle(sides.right, heights[area.area], 2) for area in ranked]
    dots += [circle(sides.left, _TOP + sides.row * (at + 0.5), 2) for at in range(len(order))]
    # What rose lies on top, what stayed at the bottom.
    return [*groups[""], *groups["4 2"], *groups["rise"], Outline("".join(dots), INK, PAPER, 0.5)]


def _change(area: AreaRanks) -> int | None:
    """Places gained since the month before."""
    now, earlier = area.ranks[-1], _earlier(area)
    return None if now is None or earlier is None else earlier - now


def _moved(area: AreaRanks) -> str:
    change = _change(area)
    if change is None:
        return ""
    return "持平" if change == 0 else f"↑{change}" if change > 0 else f"↓{-change}"


def _years(ranked: Sequence[AreaRanks], heights: dict[str, float], months: Months, row: float) -> list[Mark]:
    """A small line for each area; the frame of each is first place on top and the last place at the bottom."""
    last = max(rank for area in ranked for rank in area.ranks if rank is not None)
    middle = (months.left + months.right) / 2
    marks: list[Mark] = [Words(middle, 10, f"1—{len(ranked[0].ranks)}月位次", SMALL, "middle", GREY)]
    half, step = min(row / 2 - 2.5, _RANK / 2), (months.right - months.left - 6) / (len(ranked[0].ranks) - 1)
    for area in ranked:
        y = heights[area.area]
        marks.append(Line(months.left, y + row / 2, months.right, y + row / 2, PALE, 0.5))
        points = [
            None
            if rank is None
            else (months.left + 3 + step * at, y - half + 2 * half * ((rank - 1) / (last - 1) if last > 1 else 0.5))
            for at, rank in enumerate(area.ranks)
        ]
        marks += [Outline(polyline(run), "none", INK, 0.9) for run in runs(points) if len(run) > 1]
        end = points[-1]
        if end is not None:
            marks.append(Outline(circle(*end, 1.7), INK, "none"))
    return marks


def _entries(ranked: Sequence[AreaRanks]) -> list[tuple[Sign, str]]:
    changes = {(change > 0) - (change < 0) for area in ranked if (change := _change(area)) is not None}
    entries: list[tuple[Sign, str]] = []
    if 1 in changes:
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, GOOD, 1.8)], "位次上升"))
    if -1 in changes:
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, INK, 1.1, "4 2")], "位次下降"))
    if 0 in changes:
        entries.append((lambda x, y: [Line(x - 8, y, x + 8, y, GREY, 0.7)], "位次持平"))
    numbers = [area.ranks[-1] for area in ranked]
    if len(set(numbers)) < len(numbers):
        entries.append((lambda x, y: [Words(x, y + 3, "2", SMALL, "middle")], "名次数字相同为并列"))
    return entries


def _description(history: AreaHistory, ranked: Sequence[AreaRanks]) -> str:
    left_out = [area.area for area in history.areas if area not in ranked]
    absent = f"{'、'.join(left_out)}未参与排名。" if left_out else ""
    return f"{'；'.join(_sentence(area) for area in ranked)}。{absent}{NEWEST_VINTAGE}。"


def _sentence(area: AreaRanks) -> str:
    change = _change(area)
    words = "" if change is None else "，持平" if not change else f"，{'上升' if change > 0 else '下降'}{abs(change)}位"
    return f"{area.area}第{area.ranks[-1]}位{words}"
