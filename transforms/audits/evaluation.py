"""Decides whether a formula holds of a column of figures, on intervals, or says why nobody can tell; reads no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, Overflow, localcontext
from enum import StrEnum
from typing import assert_never

from transforms.audits.columns import Column, Figures
from transforms.audits.formulas import (
    Absolute,
    Expression,
    Formula,
    Number,
    Operand,
    Product,
    Range,
    Relation,
    Sum,
    Tolerance,
    has_product,
    operands_of,
)
from transforms.figures import Interval, exact, places_of
from transforms.readings import Cell, Reading, State
from transforms.units import convert, is_counted


class Verdict(StrEnum):
    """What became of a formula in a column."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "not-evaluable"


@dataclass(frozen=True, slots=True)
class Found:
    """What stands for an operand: its cells and texts as they stand, or what's wrong with it, in Chinese."""

    name: str
    cells: tuple[Cell, ...] = ()
    raw: str = ""
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One formula in one column: the verdict, both sides as the printed figures give them, and what was found.

    ``left`` and ``right`` are None where a side can't be computed; ``reason`` then says why, in Chinese.
    """

    verdict: Verdict
    column: Column | None
    found: tuple[Found, ...]
    left: Decimal | None = None
    right: Decimal | None = None
    reason: str = ""


NO_ITEM = "没有该项（—）"
"""Why a formula is undecided of which a side has no item: nobody need mend that."""


class Blanks(StrEnum):
    """What an empty cell counts as: not known, or nothing where the bureau that issued the formulas says so."""

    MISSING = "missing"
    ZERO = "zero"


def evaluate(formula: Formula, figures: Figures, column: Column, blanks: Blanks = Blanks.MISSING) -> Outcome:
    """Whether the formula holds in the column.

    A rounded figure stands for its interval (method §5), so that a relation fails only if no values that were rounded
    to what is printed keep it; a count stands for itself. — (no such item) adds nothing, … less than half of the last
    digit that the others have. Undecided is a formula with an operand that has no row, no figure, an error or two
    values, one of which a side has no item at all, and one that divides by what may be zero. A formula whose condition
    (若…则…) doesn't hold of the figures as they're printed passes: it asks for nothing.
    """
    if formula.condition is not None:
        before = evaluate(formula.condition, figures, column, blanks)
        if before.left is None or before.right is None:
            return replace(before, reason=f"条件：{before.reason}")
        if not _holds(formula.condition.relation, _point(before.left).span, _point(before.right).span, Decimal(0)):
            return replace(before, verdict=Verdict.PASS, reason="条件不成立，不需核对")
    readings = [one for operand in formula.operands() for row in _rows(operand, figures, column) for one in row]
    finest = max((places_of(one.value) for one in readings if one.value is not None), default=0)
    resolver = _Resolver(figures, column, blanks, finest, _common_unit(formula, readings))
    resolved = {one: resolver.resolve(one) for one in formula.operands()}
    found = tuple(one for _, told in resolved.values() for one in told)
    lacks = list(dict.fromkeys(f"{one.name}{one.lack}" for one in found if one.lack))
    if lacks:
        return Outcome(Verdict.UNDECIDED, column, found, reason="；".join(lacks))
    values = {one: value for one, (value, _) in resolved.items() if value is not None}
    for words, expression in (("左边", formula.left), ("右边", formula.right)):
        named = operands_of(expression)
        if named and all(values[one] is _NOTHING for one in named):
            return Outcome(Verdict.UNDECIDED, column, found, reason=f"{words}{NO_ITEM}")
    with localcontext(_EXACT):
        try:
            left, right = _value(formula.left, values), _value(formula.right, values)
            kept = _holds(formula.relation, left.span, right.span, _allowed(formula.tolerance, right.middle))
        except ZeroDivisionError:
            return Outcome(Verdict.UNDECIDED, column, found, reason="除数是零，或在四舍五入的范围内可能是零")
        except Overflow:
            return Outcome(Verdict.UNDECIDED, column, found, reason="数值过大，算不出来")
    return Outcome(Verdict.PASS if kept else Verdict.FAIL, column, found, left.middle, right.middle)


_EXACT = Context(prec=60)
"""Digits enough for sums of figures that a spreadsheet keeps with 15."""

_DOWN, _UP = Context(prec=60, rounding=ROUND_FLOOR), Context(prec=60, rounding=ROUND_CEILING)
"""An endless quotient lies between two of 60 digits, so that 1÷3×3 may be 1."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A value as it's printed, and all that it may stand for."""

    middle: Decimal
    span: Interval


_NOTHING = _Figure(Decimal(0), Interval(Decimal(0), Decimal(0)))
"""What — adds."""

_Resolved = tuple[_Figure | None, tuple[Found, ...]]


def _common_unit(formula: Formula, readings: Sequence[Reading]) -> str:
    """The unit that sums and comparisons are made in, the first one stated; empty where the formula has a product.

    Who multiplies or divides (人均=产值*10000/人数) has reckoned with the units as they're printed.
    """
    if has_product(formula.left) or has_product(formula.right):
        return ""
    return next((one.unit for one in readings if one.unit and one.value is not None), "")


def _rows(operand: Operand | Range, figures: Figures, column: Column) -> Sequence[Sequence[Reading]]:
    match operand:
        case Operand():
            return (figures.find(column, operand),)
        case Range():
            return figures.run(column, operand)
        case _:
            assert_never(operand)


