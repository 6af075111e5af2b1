"""What people have declared: whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator

from flows.declaration_check import check_declarations
from flows.doctor.registry import Examined, check
from transforms.examining import Finding, Verdict, ok


@check
def declarations(about: Examined) -> Iterator[Finding]:
    """Every declaration of every district, as `yuebao plan check` reads them."""
    for district in about.districts:
        checked = check_declarations(about.workspace, [district])
        for fault in checked.faults:
            yield Finding(f"{fault.file}:{fault.line}", Verdict.FAULT, fault.found, fault.cure, declaration=True)
        if not checked.faults:
            yield ok(f"declarations of {district}", str(checked))
    if not about.districts:
        yield Finding(
            "districts", Verdict.FAULT, f"none is in {about.workspace.raw}", "make one (README, Your own district)"
        )
