"""What a unit's own audit formulas expect of its returns: that each holds, and that it can be evaluated."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.declared import BuiltIn, Expectation
from transforms.audits.asking import EVALUABLE, HOLDS, ask
from transforms.audits.declared import Audit
from transforms.doubts import Doubt, Severity
from transforms.observations import Received
from transforms.periods import Period


def doubts_about_audits(received: Sequence[Received], audits: Sequence[Audit], period: Period) -> tuple[Doubt, ...]:
    """Every audit formula asked of the figures in force, the newest vintage's first."""
    if not audits:
        return ()
    # Both are slow to import, and only a run that has something to check should pay for them.
    from expectations import gate
    from transforms.frames.audits import audits_frame

    oldest_first = sorted(received, key=lambda one: one.received)
    asked = ask([one.contents for one in oldest_first], audits)
    return gate.doubts_about({"audits": audits_frame(asked, period)}, EXPECTATIONS, {}, period)


EXPECTATIONS = (
    Expectation(
        # Critical where the declaration says so of the formula; a bureau's own formulas warn.
        id=HOLDS,
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="audits",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "verdict", "value_set": ["fail"]}),
        found="{found}",
        expected="{expected}",
        cure="{cure}",
    ),
    Expectation(
        id=EVALUABLE,
        severity=Severity.INFO,
        frame="audits",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "verdict", "value_set": ["not-evaluable"]}),
        found="{found}",
        expected="{expected}",
        cure="{cure}",
    ),
)
"""The formulas themselves are declared in data_raw/<district>/audits/, none here."""
