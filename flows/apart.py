"""Does work in a thread that can be given up on: a server that sends a byte now and then never times out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def begun_apart(work: Callable[[], T]) -> Future[T]:
    """The work, begun in a thread of its own, which ends with the process whether the work is done or not."""
    done: Future[T] = Future()

    def carry_out() -> None:
        try:
            done.set_result(work())
        # Whatever befalls it is raised where the result is waited for.
        except BaseException as error:
            done.set_exception(error)

    Thread(target=copy_context().run, args=(carry_out,), daemon=True).start()
    return done
