"""What became of each run that began by itself, and who approved or rejected which draft."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of tries and approvals."""
    op.create_table(
        "tries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("details", sa.String, nullable=False),
    )
    op.create_index("tries_by_period", "tries", ["district", "period"])
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("how", sa.String, nullable=False),
        sa.Column("remark", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_index("approvals_by_period", "approvals", ["district", "period"])
