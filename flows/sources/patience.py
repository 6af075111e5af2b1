"""Tries again what may pass, for a bounded number of times and seconds; knows no source. The door to tenacity."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

from flows.apart import begun_apart
from flows.logs import tell
from flows.sources.delivery import Unreachable
from transforms.errors import InputError

T = TypeVar("T")

_LONGEST_WAIT = 60.0


class MayPass(Exception):
    """A failure that may have passed the next time; ``after`` is how many seconds the other side asks for."""

    def __init__(self, found: str, after: float | None = None) -> None:
        self.found, self.after = found, after
        super().__init__(found)


class Unfinished(MayPass):
    """A file that others may still be writing: the source itself answers."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a source is tried."""

    attempts: int = 4
    within: float = 180.0
    """Seconds for all attempts of one listing or one file together."""
    answer: float = 30.0
    """Seconds to wait for the next sign of life of a connection."""
    sleep: Callable[[float], None] = time.sleep


def persist(place: str, patience: Patience, work: Callable[[], T], begin_anew: Callable[[], None]) -> T:
    """Do the work; after a failure that may pass wait, begin anew, and do it again.

    Raises Unreachable when patience is over, or when the other side asks for more of it than there is; InputError for
    a file that stays unfinished.
    """

    def anew(state: RetryCallState) -> None:
        failed = state.outcome.exception() if state.outcome else None
        tell("retry", level="warning", place=place, attempt=state.attempt_number, found=str(failed))
        begin_anew()

    started = time.monotonic()

    def in_time() -> T:
        return _within(max(started + patience.within - time.monotonic(), 0.0), work)

    retrying = Retrying(
        retry=retry_if_exception_type(MayPass),
        stop=stop_after_attempt(patience.attempts) | stop_before_delay(patience.within),
        wait=_wait,
        sleep=patience.sleep,
        before_sleep=anew,
        reraise=True,
    )
    try:
        return retrying(in_time)
    except Unfinished as error:
        raise InputError(f"{place}: {error.found}; pull again when it's there whole") from None
    except MayPass as error:
        begin_anew()
        tries = retrying.statistics["attempt_number"]
        raise Unreachable(
            f"{place}: {error.found} ({tries} {'try' if tries == 1 else 'tries'}); see that the server runs and the "
            "network reaches it, then pull again"
        ) from None


def _within(seconds: float, work: Callable[[], T]) -> T:
    done = begun_apart(work)
    try:
        return done.result(seconds)
    except TimeoutError:
        if done.done():
            raise
        raise MayPass(f"no whole answer within {seconds:.0f} seconds") from None


def _wait(state: RetryCallState) -> float:
    """One, two, four… seconds, or what the other side asks for; more than a minute is no longer waiting."""
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.after if isinstance(failed, MayPass) else None
    if asked is None:
        return min(2.0 ** (state.attempt_number - 1), _LONGEST_WAIT)
    return asked if asked <= _LONGEST_WAIT else float("inf")
