"""Tells a person or a program, on standard output and error, what a command does; decides nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from transforms.errors import YuebaoError


def complain(error: YuebaoError) -> int:
    """Print a fault on standard error; gives its exit status."""
    print(f"yuebao: {error}", file=sys.stderr)
    return error.exit_status


Show = Callable[[Any, Callable[[], Iterator[str]]], None]


def as_json(told: Any, _text: Callable[[], Iterator[str]]) -> None:
    """Print it for a program."""
    print(json.dumps(told, ensure_ascii=False, indent=2))


def as_text(_told: Any, text: Callable[[], Iterator[str]]) -> None:
    """Print it for a person."""
    for line in text():
        print(line)


@contextmanager
def telling_stages() -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being done: one line that changes on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: print(f"… {stage}", file=sys.stderr)
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda stage: status.update(stage)
