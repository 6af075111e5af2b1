"""Judges each indicator of a plan against its target and path (method §2 to §5); writes no sentence of the bulletin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from transforms import paths
from transforms.assessments import Assessment, Point, Status
from transforms.counting import iso_date
from transforms.district import District, Lines
from transforms.figures import HUNDRED, exact, printed, round_half_up
from transforms.harmonise import measures_of
from transforms.observations import Harmonised, Observation
from transforms.periods import Period, span
from transforms.plan import (
    About,
    Ceiling,
    Clear,
    Either,
    Every,
    Grow,
    Hold,
    Indicator,
    Milestone,
    OfWhich,
    Plan,
    Range,
    Reach,
    Repeat,
)
from transforms.readings import Cell, Measure, State
from transforms.series import Derived, Series

PERCENT_PLACES = 1
"""Digits after the point of every printed completion rate and path."""

YES = frozenset({"是", "已完成", "完成", "√", "已建成", "已获评", "达成"})
"""What units write in 是否完成 when it's done."""


def assess(plan: Plan, known: Harmonised, district: District, period: Period) -> tuple[Assessment, ...]:
    """Every indicator of the plan, judged for the period, in the plan's order, beside what it was judged before."""
    series = Series(known.observations)
    revised = {(r.code, r.period, r.measure) for r in known.revisions if not r.area}
    made = []
    for indicator in plan.indicators:
        now = _judge(_Case(indicator, period, series, district.lines))
        notes = list(now.notes)
        figure = series.figure(indicator, now.figure_period) if now.figure_period else None
        if figure is not None and figure.corrected:
            notes.append(f"更正：{figure.corrected}")
        if figure is not None and (indicator.code, figure.period, figure.measure) in revised:
            notes.append("此数已由来源单位修订，采用最新数")
        made.append(
            replace(
                now,
                previous_status=_before(indicator, period, series, district.lines),
                notes=tuple(notes),
                history=_history(indicator, period, series),
                evidence=now.evidence or series.words(indicator.code, period, Measure.EVIDENCE),
                remark=_remark(indicator, period, series),
            )
        )
    return tuple(made)


def _before(indicator: Indicator, period: Period, series: Series, lines: Lines) -> Status | None:
    """The status when the indicator was last due this year: for a quarterly one that of the quarter before."""
    for month in range(period.month - 1, 0, -1):
        status = _judge(_Case(indicator, Period(period.year, month), series, lines)).status
        if status is not Status.NOT_DUE:
            return status
    return None


@dataclass(frozen=True, slots=True)
class _Case:
    """One indicator at one period, with all that is known and the district's lines."""

    indicator: Indicator
    period: Period
    series: Series
    lines: Lines

    @property
    def last(self) -> bool:
        """Whether the year is over."""
        return self.period.month == 12

    @property
    def places(self) -> int:
        return self.indicator.printed_places

    @property
    def due(self) -> bool:
        """Whether a figure falls due in this month."""
        return self.indicator.last_due(self.period) == self.period

    @property
    def figure(self) -> Observation | None:
        return self.series.figure(self.indicator, self.period)


def _judge(case: _Case) -> Assessment:
    target = case.indicator.target
    match target:
        case Reach() | About() | OfWhich():
            made = _amount(case, target)
        case Grow() | Range():
            made = _rate(case, target)
        case Hold():
            made = _level(case, target)
        case Ceiling():
            made = _ceiling(case, target)
        case Clear():
            made = _clear(case)
        case Repeat():
            made = _repeat(case, target)
        case Milestone():
            made = _deed(case, ("",), target.due)
        case Either():
            made = _deed(case, (*target.options, ""), target.due)
        case _:
            assert_never(target)
    return replace(made, elapsed_path=paths.elapsed(case.period))


