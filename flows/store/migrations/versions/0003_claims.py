"""Who holds which district's period on PostgreSQL, to be told to whoever waits; the lock itself is the session's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of holders."""
    op.create_table(
        "claims",
        sa.Column("backend", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("lock", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String, nullable=False),
    )
