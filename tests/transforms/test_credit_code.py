"""The check digit of a unified social credit code."""

from __future__ import annotations

import pytest

from transforms.ledgers.credit_code import check_digit, fault_of, is_credit_code


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91440300708461136T"])
def test_a_code_with_its_check_digit(code: str) -> None:
    assert is_credit_code(code)
    assert check_digit(code[:17]) == code[17]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",  # no check digit
        "91350100M000100Y44",  # another one
        "91350100M000010Y43",  # two digits changed places
        "91350100m000100y43",  # small letters are the caller's to raise
        "91350100I000100Y43",  # I isn't of the alphabet
        "340123456789012345",
    ],
)
def test_what_is_no_code(code: str) -> None:
    assert not is_credit_code(code)


def test_a_single_slip_is_always_seen() -> None:
    good = "91440300708461136T"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    slips = [good[:at] + other + good[at + 1 :] for at in range(18) for other in alphabet if other != good[at]]
    assert not any(is_credit_code(slip) for slip in slips)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91350100M000100Y43", ""),
        ("91350100M000100Y44", "末位校验码应为3"),
        ("341502000012345", "15位的旧注册号"),
        ("91350100M000100Y4", "有17位"),
        ("913415020000123000", "末几位已丢失"),
        ("91350100MO00100Y43", "“O”"),
    ],
)
def test_what_is_wrong_with_a_code(code: str, words: str) -> None:
    assert words in fault_of(code)
    assert bool(fault_of(code)) == bool(words)
