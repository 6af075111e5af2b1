"""The Prefect server: whether it answers, and whether what is scheduled will really run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.clock import now
from flows.doctor.registry import Examined, check
from flows.orchestration.server import server_configured
from transforms.examining import Finding, Verdict, judge_registered, judge_upkeep, ok


@check
def prefect(about: Examined) -> Iterator[Finding]:
    """The configured server, and the deployment of every district that has a schedule."""
    scheduled = [one.id for one in about.declared if one.schedule is not None]
    # Prefect takes seconds to import; where there is neither a server nor a schedule nobody waits for it.
    own = about.workspace.out / "prefect"
    if not server_configured() and not own.exists():
        yield _unconfigured(scheduled, about.unread)
        return
    from flows.orchestration.inquiry import inquire

    told = inquire(own)
    if told is None:
        yield _unconfigured(scheduled, about.unread)
        return
    looked_at = f"server {told.address}"
    if told.fault:
        yield Finding(
            looked_at,
            Verdict.FAULT,
            f"doesn't answer ({told.fault})",
            "start it (systemctl start prefect-server), or unset PREFECT_API_URL to work without it",
        )
        return
    yield ok(looked_at, f"answers; version {told.version}")
    for district in scheduled:
        yield judge_registered(f"yuebao-scheduled/{district}", dict(told.next_runs), told.paused, now())
    yield from _left_over(about, told.workspaces)
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


def _left_over(about: Examined, workspaces: Sequence[tuple[str, str | None]]) -> Iterator[Finding]:
    """Deployments of this workspace whose district is gone, or has no schedule any more."""
    unscheduled = {one.id for one in about.declared if one.schedule is None}
    for name, at in workspaces:
        flow, _, district = name.partition("/")
        ours = flow == "yuebao-scheduled" and at in {None, str(about.workspace.root)}
        if ours and (district in unscheduled or district not in about.workspace.districts()):
            yield Finding(
                f"deployment {name}",
                Verdict.WARNING,
                "its district has no schedule here, or is gone: its runs fail",
                "where district.yaml has no schedule the upkeep takes it away; of a district that is gone, delete "
                "it in Prefect's UI, or bring the district back",
            )


def _unconfigured(scheduled: Sequence[str], unread: Sequence[str]) -> Finding:
    """Without a server nothing runs by itself."""
    if scheduled:
        return Finding(
            "server",
            Verdict.FAULT,
            f"none is configured or runs here, so {', '.join(scheduled)} won't run by itself",
            "start `yuebao serve` (systemctl start yuebao), or set PREFECT_API_URL to the server that is used",
        )
    if unread:
        return Finding(
            "server",
            Verdict.WARNING,
            f"none is configured or runs here, and whether {', '.join(unread)} should run by itself can't be told",
            "mend what declarations tells, then look again",
        )
    return ok("server", "none is configured, and no district has a schedule")
