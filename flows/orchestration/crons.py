"""The moments of a cron, by the very reader that Prefect's server schedules with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator


def moments(cron: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """Every moment after one and up to another, in the zone that they are given in."""
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.server.schemas.schedules import CronSchedule as Reader

