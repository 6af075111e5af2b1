"""The clock: whether it's right, and whether the years' holidays are known."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator

from flows.clock import BEIJING, now
from flows.doctor.registry import Examined, check
from flows.sources.addresses import moment_told
from flows.store.health import StoreHealth
from flows.working_days import ChineseWorkingDays
from transforms.declared.sources import HttpSource
from transforms.examining import Finding, judge_clock, judge_holidays, judge_past, ok


@check
def time_zone(_about: Examined) -> Iterator[Finding]:
    """Told, since people look at it: the machine's zone doesn't matter."""
    yield ok(
        "time zone",
        f"the machine's is {time.strftime('%Z')} (TZ={os.environ.get('TZ', 'unset')}); yuebao reckons in Asia/Shanghai "
        f"whatever it is, where it's {now():%Y-%m-%d %H:%M}",
    )


@check
def against_others(about: Examined) -> Iterator[Finding]:
    """Against the clocks that can be asked: the http sources' servers, and the store's where it's PostgreSQL."""
    asked = 0
    told = StoreHealth.of(about.workspace.store_address).moment
    if told is not None:
        asked += 1
        yield judge_clock("clock against the store's", now(), told)
    for address in sorted({_first(source) for one in about.declared for source in one.sources} - {""}):
        there = moment_told(address, 10.0)
        if there is not None:
            asked += 1
            yield judge_clock(f"clock against {address}", now(), there)
    if not asked:
        yield ok("clock against others'", "not compared: no source and no database here tells the time")


@check
def against_the_past(about: Examined) -> Iterator[Finding]:
    """Against what has happened: the newest record of the store."""
    yield judge_past("clock against the store's records", now(), StoreHealth.of(about.workspace.store_address).newest)


@check
def holidays(_about: Examined) -> Iterator[Finding]:
    """This year's and the next's."""
    calendar = ChineseWorkingDays()
    today: dt.date = now().astimezone(BEIJING).date()
    for year in (today.year, today.year + 1):
        yield judge_holidays(year, calendar.announced(year), today.year, today.month)


def _first(source: object) -> str:
    if not isinstance(source, HttpSource):
        return ""
    return next(iter(address for address, _ in source.asked(now().date())), "")
