"""Known errors of a source and what is done about each, as people declare them; applies none of them.

``corrections.yaml``, by example::

    corrections:
      - label: 技术改造投资           # the row's or column's own words
        period: 2024-04
        measure: year-to-date-growth
        found: -64                  # a number, a text (约82), an error (#N/A), or blank
        corrected: -6.4             # in the source's own unit
        reason: 漏录小数点
        authority: 区统计局2024年5月20日电话确认
        until: 2025-12-31
    ledger_corrections:
      - ledger: 工业项目台账          # words of the ledger's title
        row: 智能装备项目             # the project's or firm's name
        column: 总投资
        period: 2024-06             # the first month whose ledger has the error
        found: 12000
        corrected: 1.2
        reason: 误以万元填报
        authority: 区招商中心确认
        until: 2024-12-31

A correction names one cell's wrong content. It fails when it matches nothing, and when the source has been mended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from transforms.declared.contract import Declared
from transforms.figures import exact, parse_number
from transforms.measure_names import MEASURE_WORDS
from transforms.periods import PERIOD, Period
from transforms.readings import Measure

BLANK = "blank"
"""How a correction names an empty cell."""

CORRECTABLE = (
    Measure.MONTH, Measure.YEAR_TO_DATE, Measure.MONTH_GROWTH, Measure.YEAR_TO_DATE_GROWTH, Measure.LEVEL,
    Measure.QUARTER, Measure.YEAR,
)  # fmt: skip
"""The measures that a bulletin takes figures from. What is only compared, and a unit's words, aren't ours to alter."""


def _number_or_text(given: object) -> object:
    if given is None:
        raise ValueError("empty; write `blank` for an empty cell")
    number = parse_number(given) if isinstance(given, str) else None
    return given if number is None else number


class _Known(Declared):
    """What every correction says: since when, why, who said so, and how long it may stand."""

    period: str = Field(pattern=PERIOD)
    workbook: str | None = None
    """Words of the file's name, where the figure stands rightly in another file."""
    reason: str
    authority: str
    """Who said so, and when."""
    until: dt.date
    """The last reference month that it may be applied for, by any of its days; later bulletins warn."""
    _place: str = PrivateAttr(default="corrections.yaml")

    @property
    def place(self) -> str:
        """The file and line that it's declared on."""
        return self._place

    @property
    def at(self) -> Period:
        """Its period."""
        return Period.parse(self.period)

    def placed(self, place: str) -> Self:
        """The same, declared at a place."""
        made = self.model_copy()
        made._place = place
        return made

    def has_expired(self, reference: Period) -> bool:
        """Whether a bulletin of the period comes after its last day; no arrival of a file changes that."""
        return self.until < reference.first_day


class Correction(_Known):
    """One known error in a table: where it stands, what stands there, what is meant, why, and until when."""

    label: str
    area: str | None = None
    measure: Measure
    title: str | None = None
    """Words of the table's title, where the figure stands rightly in another table."""
    found: Annotated[Decimal | str, BeforeValidator(_number_or_text)]
    """What stands in the cell: a number, its text, an error, or ``blank``."""
    corrected: Decimal
    """The figure that is meant, in the unit of the cell."""

    @model_validator(mode="after")
    def _something_to_correct(self) -> Correction:
        if self.measure not in CORRECTABLE:
            known = ", ".join(measure.value for measure in CORRECTABLE)
            raise ValueError(f"no figure of the bulletin has the measure {self.measure.value}; one of {known} has")
        if self.found == self.corrected:
            raise ValueError("corrected is what was found")
        return self

    @property
    def subject(self) -> str:
        """What a message calls it."""
        area = f"{self.area}，" if self.area else ""
        return f"更正事项：{self.label}（{area}{self.at.chinese()}{MEASURE_WORDS[self.measure]}）"

    @property
    def found_words(self) -> str:
        """The wrong content as a message quotes it."""
        if isinstance(self.found, Decimal):
            return exact(self.found) or ""
        return "空白" if self.found == BLANK else f"“{self.found}”"


class LedgerCorrection(_Known):
    """One known error in a ledger: the row by its name, the column by its head, what stands there and what is meant."""

    ledger: str
    """Words that the ledger's title has."""
    row: str
    """What the project or firm is called in the ledger."""
    column: str
    found: str
    """The cell's text; a number is the same however it's written; ``blank`` for an empty cell."""
    corrected: str

    @model_validator(mode="after")
    def _something_to_correct(self) -> LedgerCorrection:
        if self.found == self.corrected:
            raise ValueError("corrected is what was found")
        return self

    @property
    def subject(self) -> str:
        """What a message calls it."""
        return f"更正事项：{self.ledger}“{self.row}”的{self.column}（{self.at.chinese()}起）"

    @property
    def found_words(self) -> str:
        """The wrong content as a message quotes it."""
        return "空白" if self.found == BLANK else f"“{self.found}”"


class Corrections(Declared):
    """The corrections of one district."""

    corrections: tuple[Correction, ...] = ()
    ledger_corrections: tuple[LedgerCorrection, ...] = ()

    def all(self) -> Iterator[tuple[tuple[str, int], Correction | LedgerCorrection]]:
        """Each with its place in the declaration."""
        for number, correction in enumerate(self.corrections):
            yield ("corrections", number), correction
        for number, of_ledger in enumerate(self.ledger_corrections):
            yield ("ledger_corrections", number), of_ledger
