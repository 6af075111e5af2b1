"""What a person says of deliveries: what became of an uncertain one, and who is owed an issue later on."""

from __future__ import annotations

from typing import Literal

from flows.clock import now
from flows.outlook import key_of
from flows.store import Issue, Store
from flows.workspace import Workspace
from transforms.delivering.letters import Letter
from transforms.delivering.outbox import State, owed
from transforms.errors import UsageError
from transforms.signers import NoName, signer


def settle_delivery(district: str, code: str, outcome: Literal["sent", "again"], by: str, store: Store) -> None:
    """Let a person say what became of an uncertain or refused delivery; UsageError where it's none of these."""
    words, state = {
        "sent": ("said to have arrived", State.SENT),
        "again": ("to be sent again", State.WAITING),
    }[outcome]
    try:
        name = signer(by)
    except NoName as error:
        raise UsageError(f"--by {error}") from None
    meant = [one for one in store.deliveries(district) if one.code == code]
    if len(meant) != 1 or not store.settle(meant[0], state, f"{words}, by {name}", now()):
        raise UsageError(
            f"--settle {code}: {district} has no uncertain or refused delivery of that code; "
            f"`yuebao deliver {district} --dry-run` lists them"
        )


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
    message = next((one for one in store.messages(issue.district) if one.key == key_of(issue)), None)
    if message is None:
        raise UsageError(
            f"--issue {issue.folder}: was published by a version that kept no summary of it, so there's nothing to "
            "send; send its files by hand"
        )
    noticed = frozenset(unit for unit, _ in Letter.read(message.body).notices)
    store.address(message, owed(workspace.district(issue.district).deliver, noticed), now())
