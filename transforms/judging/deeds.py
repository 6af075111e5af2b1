"""Judges milestones, and either of several: done, due or overdue (method §2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from transforms.assessments import Assessment, Status
from transforms.dates import iso_date
from transforms.judging.case import Case
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Measure
from transforms.series import Series

YES = frozenset({"是", "已完成", "完成", "√", "已建成", "已获评", "达成"})
"""What units write in 是否完成 when it's done."""


def deed(case: Case, options: tuple[str, ...], due: dt.date | None) -> Assessment:
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
