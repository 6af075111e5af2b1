"""Judges what is to be done every month, quarter or year: a miss can't be made up later (method §2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from transforms.assessments import Assessment, Status
from transforms.declared.targets import Every, Repeat
from transforms.judging.case import Case, without_figure
from transforms.periods import Period, span
from transforms.readings import Cell
from transforms.series import Derived


def repeated(case: Case, target: Repeat) -> Assessment:
    """Kept in k of n finished sub-periods; the running one is no miss until it ends."""
    parts = _sub_periods(case, target.every)
    if not parts:
        return without_figure(case)
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


def _sub_periods(case: Case, every: Every) -> list[_SubPeriod]:
    """This year's sub-periods up to now, from the first that has a figure on."""
    length = _SPANS[every]
    return [
        _sub_period(case, Period(case.period.year, start), Period(case.period.year, start + length - 1))
        for start in range(1, case.period.month + 1, length)
        if min(start + length - 1, case.period.month) >= case.indicator.first_month
    ]


def _sub_period(case: Case, first: Period, last: Period) -> _SubPeriod:
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
