"""Asks the audit formulas of one file on disk of the returns of others, for those who want to check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.reading import read_file
from flows.workspace import audits_in
from transforms.audits.asking import Asked, ask
from transforms.doubts import Doubt
from transforms.errors import InputError


@dataclass(frozen=True, slots=True)
class Audited:
    """Every formula in every column, and the error cells of the formulas' own workbook."""

    asked: tuple[Asked, ...]
    doubts: tuple[Doubt, ...]


def audited(formulas: Path, files: Sequence[Path]) -> Audited:
    """Every formula in every column of the returns, the files oldest first.

    Raises DeclarationError with every formula that makes no sense, InputError where a file can't be read.
    """
    if not formulas.is_file():
        raise InputError(f"{formulas}: no such file; check the name and the folder")
    imported = audits_in(formulas, formulas.name)
    return Audited(ask([read_file(file) for file in files], imported.audits), imported.doubts)
