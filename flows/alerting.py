"""Puts what ops must be told into the outbox, once for each cause, and says when it's over; delivers nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flows.clock import now
from flows.logs import tell
from flows.store import Store
from flows.store.outbox import Parcel
from flows.workspace import Workspace
from transforms.alerts import Alert, AlertKind
from transforms.declared.district import District
from transforms.delivering.letters import Letter, all_clear, letter_of_alert
from transforms.delivering.outbox import Delivery, Message, MessageKind, owed
from transforms.errors import YuebaoError
from transforms.periods import Period


def raise_alert(workspace: Workspace, alert: Alert, store: Store) -> None:
    """Owe the alert to the district's ``alerts:`` channels; nothing where the same one stands unresolved.

    Where district.yaml has faults, which may be just what is told, it's kept until it can be read again.
    """
    district = _declared(workspace, alert.district)
    letter = letter_of_alert(alert, district.name if district else alert.district)
    message = Message(alert.district, alert.period, alert.cause, MessageKind.ALERT, letter.told(), now())
    new = store.put_alert(Parcel(message, owed(district.alerts, frozenset()) if district else None))
    if new:
        tell(
            "alert", level="error", district=alert.district, period=alert.period,
            kind=alert.kind.value, title=alert.title, details=alert.details, files=list(alert.files),
        )  # fmt: skip


def clear_alerts(
    workspace: Workspace, district: str, period: Period | None, kinds: Collection[AlertKind], store: Store
) -> None:
    """Say that what was told of these kinds, of the period or of none, is over, if anything was."""
    _say_over(workspace, district, period, store.resolve_alerts(district, period, kinds, now()), store)


def clear_delivery(workspace: Workspace, delivery: Delivery, store: Store) -> None:
    """Say that what was told of a delivery is over, if anything was."""
    about = delivery.message
    over = store.resolve_delivery(delivery, now())
    _say_over(workspace, about.district, about.period, over, store)


def _say_over(
    workspace: Workspace, district: str, period: Period | None, over: Sequence[Message], store: Store
) -> None:
    if not over:
        return
    tell("alerts over", district=district, period=period, alerts=len(over))
    declared = _declared(workspace, district)
    name = declared.name if declared else district
    about = f"{name}{period.chinese()}" if period else name
    letter = all_clear([Letter.read(one.body).title for one in over], about)
    at = now()
    message = Message(
        district, period, f"all-clear/{period}/{at.isoformat()}", MessageKind.ALL_CLEAR, letter.told(), at
    )
    store.put_alert(Parcel(message, owed(declared.alerts, frozenset()) if declared else None))


def _declared(workspace: Workspace, district: str) -> District | None:
    try:
        return workspace.district(district)
    except YuebaoError:
        return None
