"""Asks the audit formulas among checked files of the returns among them; keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.check_order import Brought
from transforms.doubts import Doubt, Severity
from transforms.errors import DeclarationError
from transforms.readings import Contents
from transforms.tables.findings import AUDIT_FORMULAS


def doubts_of_formulas(files: Sequence[Brought], contents: Sequence[Contents]) -> Iterator[Doubt]:
    """Each formula that doesn't hold, what couldn't be evaluated, and each formula that makes no sense.

    ``contents`` are the files' own, in the same order.
    """
    for file, own in zip(files, contents, strict=True):
        if any(doubt.expectation == AUDIT_FORMULAS.expectation for doubt in own.doubts):
            yield from _asked(file, contents)


def _asked(file: Brought, contents: Sequence[Contents]) -> Iterator[Doubt]:
    # The grammar takes a parser's library, which files without formulas can do without.
    from transforms.audits.asking import ask, broken, told_undecided
    from transforms.audits.sheets import audits_of_workbook

    try:
        imported = audits_of_workbook(file.data, file.name)
    except DeclarationError as error:
        for fault in error.faults:
            place = f"{file.name}{getattr(fault, 'cell', '')}"
            yield Doubt(
                "audit-formula-makes-sense", Severity.WARNING, file.name, fault.found,
                "能核算的公式", f"{fault.cure}；改正前这个文件的公式都没有核算", (place,),
            )  # fmt: skip
        return
    asked = ask(contents, imported.audits)
    yield from broken(asked)
    yield from told_undecided(asked)
