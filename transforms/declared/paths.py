"""The paths on which a target may be due over the year (method §3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from transforms.declared.contract import Declared


class Elapsed(Declared):
    """序时进度: month ÷ 12."""

    kind: Literal["elapsed"]


class LastYear(Declared):
    """历史同期进度: the share of last year's total that last year's same months had reached."""

    kind: Literal["last-year"]


class Schedule(Declared):
    """Monthly numbers issued with the plan: the cumulative share due by the end of each month, in %."""

    kind: Literal["schedule"]
    due: dict[int, Decimal]

    @model_validator(mode="after")
    def _whole_year(self) -> Schedule:
        if sorted(self.due) != list(range(1, 13)):
            raise ValueError("a schedule names all of the months 1 to 12")
        shares = [self.due[month] for month in range(1, 13)]
        if shares != sorted(shares) or shares[0] < 0 or shares[-1] != 100:
            raise ValueError("a schedule never falls and ends at 100")
        return self


class Batch(Declared):
    """Nothing is due before the named month, everything by its end."""

    kind: Literal["batch"]
    month: int = Field(ge=1, le=12)


class Flat(Declared):
    """The whole target at any time: for rates, levels, ceilings and deeds, which are never pro-rated."""

    kind: Literal["flat"]


Path = Annotated[Elapsed | LastYear | Schedule | Batch | Flat, Field(discriminator="kind")]

PRO_RATED = ("reach", "about", "of-which")
"""The kinds of target that a path other than flat can be declared for."""
