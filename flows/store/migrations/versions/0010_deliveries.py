"""What is told of issues and to ops, to whom, and how far each delivery has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0020"


def upgrade() -> None:
    """Make the outbox; issues that were published before have no messages, and are owed to nobody."""
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("period", sa.String),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("made", sa.String, nullable=False),
        sa.Column("addressed", sa.String),
        sa.Column("resolved", sa.String),
        sa.UniqueConstraint("district", "key", "occurrence"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.String),
        sa.Column("claim", sa.String),
        sa.Column("changed", sa.String, nullable=False),
        sa.Column("told", sa.String, nullable=False),
        sa.UniqueConstraint("message", "channel", "recipient", "unit"),
    )
    op.create_index("deliveries_by_state", "deliveries", ["state"])
