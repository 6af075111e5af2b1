"""Turns observations into a table of figures, each beside the figures it must agree with; judges none of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

import pandas as pd

from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.declared.targets import OfWhich
from transforms.figures import HUNDRED, Interval, exact, round_half_up
from transforms.frames.table import MEASURE_WORDS, place_of, shown, table
from transforms.observations import WHOLE, Observation
from transforms.periods import Period
from transforms.readings import Measure, State
from transforms.series import Series
from transforms.units import COUNTED_IN, convert, plain_unit

COLUMNS = (
    "when",
    "shown",
    "accumulated",
    "before",
    "before_words",
    "before_at",
    "carried",
    "month",
    "total",
    "sum_words",
    "sum_at",
    "part_low",
    "whole_high",
    "whole_words",
    "whole_at",
    "level",
    "references",
    "reference_words",
    "reference_at",
    "suspicion",
    "target",
    "target_words",
    "target_suspicion",
    "stated",
    "implied",
    "implied_words",
    "implied_range",
    "implied_at",
    "growth",
    "share",
    "count",
    "rate_before",
    "rate_words",
    "rate_at",
    "amount",
    "moved",
    "expected_near",
    "near_words",
    "near_at",
    "stood",
    "stood_at",
)

_GROWTHS = {
    Measure.MONTH_GROWTH: Measure.MONTH,
    Measure.YEAR_TO_DATE_GROWTH: Measure.YEAR_TO_DATE,
}
"""Each growth and the level that grows."""
_LEVELS = (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.LEVEL)
_STANDS = ("hold", "ceiling", "clear")
"""Kinds whose figure stands at a level; it may fall at any time."""
_NO_SHARES = ("产销率", "负债率", "利润率", "完成率", "增长", "增速", "同比", "指数")
"""Percentages that may lie outside 0 to 100."""
_MAY_BE_NEGATIVE = re.compile("利润|盈|亏|净|差额|增减|余缺")
"""Amounts that fall below zero without being wrong."""
_FEWEST_DIGITS = 3
"""Significant digits below which two equal figures may be equal by chance."""
_EXPONENTS = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8, "人": 0, "万人": 4}
_MANY = 100
"""A count from which on a threefold change isn't taken for a month's luck."""
_NEAR_POWER = Decimal("3.2")
"""Half of a power of ten, on the scale of factors."""


def figures_frame(observations: Sequence[Observation], plan: Plan, district: District, period: Period) -> pd.DataFrame:
    """One row for each number up to the period, last year's included, with the figures it must agree with.

    Needed are the whole's, and those of areas that are ranked. Left out are the areas' counts of ledger rows: we count
    them ourselves, by one rule for all months, and the rows are asked one by one.
    """
    indicators = {indicator.code: indicator for indicator in plan.indicators}
    numbers = [
        o
        for o in observations
        if o.state is State.NUMBER
        and o.value is not None
        and o.period <= period
        and o.code in indicators
        and (o.area == WHOLE or indicators[o.code].counted is None)
    ]
    known = _Known(numbers)
    ranked = set(district.bulletin.ranked)
    rows = ({**_row(o, indicators[o.code], known), "needs": o.area == WHOLE or o.code in ranked} for o in numbers)
    return table(COLUMNS, rows)


def interval_in(figure: Observation, unit: str) -> Interval | None:
    """All that a printed figure may stand for, in another unit; None where that isn't the same thing."""
    if figure.value is None:
        return None
    whole = Interval.of(figure.value, figure.places)
    if figure.unit == unit:
        return whole
    low, high = convert(whole.low, figure.unit, unit), convert(whole.high, figure.unit, unit)
    return None if low is None or high is None else Interval(low, high)


def printed_as(figure: Observation) -> str:
    """The figure with the digits that its source printed, and its unit."""
    if figure.value is None:
        return figure.text
    text = exact(figure.value) or ""
    whole, _, digits = text.partition(".")
    digits = digits.ljust(figure.places, "0")
    return f"{whole}.{digits}{figure.unit}" if digits else f"{whole}{figure.unit}"


class _Known:
    """The numbers by series, and each series' own history."""

    def __init__(self, numbers: Sequence[Observation]) -> None:
        self.series = Series(numbers)
        self._history: dict[tuple[str, Measure, str], list[Observation]] = defaultdict(list)
        for number in sorted(numbers, key=lambda o: o.period.ordinal):
            self._history[number.code, number.measure, number.area].append(number)

    def beside(
        self, o: Observation, *, period: Period | None = None, measure: Measure | None = None, code: str = ""
    ) -> Observation | None:
        """The figure that differs from this one in what is named."""
        return self.series.number(code or o.code, period or o.period, measure or o.measure, o.area)

    def before(self, o: Observation) -> list[Observation]:
        """The earlier figures of the series, oldest first."""
        return [other for other in self._history[o.code, o.measure, o.area] if other.period < o.period]


