"""The Prefect server: whether it answers, and whether what is scheduled will really run."""

from __future__ import annotations

from collections.abc import Iterator

from flows.clock import now
from flows.doctor.registry import Examined, check
from flows.orchestration.server import server_configured
from transforms.examining import Finding, Verdict, judge_registered, judge_upkeep, ok


@check
def prefect(about: Examined) -> Iterator[Finding]:
    """The configured server, and the deployment of every district that has a schedule."""
    scheduled = [one.id for one in about.declared if one.schedule is not None]
    if not server_configured():
        yield _unconfigured(about, scheduled)
        return
    from flows.orchestration.inquiry import inquire

    told = inquire()
    looked_at = f"server {told.address}"
    if told.fault:
        yield Finding(
            looked_at,
            Verdict.FAULT,
            f"doesn't answer ({told.fault})",
            "start it (systemctl start yuebao-prefect), or unset PREFECT_API_URL to work without it",
        )
        return
    yield ok(looked_at, f"answers; version {told.version}")
    for district in scheduled:
        yield judge_registered(f"yuebao-scheduled/{district}", dict(told.next_runs), told.paused, now())
    if scheduled:
        yield judge_upkeep(told.upkeep_ended, now())
    for name in told.late:
        yield Finding(f"run {name}", Verdict.FAULT, "is late: nobody takes it", "start `yuebao serve`, or a worker")
    for name in told.crashed:
        yield Finding(
            f"run {name}",
            Verdict.WARNING,
            "crashed, and no later run has come to an end",
            "see its page in Prefect's UI and `yuebao log`; what is owed is tried again by the upkeep",
        )


def _unconfigured(about: Examined, scheduled: list[str]) -> Finding:
    """Without a server nothing runs by itself, unless `yuebao serve` has one of its own."""
    own = about.workspace.out / "prefect" / "prefect.db"
    if not scheduled:
        return ok("server", "none is configured, and no district has a schedule")
    found = f"none is configured, so the schedules of {', '.join(scheduled)} can't be looked at"
    if own.exists():
        found += "; `yuebao serve` has one of its own here"
    return Finding(
        "server",
        Verdict.WARNING,
        found,
        "set PREFECT_API_URL to the server's address (`yuebao serve` prints it when it starts), then ask again",
    )
