"""Holds a plan's quotes and targets against the text of its document; reads no file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from transforms.declared.plan import Indicator, Plan, Stand
from transforms.declared.plan_document import Text, bare
from transforms.errors import Fault
from transforms.units import convert, is_known


def faults_against_document(
    plan: Plan, lines: Mapping[tuple[str | int, ...], int], file: str, text: Text, document: str
) -> Iterator[Fault]:
    """Quotes that the document doesn't have, or has in another clause, and targets whose number no quote of theirs has.

    White space, line breaks and page headers of the scan count for nothing. A clause that is no heading of the document
    is only where a reader looks, so its quotes may stand anywhere.
    """
    for number, one in enumerate(plan.indicators):
        for at, stand in enumerate(stands(one)):
            key = ("also", at - 1, "quote") if at else ("quote",)
            line = _line(lines, "indicators", number, *key)
            yield from _misquoted(stand, one.code, _Where(file, line, document), text)
            yield from _misvalued(stand, one, _Where(file, line, document))
    for number, task in enumerate(plan.qualitative):
        where = _Where(file, _line(lines, "qualitative", number, "quote"), document)
        yield from _misquoted(Stand(clause=task.clause, quote=task.quote), task.code, where, text)
    for number, none in enumerate(plan.no_targets):
        if not text.finds(none.quote):
            yield _unquoted(
                none.quote, "no_targets", _Where(file, _line(lines, "no_targets", number, "quote"), document)
            )


def stands(indicator: Indicator) -> tuple[Stand, ...]:
    """Every place where the document sets the target."""
    return (Stand(clause=indicator.clause, quote=indicator.quote), *indicator.also)


def values(quote: str, indicator: Indicator) -> list[Decimal]:
    """The quote's numbers that the indicator's unit follows; 全覆盖 is 100 %, 清零 is 0."""
    unit = _SAME_UNIT.get(indicator.unit, re.escape(indicator.unit))
    found = re.findall(rf"(\d+(?:\.\d+)?|[{''.join(_DIGITS)}]){unit}", quote)
    numbers = [_DIGITS[word] if word in _DIGITS else Decimal(word) for word in found]
    if indicator.unit == "%" and "全覆盖" in quote:
        numbers.append(Decimal(100))
    if "清零" in quote:
        numbers.append(Decimal(0))
    return numbers


_DIGITS = {word: Decimal(at) for at, word in enumerate("零一二三四五六七八九十")}
_DIGITS["两"] = Decimal(2)
_SAME_UNIT = {"家": "[家户]"}
"""One code keeps one unit for all years; a document may write 家 one year and 户 the next."""


class _Where(NamedTuple):
    """The line that a quote stands on in the plan, and the document that it's taken from."""

    file: str
    line: int
    document: str


def _line(lines: Mapping[tuple[str | int, ...], int], *key: str | int) -> int:
    """The line of the key, else of what holds it."""
    ends = range(len(key), 0, -1)
    return next((lines[key[:end]] for end in ends if key[:end] in lines), 1)


def _misquoted(stand: Stand, code: str, where: _Where, text: Text) -> Iterator[Fault]:
    found = text.finds(stand.quote)
    span = text.span(stand.clause)
    if not found:
        yield _unquoted(stand.quote, code, where)
    elif span and not any(span[0] <= start and end <= span[1] for start, end in found):
        yield Fault(
            where.file, where.line, f"{code}: the quote “{stand.quote}” doesn't stand in “{stand.clause}” of "
            f"{where.document}", "name the clause that it stands in, or mend the quote",
        )  # fmt: skip


def _unquoted(quote: str, code: str, where: _Where) -> Fault:
    found = f"{code}: the quote “{quote}” stands nowhere in {where.document}"
    return Fault(where.file, where.line, found, "copy the words from the document (white space doesn't matter)")


_SPOKEN = re.compile("[零〇一二两三四五六七八九十百千]{2,}|翻番|倍|半")
"""Numbers in words that aren't read; a quote that has one is left to its reader."""
_NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)([^\d，。；、]{0,5})")


def _misvalued(stand: Stand, indicator: Indicator, where: _Where) -> Iterator[Fault]:
    quote = bare(stand.quote)
    wanted = indicator.target.value
    if wanted is None or indicator.target.kind == "clear" or _SPOKEN.search(quote):
        return
    said = dict.fromkeys([*values(quote, indicator), *_converted(quote, indicator.unit)])
    missing = [wanted] if wanted not in said else []
    if indicator.target.kind == "range" and indicator.target.upper not in said:
        missing.append(indicator.target.upper)
    for value in missing:
        words = "、".join(f"{one:f}" for one in said) or "no number"
        yield Fault(
            where.file, where.line,
            f"{indicator.code}: the target is {value:f}{indicator.unit}, its quote “{stand.quote}” says {words}",
            "make the target what the document says, or quote the words that set it",
        )  # fmt: skip


def _converted(quote: str, unit: str) -> Iterator[Decimal]:
    """Numbers in units of the same thing (万亿元 for 亿元) or in none, and the lower end of a range (5.5～6%)."""
    for found in _NUMBER.finditer(quote):
        number, words = Decimal(found[1].replace(",", "")), found[2]
        units = [words[:length] for length in range(len(words), 0, -1) if is_known(words[:length])]
        if not units:
            yield number
        elif (value := convert(number, units[0], unit)) is not None:
            yield value
