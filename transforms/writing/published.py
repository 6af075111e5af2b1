"""What an issue has told its readers, for a later bulletin to say what has changed since; knows no store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.observations import Observation
from transforms.periods import Period
from transforms.writing.editions import Edition


@dataclass(frozen=True, slots=True)
class Published:
    """One issue: ``figures`` are the numbers behind all that it printed, ``vintages`` the hashes of all it knew."""

    period: Period
    edition: Edition
    designation: str
    """发文字号: 金经信通报〔2024〕6号."""
    dated: dt.date
    figures: tuple[Observation, ...]
    vintages: frozenset[str]
