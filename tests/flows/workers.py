"""What a worker process does to a period, where a test wants it not to make it."""

from __future__ import annotations

import os
import signal
import threading

from flows.backfill import Outcome
from flows.jobs import Job


def be_killed(job: Job) -> Outcome:
    """End as a process does for which there's no memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def never_end(job: Job) -> Outcome:
    """Work on for ever."""
    threading.Event().wait()
    raise AssertionError
