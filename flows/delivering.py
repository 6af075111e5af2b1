"""Hands over what the outbox owes and is due, each delivery once, whoever else is at it; makes and publishes none."""

from __future__ import annotations

import datetime as dt
import os
import re
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import assert_never

from flows.alerting import clear_delivery, raise_alert
from flows.channels.parcels import Attachment, Lost, ToHandOver
from flows.clock import now
from flows.handing_over import hand_over
from flows.logs import blotted, tell
from flows.outlook import Delivered, alerts_to_owe, asked_for, channel_for, key_of, standing_after, working_days
from flows.store import Issue, Store
from flows.workspace import Workspace
from transforms.alerts import Alert, AlertKind
from transforms.declared.deliveries import AnyChannel, FolderChannel, MailChannel
from transforms.declared.district import District
from transforms.delivering.letters import Letter, letter_of_alert
from transforms.delivering.outbox import (
    TOLD_AFTER,
    Delivery,
    MessageKind,
    State,
    due,
    in_vain,
    left_behind,
    next_try,
    owed,
)
from transforms.delivering.outbox import still_declared as channel_of
from transforms.delivering.outcomes import Later, Outcome, Refused, Sent, Uncertain
from transforms.delivering.turns import first_before, in_turn
from transforms.errors import YuebaoError

_IN_VAIN = 20.0
"""Seconds, less than any channel's own patience with a server that says nothing."""


def deliver_due(workspace: Workspace, district: str, store: Store, only: Issue | None = None) -> Delivered:
    """Hand over everything that is due, or what is owed of one issue; failures are in the result, and stay owed.

    A channel on which time was spent in vain rests until the next round: it mustn't keep all else waiting.

    Raises DeclarationError where district.yaml has faults: then nothing is known of its channels.
    """
    declared = workspace.district(district)
    works = working_days()
    _bring_in_order(workspace, declared, store)
    tried: dict[int, Outcome] = {}
    resting: set[AnyChannel] = set()
    # Alerts that the first round has put in go in the second.
    for _ in range(2):
        standing = {one.id: one for one in store.deliveries(district)}
        for delivery in tuple(asked_for(standing.values(), only)):
            channel = channel_for(delivery, declared)
            if channel is None or delivery.id in tried or delivery.state is not State.WAITING:
                continue
            if first_before(delivery, standing.values()) or channel in resting:
                continue
            if in_turn(delivery, standing.values(), partial(due, channel=channel, works=works)) > now():
                continue
            begun = time.monotonic()
            outcome = _try(workspace, delivery, channel, store)
            if outcome is not None:
                tried[delivery.id] = outcome
                standing[delivery.id] = replace(delivery, state=_standing(delivery, outcome)[0])
            if not isinstance(outcome, Sent) and time.monotonic() - begun > _IN_VAIN:
                resting.add(channel)
    return standing_after(tried, store, declared, works, only)


def deliver_issued(workspace: Workspace, district: str) -> Delivered | YuebaoError:
    """Hand over what is due right after publishing; what stands in the way is given, since the issue stands."""
    try:
        store = Store(workspace.store_address)
        try:
            return deliver_due(workspace, district, store)
        finally:
            store.close()
    except YuebaoError as error:
        return error


def warn_directly(workspace: Workspace, alert: Alert) -> None:
    """Tell an alert past the outbox, where the store can't take it; what stands in the way is only logged."""
    try:
        declared = workspace.district(alert.district)
    except YuebaoError as error:
        tell("alert not told", level="error", fault=str(error))
        return
    letter = letter_of_alert(alert, declared.name)
    at = now()
    for one in owed(declared.alerts, frozenset()):
        channel = channel_of(one, declared.alerts)
        assert channel is not None
        identity = f"{alert.district}/{alert.cause}/{at.isoformat()}/{one}"
        given = ToHandOver(identity, letter, at, (), (), {}, "", lambda: None)
        outcome = hand_over(channel, one, partial(replace, given))
        tell(
            "alert past the outbox",
            level="error",
            kind=alert.kind,
            channel=one.channel,
            recipient=one.recipient,
            answer=blotted(outcome.told),
        )


# --- One round ----------------------------------------------------------------------------------


def _bring_in_order(workspace: Workspace, declared: District, store: Store) -> None:
    """Owe what is to be told to who isn't owed it yet, and take over from deliverers that have died."""
    deliveries = store.deliveries(declared.id)
    for message, wanted in alerts_to_owe(declared, store, deliveries):
        store.address(message, wanted, now())
    for delivery in deliveries:
        state = left_behind(delivery, now(), _gone)
        if state is None or delivery.claim is None:
            continue
        told = "the deliverer died while handing it over" if state is State.UNCERTAIN else delivery.told
        if state is State.UNCERTAIN:
            _tell(workspace, delivery, state, told, store)
        if not store.conclude(delivery, delivery.claim, state, told, now()):  # It lives, and it arrived.
            clear_delivery(workspace, delivery, store)


