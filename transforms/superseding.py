"""Of the figures that several vintages name, the newest, and what it replaced; gives no reading its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.figures import Interval, exact
from transforms.observations import Observation, Revision
from transforms.periods import Period
from transforms.readings import Measure, State
from transforms.tables.measure_words import WORDS
from transforms.units import convert

Key = tuple[str, str, Period, Measure, str]
"""A figure's code, area, period, measure and option."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was made of a reading that was matched."""

    observation: Observation
    area: str
    """The area in the table's own words."""
    in_force: bool


def newest_of(
    candidates: Mapping[Key, list[Found]], plan: Plan, doubts: list[Doubt]
) -> tuple[list[Observation], list[Revision]]:
    """What holds now, and what it replaced; two values that came at one moment are doubted."""
    observations: list[Observation] = []
    revisions: list[Revision] = []
    names = {indicator.code: indicator.name for indicator in plan.indicators}
    names |= {task.code: task.task for task in plan.qualitative}
    for (code, area, period, measure, _option), found in candidates.items():
        # A blank never replaces a figure: it says that nothing is known, not that the figure is withdrawn. Nor does an
        # error, which is a fault of the file.
        told = [one for one in found if one.observation.state is not State.BLANK]
        stated = [one for one in told if one.observation.state is not State.ERROR] or told or found
        if not any(one.in_force for one in stated):
            continue  # What was taken out of a file counts no more.
        # What has been replaced still tells what was revised, but never wins.
        stated.sort(key=lambda one: one.in_force)
        newest = stated[-1]
        last = newest.observation
        for one in stated[:-1]:
            earlier = in_unit(one.observation, last.unit)
            if measure in WORDS:
                continue  # Two tables may tell of one task in different words.
            if agree(earlier, last):
                if earlier.received == last.received and _telling(one) > _telling(newest):
                    newest, last = one, one.observation
                continue
            if earlier.received == last.received:
                doubts.append(_conflict(names[code], one.observation, last))
                continue
            if earlier.value is None and last.value is None:
                continue  # 是 or a day: there are no two figures to print beside each other.
            revision = Revision(
                code, area, period, measure, earlier.value, last.value, last.unit,
                earlier.cells[0], last.cells[0], last.received,
            )  # fmt: skip
            told_before = revisions and revisions[-1]
            if not (told_before and told_before == replace(revision, old_cell=told_before.old_cell)):
                revisions.append(revision)  # Several tables repeat a figure; its revision is told once.
        observations.append(last)
    return observations, revisions


def in_unit(one: Observation, unit: str) -> Observation:
    """The same figure in another unit: the level beside a growth rate keeps its table's own, 万元 or 亿元."""
    value = None if one.value is None or one.unit == unit else convert(one.value, one.unit, unit)
    if value is None or one.value is None:
        return one
    return replace(one, value=value, unit=unit, places=places_after(one.value, value, one.places))


def places_after(before: Decimal, after: Decimal, places: int) -> int:
    """The digits after the point that a figure keeps when it's turned into another unit, a power of ten away."""
    return max(0, places - ((after / before).adjusted() if before else 0))


def _telling(found: Found) -> tuple[int, bool]:
    """Of figures that came together and agree, the one with more digits is cited, then the one of the main table.

    A table of areas repeats the whole district's figure in a row of its own.
    """
    return found.observation.places, not found.area


def agree(one: Observation, other: Observation) -> bool:
    """Whether two figures can be one, printed with different digits.

    A whole number isn't taken for a rounded one: a spreadsheet keeps 10.0 as 10, and 9.5 beside it is another figure.
    """
    if one.value is None or other.value is None:
        return one.state == other.state and one.text == other.text
    if one.value == other.value:
        return True
    rounded = min(one.places, other.places) > 0 and one.places != other.places
    return rounded and Interval.of(one.value, one.places).overlaps(Interval.of(other.value, other.places))


def _conflict(name: str, one: Observation, other: Observation) -> Doubt:
    return Doubt(
        expectation="one-value-per-figure",
        severity=Severity.CRITICAL,
        subject=f"{name}（{one.area or '全区'}，{one.period.chinese()}）",
        found=f"同时收到两个不同的数：{_quoted(one)}和{_quoted(other)}",
        expected="同一指标同一时期只有一个数",
        cure="与来源单位核对，删去错误的一份，或作为修订另行报送",
        places=(str(one.cells[0]), str(other.cells[0])),
        period=one.period,
    )


def _quoted(one: Observation) -> str:
    """What stands in the cell, or what it has been corrected to."""
    return f"{exact(one.value)}（更正值）" if one.corrected else one.text
