"""Tells whether a unified social credit code (统一社会信用代码) can be right by its check digit; knows no register."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: no I, O, S, V or Z."""
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def is_credit_code(code: str) -> bool:
    """Whether the text is 18 characters of the alphabet whose last is the check digit (GB 32100-2015)."""
    return len(code) == 18 and code[17] == check_digit(code[:17])


def fault_of(code: str) -> str:
    """What is wrong with a code, as a clause for a message; empty where nothing is."""
    if is_credit_code(code):
        return ""
    if len(code) == 15 and code.isdigit():
        return "是15位的旧注册号，不是18位的统一社会信用代码"
    if len(code) != 18:
        return f"有{len(code)}位，应为18位"
    if code.isdigit() and code.endswith("000"):
        return "全是数字且末三位为0，疑似存成了数字，末几位已丢失"
    strange = sorted(set(code) - set(_ALPHABET))
    if strange:
        return f"含有代码中不用的“{'、'.join(strange)}”"
    return f"末位校验码应为{check_digit(code[:17])}"


def check_digit(body: str) -> str | None:
    """The 18th character that belongs to the first 17; None where they aren't 17 of the alphabet.

    >>> check_digit("91350100M000100Y4")
    '3'
    """
    if len(body) != 17 or not set(body) <= set(_ALPHABET):
        return None
    total = sum(weight * _ALPHABET.index(char) for weight, char in zip(_WEIGHTS, body, strict=True))
    return _ALPHABET[-total % 31]
