"""Asks one condition of a counting rule of one cell's text; knows neither the row nor what is counted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import assert_never

from transforms.dates import iso_date
from transforms.declared.counting import AtLeast, Below, Condition, Filled, InYear, NoneOf, OneOf, StartsWith
from transforms.figures import parse_number
from transforms.periods import Period
from transforms.spellings import plain_words
from transforms.units import convert


class Answer(Enum):
    """Whether a cell keeps a condition; it may be impossible to say, for one of three reasons."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    """Nothing stands where the condition needs something: not known, which isn't no."""
    UNREADABLE = "unreadable"
    """Words where the condition needs a number."""
    ERROR = "error"
    """#N/A, or a formula that was never computed."""


Question = Callable[[str], Answer]


def question(condition: Condition, unit: str, period: Period) -> Question | None:
    """The condition as asked of the texts of a column in this unit; None where the unit doesn't fit the condition's."""
    match condition:
        case AtLeast() | Below():
            limit = convert(condition.value, condition.unit, unit)
            return None if limit is None else _number_question(limit, condition)
        case OneOf(values=values):
            known = frozenset(map(plain_words, values))
            return _worded(lambda words: words in known)
        case StartsWith(values=values):
            starts = tuple(map(plain_words, values))
            return _worded(lambda words: words.startswith(starts))
        case NoneOf(values=values):
            barred = frozenset(map(plain_words, values))
            return lambda text: Answer.ERROR if is_error(text) else _yes(plain_words(text) not in barred)
        case Filled():
            return lambda text: Answer.ERROR if is_error(text) else _yes(not is_nothing(text))
        case InYear():
            return lambda text: date_answer(text, dt.date(period.year, 1, 1), dt.date(period.year, 12, 31))
        case _:
            assert_never(condition)


def date_answer(text: str, first: dt.date, last: dt.date) -> Answer:
    """Whether the day, or every day of a month named without its day, lies between the two; a blank one isn't there.

    A month that holds days on both sides, and words that are no date, can't be decided.
    """
    if is_error(text):
        return Answer.ERROR
    if is_nothing(text):
        return Answer.NO
    days = _days(text)
    if days is None:
        return Answer.UNREADABLE
    if first <= days[0] and days[1] <= last:
        return Answer.YES
    return Answer.NO if days[1] < first or last < days[0] else Answer.UNREADABLE


def is_error(text: str) -> bool:
    """Whether the text is what a ledger keeps of an error cell or of a formula that was never computed."""
    return text[:1] == "#" and bool(_ERROR.match(text))


def is_nothing(text: str) -> bool:
    """Whether the cell is blank or says that there is nothing."""
    return text.strip() in _NOTHING


_ERROR = re.compile(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|ERR|UNCOMPUTED)", re.I)
_NOTHING = frozenset({"", "—", "——", "－", "-", "--", "/", "无"})
"""What is written in a ledger's cell to say that there is nothing."""
_MONTH = re.compile(r"(\d{4})-(\d\d)")


def _number_question(limit: Decimal, condition: AtLeast | Below) -> Question:
    at_least = condition.kind == "at-least"

    def asked(text: str) -> Answer:
        value = parse_number(text)
        if value is not None:
            return _yes((value >= limit) == at_least)
        if is_error(text):
            return Answer.ERROR
        return Answer.BLANK if is_nothing(text) else Answer.UNREADABLE

    return asked


def _worded(holds: Callable[[str], bool]) -> Question:
    def asked(text: str) -> Answer:
        if is_error(text):
            return Answer.ERROR
        return Answer.BLANK if is_nothing(text) else _yes(holds(plain_words(text)))

    return asked


def _yes(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


def _days(text: str) -> tuple[dt.date, dt.date] | None:
    if day := iso_date(text):
        return day, day
    if (found := _MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        month = Period(int(found[1]), int(found[2]))
        return month.first_day, month.last_day
    return None
