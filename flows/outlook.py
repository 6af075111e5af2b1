"""What the outbox owes, and how each delivery stands after a round; hands nothing over and changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial

from flows.store import Issue, Store
from flows.workspace import Workspace
from transforms.declared.deliveries import AnyChannel
from transforms.declared.district import District
from transforms.delivering.letters import Letter
from transforms.delivering.outbox import Delivery, Message, MessageKind, Owed, State, Works, due, owed
from transforms.delivering.outbox import still_declared as channel_of
from transforms.delivering.outcomes import Outcome
from transforms.delivering.turns import first_before, in_turn, overtaken


def outlook(workspace: Workspace, district: str, store: Store, only: Issue | None = None) -> Delivered:
    """What the outbox owes, when it's due, and why what doesn't go doesn't; changes and reaches nothing."""
    declared = workspace.district(district)
    works = working_days()
    found = standing_after({}, store, declared, works, only)
    standing = store.deliveries(district)
    new = issue_to_owe(declared, store, only) if only is not None else alerts_to_owe(declared, store, standing)
    told = [
        _told(_not_yet(message, one), standing, declared, works)
        for message, wanted in new
        for one in wanted
        if not any((there.message, there.owed) == (message, one) for there in standing)
    ]
    return replace(found, waiting=(*found.waiting, *told))


def alerts_to_owe(
    declared: District, store: Store, standing: Collection[Delivery]
) -> Iterator[tuple[Message, tuple[Owed, ...]]]:
    """What ops have to be told and some of today's ``alerts:`` aren't owed yet.

    As where district.yaml couldn't be read, or named nobody, when it was told.
    """
    wanted = owed(declared.alerts, frozenset())
    for message in store.to_be_told(declared.id):
        if not {one.owed for one in standing if one.message == message}.issuperset(wanted):
            yield message, wanted


def issue_to_owe(declared: District, store: Store, issue: Issue) -> Iterator[tuple[Message, tuple[Owed, ...]]]:
    """An issue's message with all that it's owed to by today's ``deliver:``; none where no summary of it was kept.

    Whoever has its correction already is owed it no more.
    """
    standing = store.deliveries(declared.id)
    for message in store.messages(declared.id):
        if message.key == key_of(issue):
            wanted = owed(declared.deliver, noticed_in(message))
            yield message, tuple(one for one in wanted if not overtaken(_not_yet(message, one), standing))


def _not_yet(message: Message, one: Owed) -> Delivery:
    return Delivery(0, message, one, State.WAITING, 0, None, None, message.made, "")


def noticed_in(message: Message) -> frozenset[str]:
    """The units that the issue of this message has a notice for."""
    return frozenset(unit for unit, _ in Letter.read(message.body).notices)


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery as it stands after a round, and where it isn't over, when it's due or why it doesn't go."""

    delivery: Delivery
    due: str
    """A moment as ISO text; empty where it doesn't wait."""
    why: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round of deliveries brought."""

    sent: tuple[Told, ...] = ()
    failed: tuple[Told, ...] = ()
    """Tried in this round in vain; they stay in the outbox, or were refused for good."""
    waiting: tuple[Told, ...] = ()
    """Not due yet, or at another deliverer's hands."""
    uncertain: tuple[Told, ...] = ()
    """Handed over without an answer, in this round or before: a person has to say what became of them."""
    refused: tuple[Told, ...] = ()
    """Refused for good, in this round or before."""


def standing_after(
    tried: dict[int, Outcome], store: Store, declared: District, works: Works, only: Issue | None
) -> Delivered:
    """How the district's deliveries, or one issue's, stand after those were tried."""
    found = Delivered()
    all_owed = store.deliveries(declared.id)
    for delivery in asked_for(all_owed, only):
        told = _told(delivery, all_owed, declared, works)
        if delivery.state is State.SENT:
            if delivery.id in tried:
                found = replace(found, sent=(*found.sent, told))
            continue
        if delivery.id in tried:
            found = replace(found, failed=(*found.failed, told))
        if delivery.state is State.UNCERTAIN:
            found = replace(found, uncertain=(*found.uncertain, told))
        elif delivery.state is State.REFUSED:
            found = replace(found, refused=(*found.refused, told))
        elif delivery.id not in tried:
            found = replace(found, waiting=(*found.waiting, told))
    return found


def _told(delivery: Delivery, among: Collection[Delivery], declared: District, works: Works) -> Told:
    channel = channel_for(delivery, declared)
    if delivery.state is State.WAITING and channel is None:
        return Told(delivery, "", "its channel or recipient is no longer in district.yaml, so it isn't sent")
    if delivery.state is State.WAITING and channel is not None:
        first = first_before(delivery, among)
        if first is not None:
            return Told(delivery, "", f"goes after {first.code}, which is owed to the same recipient since before")
        from_when = in_turn(delivery, among, partial(due, channel=channel, works=works))
        return Told(delivery, from_when.isoformat(timespec="seconds"), delivery.told)
    if delivery.state in {State.CLAIMED, State.HANDING_OVER}:
        return Told(delivery, "", "another `yuebao deliver` is at it, or died less than 15 minutes ago")
    return Told(delivery, "", delivery.told)


def asked_for(deliveries: Collection[Delivery], only: Issue | None) -> Iterator[Delivery]:
    """All of them, or one issue's."""
    for delivery in deliveries:
        if only is None or delivery.message.key == key_of(only):
            yield delivery


def key_of(issue: Issue) -> str:
    """What the outbox knows an issue's message by."""
    return f"issue/{issue.period}/{issue.correction}"


def channel_for(delivery: Delivery, declared: District) -> AnyChannel | None:
    """The channel that a delivery goes by, as it's declared today; None where it no longer is."""
    channels = declared.deliver if delivery.message.kind is MessageKind.ISSUE else declared.alerts
    return channel_of(delivery.owed, channels)


def working_days() -> Works:
    """Whether a day is worked in China, by the kept library; asked only of channels that want it."""
    from flows.working_days import ChineseWorkingDays

    return ChineseWorkingDays().works
