"""What was moved, and what isn't as it was kept, printed for the operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.console.showing import Show
    from flows.moving import Moved
    from flows.verifying import Verified


def print_moved(moved: Moved, done: str) -> None:
    """How much of a district was packed or unpacked."""
    print(f"{moved.district} {done}: {moved.files} files, {moved.rows} rows of the store")
    for register, other in moved.shared:
        print(
            f"  ! its numbers are of the register {register}, and so are those of {other}, which stays where it was: "
            "two stores would give the same number; let one of them publish, or name each number with --number"
        )


def print_verified(told: Sequence[Verified], show: Show) -> None:
    """How much of each district was hashed anew, and what isn't as it was kept."""

    def text() -> Iterator[str]:
        for one in told:
            counted = f"{one.inputs} files that came, {one.drafts} drafts, {one.issues} issues, "
            counted += f"{one.pages} pages of the archive"
            yield f"{one.district}: {counted}; {len(one.broken) or 'none'} missing or changed"
            for finding in one.findings:
                yield f"  {finding.kind}: {finding.place}: {finding.found}; {finding.cure}"

    show([asdict(one) for one in told], text)
