"""Arranges a period's assessments as the bulletin that a reader gets; judges nothing and knows no markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from transforms.arrivals import concerns
from transforms.assessments import AreaStanding, AreaTable, Assessment, Status
from transforms.declared.corrections import Corrections
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan, Qualitative
from transforms.doubts import Doubt
from transforms.figures import printed
from transforms.ledgers.counted_lists import counted_lists
from transforms.observations import Harmonised, Received
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series
from transforms.standings import has_none
from transforms.writing.area_wording import AREA_KINDS
from transforms.writing.assessment_wording import (
    FALLEN_BEHIND,
    gap_words,
    is_measured,
    is_pro_rated,
    list_name,
    remark_words,
    share_of_target,
    stands_at,
    when,
)
from transforms.writing.bulletin import (
    AreaRow,
    AreaSection,
    BehindRow,
    Bulletin,
    Figure,
    StatusCount,
    TaskRow,
)
from transforms.writing.bulletin_notes import (
    chinese_day,
    quality_rows,
    source_rows,
)
from transforms.writing.editions import DRAFT, Edition
from transforms.writing.histories import area_histories, indicator_histories
from transforms.writing.indicator_rows import (
    NO_ITEM,
    TOO_SMALL,
    Marks,
    figure,
    instead_of_figure,
    instead_of_number,
    section_tables,
)
from transforms.writing.method_notes import method
from transforms.writing.needed_wording import further_needed_words
from transforms.writing.paragraphs import (
    by_gravity,
    headline_assessments,
    paragraphs,
    reference_months,
    summary_points,
    unreported_by_unit,
)
from transforms.writing.published import Published, told_figures
from transforms.writing.revisions import revision_rows, revisions_lead
from transforms.writing.sections import commentaries
from transforms.writing.wording import month_end, movement, percent, share, year_so_far


def compose(
    plan: Plan,
    district: District,
    period: Period,
    assessments: Sequence[Assessment],
    tables: tuple[AreaTable, ...],
    known: Harmonised,
    doubts: Sequence[Doubt],
    corrections: Corrections,
    received: Sequence[Received],
    as_of: dt.datetime | None = None,
    edition: Edition = DRAFT,
    issues: Sequence[Published] = (),
) -> Bulletin:
    """The month's bulletin, every text worded and rounded. The same arguments always give the same bulletin.

    ``as_of`` is the moment whose knowledge it was made from, told in its notes; None for all that is known. It is a
    draft unless ``edition`` gives it its number. ``issues`` are those that it's held against (published.held_against).
    """
    series = Series(known.observations)
    marks = Marks()
    sections = section_tables(plan, assessments, series, marks)
    areas = tuple(_area_section(table, period, series) for table in tables)
    dated = _dated(received, period)
    in_hand = {one.contents.vintage for one in received}
    revisions = revision_rows(plan, known, period, told_figures(known, tables, period), issues, in_hand)
    head = district.bulletin
    return Bulletin(
        district_id=district.id,
        district=district.name,
        region=head.region,
        period=period,
        demonstration=district.demonstration,
        organ=head.organ,
        edition=edition,
        number=edition.designation(head.number, dated.year),
        title=f"关于{reference_months(period)}{head.subject}的通报{edition.corrected}",
        subtitle=f"（{period.year}年{period.chinese_year_to_date()}）",
        addressees=head.addressees,
        copies=head.copies or "",
        contact=head.contact or "",
        dated=chinese_day(dated),
        dated_iso=dated.isoformat(),
        paragraphs=paragraphs(plan, district, period, assessments, tables, known),
        commentaries=commentaries(plan, head.headline, assessments, tables, series),
        summary=summary_points(period, assessments),
        headline=tuple(a.indicator.code for a in headline_assessments(plan, district, assessments)),
        statuses=_statuses(assessments),
        total=len(assessments),
        sections=sections,
        behind=tuple(_behind_row(assessment) for assessment in by_gravity(assessments)),
        behind_lead=_behind_lead(assessments, period),
        areas=areas,
        areas_lead=_areas_lead(plan, district, tables),
        histories=indicator_histories(plan, assessments, series),
        area_histories=area_histories(tables, [section.title for section in areas], period),
        tasks=tuple(_task_row(task, series, period) for task in plan.qualitative),
        unreported=tuple(_unreported(assessments, known)),
        marks=marks.told(),
        method=(*_moment(as_of), *method(plan, district, period, assessments)),
        quality=quality_rows(plan, doubts, known, corrections),
        revisions=revisions,
        revisions_lead=revisions_lead(edition, issues, revisions),
        counted=tuple(counted_lists(known.entries, plan, district)),
        sources=source_rows(received, known, assessments, district, period),
        document=plan.document.citation,
    )


def _moment(as_of: dt.datetime | None) -> Iterator[str]:
    if as_of is not None:
        yield f"本件按截至{chinese_day(as_of.date())}收到的数据编制，此后收到的报表和修订未计入。"


def _dated(received: Iterable[Received], period: Period) -> dt.date:
    """The day that the newest input came; the period's last day where none is known."""
    days = [one.received.date() for one in received if concerns(one, period)]
    return max(days, default=period.last_day)


