"""Locks of a PostgreSQL session, which go when it ends however it ends, with a row that says who holds each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from flows.store.connecting import engine_at, telling_failures
from flows.store.persisting import Patience, persist
from flows.store.tables import CLAIMS
from transforms.errors import EnvironmentFault

_LOCKED_OUT = "55P03"
_HOLDING = (
    "locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lock by its name; one that is shared keeps out only who wants it alone."""

    name: str
    shared: bool

    @property
    def key(self) -> int:
        """The number that PostgreSQL knows it by."""
        return int.from_bytes(hashlib.sha256(f"yuebao {self.name}".encode()).digest()[:8], signed=True)


class StillHeld(EnvironmentFault):
    """Another holds it, and the time to wait is over."""


def is_postgresql(address: str) -> bool:
    """Whether a store of that address has sessions."""
    return address.startswith("postgres")


@contextmanager
def holding_locks(
    address: str,
    wanted: Sequence[Wanted],
    holder: str,
    tell: Callable[[Wanted, Sequence[str]], None],
    within: float | None,
    patience: Patience,
) -> Iterator[None]:
    """Hold these locks in their order, on a session of their own that is in no transaction.

    Where one is held by another, ``tell`` hears of it and of who holds it; then it's waited for, ``within`` so many
    seconds (StillHeld) or for ever.
    """
    engine = engine_at(address)

    def taken() -> Connection:
        with telling_failures(engine):
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                # A holder whose machine has died is let go after about a minute.
                for setting in ("tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3"):
                    connection.exec_driver_sql(f"SET {setting}")
                for one in wanted:
                    _take(connection, one, holder, tell, within)
            except BaseException:
                connection.invalidate()
                raise
            return connection

    try:
        connection = persist(patience, taken)
        try:
            yield
        finally:
            with suppress(SQLAlchemyError):  # With the session its locks are gone as well.
                connection.execute(sa.text("DELETE FROM claims WHERE backend = pg_backend_pid()"))
            with suppress(SQLAlchemyError):
                connection.invalidate()
    finally:
        engine.dispose()


def _take(
    connection: Connection,
    wanted: Wanted,
    holder: str,
    tell: Callable[[Wanted, Sequence[str]], None],
    within: float | None,
) -> None:
    way = "_shared" if wanted.shared else ""
    got = connection.execute(sa.text(f"SELECT pg_try_advisory_lock{way}(:key)"), {"key": wanted.key}).scalar_one()
    if not got:
        tell(wanted, _holders(connection, wanted.key))
        try:
            connection.exec_driver_sql(f"SET lock_timeout = {0 if within is None else max(1, int(within * 1000))}")
            connection.execute(sa.text(f"SELECT pg_advisory_lock{way}(:key)"), {"key": wanted.key})
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED_OUT:
                raise
            raise StillHeld("; ".join(_holders(connection, wanted.key)) or "another") from None
        finally:
            with suppress(SQLAlchemyError):
                connection.exec_driver_sql("SET lock_timeout = 0")
    pid = connection.execute(sa.select(sa.func.pg_backend_pid())).scalar_one()
    # Rows of holders that were killed; a lock that was just taken stands in pg_locks before its row stands here.
    connection.execute(sa.text(f"DELETE FROM claims WHERE backend NOT IN (SELECT pid FROM pg_locks WHERE {_HOLDING})"))
    row = insert(CLAIMS).values(backend=pid, lock=wanted.key, holder=holder)
    connection.execute(row.on_conflict_do_update(index_elements=["backend", "lock"], set_={"holder": holder}))


def _holders(connection: Connection, key: int) -> list[str]:
    return list(
        connection.execute(
            sa.text(
                "SELECT holder FROM claims JOIN pg_locks ON pid = backend "
                f"AND ((classid::bigint << 32) | objid::bigint) = lock AND {_HOLDING} WHERE lock = :key ORDER BY holder"
            ),
            {"key": key},
        ).scalars()
    )
