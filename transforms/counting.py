"""Counts the rows of a ledger by a declared rule; knows neither the indicator's target nor the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from transforms.conditions import Answer, Question, date_answer, is_error, is_nothing, question
from transforms.figures import parse_number
from transforms.periods import Period
from transforms.plan import Count
from transforms.readings import Ledger, LedgerColumn
from transforms.spellings import nearest


@dataclass(frozen=True, slots=True)
class Counted:
    """One row that meets the rule: its sheet row, its texts by column, the day it counts from, and what it adds.

    ``date`` is an ISO day, or an ISO month where the ledger names no day; empty where the rule has no date.
    """

    number: int
    texts: dict[str, str]
    date: str
    adds: Decimal


@dataclass(frozen=True, slots=True)
class Undecided:
    """A row that may count, but for one cell: nothing else in it speaks against it, and the cell can't be asked."""

    number: int
    column: LedgerColumn
    text: str
    answer: Answer


class MissingColumns(LookupError):
    """The ledger lacks columns that the rule names, has them twice, or in a unit that can't be converted."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__("、".join(names))


def counted_rows(ledger: Ledger, rule: Count, period: Period) -> Iterator[Counted]:
    """The rows that count for the period: dated from 1 January to its last day, and meeting every condition.

    A row whose date is blank doesn't count; nor does one that can't be decided (see :func:`undecided_rows`). Raises
    MissingColumns before the first row.
    """
    judged = _judged(ledger, rule, period)
    return (row for row in judged if isinstance(row, Counted))


def undecided_rows(ledger: Ledger, rule: Count, period: Period) -> Iterator[Undecided]:
    """The rows of which it can't be said whether they count. Raises MissingColumns before the first row."""
    judged = _judged(ledger, rule, period)
    return (row for row in judged if isinstance(row, Undecided))


def deciding_columns(rule: Count) -> tuple[str, ...]:
    """The columns that decide the count and its areas, each once; without them the ledger can't be counted."""
    named = (*(condition.column for condition in rule.where), rule.date, rule.sum, rule.area)
    return tuple(dict.fromkeys(name for name in named if name))


def missing_columns(ledger: Ledger, rule: Count) -> tuple[str, ...]:
    """What the ledger lacks to be counted, each with what it has instead where that is near."""
    told = []
    for name in deciding_columns(rule):
        standing = [column.name for column in ledger.columns].count(name)
        if standing == 0:
            like = nearest(name, (column.name for column in ledger.columns if column.name))
            told.append(f"{name}（相近的列：{like}）" if like else name)
        elif standing > 1:
            told.append(f"{name}（有{standing}列同名）")
    return tuple(told)


def _judged(ledger: Ledger, rule: Count, period: Period) -> Iterator[Counted | Undecided]:
    missing = missing_columns(ledger, rule)
    if missing:
        raise MissingColumns(missing)
    asked: list[tuple[int, Question]] = []
    if rule.date:
        asked.append((_at(ledger, rule.date), _dated(period)))
    for condition in rule.where:
        at = _at(ledger, condition.column)
        asks = question(condition, ledger.columns[at].unit, period)
        if asks is None:
            assert condition.kind in {"at-least", "below"}
            raise MissingColumns(
                tuple(
                    f"{one.column}（{one.unit}，台账为{ledger.columns[_at(ledger, one.column)].unit or '无单位'}）"
                    for one in rule.where
                    if (one.kind == "at-least" or one.kind == "below")
                    and question(one, ledger.columns[_at(ledger, one.column)].unit, period) is None
                )
            )
        asked.append((at, asks))
    if rule.sum:
        asked.append((_at(ledger, rule.sum), _added))
    asked = [(at, _remembering(asks)) for at, asks in asked]
    named = ledger.position(rule.name) if rule.name else None
    if named is not None:
        asked.append((named, _no_error))
    return _rows(ledger, rule, asked)


def _rows(ledger: Ledger, rule: Count, asked: list[tuple[int, Question]]) -> Iterator[Counted | Undecided]:
    names = tuple(column.name for column in ledger.columns)
    date = ledger.position(rule.date) if rule.date else None
    total = ledger.position(rule.sum) if rule.sum else None
    for row in ledger.rows:
        unsure: Undecided | None = None
        for at, asks in asked:
            answer = asks(row.texts[at])
            if answer is Answer.NO:
                break
            if answer is not Answer.YES and (unsure is None or answer is Answer.ERROR):
                unsure = Undecided(row.number, ledger.columns[at], row.texts[at], answer)
        else:
            if unsure is not None:
                yield unsure
                continue
            adds = Decimal(1) if total is None else parse_number(row.texts[total])
            assert adds is not None
            day = "" if date is None else row.texts[date][:10]
            yield Counted(row.number, dict(zip(names, row.texts, strict=True)), day, adds)


def _at(ledger: Ledger, name: str) -> int:
    position = ledger.position(name)
    assert position is not None
    return position


def _dated(period: Period) -> Question:
    first, last = dt.date(period.year, 1, 1), period.last_day
    return lambda text: date_answer(text, first, last)


def _remembering(asks: Question) -> Question:
    """Days, levels and amounts repeat: of 50,000 rows a few hundred texts are different."""
    known: dict[str, Answer] = {}

    def asked(text: str) -> Answer:
        answer = known.get(text)
        if answer is None:
            answer = known[text] = asks(text)
        return answer

    return asked


def _added(text: str) -> Answer:
    if parse_number(text) is not None:
        return Answer.YES
    if is_error(text):
        return Answer.ERROR
    return Answer.BLANK if is_nothing(text) else Answer.UNREADABLE


def _no_error(text: str) -> Answer:
    return Answer.ERROR if is_error(text) else Answer.YES
