"""Facts of what ledgers call their rows: which firm stands twice, under which spellings and codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.frames.ledger_page import Page
from transforms.ledgers.credit_code import fault_of, is_credit_code
from transforms.ledgers.firm_names import alike, name_key, slips
from transforms.ledgers.ledger_kin import code_column, firm_column, lists_projects, name_column
from transforms.readings import LedgerColumn, LedgerRow
from transforms.spellings import plain_words

COLUMNS = (
    "name", "name_key", "spellings", "spelled", "near_names", "near", "codes_of_name", "name_codes",
    "credit_code", "firm_code", "code_fault", "names_of_code", "code_names",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Named:
    page: Page
    row: LedgerRow
    column: LedgerColumn
    name: str
    key: str
    code: str
    kind: str
    """The honour and level that a firm's row is about; a firm may have several."""


def facts_of(pages: Sequence[Page]) -> Iterator[dict[str, object]]:
    """The names and codes of ledgers, those that are parts of one ledger taken together."""
    groups: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        groups[page.group].append(page)
    for members in groups.values():
        named = [one for page in members for one in _named(page, name_column(page.ledger))]
        yield from _names(named)
        firms = [one for page in members for one in _named(page, firm_column(page.ledger))]
        yield from _codes(members, firms)


def _named(page: Page, name: str | None) -> Iterator[_Named]:
    coded = code_column(page.ledger)
    for row, column, text in page.texts(name):
        if text:
            kind = "|".join(plain_words(page.text(row, word)) for word in page.worded)
            yield _Named(page, row, column, text, name_key(text), _code(page.text(row, coded)), kind)


def _names(named: Sequence[_Named]) -> Iterator[dict[str, object]]:
    kinds: dict[str, list[_Named]] = defaultdict(list)
    for one in named:
        kinds[one.kind].append(one)
    for kind, members in kinds.items():
        first = {one.key: one.name for one in reversed(members)}
        codes: dict[str, set[str]] = defaultdict(set)
        for one in members:
            if is_credit_code(one.code):
                codes[one.key].add(one.code)
        same, near = alike(first), slips(first)
        for one in members:
            own = codes[one.key]
            fact = {**one.page.base(one.row, one.column), "name": one.name, "codes_of_name": len(own) or None}
            # With codes of their own they are two firms, or one code is wrong: that is told, and no more.
            fact["name_codes"] = "、".join(sorted(own))
            fact["name_key"] = "|".join(word for word in (one.key, kind, one.code if len(own) > 1 else "") if word)
            for group, count, words in ((same, "spellings", "spelled"), (near, "near_names", "near")):
                keys = [key for key in group.get(one.key, ()) if key == one.key or not _told_apart(codes, key, one.key)]
                fact[count] = len(keys) or 1
                fact[words] = "、".join(f"“{first[key]}”" for key in sorted(keys)) if len(keys) > 1 else ""
            yield fact


def _told_apart(codes: Mapping[str, set[str]], one: str, other: str) -> bool:
    """Both have codes, and none in common."""
    return bool(codes.get(one)) and bool(codes.get(other)) and not codes[one] & codes[other]


def _codes(pages: Sequence[Page], firms: Sequence[_Named]) -> Iterator[dict[str, object]]:
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for one in firms:
        if one.code:
            names[one.code].setdefault(one.key, one.name)
    for page in pages:
        for row, column, text in page.texts(code_column(page.ledger)):
            code = _code(text)
            if not code:
                continue
            called = names.get(code, {})
            kind = "|".join(plain_words(page.text(row, word)) for word in page.worded)
            yield {
                **page.base(row, column),
                "credit_code": code,
                "code_fault": fault_of(code),
                # One firm may have several projects, but stands once among the firms; with two names it's told so.
                "firm_code": None if lists_projects(page.ledger) or len(called) > 1 else f"{code}{kind and f'|{kind}'}",
                "names_of_code": len(called) or None,
                "code_names": "、".join(f"“{name}”" for name in called.values()),
            }


def _code(text: str) -> str:
    return plain_words(text).upper()
