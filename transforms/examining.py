"""What an examination of the installation found, and the judgements in it; touches nothing of what it judges."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands with one thing that was looked at."""

    OK = "ok"
    WARNING = "warning"
    """Runs go through; somebody should see to it."""
    FAULT = "fault"
    """Runs fail, or don't begin by themselves, until it's mended."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found there, and where it isn't well, the cure."""

    looked_at: str
    verdict: Verdict
    found: str
    cure: str = ""
    declaration: bool = False
    """Whether it's a fault of what people have declared, not of the machine."""


def ok(looked_at: str, found: str) -> Finding:
    """It's well."""
    return Finding(looked_at, Verdict.OK, found)


def exit_status(findings: Iterable[Finding]) -> int:
    """7 where the machine has a fault, else 3 where only declarations have, else 0."""
    faults = [one for one in findings if one.verdict is Verdict.FAULT]
    if not faults:
        return 0
    return 3 if all(one.declaration for one in faults) else 7


# --- Libraries ----------------------------------------------------------------------------------


def judge_version(name: str, found: str | None, least: str, below: str, why: str) -> Finding:
    """Whether a library's version is at least the one and below the other; an empty bound binds nothing."""
    bounds = ", ".join(filter(None, (f">={least}" if least else "", f"<{below}" if below else "")))
    cure = "run `make setup`: requirements.lock has the versions that were tested"
    if found is None:
        return Finding(name, Verdict.FAULT, "isn't installed", cure)
    if (least and _parts(found) < _parts(least)) or (below and _parts(found) >= _parts(below)):
        return Finding(name, Verdict.FAULT, f"{found} is installed, {bounds} is needed: {why}", cure)
    return ok(name, found)


def _parts(version: str) -> tuple[int, ...]:
    parts = [int(one) for one in re.findall(r"\d+", version.partition("+")[0])][:3]
    return tuple(parts + [0] * (3 - len(parts)))


# --- Disk and folders ---------------------------------------------------------------------------

_MEGABYTE = 1024 * 1024
_ENOUGH, _LEAST = 1024 * _MEGABYTE, 100 * _MEGABYTE
_ENOUGH_FILES, _LEAST_FILES = 20_000, 1_000


def judge_room(looked_at: str, free: int, files: int | None) -> Finding:
    """Whether a file system has room: a month of one district takes some 20 MB and a few hundred files.

    ``files`` is how many more files it can hold, None where it makes room for them as it goes.
    """
    found = f"{free // _MEGABYTE} MB free" + ("" if files is None else f", room for {files} more files")
    cure = "make room, or move data_raw and data_out to a larger file system; issues and vintages may not be deleted"
    if free < _LEAST or (files is not None and files < _LEAST_FILES):
        return Finding(looked_at, Verdict.FAULT, found, cure)
    if free < _ENOUGH or (files is not None and files < _ENOUGH_FILES):
        return Finding(looked_at, Verdict.WARNING, found, cure)
    return ok(looked_at, found)


def judge_modes(looked_at: str, open_to_others: Sequence[str]) -> Finding:
    """Whether other accounts of the machine can look at what isn't published."""
    if open_to_others:
        some = ", ".join(open_to_others[:3]) + (" …" if len(open_to_others) > 3 else "")
        return Finding(
            looked_at,
            Verdict.WARNING,
            f"{len(open_to_others)} can be read by other accounts: {some}",
            "take their rights away: chmod -R go= data_raw data_out (issues too, if nobody else is to read them there)",
        )
    return ok(looked_at, "for their owner alone")


# --- Clock --------------------------------------------------------------------------------------

_SECONDS_OFF, _SECONDS_WRONG = 30.0, 300.0


