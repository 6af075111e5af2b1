"""An expectation that did not hold, with its place, what was found and what to do; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.periods import Period
from transforms.told_names import without_marks


class Severity(StrEnum):
    """What a doubt does to the period: stop it, stand in the data-quality note, or be kept for the record."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One expectation that did not hold.

    ``found``, ``expected`` and ``cure`` are Chinese sentences for the bureau, without a final full stop. ``places`` are
    texts (workbook《sheet》A1), so that a doubt about a whole file can name just the workbook. ``period`` is the
    reference period it stands in the way of, None where the file gives none.
    """

    expectation: str
    severity: Severity
    subject: str
    found: str
    expected: str
    cure: str
    places: tuple[str, ...]
    period: Period | None = None

    def told(self) -> dict[str, str | list[str] | None]:
        """The doubt for another program: plain values, the period as YYYY-MM."""
        return {
            "expectation": self.expectation,
            "severity": self.severity.value,
            "subject": self.subject,
            "found": self.found,
            "expected": self.expected,
            "cure": self.cure,
            "places": list(self.places),
            "period": str(self.period) if self.period else None,
        }

    def chinese(self) -> str:
        """The doubt as one line for an operator or an alert, whatever stands in the cells that it quotes."""
        where = "、".join(self.places[:3]) + (f"等{len(self.places)}处" if len(self.places) > 3 else "")
        return without_marks(f"{where}：{self.subject}：{self.found}；应为：{self.expected}；处理：{self.cure}。")