@dataclass(frozen=True, slots=True)
class _Resolver:
    figures: Figures
    column: Column
    blanks: Blanks
    places: int
    """The most digits after the point that an operand is printed with."""
    unit: str

    def resolve(self, operand: Operand | Range) -> _Resolved:
        """The operand's figure, None if it has none, and what was found for it."""
        rows = _rows(operand, self.figures, self.column)
        if isinstance(operand, Operand):
            return self._of_row(str(operand) if operand.name else f"{self.column.row}.{operand}", rows[0])
        if not rows:
            return None, (Found(f"{operand.first}:{operand.last}", lack="首尾两行没有都找到"),)
        parts = [self._of_row(row[0].code or row[0].label, row) for row in rows]
        found = tuple(one for _, founds in parts for one in founds)
        return _added([value for value, _ in parts if value is not None]), found

    def _of_row(self, name: str, readings: Sequence[Reading]) -> _Resolved:
        if not readings:
            return None, (Found(name, lack="没有这一行（栏）"),)
        cells = tuple(reading.cell for reading in readings)
        first = readings[0]
        raws = "、".join(dict.fromkeys(reading.raw.strip() for reading in readings))
        if any((one.state, one.value) != (first.state, first.value) for one in readings):
            return None, (Found(name, cells, raws, f"有几个不同的数（{raws}）"),)
        value, lack = self._figure(first, raws)
        return value, (Found(name, cells, raws or "空", lack),)

    def _figure(self, reading: Reading, raws: str) -> tuple[_Figure | None, str]:
        match reading.state:
            case State.NUMBER:
                return _printed(reading, self.unit), ""
            case State.NO_ITEM:
                return _NOTHING, ""
            case State.TOO_SMALL:
                return _Figure(Decimal(0), Interval(Decimal(0), Decimal(1).scaleb(-self.places) / 2)), ""
            case State.BLANK:
                return (_point(Decimal(0)), "") if self.blanks is Blanks.ZERO else (None, "未填")
            case State.ERROR:
                return None, f"是错误值{raws}"
            case State.TEXT:
                return None, f"是文字“{raws}”"
            case _:
                assert_never(reading.state)


def _printed(reading: Reading, unit: str) -> _Figure:
    assert reading.value is not None
    places = places_of(reading.value)
    # A whole number without a unit, or of things that are counted, was never rounded.
    counted = not places and (not reading.unit or is_counted(reading.unit))
    span = Interval(reading.value, reading.value) if counted else Interval.of(reading.value, places)
    scale = (convert(Decimal(1), reading.unit, unit) if reading.unit and unit else None) or Decimal(1)
    return _Figure(reading.value * scale, Interval(span.low * scale, span.high * scale))


def _point(value: Decimal) -> _Figure:
    return _Figure(value, Interval(value, value))


def _value(expression: Expression, values: Mapping[Operand | Range, _Figure]) -> _Figure:
    match expression:
        case Number(value):
            return _point(value)
        case Operand() | Range():
            return values[expression]
        case Sum(terms):
            return _added([_signed(sign, _value(term, values)) for sign, term in terms])
        case Product(factors):
            made = _point(Decimal(1))
            for power, factor in factors:
                made = (_times if power > 0 else _over)(made, _value(factor, values))
            return made
        case Absolute(inner):
            return _absolute(_value(inner, values))
        case _:
            assert_never(expression)


def _added(parts: Sequence[_Figure]) -> _Figure:
    total = _point(Decimal(0))
    for part in parts:
        total = _Figure(total.middle + part.middle, total.span + part.span)
    return total


def _signed(sign: int, figure: _Figure) -> _Figure:
    return figure if sign > 0 else _Figure(-figure.middle, Interval(-figure.span.high, -figure.span.low))


def _times(one: _Figure, other: _Figure) -> _Figure:
    ends = [(a, b) for a in (one.span.low, one.span.high) for b in (other.span.low, other.span.high)]
    span = Interval(min(_DOWN.multiply(a, b) for a, b in ends), max(_UP.multiply(a, b) for a, b in ends))
    return _Figure(one.middle * other.middle, span)


def _over(one: _Figure, other: _Figure) -> _Figure:
    if other.span.low <= 0 <= other.span.high:
        raise ZeroDivisionError
    ends = [(a, b) for a in (one.span.low, one.span.high) for b in (other.span.low, other.span.high)]
    span = Interval(min(_DOWN.divide(a, b) for a, b in ends), max(_UP.divide(a, b) for a, b in ends))
    return _Figure(one.middle / other.middle, span)


def _absolute(figure: _Figure) -> _Figure:
    low, high = figure.span.low, figure.span.high
    least = Decimal(0) if low <= 0 <= high else min(abs(low), abs(high))
    return _Figure(abs(figure.middle), Interval(least, max(abs(low), abs(high))))


def _allowed(tolerance: Tolerance, right: Decimal) -> Decimal:
    return tolerance.amount + tolerance.share * abs(right)


def _holds(relation: Relation, left: Interval, right: Interval, allowed: Decimal) -> bool:
    """Whether some values of the two intervals keep the relation; touching ends count, for either rounding of a tie."""
    match relation:
        case Relation.EQUAL:
            return Interval(left.low - allowed, left.high + allowed).overlaps(right)
        case Relation.UNEQUAL:
            return left != right or left.low != left.high
        case Relation.AT_LEAST:
            return left.high + allowed >= right.low
        case Relation.AT_MOST:
            return left.low - allowed <= right.high
        case Relation.ABOVE:
            return left.high + allowed > right.low
        case Relation.BELOW:
            return left.low - allowed < right.high
        case _:
            assert_never(relation)


def quoted(outcome: Outcome) -> str:
    """Each operand as it stands: NG1310=5777，NG1321=5138."""
    return "，".join(f"{one.name}={one.raw}" for one in outcome.found if not one.lack)


def side(value: Decimal | None) -> str:
    """A side's value for a message, without the digits of an endless quotient."""
    if value is None:
        return "—"
    return exact(value.normalize(Context(prec=15))) or "0"
