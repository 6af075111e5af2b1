"""Units: exact conversion between those that measure the same thing, refusal of all others."""

from decimal import Decimal

import pytest

from transforms.units import convert, is_known, plain_unit


@pytest.mark.parametrize(
    ("value", "unit", "into", "made"),
    [
        ("123456.78", "万元", "亿元", "12.345678"),
        ("1", "亿元", "万元", "10000"),
        ("0.1", "万亿元", "亿元", "1000"),
        ("5", "‰", "%", "0.5"),
        ("3", "户", "家", "3"),
        ("12", "场次", "场", "12"),
        ("2", "台（套）", "台", "2"),
        ("1.2", "个百分点", "%", "1.2"),
        ("7", "％", "%", "7"),
        ("3.3", "亿 元", "亿元", "3.3"),
    ],
)
def test_converts_exactly(value: str, unit: str, into: str, made: str) -> None:
    assert convert(Decimal(value), unit, into) == Decimal(made)


@pytest.mark.parametrize(
    ("unit", "into"), [("家", "亿元"), ("人", "家"), ("%", "亿元"), ("", "家"), ("亿美元", "亿元")]
)
def test_what_measures_something_else_is_refused(unit: str, into: str) -> None:
    assert convert(Decimal(1), unit, into) is None


def test_an_unknown_unit_is_itself() -> None:
    assert not is_known("标箱")
    assert convert(Decimal(2), "标箱", "标箱") == 2


def test_one_spelling() -> None:
    assert plain_unit("人民币 亿元") == "亿元"
    assert plain_unit("台（套）") == "台(套)"
