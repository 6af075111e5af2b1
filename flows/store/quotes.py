"""Figures as they stood when an editor's text first quoted them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict

import sqlalchemy as sa

from flows.store.connecting import Connected
from flows.store.persisting import persistent
from flows.store.tables import EDIT_QUOTES
from flows.store.texts import as_utc
from transforms.periods import Period
from transforms.writing.editing import Remembered


class Quotes(Connected):
    """What edited texts have quoted."""

    @persistent
    def remember_quotes(self, district: str, period: Period, quotes: Iterable[Remembered], at: dt.datetime) -> None:
        """Keep figures as they stand, since an edited text quotes them for the first time."""
        rows = [{"district": district, "period": str(period), "at": as_utc(at), **asdict(quote)} for quote in quotes]
        if rows:
            with self._writing() as connection:
                connection.execute(sa.insert(EDIT_QUOTES), rows)

    @persistent
    def remembered_quotes(self, district: str, period: Period) -> tuple[Remembered, ...]:
        """The figures that the period's edited texts have quoted, as they stood then."""
        columns = (EDIT_QUOTES.c.section, EDIT_QUOTES.c.quoted, EDIT_QUOTES.c.key, EDIT_QUOTES.c.figure)
        query = sa.select(*columns).where(EDIT_QUOTES.c.district == district, EDIT_QUOTES.c.period == str(period))
        with self._reading() as connection:
            return tuple(Remembered(*row) for row in connection.execute(query.order_by(EDIT_QUOTES.c.id)))