def judge_clock(looked_at: str, here: dt.datetime, there: dt.datetime) -> Finding:
    """Whether this machine's clock agrees with another's."""
    off = (here - there).total_seconds()
    found = f"this machine is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} it"
    cure = "set the clock (timedatectl set-ntp true): due days and when a file came are told by it"
    if abs(off) > _SECONDS_WRONG:
        return Finding(looked_at, Verdict.FAULT, found, cure)
    if abs(off) > _SECONDS_OFF:
        return Finding(looked_at, Verdict.WARNING, found, cure)
    return ok(looked_at, f"agrees to {abs(off):.0f} s")


def judge_past(looked_at: str, here: dt.datetime, newest: dt.datetime | None) -> Finding:
    """Whether the clock stands before something that has happened."""
    if newest is not None and (newest - here).total_seconds() > _SECONDS_OFF:
        return Finding(
            looked_at,
            Verdict.FAULT,
            f"the clock says {here:%Y-%m-%d %H:%M}, and the newest record is of {newest:%Y-%m-%d %H:%M}",
            "set the clock (timedatectl set-ntp true); until then nothing new counts as newer",
        )
    return ok(looked_at, "no record is of a later moment than the clock's")


def judge_holidays(year: int, known: bool, this_year: int, month: int) -> Finding:
    """Whether the year's holidays are known; next year's are told in November, and from then on their lack is."""
    looked_at = f"holidays of {year}"
    if known:
        return ok(looked_at, "known, with the make-up working days")
    cure = "update the library: `make lock UPGRADE=--upgrade-package=holidays`, then `make setup`"
    found = "not known to the library: due days are reckoned with weekends alone"
    if year <= this_year:
        return Finding(looked_at, Verdict.FAULT, found, cure)
    return Finding(looked_at, Verdict.WARNING, found, cure) if month >= 12 else ok(looked_at, "not announced yet")


# --- Prefect ------------------------------------------------------------------------------------


def judge_registered(
    deployment: str, next_runs: Mapping[str, dt.datetime | None], paused: Iterable[str], here: dt.datetime
) -> Finding:
    """Whether a deployment that should run by itself has a run that is scheduled, and in the future."""
    looked_at = f"deployment {deployment}"
    cure = "start `yuebao serve` (or a worker of `prefect.yaml`) against this server; it registers what is declared"
    if deployment not in next_runs:
        return Finding(looked_at, Verdict.FAULT, "isn't registered on the server: it never runs by itself", cure)
    if deployment in paused:
        return Finding(looked_at, Verdict.FAULT, "is paused: it doesn't run by itself", "resume it in Prefect's UI")
    coming = next_runs[deployment]
    if coming is None:
        return Finding(
            looked_at,
            Verdict.FAULT,
            "has no run scheduled: the server's scheduler doesn't run, or doesn't work",
            "see the server's log; restart it with its services on, and with SQLAlchemy below 2.1 (see libraries)",
        )
    if (here - coming).total_seconds() > _LATE:
        return Finding(
            looked_at,
            Verdict.FAULT,
            f"its next run was due at {coming:%Y-%m-%d %H:%M} and hasn't begun: nobody serves it",
            "start `yuebao serve`, or a worker of its work pool",
        )
    return ok(looked_at, f"next run {coming:%Y-%m-%d %H:%M}")


_LATE = 600.0


_UPKEEP_WITHIN = dt.timedelta(minutes=45)
"""It runs every ten minutes, and may wait for a long delivery."""


def judge_upkeep(ended: dt.datetime | None, here: dt.datetime) -> Finding:
    """Whether the upkeep, without which nothing lost is mended and nothing is delivered, came to its end lately."""
    cure = "start `yuebao serve`; if it's running, see the failed upkeep's page in Prefect's UI"
    if ended is None:
        return Finding("upkeep", Verdict.FAULT, "has never come to an end", cure)
    if here - ended > _UPKEEP_WITHIN:
        return Finding("upkeep", Verdict.FAULT, f"last came to an end at {ended:%Y-%m-%d %H:%M}", cure)
    return ok("upkeep", f"last came to an end at {ended:%Y-%m-%d %H:%M}")