def _statuses(assessments: Sequence[Assessment]) -> tuple[StatusCount, ...]:
    counts = []
    for status in Status:
        names = tuple(list_name(a.indicator) for a in assessments if a.status is status)
        if names:
            shown = share(len(names), len(assessments))
            counts.append(StatusCount(status, status.chinese, len(names), shown, names))
    return tuple(counts)


# --- Behind -------------------------------------------------------------------------------------


def _behind_row(assessment: Assessment) -> BehindRow:
    indicator = assessment.indicator
    return BehindRow(
        code=indicator.code,
        name=list_name(indicator),
        status=assessment.status,
        status_word=assessment.status.chinese,
        progress=_progress(assessment),
        gap=gap_words(assessment),
        needed=further_needed_words(assessment),
        lead_units=indicator.lead_units,
        cooperating_units=indicator.cooperating_units,
        remark=remark_words(assessment),
    )


def _progress(assessment: Assessment) -> str:
    """1—6月完成89.0亿元，完成全年170亿元以上目标的52.4%; 1—6月累计26个，…; for a deed the verdict says all."""
    if assessment.value is None or assessment.indicator.target.kind in {"clear", "repeat"}:
        return ""
    count = is_pro_rated(assessment) and not is_measured(assessment.indicator)
    counted = "累计" if count and assessment.indicator.unit != "%" else ""
    # The status stands beside it, so that it isn't told again.
    share_reached = share_of_target(assessment).partition("，")[0]
    parts = (f"{when(assessment)}{counted}{stands_at(assessment)}", share_reached)
    return "，".join(part for part in parts if part)


def _behind_lead(assessments: Sequence[Assessment], period: Period) -> str:
    counts = [(status.chinese, sum(a.status is status for a in assessments)) for status in FALLEN_BEHIND]
    told = [f"{word}{count}项" for word, count in counts if count]
    if not told:
        return ""
    end = month_end(period, period.year)
    order = "按差距" if len(told) == 1 else "各类内按差距"
    return f"截至{end}，{'、'.join(told)}。{order}由大到小排列，差距以数量计的列后。"


# --- Areas --------------------------------------------------------------------------------------


_AREA_TITLES = {"township": "乡镇、街道", "park": "园区"}


def _area_section(table: AreaTable, period: Period, series: Series) -> AreaSection:
    indicator = table.indicator
    return AreaSection(
        title=f"{list_name(indicator)}（{_AREA_TITLES[table.kind]}）",
        unit=indicator.unit,
        value_head=_value_head(indicator, period),
        rows=tuple(_area_row(table, standing, series, period) for standing in table.standings),
        has_growth=any(standing.growth is not None for standing in table.standings),
        note=_area_note(table, period, series),
    )


