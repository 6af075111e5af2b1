"""By which id the log knows a run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0010"


def upgrade() -> None:
    """Have room for it; of runs that were before it isn't known."""
    op.add_column("runs", sa.Column("run", sa.String))
