"""Writes the bulletin's summary from assessments: at most eight paragraphs, none where there's nothing to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from transforms.assessments import AreaTable, Assessment, Status
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.observations import Harmonised
from transforms.periods import Period
from transforms.series import Series
from transforms.writing.area_wording import areas_paragraph
from transforms.writing.assessment_wording import (
    FALLEN_BEHIND,
    gap_words,
    list_name,
    stands_at,
    subject,
)
from transforms.writing.bulletin import SummaryPoint
from transforms.writing.changes import has_changed, weight_of_change
from transforms.writing.needed_wording import further_needed_words, needed_words
from transforms.writing.standing_wording import TOLD_BY_VERDICT, is_echo, joined, standing
from transforms.writing.wording import (
    counted_list,
    name_list,
    share,
    status_counts,
)

_FEW = 3
"""A plan of so few targets is told target by target, not by counts."""
_MOST_DETAILED = 5
_MOST_NAMED = 6
_MOST_CHANGES = 8


def paragraphs(
    plan: Plan,
    district: District,
    period: Period,
    assessments: Sequence[Assessment],
    tables: Sequence[AreaTable],
    known: Harmonised,
) -> tuple[str, ...]:
    """The summary, paragraph by paragraph."""
    series = Series(known.observations)
    leading = headline_assessments(plan, district, assessments)
    told = [
        _opening(plan, district, period),
        _counts(period, assessments),
        _headline(district, period, leading, series),
        _well_ahead(assessments, leading),
        _behind(assessments, leading),
        _changes(assessments),
        areas_paragraph(tables),
        _unreported(assessments),
    ]
    return tuple(paragraph for paragraph in told if paragraph)


def summary_points(period: Period, assessments: Sequence[Assessment]) -> tuple[SummaryPoint, ...]:
    """The same in a few points for one page, where the headline indicators stand beside it with their gaps."""
    over = period.month == 12
    told = [
        ("总体", _of_those_judged(period, assessments) or _counts(period, assessments)),
        ("完成" if over else "领先", _well_ahead(assessments, ())),
        ("未完成" if over else "滞后", _behind(assessments, ())),
        ("变化", _changes(assessments)),
        ("未报", _unreported(assessments)),
    ]
    return tuple(SummaryPoint(label, text) for label, text in told if text)


def reference_months(period: Period) -> str:
    """2024年1—6月; 2024年 for the whole year."""
    if period.month == 12:
        return f"{period.year}年"
    return f"{period.year}年{period.chinese_year_to_date()}"


# --- Opening and counts -------------------------------------------------------------------------


def _opening(plan: Plan, district: District, period: Period) -> str:
    about = f"{reference_months(period)}{district.bulletin.subject}"
    return f"根据{plan.document.citation}，现将{about}通报如下。"


def _counts(period: Period, assessments: Sequence[Assessment]) -> str:
    total = len(assessments)
    if total <= _FEW:
        each = "；".join(f"{list_name(a.indicator)}{a.status.chinese}" for a in assessments)
        return f"纳入通报的全年目标共{total}项：{each}。"
    counts = [(status.chinese, sum(a.status is status for a in assessments)) for status in Status]
    return f"纳入通报的{total}项全年目标中，{status_counts(counts, total)}。{_of_those_judged(period, assessments)}"


def _of_those_judged(period: Period, assessments: Sequence[Assessment]) -> str:
    """How many keep up among those that are judged; empty where that's all of them, or the year is over."""
    passed_over = [
        status for status in (Status.NOT_DUE, Status.NOT_REPORTED) if any(a.status is status for a in assessments)
    ]
    judged = [a for a in assessments if a.status not in passed_over]
    if not passed_over or not judged or period.month == 12:
        return ""
    kept = sum(a.status not in FALLEN_BEHIND for a in judged)
    told = f"达到序时及以上的{kept}项，占{share(kept, len(judged))}" if kept else "没有达到序时的"
    left_out = "和".join(status.chinese for status in passed_over)
    return f"{left_out}的不作进度评价；在评价的{len(judged)}项中，{told}。"


