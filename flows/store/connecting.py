"""A store's address into connections: SQLite or PostgreSQL, their failures told as sentences with their cure."""

from __future__ import annotations

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
from flows.store.revisions import bring_up_to_date
from transforms.errors import EnvironmentFault


class Connected:
    """A database with the store's tables in it."""

    def __init__(self, address: str) -> None:
        self._engine = engine_at(address)
        try:
            with telling_failures(self._engine):
                bring_up_to_date(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with telling_failures(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with telling_failures(self._engine), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def engine_at(address: str) -> Engine:
    """The database of that address, as the store uses it; makes no table."""
    try:
        url = sa.engine.make_url(address)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "sqlite" and url.database:
            _make_private(Path(url.database))
        engine = sa.create_engine(url)
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
        cursor.execute("PRAGMA busy_timeout=30000")
        _write_ahead(cursor)
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


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
        raise EnvironmentFault(
            f"the store {engine.url!r} fails: {error.orig}; see that it's running and reachable, that it may be "
            "written, and that there's room"
        ) from None
    except sa.exc.DatabaseError as error:
        raise EnvironmentFault(
            f"the store {engine.url!r} refuses: {error.orig}; if it is damaged, move it away and restore it from a "
            "copy: it alone remembers when each vintage came"
        ) from None
