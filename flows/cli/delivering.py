"""The command that delivers."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from flows import console
from flows.cli.arguments import WorkspaceOption, app
from flows.cli.each import ask_each
from flows.workspace import Workspace
from transforms.errors import PartialError, UsageError


@app.command
def deliver(
    district: Annotated[
        str | None, Parameter(help="The district's id: its folder's name in data_raw; all districts without it.")
    ] = None,
    *,
    issue: Annotated[
        str | None,
        Parameter(help="Only what is owed of this issue (2024-006); recipients added since are owed it too."),
    ] = None,
    settle: Annotated[
        tuple[str, Literal["sent", "again"]] | None,
        Parameter(help="Say what became of a delivery that isn't sent: its code, and sent or again."),
    ] = None,
    by: Annotated[str, Parameter(help="Who says so; kept with the delivery.")] = "ops",
    dry_run: Annotated[
        bool,
        Parameter(name="--dry-run", negative="", help="Say what would go to whom, when and why not."),
    ] = False,
    json: Annotated[bool, Parameter(name="--json", negative="", help="Print it as JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Hand over what is owed and due: issues and alerts, by mail, to chats, folders and buckets.

    Each delivery is made once for each recipient and issue, and tried again with growing waits where it may pass. One
    that was handed over without an answer is uncertain: it's never sent again unless --settle says so.
    """
    from flows.delivering import deliver_due
    from flows.outlook import Delivered, outlook
    from flows.settling import issue_named, owe_anew, settle_delivery
    from flows.store import Store

    place = Workspace.at(workspace)
    if district is None and (issue is not None or settle is not None):
        raise UsageError("--issue and --settle belong to one district; name it")
    if settle is not None and dry_run:
        raise UsageError("--settle keeps what became of a delivery, --dry-run changes nothing; leave one of them out")
    districts = (district,) if district else place.districts()
    store = Store(place.store_address)

    def delivered(one: str) -> Delivered:
        place.district(one)  # Its faults come before anything is settled.
        if settle is not None:
            settle_delivery(place, one, *settle, by, store)
        only = issue_named(one, issue, store) if issue else None
        if dry_run:
            return outlook(place, one, store, only)
        if only is not None:
            owe_anew(place, only, store)
        return deliver_due(place, one, store, only)

    try:
        told = ask_each(districts, delivered)
    finally:
        store.close()
    console.print_deliveries(told.found, console.as_json if json else console.as_text)
    failed = sum(len(one.failed) for one in told.found.values())
    uncertain = sum(len(one.uncertain) for one in told.found.values())
    if dry_run or not (failed or uncertain):
        told.end()
    else:
        told.complain()
        raise PartialError(
            f"{failed} failed in this round, {uncertain} uncertain; what may pass is tried again by itself, what is "
            "uncertain or refused waits for `yuebao deliver DISTRICT --settle CODE sent|again`"
        )
