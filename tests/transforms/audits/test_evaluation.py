from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.audits.returns import JUNE, MONTH, contents, outcome, row
from transforms.audits.columns import EVERYTHING, Column, Figures
from transforms.audits.evaluation import Blanks, Verdict, evaluate
from transforms.audits.grammar import parse
from transforms.periods import Period
from transforms.readings import Measure

PASS, FAIL, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("formula", "cells", "verdict"),
    [
        ("A=B+C", {"A": "5", "B": "2", "C": "3"}, PASS),
        ("A=B+C", {"A": "6", "B": "2", "C": "3"}, FAIL),
        ("A≠B", {"A": "5", "B": "6"}, PASS),
        ("A≠B", {"A": "5", "B": "5"}, FAIL),
        ("A>=B", {"A": "5", "B": "5"}, PASS),
        ("A>=B", {"A": "5", "B": "6"}, FAIL),
        ("A<=B", {"A": "5", "B": "5"}, PASS),
        ("A<=B", {"A": "6", "B": "5"}, FAIL),
        ("A>B", {"A": "6", "B": "5"}, PASS),
        ("A>B", {"A": "5", "B": "5"}, FAIL),
        ("A<B", {"A": "4", "B": "5"}, PASS),
        ("A<B", {"A": "5", "B": "5"}, FAIL),
        ("A=B+C*2", {"A": "8", "B": "2", "C": "3"}, PASS),
        ("A=B+C*2", {"A": "10", "B": "2", "C": "3"}, FAIL),
        ("A=(B+C)*2", {"A": "10", "B": "2", "C": "3"}, PASS),
        ("A=B-C-1", {"A": "4", "B": "8", "C": "3"}, PASS),
        ("A=B/C/2", {"A": "2", "B": "12", "C": "3"}, PASS),
        ("A=B/C*C", {"A": "1", "B": "1", "C": "3"}, PASS),
        ("A=-B", {"A": "-4", "B": "4"}, PASS),
        ("|A-B|<=1", {"A": "4", "B": "5"}, PASS),
        ("|A-B|<=1", {"A": "3", "B": "5"}, FAIL),
        ("A=SUM(N1:N3)", {"A": "6", "N1": "1", "N2": "2", "N3": "3", "N4": "100"}, PASS),
        ("A=SUM(N1:N3)", {"A": "7", "N1": "1", "N2": "2", "N3": "3"}, FAIL),
        ("A=B±1", {"A": "4", "B": "5"}, PASS),
        ("A=B±1", {"A": "3", "B": "5"}, FAIL),
        ("A>=B±1", {"A": "4", "B": "5"}, PASS),
        ("A<=B±10%", {"A": "110", "B": "100"}, PASS),
        ("A<=B±10%", {"A": "111", "B": "100"}, FAIL),
        ("a1=ｂ1", {"A1": "1,234", "B1": "1234"}, PASS),
        ("01=2+3", {"1": "5", "02": "2", "3": "3"}, PASS),
        ("若A>0则B>0", {"A": "1", "B": "1"}, PASS),
        ("若A>0则B>0", {"A": "1", "B": "0"}, FAIL),
        ("若A>0则B>0", {"A": "0", "B": "0"}, PASS),
        ("若A>0则B>0", {"A": "0.0"}, PASS),
        ("若A>0则B>0", {"A": "1"}, UNDECIDED),
        ("若A>0则B>0", {"B": "1"}, UNDECIDED),
    ],
)
def test_a_relation_kept_and_broken(formula: str, cells: Mapping[str, str], verdict: Verdict) -> None:
    assert outcome(formula, cells).verdict is verdict


@pytest.mark.parametrize(
    ("cells", "unit", "verdict"),
    [
        # 33.3 + 33.3 + 33.3 may be 99.75 to 100.05.
        ({"A": "100.0", "B": "33.3", "C": "66.6"}, "%", PASS),
        ({"A": "100.2", "B": "33.3", "C": "66.6"}, "%", FAIL),
        ({"A": "100.00", "B": "33.3", "C": "66.6"}, "亿元", PASS),
        ({"A": "100.05", "B": "33.3", "C": "66.6"}, "亿元", FAIL),
        ({"A": "100", "B": "60", "C": "41"}, "亿元", PASS),
        ({"A": "100", "B": "60", "C": "42"}, "亿元", FAIL),
        # A count was never rounded, nor was a whole number without a unit.
        ({"A": "100", "B": "60", "C": "41"}, "家", FAIL),
        ({"A": "100", "B": "60", "C": "41"}, "", FAIL),
    ],
)
def test_rounded_figures_are_intervals_and_counts_are_not(
    cells: Mapping[str, str], unit: str, verdict: Verdict
) -> None:
    assert outcome("A=B+C", cells, unit).verdict is verdict


