"""Names what a bulletin depends on by hashes: the code, the templates, the fonts, the libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.workspace import INSTALLED, Workspace, fonts_fingerprint
from transforms.declared.deciding import deciding_corrections, deciding_text
from transforms.periods import Period

_LIBRARIES = (
    "great-expectations",
    "jinja2",
    "pandas",
    "python-calamine",
    "sqlalchemy",
    "weasyprint",
    "xlrd",
    "xlsxwriter",
)


@cache
def reader_fingerprint() -> str:
    """Changes when the code that reads workbooks may have: then every vintage is read anew."""
    return digest(_hashes((INSTALLED / "transforms").rglob("*.py")))[:16]


def made_by() -> dict[str, str]:
    """What bulletins are made by, hashed: the program, the templates, the fonts."""
    return {"program": _program(), "templates": _templates(), "fonts": digest([fonts_fingerprint()])}


@cache
def _program() -> str:
    """Changes when any code does that can change a bulletin."""
    code = [path for folder in ("transforms", "expectations", "flows") for path in (INSTALLED / folder).rglob("*.py")]
    return digest(_hashes(code))


@cache
def _templates() -> str:
    return digest(_hashes(path for path in (INSTALLED / "report_templates").rglob("*") if path.is_file()))


@cache
def library_versions() -> dict[str, str]:
    """The versions of the product and of the libraries that a bulletin is made with."""
    found = {}
    for name in ("yuebao", *_LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def digest(parts: Iterable[str]) -> str:
    """One SHA-256 over texts, in their order."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode())
        made.update(b"\0")
    return made.hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def declarations_sha256(workspace: Workspace, district: str, period: Period) -> dict[str, str]:
    """The SHA-256 of what each file that people write says to the period's bulletin, by its place; of those that do."""
    return {
        workspace.shown(file): hashlib.sha256(said).hexdigest()
        for file in workspace.files_of_period(district, period)
        if (said := _said(file, period))
    }


def _said(file: Path, period: Period) -> bytes:
    written = file.read_bytes()
    text = written.decode("utf-8", "surrogateescape")
    match file.name:
        case "district.yaml":
            return deciding_text(text).encode("utf-8", "surrogateescape")
        case "corrections.yaml":
            return deciding_corrections(text, period).encode("utf-8", "surrogateescape")
    return written


def _hashes(paths: Iterable[Path]) -> Iterable[str]:
    for path in sorted(paths):
        yield path.relative_to(INSTALLED).as_posix()
        yield file_sha256(path)
