"""What a counting rule's schema can't say about it: units that measure nothing, conditions that no row can keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transforms.declared.counting import AtLeast, Below, Count, OneOf
from transforms.declared.district import District
from transforms.errors import Fault
from transforms.figures import exact
from transforms.spellings import nearest, plain_words
from transforms.tables.labels import is_unit
from transforms.units import convert

_Lines = Mapping[tuple[str | int, ...], int]
_UNITS = (
    "亿元",
    "万元",
    "千元",
    "元",
    "亿美元",
    "万美元",
    "%",
    "家",
    "户",
    "个",
    "项",
    "人",
    "亩",
    "万亩",
    "吨",
    "万吨",
)
"""What a unit that isn't one may have been meant for."""


def counting_faults(rule: Count, lines: _Lines, file: str, district: District) -> Iterator[Fault]:
    """The rule's faults; ``lines`` are those of its own keys, with () for the rule itself."""
    top = lines.get((), 1)

    def line(*keys: str | int) -> int:
        while keys and keys not in lines:
            keys = keys[:-1]
        return lines.get(keys, top)

    for number, condition in enumerate(rule.where):
        at = ("where", number)
        if isinstance(condition, AtLeast | Below) and not is_unit(condition.unit):
            like = nearest(condition.unit, _UNITS, 0.3)
            hint = f"; did you mean {like!r}?" if like else ""
            yield Fault(file, line(*at, "unit"), f"no unit {condition.unit!r}", f"name the threshold's unit{hint}")
        if isinstance(condition, OneOf) and len(set(map(plain_words, condition.values))) < len(condition.values):
            yield Fault(file, line(*at, "values"), "a value is given twice", "keep one of them")
        for other in rule.where[:number]:
            if other.column == condition.column and (clash := _clash(other, condition)):
                yield Fault(file, line(*at), f"{clash}: no row can keep both", "mend or remove one of them")
    senders = {area.name for area in district.areas} | {unit.name for unit in district.units}
    for number, part in enumerate(rule.parts):
        if part not in senders:
            like = nearest(part, senders)
            hint = f"; did you mean {like!r}?" if like else ""
            found = f"no unit or area {part!r} in district.yaml"
            yield Fault(file, line("parts", number), found, f"add it there or mend its spelling{hint}")
        elif part in rule.parts[:number]:
            yield Fault(file, line("parts", number), f"part {part!r} is given twice", "keep one of them")


def _clash(one: object, other: object) -> str:
    """Why two conditions on one column can't both hold; empty where they can."""
    if isinstance(one, OneOf) and isinstance(other, OneOf):
        if not set(map(plain_words, one.values)) & set(map(plain_words, other.values)):
            return f"{one.column} is one of {list(one.values)} and one of {list(other.values)}"
        return ""
    least, below = (one, other) if isinstance(one, AtLeast) else (other, one)
    if isinstance(least, AtLeast) and isinstance(below, Below):
        limit = convert(below.value, below.unit, least.unit)
        if limit is not None and limit <= least.value:
            upper = f"{exact(below.value)}{below.unit}"
            return f"{least.column} is at least {exact(least.value)}{least.unit} and below {upper}"
    return ""
