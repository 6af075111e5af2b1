"""Small returns made by hand: rows by code, each with what stands in its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.audits.asking import ask, broken, told_undecided
from transforms.audits.columns import EVERYTHING, Column, Figures
from transforms.audits.declared import Audit
from transforms.audits.evaluation import Blanks, Outcome, evaluate
from transforms.audits.grammar import parse
from transforms.doubts import Doubt
from transforms.figures import parse_number
from transforms.periods import Period
from transforms.readings import Cell, Contents, Measure, Reading, State, Table

JUNE = Period(2024, 6)
MONTH = Column(JUNE, "", Measure.MONTH)

_STATES = {"": State.BLANK, "—": State.NO_ITEM, "…": State.TOO_SMALL, "#N/A": State.ERROR}


def row(
    name: str,
    raw: str,
    ref: str = "D5",
    *,
    code: str = "",
    unit: str = "",
    period: Period = JUNE,
    measure: Measure = Measure.MONTH,
    parent: str = "",
    area: str = "",
    vintage: str = "v1",
) -> Reading:
    number = parse_number(raw)
    state = _STATES.get(raw, State.TEXT) if number is None else State.NUMBER
    cell = Cell(vintage, "月报.xlsx", "表一", ref)
    return Reading(name, area, period, measure, number, unit, cell, raw, state, parent, code)


def contents(
    *rows: Reading, title: str = "月报", reporter: str = "区统计局", layout: str = "periods_across"
) -> Contents:
    vintage = rows[0].cell.vintage if rows else "v1"
    return Contents(vintage, "月报.xlsx", (Table("periods_across", "月报.xlsx", "表一", title, JUNE, reporter, rows),))


def rows_of(cells: Mapping[str, str], unit: str = "") -> tuple[Reading, ...]:
    """A row for each code, from D5 down."""
    return tuple(row(code, raw, f"D{5 + n}", unit=unit) for n, (code, raw) in enumerate(cells.items()))


def outcome(formula: str, cells: Mapping[str, str], unit: str = "", blanks: Blanks = Blanks.MISSING) -> Outcome:
    """What comes of a formula asked of these cells."""
    return evaluate(parse(formula), Figures([contents(*rows_of(cells, unit))], EVERYTHING), MONTH, blanks)


def audit(formula: str, **more: object) -> Audit:
    return Audit(parse(formula), "审核关系", "审核.yaml:3", **more)  # type: ignore[arg-type]


def doubts_of_audits(returned: Contents, audits: Sequence[Audit]) -> tuple[Doubt, ...]:
    """What the audits find in one file: each formula that's broken, then what couldn't be evaluated, told together."""
    asked = ask([returned], audits)
    return (*broken(asked), *told_undecided(asked))
