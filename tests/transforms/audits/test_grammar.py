from __future__ import annotations

from decimal import Decimal

import pytest

from transforms.audits.formulas import Absolute, Number, Operand, Product, Range, Relation, Sum, Tolerance, When
from transforms.audits.grammar import DEEPEST, LONGEST, FormulaFault, parse
from transforms.readings import Measure

A, B, C = Operand("A"), Operand("B"), Operand("C")


@pytest.mark.parametrize(
    ("written", "relation"),
    [
        ("=", Relation.EQUAL), ("==", Relation.EQUAL), ("＝", Relation.EQUAL),
        ("<>", Relation.UNEQUAL), ("!=", Relation.UNEQUAL), ("≠", Relation.UNEQUAL), ("＜＞", Relation.UNEQUAL),
        (">=", Relation.AT_LEAST), ("=>", Relation.AT_LEAST), ("≥", Relation.AT_LEAST), ("＞＝", Relation.AT_LEAST),
        ("≧", Relation.AT_LEAST),
        ("<=", Relation.AT_MOST), ("=<", Relation.AT_MOST), ("≤", Relation.AT_MOST), ("⩽", Relation.AT_MOST),
        (">", Relation.ABOVE), ("＞", Relation.ABOVE), ("<", Relation.BELOW), ("＜", Relation.BELOW),
    ],
)  # fmt: skip
def test_every_spelling_of_a_relation(written: str, relation: Relation) -> None:
    made = parse(f"A {written} B")
    assert (made.left, made.relation, made.right) == (A, relation, B)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("A=B+C", Sum(((1, B), (1, C)))),
        ("A=B-C", Sum(((1, B), (-1, C)))),
        ("Ａ＝（Ｂ＋Ｃ）×２", Product(((1, Sum(((1, B), (1, C)))), (1, Number(Decimal(2)))))),
        ("A=B+C*2", Sum(((1, B), (1, Product(((1, C), (1, Number(Decimal(2))))))))),
        ("A=B÷C", Product(((1, B), (-1, C)))),
        ("A=-B+-C", Sum(((1, Sum(((-1, B),))), (1, Sum(((-1, C),)))))),
        ("A=5%*B", Product(((1, Number(Decimal("0.05"))), (1, B)))),
        ("A=ABS(B-C)", Absolute(Sum(((1, B), (-1, C))))),
        ("A=|B-C|", Absolute(Sum(((1, B), (-1, C))))),
        ("A=SUM(B,C)", Sum(((1, B), (1, C)))),
        ("A=Σ（B，C）", Sum(((1, B), (1, C)))),
        ("A=合计(NG1:NG4)", Sum(((1, Range("NG1", "NG4")),))),
    ],
)
def test_expressions_bind_as_in_arithmetic(text: str, right: object) -> None:
    assert parse(text).right == right


@pytest.mark.parametrize(
    ("written", "operand"),
    [
        ("NG1310", Operand("NG1310")),
        ("301A", Operand("301A")),
        ("轻工业", Operand("轻工业")),
        ("[电力、热力、燃气及水生产（供应）业]", Operand("电力、热力、燃气及水生产(供应)业")),
        ("【轻 工 业】", Operand("轻工业")),
        ("“5G+工业互联网”", Operand("5G+工业互联网")),
        ("第3行", Operand("3")),
        ("03行", Operand("03")),
        ("03", Operand("03")),
        ("轻工业.累计", Operand("轻工业", Measure.YEAR_TO_DATE)),
        ("[总产值/轻工业].本月", Operand("总产值/轻工业", Measure.MONTH)),
        ("NG1310.上期", Operand("NG1310", when=When.BEFORE)),
        ("累计", Operand("", Measure.YEAR_TO_DATE)),
        ("合计", Operand("合计")),
    ],
)
def test_every_way_of_naming_an_operand(written: str, operand: Operand) -> None:
    assert parse(f"{written}>=X").left == operand


@pytest.mark.parametrize("text", ["01=02+10", "1=2+10", "(1)=(2)+(10)", "第1行=第2行+10行"])
def test_numbers_alone_are_rows(text: str) -> None:
    operands = parse(text).operands()
    assert [int(one.name) for one in operands if isinstance(one, Operand)] == [1, 2, 10]


def test_a_scale_between_rows_stays_a_number() -> None:
    assert parse("3=2/1*100").right == Product(((1, Operand("2")), (-1, Operand("1")), (1, Number(Decimal(100)))))


@pytest.mark.parametrize(
    ("text", "tolerance"),
    [
        ("A=B±0.5", Tolerance(Decimal("0.5"))),
        ("A=B（±1）", Tolerance(Decimal(1))),
        ("A=B，允许误差0.5以内", Tolerance(Decimal("0.5"))),
        ("A=B（误差不超过1%）", Tolerance(share=Decimal("0.01"))),
        ("A=B 误差<=0.1", Tolerance(Decimal("0.1"))),
        ("A=B", Tolerance(Decimal(3))),
    ],
)
def test_a_tolerance_of_its_own_goes_before_the_declared(text: str, tolerance: Tolerance) -> None:
    assert parse(text, Tolerance(Decimal(3))).tolerance == tolerance


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("A+B", "没有关系符号", "no relation"),
        ("A=B=C", "有2个关系符号", "2 relations"),
        ("A=(B+C", "括号不配对", "brackets don't match"),
        ("A=B+", "公式不完整", "ends where"),
        ("A=", "公式不完整", "ends where"),
        ("A=B$C", "第4个字符", "from character 4"),
        ("A=B C", "第5个字符", "from character 5"),
        ("A=B.位次", "“.位次”不是认得的栏目", "no column '位次'"),
        ("若A>0且C>0", "条件公式", "the condition"),
        ("若A则B>0", "没有关系符号", "no relation"),
        ("若A>0则若B>0则C>0", "条件里又有条件", "a condition within"),
        ("2.5>=1.5", "没有指标", "no operand"),
        ("A≠B±1", "不能有误差", "can't have a tolerance"),
        ("__import__('os').system('true')=1", "读不懂", "can't be read from character"),
        ("A=B**C", "读不懂", "can't be read from character"),
        ("A=" + "B+" * LONGEST + "B", "超过1000个", "over 1000"),
        ("A=" + "(" * (DEEPEST + 1) + "B" + ")" * (DEEPEST + 1), "括号超过30层", "deep"),
        ("A=" + "-" * 400 + "B", "括号超过30层", "deep"),
        ("", "没有关系符号", "no relation"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_told_in_both_languages(text: str, chinese: str, english: str) -> None:
    with pytest.raises(FormulaFault) as told:
        parse(text)
    assert chinese in told.value.chinese
    assert english in told.value.english


@pytest.mark.parametrize(
    "text",
    ["若A>0则B>=C", "如果 A>0，则 B>=C", "当A>0时，B>=C", "若A>0时,则B>=C", "IF(A>0,B>=C)", "if（A>0，B>=C）"],
)
def test_a_condition_comes_before_the_relation(text: str) -> None:
    made = parse(text)
    assert made.condition is not None
    assert (made.condition.left, made.condition.relation) == (A, Relation.ABOVE)
    assert (made.left, made.relation, made.right) == (B, Relation.AT_LEAST, C)
    assert made.text == text
    assert [str(one) for one in made.operands()] == ["A", "B", "C"]


def test_the_longest_and_deepest_formulas_are_read() -> None:
    assert len(parse("A=" + "+".join(f"B{n}" for n in range(190))).operands()) == 191
    assert parse("A=" + "(" * DEEPEST + "B" + ")" * DEEPEST).right == B
