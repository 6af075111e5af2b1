"""What an audit formula is once it's understood: a relation of two expressions over named rows; has no figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from transforms.readings import Measure


class Relation(StrEnum):
    """How the two sides stand to each other."""

    EQUAL = "="
    UNEQUAL = "≠"
    AT_LEAST = "≥"
    AT_MOST = "≤"
    ABOVE = ">"
    BELOW = "<"


class When(StrEnum):
    """Which period's figure an operand means."""

    THIS = "本期"
    BEFORE = "上期"
    """The nearest earlier period that the row has a figure of."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Operand:
    """A row by its code or name (父/子 for a 其中 row); ``name`` is empty for the row at hand (本月<=累计).

    ``measure`` is None where the formula is asked of each kind of column in turn.
    """

    name: str
    measure: Measure | None = None
    when: When = When.THIS

    def __str__(self) -> str:
        told = [MEASURE_WORDS[self.measure]] if self.measure else []
        told += [self.when.value] if self.when is When.BEFORE else []
        return ".".join([*([self.name] if self.name else []), *told])


@dataclass(frozen=True, slots=True)
class Range:
    """The rows whose codes run from ``first`` to ``last``, added: SUM(NG5702:NG5704). Both ends must be there."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms, each added (+1) or taken away (-1)."""

    terms: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors, each multiplied (+1) or divided by (-1), from left to right."""

    factors: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True, slots=True)
class Absolute:
    """ABS(…) or |…|."""

    inner: Expression


Expression = Number | Operand | Range | Sum | Product | Absolute


@dataclass(frozen=True, slots=True)
class Tolerance:
    """By how much the sides may miss the relation: an amount, and a share of the right side."""

    amount: Decimal = Decimal(0)
    share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Formula:
    """``text`` is what was written, without the tolerance's default."""

    text: str
    left: Expression
    relation: Relation
    right: Expression
    tolerance: Tolerance = Tolerance()
    condition: Formula | None = None
    """What must hold of the figures as they're printed for the relation to be asked at all (若…则…)."""

    def operands(self) -> tuple[Operand | Range, ...]:
        """Every operand once, in the order of the formula."""
        before = self.condition.operands() if self.condition else ()
        return tuple(dict.fromkeys((*before, *operands_of(self.left), *operands_of(self.right))))

    @property
    def of_each_row(self) -> bool:
        """Whether it's asked of every row, about its own columns (本月<=累计)."""
        return any(isinstance(one, Operand) and not one.name for one in self.operands())


MEASURES = {
    "本月": Measure.MONTH,
    "当月": Measure.MONTH,
    "累计": Measure.YEAR_TO_DATE,
    "本年累计": Measure.YEAR_TO_DATE,
    "1至本月": Measure.YEAR_TO_DATE,
    "本月同比": Measure.MONTH_GROWTH,
    "当月同比": Measure.MONTH_GROWTH,
    "累计同比": Measure.YEAR_TO_DATE_GROWTH,
    "期末": Measure.LEVEL,
    "期末数": Measure.LEVEL,
    "当季": Measure.QUARTER,
    "本季": Measure.QUARTER,
    "全年": Measure.YEAR,
    "上年同期": Measure.LAST_YEAR,
    "全年目标": Measure.ANNUAL_TARGET,
    "完成率": Measure.COMPLETION,
}
"""How a formula names a column."""

MEASURE_WORDS = {measure: word for word, measure in reversed(MEASURES.items())}
"""How messages about a formula name a column."""


def operands_of(expression: Expression) -> tuple[Operand | Range, ...]:
    """Every operand of one side once, in order."""
    return tuple(dict.fromkeys(_operands(expression)))


def has_product(expression: Expression) -> bool:
    """Whether something is multiplied or divided in it."""
    match expression:
        case Product():
            return True
        case Sum(terms):
            return any(has_product(term) for _, term in terms)
        case Absolute(inner):
            return has_product(inner)
        case _:
            return False


def _operands(expression: Expression) -> Iterator[Operand | Range]:
    match expression:
        case Operand() | Range():
            yield expression
        case Sum(parts) | Product(parts):
            for _, part in parts:
                yield from _operands(part)
        case Absolute(inner):
            yield from _operands(inner)
        case Number():
            return