def _without_figure(case: _Case) -> Assessment:
    """未报 where a figure is due, or fell due this year and never came; else 未到期, with the latest known figure."""
    if case.indicator.may_have_no_item and case.series.says_no_item(case.indicator, case.period):
        return Assessment(case.indicator, case.period, Status.NOT_DUE, "本期无此项（来源填“—”）")
    if case.due:
        return _not_reported(case)
    last_due = case.indicator.last_due(case.period)
    owed = last_due is not None and case.series.figure(case.indicator, last_due) is None
    status = Status.NOT_REPORTED if owed else Status.NOT_DUE
    verdict = f"{last_due.chinese()}应报未报" if owed and last_due else "本期无数据发布安排"
    latest = case.series.latest(case.indicator, case.period)
    if latest is None:
        return Assessment(case.indicator, case.period, status, verdict)
    return Assessment(
        case.indicator,
        case.period,
        status,
        f"{verdict}，最近一期为{latest.period.chinese()}",
        value=latest.value,
        figure_period=latest.period,
        cells=latest.cells,
    )


_INSTEAD = {
    State.NO_ITEM: "来源填“{}”（无此项）",
    State.TOO_SMALL: "来源填“{}”（不足最小计量单位）",
    State.TEXT: "来源填“{}”，不是数",
    State.ERROR: "来源单元格为错误值{}",
}
"""Missing is three things, and an error is a fourth (method §1): none of them is a figure, and each is told apart."""


def _not_reported(case: _Case) -> Assessment:
    for measure in measures_of(case.indicator):
        found = case.series.observation(case.indicator.code, case.period, measure)
        if found is not None and found.state in _INSTEAD:
            verdict = f"本期应报未报：{_INSTEAD[found.state].format(found.text)}"
            return Assessment(case.indicator, case.period, Status.NOT_REPORTED, verdict, cells=found.cells)
    return Assessment(case.indicator, case.period, Status.NOT_REPORTED, "本期应报未报")


def _by_gap(gap: Decimal, ahead: Decimal, severe: Decimal) -> Status:
    """The status of a gap between printed numbers: nobody sees 10.0% called below 10%, or equal prints apart."""
    if gap < 0:
        return Status.SEVERELY_BEHIND if gap <= severe else Status.BEHIND
    return Status.AHEAD if gap >= ahead and gap > 0 else Status.ON_PATH


# --- Amounts ----------------------------------------------------------------------------------------------------------


def _amount(case: _Case, target: Reach | About | OfWhich) -> Assessment:
    found = case.figure
    if found is None or found.value is None:
        return _without_figure(case)
    value = found.value
    least = target.least if isinstance(target, About) else target.value
    # Judged as printed (method §4): nobody may see 170.0 called below 170.
    reached = round_half_up(value, case.places) >= least
    completion = HUNDRED * value / target.value
    by_last_year = paths.last_year(case.indicator, case.period, case.series)
    declared = paths.declared(case.indicator.path, case.period, by_last_year)
    path_words = _PATH_WORDS[case.indicator.path.kind]
    notes: tuple[str, ...] = ()
    if declared is None:
        declared = paths.elapsed(case.period)
        path_words = _PATH_WORDS["elapsed"]
        notes = ("缺上年同期数据，按序时进度判断",)
    # Percentage points are the difference of two percentages as printed, as the statistics offices reckon it.
    printed_gap = round_half_up(completion, PERCENT_PLACES) - round_half_up(declared, PERCENT_PLACES)
    batch = case.indicator.path if case.indicator.path.kind == "batch" else None
    waiting = batch is not None and case.period.month < batch.month
    needed = Decimal(0) if reached else least - value
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        "",
        value=value,
        figure_period=case.period,
        completion=completion,
        last_year_path=by_last_year,
        declared_path=declared,
        gap=None if waiting else completion - declared,
        printed_gap=None if waiting else printed_gap,
        gap_unit="" if waiting else "百分点",
        needed=needed,
        needed_per_month=needed / case.period.months_left if case.period.months_left else None,
        needed_growth=_growth_of_the_rest(case, needed) if needed else None,
        last_year_value=_last_year(case, found.measure),
        growth=_number(case, Measure.YEAR_TO_DATE_GROWTH),
        month_value=_number(case, Measure.MONTH),
        cells=found.cells,
        notes=notes,
    )
    if reached:
        # Within its tolerance a target is reached with less than the number: then there's no gap to tell.
        shown = None if waiting or printed_gap < 0 else printed_gap
        reached_words = _reached_words(case, target, value)
        return replace(made, status=Status.COMPLETED, verdict=reached_words, printed_gap=shown)
    if case.last:
        short = f"距全年目标差{printed(needed, case.places)}{case.indicator.unit}"
        return replace(made, status=Status.MISSED, verdict=short)
    if batch is not None and waiting:
        return replace(made, status=Status.NOT_DUE, verdict=f"{batch.month}月集中认定，此前不作序时要求")
    if round_half_up(declared, PERCENT_PLACES) == 0 and value <= 0:
        # Nothing was done where nothing had to be: nobody may read a row of zeros as being on pace.
        return replace(made, status=Status.NOT_DUE, verdict=f"{path_words}本期尚无进度要求")
    return replace(
        made,
        status=_by_gap(printed_gap, case.lines.ahead, case.lines.severe),
        verdict=f"{path_words}{printed(declared, PERCENT_PLACES)}%判断",
    )


