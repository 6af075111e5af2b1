"""Turns the text of an audit formula into the formula, or says where it stops making sense; evaluates nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from transforms.audits.formulas import (
    MEASURES,
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
    When,
)

LONGEST = 1000
"""Characters. The longest formula met in practice has 60."""

DEEPEST = 30
"""Brackets within brackets."""


class FormulaFault(ValueError):
    """The text isn't a formula: why, in Chinese for a bureau's sheet and in English for a declaration."""

    def __init__(self, chinese: str, english: str) -> None:
        self.chinese = chinese
        self.english = english
        super().__init__(english)


def parse(text: str, tolerance: Tolerance = Tolerance()) -> Formula:  # noqa: B008
    """The formula; ``tolerance`` is that of the declaration, which the formula's own overrides.

    Takes + - * / × ÷ with brackets, numbers, codes (NG1310, 01, 第3行), names ([规模以上工业总产值], “…”, or bare where
    they have no sign in them), each with .累计 or another measure or .上期; SUM, Σ, 合计 of a list or of a range of
    codes; ABS; one relation of = ≠ ≥ ≤ > <, in all their spellings; and a tolerance at the end (±0.5, 误差不超过1%);
    before it one condition, itself a relation (若A>0则B>0, 当A>0时，B>0, IF(A>0,B>0)). Full
    width counts as half. Raises FormulaFault.
    """
    halved = text.translate(_HALF)
    if len(halved) > LONGEST:
        raise FormulaFault(
            f"公式有{len(halved)}个字符，超过{LONGEST}个", f"the formula has {len(halved)} characters, over {LONGEST}"
        )
    if found := _CONDITION.fullmatch(halved) or _IF.fullmatch(halved):
        asked = parse(found["then"], tolerance)
        if asked.condition is not None:
            raise FormulaFault("条件里又有条件，请拆成几条公式", "a condition within a condition; write two formulas")
        return replace(asked, text=text.strip(), condition=parse(found["when"]))
    plain = _signed(halved)
    if _depth(plain) > DEEPEST:
        raise FormulaFault(f"括号超过{DEEPEST}层", f"brackets within brackets more than {DEEPEST} deep")
    try:
        made = _parser().parse(plain)
    except UnexpectedInput as error:
        raise _fault(plain, error) from None
    return _formula(text, made, tolerance)


_GRAMMAR = r"""
start: sum RELATION sum [tolerance]

tolerance: TOLERANCE NUMBER [PERCENT] WITHIN?
    | "(" TOLERANCE NUMBER [PERCENT] WITHIN? ")"

?sum: product (SIGN product)*
?product: factor (TIMES factor)*
?factor: SIGN factor -> signed
    | primary

?primary: NUMBER [PERCENT] -> number
    | operand
    | "(" sum ")"
    | "|" sum "|" -> absolute
    | ABS "(" sum ")" -> absolute_of
    | TOTAL "(" item ("," item)* ")" -> total

?item: sum
    | code ":" code -> range

operand: (CODE | ROW | NAME | QUOTED | BRACKETED) [SUFFIX]
code: CODE | ROW | NUMBER | NAME | QUOTED | BRACKETED

