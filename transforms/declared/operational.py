"""Leaves out of district.yaml what decides when and to whom, never what: such a change makes no bulletin stale."""

from __future__ import annotations

import re

_OPERATIONAL = re.compile(r"(schedule|deliver|alerts):")
_TOP_LEVEL = re.compile(r"[^\s#\]}-]")


def deciding_text(text: str) -> str:
    """The declaration without its operational blocks, and without the comments and blank lines that lead to them.

    Where it has none it's left as it is, byte for byte.
    """
    kept: list[str] = []
    leading: list[str] = []
    skipping = False
    for line in text.splitlines(keepends=True):
        if not line.split("#")[0].strip() and not (skipping and line[:1] in " \t"):
            leading.append(line)
            continue
        if _TOP_LEVEL.match(line):
            skipping = bool(_OPERATIONAL.match(line))
        if not skipping:
            kept += [*leading, line]
        leading = []
    return "".join(kept if skipping else [*kept, *leading])
