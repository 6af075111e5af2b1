"""The moments of a cron, by the very reader that Prefect's server schedules with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import import_module

from transforms.errors import UsageError


def moments(cron: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """Every moment after one and up to another, in the zone that they are given in; none where it never comes.

    UsageError where the reader takes it for no cron.
    """
    reader = import_module("prefect._vendor.croniter")
    try:
        found = reader.croniter(cron, after)
        while (moment := found.get_next(dt.datetime)) <= until:
            yield moment
    except reader.CroniterBadDateError:
        return
    except ValueError as error:
        raise UsageError(f"{cron!r} is no cron ({error}); mend when: in district.yaml") from None
