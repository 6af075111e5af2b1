"""Words a target as it stands in a table's cell and in a sentence; knows no figure."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from transforms.declared.plan import Indicator
from transforms.declared.targets import (
    About,
    Ceiling,
    Clear,
    Either,
    Every,
    Grow,
    Hold,
    Milestone,
    OfWhich,
    Range,
    Reach,
    Repeat,
    Target,
)
from transforms.figures import exact

EVERY_WORDS = {Every.MONTH: "每月", Every.QUARTER: "每季度", Every.YEAR: "每年"}


def target_cell(target: Target) -> str:
    """The target in a narrow column beside its unit: ≥170, 3左右, 5.5～6, 每季度≥2, 清零, 完成."""
    match target:
        case Reach() | OfWhich() | Grow() | Hold():
            return f"≥{plain(target.value)}"
        case Ceiling():
            return f"≤{plain(target.value)}"
        case About():
            return f"{plain(target.value)}左右"
        case Range():
            return f"{plain(target.value)}～{plain(target.upper)}"
        case Clear():
            return "清零"
        case Repeat():
            return f"{EVERY_WORDS[target.every]}≥{plain(target.value)}"
        case Milestone() | Either():
            return "完成"
        case _:
            assert_never(target)


def target_words(indicator: Indicator) -> str:
    """The target in a sentence: 170亿元以上, 50个, 1500个左右, 5.5%～6%, 每季度不少于2场, 不高于1%."""
    target, unit = indicator.target, indicator.unit
    match target:
        case Reach() | OfWhich() | Hold() | Grow():
            return _as_quoted(f"{plain(target.value)}{unit}", indicator.quote)
        case Ceiling():
            return f"不高于{plain(target.value)}{unit}"
        case About():
            return f"{plain(target.value)}{unit}左右"
        case Range():
            return f"{plain(target.value)}%～{plain(target.upper)}%"
        case Clear():
            return "清零"
        case Repeat():
            return f"{EVERY_WORDS[target.every]}不少于{plain(target.value)}{unit}"
        case Milestone():
            return "完成"
        case Either():
            return f"完成其中之一（{'；'.join(target.options)}）"
        case _:
            assert_never(target)


def _as_quoted(number: str, quote: str) -> str:
    """At least the number, in the document's own words: 以上 or 不少于 only where it says so."""
    squeezed = "".join(quote.split())
    if f"{number}以上" in squeezed:
        return f"{number}以上"
    return f"不少于{number}" if f"不少于{number}" in squeezed else number


def plain(value: Decimal) -> str:
    """A target's number as the plan writes it, with a true minus sign."""
    return (exact(value) or "").replace("-", "−")
