"""The moments of a cron, by the very reader that Prefect's server schedules with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import import_module


def moments(cron: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """Every moment after one and up to another, in the zone that they are given in."""
    found = import_module("prefect._vendor.croniter").croniter(cron, after)
    while (moment := found.get_next(dt.datetime)) <= until:
        yield moment
