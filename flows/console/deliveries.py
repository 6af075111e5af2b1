"""What was delivered, what waits and why, printed for the operator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flows.console.showing import Show
from transforms.errors import YuebaoError

if TYPE_CHECKING:
    from flows.outlook import Delivered, Told

_GROUPS = ("sent", "failed", "waiting", "uncertain", "refused")


def print_deliveries(found: Mapping[str, Delivered], show: Show) -> None:
    """Each district's deliveries, by what became of them."""
    show({district: told_of(delivered) for district, delivered in found.items()}, lambda: _lines(found))


def print_handed_over(handed: Delivered | YuebaoError) -> None:
    """What went out right after publishing, and what didn't: the issue stands either way."""
    if isinstance(handed, YuebaoError):
        print(f"  ! nothing was delivered: {handed}; `yuebao deliver` tries again")
        return
    for one in handed.sent:
        print(f"  sent {_words(one)}")
    for line in delivery_lines(handed):
        print(f"  ! {line}")


def told_of(delivered: Delivered) -> dict[str, Any]:
    """A round for another program: plain values."""
    return {name: [_told(one) for one in getattr(delivered, name)] for name in _GROUPS}


def delivery_lines(delivered: Delivered) -> Iterator[str]:
    """What isn't delivered, a line each; nothing where all is."""
    # What failed in this round stands among what waits or was refused only where it does so for good.
    for name in ("uncertain", "refused", "failed", "waiting"):
        for one in getattr(delivered, name):
            if name != "failed" or one.due:
                yield f"{name}: {_words(one)}"


def _lines(found: Mapping[str, Delivered]) -> Iterator[str]:
    for district, delivered in found.items():
        lines = [*(f"sent: {_words(one)}" for one in delivered.sent), *delivery_lines(delivered)]
        yield f"{district}: {'' if lines else 'nothing is owed'}".rstrip()
        yield from (f"  {line}" for line in lines)


def _words(one: Told) -> str:
    delivery = one.delivery
    owed, when = delivery.owed, f", due {one.due}" if one.due else ""
    unit = f" ({owed.unit})" if owed.unit else ""
    why = f": {one.why}" if one.why else ""
    return f"[{delivery.code}] {delivery.message.key} to {owed.recipient}{unit} by {owed.channel}{when}{why}"


def _told(one: Told) -> dict[str, Any]:
    delivery = one.delivery
    return {
        "code": delivery.code,
        "message": delivery.message.key,
        "kind": delivery.message.kind.value,
        "period": str(delivery.message.period) if delivery.message.period else None,
        "channel": delivery.owed.channel,
        "recipient": delivery.owed.recipient,
        "unit": delivery.owed.unit or None,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "due": one.due or None,
        "told": one.why,
    }
