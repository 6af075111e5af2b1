"""What can become of a delivery that was tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it, in its words."""

    told: str


@dataclass(frozen=True, slots=True)
class Later:
    """It wasn't taken, and that may pass; ``after`` is how many seconds the other side asks for."""

    told: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It wasn't taken, and never will be as it is."""

    told: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It was handed over, and no answer came."""

    told: str


Outcome = Sent | Later | Refused | Uncertain
