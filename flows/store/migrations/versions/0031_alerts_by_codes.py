"""Mail addresses in small letters; and by which code an alert knows its delivery, in whatever store that stands."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Have one spelling of an address, and each delivery's code where its number stood.

    A move to another store gave it another number. Where a message is owed to both spellings, both stay.
    """
    store = op.get_bind()
    other = "SELECT 1 FROM deliveries o WHERE o.message = deliveries.message AND o.channel = deliveries.channel"
    other += (
        " AND o.unit = deliveries.unit AND o.id <> deliveries.id AND lower(o.recipient) = lower(deliveries.recipient)"
    )
    store.execute(
        sa.text(
            "UPDATE deliveries SET recipient = lower(recipient) "
            f"WHERE recipient LIKE '%@%' AND recipient NOT LIKE '%/%' AND NOT EXISTS ({other})"
        )
    )
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
