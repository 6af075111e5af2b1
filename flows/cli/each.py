"""Asks several districts the same: what keeps one of them from answering keeps no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flows import console
from transforms.errors import PartialError, YuebaoError

T = TypeVar("T")


def ask_each(districts: Sequence[str], ask: Callable[[str], T]) -> Answers[T]:
    """What each district answers; a single one's fault is raised, one of several is kept for the end."""
    found: dict[str, T] = {}
    faults: list[YuebaoError] = []
    for one in districts:
        try:
            found[one] = ask(one)
        except YuebaoError as error:
            if len(districts) == 1:
                raise
            faults.append(error)
    return Answers(found, tuple(faults))


@dataclass(frozen=True, slots=True)
class Answers(Generic[T]):
    """By district; the faults of those that have none."""

    found: dict[str, T]
    faults: tuple[YuebaoError, ...]

    def complain(self) -> None:
        """Tell the faults: after the answers, so that they stand last."""
        for fault in self.faults:
            console.complain(fault)

    def end(self) -> None:
        """Tell the faults, and raise PartialError where there are any."""
        self.complain()
        if self.faults:
            every = len(self.found) + len(self.faults)
            raise PartialError(
                f"{len(self.faults)} of {every} districts couldn't be asked; what is wrong with them is told above"
            )
