"""Looks at a store without changing it: whether it opens, is whole, may be written, and which revision it has."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from flows.store.revisions import head, revisions
from flows.store.tables import PULLS, RUNS
from flows.store.texts import address_shown, as_time


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What was found; ``fault`` is why it can't be looked at."""

    shown: str
    """Its address without a password."""
    exists: bool = True
    fault: str = ""
    engine: str = ""
    revision: str | None = None
    head: str | None = None
    pending: bool = False
    """It's of an older version, or has no revision yet."""
    unknown: bool = False
    """It's of a version that this one doesn't know."""
    journal: str | None = None
    """SQLite's way of writing; None elsewhere."""
    damage: str = ""
    read_only: str = ""
    newest: dt.datetime | None = None
    """The newest moment that it records of a run or a pull."""
    moment: dt.datetime | None = None
    """What time the database's own machine has; None where that is this one."""

    @classmethod
    def of(cls, address: str) -> StoreHealth:
        """Look at the store of that address."""
        try:
            url = sa.engine.make_url(address)
            if url.drivername == "postgresql":
                url = url.set(drivername="postgresql+psycopg")
            shown = f"store {address_shown(url)}"
            is_file = url.get_backend_name() == "sqlite"
            if is_file and url.database and not Path(url.database).exists():
                return cls(shown, exists=False)
            arguments = {} if is_file else {"connect_timeout": 10}
            engine = sa.create_engine(url, connect_args=arguments)
        except (SQLAlchemyError, ImportError) as error:
            return cls("store", fault=f"its address can't be used ({_told(error)})")
        try:
            with engine.connect() as connection:
                return _looked_at(shown, connection, Path(url.database) if is_file and url.database else None)
        except SQLAlchemyError as error:
            return cls(shown, fault=_told(error))
        finally:
            engine.dispose()


def _looked_at(shown: str, connection: Connection, file: Path | None) -> StoreHealth:
    # Nothing else can be said of a damaged file.
    damage = ""
    if file is not None:
        found = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
        damage = "" if list(found) == ["ok"] else "; ".join(str(one) for one in found)
    tables = set(sa.inspect(connection).get_table_names())
    revision = None
    if "alembic_version" in tables:
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return StoreHealth(
        shown,
        engine=_engine(connection, file),
        revision=revision,
        head=head(),
        pending=revision != head() and (revision is None or revision in revisions()),
        unknown=revision is not None and revision not in revisions(),
        journal=str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()) if file is not None else None,
        damage=damage,
        read_only=_read_only(connection, file),
        newest=_newest(connection, tables),
        moment=None if file is not None else connection.execute(sa.select(sa.func.now())).scalar_one(),
    )


def _engine(connection: Connection, file: Path | None) -> str:
    if file is not None:
        return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
    return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"


def _read_only(connection: Connection, file: Path | None) -> str:
    if file is not None:
        # Beside it SQLite writes its log, so the folder must be writable too.
        for path in (file, file.parent):
            if not os.access(path, os.W_OK):
                return f"{path} can't be written by this account"
        return ""
    if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
        return "it's a standby, which can only be read"
    if connection.exec_driver_sql("SHOW default_transaction_read_only").scalar_one() == "on":
        return "its transactions are read-only"
    return ""


def _newest(connection: Connection, tables: set[str]) -> dt.datetime | None:
    found = [
        connection.execute(sa.select(sa.func.max(column))).scalar()
        for column in (RUNS.c.finished, PULLS.c.at)
        if column.table.name in tables
    ]
    return max((as_time(one) for one in found if one), default=None)


def _told(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return str(origin).strip().splitlines()[0]
