"""Carries a store's schema from one revision to the newest, within the transaction that it's given."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from flows.store.tables import METADATA

FOLDER = Path(__file__).parent


def carry_to_head(connection: Connection) -> None:
    """Run every revision that the store hasn't had yet; alembic_version says where it stands."""
    scripts = ScriptDirectory(str(FOLDER))
    context = migration_context(connection, scripts)
    with Operations.context(context):
        context.run_migrations()


def migration_context(connection: Connection, scripts: ScriptDirectory) -> MigrationContext:
    """Alembic's view of the store, as both databases need it."""
    return MigrationContext.configure(
        connection,
        opts={
            "fn": lambda revision, _context: scripts._upgrade_revs("head", revision),
            "target_metadata": METADATA,
            "render_as_batch": True,
            "compare_type": True,
        },
    )
