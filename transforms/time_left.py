"""Estimates from what is done how long the rest will take; knows no clock."""

from __future__ import annotations

import datetime as dt


def time_left(done: int, total: int, elapsed: dt.timedelta) -> dt.timedelta | None:
    """As much for each that is left as each took so far, all workers together; None before the first is done."""
    if not 0 < done <= total:
        return None
    return elapsed * (total - done) / done


def time_left_words(done: int, total: int, elapsed: dt.timedelta) -> str:
    """The same as it's printed, such as ``about 4 min left``; empty where nobody can tell, and at the end."""
    left = time_left(done, total, elapsed)
    if not left:
        return ""
    seconds = left.total_seconds()
    if seconds < 90:
        return f"about {round(seconds)} s left"
    return f"about {round(seconds / 60)} min left" if seconds < 5400 else f"about {seconds / 3600:.1f} h left"
