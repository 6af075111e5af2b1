"""What was pulled, made, listed and filled in, printed for the operator."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.archive import Archived
    from flows.forms import MadeForms
    from flows.monthly import Made
    from flows.pull import Pulled
    from flows.workspace import Workspace


def print_made(made: Made, workspace: Workspace) -> None:
    """What a run made: the statuses counted, what was doubted, the paths."""
    from transforms.writing.editing import UNKNOWN_QUOTE

    counts = Counter(assessment.status for assessment in made.assessments)
    words = "，".join(f"{status.chinese}{count}项" for status, count in sorted(counts.items(), key=lambda one: -one[1]))
    print(f"{made.period.chinese()}：{len(made.assessments)}项指标，{words}")
    for doubt in made.doubts:
        if doubt.severity.value == "warning":
            print(f"  ! {doubt.chinese()}")
        elif doubt.expectation == UNKNOWN_QUOTE:
            print(f"  · {doubt.chinese()}")
    for name in made.documents:
        print(workspace.shown(made.folder / name))
    if made.notices is not None:
        for one in made.notices["none"]:
            print(f"  no notice for {one['unit']}: {one['why']}")


def print_forms(forms: MadeForms, workspace: Workspace) -> None:
    """The forms by their paths, then those that were left alone."""
    for name in forms.made:
        print(workspace.shown(forms.folder / name))
    print(f"{len(forms.made)} forms made")
    for name in forms.kept:
        print(f"  kept as it is, changed since it was made: {name} (move it away, and run again, to have a new one)")


def print_archived(archived: Archived, workspace: Workspace) -> None:
    """What the archive lists, and its path."""
    print(f"{archived.bulletins} bulletins")
    for one in archived.unlisted:
        print(f"  not listed: {one}")
    print(workspace.shown(archived.index))


def print_pulled(pulled: Pulled) -> None:
    """What was new in the sources."""
    print(f"{pulled.files} files in the sources, {len(pulled.new)} new, {len(pulled.gone)} gone")
    for one in pulled.sources:
        failed = f", {len(one.faults)} failed" if one.faults else ""
        print(
            f"{one.source.kind} {one.source.place}: {len(one.new)} new, {len(one.changed)} changed, "
            f"{one.unchanged} unchanged, {len(one.gone)} gone{failed}"
        )
        for sign, vintages in (("+", one.new), ("~", one.changed), ("-", one.gone)):
            for vintage in vintages:
                print(f"  {sign} {vintage.origin}  {vintage.sha256[:12]}  received {vintage.received:%Y-%m-%d}")
        for why, count in Counter(passed.why for passed in one.passed_over).items():
            first = next(passed.origin for passed in one.passed_over if passed.why == why)
            print(f"  passed over {count}: {why} ({first}{', …' if count > 1 else ''})")
        for fault in one.faults:
            print(f"  ! {fault}")
    for vintage in pulled.undeclared:
        print(f"  - {vintage.origin}  {vintage.sha256[:12]}  of no source that is declared")
