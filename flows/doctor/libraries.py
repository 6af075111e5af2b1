"""The libraries that a bulletin is drawn and scheduled with, and whether their versions are those that work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ctypes.util import find_library
from importlib.metadata import PackageNotFoundError, version

from flows.doctor.registry import Examined, check
from transforms.examining import Finding, Verdict, judge_version, ok

_BOUNDS = (
    ("weasyprint", "70.0", "70.0.1", "the justification of Chinese text leans on its private names"),
    ("sqlalchemy", "2.0", "2.1", "on 2.1 Prefect's scheduler never schedules a run"),
    ("fastapi", "0.139", "0.151", "beyond it Prefect's server refuses its own questions"),
    ("prefect", "3.8", "3.9", "others weren't tried"),
    ("great-expectations", "1.24", "1.25", "others weren't tried"),
    ("pandas", "3.1", "3.2", "others weren't tried"),
    ("python-calamine", "0.9.1", "", "earlier ones lose the addresses of cells"),
    ("pydantic", "2", "3", "declarations are written for 2"),
    ("structlog", "", "", ""),
    ("alembic", "", "", ""),
    ("holidays", "", "", ""),
)
_DRAWN_WITH = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")


@check
def python(_about: Examined) -> Iterator[Finding]:
    """Python itself."""
    yield judge_version("python", ".".join(map(str, sys.version_info[:3])), "3.11", "", "the code is written for it")


@check
def packages(_about: Examined) -> Iterator[Finding]:
    """The packages whose versions matter."""
    for name, least, below, why in _BOUNDS:
        yield judge_version(name, _installed(name), least, below, why)


@check
def system_libraries(_about: Examined) -> Iterator[Finding]:
    """What WeasyPrint draws with."""
    for name in _DRAWN_WITH:
        found = find_library(name)
        if found is None:
            yield Finding(f"lib{name}", Verdict.FAULT, "isn't there: no PDF can be made", _install)
        else:
            yield ok(f"lib{name}", found)


@check
def subsetting(_about: Examined) -> Iterator[Finding]:
    """harfbuzz's subsetter: nothing pulls it in, and without it every PDF takes half a minute."""
    found = find_library("harfbuzz-subset")
    if found is None:
        yield Finding("libharfbuzz-subset", Verdict.WARNING, "isn't there: a PDF takes 29 s in place of 1 s", _install)
    else:
        yield ok("libharfbuzz-subset", found)


_install = (
    "run `make setup`, or apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 fontconfig"
)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
