"""What the two shapes with periods in a head share: a series' measure over a period, and the checks of the periods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.period_words import PeriodWords, Span, periods_in, whole_period
from transforms.periods import Period
from transforms.readings import Measure
from transforms.spreadsheets.sheets import Kind as CellKind
from transforms.spreadsheets.sheets import Sheet, reference
from transforms.tables.area_words import is_area
from transforms.tables.blocks import Block
from transforms.tables.findings import (
    MEASURE_UNSTATED,
    PERIOD_RANGE,
    SAME_PERIOD_TWICE,
    SERIES_FROM_TITLE,
    UNMEASURED,
    Findings,
)
from transforms.tables.heads import Head
from transforms.tables.labels import read_label
from transforms.tables.measure_words import Kind, growth_measure, is_index, label_words, value_measure


@dataclass(frozen=True, slots=True)
class Dated:
    """A row or column of a period, zero-based."""

    index: int
    words: PeriodWords


def period_at(sheet: Sheet, row: int, column: int, year: int | None = None) -> PeriodWords | None:
    """The period that a cell means: words, a true date, 201802 or 2019.

    The number 2024.1 is none: it may have been typed as 2024.10.
    """
    value = sheet.value(row, column)
    if value.kind is CellKind.DATE:
        return whole_period(value.text[:10])
    if value.kind is CellKind.NUMBER:
        return whole_period(value.text, year) if re.fullmatch(r"\d{4}(?:\d\d|\.\d\d)?", value.text) else None
    return whole_period(value.text, year) if value.kind is CellKind.TEXT else None


def names_periods_below(sheet: Sheet, head: Head, column: int) -> bool:
    """Whether the first cell under the head's column is a period, so that the table is one of periods down.

    A month without its year will do under 月份 and the like, since the year may stand in the title.
    """
    below = next((row for row in range(head.bottom, sheet.height) if sheet.words(row, column)), None)
    year = ANY_YEAR if YEARLESS.fullmatch(head.words(column)) else None
    return below is not None and period_at(sheet, below, column, year) is not None


YEARLESS = re.compile(r"月份?|季度|时间|时期|期间|月度")
ANY_YEAR = 2000
"""Stands for the year that a title may give, while it's only asked whether words are a month."""


def year_of(block: Block) -> int | None:
    """The one year that the lines over a table, its sheet's name or its file's name give to months without any."""
    named = {words.period.year for line in block.above or block.opening for words in periods_in(line.text)}
    named = named or {words.period.year for words in periods_in(block.sheet.name)}
    if not named and block.page.of_file:
        named = {block.page.of_file.period.year}
    return named.pop() if len(named) == 1 else None


def series_measure(label: str, span: Span, period: Period) -> Measure | None:
    """The measure that the label's words and the head's span make together; None where no measure stands for it."""
    told = label_words(label)
    if isinstance(told.kind, Measure):
        return told.kind
    own = told.span or span
    if own is Span.MONTH and span in {Span.QUARTER, Span.YEAR_TO_DATE}:
        # 当月 under 1—2月 is of both months; there's no figure of February alone.
        own = span
    if own is Span.YEAR and period.month != 12:
        return None
    match told.kind:
        case Kind.UNMEASURED:
            return None
        case Kind.GROWTH:
            return growth_measure(own)
        case Kind.VALUE:
            return value_measure(own)


def tell_unstated(block: Block, label: str, span: Span, place: str, findings: Findings) -> None:
    """Say so where neither the label nor the head tells the month's figure from the year-to-date's."""
    told = label_words(label)
    if told.kind is Kind.VALUE and told.span is None and span in {Span.MONTH, Span.QUARTER} and not is_index(label):
        findings.add(MEASURE_UNSTATED, place, f"“{label}”", apart=block.page.name)


def tell_unmeasured(block: Block, label: str, place: str, findings: Findings) -> None:
    """Say that a series isn't read."""
    findings.add(UNMEASURED, place, f"“{label}”", apart=block.page.name)


def check_periods(block: Block, dated: Sequence[Dated], places: Iterable[str], findings: Findings) -> None:
    """No period twice, and the newest and the oldest year those that 时间： says."""
    seen: dict[tuple[Period, Span], str] = {}
    for one, place in zip(dated, places, strict=True):
        first = seen.setdefault((one.words.period, one.words.span), place)
        if first is not place:
            findings.add(
                SAME_PERIOD_TWICE, place, f"“{one.words.words}”在{first.rpartition('》')[2]}已有", one.words.period
            )
    stated = block.stated(_STATED)
    if not stated or not dated:
        return
    periods = [one.words.period for one in dated]
    begins, ends = _stated_run(stated)
    newest, oldest = max(periods), min(periods)
    if ends and (newest.year != ends.period.year if ends.span is Span.YEAR else newest != ends.period):
        findings.add(PERIOD_RANGE, block.page.name, f"时间写的是“{stated}”，表头最近的时期是{newest.chinese()}", newest)
    elif begins and oldest.year > begins.period.year:
        findings.add(PERIOD_RANGE, block.page.name, f"时间写的是“{stated}”，表头最早的时期是{oldest.chinese()}", newest)


def _stated_run(stated: str) -> tuple[PeriodWords | None, PeriodWords | None]:
    """The first and the last period of 2019-2023, 2021年1月-2022年2月, 2016- (no last one) or a single period."""
    if whole := whole_period(stated):
        return None, whole
    if found := _RUN.fullmatch(stated):
        return whole_period(found["first"]), whole_period(found["last"]) if found["last"] else None
    return None, next(iter(periods_in(stated)), None)


_RUN = re.compile(r"(?P<first>(?:19|20)\d\d.*?)(?:[-—–~～]+|至今?|到)(?P<last>(?:19|20)\d\d.*)?")
_STATED = re.compile(r"(?:^|\s)时间\s*[:：]\s*(\S+)$")


def column_place(block: Block, column: int) -> str:
    """A column's head as a text for a doubt."""
    return f"{block.page.name}{reference(block.head.row, column)}"


def names_areas(head: Head, columns: Iterable[int]) -> bool:
    """Whether the columns, two at least, are called like areas, so that the table is of one series."""
    named = [words for column in columns if (words := head.words(column))]
    return len(named) > 1 and all(is_area(words) for words in named)


def subject_of(block: Block, findings: Findings) -> str:
    """The series that the whole table is about: 指标：…, else the title without its period and brackets."""
    if stated := block.stated(SUBJECT):
        return read_label(stated).text
    title = block.title
    for period in periods_in(title):
        title = title.replace(period.words, "")
    named = read_label(_HISTORY.sub("", title)).text
    findings.add(SERIES_FROM_TITLE, block.page.name, f"按标题读作“{named}”", apart=block.page.sheet.name)
    return named


SUBJECT = re.compile(r"(?:^|\s)指标(?:名称)?\s*[:：]\s*(\S+)")
_HISTORY = re.compile(
    r"[（(][^）)]*[）)]|(?:历史|月度|季度|年度|时间序列|分月|各月)*(?:数据|情况|资料|序列|统计表|表)$|\.\w{2,4}$"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
)
