"""The store: whether it opens, is of this version, is whole, and can be written."""

from __future__ import annotations

from collections.abc import Iterator

from flows.doctor.registry import Examined, check
from flows.store.health import StoreHealth
from transforms.examining import Finding, Verdict, ok


@check
def store(about: Examined) -> Iterator[Finding]:
    """Looked at without changing it."""
    health = StoreHealth.of(about.workspace.store_address)
    yield from _findings(health)


def _findings(health: StoreHealth) -> Iterator[Finding]:
    if not health.exists:
        yield ok(health.shown, "isn't there yet; the first run makes it")
        return
    if health.fault:
        yield Finding(
            health.shown,
            Verdict.FAULT,
            health.fault,
            "see that the database runs and is reachable, that DATABASE_URL is right; where it's damaged, restore it "
            "(docs/operations.md, Restore)",
        )
        return
    yield ok(health.shown, f"opens; {health.engine}")
    if health.pending:
        yield Finding(
            "its revision",
            Verdict.WARNING,
            f"{health.revision or 'none'}, and this version's is {health.head}",
            "nothing to do: it's backed up and brought up to date by the next command that opens it",
        )
    elif health.unknown:
        yield Finding(
            "its revision",
            Verdict.FAULT,
            f"{health.revision} isn't known to this version, which is at {health.head}",
            "the store was used by a newer version: install that again, or restore the backup made before the change",
        )
    else:
        yield ok("its revision", health.revision or "none")
    if health.journal not in {None, "wal"}:
        yield Finding(
            "its journal",
            Verdict.WARNING,
            f"{health.journal}, not wal: readers wait for writers",
            "see that data_out isn't on a network file system, where WAL can't work; there use PostgreSQL",
        )
    elif health.journal:
        yield ok("its journal", "wal")
    if health.damage:
        yield Finding(
            "its integrity", Verdict.FAULT, health.damage, "restore it from a copy (docs/operations.md, Restore)"
        )
    else:
        yield ok("its integrity", "no damage found")
    if health.read_only:
        yield Finding(
            "writing to it",
            Verdict.FAULT,
            health.read_only,
            "make its owner the account that runs yuebao, or give the database's account the right to write",
        )
    else:
        yield ok("writing to it", "can be written")
