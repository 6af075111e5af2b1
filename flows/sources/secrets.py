"""Takes secrets from the environment variables that a declaration names, and keeps them out of what is told."""

from __future__ import annotations

import os

from flows.logs import hide
from transforms.errors import EnvironmentFault


def secret(variable: str, place: str) -> str:
    """The variable's value; EnvironmentFault without one."""
    value = os.environ.get(variable, "")
    if not value:
        raise EnvironmentFault(
            f"{place}: the environment variable {variable} isn't set; set it to the secret that is needed there"
        )
    hide(value)
    return value
