"""Holds the garbage collector while a file is read; knows nothing of files."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Make many lasting objects without the collector's walking all of them again and again.

    The cells of 50,000 rows are no garbage while they're being read, and looking for some among them takes a quarter
    of the time. What counts references goes on: only cycles wait until the end.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        # What is left was made to last: it goes among the old at once, without being walked a first time.
        gc.freeze()
        gc.unfreeze()
        gc.enable()
