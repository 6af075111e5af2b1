"""Facts of the words that rules ask for: areas and values that no rule knows, and cells that leave a count open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from transforms.declared.counting import NoneOf, OneOf, StartsWith
from transforms.frames.areas import nearest_area
from transforms.frames.ledger_page import Page
from transforms.ledgers.conditions import Answer
from transforms.ledgers.counting import MissingColumns, undecided_rows
from transforms.readings import LedgerColumn
from transforms.spellings import nearest, plain_words

COLUMNS = ("area", "nearest", "mistyped", "meant", "uncounted", "open_error", "open_words", "open_blank", "for_what")


def facts_of(page: Page) -> Iterator[dict[str, object]]:
    """Of every row that is asked for its area, for a word that a rule names, or that a count can't decide."""
    yield from _areas(page)
    yield from _strangers(page)
    yield from _undecided(page)


def _areas(page: Page) -> Iterator[dict[str, object]]:
    if page.district.areas:
        for name in dict.fromkeys(rule.area for rule in page.counts if rule.area):
            for row, column, text in page.texts(name):
                if text:
                    yield {**page.base(row, column), "area": text, "nearest": nearest_area(text, page.district)}


def _strangers(page: Page) -> Iterator[dict[str, object]]:
    """Words that no rule names: a slip of one that a rule does name loses the row; others are merely not counted."""
    for name in page.worded:
        exact: set[str] = set()
        starts: set[str] = set()
        for rule in page.counts:
            for condition in rule.where:
                if isinstance(condition, OneOf | NoneOf) and condition.column == name:
                    exact |= set(condition.values)
                if isinstance(condition, StartsWith) and condition.column == name:
                    starts |= set(condition.values)
        plain, begins = set(map(plain_words, exact)), tuple(map(plain_words, starts))
        likes: dict[str, str | None] = {}
        for row, column, text in page.texts(name):
            words = plain_words(text)
            if not text or words in plain or words.startswith(begins):
                continue
            like = likes.setdefault(words, nearest(words, exact))
            found = {"mistyped": text, "meant": like} if like else {"uncounted": text}
            yield {**page.base(row, column), **found}


def _undecided(page: Page) -> Iterator[dict[str, object]]:
    if page.at is None:
        return
    rows = {row.number: row for row in page.ledger.rows}
    found: dict[tuple[int, LedgerColumn, str, str], list[str]] = defaultdict(list)
    for indicator, rule in page.rules:
        try:
            for open_row in undecided_rows(page.ledger, rule, page.at):
                kind = _KINDS[open_row.answer]
                if open_row.answer is Answer.UNREADABLE and open_row.column.name == rule.date:
                    continue  # Words in place of a day are told as such.
                found[open_row.number, open_row.column, kind, open_row.text or "（空）"].append(indicator)
        except MissingColumns:
            continue  # Told where the ledger is counted.
    for (number, column, kind, text), indicators in found.items():
        yield {**page.base(rows[number], column), kind: text, "for_what": "、".join(dict.fromkeys(indicators))}


_KINDS = {Answer.ERROR: "open_error", Answer.UNREADABLE: "open_words", Answer.BLANK: "open_blank"}