# --- Headline -----------------------------------------------------------------------------------


def headline_assessments(plan: Plan, district: District, assessments: Sequence[Assessment]) -> Sequence[Assessment]:
    """Those that the district leads with; where it names none of this year's, the first section's."""
    by_code = {a.indicator.code: a for a in assessments}
    chosen = [by_code[code] for code in district.bulletin.headline if code in by_code]
    if chosen:
        return chosen
    first = plan.sections[0].id
    return [a for a in assessments if a.indicator.section == first] or assessments[:_FEW]


def _headline(district: District, period: Period, chosen: Sequence[Assessment], series: Series) -> str:
    waiting = [a for a in chosen if _has_nothing_of_the_year(a)]
    shown = [a for a in chosen if a not in waiting]
    told = [standing(a, series, shown[:at]) for at, a in enumerate(shown)]
    if waiting:
        told.append(f"{'、'.join(list_name(a.indicator) for a in waiting)}本期无数据发布安排。")
    if not told:
        return ""
    region = district.bulletin.region
    first = told[0] if told[0].startswith(region) else f"{region}{told[0]}"
    months = f"{period.year}年" if period.month == 12 else period.chinese_year_to_date()
    return "".join([f"{months}，{first}", *told[1:]])


def _has_nothing_of_the_year(assessment: Assessment) -> bool:
    """Whether no figure was due yet this year: what is known of last year stands in the table."""
    period = assessment.figure_period
    deed = assessment.indicator.target.kind in TOLD_BY_VERDICT
    return assessment.status is Status.NOT_DUE and not deed and (period is None or period.year < assessment.period.year)


# --- Ahead and behind ---------------------------------------------------------------------------


def _well_ahead(assessments: Sequence[Assessment], leading: Sequence[Assessment]) -> str:
    if len(assessments) <= _FEW and all(a in leading for a in assessments):
        return ""  # Each has been told by its status and by its figure.
    done = [list_name(a.indicator) for a in assessments if a.status is Status.COMPLETED]
    ahead = [a for a in assessments if a.status is Status.AHEAD]
    parts = []
    if done:
        parts.append(f"已完成全年目标的有{len(done)}项：{name_list(done, _MOST_NAMED)}")
    if ahead:
        ahead.sort(key=lambda a: -(a.printed_gap or 0))
        named = [f"{list_name(a.indicator)}（{gap_words(a).split('，')[0]}）" for a in ahead]
        parts.append(f"超序时的有{len(ahead)}项：{name_list(named, _MOST_DETAILED)}")
    return f"{'；'.join(parts)}。" if parts else ""


def by_gravity(assessments: Iterable[Assessment]) -> list[Assessment]:
    """What is behind, the gravest status first, within it by the gap in points, then other units."""
    behind = [a for a in assessments if a.status in FALLEN_BEHIND]
    return sorted(
        behind,
        key=lambda a: (FALLEN_BEHIND.index(a.status), a.gap_unit != "百分点", a.printed_gap or 0),
    )


def _behind(assessments: Sequence[Assessment], leading: Sequence[Assessment]) -> str:
    """What has fallen behind, a headline indicator before the others; the section on it has every detail."""
    if len(assessments) <= _FEW and all(a in leading for a in assessments):
        return _needed_by_few(assessments)
    behind = sorted(by_gravity(assessments), key=lambda a: a not in leading)
    sentences = []
    for status in FALLEN_BEHIND:
        of_status = [a for a in behind if a.status is status]
        if not of_status:
            continue
        shortfall = _shortfall_in_brief if status is Status.BEHIND else _shortfall
        detailed = of_status[:_MOST_DETAILED]
        named = [list_name(a.indicator) for a in detailed if a in leading and not needed_words(a)]
        told = [_still_needed(a) for a in detailed if a in leading and needed_words(a)]
        # Of these the headline has told all; the others weren't spoken of yet.
        told += ["、".join(named)] if named else []
        told += [shortfall(a) for a in detailed if a not in leading]
        rest = [list_name(a.indicator) for a in of_status[_MOST_DETAILED:]]
        text = f"{status.chinese}的有{len(of_status)}项：{'；'.join(told)}"
        if rest:
            text += f"；还有{counted_list(rest, _MOST_NAMED, '项')}"
        sentences.append(f"{text}。")
    return "".join(sentences)