def test_strictly_above_needs_room() -> None:
    assert outcome("A>B", {"A": "5.0", "B": "5.0"}, "亿元").verdict is PASS
    assert outcome("A>B", {"A": "4.9", "B": "5.0"}, "亿元").verdict is FAIL
    assert outcome("A≠B", {"A": "5.0", "B": "5.0"}, "亿元").verdict is PASS


def test_touching_ends_count_for_either_rounding_of_a_tie() -> None:
    assert outcome("A=B", {"A": "0.3", "B": "0.4"}, "亿元").verdict is PASS
    assert outcome("A=B", {"A": "0.3", "B": "0.41"}, "亿元").verdict is FAIL


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"A": "5", "B": "2"}, "C没有这一行（栏）"),
        ({"A": "5", "B": "5", "C": ""}, "C未填"),
        ({"A": "5", "B": "5", "C": "#N/A"}, "C是错误值#N/A"),
        ({"A": "5", "B": "5", "C": "约3"}, "C是文字“约3”"),
        ({"A": "5"}, "B没有这一行（栏）；C没有这一行（栏）"),
        ({"A": "5", "B": "—", "C": "—"}, "右边没有该项（—）"),
        ({"A": "—", "B": "1", "C": "—"}, "左边没有该项（—）"),
    ],
)
def test_without_a_figure_nobody_can_tell(cells: Mapping[str, str], reason: str) -> None:
    made = outcome("A=B+C", cells)
    assert (made.verdict, made.reason, made.left, made.right) == (UNDECIDED, reason, None, None)


def test_a_blank_is_nothing_only_where_that_is_declared() -> None:
    cells = {"A": "5", "B": "5", "C": ""}
    assert outcome("A=B+C", cells).verdict is UNDECIDED
    assert outcome("A=B+C", cells, blanks=Blanks.ZERO).verdict is PASS
    # A row that isn't there is no blank.
    assert outcome("A=B+X", cells, blanks=Blanks.ZERO).verdict is UNDECIDED


def test_no_item_adds_nothing_and_too_small_next_to_nothing() -> None:
    assert outcome("A=B+C", {"A": "5", "B": "5", "C": "—"}).verdict is PASS
    assert outcome("A=B+C", {"A": "5.01", "B": "5.00", "C": "…"}, "亿元").verdict is PASS
    assert outcome("A=B+C", {"A": "5.03", "B": "5.00", "C": "…"}, "亿元").verdict is FAIL


@pytest.mark.parametrize(("divisor", "unit"), [("0", ""), ("0.0", "亿元"), ("0.04", "亿元"), ("—", "")])
def test_division_by_what_may_be_zero_is_undecided(divisor: str, unit: str) -> None:
    cells = {"A": "5", "B": "5", "C": divisor}
    made = outcome("A=B/(C+0)" if divisor != "0.04" else "A=B/(C-0.04)", cells, unit)
    assert made.verdict is UNDECIDED
    assert "除数" in made.reason


def test_a_failure_has_both_sides_and_every_cell() -> None:
    made = outcome("A=B+C", {"A": "6", "B": "2", "C": "3"})
    assert (made.left, made.right) == (Decimal(6), Decimal(5))
    assert [(found.name, found.raw, [cell.ref for cell in found.cells]) for found in made.found] == [
        ("A", "6", ["D5"]), ("B", "2", ["D6"]), ("C", "3", ["D7"]),
    ]  # fmt: skip


def test_two_values_of_one_row_leave_it_undecided_and_one_value_twice_does_not() -> None:
    def verdict(again: str) -> Verdict:
        rows = contents(row("A", "5"), row("B", "5", "D6"), row("B", again, "D7"))
        return evaluate(parse("A=B"), Figures([rows], EVERYTHING), MONTH).verdict

    assert verdict("5") is PASS
    assert verdict("4") is UNDECIDED