def _row(o: Observation, indicator: Indicator, known: _Known) -> dict[str, object]:
    assert o.value is not None
    area = f"（{o.area}）" if o.area != WHOLE else ""
    row: dict[str, object] = {
        **place_of(o.cells),
        "subject": f"{indicator.name}{area}{o.period.chinese()}{MEASURE_WORDS[o.measure]}",
        "period": str(o.period),
        "when": o.period.chinese(),
        "shown": printed_as(o),
    }
    if plain_unit(o.unit) == "%" and o.measure is not Measure.MONTH_GROWTH:
        row |= _rate_before(o, known)
    if o.measure in _GROWTHS:
        row["growth"] = o.value
        row |= _growth(o, indicator, known, _GROWTHS[o.measure])
    elif plain_unit(o.unit) == "%":
        if not any(word in text for text in (indicator.name, *indicator.labels) for word in _NO_SHARES):
            row["share"] = o.value
    elif o.measure in _LEVELS:
        if plain_unit(o.unit) in COUNTED_IN:  # What may fall may take back more in a month than it adds.
            row["count"] = abs(o.value) if indicator.may_fall else o.value
        row |= _jump(o, known)
        if not indicator.may_fall and o.measure is not Measure.MONTH:  # A single month does as it likes.
            row |= _move(o, indicator, known)
        row |= _target(o, indicator)
        if "count" not in row and not indicator.may_fall and not _MAY_BE_NEGATIVE.search(indicator.name):
            row["amount"] = o.value
    if o.measure is Measure.YEAR_TO_DATE and plain_unit(o.unit) != "%" and indicator.target.kind not in _STANDS:
        row |= _accumulation(o, indicator, known)
    if isinstance(indicator.target, OfWhich):
        row |= _part(o, indicator.target.parent, known)
    return row


def _places(*others: Observation | None) -> tuple[str, ...]:
    return tuple(str(cell) for other in others if other for cell in other.cells)


@dataclass(frozen=True, slots=True, eq=False)
class Quoted:
    """Figures as a message quotes them; written out only when there is a message."""

    figures: tuple[Observation, ...]

    def __str__(self) -> str:
        return "，".join(f"{o.period.chinese()}{MEASURE_WORDS[o.measure]}{printed_as(o)}" for o in self.figures)


def _quoted(*figures: Observation | None) -> Quoted:
    return Quoted(tuple(figure for figure in figures if figure))


def _accumulation(o: Observation, indicator: Indicator, known: _Known) -> Iterator[tuple[str, object]]:
    """What a year-to-date figure mustn't fall below, and what it must be the sum of."""
    own = interval_in(o, o.unit)
    earlier = [other for other in known.before(o) if other.period.year == o.period.year]
    before = interval_in(earlier[-1], o.unit) if earlier else None
    if before is not None and not indicator.may_fall:
        yield "accumulated", own
        yield "before", before
        yield "before_words", _quoted(earlier[-1])
        yield "before_at", _places(earlier[-1])
    month = known.beside(o, measure=Measure.MONTH)
    carried = known.beside(o, period=o.period.previous) if o.period.month > 1 else None
    if month is None or (carried is None and o.period.month > 1):
        return
    yield "month", interval_in(month, o.unit)
    yield "carried", interval_in(carried, o.unit) if carried else Interval(Decimal(0), Decimal(0))
    yield "total", own
    yield "sum_words", _quoted(carried, month)
    yield "sum_at", _places(carried, month)


def _rate_before(o: Observation, known: _Known) -> Iterator[tuple[str, object]]:
    """The same rate as it was last told, within a year."""
    # A growth rate begins anew with the year; a share goes on.
    first = Period(o.period.year, 1) if o.measure in _GROWTHS else Period.from_ordinal(o.period.ordinal - 11)
    earlier = [other for other in known.before(o) if other.period >= first]
    if earlier:
        yield "rate_before", earlier[-1].value
        yield "rate_words", _quoted(earlier[-1])
        yield "rate_at", _places(earlier[-1])


def _part(o: Observation, parent: str, known: _Known) -> Iterator[tuple[str, object]]:
    """The whole that an of-which figure can't exceed, within rounding."""
    whole = known.beside(o, code=parent)
    own = interval_in(o, o.unit)
    limit = interval_in(whole, o.unit) if whole else None
    if whole is None or limit is None or own is None or o.measure in _GROWTHS:
        return
    yield "part_low", own.low
    yield "whole_high", limit.high
    yield "whole_words", printed_as(whole)
    yield "whole_at", _places(whole)