_PATH_WORDS = {
    "elapsed": "按序时进度",
    "last-year": "按历史同期进度",
    "schedule": "按下达的分月计划",
    "batch": "按集中认定时间",
    "flat": "按全年目标",
}


def _reached_words(case: _Case, target: Reach | About | OfWhich, value: Decimal) -> str:
    if isinstance(target, About) and round_half_up(value, case.places) < target.value:
        return f"已达到全年目标（允许偏差{exact(target.tolerance)}{case.indicator.unit}以内）"
    return "已达到全年目标"


def _growth_of_the_rest(case: _Case, needed: Decimal) -> Decimal | None:
    """Growth in % that the remaining months together must show over last year's same months."""
    base = _rest_of_last_year(case)
    return None if base is None else HUNDRED * needed / base - HUNDRED


def _rest_of_last_year(case: _Case) -> Decimal | None:
    by_now = _last_year(case, Measure.YEAR_TO_DATE)
    total = case.series.number(case.indicator.code, Period(case.period.year - 1, 12), Measure.YEAR_TO_DATE)
    if by_now is None or total is None or total.value is None or total.value <= by_now:
        return None
    return total.value - by_now


def _last_year(case: _Case, measure: Measure) -> Decimal | None:
    found = case.series.number(case.indicator.code, case.period.last_year, measure)
    return found.value if found else None


def _number(case: _Case, measure: Measure) -> Decimal | None:
    found = case.series.number(case.indicator.code, case.period, measure)
    return found.value if found else None


# --- Rates ------------------------------------------------------------------------------------------------------------


def _rate(case: _Case, target: Grow | Range) -> Assessment:
    found = case.figure
    if found is None or found.value is None:
        return _without_figure(case)
    shown = round_half_up(found.value, case.places)
    gap = shown - target.value
    made = Assessment(
        case.indicator,
        case.period,
        _by_gap(gap, case.lines.ahead_rate, case.lines.severe_rate),
        "累计增速与全年目标增速直接比较",
        value=found.value,
        figure_period=case.period,
        gap=found.value - target.value,
        printed_gap=gap,
        gap_unit="百分点",
        needed=max(-gap, Decimal(0)),
        needed_growth=_rate_of_the_rest(case, target.value, found.value) if gap < 0 else None,
        last_year_value=_last_year(case, found.measure),
        growth=found.value,
        cells=found.cells,
    )
    if isinstance(target, Range) and gap >= 0:
        made = replace(made, verdict="高于目标区间上限" if shown > target.upper else "处于目标区间")
    if case.last:
        return replace(made, status=Status.COMPLETED if gap >= 0 else Status.MISSED)
    return made


def _rate_of_the_rest(case: _Case, target: Decimal, so_far: Decimal) -> Decimal | None:
    """Growth in % that the remaining months must show, from last year's levels and the published rate so far.

    The published rate stands on the comparable base, so this year's own level isn't used: its scope may differ.
    """
    rest = _rest_of_last_year(case)
    by_now = _last_year(case, Measure.YEAR_TO_DATE)
    if rest is None or by_now is None or case.last:
        return None
    whole = by_now + rest
    return HUNDRED * (whole * (1 + target / HUNDRED) - by_now * (1 + so_far / HUNDRED)) / rest - HUNDRED


