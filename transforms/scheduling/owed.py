"""Which due periods are still owed a run: that have come to no end and have no run before them; asks no server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from transforms.periods import Period
from transforms.scheduling.due import Due


class Outcome(StrEnum):
    """What became of a run that began by itself."""

    WAITING = "waiting"
    """Late data: it will be tried again."""
    RETRYING = "retrying"
    """A fault that may pass: it will be tried again."""
    DRAFTED = "drafted"
    AWAITING = "awaiting approval"
    ISSUED = "issued"
    REJECTED = "rejected"
    TIMED_OUT = "approval timed out"
    BLOCKED = "blocked"
    FAILED = "failed"


_UNFINISHED = {Outcome.WAITING, Outcome.RETRYING, Outcome.AWAITING}

LOOKED_BACK = dt.timedelta(days=35)
"""How far back a district that was never tried is looked after: not to begin with years of old bulletins."""


def looked_after_since(first_try: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """From when on due periods are owed: since the first run by itself, a year at most."""
    recent = now - LOOKED_BACK
    return recent if first_try is None else max(min(first_try - LOOKED_BACK, recent), now - dt.timedelta(days=366))


def owed(
    due: Iterable[Due],
    last: Mapping[Period, Outcome],
    made: Mapping[Period, dt.datetime],
    issued: Collection[Period],
    pending: Collection[Period],
) -> Iterator[Due]:
    """The due periods to be tried now.

    ``last`` is what became of the newest try by itself of each; ``made`` when somebody last made a draft of each: one
    from before it was due was but a look at it; ``pending`` are those with a run that is scheduled, running or
    suspended on the server.
    """
    for one in due:
        if one.period in pending:
            continue
        outcome = last.get(one.period)
        by_hand = one.period in issued or (one.period in made and made[one.period] >= one.at)
        if outcome in _UNFINISHED or (outcome is None and not by_hand):
            yield one
