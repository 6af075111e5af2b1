"""Takes secrets from the environment variables that a source names, and keeps them out of what is told."""

from __future__ import annotations

import os

from flows.logs import hide
from transforms.declared.sources import AnySource
from transforms.errors import EnvironmentFault


def secret(variable: str, place: str) -> str:
    """The variable's value; EnvironmentFault without one."""
    value = os.environ.get(variable, "")
    if not value:
        raise EnvironmentFault(f"{place}: the environment variable {variable} isn't set; set it to the source's secret")
    hide(value)
    return value


def without_secrets(text: str, source: AnySource) -> str:
    """The text with every secret of the source blotted out, whatever a library may have quoted."""
    for field, variable in source.model_dump().items():
        value = os.environ.get(variable, "") if field.endswith("_env") and variable else ""
        if value:
            text = text.replace(value, "***")
    return text