# --- Levels -----------------------------------------------------------------------------------------------------------


def _level(case: _Case, target: Hold) -> Assessment:
    found = case.figure
    if found is None or found.value is None:
        return _without_figure(case)
    gap = round_half_up(found.value, case.places) - target.value
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        "已达到目标水平，年内须保持",
        value=found.value,
        figure_period=case.period,
        gap=found.value - target.value,
        printed_gap=gap,
        gap_unit="百分点" if case.indicator.unit == "%" else case.indicator.unit,
        needed=max(-gap, Decimal(0)),
        last_year_value=_last_year(case, found.measure),
        cells=found.cells,
        notes=_way_gone(case, target, found.value),
    )
    if gap >= 0:
        return replace(made, status=Status.COMPLETED, verdict="年末达到目标水平") if case.last else made
    if case.last:
        return replace(made, status=Status.MISSED, verdict="年末未达到目标水平")
    severe = round_half_up(_shortfall(case, target, gap), PERCENT_PLACES) <= case.lines.severe
    return replace(made, status=Status.SEVERELY_BEHIND if severe else Status.BEHIND, verdict="低于目标水平")


def _shortfall(case: _Case, target: Hold, gap: Decimal) -> Decimal:
    """A level in % lacks percentage points, any other a share of its target; a target of zero has no shares."""
    if case.indicator.unit == "%":
        return gap
    return HUNDRED * gap / abs(target.value) if target.value else Decimal(0)


def _way_gone(case: _Case, target: Hold, value: Decimal) -> tuple[str, ...]:
    """The share of the way from last year's end to the target that is gone, where there is one to go."""
    if target.baseline is None or target.baseline >= target.value:
        return ()
    start = f"上年末为{exact(target.baseline)}{case.indicator.unit}"
    if value < target.baseline:
        return (f"{start}，现低于上年末",)
    share = HUNDRED * (value - target.baseline) / (target.value - target.baseline)
    return (f"{start}，需提升部分已完成{printed(share, PERCENT_PLACES)}%",)


def _ceiling(case: _Case, target: Ceiling) -> Assessment:
    found = case.figure
    if found is None or found.value is None:
        return _without_figure(case)
    reported = [
        (month, figure.value)
        for month in case.period.months_of_year_so_far()
        if (figure := case.series.figure(case.indicator, month)) is not None and figure.value is not None
    ]
    broken = [month for month, value in reported if round_half_up(value, case.places) > target.value]
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        f"年内已报{len(reported)}期均未超过上限",
        value=found.value,
        figure_period=case.period,
        gap=target.value - found.value,
        printed_gap=target.value - round_half_up(found.value, case.places),
        gap_unit="百分点" if case.indicator.unit == "%" else case.indicator.unit,
        last_year_value=_last_year(case, found.measure),
        cells=found.cells,
    )
    if case.period in broken:
        return replace(
            made,
            status=Status.MISSED if case.last else Status.BEHIND,
            verdict=f"超过上限，年内已报{len(reported)}期中{len(broken)}期超限",
        )
    if broken:
        months = "、".join(f"{month.month}月" for month in broken)
        told = f"本期未超过上限，年内{months}曾超限"
        made = replace(made, verdict=told, notes=(told,))
    # The year is judged by its last figure, as other levels are; what was broken before is told.
    return replace(made, status=Status.COMPLETED) if case.last else made


def _clear(case: _Case) -> Assessment:
    found = case.figure
    if found is None or found.value is None:
        return _without_figure(case)
    left = round_half_up(found.value, case.places)
    cleared_before = [
        month
        for month in case.period.months_of_year_so_far()
        if month != case.period
        and (figure := case.series.figure(case.indicator, month)) is not None
        and figure.value is not None
        and round_half_up(figure.value, case.places) <= 0
    ]
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        "已清零，须动态保持",
        value=found.value,
        figure_period=case.period,
        gap=-left,
        printed_gap=-left,
        gap_unit=case.indicator.unit,
        needed=left,
        last_year_value=_last_year(case, found.measure),
        cells=found.cells,
    )
    if left <= 0:
        return replace(made, status=Status.COMPLETED, verdict="年末已清零") if case.last else made
    verdict = f"未清零，尚有{exact(left)}{case.indicator.unit}"
    if cleared_before:
        verdict = f"{cleared_before[-1].month}月曾清零后反弹，现有{exact(left)}{case.indicator.unit}"
    return replace(made, status=Status.MISSED if case.last else Status.BEHIND, verdict=verdict)