def _try(workspace: Workspace, delivery: Delivery, channel: AnyChannel, store: Store) -> Outcome | None:
    """Try a delivery once; None where another deliverer has it."""
    claim = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex}"
    if not store.claim(delivery, claim, now()):
        return None
    try:
        found = _handed_over(delivery, channel, store, claim)
    except Lost:
        return None
    outcome: Outcome = replace(found, told=blotted(found.told))
    state, not_before = _standing(delivery, outcome)
    # Told first, and once: what is concluded isn't looked at again, so a deliverer that died between would be silent.
    if (state is State.WAITING and in_vain(delivery, now())) or state in {State.UNCERTAIN, State.REFUSED}:
        _tell(workspace, delivery, state, outcome.told, store)
    if state is State.SENT:
        clear_delivery(workspace, delivery, store)
    store.conclude(delivery, claim, state, outcome.told, now(), not_before)
    tell(
        f"delivery {state}",
        level="info" if state is State.SENT else "warning",
        district=delivery.message.district,
        period=delivery.message.period,
        message=delivery.message.key,
        channel=delivery.owed.channel,
        recipient=delivery.owed.recipient,
        attempt=delivery.attempts + 1,
        answer=outcome.told,
    )
    return outcome


def _standing(delivery: Delivery, outcome: Outcome) -> tuple[State, dt.datetime | None]:
    """Where a delivery stands after an outcome, and before when it isn't tried again."""
    match outcome:
        case Sent():
            return State.SENT, None
        case Refused():
            return State.REFUSED, None
        case Uncertain():
            return State.UNCERTAIN, None
        case Later():
            again = next_try(delivery.attempts + 1, delivery.message.made, now(), outcome.after)
            return (State.WAITING, again) if again else (State.REFUSED, None)
        case _:
            assert_never(outcome)


def _handed_over(delivery: Delivery, channel: AnyChannel, store: Store, claim: str) -> Outcome:
    def begin() -> None:
        if not store.hand_over(delivery, claim, now()):
            raise Lost

    return hand_over(channel, delivery.owed, lambda: _given(delivery, channel, store, begin))


def _given(delivery: Delivery, channel: AnyChannel, store: Store, begin: Callable[[], None]) -> ToHandOver:
    message, unit = delivery.message, delivery.owed.unit
    letter = Letter.read(message.body)
    issue, files = None, {}
    if message.kind is MessageKind.ISSUE:
        issue = next(one for one in store.issues(message.district) if key_of(one) == message.key)
        if isinstance(channel, FolderChannel | MailChannel):
            files = store.issue_files(issue)
    names = dict(letter.notices).get(unit, ()) if unit else getattr(channel, "attach", ())
    attachments = tuple(
        Attachment(_shown(name, letter, unit), files[name])
        for name in names
        if name in files and (not unit or name.endswith(".pdf"))
    )
    lacking = tuple(name for name in names if issue is not None and name not in files)
    told = letter.for_unit(unit) if unit else letter
    identity = f"{message.district}/{message.key}/{message.made.isoformat()}/{delivery.owed}"
    folder = f"{message.district}/{issue.folder}" if issue else ""
    return ToHandOver(identity, told, message.made, attachments, lacking, files, folder, begin)


def _shown(name: str, letter: Letter, unit: str) -> str:
    """An attachment as its reader sees it: 小经信通报〔2024〕1号.pdf."""
    stem, _, suffix = name.rpartition("/")[2].rpartition(".")
    shown = f"督办单（{unit}）" if unit else letter.number + ("" if stem == "bulletin" else f"（{stem}）")
    mark = "（演示数据）" if letter.demonstration else ""
    return re.sub(r'[\x00-\x1f\\/:*?"<>|]', "_", f"{shown}{mark}") + f".{suffix}"


def _tell(workspace: Workspace, delivery: Delivery, state: State, answer: str, store: Store) -> None:
    """Tell ops, once, that an issue's delivery needs a person; an alert's own isn't told by an alert."""
    if delivery.message.kind is not MessageKind.ISSUE:
        return
    letter, one = Letter.read(delivery.message.body), delivery.owed
    what = f"{letter.number}经{one.channel}发往{one.recipient}"
    settle = f"yuebao deliver {delivery.message.district} --settle {delivery.code}"
    if state is State.UNCERTAIN:
        kind, title = AlertKind.UNCERTAIN, "一份通报已交出，但未收到对方答复，不会自动重发。"
        cure = f"请核实是否收到：已收到执行 {settle} sent，未收到执行 {settle} again。"
    elif state is State.WAITING:
        kind, title = AlertKind.UNDELIVERED, f"一份通报投递{TOLD_AFTER}次以上未成功，仍在自动重试。"
        cure = "请核对对方服务、地址和口令；改正后自动送达。"
    else:
        kind, title = AlertKind.REFUSED, "一份通报未能送达，不再重试。"
        cure = f"请改正地址或设置后执行 {settle} again。"
    details = f"{what}。\n对方答复或情况：{answer}\n{cure}"
    about = delivery.message
    raise_alert(workspace, Alert(kind, about.district, about.period, title, details, (), delivery.code), store)


def _gone(claim: str) -> bool:
    """Whether the deliverer was a process of this machine that no longer runs."""
    host, number, _ = claim.split(" ")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