def test_a_row_is_found_by_code_by_name_and_below_its_parent() -> None:
    rows = contents(
        row("轻工业", "5", "D5", code="102", parent="总产值"),
        row("轻工业", "3", "D6", parent="增加值"),
        row("规模以上工业（不变价）", "7", "D7"),
        row("用电量累计增长", "9", "D8"),
    )
    figures = Figures([rows], EVERYTHING)

    def verdict(formula: str) -> Verdict:
        return evaluate(parse(formula), figures, MONTH).verdict

    assert verdict("第102行=5+规模以上工业*0") is UNDECIDED
    assert verdict("第102行=[规模以上工业(不变价)]-2") is PASS
    assert verdict("[总产值/轻工业]-2=[增加值/轻工业]") is PASS
    assert verdict("轻工业=[总产值/轻工业]") is UNDECIDED
    assert verdict("用电量=9") is PASS


def test_the_period_before_is_the_nearest_with_a_figure() -> None:
    rows = contents(
        row("A", "5", "F5"),
        row("A", "", "E5", period=Period(2024, 5)),
        row("A", "3", "D5", period=Period(2024, 4)),
    )
    made = evaluate(parse("A=A.上期+2"), Figures([rows], EVERYTHING), MONTH)
    assert (made.verdict, [cell.ref for found in made.found for cell in found.cells]) == (PASS, ["F5", "D5"])


def test_a_later_vintage_counts_unless_it_is_blank() -> None:
    old = contents(row("A", "5"), row("B", "5", "D6"))
    new = contents(row("A", "6", vintage="v2"), row("B", "", "D6", vintage="v2"))
    made = evaluate(parse("A=B"), Figures([old, new], EVERYTHING), MONTH)
    assert (made.left, made.right) == (Decimal(6), Decimal(5))


def test_columns_of_a_row_are_compared_by_name() -> None:
    month, total = row("A", "5", "C5"), row("A", "4", "D5", measure=Measure.YEAR_TO_DATE)
    column = Column(JUNE, "", None, "A")
    made = evaluate(parse("本月<=累计"), Figures([contents(month, total)], EVERYTHING), column)
    assert (made.verdict, [found.name for found in made.found]) == (FAIL, ["A.本月", "A.累计"])


def test_amounts_in_two_units_are_brought_to_one_unless_the_formula_reckons_with_them() -> None:
    rows = contents(
        row("A", "1.25", unit="亿元"), row("B", "12500", "D6", unit="万元"), row("C", "12600", "D7", unit="万元")
    )
    figures = Figures([rows], EVERYTHING)
    assert evaluate(parse("A=B"), figures, MONTH).verdict is PASS
    assert evaluate(parse("A=C"), figures, MONTH).verdict is FAIL
    assert evaluate(parse("A*10000=B"), figures, MONTH).verdict is PASS


def test_huge_products_are_undecided_not_a_traceback() -> None:
    made = outcome("A=" + "*".join(["B"] * 300), {"A": "1", "B": "9" * 15 + "0" * 290})
    assert made.verdict is FAIL
    assert outcome("A=B", {"A": "1" + "0" * 308, "B": "1" + "0" * 308}).verdict is PASS


Tree = str | tuple[str, "Tree", "Tree"]
_LEAVES = st.sampled_from(["A", "B", "C", "D"]) | st.integers(1, 99).map(str)
_TREES: st.SearchStrategy[Tree] = st.recursive(
    _LEAVES, lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner), max_leaves=12
)
_CELLS = st.fixed_dictionaries({name: st.integers(-999, 999).map(str) for name in "ABCD"})


def written(tree: Tree) -> str:
    return tree if isinstance(tree, str) else f"({written(tree[1])}{tree[0]}{written(tree[2])})"


def computed(tree: Tree, cells: Mapping[str, str]) -> Fraction:
    if isinstance(tree, str):
        return Fraction(cells.get(tree, tree))
    left, right = computed(tree[1], cells), computed(tree[2], cells)
    match tree[0]:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tree=_TREES, cells=_CELLS, aside=st.sampled_from([0, 1, -1]))
def test_any_expression_is_arithmetic(tree: Tree, cells: dict[str, str], aside: int) -> None:
    try:
        value = computed(tree, cells)
    except ZeroDivisionError:
        assert outcome(f"A+{written(tree)}>=A", cells).verdict is UNDECIDED
        return
    made = outcome(f"{written(tree)}+A*0>=A", cells)
    with localcontext(prec=60):
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
    assert made.left is not None
    assert abs(made.left - decimal) <= abs(decimal) * Decimal("1e-50") + Decimal("1e-50")
    # A stands in for the value itself, so that = can be tried at it and beside it.
    if value.denominator == 1:
        there = {**cells, "X": str(value.numerator + aside)}
        assert outcome(f"X={written(tree)}", there).verdict is (FAIL if aside else PASS)
