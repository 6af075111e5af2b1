"""Hands one message to one recipient by its channel, whatever befalls; knows no outbox."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flows.channels.parcels import Lost, ToHandOver
from transforms.declared.deliveries import AnyChannel, FolderChannel, MailChannel
from transforms.delivering.outbox import Owed
from transforms.delivering.outcomes import Later, Outcome, Uncertain
from transforms.errors import YuebaoError


def hand_over(channel: AnyChannel, owed: Owed, given: Callable[[], ToHandOver]) -> Outcome:
    """What became of it, made and handed over; a fault of the program is an outcome, too.

    Raises Lost where another deliverer took it. One message that breaks its channel must not keep all others from
    leaving.
    """
    begun = False
    try:
        what = given()

        def begin() -> None:
            nonlocal begun
            what.hand_over()
            begun = True

        return _by(channel, owed, replace(what, hand_over=begin))
    except YuebaoError as error:
        return Later(str(error))
    except Lost:
        raise
    except Exception as error:
        told = f"a fault of the program: {place_of(error)}; tell the developers"
        return Uncertain(told) if begun else Later(told)


def place_of(error: Exception) -> str:
    """Its kind and where it arose, without its words, which may quote a secret."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _by(channel: AnyChannel, owed: Owed, given: ToHandOver) -> Outcome:
    if isinstance(channel, MailChannel):
        from flows.channels.mail import hand_mail

        named = next(one for one in channel.recipients if one.address == owed.recipient and owed.unit in {"", one.unit})
        return hand_mail(channel, named, given)
    if isinstance(channel, FolderChannel):
        from flows.channels.folders import copy_issue

        return copy_issue(channel, given)
    from flows.channels.robots import hand_to_robot

    return hand_to_robot(channel, given)
