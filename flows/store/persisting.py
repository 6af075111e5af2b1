"""Carries out a whole transaction again while the database is away, for a bounded time; knows no table."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from transforms.errors import EnvironmentFault

P = ParamSpec("P")
T = TypeVar("T")

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 5.0


class StoreAway(EnvironmentFault):
    """The database can't be reached or is locked, which may pass."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a database that was there may be away."""

    within: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


NONE = Patience(0.0)
"""For a database that was never seen: a wrong address mustn't keep anybody waiting."""


class Patient(Protocol):
    """Whatever has patience with its database."""

    patience: Patience


_Self = TypeVar("_Self", bound=Patient)


def persist(patience: Patience, work: Callable[[], T]) -> T:
    """Do the work, again after each StoreAway until the time is over; then EnvironmentFault.

    What stands in the work must be one transaction, or only read.
    """
    until = patience.clock() + patience.within
    wait = _FIRST_WAIT
    while True:
        try:
            return work()
        except StoreAway as away:
            if patience.clock() + wait > until:
                tried = f" (tried for {patience.within:.0f} seconds)" if patience.within else ""
                raise EnvironmentFault(f"{away}{tried}") from None
            if wait == _FIRST_WAIT:
                logging.getLogger("yuebao.store").warning("%s; trying again for %.0f s", away, patience.within)
        patience.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def persistent(method: Callable[Concatenate[_Self, P], T]) -> Callable[Concatenate[_Self, P], T]:
    """A method of the store that reads, or writes in one transaction: done again whole while the database is away."""

    def persisted(self: _Self, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return persist(self.patience, partial(method, self, *args, **kwargs))

    persisted.persistent = True  # type: ignore[attr-defined]
    return cast("Callable[Concatenate[_Self, P], T]", wraps(method)(persisted))


def is_persistent(method: Any) -> bool:
    """Whether a method outlives its database's absence."""
    return bool(getattr(method, "persistent", False))