# --- Repeated tasks ---------------------------------------------------------------------------------------------------

_SPANS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
_SPAN_WORDS = {Every.MONTH: "个月", Every.QUARTER: "个季度", Every.YEAR: "年"}


@dataclass(frozen=True, slots=True)
class _SubPeriod:
    """One month, quarter or year of a repeated task: how often it was done at least; ``known`` if that is all."""

    last: Period
    done: Decimal
    known: bool
    ended: bool
    cells: tuple[Cell, ...]
    told: Period | None
    """The latest month that was reported."""

    def kept(self, least: Decimal) -> bool:
        return self.done >= least

    def missed(self, least: Decimal) -> bool:
        return self.ended and self.known and self.done < least


def _repeat(case: _Case, target: Repeat) -> Assessment:
    parts = _sub_periods(case, target.every)
    if not parts:
        return _without_figure(case)
    least, current, word = target.value, parts[-1], _SPAN_WORDS[target.every]
    ended = [part for part in parts if part.ended]
    kept = sum(part.kept(least) for part in ended)
    missed = [part for part in ended if part.missed(least)]
    unknown = [part for part in ended if not part.kept(least) and not part.known]
    if ended:
        verdict = f"已结束的{len(ended)}{word}中{kept}{word}达标"
    else:
        verdict = "本期已达标" if current.kept(least) else "本期尚在进行"
    if missed:
        verdict += f"，{_name_parts(missed, target.every)}未达标"
    if unknown:
        verdict += f"，{_name_parts(unknown, target.every)}未报全"
    made = Assessment(
        case.indicator,
        case.period,
        Status.ON_PATH,
        verdict,
        value=current.done if current.told else None,
        figure_period=current.told,
        gap=Decimal(-len(missed)) if ended else None,
        printed_gap=Decimal(-len(missed)) if ended else None,
        gap_unit="期" if ended else "",
        needed=max(least - current.done, Decimal(0)) if not current.ended else None,
        cells=current.cells,
    )
    if case.last and missed:  # Certain, whatever December's report would say: a miss can't be made up.
        return replace(made, status=Status.MISSED)
    if case.due and current.told != case.period and not current.kept(least):
        return replace(made, status=Status.NOT_REPORTED, verdict=f"本期应报未报；{verdict}")
    if missed:
        return replace(made, status=Status.BEHIND)
    if unknown:
        return replace(made, status=Status.NOT_REPORTED)
    if case.last or (target.every is Every.YEAR and current.kept(least)):
        return replace(made, status=Status.COMPLETED)
    return made if ended or current.kept(least) else replace(made, status=Status.NOT_DUE)


def _sub_periods(case: _Case, every: Every) -> list[_SubPeriod]:
    """This year's sub-periods up to now, from the first that has a figure on."""
    length = _SPANS[every]
    return [
        _sub_period(case, Period(case.period.year, start), Period(case.period.year, start + length - 1))
        for start in range(1, case.period.month + 1, length)
        if min(start + length - 1, case.period.month) >= case.indicator.first_month
    ]


def _sub_period(case: _Case, first: Period, last: Period) -> _SubPeriod:
    """Counted month by month; by year-to-date figures where they tell more."""
    code, series, ended = case.indicator.code, case.series, last <= case.period
    months = [(month, series.month(code, month)) for month in span(first, min(last, case.period))]
    found = [(month, count) for month, count in months if count is not None]
    made = _SubPeriod(
        last=last,
        done=sum((count.value for _, count in found), Decimal(0)),
        known=all(count is not None or month.month < case.indicator.first_month for month, count in months),
        ended=ended,
        cells=tuple(dict.fromkeys(cell for _, count in found for cell in count.cells)),
        told=found[-1][0] if found else None,
    )
    if made.known:
        return made
    before = series.year_to_date(code, first.previous) if first.month > 1 else Derived(Decimal(0), ())
    later, all_later = Decimal(0), True
    for month, count in reversed(months):
        total = series.year_to_date(code, month)
        if total is not None and before is not None and total.value - before.value + later >= made.done:
            return replace(
                made,
                done=total.value - before.value + later,
                known=all_later,
                cells=tuple(dict.fromkeys((*total.cells, *before.cells, *made.cells))),
                told=max(month, made.told or month),
            )
        later += count.value if count is not None else 0
        all_later = all_later and count is not None
    return made


