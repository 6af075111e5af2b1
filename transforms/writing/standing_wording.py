"""Tells in one sentence where an indicator stands: figure, growth, change, completion and gap; judges nothing anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.assessments import Assessment, Status
from transforms.figures import round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.series import Series
from transforms.writing.assessment_wording import (
    FALLEN_BEHIND,
    figure,
    gap_words,
    is_pro_rated,
    list_name,
    share_of_target,
    stands_at,
    subject,
    when,
)
from transforms.writing.changes import growth_and_change, has_come_nearer
from transforms.writing.wording import sentence

TOLD_BY_VERDICT = ("clear", "repeat", "milestone", "either")
"""Kinds whose verdict says all that there is to say."""

_AT_AN_END = ("hold", "ceiling", "clear")
_ECHOING = ("grow", "range")


def standing(assessment: Assessment, series: Series, told: Sequence[Assessment] = ()) -> str:
    """One indicator as a whole sentence; ``told`` are those that the paragraph has told before."""
    return sentence(*standing_parts(assessment, gap_words(assessment), series, told))


def standing_parts(
    assessment: Assessment, gap: str, series: Series, told: Sequence[Assessment] = ()
) -> tuple[str, ...]:
    """The same in parts, with the gap in the words that are given."""
    name, kind = subject(assessment), assessment.indicator.target.kind
    if assessment.value is None or assessment.status is Status.NOT_REPORTED or kind == "repeat":
        return (f"{name}{joined(assessment.verdict)}",)
    if assessment.figure_period != assessment.period:
        return f"{name}本期无数据发布安排", f"{when(assessment)}{stands_at(assessment)}"
    if is_echo(assessment, told):
        return (f"{list_name(assessment.indicator)}{gap}",)
    due = assessment.verdict if assessment.status is Status.NOT_DUE else gap
    if is_zero(assessment):
        return f"{name}{'暂' if assessment.period.months_left else ''}为{figure(assessment)}", due
    at = when(assessment) if kind in _AT_AN_END else ""
    rate, change = growth_and_change(assessment, series)
    if _is_level(change) and _is_level(due):
        change = ""  # At its target as before: one 持平 is enough.
    return f"{name}{at}{stands_at(assessment)}", rate, change, share_of_target(assessment), contrasted(assessment, due)


def is_zero(assessment: Assessment) -> bool:
    """Whether nothing has been done yet of an amount: then there's no growth and no share to tell."""
    value, places = assessment.value, assessment.indicator.printed_places
    unreached = assessment.status is not Status.COMPLETED
    return is_pro_rated(assessment) and unreached and value is not None and round_half_up(value, places) == 0


def is_echo(assessment: Assessment, told: Iterable[Assessment]) -> bool:
    """Whether the rate has been told beside an amount of the same name."""
    if assessment.indicator.target.kind not in _ECHOING or assessment.value is None:
        return False
    shown = round_half_up(assessment.value, PERCENT_PLACES)
    return any(
        is_pro_rated(one)
        and subject(one) == subject(assessment)
        and one.growth is not None
        and round_half_up(one.growth, PERCENT_PLACES) == shown
        for one in told
    )


def contrasted(assessment: Assessment, gap: str) -> str:
    """但仍低于…: where a figure moved one way and still stands on the other side of its target."""
    nearer, behind = has_come_nearer(assessment), assessment.status in FALLEN_BEHIND
    if not gap or nearer is None or nearer is not behind or assessment.status is Status.NOT_DUE:
        return gap
    return f"但仍{gap}" if gap.startswith(("低于", "高于", "比", "超过", "处于")) else gap


def _is_level(words: str) -> bool:
    return words.startswith("与") and words.endswith("持平")


def joined(verdict: str) -> str:
    """A verdict as it follows its name: with a colon unless it reads on."""
    return f"{'' if verdict.startswith(('于', '本期', '已', '未')) else '：'}{verdict}"
