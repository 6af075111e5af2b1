"""Which revision a store is at, and what to do where that isn't the newest; loads Alembic only for an old store."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from flows.logs import tell
from flows.store.backups import back_up
from flows.store.tables import METADATA
from flows.store.texts import address_shown
from transforms.errors import EnvironmentFault

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_VERSION = sa.Table(
    # As Alembic makes it.
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_FIRST, _LAST_UNNUMBERED = "0001", "0002"
_UNNUMBERED = ("sightings", "empty_items", "pulls", "row_codes", "issues", "issue_files", "issue_vintages")
_LOCK = 0x6D6967  # "mig"


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables of a new store; back up an old one, then bring it to the newest revision; all or nothing.

    Of several processes one does it and the others wait. EnvironmentFault for a store of a newer program.
    """
    with engine.connect() as connection:
        if _revision(connection) == head():
            return
    with engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:
            _sqlite_keys(connection, "OFF")
        try:
            with connection.begin():
                if not on_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                _bring(connection)
        finally:
            if on_sqlite:
                _sqlite_keys(connection, "ON")


@cache
def revisions() -> dict[str, str | None]:
    """Every revision that this program knows, with the one before; read from the files' text, which is quick."""
    found: dict[str, str | None] = {}
    for file in sorted(_VERSIONS.glob("[0-9]*.py")):
        text = file.read_text(encoding="utf-8")
        own = re.search(r'^revision = "(\w+)"$', text, re.M)
        before = re.search(r'^down_revision = (?:None|"(\w+)")$', text, re.M)
        if own is None or before is None:
            raise ValueError(f"{file.name}: lacks its line `revision = …` or `down_revision = …`")
        found[own[1]] = before[1]
    return found


@cache
def head() -> str:
    """The newest revision."""
    (newest,) = revisions().keys() - revisions().values()
    return newest


def _bring(connection: Connection) -> None:
    at = _revision(connection)
    if at == head():
        return  # Another process was faster.
    if at is not None and at not in revisions():
        raise EnvironmentFault(
            f"the store {address_shown(connection.engine.url)} was made by a newer version of yuebao (revision {at}; "
            f"this one knows up to {head()}); update yuebao, or set DATABASE_URL to the store that belongs to this "
            "version"
        )
    tables = set(sa.inspect(connection).get_table_names())
    if at is None and not tables & {"vintages"}:
        METADATA.create_all(connection)
        _VERSION.create(connection, checkfirst=True)
        connection.execute(sa.insert(_VERSION), {"version_num": head()})
        return
    stands_at = at or (_LAST_UNNUMBERED if tables.issuperset(_UNNUMBERED) else _FIRST)
    copy = back_up(connection, stands_at)
    logging.getLogger("yuebao.store").warning(
        "the store is of revision %s and becomes %s; as it was, it's kept as %s", stands_at, head(), copy
    )
    if at is None:
        _VERSION.create(connection, checkfirst=True)
        connection.execute(sa.insert(_VERSION), {"version_num": stands_at})
    from flows.store.migrations.carrying import carry_to_head

    carry_to_head(connection)
    tell("store migrated", level="warning", revision=stands_at, to=head(), copy=copy)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise EnvironmentFault(
            f"the store {address_shown(connection.engine.url)} has rows that belong to nothing; nothing was changed; "
            "restore it from a copy"
        )


def _revision(connection: Connection) -> str | None:
    """What the store says of itself; None where it says nothing, as each did that was made before there were any."""
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.execute(sa.select(_VERSION.c.version_num)).scalar()
    return found


def _sqlite_keys(connection: Connection, state: str) -> None:
    """Foreign keys on or off: tables that are copied in a migration would else drag their rows along."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")
