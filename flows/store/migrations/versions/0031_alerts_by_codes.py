"""By which code an alert knows the delivery that it's about, in whatever store the delivery stands."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Put each delivery's code where its number stood: a move to another store gave it another number."""
    store = op.get_bind()
    query = "SELECT d.id, channel, recipient, unit, key, made FROM deliveries d JOIN messages m ON m.id = d.message"
    deliveries = store.execute(sa.text(query))
    codes = {one.id: _code(one.key, one.made, one.channel, one.recipient, one.unit) for one in deliveries}
    alerts = store.execute(sa.text("SELECT id, key FROM messages WHERE key LIKE 'alert/delivery/%'"))
    for row in alerts.all():
        number, _, kind = row.key.removeprefix("alert/delivery/").partition("/")
        if number.isdecimal() and int(number) in codes:
            key = f"alert/delivery/{codes[int(number)]}/{kind}"
            store.execute(sa.text("UPDATE messages SET key = :key WHERE id = :id"), {"key": key, "id": row.id})


def _code(*told: str) -> str:
    return sha256("\n".join(told).encode()).hexdigest()[:8]