def _area_note(table: AreaTable, period: Period, series: Series) -> str:
    """The areas that couldn't be ranked, by what the source wrote of them; a document needn't give each a row."""
    unranked: dict[str, list[str]] = {}
    for standing in table.standings:
        if has_none(table, standing):
            unranked.setdefault(f"为0{table.indicator.unit}", []).append(standing.area)
        elif standing.value is None or standing.rank is None:
            sign = instead_of_figure(table.indicator, period, series, standing.area)
            unranked.setdefault(_SIGN_WORDS.get(sign, "数据未报"), []).append(standing.area)
    told = "；".join(f"{'、'.join(areas)}{words}" for words, areas in unranked.items())
    return f"注：{told}，不参与排名。" if told else ""


_SIGN_WORDS = {NO_ITEM: "无此项数据", TOO_SMALL: "数据不足最小单位"}


def _value_head(indicator: Indicator, period: Period) -> str:
    match indicator.target.kind:
        case "grow" | "range":
            return f"{year_so_far(period, period.year)}增速"
        case "hold" | "ceiling" | "clear":
            return month_end(period, period.year)
        case _:
            return f"{year_so_far(period, period.year)}累计"


def _area_row(table: AreaTable, standing: AreaStanding, series: Series, period: Period) -> AreaRow:
    indicator = table.indicator
    no_growth = instead_of_number(indicator, period, Measure.YEAR_TO_DATE_GROWTH, series, standing.area)
    if has_none(table, standing):
        shown = figure(printed(Decimal(0), table.places), standing.cells)
        return AreaRow(NO_ITEM, standing.area, shown, Figure(no_growth), NO_ITEM)
    if standing.value is None or standing.rank is None:
        missing = instead_of_figure(indicator, period, series, standing.area)
        return AreaRow(NO_ITEM, standing.area, Figure(missing), Figure(no_growth), NO_ITEM)
    found = series.number(indicator.code, period, Measure.YEAR_TO_DATE_GROWTH, standing.area)
    moved = NO_ITEM if standing.previous_rank is None else movement(standing.rank, standing.previous_rank)
    return AreaRow(
        rank=f"{standing.rank}（并列）" if standing.tied else str(standing.rank),
        area=standing.area,
        value=figure(printed(standing.value, table.places), standing.cells),
        growth=Figure(no_growth)
        if standing.growth is None
        else figure(percent(standing.growth), found.cells if found else ()),
        movement=moved,
    )


def _areas_lead(plan: Plan, district: District, tables: Sequence[AreaTable]) -> str:
    if not tables:
        return ""
    shown = {table.indicator.code for table in tables}
    absent = [
        list_name(indicator)
        for code in district.bulletin.ranked
        if (indicator := plan.indicator(code)) is not None and code not in shown
    ]
    kinds = dict.fromkeys(AREA_KINDS[table.kind] for table in tables)
    text = "、".join(kinds) + ("分别排名" if len(kinds) > 1 else "按本期数据排名")
    text += "，所列数值相同的并列，位次变化与上月比较。"
    if absent:
        text += f"{'、'.join(absent)}本期无分区域数据。"
    return text


# --- Tasks, units, lists ------------------------------------------------------------------------


def _task_row(task: Qualitative, series: Series, period: Period) -> TaskRow:
    """The unit's latest words of the year, with their month where it isn't the bulletin's own."""
    for month in reversed(list(period.months_of_year_so_far())):
        words = series.words(task.code, month, Measure.REMARK)
        if words:
            told = words if month == period else f"（{month.month}月报送）{words}"
            return TaskRow(task.task, task.reported_by, told)
    return TaskRow(task.task, task.reported_by, "")


def _unreported(assessments: Sequence[Assessment], known: Harmonised) -> Iterator[str]:
    for unit, missing in unreported_by_unit(assessments).items():
        names = "、".join(missing_words(assessment) for assessment in missing)
        others = "，已报送其他数据" if unit in known.reporters else ""
        yield f"{unit}（{len(missing)}项：{names}{others}）"


def missing_words(assessment: Assessment) -> str:
    """The name, and what the source wrote in place of a figure if it wrote something."""
    instead = assessment.verdict.partition("：")[2].partition("（")[0]
    name = list_name(assessment.indicator)
    return f"{name}，{instead}" if instead.startswith("来源") else name