def _growth(o: Observation, indicator: Indicator, known: _Known, level: Measure) -> Iterator[tuple[str, object]]:
    """The growth that the levels of this year and last give; constant prices can't be had from current ones."""
    if indicator.is_at_constant_prices:
        return
    now = known.beside(o, measure=level)
    then = known.beside(o, measure=level, period=o.period.last_year)
    this = interval_in(now, now.unit) if now else None
    last = interval_in(then, now.unit) if now and then else None
    if now is None or then is None or this is None or last is None or last.low <= 0 or this.low < 0:
        return
    low, high = (this.low / last.high - 1) * HUNDRED, (this.high / last.low - 1) * HUNDRED
    yield "stated", interval_in(o, o.unit)
    yield "implied", Interval(low, high)
    words = f"{round_half_up(low, 2):f}%～{round_half_up(high, 2):f}%"
    yield "implied_words", _quoted(now, then)
    yield "implied_range", words
    yield "implied_at", _places(now, then)


def _jump(o: Observation, known: _Known) -> Iterator[tuple[str, object]]:
    """What a level is like elsewhere: last year's same period, and the middle of its own earlier figures."""
    if not o.value:
        return
    history = [value for other in known.before(o) if (value := _in_unit(other, o.unit))]
    then = known.beside(o, period=o.period.last_year)
    last_year = _in_unit(then, o.unit) if then else None
    usual = median(abs(value) for value in history) if history else None
    references = tuple(value for value in (last_year, usual) if value)
    if not references:
        return
    yield "level", o.value
    yield "references", references
    words = [str(_quoted(then))] if then and last_year else []
    words += [f"此前各期的中位数{shown(usual, o.unit)}"] if usual else []
    yield "reference_words", "，".join(words)
    yield "reference_at", _places(then)
    yield "suspicion", _suspicion(o.value / references[0], o.unit)


def _move(o: Observation, indicator: Indicator, known: _Known) -> Iterator[tuple[str, object]]:
    """What a level should be near to: last year's, and what the last figure becomes at the pace of the year so far."""
    counted = plain_unit(o.unit) in COUNTED_IN
    before = known.beside(o, period=o.period.previous) if o.period.month > 1 or o.measure is Measure.LEVEL else None
    then = known.beside(o, period=o.period.last_year)
    pace = Decimal(1)
    if o.measure is Measure.YEAR_TO_DATE and indicator.target.kind not in _STANDS:
        pace = Decimal(o.period.month) / max(o.period.month - 1, 1)
        if before and not counted and before.value == o.value and _digits(o) >= _FEWEST_DIGITS:
            yield "stood", False
            yield "stood_at", _places(before)
    values = [_in_unit(other, o.unit) for other in (before, then) if other]
    expected = [value * (pace if at == 0 and before else 1) for at, value in enumerate(values) if value]
    # Small counts double and triple in any month.
    if o.value and expected and not (counted and max(abs(o.value), *map(abs, expected)) < _MANY):
        yield "moved", o.value
        yield "expected_near", tuple(expected)
        yield "near_words", _quoted(before, then)
        yield "near_at", _places(before, then)


def _digits(o: Observation) -> int:
    """Significant digits, trailing zeros aside."""
    return len((o.value or Decimal(0)).normalize().as_tuple().digits)


def _target(o: Observation, indicator: Indicator) -> Iterator[tuple[str, object]]:
    """The annual target, in the figure's unit: a measure of size where a series has no history yet."""
    target = indicator.target
    if target.kind not in {"reach", "about", "of-which"} or target.value is None or o.area != WHOLE:
        return
    value = convert(target.value, indicator.unit, o.unit)
    if value and o.value:
        yield "level", o.value
        yield "target", value
        yield "target_words", shown(target.value, indicator.unit)
        yield "target_suspicion", _suspicion(o.value / value, o.unit)


def _in_unit(o: Observation, unit: str) -> Decimal | None:
    return o.value if o.value is None or o.unit == unit else convert(o.value, o.unit, unit)


def _suspicion(ratio: Decimal, unit: str) -> str:
    """Which unit the figure seems to be in, when the factor is that of two units."""
    factor = max(abs(ratio), 1 / abs(ratio))
    power = next((n for n in (3, 4, 8) if 1 / _NEAR_POWER <= factor.scaleb(-n) <= _NEAR_POWER), None)
    if power is None or plain_unit(unit) not in _EXPONENTS:
        return "疑似小数点或计量单位有误"
    mine = _EXPONENTS[plain_unit(unit)]
    meant = mine - power if abs(ratio) > 1 else mine + power
    other = next((u for u, n in _EXPONENTS.items() if n == meant and u[-1] == unit[-1]), None)
    return f"疑似把以“{other}”计的数填作“{unit}”" if other else "疑似小数点或计量单位有误"
