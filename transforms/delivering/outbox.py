"""What the outbox holds: messages and their deliveries; when each is due and tried again; decides, keeps nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from transforms.declared.deliveries import AnyChannel, FolderChannel, MailChannel
from transforms.periods import Period

Works = Callable[[dt.date], bool]
"""Whether a day is worked."""

BEIJING = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")

_LONGEST = dt.timedelta(minutes=5)
"""A mail, or an issue's files, on a slow line."""
_LONGEST_POST = dt.timedelta(minutes=1)
LEASE = 3 * _LONGEST
"""Longer than any hand-over can last: what a deliverer claimed before that, it no longer is about."""

_WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
_LONGEST_WAIT = dt.timedelta(hours=6)
TOLD_AFTER = 5
TOLD_AFTER_TIME = dt.timedelta(hours=1)
"""Attempts, and time: ops are told of a delivery that still doesn't go."""
MOST_ATTEMPTS = 20
LONGEST_TRIED = dt.timedelta(days=4)
"""What both say has been enough isn't a fault that passes; one that others wait for has its attempts sooner."""


class State(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """A deliverer is at it, and nothing has been handed over yet: after a crash it's tried again."""
    HANDING_OVER = "handing over"
    """What a crash leaves so may have arrived or not."""
    SENT = "sent"
    REFUSED = "refused"
    """For good: trying again would be refused again."""
    UNCERTAIN = "uncertain"
    """Nobody here knows whether it arrived; never sent again unless somebody says so."""

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self in {State.SENT, State.REFUSED}


class MessageKind(StrEnum):
    """What a message is about."""

    ISSUE = "issue"
    ALERT = "alert"
    ALL_CLEAR = "all-clear"


@dataclass(frozen=True, slots=True)
class Owed:
    """One delivery of a message, as it's put into the outbox."""

    channel: str
    recipient: str
    """The mail address in small letters, since mailboxes don't tell them from capitals; or the robot, or the folder."""
    unit: str = ""
    """The unit whose notice it is; empty for the bulletin."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told, once, to whoever is owed it."""

    district: str
    period: Period | None
    key: str
    """issue/2024-06/0, or an alert's cause."""
    kind: MessageKind
    body: str
    """Its words as JSON: of an issue those of its bulletin, kept with it."""
    made: dt.datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient through one channel."""

    id: int
    message: Message
    owed: Owed
    state: State
    attempts: int
    not_before: dt.datetime | None
    claim: str | None
    """Which deliverer is at it."""
    changed: dt.datetime
    told: str
    """What the other side answered last, or what stood in the way."""

    @property
    def code(self) -> str:
        """What people know it by: eight digits and letters, the same in whichever store it stands."""
        made = self.message.made.astimezone(dt.UTC).isoformat(timespec="microseconds")
        told = (self.message.key, made, self.owed.channel, self.owed.recipient, self.owed.unit)
        return sha256("\n".join(told).encode()).hexdigest()[:8]


# --- When ---------------------------------------------------------------------------------------


def due(delivery: Delivery, channel: AnyChannel, works: Works) -> dt.datetime:
    """From when on a delivery may leave: the channel's next time of day after it was made, and after its last wait."""
    made = delivery.message.made.astimezone(BEIJING)
    if channel.at is not None:
        day = made.date() if made.timetz().replace(tzinfo=None) <= channel.at else made.date() + dt.timedelta(days=1)
        made = dt.datetime.combine(day, channel.at, BEIJING)
    after = max(made, delivery.not_before.astimezone(BEIJING)) if delivery.not_before else made
    if not channel.working_days or works(after.date()):
        return after
    day = after.date()
    while not works(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, channel.at or dt.time(), BEIJING)


def next_try(attempts: int, made: dt.datetime, now: dt.datetime, asked: float | None) -> dt.datetime | None:
    """When to try again after so many attempts, later where the other side asks for it; None to give up.

    ``made`` is when the message was.
    """
    if attempts >= MOST_ATTEMPTS and now - made >= LONGEST_TRIED:
        return None
    return now + max(usual_wait(attempts), dt.timedelta(seconds=asked or 0))


def usual_wait(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts where the other side doesn't ask for more."""
    return _WAITS[attempts - 1] if attempts <= len(_WAITS) else _LONGEST_WAIT


def in_vain(delivery: Delivery, now: dt.datetime) -> bool:
    """Whether one that was just tried in vain once more has been for so long that ops are told."""
    return delivery.attempts + 1 >= TOLD_AFTER and now - delivery.message.made >= TOLD_AFTER_TIME


def left_behind(delivery: Delivery, now: dt.datetime, gone: Callable[[str], bool]) -> State | None:
    """What becomes of a delivery whose deliverer has died; None while it may live."""
    if delivery.state not in {State.CLAIMED, State.HANDING_OVER} or delivery.claim is None:
        return None
    if now - delivery.changed < LEASE and not gone(delivery.claim):
        return None
    return State.WAITING if delivery.state is State.CLAIMED else State.UNCERTAIN


def longest(channel: AnyChannel) -> dt.timedelta:
    """How long a hand-over may last in all, before it's given up."""
    return _LONGEST if isinstance(channel, MailChannel | FolderChannel) else _LONGEST_POST


# --- To whom ------------------------------------------------------------------------------------


def owed(channels: tuple[AnyChannel, ...], noticed: frozenset[str]) -> tuple[Owed, ...]:
    """What an issue is owed through the channels; ``noticed`` are the units that it has a notice for."""
    found: list[Owed] = []
    for channel in channels:
        if not isinstance(channel, MailChannel):
            found.append(Owed(channel.name, channel.place if isinstance(channel, FolderChannel) else channel.kind))
        elif channel.what == "bulletin":
            found += [Owed(channel.name, one.address.lower()) for one in channel.recipients]
        else:
            found += [
                Owed(channel.name, one.address.lower(), one.unit)
                for one in channel.recipients
                if one.unit is not None and one.unit in noticed
            ]
    return tuple(found)


def still_declared(one: Owed, channels: tuple[AnyChannel, ...]) -> AnyChannel | None:
    """The channel by which it's still to go; None where channel or recipient is no longer declared."""
    channel = next((channel for channel in channels if channel.name == one.channel), None)
    if isinstance(channel, MailChannel):
        declared = {(recipient.address.lower(), recipient.unit or "") for recipient in channel.recipients}
        if channel.what == "bulletin":
            declared = {(address, "") for address, _ in declared}
        return channel if (one.recipient, one.unit) in declared else None
    if channel is None or one.unit:
        return None
    place = channel.place if isinstance(channel, FolderChannel) else channel.kind
    return channel if place == one.recipient else None
