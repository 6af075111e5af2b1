"""Tells of what a section's targets still wait for: what isn't due yet, and what is owed; judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.assessments import Assessment, Status
from transforms.writing.assessment_wording import (
    change_words,
    completion_text,
    figure,
    list_name,
    remark_words,
    stands_at,
    subject,
    when,
)
from transforms.writing.indicator_rows import deadline
from transforms.writing.standing_wording import is_zero
from transforms.writing.target_wording import target_words

_NO_FIGURE = "本期无数据发布安排"


def waiting_words(waiting: Sequence[Assessment]) -> str:
    """Whole sentences, each kind of waiting in one; empty where nothing waits."""
    owed = [a for a in waiting if a.status is Status.NOT_REPORTED]
    later = [a for a in waiting if a.status is Status.NOT_DUE]
    batches = [a for a in later if a.indicator.path.kind == "batch" and a.figure_period == a.period]
    deeds = [a for a in later if a.indicator.target.kind in {"milestone", "either"}]
    silent = [a for a in later if a.verdict.startswith(_NO_FIGURE)]
    others = [a for a in later if a not in batches and a not in deeds and a not in silent]
    told = [*_batches(batches), *_deeds(deeds), _silent(silent), *_others(others), *_owed(owed)]
    return "".join(sentence for sentence in told if sentence)


def _batches(batches: Sequence[Assessment]) -> Iterable[str]:
    """12月集中认定的目标中，甲7家（较5月底增加1家，占全年目标的28.0%），乙、丙暂无新增."""
    by_month: dict[int, list[Assessment]] = {}
    for assessment in batches:
        if assessment.indicator.path.kind == "batch":
            by_month.setdefault(assessment.indicator.path.month, []).append(assessment)
    for month, chosen in sorted(by_month.items()):
        told = [_so_far(a) for a in chosen if not is_zero(a)]
        none = [list_name(a.indicator) for a in chosen if is_zero(a)]
        if none:
            told.append(f"{'、'.join(none)}{'均' if len(none) > 1 else ''}暂为零")
        if len(chosen) == 1:
            yield f"{told[0]}，{month}月集中认定，此前不作进度要求。"
        else:
            yield f"{month}月集中认定、此前不作进度要求的目标中，{'；'.join(told)}。"


def _so_far(assessment: Assessment) -> str:
    change = change_words(assessment)
    inside = [f"占全年目标的{completion_text(assessment)}", "" if change.endswith("持平") else change]
    return f"{list_name(assessment.indicator)}{figure(assessment)}（{'，'.join(part for part in inside if part)}）"


def _deeds(deeds: Sequence[Assessment]) -> Iterable[str]:
    """甲（区经信局：主体施工）、乙均尚未完成，期限为12月31日."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for assessment in deeds:
        state = "尚未报告进展" if assessment.figure_period is None else "尚未完成"
        grouped.setdefault((state, deadline(assessment)), []).append(
            f"{list_name(assessment.indicator)}{_aside(assessment)}"
        )
    for (state, due), names in grouped.items():
        yield f"{'、'.join(names)}{'均' if len(names) > 1 else ''}{state}，期限为{due}。"


def _aside(assessment: Assessment) -> str:
    """The unit's own words, and that a date after the period's end wasn't believed."""
    unbelieved = "所报完成日期晚于报告期，不予采信" if "不予采信" in assessment.verdict else ""
    words = remark_words(assessment)
    said = f"{assessment.indicator.reported_by}：{words.replace('。', '；')}" if words else ""
    inside = "；".join(part for part in (said, unbelieved) if part)
    return f"（{inside}）" if inside else ""


def _silent(silent: Sequence[Assessment]) -> str:
    """What has no figure this month, with the year's latest where there is one."""
    known = [a for a in silent if a.value is not None and a.figure_period and a.figure_period.year == a.period.year]
    told = [f"{subject(a)}{when(a)}{stands_at(a)}" for a in known]
    none = [list_name(a.indicator) for a in silent if a not in known]
    words = f"{'；'.join(told)}，本期无新数据发布。" if told else ""
    return words + (f"{'、'.join(none)}{_NO_FIGURE}。" if none else "")


def _others(others: Sequence[Assessment]) -> Iterable[str]:
    """Yearly tasks that go on; paths that ask for nothing yet; what the source says there is none of."""
    by_verdict: dict[str, list[str]] = {}
    for assessment in others:
        name, shown = list_name(assessment.indicator), figure(assessment)
        if assessment.indicator.target.kind == "repeat":
            done = f"已完成{shown}" if assessment.value else "尚未开展"
            yield f"{name}{done}，目标为{target_words(assessment.indicator)}。"
        elif is_zero(assessment):
            by_verdict.setdefault(f"暂为零，{assessment.verdict}", []).append(name)
        else:
            by_verdict.setdefault(assessment.verdict, []).append(f"{name}{f'为{shown}，' if shown else ''}")
    for verdict, names in by_verdict.items():
        several = "均" if len(names) > 1 and verdict.startswith("暂") else ""
        yield f"{'、'.join(names)}{several}{verdict}。"


def _owed(owed: Sequence[Assessment]) -> Iterable[str]:
    by_unit: dict[str, list[str]] = {}
    for assessment in owed:
        by_unit.setdefault(assessment.owed_by, []).append(list_name(assessment.indicator))
    for unit, names in by_unit.items():
        count = f"{len(names)}项，分别是" if len(names) > 1 else ""
        yield f"{unit}应报未报{count}{'、'.join(names)}。"
