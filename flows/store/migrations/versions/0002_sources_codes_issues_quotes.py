"""What came before there were revisions: other sources, codes of rows, issues, quotes of edited texts.

A store from between has some of these tables, whichever branch of the program made it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flows.store.tables import ExactDecimal

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make those tables that aren't there."""
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintages.id"), nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("tag", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_sightings_item", "sightings", ["item"], if_not_exists=True)
    op.create_table(
        "empty_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("tag", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_empty_items_district", "empty_items", ["district"], if_not_exists=True)
    op.create_table(
        "pulls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("faults", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_index("pulls_by_source", "pulls", ["district", "source"], if_not_exists=True)
    op.create_table(
        "row_codes",
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("table", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("read", "table", "number"),
        if_not_exists=True,
    )
    _issues()
    op.create_table(
        "edit_quotes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("section", sa.String, nullable=False),
        sa.Column("quoted", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("figure", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_index("edit_quotes_by_period", "edit_quotes", ["district", "period"], if_not_exists=True)


def _issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("register", sa.String, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("correction", sa.Integer, nullable=False),
        sa.Column("designation", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("dated", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.UniqueConstraint("register", "year", "number", "correction"),
        sa.UniqueConstraint("district", "period", "correction"),
        if_not_exists=True,
    )
    op.create_table(
        "issue_files",
        sa.Column("issue", sa.Integer, sa.ForeignKey("issues.id"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "issue_vintages",
        sa.Column("issue", sa.Integer, sa.ForeignKey("issues.id"), primary_key=True),
        sa.Column("vintage", sa.Integer, sa.ForeignKey("vintages.id"), primary_key=True),
        if_not_exists=True,
    )
    op.create_table(
        "issue_figures",
        sa.Column("issue", sa.Integer, sa.ForeignKey("issues.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("area", sa.String, nullable=False),
        sa.Column("period", sa.String, nullable=False),
        sa.Column("measure", sa.String, nullable=False),
        sa.Column("value", ExactDecimal, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("corrected", sa.String),
        sa.Column("received", sa.String, nullable=False),
        sa.Column("cells", sa.String, nullable=False),
        if_not_exists=True,
    )
