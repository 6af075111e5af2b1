"""Decides which period a block is about from its lines, its sheet's name and its file's name; guesses none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from transforms.period_words import PeriodWords, Span, periods_in, whole_period
from transforms.periods import Period
from transforms.readings import Measure
from transforms.tables.blocks import Block, Line, best_period
from transforms.tables.findings import (
    NO_PERIOD,
    PERIOD_FROM_NAME,
    PERIODS_CONTRADICT,
    SHEET_PERIOD,
    Findings,
)


def period_of_block(block: Block, findings: Findings) -> PeriodWords | None:
    """The period that the block's figures are of, None where nothing states one.

    The title rules, then the lines under it, then the sheet's name, then the file's; a year alone gives way to a month
    of that year. Where the title and the file's name differ it's a critical doubt, since one of them is wrong.
    """
    title = _period_in(block.above) or _period_in(block.opening)
    of_sheet = best_period([block.sheet.name]) or whole_period(block.sheet.name)
    of_file = block.page.of_file
    _compare_sheet_name(block, title or of_file, findings)
    if title is None or (title.span is Span.YEAR and of_file and of_file.span is not Span.YEAR):
        stated = of_sheet or of_file
        if stated is None and title is None:
            findings.add(NO_PERIOD, block.page.name, f"表“{block.title}”没有写时期")
            return None
        if stated is not None and (title is None or title.period.year == stated.period.year):
            findings.add(PERIOD_FROM_NAME, block.page.name, f"按名称读作{stated.words}", stated.period)
            return stated
    assert title is not None
    if of_file and not _agree(title, of_file) and not (of_sheet and _agree(title, of_sheet)):
        findings.add(
            PERIODS_CONTRADICT,
            block.page.name,
            f"表内写的是“{title.words}”，文件名写的是“{of_file.words}”",
            of_file.period,
            apart=block.title,
        )
    return title


def narrowed(stated: PeriodWords | None, heads: Iterable[str]) -> PeriodWords | None:
    """A title that gives but the year, or nothing, made narrower by the one month that the heads name (1—6月累计)."""
    if stated is not None and stated.span is not Span.YEAR:
        return stated
    year = stated.period.year if stated else None
    named = {
        words.period: words
        for head in heads
        for words in periods_in(head, year)
        if words.span is not Span.YEAR and (year is None or words.period.year == year)
    }
    return next(iter(named.values())) if len(named) == 1 else stated


def period_of_measure(block: Block, stated: PeriodWords | None, measure: Measure, findings: Findings) -> Period | None:
    """The period of a figure: a month's or a quarter's has none where only its year is stated."""
    if stated is None:
        return None
    if stated.span is Span.YEAR and measure in _SHORT:
        findings.add(NO_PERIOD, block.page.name, f"表“{block.title}”只写了年份，却有当月或当季的数")
        return None
    return stated.period


_SHORT = {Measure.MONTH, Measure.MONTH_GROWTH, Measure.QUARTER}


def _period_in(lines: Sequence[Line]) -> PeriodWords | None:
    return best_period([line.text for line in lines if not _RANGE.match(line.text)])


_RANGE = re.compile(r"\s*(?:时间|数据时间)\s*[:：]")


def _agree(one: PeriodWords, other: PeriodWords) -> bool:
    if Span.YEAR in {one.span, other.span}:
        return one.period.year == other.period.year
    return one.period == other.period


def _compare_sheet_name(block: Block, stated: PeriodWords | None, findings: Findings) -> None:
    if stated is None or stated.span is Span.YEAR:
        return
    named = periods_in(block.sheet.name, stated.period.year)
    if named and named[-1].span is not Span.YEAR and named[-1].period != stated.period:
        findings.add(
            SHEET_PERIOD,
            block.page.name,
            f"工作表叫“{block.sheet.name}”，表内是“{stated.words}”",
            stated.period,
        )
