"""The sources: each is opened and looked through with little patience; nothing is taken from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from flows.clock import now
from flows.doctor.registry import Examined, check
from flows.logs import blotted
from flows.sources.delivery import Delivery, Unchanged
from flows.sources.opening import open_source
from flows.sources.patience import Patience
from transforms.declared.sources import AnySource, FolderSource, HttpSource
from transforms.errors import YuebaoError
from transforms.examining import Finding, Verdict, ok

SHORT = Patience(attempts=1, within=20.0, answer=10.0)


@check
def reachable(about: Examined) -> Iterator[Finding]:
    """Every declared source."""
    for district in about.declared:
        for source in district.sources:
            yield _looked_through(source, district.id, about)


def _looked_through(source: AnySource, district: str, about: Examined) -> Finding:
    looked_at = f"{source.kind} {source.place} ({district})"
    # Runs stop without the district's own folder, and go on without another source.
    verdict = Verdict.FAULT if isinstance(source, FolderSource) else Verdict.WARNING
    try:
        with closing(open_source(source, about.workspace.folder(district), SHORT, now().date())) as opened:
            found = 0
            for one in opened.look(lambda _item, _tag: False):
                found += isinstance(one, Delivery | Unchanged)
                if isinstance(source, HttpSource) and isinstance(one, Delivery):
                    one.fetch()  # It has come already, or this says why it hasn't.
    except YuebaoError as error:
        return Finding(looked_at, verdict, blotted(str(error)), "see docs/sources.md")
    return ok(looked_at, f"reached; {found} files lie there")
