"""What became of the runs that began by themselves, and who approved or rejected which draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from flows.store.connecting import Connected
from flows.store.persisting import persistent
from flows.store.tables import APPROVALS, TRIES
from flows.store.texts import as_time, as_utc
from transforms.periods import Period
from transforms.scheduling.owed import Outcome


@dataclass(frozen=True, slots=True)
class Try:
    """One run by itself that ended, or waits for approval."""

    district: str
    period: Period
    at: dt.datetime
    outcome: Outcome
    fingerprint: str
    """Of the draft that it made; empty where it made none."""
    details: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision about a draft. Prefect can't verify who typed a name: ``how`` says where it was given."""

    district: str
    period: Period
    fingerprint: str
    """Of the draft that was looked at."""
    decision: str
    """approve or reject."""
    by: str
    how: str
    remark: str
    at: dt.datetime


class Tries(Connected):
    """Runs by themselves, and approvals."""

    @persistent
    def keep_try(self, one: Try) -> None:
        """Keep what became of a run."""
        with self._writing() as connection:
            row = {**asdict(one), "period": str(one.period), "at": as_utc(one.at), "outcome": one.outcome.value}
            connection.execute(sa.insert(TRIES), row)

    @persistent
    def tries(self, district: str) -> tuple[Try, ...]:
        """What became of the district's runs, oldest first."""
        query = sa.select(TRIES).where(TRIES.c.district == district).order_by(TRIES.c.id)
        with self._reading() as connection:
            return tuple(
                Try(
                    row.district,
                    Period.parse(row.period),
                    as_time(row.at),
                    Outcome(row.outcome),
                    row.fingerprint,
                    row.details,
                )
                for row in connection.execute(query)
            )

    @persistent
    def keep_approval(self, one: Approval) -> None:
        """Keep a decision."""
        with self._writing() as connection:
            connection.execute(sa.insert(APPROVALS), {**asdict(one), "period": str(one.period), "at": as_utc(one.at)})

    @persistent
    def approvals(self, district: str) -> tuple[Approval, ...]:
        """The district's decisions, oldest first."""
        query = sa.select(APPROVALS).where(APPROVALS.c.district == district).order_by(APPROVALS.c.id)
        with self._reading() as connection:
            return tuple(
                Approval(
                    row.district,
                    Period.parse(row.period),
                    row.fingerprint,
                    row.decision,
                    row.by,
                    row.how,
                    row.remark,
                    as_time(row.at),
                )
                for row in connection.execute(query)
            )
