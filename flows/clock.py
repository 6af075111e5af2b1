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
    """Read 2024-07-20 (the end of that day) or 2024-07-20T09:30; without a zone it's Beijing time."""
    try:
        if len(text) == 10:
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, BEIJING)
        told = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time; write 2024-07-20 or 2024-07-20T09:30") from None
    return told if told.tzinfo else told.replace(tzinfo=BEIJING)
