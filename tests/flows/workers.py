"""What a worker process does to a period, where a test wants it not to make it."""

from __future__ import annotations

import os
import signal
import threading

from flows.backfill import make_one
from flows.jobs import Job
from flows.outcomes import Outcome


def be_killed(job: Job) -> Outcome:
    """End as a process does for which there's no memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def never_end(job: Job) -> Outcome:
    """Work on for ever."""
    threading.Event().wait()
    raise AssertionError


def be_killed_once(job: Job) -> Outcome:
    """End so the first time that 2024-02 is made, and make it the second time."""
    once = job.workspace.root / "killed"
    if job.period.month == 2 and not once.exists():
        once.touch()
        be_killed(job)
    return make_one(job)
