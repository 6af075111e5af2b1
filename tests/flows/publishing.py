"""Publishers in processes of their own, which meet where they'd take the same number."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

from flows.issuing import Order, publish_draft
from flows.jobs import Job
from flows.store import Store
from flows.workspace import Workspace
from transforms.errors import YuebaoError
from transforms.periods import Period

Publisher = tuple[Path, str, str]
"""Its workspace, the period, and who signs."""


def publish_at_once(publishers: Sequence[Publisher], address: str, meeting: bool) -> list[str]:
    """What each publisher got: its issue's folder, or its fault; ``meeting`` lets all read the register first."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(publishers)) if meeting else None
    with context.Manager() as manager:
        got = manager.dict()
        processes = [
            context.Process(target=_publish, args=(number, *one, address, barrier, got))
            for number, one in enumerate(publishers)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        return [got[number] for number in range(len(publishers))]


def _publish(
    number: int, root: Path, period: str, by: str, address: str, barrier: Barrier | None, got: dict[int, str]
) -> None:
    os.environ["DATABASE_URL"] = address
    if barrier is not None:
        _meet_at(barrier)
    try:
        issued = publish_draft(Order(Job(Workspace(root), "small", Period.parse(period)), by))
        got[number] = issued.issue.folder
    except YuebaoError as error:
        got[number] = f"{type(error).__name__}: {error}"


def _meet_at(barrier: Barrier) -> None:
    """Let the store's next number be known to nobody before all have asked for it."""
    ask = Store.next_number
    asked: list[int] = []

    def next_number(store: Store, register: str, year: int) -> int:
        found = ask(store, register, year)
        if not asked:
            asked.append(found)
            barrier.wait(120)
        return found

    setattr(Store, "next_number", next_number)  # noqa: B010 - the process is the publisher's own
