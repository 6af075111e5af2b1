"""Rechecks what a row states against the figures beside it, as intervals; knows no plan and no other file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.doubts import Doubt, Severity
from transforms.figures import HUNDRED, Interval, growth_between, places_of
from transforms.measure_names import MEASURE_WORDS
from transforms.readings import Measure, Reading, Table
from transforms.rechecking.slips import slip
from transforms.rechecking.table_rows import MOST_PLACES, Row, interval_of, is_additive, quoted, rows_of

COMPLETION = "completion-follows"
GROWTH = "growth-follows"
GROWTH_BASE = "growth-has-a-base"
MONTH_WITHIN = "month-within-year-to-date"
COLUMNS_SWAPPED = "columns-not-swapped"
COLUMNS_EQUAL = "columns-differ-in-figures"

_CONSTANT_PRICES = re.compile(r"增加值|生产总值|GDP|可比|不变价")
"""What grows at constant prices (method §1): current levels beside it don't give that growth."""

_FEWEST = 4
"""Rows of a table that must all agree before two columns are called the same or swapped."""


def row_rechecks(table: Table) -> Iterator[Doubt]:
    """What is stated in the table and doesn't follow from what stands beside it, however it was rounded."""
    rows = list(rows_of(table))
    for row in rows:
        yield from _completion(row)
        yield from _growths(row)
    yield from _months(table, rows)


def stated_against(stated: Reading, implied: Interval, operands: str) -> tuple[str, str]:
    """The words of a verdict: what was found, with both intervals, and what would have been right."""
    own = interval_of(stated)
    assert own is not None
    assert stated.value is not None
    places = min(places_of(stated.value), MOST_PLACES)
    measure, unit = MEASURE_WORDS[stated.measure], "%"
    found = (
        f"所报{measure}{quoted(stated)}（四舍五入前为{own.written(places + 1, unit)}），"
        f"而{operands}，推算为{implied.written(places + 1, unit)}"
    )
    return found, f"{measure}在四舍五入范围内应为{implied.roundings(places, unit)}"


def doubt(
    expectation: str,
    severity: Severity,
    row: Row,
    words: tuple[str, str],
    cure: str,
    readings: Sequence[Reading],
) -> Doubt:
    """A doubt about figures of a row, at the cells of all of them."""
    return Doubt(
        expectation=expectation,
        severity=severity,
        subject=row.name,
        found=words[0],
        expected=words[1],
        cure=cure,
        places=tuple(dict.fromkeys(str(reading.cell) for reading in readings)),
        period=row.period,
    )


# --- 完成率 = 累计 ÷ 全年目标 -----------------------------------------------------------

_DONE_SO_FAR = (Measure.YEAR_TO_DATE, Measure.YEAR, Measure.LEVEL)


def _completion(row: Row) -> Iterator[Doubt]:
    """Of several targets (市考核, 区确保) each completion need fit one; a growth target is completed by its growth."""
    actual = row.one(*_DONE_SO_FAR)
    targets = row.all(Measure.ANNUAL_TARGET)
    growth = row.one(Measure.YEAR_TO_DATE_GROWTH)
    if actual is None or not targets:
        return
    for stated in row.all(Measure.COMPLETION):
        own = interval_of(stated)
        implied = [(target, share) for target in targets if (share := share_of(actual, target)) is not None]
        others = [share for target in targets if growth and (share := share_of(growth, target, "")) is not None]
        if own is None or not implied or any(own.overlaps(share) for share in (*(s for _, s in implied), *others)):
            continue
        target, nearest = min(implied, key=lambda pair: own.away_from(pair[1]))
        operands = f"{MEASURE_WORDS[actual.measure]}{quoted(actual)}÷全年目标{quoted(target)}"
        found, expected = stated_against(stated, nearest, operands)
        like = (nearest.low + nearest.high) / 2
        yield doubt(
            COMPLETION, Severity.WARNING, row, (found + slip(stated.value or Decimal(0), like), expected),
            "核对累计数、全年目标和完成率三格，改正其中错误的一格后重新报送", (stated, actual, target),
        )  # fmt: skip


def share_of(part: Reading, whole: Reading, unit: str | None = None) -> Interval | None:
    """Part ÷ whole in %; None where the units don't fit or the whole may be nothing."""
    own = interval_of(part)
    base = interval_of(whole, part.unit if unit is None else unit)
    if own is None or base is None or base.low <= 0:
        return None
    return (own / base).times(HUNDRED)


# --- 同比 from 本期 and 上年同期 of the same table ---------------------------------------

_GROWN = (
    (Measure.MONTH_GROWTH, (Measure.MONTH,)),
    (Measure.YEAR_TO_DATE_GROWTH, (Measure.YEAR_TO_DATE, Measure.YEAR, Measure.LEVEL)),
)


@dataclass(frozen=True, slots=True)
class _Pair:
    stated: Reading
    level: Reading

    def fits(self, last: Reading) -> bool:
        """Whether the growth follows from this base."""
        own = interval_of(self.stated)
        return own is not None and any(own.overlaps(one) for one in self.implied(last))

    def implied(self, last: Reading) -> list[Interval]:
        """The growths that the base gives; from one below zero people reckon in two ways."""
        now, then = interval_of(self.level), interval_of(last, self.level.unit)
        if now is None or then is None:
            return []
        if then.low > 0:
            return [growth_between(now, then)]
        if then.high < 0:
            change = ((now - then) / -then).times(HUNDRED)
            return [change, -change]
        return []

    def distance(self, last: Reading) -> Decimal:
        """How far the stated growth lies from what the base gives."""
        own = interval_of(self.stated)
        return min((own.away_from(one) for one in self.implied(last)), default=Decimal("Infinity")) if own else HUNDRED


