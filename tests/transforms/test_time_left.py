"""How long a backfill takes yet."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.time_left import time_left, time_left_words


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 10, 5, ""),
        (5, 10, 50, "about 50 s left"),
        (1, 24, 10, "about 4 min left"),
        (1, 101, 108, "about 3.0 h left"),
        (10, 10, 50, ""),
    ],
)
def test_the_rest_takes_what_was_done_took(done: int, total: int, seconds: int, words: str) -> None:
    assert time_left_words(done, total, dt.timedelta(seconds=seconds)) == words


def test_nobody_can_tell_before_the_first_is_done() -> None:
    assert time_left(0, 3, dt.timedelta(hours=1)) is None
