"""How a backfill goes on, what became of each period, and what one would do, for the operator."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.clock import now
from flows.outcomes import Notice, Outcome, Result
from transforms.time_left import time_left_words

if TYPE_CHECKING:
    from flows.foreseeing import Foresight


class Progress(Notice):
    """Counts the periods that are really made; what is up to date takes no time and is in no estimate."""

    def __init__(self, tell: Callable[[Progress, str], None]) -> None:
        self._tell = tell
        self._began: dt.datetime | None = None
        self.total = 0
        self.done = 0

    def due(self, count: int) -> None:
        """So many periods will be made."""
        self.total, self._began = count, now()
        self._tell(self, f"{count} to make" if count else "all is up to date")

    def said(self, words: str) -> None:
        """Tell the operator."""
        self._tell(self, words)

    def outcome(self, outcome: Outcome) -> None:
        """One period is done with."""
        self.done += outcome.result is not Result.UP_TO_DATE
        self._tell(self, f"{outcome.district} {outcome.period} {outcome.result}")

    @property
    def left(self) -> str:
        """About how long it will take yet; empty where nobody can tell."""
        return time_left_words(self.done, self.total, now() - self._began) if self._began else ""

    @property
    def words(self) -> str:
        """3 of 23, about 4 min left."""
        return ", ".join(filter(None, (f"{self.done} of {self.total}", self.left))) if self.total else ""


@contextmanager
def telling_progress() -> Iterator[Progress]:
    """Show on standard error how far a backfill has come and how long it takes yet: a bar on a terminal, else lines."""
    if not sys.stderr.isatty():
        yield Progress(lambda one, words: print(f"… {' · '.join(filter(None, (words, one.words)))}", file=sys.stderr))
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    left = TextColumn("{task.fields[left]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), left)
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("pulling", total=None, left="")

        def tell(one: Progress, words: str) -> None:
            bar.update(task, description=words, total=one.total or None, completed=one.done, left=one.left)

        yield Progress(tell)


def print_backfill(outcomes: Sequence[Outcome]) -> None:
    """What became of each period, failures last with their causes."""
    counts = Counter(outcome.result.value for outcome in outcomes)
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())) or "nothing to make")
    for outcome in outcomes:
        if outcome.exit_status:
            print(f"{outcome.district} {outcome.period} failed: {outcome.message}")


def print_foreseen(told: Foresight) -> None:
    """What each period would come to, and why."""
    counts = Counter(one.prospect.value for one in told.periods)
    for one in told.periods:
        print(f"{one.district} {one.period}  {one.prospect}{f': {one.obstacle}' if one.obstacle else ''}")
        for reason in one.reasons:
            print(f"    {reason}")
    for origin in told.unpulled:
        print(f"not pulled yet, counted as if it were: {origin}")
    for place in told.elsewhere:
        print(f"not looked into: {place}")
    print(", ".join(f"{count} {prospect}" for prospect, count in sorted(counts.items())) or "nothing to make")