RELATION.3: ">=" | "=>" | "<=" | "=<" | "<>" | "!=" | "==" | "=" | ">" | "<" | "≥" | "≤" | "≠" | "≧" | "≦" | "⩾" | "⩽"
SIGN: "+" | "-"
TIMES: "*" | "/" | "×" | "÷"
PERCENT: "%"
NUMBER: /\d+(\.\d+)?/
ROW.2: /第?\d+行/
CODE.1: /\d*[A-Za-z][A-Za-z0-9_]*(?![A-Za-z0-9_\u4e00-\u9fff])/
TOTAL.3: /(?:SUM|Σ|∑|合计|求和)(?=\s*\()/i
ABS.3: /(?:ABS|绝对值)(?=\s*\()/i
TOLERANCE.3: /[,;]?\s*(?:±|\+\/-|(?:允许|容许)?误差(?:范围|限)?(?:不得?超过|不大于|小于(?:等于)?|在|为|<=?|≤|:)?\s*±?)/
WITHIN: /以内|之内/
NAME: /[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff、·]*/
QUOTED: /"[^"]{1,80}"|'[^']{1,80}'|“[^”]{1,80}”|「[^」]{1,80}」/
BRACKETED: /\[[^\[\]]{1,80}\]|【[^【】]{1,80}】|《[^《》]{1,80}》/
SUFFIX.2: /\.\s*(?:[\u4e00-\u9fff][0-9\u4e00-\u9fff]*|1至本月)/

%ignore /\s+/
"""

_HALF = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", ord("−"): "-"})
_RELATIONS = {
    "=": Relation.EQUAL, "==": Relation.EQUAL,
    "<>": Relation.UNEQUAL, "!=": Relation.UNEQUAL, "≠": Relation.UNEQUAL,
    ">=": Relation.AT_LEAST, "=>": Relation.AT_LEAST, "≥": Relation.AT_LEAST, "≧": Relation.AT_LEAST,
    "⩾": Relation.AT_LEAST,
    "<=": Relation.AT_MOST, "=<": Relation.AT_MOST, "≤": Relation.AT_MOST, "≦": Relation.AT_MOST,
    "⩽": Relation.AT_MOST,
    ">": Relation.ABOVE, "<": Relation.BELOW,
}  # fmt: skip


_CONDITION = re.compile(r"\s*(?:若|如果|如|当)(?P<when>.+?)(?:[,;]?\s*(?:时\s*,?\s*)?(?:则|那么)|时\s*,)(?P<then>.+)")
_IF = re.compile(r"\s*IF\s*\((?P<when>[^,]+),(?P<then>.+)\)\s*", re.IGNORECASE)
_ERROR = re.compile(r"[,;(]?\s*(?:±|\+/-|(?:允许|容许)?误差)")
_SIGN = re.compile(r"[=<>≥≤≠≧≦⩾⩽]")
_WORDED = (
    (re.compile(r"\s*(?:大于或?等于|不小于|不少于|不低于)\s*"), ">="),
    (re.compile(r"\s*(?:小于或?等于|不大于|不多于|不超过|不高于)\s*"), "<="),
    (re.compile(r"\s*不等于\s*"), "<>"),
    (re.compile(r"\s*等于\s*"), "="),
    (re.compile(r"\s*大于\s*"), ">"),
    (re.compile(r"\s*小于\s*"), "<"),
)


def _signed(text: str) -> str:
    """A relation in words (从业人员 不小于 女性) as its sign; the words of a tolerance stay."""
    at = found.start() if (found := _ERROR.search(text)) else len(text)
    relation, tolerance = text[:at], text[at:]
    if _SIGN.search(relation):
        return text
    for words, sign in _WORDED:
        relation = words.sub(sign, relation)
    return relation + tolerance


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    # Bars and signs nest too, and each costs the parser and the evaluation a step.
    return max(deepest, text.count("|") // 2, max((len(run) for run in re.findall(r"[-+\s]+", text)), default=0))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True, transformer=_Meaning())


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def start(self, left: Expression, relation: Token, right: Expression, tolerance: Tolerance | None) -> Any:
        return left, _RELATIONS[str(relation)], right, tolerance

    def tolerance(self, *parts: Token | None) -> Tolerance:
        told = {part.type: part for part in parts if part is not None}
        value = Decimal(told["NUMBER"])
        return Tolerance(share=value / 100) if "PERCENT" in told else Tolerance(amount=value)

    def sum(self, first: Expression, *rest: Any) -> Expression:
        pairs = zip(rest[::2], rest[1::2], strict=True)
        return Sum(((1, first), *((1 if sign == "+" else -1, term) for sign, term in pairs)))

    def product(self, first: Expression, *rest: Any) -> Expression:
        pairs = zip(rest[::2], rest[1::2], strict=True)
        return Product(((1, first), *((1 if sign in "*×" else -1, factor) for sign, factor in pairs)))

    def signed(self, sign: Token, inner: Expression) -> Expression:
        return inner if sign == "+" else Sum(((-1, inner),))

    def number(self, written: Token, percent: Token | None) -> Expression:
        value = Decimal(written)
        if percent is None and re.fullmatch(r"0\d+", written):
            return Operand(str(written))
        return Number(value / 100 if percent else value)

    def absolute(self, inner: Expression) -> Expression:
        return Absolute(inner)

    def absolute_of(self, _: Token, inner: Expression) -> Expression:
        return Absolute(inner)

    def total(self, _: Token, *items: Expression) -> Expression:
        return Sum(tuple((1, item) for item in items))

    def range(self, first: str, last: str) -> Expression:
        return Range(first, last)

    def code(self, written: Token) -> str:
        return _name(written)

    def operand(self, written: Token, suffix: Token | None) -> Expression:
        name = _name(written)
        if suffix is not None:
            return _qualified(name, "".join(suffix[1:].split()))
        if written.type == "NAME" and name in MEASURES:
            return Operand("", MEASURES[name])
        return Operand(name)


def _name(written: Token) -> str:
    match written.type:
        case "QUOTED" | "BRACKETED":
            return "".join(written[1:-1].split())
        case "ROW":
            return written.removeprefix("第").removesuffix("行")
        case _:
            return str(written)


def _qualified(name: str, word: str) -> Operand:
    if word in MEASURES:
        return Operand(name, MEASURES[word])
    if word in {one.value for one in When}:
        return Operand(name, when=When(word))
    known = "、".join([*MEASURES, *When])
    raise FormulaFault(f"“.{word}”不是认得的栏目，可写：{known}", f"no column {word!r}; known: {known}")


def _formula(text: str, made: Any, default: Tolerance) -> Formula:
    left, relation, right, tolerance = made
    formula = Formula(text.strip(), left, relation, right, tolerance or default)
    if not any(isinstance(one, Range) or not one.name.isdigit() for one in formula.operands()):
        # 01=02+10 and 1=2+3 are about rows by their numbers; nobody audits whether one is five.
        formula = Formula(formula.text, _by_number(left), relation, _by_number(right), formula.tolerance)
    if not formula.operands():
        raise FormulaFault("公式里没有指标", "no operand in the formula")
    if relation is Relation.UNEQUAL and tolerance:
        raise FormulaFault("“≠”不能有误差", "≠ can't have a tolerance")
    return formula


def _by_number(expression: Expression) -> Expression:
    match expression:
        case Number(value) if value == value.to_integral_value():
            return Operand(f"{value:f}")
        case Sum(terms):
            return Sum(tuple((sign, _by_number(term)) for sign, term in terms))
        case Product(factors):
            return Product(tuple((sign, one if one in _SCALES else _by_number(one)) for sign, one in factors))
        case Absolute(inner):
            return Absolute(_by_number(inner))
        case _:
            return expression


_SCALES = tuple(Number(Decimal(scale)) for scale in (100, 1000, 10_000))


def _fault(text: str, error: UnexpectedInput) -> FormulaFault:
    relations = len(_RELATION.findall(text))
    if re.match(r"\s*(?:若|如果|如|当|IF\b)", text, re.IGNORECASE):
        return FormulaFault(
            "条件公式读不懂，应写成“若A>0则B>0”",
            "the condition can't be read; write 若A>0则B>0",
        )
    if relations == 0:
        return FormulaFault("没有关系符号，应有 = ≠ >= <= > < 之一", "no relation; write one of = ≠ >= <= > <")
    if relations > 1:
        return FormulaFault(
            f"有{relations}个关系符号，请拆成几条公式", f"{relations} relations; write one formula for each"
        )
    if text.count("(") != text.count(")"):
        return FormulaFault("括号不配对", "brackets don't match")
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return FormulaFault("公式不完整，末尾缺少指标或数", "the formula ends where an operand or a number is due")
    at = max(error.column, 1)
    found = text[at - 1 : at + 9]
    what = "不认得的符号" if isinstance(error, UnexpectedCharacters) else "此处不应出现"
    return FormulaFault(
        f"第{at}个字符起读不懂：“{found}”（{what}）", f"can't be read from character {at} on: {found!r}"
    )


_RELATION = re.compile(r"(?<!误差)[<>=!≥≤≠≧≦⩾⩽]+")
