"""The outbox: what is owed to whom, how far each delivery has come, and which deliverer is at it; sends nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from flows.store.connecting import Connected
from flows.store.persisting import persistent
from flows.store.tables import DELIVERIES, MESSAGES
from flows.store.texts import as_time, as_utc
from transforms.alerts import AlertKind, of_delivery, of_kind
from transforms.delivering.outbox import Delivery, Message, MessageKind, Owed, State
from transforms.periods import Period


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with its deliveries; None where it isn't known yet to whom."""

    message: Message
    owed: tuple[Owed, ...] | None


def put(connection: Connection, parcel: Parcel, occurrence: int = 0) -> None:
    """Put a message and its deliveries into the outbox, in a transaction of the caller's."""
    message = parcel.message
    row = {
        "district": message.district,
        "period": str(message.period) if message.period else None,
        "key": message.key,
        "occurrence": occurrence,
        "kind": message.kind.value,
        "body": message.body,
        "made": as_utc(message.made),
    }
    made = connection.execute(sa.insert(MESSAGES).returning(MESSAGES.c.id), row).scalar_one()
    if parcel.owed is not None:
        _address(connection, made, parcel.owed, message.made)


class Outbox(Connected):
    """Messages and their deliveries.

    Each step of a delivery is a statement of its own that holds only while its state and claim are what the deliverer
    believes: of two deliverers one takes it, and one that was taken for dead can't go on.
    """

    @persistent
    def put_alert(self, parcel: Parcel) -> bool:
        """Put an alert in; False where the same one stands unresolved already."""
        message = parcel.message
        same = sa.select(sa.func.count(), sa.func.count(MESSAGES.c.resolved)).where(
            MESSAGES.c.district == message.district, MESSAGES.c.key == message.key
        )
        with self._writing() as connection:
            _take_turns(connection)
            told, resolved = connection.execute(same).one()
            if told > resolved:
                return False
            put(connection, parcel, told)
            return True

    @persistent
    def resolve_alerts(
        self, district: str, period: Period | None, kinds: Collection[AlertKind], at: dt.datetime
    ) -> tuple[Message, ...]:
        """Mark such alerts of the period, or the district's of no period, as over; gives those open."""
        of_period = MESSAGES.c.period.is_(None) if period is None else MESSAGES.c.period == str(period)
        of_kinds = [MESSAGES.c.key.startswith(of_kind(one), autoescape=True) for one in sorted(kinds)]
        # Before kinds stood in their keys.
        of_kinds.append(MESSAGES.c.key.like("alert/%") & ~MESSAGES.c.key.like("alert/%/%"))
        return self._marked(_over(district, at).where(of_period, sa.or_(*of_kinds)))

    @persistent
    def resolve_delivery(self, delivery: Delivery, at: dt.datetime) -> tuple[Message, ...]:
        """Mark a delivery's alerts as over, so that what befalls it next is told again; gives those open."""
        return self._marked(_of_delivery(delivery, at))

    def _marked(self, query: Any) -> tuple[Message, ...]:
        with self._writing() as connection:
            return tuple(_message(row) for row in connection.execute(query))

    @persistent
    def to_be_told(self, district: str) -> tuple[Message, ...]:
        """The alerts that aren't over, and all else of which it isn't known yet to whom it goes; oldest first."""
        is_open = sa.and_(MESSAGES.c.kind == MessageKind.ALERT.value, MESSAGES.c.resolved.is_(None))
        query = sa.select(MESSAGES).where(
            MESSAGES.c.district == district, sa.or_(is_open, MESSAGES.c.addressed.is_(None))
        )
        with self._reading() as connection:
            return tuple(_message(row) for row in connection.execute(query.order_by(MESSAGES.c.id)))

    @persistent
    def messages(self, district: str) -> tuple[Message, ...]:
        """All messages of the district, oldest first."""
        query = sa.select(MESSAGES).where(MESSAGES.c.district == district).order_by(MESSAGES.c.id)
        with self._reading() as connection:
            return tuple(_message(row) for row in connection.execute(query))

    @persistent
    def address(self, message: Message, owed: Sequence[Owed], at: dt.datetime) -> None:
        """Owe a message to these as well; nobody is owed it twice."""
        which = (
            sa.select(MESSAGES.c.id)
            .where(MESSAGES.c.district == message.district, MESSAGES.c.key == message.key)
            .order_by(MESSAGES.c.id.desc())
            .limit(1)
        )
        with self._writing() as connection:
            _address(connection, connection.execute(which).scalar_one(), owed, at)

    @persistent
    def deliveries(self, district: str) -> tuple[Delivery, ...]:
        """Every delivery of the district, in the order in which they were owed."""
        query = (
            sa.select(DELIVERIES, *(column.label(f"of_{column.name}") for column in MESSAGES.c))
            .join(MESSAGES, MESSAGES.c.id == DELIVERIES.c.message)
            .where(MESSAGES.c.district == district)
            .order_by(DELIVERIES.c.message, DELIVERIES.c.id)
        )
        with self._reading() as connection:
            return tuple(_delivery(row) for row in connection.execute(query))

    # --- The steps of one delivery ---------------------------------------------------------------

    @persistent
    def claim(self, delivery: Delivery, claim: str, at: dt.datetime) -> bool:
        """Take a waiting delivery; False where another was faster."""
        return self._step(
            delivery,
            (State.WAITING,),
            None,
            {
                "state": State.CLAIMED.value,
                "claim": claim,
                "attempts": DELIVERIES.c.attempts + 1,
                "changed": as_utc(at),
            },
        )

    @persistent
    def hand_over(self, delivery: Delivery, claim: str, at: dt.datetime) -> bool:
        """Mark that it's being handed over from now on; False where it's no longer the deliverer's."""
        values = {"state": State.HANDING_OVER.value, "changed": as_utc(at)}
        return self._step(delivery, (State.CLAIMED,), claim, values)

    @persistent
    def conclude(
        self,
        delivery: Delivery,
        claim: str,
        state: State,
        told: str,
        at: dt.datetime,
        not_before: dt.datetime | None = None,
    ) -> bool:
        """Keep what became of a delivery; that it arrived is believed even of a deliverer that was taken for dead."""
        values = {
            "state": state.value,
            "told": told,
            "changed": as_utc(at),
            "not_before": as_utc(not_before) if not_before else None,
            "claim": claim if state is State.UNCERTAIN else None,
        }
        return self._step(delivery, (State.CLAIMED, State.HANDING_OVER, State.UNCERTAIN), claim, values)

    @persistent
    def settle(self, delivery: Delivery, state: State, told: str, at: dt.datetime) -> bool:
        """Let a person say what became of a delivery that is uncertain, refused or waiting; False where it's none."""
        settled = (
            sa.update(DELIVERIES)
            .where(
                DELIVERIES.c.id == delivery.id,
                DELIVERIES.c.state.in_([one.value for one in (State.UNCERTAIN, State.REFUSED, State.WAITING)]),
            )
            .values(state=state.value, told=told, changed=as_utc(at), claim=None, not_before=None, attempts=0)
            .returning(DELIVERIES.c.id)
        )
        with self._writing() as connection:
            return connection.execute(settled).first() is not None

    def _step(self, delivery: Delivery, states: Sequence[State], claim: str | None, values: dict[str, Any]) -> bool:
        held = DELIVERIES.c.claim.is_(None) if claim is None else DELIVERIES.c.claim == claim
        step = (
            sa.update(DELIVERIES)
            .where(DELIVERIES.c.id == delivery.id, DELIVERIES.c.state.in_([one.value for one in states]), held)
            .values(**values)
            .returning(DELIVERIES.c.id)
        )
        with self._writing() as connection:
            return connection.execute(step).first() is not None


