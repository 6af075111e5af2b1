"""Copies a store aside before its schema is changed: a file beside SQLite's, a schema beside PostgreSQL's."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from flows.clock import now
from flows.store.texts import address_shown
from transforms.errors import EnvironmentFault

_NAME = "{stem}-revision-{revision}-{at:%Y%m%dT%H%M%S%f}"


def back_up(connection: Connection, revision: str) -> str:
    """Copy the store as it is, whole; gives the copy's name. The connection holds the store against other writers.

    EnvironmentFault where that fails: then nothing may be changed.
    """
    if connection.dialect.name == "sqlite":
        return _file(connection, revision)
    return _schema(connection, revision)


# --- SQLite: a file beside it -------------------------------------------------------------------


def _file(connection: Connection, revision: str) -> str:
    database = connection.engine.url.database
    if not database or database == ":memory:":
        return ""
    file = Path(database)
    copy = file.with_name(_NAME.format(stem=file.stem, revision=revision, at=now()) + file.suffix)
    aside = file.with_name(f".{copy.name}.new")
    try:
        for left in file.parent.glob(f".{file.stem}-revision-*.new"):
            left.unlink()  # by a process that was killed; we hold the store
        # Unpublished figures: nobody else may read them, not even for a moment.
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        # A second connection reads what was last committed, while ours keeps others from writing.
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(aside)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # so that it's one file
            found = target.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        _sync(aside)
        aside.rename(copy)
        _sync(file.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise EnvironmentFault(
            f"{file}: the store must be copied before it's changed, and that fails ({error}); nothing was changed; see "
            f"to room and permissions in {file.parent}, then run again"
        ) from None
    return copy.name


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- PostgreSQL: a schema beside it -------------------------------------------------------------


def _schema(connection: Connection, revision: str) -> str:
    """A copy in a schema of its own that the old program can work on when the two schemas have changed names."""
    own = str(connection.execute(sa.select(sa.func.current_schema())).scalar_one())
    # Names may have 63 bytes.
    copy = _NAME.format(stem="yuebao", revision=revision[:12], at=now()).lower().replace("-", "_")
    try:
        with connection.begin_nested():
            connection.execute(sa.schema.CreateSchema(copy))
            for table in sa.inspect(connection).get_table_names():
                connection.execute(
                    sa.text(f'CREATE TABLE "{copy}"."{table}" (LIKE "{own}"."{table}" INCLUDING ALL EXCLUDING INDEXES)')
                )
                connection.execute(sa.text(f'INSERT INTO "{copy}"."{table}" SELECT * FROM "{own}"."{table}"'))
            _counters(connection, own, copy)
            _references(connection, own, copy)
    except sa.exc.DBAPIError as error:
        raise EnvironmentFault(
            f"the store {address_shown(connection.engine.url)} must be copied before it's changed, and that "
            f"fails ({error.orig}); "
            "nothing was changed; see that the database has room and that its user may create a schema in it "
            "(GRANT CREATE ON DATABASE), then run again"
        ) from None
    return copy


def _counters(connection: Connection, own: str, copy: str) -> None:
    """Counters of the copy's own: else they would go with the originals'."""
    columns = connection.execute(
        sa.text(
            "SELECT table_name, column_name, pg_get_serial_sequence(format('%I.%I', table_schema, table_name), "
            "column_name) AS counter FROM information_schema.columns "
            "WHERE table_schema = :own AND column_default LIKE 'nextval(%'"
        ),
        {"own": own},
    )
    for table, column, counter in columns.all():
        name = f'"{copy}"."{table}_{column}_seq"'
        connection.execute(sa.text(f'CREATE SEQUENCE {name} OWNED BY "{copy}"."{table}"."{column}"'))
        connection.execute(sa.text(f"SELECT setval('{name}', last_value, is_called) FROM {counter}"))
        connection.execute(
            sa.text(f'ALTER TABLE "{copy}"."{table}" ALTER COLUMN "{column}" SET DEFAULT nextval(\'{name}\')')
        )


def _references(connection: Connection, own: str, copy: str) -> None:
    """Keys and indexes, by their own names: a copied table would give them others, and hasn't those to other tables."""
    keys = connection.execute(
        sa.text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype IN ('p', 'u', 'f') AND connamespace = CAST(:own AS regnamespace) "
            "ORDER BY contype = 'f'"
        ),
        {"own": f'"{own}"'},
    ).all()
    indexes = connection.execute(
        sa.text(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = :own AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE connamespace = CAST(:quoted AS regnamespace))"
        ),
        {"own": own, "quoted": f'"{own}"'},
    ).scalars()
    made = [definition.replace(f" ON {own}.", f' ON "{copy}".', 1) for definition in indexes.all()]
    path = connection.execute(sa.text("SHOW search_path")).scalar_one()
    connection.execute(sa.text(f'SET LOCAL search_path = "{copy}"'))
    for table, name, definition in keys:
        connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for definition in made:
        connection.exec_driver_sql(definition)
    connection.execute(sa.text(f"SET LOCAL search_path = {path}"))
