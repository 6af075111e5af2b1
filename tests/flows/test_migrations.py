"""Stores of every age become today's: backed up first, whole or not at all, once however many come."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.script import ScriptDirectory

from flows.clock import BEIJING
from flows.store import Store, connecting, revisions
from flows.store.migrations.carrying import FOLDER, carry_to_head, migration_context
from flows.store.outbox import Parcel
from flows.store.tables import METADATA
from flows.workspace import INSTALLED
from transforms.delivering.outbox import Message, MessageKind, Owed
from transforms.errors import EnvironmentFault

SNAPSHOT = Path(__file__).parent / "store_before_sources.sql"
RECEIVED = dt.datetime(2024, 4, 17, tzinfo=BEIJING)


def engine_of(address: str) -> sa.Engine:
    return connecting.engine_at(address)


def old_store(address: str, tables: tuple[str, ...] = ()) -> None:
    """A store of the first schema with a vintage and what was read from it, and with tables of later ones."""
    text = SNAPSHOT.read_text(encoding="utf-8")
    if address.startswith("sqlite"):
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
            connection.executescript(text)
    engine = engine_of(address)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # It looks at once whether what a row refers to is there, and counts ids itself.
            order = ["vintages", "withdrawals", "reads", "tables", "readings", "ledger_rows", "runs", "assessments"]
            METADATA.create_all(connection, [METADATA.tables[name] for name in order])
            connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN run")  # which came later
            inserts = [one for one in text.split(";\n") if one.startswith("INSERT")]
            for one in sorted(inserts, key=lambda one: order.index(one.split('"')[1])):
                connection.exec_driver_sql(one)
            for name in ("vintages", "reads"):
                connection.exec_driver_sql(f"SELECT setval('{name}_id_seq', 1)")
        METADATA.create_all(connection, [METADATA.tables[name] for name in tables])
    engine.dispose()


def schema_of(address: str) -> tuple[str | None, list[Any], set[str]]:
    """The revision, what differs from METADATA, and the tables."""
    engine = engine_of(address)
    with engine.connect() as connection:
        scripts = ScriptDirectory(str(FOLDER))
        context = migration_context(connection, scripts)
        found = compare_metadata(context, METADATA)
        tables = set(sa.inspect(connection).get_table_names())
        revision = context.get_current_revision()
    engine.dispose()
    return revision, list(found), tables


def backups_of(address: str) -> list[str]:
    if address.startswith("sqlite"):
        return sorted(path.name for path in Path(address.removeprefix("sqlite:///")).parent.glob("*-revision-*"))
    engine = engine_of(address)
    with engine.connect() as connection:
        names = sorted(one for one in sa.inspect(connection).get_schema_names() if one.startswith("yuebao_revision"))
    engine.dispose()
    return names


def test_there_is_one_head_and_alembic_sees_the_same() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert scripts.get_heads() == [revisions.head()]
    assert {one.revision for one in scripts.walk_revisions()} == set(revisions.revisions())


def test_migrated_from_nothing_the_schema_is_that_of_the_tables(address: str) -> None:
    engine = engine_of(address)
    with engine.begin() as connection:
        carry_to_head(connection)
    engine.dispose()
    assert schema_of(address)[:2] == (revisions.head(), [])


def test_a_new_store_is_at_the_head_without_a_backup(address: str) -> None:
    Store(address).close()
    assert schema_of(address)[:2] == (revisions.head(), [])
    assert backups_of(address) == []


SINCE = {"claims", "messages", "deliveries", "tries", "approvals"}
"""Tables that no store had before there were revisions."""


@pytest.mark.parametrize(
    ("tables", "revision"),
    [
        ((), "0001"),
        (("row_codes",), "0001"),
        (("sightings", "pulls"), "0001"),
        (tuple(name for name in METADATA.tables if name not in SINCE), "0002"),
    ],
)
def test_a_store_from_before_there_were_revisions_is_recognised_backed_up_and_upgraded(
    address: str, tables: tuple[str, ...], revision: str
) -> None:
    old_store(address, tables)
    store = Store(address)
    (vintage,) = store.vintages("small")
    assert vintage.received == RECEIVED
    newer = store.add_vintage("small", vintage, 9, RECEIVED)
    assert newer.id == 2
    store.close()
    assert schema_of(address)[:2] == (revisions.head(), [])
    (backup,) = backups_of(address)
    assert f"revision{'-' if address.startswith('sqlite') else '_'}{revision}" in backup
    Store(address).close()
    assert backups_of(address) == [backup]


def test_alerts_about_deliveries_are_known_by_codes(address: str) -> None:
    store = Store(address)
    about = Message("small", None, "issue/2024-03/0", MessageKind.ISSUE, "{}", RECEIVED)
    store.put_alert(Parcel(about, (Owed("chat", "wecom"), Owed("leaders", "wang@bureau.example"))))
    deliveries = store.deliveries("small")
    for one in deliveries:
        told = replace(about, key=f"alert/delivery/{one.id}/uncertain", kind=MessageKind.ALERT)
        store.put_alert(Parcel(told, ()))
    store.close()
    engine = engine_of(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0030'")
    engine.dispose()
    store = Store(address)
    try:
        for one in deliveries:
            (over,) = store.resolve_delivery(one, RECEIVED)
            assert over.key == f"alert/delivery/{one.code}/uncertain"
    finally:
        store.close()


def test_sqlites_backup_is_the_old_store_whole_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    old_store(address)
    with sqlite3.connect(tmp_path / "store.sqlite3") as old:
        before = list(old.iterdump())
    Store(address).close()
    (name,) = backups_of(address)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    with sqlite3.connect(tmp_path / name) as copy:
        assert list(copy.iterdump()) == before
    assert not list(tmp_path.glob(".*"))


def test_postgresqls_backup_takes_the_stores_place_by_two_renames(new_database: Callable[[], str]) -> None:
    address = new_database()
    old_store(address)
    Store(address).close()
    (name,) = backups_of(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SCHEMA public RENAME TO broken")
        connection.execute(f"ALTER SCHEMA {name} RENAME TO public")
        connection.execute("DROP SCHEMA broken CASCADE")
        assert connection.execute("SELECT count(*) FROM readings").fetchone() == (2,)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("INSERT INTO withdrawals (vintage, at) VALUES (99, '')")
    store = Store(address)
    (vintage,) = store.vintages("small")
    assert store.add_vintage("small", vintage, 9, RECEIVED).id == 2
    store.close()
    assert schema_of(address)[:2] == (revisions.head(), [])


def test_without_a_backup_nothing_is_changed(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_store(address)
    tables = schema_of(address)[2]
    if address.startswith("sqlite"):

        def full(path: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("flows.store.backups._sync", full)
    else:
        name = address.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN")
            connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk")
        address = address.replace("postgres:@", "clerk:@")
        assert "clerk" in address, name
    with pytest.raises(EnvironmentFault, match=r"must be copied before it's changed.*nothing was changed"):
        Store(address)
    assert schema_of(address)[2] == tables
    assert backups_of(address) == []
    assert not list(tmp_path.glob(".*"))
    if address.startswith("postgresql"):
        with psycopg.connect(address.replace("clerk:@", "postgres:@"), autocommit=True) as connection:
            connection.execute("DROP OWNED BY clerk")
            connection.execute("DROP ROLE clerk")


def test_a_store_of_a_newer_program_is_refused_with_its_cure(address: str) -> None:
    Store(address).close()
    engine = engine_of(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(EnvironmentFault, match=r"newer version of yuebao .revision 9999.*update yuebao"):
        Store(address)


OPENING = """
import sys
from flows.store import Store
sys.stdin.readline()
store = Store(sys.argv[1])
assert store.vintages("none") == ()
store.close()
"""


@pytest.mark.parametrize("age", ["new", "old"])
def test_many_processes_open_one_store_at_once(address: str, age: str) -> None:
    if age == "old":
        old_store(address)
    opening = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, address], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=INSTALLED
        )
        for _ in range(4)
    ]
    for one in opening:
        assert one.stdin
        one.stdin.write(b"now\n")
        one.stdin.flush()
    told = [one.communicate(timeout=120)[1].decode() for one in opening]
    assert [one.returncode for one in opening] == [0] * 4, told
    assert schema_of(address)[:2] == (revisions.head(), [])
    assert len(backups_of(address)) == (1 if age == "old" else 0)


KILLED = """
import os, signal, sys
import flows.store.migrations.carrying as carrying
from flows.store import Store
carry = carrying.carry_to_head
def killed(connection):
    carry(connection)
    os.kill(os.getpid(), signal.SIGKILL)
carrying.carry_to_head = killed
Store(sys.argv[1])
"""


def test_a_killed_migration_leaves_the_old_store(address: str) -> None:
    old_store(address)
    before = schema_of(address)[2]
    ended = subprocess.run([sys.executable, "-c", KILLED, address], cwd=INSTALLED, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert schema_of(address)[2] == before
    store = Store(address)
    assert [one.received for one in store.vintages("small")] == [RECEIVED]
    store.close()
    assert schema_of(address)[:2] == (revisions.head(), [])


def test_a_store_at_the_head_is_opened_without_alembic(address: str) -> None:
    Store(address).close()
    told = "import sys; from flows.store import Store; Store(sys.argv[1]).close(); print('alembic' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", told, address], cwd=INSTALLED, capture_output=True, text=True, check=True, timeout=120
    )
    assert ended.stdout == "False\n"


def test_the_wheel_brings_the_migrations() -> None:
    assert importlib.import_module("flows.store.migrations").__file__ is not None
    assert os.access(FOLDER / "versions" / "0001_first.py", os.R_OK)