def _over(district: str, at: dt.datetime) -> Any:
    """Marks open alerts of the district as over, and gives them."""
    opened = MESSAGES.c.resolved.is_(None)
    alerts = sa.update(MESSAGES).where(
        MESSAGES.c.district == district, MESSAGES.c.kind == MessageKind.ALERT.value, opened
    )
    return alerts.values(resolved=as_utc(at)).returning(*MESSAGES.c)


def _of_delivery(delivery: Delivery, at: dt.datetime) -> Any:
    """Marks what was told of one delivery as over, and gives it."""
    told = MESSAGES.c.key.startswith(of_delivery(delivery.code), autoescape=True)
    return _over(delivery.message.district, at).where(told)


def _take_turns(connection: Connection) -> None:
    """Let nobody else put an alert in before the end of this transaction; SQLite's began by that."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE messages IN SHARE ROW EXCLUSIVE MODE")


def _address(connection: Connection, message: int, owed: Sequence[Owed], at: dt.datetime) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for one in owed:
        row = {
            "message": message,
            "channel": one.channel,
            "recipient": one.recipient,
            "unit": one.unit,
            "state": State.WAITING.value,
            "attempts": 0,
            "changed": as_utc(at),
            "told": "",
        }
        connection.execute(insert(DELIVERIES).values(**row).on_conflict_do_nothing())
    connection.execute(sa.update(MESSAGES).where(MESSAGES.c.id == message).values(addressed=as_utc(at)))


def _message(row: Any, of: str = "") -> Message:
    told = {name: getattr(row, f"{of}{name}") for name in ("district", "period", "key", "kind", "body", "made")}
    return Message(
        told["district"],
        Period.parse(told["period"]) if told["period"] else None,
        told["key"],
        MessageKind(told["kind"]),
        told["body"],
        as_time(told["made"]),
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(
        row.id,
        _message(row, "of_"),
        Owed(row.channel, row.recipient, row.unit),
        State(row.state),
        row.attempts,
        as_time(row.not_before) if row.not_before else None,
        row.claim,
        as_time(row.changed),
        row.told,
    )
