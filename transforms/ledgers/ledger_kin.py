"""Finds each row of an earlier ledger in a later one, by its code or its name; compares nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from transforms.ledgers.firm_names import name_key
from transforms.readings import Ledger, LedgerRow
from transforms.spellings import plain_words

_PROJECT_NAMES = ("项目名称", "工程名称")
_FIRM_NAMES = ("企业名称", "公司名称", "单位名称", "企业", "公司")
_CREDIT_CODES = ("统一社会信用代码", "社会信用代码", "信用代码")
_PROJECT_CODE = re.compile(r"(?:项目|备案|工程)(?:统一)?(?:代码|编码|编号)")
_PERIOD_WORDS = re.compile(r"\d+|[年月日季度上下半至—\-～()（）\s]|截至|截止|演示数据")


def title_key(title: str) -> str:
    """A ledger's title without its period, so that two months' ledgers of one kind have one key."""
    return _PERIOD_WORDS.sub("", plain_words(title))


def name_column(ledger: Ledger) -> str | None:
    """The column that names the row: the project's, else the firm's."""
    heads = [column.name for column in ledger.columns]
    projects = [head for head in heads if any(word in head for word in _PROJECT_NAMES)]
    return next(iter([*projects, *(head for head in heads if head in _FIRM_NAMES)]), None)


def firm_column(ledger: Ledger) -> str | None:
    """The column that names a firm."""
    return next((column.name for column in ledger.columns if column.name in _FIRM_NAMES), None)


def code_column(ledger: Ledger) -> str | None:
    """The column of unified social credit codes."""
    return next((c.name for c in ledger.columns if any(word in c.name for word in _CREDIT_CODES)), None)


def lists_projects(ledger: Ledger) -> bool:
    """Whether a row is a project, so that one firm may have several."""
    return any(word in column.name for column in ledger.columns for word in _PROJECT_NAMES)


def pairs(before: Ledger, now: Ledger, kinds: Iterable[str]) -> Iterator[tuple[LedgerRow, LedgerRow | None]]:
    """Each row of the earlier ledger that has a key, with the later ledger's; None where that has it no more.

    ``kinds`` are columns whose words belong to the key: a firm has a row for each honour. A key that stands twice in
    either ledger says nothing, and its rows are left out.
    """
    wanted = tuple(kinds)
    later, earlier = _keys(now, wanted), _keys(before, wanted)
    often = Counter(key for names in later.values() for key in set(names))
    found: dict[str, int] = {key: at for at, names in later.items() for key in names if often[key] == 1}
    before_often = Counter(key for names in earlier.values() for key in set(names))
    for at, names in earlier.items():
        if any(before_often[key] > 1 or often[key] > 1 for key in names):
            continue
        match = next((found[key] for key in names if key in found), None)
        yield before.rows[at], None if match is None else now.rows[match]


def _keys(ledger: Ledger, kinds: tuple[str, ...]) -> Mapping[int, tuple[str, ...]]:
    """For each row the keys it may be found by, the surest first: project code, credit code of a firm, name."""
    columns: dict[str, int] = {}
    for prefix, name in (
        ("p", next((c.name for c in ledger.columns if _PROJECT_CODE.fullmatch(c.name)), None)),
        ("c", None if lists_projects(ledger) else code_column(ledger)),
        ("n", name_column(ledger)),
    ):
        position = ledger.position(name) if name else None
        if position is not None:
            columns[prefix] = position
    apart = [position for kind in kinds if (position := ledger.position(kind)) is not None]
    made: dict[int, tuple[str, ...]] = {}
    for at, row in enumerate(ledger.rows):
        kind = "|".join(plain_words(row.texts[position]) for position in apart)
        keys = tuple(
            f"{prefix}:{name_key(row.texts[position])}|{kind}"
            for prefix, position in columns.items()
            if row.texts[position]
        )
        if keys:
            made[at] = keys
    return made
