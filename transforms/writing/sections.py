"""Writes the commentary on each section of the plan from its assessments; knows no markup and judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.assessments import AreaTable, Assessment, Status
from transforms.declared.plan import Plan
from transforms.series import Series
from transforms.writing.assessment_wording import (
    FALLEN_BEHIND,
    completion_text,
    figure,
    gap_words,
    is_pro_rated,
    list_name,
)
from transforms.writing.bulletin import Commentary
from transforms.writing.changes import change_of_gap, rank_changes, status_changes
from transforms.writing.needed_wording import needed_beside_so_far
from transforms.writing.reasons import reason_words
from transforms.writing.section_waiting import waiting_words
from transforms.writing.standing_wording import TOLD_BY_VERDICT, is_echo, joined, standing_parts
from transforms.writing.wording import name_list, sentence

_FEW = 3
"""So many targets that keep their path are told each in a sentence of its own; more are listed."""
_MOST_LISTED = 6
_LONG = 220
"""Characters: shorter parts are drawn together into one paragraph."""
_WAITING = (Status.NOT_DUE, Status.NOT_REPORTED)


def commentaries(
    plan: Plan, headline: Sequence[str], assessments: Sequence[Assessment], tables: Sequence[AreaTable], series: Series
) -> tuple[Commentary, ...]:
    """One for each section that has indicators, in the plan's order.

    ``headline`` are the codes that the bulletin leads with: of several that have kept their path they're told first.
    """
    made = []
    for section in plan.sections:
        chosen = [a for a in assessments if a.indicator.section == section.id]
        ranked = [table for table in tables if table.indicator.section == section.id]
        if chosen:
            told = _paragraphs(chosen, headline, ranked, series)
            made.append(Commentary(section.id, section.title, told))
    return tuple(made)


def _paragraphs(
    chosen: Sequence[Assessment], headline: Sequence[str], ranked: Sequence[AreaTable], series: Series
) -> tuple[str, ...]:
    kept = [a for a in chosen if a.status not in (*FALLEN_BEHIND, *_WAITING)]
    behind = _behind_in_order(chosen)
    parts = [
        _all_reached(chosen) or _headline(chosen) + _kept(kept, headline, series),
        *(_behind(a, behind, [*kept, *behind[:at]], series) for at, a in enumerate(behind)),
        waiting_words([a for a in chosen if a.status in _WAITING]),
        status_changes(chosen),
        rank_changes(ranked),
    ]
    return _drawn_together([part for part in parts if part])


def _behind_in_order(chosen: Sequence[Assessment]) -> list[Assessment]:
    """The gravest first; a rate that has the name and the growth of an amount comes after it."""
    behind = [a for a in chosen if a.status in FALLEN_BEHIND]

    def place(assessment: Assessment) -> tuple[int, bool]:
        gravest = [FALLEN_BEHIND.index(one.status) for one in behind if one is assessment or is_echo(one, [assessment])]
        echoed = [one for one in behind if is_echo(assessment, [one])]
        own = min(gravest + [FALLEN_BEHIND.index(one.status) for one in echoed])
        return own, bool(echoed)

    return sorted(behind, key=place)


def _drawn_together(parts: Sequence[str]) -> tuple[str, ...]:
    """Short parts stand in one paragraph."""
    paragraphs: list[str] = []
    for part in parts:
        if paragraphs and len(paragraphs[-1]) + len(part) <= _LONG:
            paragraphs[-1] += part
        else:
            paragraphs.append(part)
    return tuple(paragraphs)


# --- Headline -----------------------------------------------------------------------------------


def _all_reached(chosen: Sequence[Assessment]) -> str:
    """4项目标全部完成：甲（27家）、乙; empty before the year's end, and where something isn't reached."""
    if len(chosen) == 1 or chosen[0].period.months_left or any(a.status is not Status.COMPLETED for a in chosen):
        return ""
    return f"{len(chosen)}项目标全部完成：{_listed(chosen)}。"


def _headline(chosen: Sequence[Assessment]) -> str:
    """How many of the section's targets keep their path; a section of one target has nothing to count."""
    if len(chosen) == 1:
        return ""
    counts = {status: sum(a.status is status for a in chosen) for status in Status}
    waiting = [f"{status.chinese}{counts[status]}项" for status in _WAITING if counts[status]]
    judged = len(chosen) - sum(counts[status] for status in _WAITING)
    if not judged:
        told = f"{len(chosen)}项目标本期均{_the_only(waiting)}" if len(waiting) == 1 else ""
        return f"{told or f'{len(chosen)}项目标中，{_LISTED.join(waiting)}'}。"
    if judged == 1:
        (one,) = (a for a in chosen if a.status not in _WAITING)
        return f"{len(chosen)}项目标中，本期评价1项，{one.status.chinese}。"
    whole = "" if judged == len(chosen) else f"中，本期评价{judged}项"
    of_period = _of_the_months if chosen[0].period.months_left else _of_the_year
    return f"{len(chosen)}项目标{whole}{of_period(whole, judged, counts)}。"


_LISTED = "、"


def _the_only(waiting: Sequence[str]) -> str:
    return waiting[0].rstrip("0123456789项")


def _of_the_year(whole: str, judged: int, counts: Mapping[Status, int]) -> str:
    missed = sum(counts[status] for status in FALLEN_BEHIND)
    if missed in {0, judged}:
        return f"{'，' if whole else ''}{'均未完成' if missed else '全部完成'}"
    return f"{'：' if whole else '中，'}完成{judged - missed}项、未完成{missed}项"