def _growths(row: Row) -> Iterator[Doubt]:
    """Whether 上年同期 is the month's or the year's so far isn't always said: a growth may follow from either."""
    lasts = row.all(Measure.LAST_YEAR)
    if not lasts or _CONSTANT_PRICES.search(row.label):
        return
    pairs = [
        _Pair(stated, level)
        for growth, levels in _GROWN
        if (stated := row.one(growth)) is not None and (level := row.one(*levels)) is not None
    ]
    claimed = [last for last in lasts if any(pair.fits(last) for pair in pairs)]
    wrong = [pair for pair in pairs if not any(pair.fits(last) for last in lasts)]
    bases = [last for last in lasts if last not in claimed]
    if len(bases) < len(wrong):
        wrong = sorted(wrong, key=lambda pair: min((pair.distance(base) for base in bases), default=Decimal(0)))
    for pair, base in zip(wrong, bases, strict=False):
        yield from _growth(row, pair, base)


def _growth(row: Row, pair: _Pair, last: Reading) -> Iterator[Doubt]:
    cells = (pair.stated, pair.level, last)
    if last.value == 0:
        words = (
            f"上年同期为{quoted(last)}，却报了{MEASURE_WORDS[pair.stated.measure]}{quoted(pair.stated)}",
            "上年同期为0的不计算增速，填“—”",
        )
        yield doubt(GROWTH_BASE, Severity.WARNING, row, words, "核对上年同期数；确为0的，增速改填“—”", cells)
        return
    implied = pair.implied(last)
    if not implied:
        return
    words = stated_against(pair.stated, implied[0], f"本期{quoted(pair.level)}、上年同期{quoted(last)}")
    if (last.value or 0) < 0:
        yield doubt(
            GROWTH_BASE, Severity.INFO, row, words, "上年同期为负数，增速没有可比意义，宜填“—”并用文字说明", cells
        )
        return
    assert pair.stated.value is not None
    why = slip(pair.stated.value, (implied[0].low + implied[0].high) / 2)
    yield doubt(
        GROWTH, Severity.CRITICAL if why else Severity.WARNING, row, (words[0] + why, words[1]),
        "核对本期数、上年同期数和增速三格，改正其中错误的一格后重新报送；上年同期未按可比口径调整的，请在备注中注明",
        cells,
    )  # fmt: skip


# --- 本月 and 累计 beside each other -----------------------------------------------------


def _months(table: Table, rows: Sequence[Row]) -> Iterator[Doubt]:
    pairs = [
        (row, month, total)
        for row in rows
        if (month := row.one(Measure.MONTH)) and (total := row.one(Measure.YEAR_TO_DATE)) and is_additive(month)
        if month.value and total.value and row.period.month > 1
    ]
    above = [pair for pair in pairs if _exceeds(pair[1], pair[2])]
    same = [pair for pair in pairs if pair[1].value == pair[2].value and pair[1].unit == pair[2].unit]
    where = f"{table.workbook}《{table.sheet}》"
    if len(above) >= _FEWEST and len(above) + len(same) == len(pairs):
        yield _of_columns(
            COLUMNS_SWAPPED, where, above, f"{len(above)}行的本月数都大于累计数", "累计数不小于本月数",
            "“本月”与“累计”两栏疑似颠倒，核对表头后重新报送",
        )  # fmt: skip
        return
    # 1—2月 has one figure, and in February the month's may be it.
    late = [pair for pair in same if pair[0].period.month > 2]
    if len(late) >= _FEWEST and len(late) == len(pairs):
        yield _of_columns(
            COLUMNS_EQUAL, where, late, f"{len(late)}行的本月数与累计数全部相同", "2月以后累计数大于本月数",
            "“本月”或“累计”一栏疑似由另一栏复制而来，核对后重新报送",
        )  # fmt: skip
    for row, month, total in above:
        yield doubt(
            MONTH_WITHIN, Severity.WARNING, row, (f"本月{quoted(month)}大于累计{quoted(total)}", "本月数不大于累计数"),
            "核对两格是否填颠倒、填错行；本年前期数为负的，请在备注中说明", (month, total),
        )  # fmt: skip


def _exceeds(month: Reading, total: Reading) -> bool:
    own, whole = interval_of(month), interval_of(total, month.unit)
    if whole is not None and whole.low < 0:
        # A profit to date below zero had months below zero, and says nothing of this one.
        return False
    return own is not None and whole is not None and own.low > whole.high


def _of_columns(
    expectation: str, where: str, pairs: Sequence[tuple[Row, Reading, Reading]], found: str, expected: str, cure: str
) -> Doubt:
    return Doubt(
        expectation=expectation,
        severity=Severity.CRITICAL,
        subject=where,
        found=found,
        expected=expected,
        cure=cure,
        places=tuple(str(cell.cell) for _, month, total in pairs for cell in (month, total)),
        period=pairs[0][0].period,
    )