def _needed_by_few(assessments: Sequence[Assessment]) -> str:
    """What each still needs; that it's behind, and by how much, has been told."""
    told = [
        f"{list_name(a.indicator)}{needed}"
        for a in by_gravity(assessments)
        if (needed := needed_words(a)) and not is_echo(a, assessments)
    ]
    return f"从后期要求看，{'；'.join(told)}。" if told else ""


def _still_needed(assessment: Assessment) -> str:
    """What a headline indicator lacks; its figure and gap have been told."""
    return f"{list_name(assessment.indicator)}，{needed_words(assessment)}"


def _shortfall_in_brief(assessment: Assessment) -> str:
    """The name and the gap that the status rests on, or a deed's whole verdict."""
    gap = gap_words(assessment)
    if assessment.indicator.target.kind not in TOLD_BY_VERDICT:
        gap = gap.split("，")[0].removesuffix("（状态据此判断）")
    return f"{list_name(assessment.indicator)}{f'（{gap}）' if gap else ''}"


def _shortfall(assessment: Assessment) -> str:
    name, gap, needed = subject(assessment), gap_words(assessment), further_needed_words(assessment)
    if assessment.indicator.target.kind in TOLD_BY_VERDICT:
        parts = [f"{name}{joined(gap)}", needed]
    else:
        parts = [f"{name}{stands_at(assessment)}", gap, needed]
    return "，".join(part for part in parts if part)


# --- Changes ------------------------------------------------------------------------------------


def _changes(assessments: Sequence[Assessment]) -> str:
    changed = sorted((a for a in assessments if has_changed(a)), key=weight_of_change)
    if not changed:
        return ""
    # What isn't reported is named in a paragraph and a section of its own.
    lost = [a for a in changed if a.status is Status.NOT_REPORTED]
    named = [a for a in changed if a not in lost]
    shown = len(named) if len(named) == _MOST_CHANGES + 1 else _MOST_CHANGES  # One alone isn't left over.
    told = [
        f"{list_name(a.indicator)}由{a.previous_status.chinese}转为{a.status.chinese}"
        for a in named[:shown]
        if a.previous_status
    ]
    rest = [list_name(a.indicator) for a in named[shown:]]
    if rest:
        told.append(f"另有{counted_list(rest, _MOST_NAMED, '项')}")
    if lost:
        told.append(f"{len(lost)}项转为{Status.NOT_REPORTED.chinese}")
    return f"与上次评价相比，{len(changed)}项目标状态有变化：{'；'.join(told)}。"


# --- Unreported ---------------------------------------------------------------------------------


def unreported_by_unit(assessments: Iterable[Assessment]) -> Mapping[str, list[Assessment]]:
    """The indicators that are due without a figure, by the unit that sends them, in the plan's order."""
    grouped: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        if assessment.status is Status.NOT_REPORTED:
            grouped.setdefault(assessment.owed_by, []).append(assessment)
    return grouped


def _unreported(assessments: Sequence[Assessment]) -> str:
    grouped = unreported_by_unit(assessments)
    if not grouped:
        return ""
    told = "、".join(f"{unit}{len(missing)}项" for unit, missing in grouped.items())
    if len(grouped) == 1:
        return f"本期应报未报的数据：{told}。"
    count = sum(len(missing) for missing in grouped.values())
    return f"本期应报未报的数据共{count}项：{told}。"
