"""The checks that there are, and what each is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from flows.workspace import Workspace
from transforms.declared.district import District
from transforms.errors import YuebaoError
from transforms.examining import Finding


@dataclass(frozen=True)
class Examined:
    """The workspace and the districts that are examined."""

    workspace: Workspace
    districts: tuple[str, ...]

    @cached_property
    def declared(self) -> tuple[District, ...]:
        """The districts whose declaration has no fault; faults are told by a check of their own."""
        found = []
        for id_ in self.districts:
            try:
                found.append(self.workspace.district(id_))
            except YuebaoError:
                continue
        return tuple(found)

    @property
    def unread(self) -> tuple[str, ...]:
        """The districts of which nothing is known, since their declaration has faults."""
        read = {one.id for one in self.declared}
        return tuple(id_ for id_ in self.districts if id_ not in read)


Check = Callable[[Examined], Iterator[Finding]]

CHECKS: dict[str, list[Check]] = {}
"""By theme, each in the order in which it was written."""


def check(function: Check) -> Check:
    """Add a check to its theme, which is its module's name."""
    CHECKS.setdefault(function.__module__.rpartition(".")[2], []).append(function)
    return function
