"""Says what a bulletin is in its organ's register: a draft, an issue, or a correction of one; knows no register."""

from __future__ import annotations

from dataclasses import dataclass

_NOT_YET = "\N{IDEOGRAPHIC SPACE}"
"""Where a draft's number will stand: 〔2024〕　号."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A draft until it has a number.

    ``correction`` counts the corrections of the period's issue: 0 for the issue itself, 1 for the first; a draft of a
    correction has it too. ``year`` is that of the register, None where the day of the bulletin tells it.
    """

    number: int | None = None
    correction: int = 0
    year: int | None = None

    @property
    def draft(self) -> bool:
        """Whether it's still to be signed: then 征求意见稿 stands across every page."""
        return self.number is None

    @property
    def corrected(self) -> str:
        """What stands behind a number or a title: nothing, （更正）, or （第2次更正）."""
        if self.correction == 0:
            return ""
        return "（更正）" if self.correction == 1 else f"（第{self.correction}次更正）"

    @property
    def words(self) -> str:
        """第6期, 第6期（更正）, or 征求意见稿."""
        return f"{'征求意见稿' if self.number is None else f'第{self.number}期'}{self.corrected}"

    def designation(self, pattern: str, year: int) -> str:
        """The 发文字号 by the organ's pattern: 金经信通报〔2024〕6号; a draft's has its number left out.

        ``year`` is that of the bulletin's day, and stands where the register's isn't known yet.
        """
        number = _NOT_YET if self.number is None else str(self.number)
        return pattern.replace("{year}", str(self.year or year)).replace("{issue}", number) + self.corrected


DRAFT = Edition()
"""What every run makes first."""
