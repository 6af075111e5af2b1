"""Lists every figure that a bulletin prints, each under a key that stays while the figure changes; judges none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.declared.edits import SUMMARY
from transforms.declared.plan import Plan
from transforms.figures import parse_number
from transforms.writing.assessment_wording import list_name
from transforms.writing.bulletin import Bulletin, IndicatorRow
from transforms.writing.wording import POINT

_UNIT = r"%|个百分点|[万亿]?[\u4e00-\u9fff]|"
_NUMBER = re.compile(rf"(?<![\dA-Za-z.〔])(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(?![\d.A-Za-z])({_UNIT})")
_NO_FIGURE = re.compile(r"(个?月|年|日|号|季度|时|[—–\-～~至]\d+(个?月|年|日|季度)|〕|）)")
"""What follows the number of a date, a span of months, a document or a list."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_STOP, _CLAUSE = "。", re.compile(r"[，；。：（）、]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A number as it stands in a text: where, how much of what unit, and what the names before it stand for."""

    at: int
    text: str
    number: Decimal
    unit: str
    about: frozenset[str]


@dataclass(frozen=True, slots=True)
class BulletinFigure:
    """One printed figure: its key, the text that it's printed with, and what it's about (a code, 区域 or a status)."""

    key: str
    text: str
    number: Decimal
    unit: str
    about: frozenset[str]


class Names:
    """What a bulletin's sentences call its indicators and areas, and which codes a name may stand for."""

    def __init__(self, plan: Plan, bulletin: Bulletin) -> None:
        self._meant: dict[str, set[str]] = {}
        for indicator in plan.indicators:
            for name in (indicator.name, indicator.sentence_name, list_name(indicator), *indicator.labels):
                self._meant.setdefault(name, set()).add(indicator.code)
            if indicator.target.kind in {"grow", "range"}:
                bare = indicator.sentence_name.removesuffix("增速").removesuffix("增长率")
                self._meant.setdefault(bare, set()).add(indicator.code)
        for section in bulletin.areas:
            for row in section.rows:
                self._meant.setdefault(row.area, set()).add(row.area)
        for status in bulletin.statuses:
            self._meant.setdefault(status.word, set()).add(status.status.value)
        longest_first = sorted(self._meant, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def quoted(self, text: str) -> Iterator[Quoted]:
        """Every number of a text that tells a figure: none of a name, a date or a list."""
        plain = text.translate(_FULL_WIDTH)
        names = [
            (found.start(), found.end(), frozenset(self._meant[found[0]])) for found in self._pattern.finditer(plain)
        ]
        for found in _NUMBER.finditer(plain):
            if any(start <= found.start() < end for start, end, _ in names) or _is_no_figure(plain, found):
                continue
            number = parse_number(f"{found[1]}{found[2] or ''}")
            if number is not None:
                sentence = plain.rfind(_STOP, 0, found.start()) + 1
                before = [meant for start, end, meant in names if sentence <= start and end <= found.start()]
                about = before[-1] if before else frozenset()
                yield Quoted(found.start(), found[0], number, found[3], about)


def figures_of(bulletin: Bulletin, names: Names) -> Mapping[str, BulletinFigure]:
    """Every figure of the bulletin's tables and of its own paragraphs, by key."""
    told = [*_of_rows(bulletin), *_of_areas(bulletin), *_of_counts(bulletin)]
    told += [one for section, texts in _prose(bulletin) for one in _of_prose(section, texts, names)]
    made: dict[str, BulletinFigure] = {}
    for first_key, text, about in told:
        key, again = first_key, 1
        while key in made:
            again += 1
            key = f"{first_key}|{again}"
        # As a sentence would quote it: the sign is told in words, the unit as far as a number's unit is looked for.
        found = _NUMBER.search(text)
        number = parse_number(f"{found[1]}{found[2] or ''}") if found else None
        if found is not None and number is not None:
            made[key] = BulletinFigure(key, text, number, found[3], about)
    return made


def same(quoted: Quoted, figure: BulletinFigure) -> bool:
    """Whether the number is the figure's; a sign is told in words, so that it isn't compared."""
    return quoted.number == figure.number and quoted.unit == figure.unit


def _is_no_figure(text: str, found: re.Match[str]) -> bool:
    number_ends = found.end(2) if found[2] else found.end(1)
    follows = _NO_FIGURE.match(text, number_ends)
    in_brackets = follows is not None and follows[0] == "）" and text[found.start() - 1 : found.start()] != "（"
    return follows is not None and not in_brackets


_Told = tuple[str, str, frozenset[str]]
"""A figure's key, its text, and what it's about."""


# --- Tables -------------------------------------------------------------------------------------


def _of_rows(bulletin: Bulletin) -> Iterator[_Told]:
    for section in bulletin.sections:
        for row in section.rows:
            for field, text in _fields(row):
                yield f"{row.code}|{field}", text, frozenset({row.code})


def _fields(row: IndicatorRow) -> Iterator[tuple[str, str]]:
    point = f"个{row.gap_unit}" if row.gap_unit == POINT else row.gap_unit
    target = re.sub(r"^[^\d−-]*", "", row.target)
    yield "actual", f"{row.actual.text}{row.unit}"
    yield "target", f"{target.split('～')[0].removesuffix('左右')}{row.unit}"
    yield "growth", row.growth.text
    yield "completion", row.completion.text
    yield "elapsed", row.elapsed_path.text
    yield "last-year", row.last_year_path.text
    yield "gap", f"{row.gap.text}{point}"


def _of_areas(bulletin: Bulletin) -> Iterator[_Told]:
    for section in bulletin.areas:
        for row in section.rows:
            told = {
                "value": f"{row.value.text}{section.unit}",
                "growth": row.growth.text,
                "rank": f"{row.rank.partition('（')[0]}位",
            }
            for field, text in told.items():
                yield f"{row.area}|{section.title}|{field}", text, frozenset({row.area})


def _of_counts(bulletin: Bulletin) -> Iterator[_Told]:
    yield "total|count", f"{bulletin.total}项", frozenset()
    for status in bulletin.statuses:
        about = frozenset({status.status.value})
        yield f"{status.status.value}|count", f"{status.count}项", about
        yield f"{status.status.value}|share", status.share, about


# --- Paragraphs ---------------------------------------------------------------------------------


def _prose(bulletin: Bulletin) -> Iterator[tuple[str, Sequence[str]]]:
    yield SUMMARY, bulletin.paragraphs[1:]
    for commentary in bulletin.commentaries:
        yield commentary.section, commentary.paragraphs


def _of_prose(section: str, texts: Sequence[str], names: Names) -> Iterator[_Told]:
    """The numbers of a paragraph, each under its clause with the numbers left out: that stays while they change."""
    for text in texts:
        for quoted in names.quoted(text):
            head = max((found.end() for found in _CLAUSE.finditer(text, 0, quoted.at)), default=0)
            tail = _CLAUSE.search(text, quoted.at)
            clause = text[head : tail.start() if tail else len(text)]
            masked = re.sub(r"[\d.,]+", "#", clause)
            nth = len(re.findall(r"[\d.,]+", text[head : quoted.at]))
            about = "+".join(sorted(quoted.about))
            yield f"{about}|{section}|{masked}|{nth}", quoted.text, quoted.about