def _name_parts(parts: Sequence[_SubPeriod], every: Every) -> str:
    match every:
        case Every.MONTH:
            return "、".join(f"{part.last.month}月" for part in parts)
        case Every.QUARTER:
            return "、".join(f"{'一二三四'[part.last.quarter - 1]}季度" for part in parts)
        case Every.YEAR:
            return "全年"
        case _:
            assert_never(every)


# --- Deeds ------------------------------------------------------------------------------------------------------------


def _deed(case: _Case, options: tuple[str, ...], due: dt.date | None) -> Assessment:
    """A milestone, or either of several: done once any period up to now says so, with its date and evidence."""
    code, series = case.indicator.code, case.series
    day = due or dt.date(case.period.year, 12, 31)
    reports = [
        (month, report)
        for month in case.period.months_of_year_so_far()
        for option in options
        if series.words(code, month, Measure.DONE, option)
        and (report := series.observation(code, month, Measure.DONE, option=option)) is not None
    ]
    said = [(month, report, _day_of(series, month, report)) for month, report in reports if report.text in YES]
    # Nobody can have done by now what is dated later: such a 是 isn't believed.
    done = next((one for one in said if one[2] is None or one[2] <= case.period.last_day), None)
    if done is not None:
        month, report, on = done
        date = series.observation(code, month, Measure.DATE, option=report.option)
        late = (on or month.first_day) > day  # Without a day, the month that tells of it stands.
        which = f"{report.option}：" if report.option else ""
        verdict = f"{which}于{_day(on) if on else month.chinese()}完成" + ("（晚于期限）" if late else "")
        verdict += "" if on else "（未报完成日期）"
        evidence = series.words(code, month, Measure.EVIDENCE, report.option)
        return Assessment(
            case.indicator,
            case.period,
            Status.COMPLETED,
            verdict,
            figure_period=month,
            done_on=on,
            evidence=evidence,
            needed=Decimal(0),
            cells=report.cells + (date.cells if date else ()),
            notes=(f"{verdict}，依据：{evidence}" if evidence else verdict,),
        )
    latest = reports[-1] if reports else None
    made = Assessment(
        case.indicator,
        case.period,
        Status.NOT_DUE,
        f"期限为{_day(day)}，{'尚未完成' if latest else '尚未报告进展'}"
        + ("（所报完成日期晚于报告期，不予采信）" if said else ""),
        figure_period=latest[0] if latest else None,
        needed=Decimal(1),
        cells=latest[1].cells if latest else (),
    )
    if case.period.last_day < day:
        return made
    if latest is None or latest[0] != case.period:
        return replace(made, status=Status.NOT_REPORTED, verdict=f"期限为{_day(day)}，本期应报未报")
    return replace(made, status=Status.MISSED if case.last else Status.BEHIND, verdict=f"逾期，期限为{_day(day)}")


def _day_of(series: Series, month: Period, report: Observation) -> dt.date | None:
    date = series.observation(report.code, month, Measure.DATE, option=report.option)
    return iso_date(date.text) if date else None


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _remark(indicator: Indicator, period: Period, series: Series) -> str:
    options = (*indicator.target.options, "") if indicator.target.kind == "either" else ("",)
    words = (series.words(indicator.code, period, Measure.REMARK, option).rstrip("。；") for option in options)
    return "；".join(dict.fromkeys(word for word in words if word))


def _history(indicator: Indicator, period: Period, series: Series) -> tuple[Point, ...]:
    points = []
    for month in period.months_of_year_so_far():
        figure = series.figure(indicator, month)
        points.append(Point(month, figure.value, figure.cells) if figure else Point(month, None))
    return tuple(points)
