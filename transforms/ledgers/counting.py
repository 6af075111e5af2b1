"""Counts the rows of a ledger by a declared rule; knows neither the indicator's target nor the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import compress, repeat
from typing import NamedTuple, cast

from transforms.declared.counting import Count
from transforms.figures import parse_number
from transforms.ledgers.conditions import Answer, Question, date_answer, is_error, is_nothing, question
from transforms.periods import Period
from transforms.readings import Ledger, LedgerColumn
from transforms.spellings import nearest


class Counted(NamedTuple):
    """One row that meets the rule: where it stands in the ledger, which column dates it, and what it adds.

    The rest is made when asked for, since most of 50,000 rows are only counted.
    """

    ledger: Ledger
    position: int
    dated: int | None
    adds: Decimal

    @property
    def date(self) -> str:
        """An ISO day, or an ISO month where the ledger names no day; empty where the rule has no date."""
        return "" if self.dated is None else self.ledger.texts(self.dated)[self.position][:10]

    @property
    def number(self) -> int:
        """The sheet's row."""
        return self.ledger.rows[self.position].number

    @property
    def texts(self) -> dict[str, str]:
        """The row's texts by their columns."""
        texts = self.ledger.rows[self.position].texts
        return {column.name: text for column, text in zip(self.ledger.columns, texts, strict=True)}


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
    return _counted(ledger, rule, _open(ledger, _asked(ledger, rule, period)))


def undecided_rows(ledger: Ledger, rule: Count, period: Period) -> Iterator[Undecided]:
    """The rows of which it can't be said whether they count. Raises MissingColumns before the first row."""
    found = _open(ledger, _asked(ledger, rule, period))
    return (unsure for at in found.positions if (unsure := _unsure(ledger, at, found)))


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


def _asked(ledger: Ledger, rule: Count, period: Period) -> Sequence[tuple[int, Question]]:
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
    named = ledger.position(rule.name) if rule.name else None
    if named is not None:
        asked.append((named, _no_error))
    return asked


class _Open(NamedTuple):
    """The rows that nothing speaks against, and for each question its column and the answers that its texts gave."""

    positions: Sequence[int]
    answers: Sequence[tuple[int, Mapping[str, Answer]]]


def _open(ledger: Ledger, asked: Sequence[tuple[int, Question]]) -> _Open:
    """Condition by condition. Days, levels and amounts repeat: each different text is asked once, not every row."""
    positions: Sequence[int] = range(len(ledger.rows))
    given: list[tuple[int, Mapping[str, Answer]]] = []
    for at, asks in asked:
        texts = _of(ledger, at, positions)
        answers = {text: asks(text) for text in set(texts)}
        given.append((at, answers))
        if Answer.NO in answers.values():
            speaks = {text: answer is not Answer.NO for text, answer in answers.items()}
            positions = list(compress(positions, map(speaks.__getitem__, texts)))
    return _Open(positions, given)


def _of(ledger: Ledger, column: int, positions: Sequence[int]) -> Sequence[str]:
    """The column's texts in these rows."""
    texts = ledger.texts(column)
    return texts if len(positions) == len(texts) else list(map(texts.__getitem__, positions))


def _counted(ledger: Ledger, rule: Count, found: _Open) -> Iterator[Counted]:
    positions = found.positions
    if any(answer not in _DECIDED for _, answers in found.answers for answer in set(answers.values())):
        positions = [at for at in positions if _unsure(ledger, at, found) is None]
    date = ledger.position(rule.date) if rule.date else None
    total = ledger.position(rule.sum) if rule.sum else None
    adds = repeat(_ONE) if total is None else map(_amount, _of(ledger, total, positions))
    # What Counted(…) comes down to, without a Python call for each of 50,000 rows.
    made = cast(Callable[[tuple[Ledger, int, int | None, Decimal]], Counted], partial(tuple.__new__, Counted))
    return map(made, zip(repeat(ledger), positions, repeat(date), adds, strict=False))


_ONE = Decimal(1)
_DECIDED = (Answer.YES, Answer.NO)


def _unsure(ledger: Ledger, position: int, found: _Open) -> Undecided | None:
    """The first cell of an open row that can't be asked, an error before all others."""
    unsure: Undecided | None = None
    for at, answers in found.answers:
        text = ledger.texts(at)[position]
        answer = answers[text]
        if answer is not Answer.YES and (unsure is None or answer is Answer.ERROR):
            unsure = Undecided(ledger.rows[position].number, ledger.columns[at], text, answer)
    return unsure


def _at(ledger: Ledger, name: str) -> int:
    position = ledger.position(name)
    assert position is not None
    return position


def _dated(period: Period) -> Question:
    first, last = dt.date(period.year, 1, 1), period.last_day
    return lambda text: date_answer(text, first, last)


def _added(text: str) -> Answer:
    if parse_number(text) is not None:
        return Answer.YES
    if is_error(text):
        return Answer.ERROR
    return Answer.BLANK if is_nothing(text) else Answer.UNREADABLE


def _amount(text: str) -> Decimal:
    amount = parse_number(text)
    assert amount is not None, text
    return amount


def _no_error(text: str) -> Answer:
    return Answer.ERROR if is_error(text) else Answer.YES
