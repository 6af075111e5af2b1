"""The outbox: what a person has to look after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flows.doctor.registry import Examined, check
from flows.store import Store
from flows.store.health import StoreHealth
from transforms.delivering.outbox import State
from transforms.examining import Finding, Verdict, ok


@check
def deliveries(about: Examined) -> Iterator[Finding]:
    """Deliveries whose fate nobody knows, and those that were refused for good."""
    health = StoreHealth.of(about.workspace.store_address)
    if not health.exists or health.fault or health.pending or health.unknown:
        yield ok("deliveries", "no store that can be asked (see store)")
        return
    for district in about.districts:
        store = Store(about.workspace.store_address)
        try:
            told = store.deliveries(district)
        finally:
            store.close()
        counts = Counter(one.state for one in told)
        for one in told:
            looked_at = f"delivery {one.id} to {one.owed.recipient} by {one.owed.channel} ({district})"
            if one.state is State.UNCERTAIN:
                yield Finding(
                    looked_at,
                    Verdict.WARNING,
                    f"nobody knows whether it arrived: {one.told}",
                    "ask the recipient, then say so: see `yuebao deliver --help`",
                )
            elif one.state is State.REFUSED:
                yield Finding(
                    looked_at,
                    Verdict.WARNING,
                    f"was refused for good: {one.told}",
                    "mend what was refused (address, size, key), then have it sent again: see `yuebao deliver --help`",
                )
        if not counts[State.UNCERTAIN] and not counts[State.REFUSED]:
            words = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "none yet"
            yield ok(f"deliveries of {district}", words)
