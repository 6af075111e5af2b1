"""What a person says of deliveries: what became of an uncertain one, and who is owed an issue later on."""

from __future__ import annotations

from typing import Literal

from flows.alerting import clear_delivery
from flows.clock import now
from flows.outlook import issue_to_owe
from flows.store import Issue, Store
from flows.workspace import Workspace
from transforms.delivering.outbox import State
from transforms.delivering.turns import overtaken
from transforms.errors import UsageError
from transforms.signers import NoName, signer


def settle_delivery(
    workspace: Workspace, district: str, code: str, outcome: Literal["sent", "again"], by: str, store: Store
) -> None:
    """Let a person say what became of a delivery that isn't sent; UsageError where none of that code is.

    What ops were told of it is over once it has arrived.
    """
    words, state = {
        "sent": ("said to have arrived", State.SENT),
        "again": ("to be sent again", State.WAITING),
    }[outcome]
    try:
        name = signer(by)
    except NoName as error:
        raise UsageError(f"--by {error}") from None
    standing = store.deliveries(district)
    meant = [one for one in standing if one.code == code]
    after = overtaken(meant[0], standing) if meant and state is State.WAITING else None
    if after is not None:
        raise UsageError(
            f"--settle {code} again: {after.owed.recipient} has {after.message.key} already ({after.code}), which came "
            f"after it, so it isn't sent any more; to close it: --settle {code} sent"
        )
    if len(meant) != 1 or not store.settle(meant[0], state, f"{words}, by {name}", now()):
        raise UsageError(
            f"--settle {code}: {district} has no delivery of that code that is uncertain, refused or waiting; "
            f"`yuebao deliver {district} --dry-run` lists them"
        )
    if state is State.SENT:
        clear_delivery(workspace, meant[0], store)


def issue_named(district: str, folder: str, store: Store) -> Issue:
    """The issue of that folder; UsageError where there's none."""
    issues = store.issues(district)
    found = next((one for one in issues if one.folder == folder), None)
    if found is None:
        known = "、".join(one.folder for one in issues) or "none yet"
        raise UsageError(f"--issue {folder}: {district} has no such issue; its issues: {known}")
    return found


def owe_anew(workspace: Workspace, issue: Issue, store: Store) -> None:
    """Owe an issue to recipients that were declared after it was published; nobody is owed it twice."""
    found = tuple(issue_to_owe(workspace.district(issue.district), store, issue))
    if not found:
        raise UsageError(
            f"--issue {issue.folder}: was published by a version that kept no summary of it, so there's nothing to "
            "send; send its files by hand"
        )
    for message, wanted in found:
        store.address(message, wanted, now())
