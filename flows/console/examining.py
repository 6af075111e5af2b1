"""What an examination found, theme by theme, with the cure of what isn't well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flows.console.showing import Show
from transforms.examining import Finding, Verdict

_SIGNS = {Verdict.OK: " ", Verdict.WARNING: "!", Verdict.FAULT: "✗"}


def tell_finding(theme: str, finding: Finding) -> None:
    """One finding as it comes; some take seconds."""
    print(f"{_SIGNS[finding.verdict]} {theme}: {finding.looked_at}: {finding.found}", flush=True)
    if finding.verdict is not Verdict.OK and finding.cure:
        print(f"      cure: {finding.cure}", flush=True)


def tell_nobody(_theme: str, _finding: Finding) -> None:
    """Where all is printed at the end."""


def print_examined(found: Mapping[str, Sequence[Finding]], show: Show) -> None:
    """How many stand how; for a program every finding."""
    show(
        [
            {
                "theme": theme,
                "looked_at": one.looked_at,
                "verdict": one.verdict.value,
                "found": one.found,
                "cure": one.cure,
            }
            for theme, findings in found.items()
            for one in findings
        ],
        lambda: _lines(found),
    )


def _lines(found: Mapping[str, Sequence[Finding]]) -> Iterator[str]:
    counts = Counter(one.verdict.value for findings in found.values() for one in findings)
    yield ", ".join(f"{counts[verdict.value]} {verdict.value}" for verdict in Verdict)
