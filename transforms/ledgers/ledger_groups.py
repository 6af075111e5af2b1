"""Takes the heads of groups (一、签约项目（10个）) out of a ledger's rows, and holds the counts they state."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from transforms.periods import Period
from transforms.readings import LedgerColumn, LedgerRows
from transforms.tables.findings import STATED_COUNT, Findings


def without_groups(
    columns: Sequence[LedgerColumn],
    rows: LedgerRows,
    sheet: str,
    title: str,
    period: Period | None,
    findings: Findings,
) -> LedgerRows:
    """The rows that are projects or firms.

    A group's head is a numbered heading (一、 （二） or 一 under 序号) in a row that says nothing else. Where it states
    a count, the rows up to the next head of its kind are held against it.
    """
    # Most rows are filled to their end, which no group's head is; this spares the rest for 50,000 of them.
    if all(rows.texts[-1]) and all(rows.texts[-2]):
        return rows
    heads = {at: kind for at, (_, texts) in enumerate(rows) if not (texts[-1] and texts[-2]) and (kind := _kind(texts))}
    if not heads:
        return rows
    for at, kind in heads.items():
        words = unicodedata.normalize("NFKC", "".join(rows[at].texts))
        stated = _COUNT.search(words)
        if stated is None:
            continue
        ends = (other for other, its in heads.items() if other > at and (its == kind or kind == "一"))
        end = next(ends, len(rows))
        standing = sum(1 for other in range(at + 1, end) if other not in heads)
        if standing != int(stated[1]):
            place = f"{sheet}{columns[0].letter}{rows[at].number}"
            found = f"“{' '.join(text for text in rows[at].texts if text)}”写明{stated[1]}项，其下实有{standing}行"
            findings.add(STATED_COUNT, place, found, period, apart=title)
    return rows.where(at not in heads for at in range(len(rows)))


def _kind(texts: tuple[str, ...]) -> str:
    """一 for 一、 and （一） for （一）; empty for a row that is no group's head."""
    filled = [text for text in texts if text]
    if not filled or len(filled) > 2:
        return ""
    words = unicodedata.normalize("NFKC", "".join(filled))
    if len(filled) == 2 and not _NUMERAL.fullmatch(unicodedata.normalize("NFKC", filled[0])):
        return ""
    if found := _HEAD.match(words):
        return "(一)" if found[0].startswith("(") else "一"
    return "一" if len(filled) == 2 else ""


_NUMERAL = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.]?")
_HEAD = re.compile(r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.])")
_COUNT = re.compile(r"(\d+)\s*(?:项|家|个|户|条|人|件|名|宗)")
