"""The store's tables, and decimals that come back as they went in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """A decimal that comes back as it went in: text on SQLite, whose Numeric is a float, NUMERIC elsewhere."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Text on SQLite, an unconstrained NUMERIC elsewhere."""
        return dialect.type_descriptor(sa.String() if dialect.name == "sqlite" else sa.Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """NaN never enters: it would poison every sum on PostgreSQL."""
        if value is None:
            return None
        if not value.is_finite():
            raise ValueError(f"{value} is no figure; store None")
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """The decimal as it was stored."""
        return None if value is None else Decimal(value)


METADATA = sa.MetaData()

VINTAGES = sa.Table(
    "vintages",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("workbook", sa.String, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("received", sa.String, nullable=False),
    sa.Column("pulled", sa.String, nullable=False),
    sa.Index("vintages_by_origin", "district", "origin"),
)

WITHDRAWALS = sa.Table(
    "withdrawals",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), nullable=False),
    sa.Column("at", sa.String, nullable=False),
)

SIGHTINGS = sa.Table(
    "sightings",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), nullable=False),
    sa.Column("item", sa.String, nullable=False, index=True),
    sa.Column("tag", sa.String, nullable=False),
)

EMPTY_ITEMS = sa.Table(
    "empty_items",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False, index=True),
    sa.Column("item", sa.String, nullable=False),
    sa.Column("tag", sa.String, nullable=False),
)

PULLS = sa.Table(
    "pulls",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("faults", sa.String, nullable=False),
    sa.Index("pulls_by_source", "district", "source"),
)

READS = sa.Table(
    "reads",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), nullable=False),
    sa.Column("reader", sa.String, nullable=False),
    sa.Column("periods", sa.String, nullable=False),
    sa.Column("doubts", sa.String, nullable=False),
    sa.UniqueConstraint("vintage", "reader"),
)

TABLES = sa.Table(
    "tables",
    METADATA,
    sa.Column("read", sa.ForeignKey("reads.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("layout", sa.String, nullable=False),
    sa.Column("sheet", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("period", sa.String),
    sa.Column("reporter", sa.String, nullable=False),
    sa.Column("notes", sa.String, nullable=False),
    sa.Column("ledger", sa.String),
)

READINGS = sa.Table(
    "readings",
    METADATA,
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

ROW_CODES = sa.Table(
    # The few readings whose row has a code; a table of its own, so that a store made before there were codes goes on.
    "row_codes",
    METADATA,
    sa.Column("read", sa.Integer, nullable=False),
    sa.Column("table", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("read", "table", "number"),
)

LEDGER_ROWS = sa.Table(
    "ledger_rows",
    METADATA,
    sa.Column("read", sa.Integer, nullable=False),
    sa.Column("table", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("texts", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("read", "table", "number"),
    sa.ForeignKeyConstraint(["read", "table"], ["tables.read", "tables.number"]),
)

RUNS = sa.Table(
    "runs",
    METADATA,
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
    # Its id in the log; null for one that was kept before ids were.
    sa.Column("run", sa.String),
    sa.Index("runs_by_period", "district", "period"),
)

ASSESSMENTS = sa.Table(
    "assessments",
    METADATA,
    sa.Column("run", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("value", ExactDecimal),
    sa.Column("unit", sa.String, nullable=False),
    sa.Column("target", ExactDecimal),
    sa.Column("completion", ExactDecimal),
    sa.Column("declared_path", ExactDecimal),
    sa.Column("gap", ExactDecimal),
)

ISSUES = sa.Table(
    "issues",
    METADATA,
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
    # What two publishers at once are kept apart by.
    sa.UniqueConstraint("register", "year", "number", "correction"),
    sa.UniqueConstraint("district", "period", "correction"),
)

ISSUE_FILES = sa.Table(
    "issue_files",
    METADATA,
    sa.Column("issue", sa.ForeignKey("issues.id"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

ISSUE_VINTAGES = sa.Table(
    "issue_vintages",
    METADATA,
    sa.Column("issue", sa.ForeignKey("issues.id"), primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), primary_key=True),
)

ISSUE_FIGURES = sa.Table(
    "issue_figures",
    METADATA,
    sa.Column("issue", sa.ForeignKey("issues.id"), primary_key=True),
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
)

EDIT_QUOTES = sa.Table(
    # Figures as they stood when an editor's text first quoted them; never changed, so that a later one is noticed.
    "edit_quotes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("period", sa.String, nullable=False),
    sa.Column("section", sa.String, nullable=False),
    sa.Column("quoted", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("figure", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Index("edit_quotes_by_period", "district", "period"),
)

TRIES = sa.Table(
    # What became of each run that began by itself, so that what is owed can be told when a server was lost.
    "tries",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("period", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("details", sa.String, nullable=False),
    sa.Index("tries_by_period", "district", "period"),
)

APPROVALS = sa.Table(
    "approvals",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("period", sa.String, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("decision", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("how", sa.String, nullable=False),
    sa.Column("remark", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Index("approvals_by_period", "district", "period"),
)

CLAIMS = sa.Table(
    # Who holds which lock of a session on PostgreSQL. A row outlives its holder; the lock doesn't, and it alone counts.
    "claims",
    METADATA,
    sa.Column("backend", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lock", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.String, nullable=False),
    info={"stays": True},
)

MESSAGES = sa.Table(
    # What is told to recipients; of an issue it's kept in the issue's own transaction.
    "messages",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("period", sa.String),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("occurrence", sa.Integer, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("body", sa.String, nullable=False),
    sa.Column("made", sa.String, nullable=False),
    # Null until its deliveries are put in, where the declaration couldn't be read at its time.
    sa.Column("addressed", sa.String),
    # When what an alert tells was over; then the same may be told anew.
    sa.Column("resolved", sa.String),
    sa.UniqueConstraint("district", "key", "occurrence"),
)

DELIVERIES = sa.Table(
    "deliveries",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("message", sa.ForeignKey("messages.id"), nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("recipient", sa.String, nullable=False),
    sa.Column("unit", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("not_before", sa.String),
    sa.Column("claim", sa.String),
    sa.Column("changed", sa.String, nullable=False),
    sa.Column("told", sa.String, nullable=False),
    # What makes each delivery one per issue and recipient.
    sa.UniqueConstraint("message", "channel", "recipient", "unit"),
    sa.Index("deliveries_by_state", "state"),
)
