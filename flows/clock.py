"""The only place that asks what time it is."""

from __future__ import annotations

import datetime as dt

from transforms.dates import BEIJING
from transforms.errors import UsageError

__all__ = ["BEIJING", "moment", "now"]


def now() -> dt.datetime:
    """The moment, in the districts' time."""
    return dt.datetime.now(BEIJING)


def moment(text: str) -> dt.datetime:
    """Read 2024-07-20 (the end of that day) or 2024-07-20T09:30; without a zone it's Beijing time.

    UsageError where it hasn't come: what will have been received by then can't be known, nor made the same again.
    """
    told = _told(text)
    if told > now():
        raise UsageError(
            f"{text} isn't over yet, so what was received by then can't be known; name a moment that has passed "
            f"(such as {now():%Y-%m-%dT%H:%M}), or leave --as-of out for all that is known now"
        )
    return told


def _told(text: str) -> dt.datetime:
    try:
        if len(text) == 10:
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, BEIJING)
        told = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time; write 2024-07-20 or 2024-07-20T09:30") from None
    return told if told.tzinfo else told.replace(tzinfo=BEIJING)
