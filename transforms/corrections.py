"""Known errors of a source and what is done about each; a correction that no longer bites is a fault."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import Field

from transforms.plan import Declared
from transforms.readings import Measure


class Correction(Declared):
    """One known error: where it stands, what stands there, what is meant, why, and until when it may be applied."""

    label: str
    area: str | None = None
    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    measure: Measure
    found: Decimal
    """The wrong value as it stands in the source; the correction fails when it isn't there any more."""
    corrected: Decimal
    reason: str
    authority: str
    """Who said so, and when."""
    until: dt.date


class Corrections(Declared):
    """The corrections of one district."""

    corrections: tuple[Correction, ...] = ()
