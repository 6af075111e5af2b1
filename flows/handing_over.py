"""Hands one message to one recipient by its channel, whatever befalls and within a bounded time; knows no outbox."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

from flows.apart import begun_apart
from flows.channels.parcels import Lost, ToHandOver
from transforms.declared.deliveries import AnyChannel, FolderChannel, MailChannel
from transforms.delivering.outbox import Owed, longest
from transforms.delivering.outcomes import Later, Outcome, Uncertain
from transforms.errors import YuebaoError


def hand_over(channel: AnyChannel, owed: Owed, given: Callable[[], ToHandOver]) -> Outcome:
    """What became of it, made and handed over; a fault of the program is an outcome, too.

    Raises Lost where another deliverer took it. One message that breaks its channel must not keep all others from
    leaving.
    """
    attempt = _Attempt()
    try:
        what = given()
        bounded = replace(what, hand_over=partial(attempt.begin, what.hand_over))
        return attempt.carried_out(partial(_by, channel, owed, bounded), longest(channel))
    except YuebaoError as error:
        return Later(str(error))
    except Lost:
        raise
    except Exception as error:
        told = f"a fault of the program: {place_of(error)}; tell the developers"
        return attempt.failed(told)


class _Attempt:
    """A hand-over in a thread of its own, given up when its time is over.

    A share that hangs never times out, either.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun = self._given_up = False

    def begin(self, hand_over: Callable[[], None]) -> None:
        """Say that from now on it may arrive; raises Lost once it's given up."""
        with self._lock:
            if self._given_up:
                raise Lost
            hand_over()
            self._begun = True

    def carried_out(self, work: Callable[[], Outcome], within: dt.timedelta) -> Outcome:
        """What became of it; what is given up goes on alone, and hands nothing over that it hadn't begun to."""
        done = begun_apart(work)
        wait([done], within.total_seconds())
        with self._lock:
            self._given_up = True
        if done.done():
            return done.result()
        seconds = f"{within.total_seconds():.0f} seconds"
        return self.failed(f"no end within {seconds}; see that the other side and the way there are well")

    def failed(self, told: str) -> Outcome:
        """Uncertain once it was begun."""
        return Uncertain(told) if self._begun else Later(told)


def place_of(error: Exception) -> str:
    """Its kind and where it arose, without its words, which may quote a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _by(channel: AnyChannel, owed: Owed, given: ToHandOver) -> Outcome:
    if isinstance(channel, MailChannel):
        from flows.channels.mail import hand_mail

        named = next(
            one for one in channel.recipients if one.address.lower() == owed.recipient and owed.unit in {"", one.unit}
        )
        return hand_mail(channel, named, given)
    if isinstance(channel, FolderChannel):
        from flows.channels.folders import copy_issue

        return copy_issue(channel, given)
    from flows.channels.robots import hand_to_robot

    return hand_to_robot(channel, given)
