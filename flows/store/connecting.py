"""A store's address into connections: SQLite or PostgreSQL, their failures told as sentences with their cure."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from flows.modes import make_private_file, make_private_folder
from flows.store.persisting import NONE, Patience, StoreAway, persist
from flows.store.revisions import bring_up_to_date
from flows.store.texts import address_shown
from transforms.errors import EnvironmentFault

_BUSY_MILLISECONDS = 30_000
_READING = {"yuebao_reading": True}
_PASSING = {
    "40001": "serialization failure",
    "40P01": "deadlock",
    "53300": "too many connections",
    "57P01": "stopped by its administrator",
    "57P02": "crashed",
    "57P03": "starting up",
}
_REACHED: set[str] = set()
"""The addresses that answered this process once: with those it has patience."""


class Connected:
    """A database with the store's tables in it, which may be away for a while."""

    patience: Patience = Patience()

    def __init__(self, address: str) -> None:
        self._engine = engine_at(address)
        # A worker's parent had the store open before it.
        known = address in _REACHED or multiprocessing.parent_process() is not None
        try:
            persist(self.patience if known else NONE, self._open)
        except BaseException:
            self._engine.dispose()
            raise
        _REACHED.add(address)

    def _open(self) -> None:
        with telling_failures(self._engine):
            bring_up_to_date(self._engine)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction, committed once: where the connection is lost in COMMIT the database is asked what it did."""
        with telling_failures(self._engine), self._engine.connect() as connection, connection.begin() as transaction:
            yield connection
            mark = _mark(connection)
            try:
                transaction.commit()
            except sa.exc.OperationalError as error:
                if mark is None or not _may_pass(error) or not self._was_committed(mark):
                    raise

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with telling_failures(self._engine), self._engine.connect() as connection:
            yield connection.execution_options(**_READING)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _was_committed(self, mark: str) -> bool:
        def asked() -> bool:
            with self._reading() as connection:
                status = connection.execute(sa.select(sa.func.pg_xact_status(sa.cast(mark, _Xid8())))).scalar()
            if status == "in progress":  # The server hasn't noticed yet that we were cut off.
                raise StoreAway(f"the store {address_shown(self._engine.url)} is still ending a transaction")
            return bool(status == "committed")

        return persist(self.patience, asked)


class _Xid8(sa.types.UserDefinedType[str]):
    """A transaction's number that is never used again."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def _mark(connection: Connection) -> str | None:
    """What PostgreSQL knows the transaction by; None on SQLite, whose COMMIT is done or not when it returns."""
    if connection.dialect.name == "sqlite":
        return None
    return str(connection.execute(sa.select(sa.cast(sa.func.pg_current_xact_id(), sa.String))).scalar_one())


def engine_at(address: str) -> Engine:
    """The database of that address, as the store uses it; makes no table."""
    try:
        url = sa.engine.make_url(address)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "sqlite" and url.database:
            _make_private(Path(url.database))
        options: dict[str, Any] = {}
        if url.get_backend_name() == "postgresql":
            arguments = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
            options = {"pool_pre_ping": True, "connect_args": arguments}
        engine = sa.create_engine(url, **options)
    except ValueError:  # It quotes what stands where a port should, which may be the end of a password.
        raise EnvironmentFault("the store's address can't be used (its port is no number); mend DATABASE_URL") from None
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise EnvironmentFault(f"the store's address can't be used ({error}); mend DATABASE_URL") from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _make_private(file: Path) -> None:
    """SQLite gives what it keeps beside its file (-wal, -shm) the file's own mode."""
    if str(file) == ":memory:":
        return
    make_private_folder(file.parent)
    for one in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))):
        if one == file or one.exists():
            make_private_file(one)


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, and BEGIN IMMEDIATE: a deferred read-then-write fails under contention in spite of the timeout."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        _write_ahead(cursor)
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reading = connection.get_execution_options().keys() & _READING.keys()
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _write_ahead(cursor: Any) -> None:
    """WAL; while another process opens the same new file SQLite refuses that at once, in spite of the timeout."""
    until = time.monotonic() + 30
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            if cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
                return  # One in memory has no log.
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


@contextmanager
def telling_failures(engine: Engine) -> Iterator[None]:
    """A database's failure as a sentence with its cure; the password isn't shown."""
    try:
        yield
    except sa.exc.OperationalError as error:
        raise (StoreAway if _may_pass(error) else EnvironmentFault)(
            f"the store {address_shown(engine.url)} fails: {error.orig}; see that it's running and reachable, that it "
            "may be written, and that there's room"
        ) from None
    except sa.exc.DatabaseError as error:
        raise EnvironmentFault(
            f"the store {address_shown(engine.url)} refuses: {error.orig}; if it is damaged, move it away and restore "
            "it from a copy: it alone remembers when each vintage came"
        ) from None


def _may_pass(error: sa.exc.OperationalError) -> bool:
    """Whether the database is away or locked, rather than full or broken."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    if error.connection_invalidated:
        return True
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith("08") or state in _PASSING
