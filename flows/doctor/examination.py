"""Runs every check, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from flows.doctor.registry import CHECKS, Check, Examined
from flows.workspace import Workspace
from transforms.errors import DeclarationError, YuebaoError
from transforms.examining import Finding, Verdict

THEMES = (
    "libraries",
    "fonts",
    "folders",
    "store",
    "issues",
    "declarations",
    "secrets",
    "sources",
    "clock",
    "prefect",
    "deliveries",
)
"""In the order in which they're told: what the others stand on comes first."""


def examine(
    workspace: Workspace, districts: tuple[str, ...], told: Callable[[str, Finding], None]
) -> dict[str, tuple[Finding, ...]]:
    """What every check finds, by theme; each finding is told as it comes."""
    for module in iter_modules([str(Path(__file__).parent)]):
        if module.name not in {"examination", "registry"}:
            import_module(f"flows.doctor.{module.name}")
    about = Examined(workspace, districts)
    themes = sorted(CHECKS, key=lambda theme: (THEMES.index(theme) if theme in THEMES else len(THEMES), theme))
    found: dict[str, tuple[Finding, ...]] = {}
    for theme in themes:
        findings = []
        for one in CHECKS[theme]:
            for finding in _found(one, about):
                told(theme, finding)
                findings.append(finding)
        found[theme] = tuple(findings)
    return found


def _found(one: Check, about: Examined) -> list[Finding]:
    """What a check finds; where it breaks itself that is a finding, and what it had found before isn't lost."""
    findings: list[Finding] = []
    try:
        findings.extend(one(about))
    except YuebaoError as error:
        words = str(error)
        findings.append(
            Finding(
                one.__name__.replace("_", " "), Verdict.FAULT, words, "as it says", isinstance(error, DeclarationError)
            )
        )
    except Exception as error:
        findings.append(
            Finding(
                one.__name__.replace("_", " "),
                Verdict.FAULT,
                f"the check itself broke: {type(error).__name__}: {error}",
                "tell the developers; the other checks stand",
            )
        )
    return findings
