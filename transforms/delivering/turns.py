"""In which order one recipient's messages leave: an issue before its correction, an alert before its all-clear."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace

from transforms.delivering.outbox import Delivery, MessageKind, State, usual_wait

_MINUTE = dt.timedelta(minutes=1)
_UNDERWAY = frozenset({State.WAITING, State.CLAIMED, State.HANDING_OVER})


def first_before(delivery: Delivery, among: Collection[Delivery]) -> Delivery | None:
    """The message of its period that has to be with the recipient, or refused for good, before this one leaves.

    Who has got a correction must not get the figures that it corrects after it; an uncertain one is waited for by
    nobody, since only a person ends it.
    """
    earlier = [
        one for one in among if one.state in _UNDERWAY and _line(one) == _line(delivery) and _age(one) < _age(delivery)
    ]
    return min(earlier, key=_age, default=None)


def overtaken(delivery: Delivery, among: Collection[Delivery]) -> Delivery | None:
    """The later message of its period that the recipient has already: what that corrects mustn't follow it."""
    later = [
        one for one in among if one.state is State.SENT and _line(one) == _line(delivery) and _age(one) > _age(delivery)
    ]
    return max(later, key=_age, default=None)


def in_turn(delivery: Delivery, among: Collection[Delivery], due: Callable[[Delivery], dt.datetime]) -> dt.datetime:
    """From when on a delivery may leave: when it's ``due`` itself, or sooner where a later one waits for it.

    Then it's tried again after as long as the later one has waited already: after 1 minute, 2, 4, 8 and so on; but
    never before the moment that the other side asked for.
    """
    found = [due(delivery)]
    if delivery.not_before is not None and delivery.not_before - delivery.changed > usual_wait(delivery.attempts):
        return found[0]
    for later in among:
        if later.state is State.WAITING and _line(later) == _line(delivery) and _age(later) > _age(delivery):
            again = delivery.changed + max(_MINUTE, delivery.changed - later.message.made)
            tried = delivery.attempts > 0
            found.append(due(replace(delivery, not_before=max(due(later), again) if tried else due(later))))
    return min(found)


def _line(delivery: Delivery) -> tuple[object, ...]:
    message = delivery.message
    return delivery.owed, message.district, message.period, message.kind is MessageKind.ISSUE


def _age(delivery: Delivery) -> tuple[dt.datetime, int]:
    return delivery.message.made, delivery.id
