"""Turns one cell into a figure with its state, and notes what is wrong with it; knows no label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from transforms.figures import parse_number
from transforms.periods import Period
from transforms.readings import State
from transforms.spreadsheets.sheets import Kind, Value
from transforms.tables.blocks import Page
from transforms.tables.findings import (
    ERROR_CELL,
    PERCENT_ELSEWHERE,
    TEXT_FOR_NUMBER,
    UNCOMPUTED_FORMULA,
    Findings,
)

_NO_ITEM = re.compile(r"[-—–―－−]{1,4}|[/／]")
_TOO_SMALL = re.compile(r"…{1,2}|\.{3,6}|·{3,6}|。{3}")
_PERCENT_SIGN = re.compile(r"[%％]\s*$")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f\u3000](?=\d{3}(?!\d))")
"""A blank between the thousands (12 345.6)."""
_BRACKETED = re.compile(r"[（(](\d[\d,.]*)[)）]")
_TRIANGLE = re.compile(r"[△▲▼↓]\s*(\d[\d,.]*)\s*[%％]?")
_RISEN = re.compile(r"[↑+＋]\s*(\d[\d,.]*)\s*[%％]?")
_SCALED = re.compile(r"(-?\d[\d,.]*)\s*([千万亿])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell's state, its number, and its text as it stands."""

    state: State
    value: Decimal | None
    raw: str


def figure(page: Page, row: int, column: int, unit: str, period: Period | None, findings: Findings) -> Figure:
    """The figure of a cell where a number in ``unit`` should stand, on which text and errors are doubts."""
    value = page.sheet.value(row, column)
    found = _figure(value, unit)
    place = page.place(row, column)
    if found.state is State.ERROR:
        if value.kind is Kind.UNCOMPUTED:
            findings.add(UNCOMPUTED_FORMULA, place, "公式没有计算结果", period)
        else:
            findings.add(ERROR_CELL, place, found.raw, period)
    elif found.state is State.TEXT:
        rule = PERCENT_ELSEWHERE if _is_percent(value) else TEXT_FOR_NUMBER
        findings.add(rule, place, f"“{found.raw.strip()}”{_meant(found.raw)}", period)
    return found


def _meant(text: str) -> str:
    """What the text probably means, for its writer to confirm; never taken for the figure."""
    plain = "".join(text.split())
    if found := _BRACKETED.fullmatch(plain) or _TRIANGLE.fullmatch(plain):
        return f"（像是-{found[1]}）"
    if found := _RISEN.fullmatch(plain):
        return f"（像是{found[1]}）"
    if found := _SCALED.fullmatch(plain):
        return f"（像是{found[1]}乘以一{found[2]}）"
    return ""


def is_no_item(text: str) -> bool:
    """Whether the text is a dash, which says that there's no such item."""
    return bool(_NO_ITEM.fullmatch("".join(text.split())))


def _figure(value: Value, unit: str) -> Figure:
    match value.kind:
        case Kind.BLANK:
            return Figure(State.BLANK, None, "")
        case Kind.NUMBER:
            return Figure(State.NUMBER, value.number, value.text)
        case Kind.ERROR | Kind.UNCOMPUTED:
            return Figure(State.ERROR, None, value.text)
        case Kind.PERCENT:
            if unit in _PERCENT_UNITS:
                return Figure(State.NUMBER, value.number, value.text)
            return Figure(State.TEXT, None, value.text)
        case Kind.DATE | Kind.BOOLEAN:
            return Figure(State.TEXT, None, value.text)
        case Kind.TEXT:
            return _figure_of_text(value.text, unit)


_PERCENT_UNITS = {"", "%", "％"}


def _figure_of_text(text: str, unit: str) -> Figure:
    plain = "".join(text.split())
    if _NO_ITEM.fullmatch(plain):
        return Figure(State.NO_ITEM, None, text)
    if _TOO_SMALL.fullmatch(plain):
        return Figure(State.TOO_SMALL, None, text)
    number = parse_number(_GROUPED.sub("", text))
    if number is None or (_PERCENT_SIGN.search(text) and unit not in _PERCENT_UNITS):
        return Figure(State.TEXT, None, text)
    return Figure(State.NUMBER, number, text)


def _is_percent(value: Value) -> bool:
    return value.kind is Kind.PERCENT or (
        bool(_PERCENT_SIGN.search(value.text)) and parse_number(value.text) is not None
    )