def _of_the_months(whole: str, judged: int, counts: Mapping[Status, int]) -> str:
    behind = [(status.chinese, counts[status]) for status in (Status.BEHIND, Status.SEVERELY_BEHIND) if counts[status]]
    kept = judged - sum(count for _, count in behind)
    listed = _LISTED.join(f"{word}{count}项" for word, count in behind)
    if kept and behind:
        return f"{'：' if whole else '中，'}达到序时及以上{kept}项、{listed}"
    comma = "，" if whole else ""
    if not behind:
        return f"{comma}全部达到序时及以上"
    return f"{comma}均{behind[0][0]}" if len(behind) == 1 else f"{comma}均落后于进度要求，其中{listed}"


# --- What keeps its path ------------------------------------------------------------------------


def _kept(kept: Sequence[Assessment], headline: Sequence[str], series: Series) -> str:
    """What is done or keeps its path: a few are told each, many are listed with their figures."""
    done = [a for a in kept if a.status is Status.COMPLETED]
    going = sorted((a for a in kept if a.status is not Status.COMPLETED), key=lambda a: _rank_of(a, headline))
    told = [_done(done)] if done else []
    shown, listed = going[:_FEW], going[_FEW:]
    if len(listed) == 1:
        shown, listed = going, []
    for at, assessment in enumerate(shown):
        told.append(sentence(*standing_parts(assessment, _gap(assessment), series, (*done, *shown[:at]))))
    if listed:
        names = [f"{list_name(a.indicator)}{_in_brackets(a)}" for a in listed]
        told.append(f"{name_list(names, _MOST_LISTED)}{_also(listed)}。")
    return "".join(told)


def _rank_of(assessment: Assessment, headline: Sequence[str]) -> tuple[int, bool]:
    code = assessment.indicator.code
    at = headline.index(code) if code in headline else len(headline)
    return at, assessment.status is not Status.AHEAD


def _also(listed: Sequence[Assessment]) -> str:
    if all(a.status is Status.AHEAD for a in listed):
        return "也超序时"
    return "也达到序时" if all(a.status is Status.ON_PATH for a in listed) else "也达到序时及以上"


def _done(done: Sequence[Assessment]) -> str:
    """What has been reached, with its figure; an amount that is reached before the year's end is so early."""
    if not done[0].period.months_left and len(done) > 1:
        return f"完成的有{_listed(done)}。"
    early = "提前" if done[0].period.months_left and all(is_pro_rated(a) for a in done) else ""
    return f"{_listed(done)}已{early}完成全年目标。"


def _listed(done: Sequence[Assessment]) -> str:
    named = [f"{list_name(a.indicator)}{_in_brackets(a)}" for a in done[:_MOST_LISTED]]
    rest = [list_name(a.indicator) for a in done[_MOST_LISTED:]]
    return "、".join(named) + (f"，以及{'、'.join(rest)}" if rest else "")


def _in_brackets(assessment: Assessment) -> str:
    """（312人，为全年目标的104.0%）, （同比增长20.8%）; nothing for a deed."""
    if assessment.indicator.target.kind in TOLD_BY_VERDICT or not figure(assessment):
        return ""
    return f"（{figure(assessment)}{_beyond(assessment)}）"


def _beyond(assessment: Assessment) -> str:
    """How much of the target that is, where it isn't just the target."""
    target, value = assessment.indicator.target, assessment.value
    if assessment.status is not Status.COMPLETED or value is None or target.value is None:
        return f"，{_gap(assessment)}" if is_pro_rated(assessment) else ""
    if target.kind == "about" and value < target.value:
        return "，在“左右”的允许幅度内"
    return f"，为全年目标的{completion_text(assessment)}" if assessment.completion and value != target.value else ""


# --- What is behind -----------------------------------------------------------------------------


def _behind(assessment: Assessment, behind: Sequence[Assessment], told: Sequence[Assessment], series: Series) -> str:
    """Figure, gap and how the gap moved, what the months to come must bring, and the unit's own reason."""
    kind = assessment.indicator.target.kind
    if kind in TOLD_BY_VERDICT:
        parts: tuple[str, ...] = (f"{list_name(assessment.indicator)}{joined(assessment.verdict)}",)
    else:
        parts = standing_parts(assessment, _gap(assessment, change_of_gap(assessment, series)), series, told)
    # That the year's target was missed stands in the headline.
    parts = tuple(part.removesuffix(f"，{Status.MISSED.chinese}") for part in parts)
    grave = assessment.status is Status.SEVERELY_BEHIND and any(one.status is Status.BEHIND for one in behind)
    standing = sentence(*parts, "属严重滞后" if grave else "").removesuffix("。")
    needed = "" if kind == "clear" or is_echo(assessment, told) else needed_beside_so_far(assessment)
    standing = f"{standing}；{needed}" if needed else standing
    reason = reason_words(assessment, standing)
    return f"{standing}。{f'{reason}。' if reason else ''}"


def _gap(assessment: Assessment, change: str = "") -> str:
    """The gap to the path that counts; a second path is told only where it says the contrary."""
    if assessment.indicator.target.kind == "ceiling" and "曾超限" in assessment.verdict:
        return f"{gap_words(assessment)}，{assessment.verdict.partition('，')[2]}"
    first, _, second = gap_words(assessment).partition("，")
    if not second or "状态据此判断" not in first:
        return f"{first}，{change}" if change else first
    return f"{first.removesuffix('（状态据此判断）')}{f'（{change}）' if change else ''}，但{second}"
