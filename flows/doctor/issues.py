"""The issues on disk: whether each is as it was published, and known to the store."""

from __future__ import annotations

from collections.abc import Iterator

from flows.doctor.registry import Examined, check
from flows.shelf import altered_issues, unrecorded_issues
from flows.store import Store
from flows.store.health import StoreHealth
from transforms.examining import Finding, Verdict, ok


@check
def issues(about: Examined) -> Iterator[Finding]:
    """Every issue of every district; nothing of a store that isn't there, or is of another version."""
    health = StoreHealth.of(about.workspace.store_address)
    if health.fault or health.pending or health.unknown:
        yield ok("issues", "not compared: the store can't be asked before it's up to date (see store)")
        return
    for district in about.districts:
        shelf = about.workspace.shown(about.workspace.issues_folder(district))
        if not health.exists:
            yield ok(shelf, "no store yet, nothing to compare")
            continue
        store = Store(about.workspace.store_address)
        try:
            altered = altered_issues(about.workspace, store, district)
            unrecorded = unrecorded_issues(about.workspace, store, district)
            count = len(store.issues(district))
        finally:
            store.close()
        for one in altered:
            again = f"`yuebao publish {district} {one.issue.period} --by NAME` puts it back as it was"
            changed = f"was changed since it was published: {', '.join(one.files)}" if one.files else "is gone"
            cure = f"move the folder away, then {again}" if one.files else again
            yield Finding(f"{shelf}/{one.issue.folder}", Verdict.FAULT, changed, cure)
        for folder in unrecorded:
            yield Finding(
                f"{shelf}/{folder}",
                Verdict.FAULT,
                "isn't known to the store: nothing is published until it is",
                "restore the store from a copy, or set DATABASE_URL to the one that published it",
            )
        if not altered and not unrecorded:
            yield ok(shelf, f"{count} issues, each as it was published")
