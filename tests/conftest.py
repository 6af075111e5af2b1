"""Sends the tests that share a costly server to one worker, so that it's started once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

_GROUP = re.compile(r'xdist_group\("(\w+)"\)')


class ByGroup(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Tests of a file that marks itself with an ``xdist_group`` go where the group's others go, the rest anywhere.

    What ``--dist loadgroup`` is for; but pytest-xdist 3.8 hands the group on in a private name that pytest 9.2 no
    longer has.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group(Path(str(self.config.rootpath), nodeid.partition("::")[0])) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    """The scheduler of every run on several workers."""
    return ByGroup(config, log)


@cache
def _group(file: Path) -> str | None:
    found = _GROUP.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found[1] if found else None
