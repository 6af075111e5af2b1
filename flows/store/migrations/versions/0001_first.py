"""The first schema: vintages, what was read from them, runs and what these assessed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flows.store.tables import ExactDecimal

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "vintages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("workbook", sa.String, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received", sa.String, nullable=False),
        sa.Column("pulled", sa.String, nullable=False),
    )
    op.create_index("vintages_by_origin", "vintages", ["district", "origin"])
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintages.id"), nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_table(
        "reads",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintages.id"), nullable=False),
        sa.Column("reader", sa.String, nullable=False),
        sa.Column("periods", sa.String, nullable=False),
        sa.Column("doubts", sa.String, nullable=False),
        sa.UniqueConstraint("vintage", "reader"),
    )
    op.create_table(
        "tables",
        sa.Column("read", sa.Integer, sa.ForeignKey("reads.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("layout", sa.String, nullable=False),
        sa.Column("sheet", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("period", sa.String),
        sa.Column("reporter", sa.String, nullable=False),
        sa.Column("notes", sa.String, nullable=False),
        sa.Column("ledger", sa.String),
    )
    op.create_table(
        "readings",
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("table", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("parent", sa.String, nullable=False),
        sa.Column("area", sa.String, nullable=False),
        sa.Column("period", sa.String),
        sa.Column("measure", sa.String, nullable=False),
        sa.Column("value", ExactDecimal),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("raw", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("read", "table", "number"),
        sa.ForeignKeyConstraint(["read", "table"], ["tables.read", "tables.number"]),
    )
    op.create_table(
        "ledger_rows",
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("table", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("texts", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("read", "table", "number"),
        sa.ForeignKeyConstraint(["read", "table"], ["tables.read", "tables.number"]),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("as_of", sa.String),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("started", sa.String, nullable=False),
        sa.Column("finished", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.Column("manifest", sa.String, nullable=False),
    )
    op.create_index("runs_by_period", "runs", ["district", "period"])
    op.create_table(
        "assessments",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("value", ExactDecimal),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("target", ExactDecimal),
        sa.Column("completion", ExactDecimal),
        sa.Column("declared_path", ExactDecimal),
        sa.Column("gap", ExactDecimal),
    )
