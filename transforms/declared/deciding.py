"""Leaves out of declarations what decides nothing that a bulletin says: such a change makes no bulletin stale."""

from __future__ import annotations

import re

from transforms.declared.corrections import Corrections
from transforms.declared.declarations import load
from transforms.errors import DeclarationError
from transforms.periods import Period

_OPERATIONAL = re.compile(r"(schedule|deliver|alerts):")
_TOP_LEVEL = re.compile(r"[^\s#\]}-]")


def deciding_text(text: str) -> str:
    """A district.yaml without what decides when and to whom, and without the comments and blank lines that lead to it.

    Where it has none it's left as it is, byte for byte.
    """
    kept: list[str] = []
    leading: list[str] = []
    skipping = False
    for line in text.splitlines(keepends=True):
        # What is indented belongs to what stands above, as a line of a text that begins with #.
        if not line.split("#")[0].strip() and line[:1] not in " \t":
            leading.append(line)
            continue
        if _TOP_LEVEL.match(line):
            skipping = bool(_OPERATIONAL.match(line))
        if not skipping:
            kept += [*leading, line]
        leading = []
    return "".join(kept if skipping else [*kept, *leading])


def deciding_corrections(text: str, reference: Period) -> str:
    """What a corrections.yaml says to bulletins of the period: its corrections up to then, each with its line.

    Empty where it says nothing to them; where it has faults it's left as it is.
    """
    try:
        corrections, lines = load(text, "corrections.yaml", Corrections)
    except DeclarationError:
        return text
    return "\n".join(f"{lines[at]} {one.model_dump_json()}" for at, one in corrections.all() if one.at <= reference)
