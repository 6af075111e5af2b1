"""The secrets that declarations name: whether each is set; none is shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.doctor.registry import Examined, check
from transforms.examining import Finding, Verdict, ok


@check
def variables(about: Examined) -> Iterator[Finding]:
    """Every environment variable that a district.yaml names for a secret."""
    for district in about.declared:
        for name in sorted(set(_named(district.model_dump()))):
            looked_at = f"{name} ({district.id})"
            if os.environ.get(name):
                yield ok(looked_at, "is set")
            else:
                yield Finding(
                    looked_at,
                    Verdict.FAULT,
                    "isn't set",
                    "put it into the service's EnvironmentFile (docs/operations.md), or export it",
                )


def _named(told: Any) -> Iterator[str]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            if str(key).endswith("_env") and isinstance(value, str):
                yield value
            else:
                yield from _named(value)
    elif isinstance(told, Sequence) and not isinstance(told, str):
        for one in told:
            yield from _named(one)
