"""What became of each run, and what it found for each indicator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from flows.store.connecting import Connected
from flows.store.persisting import persistent
from flows.store.tables import ASSESSMENTS, RUNS
from flows.store.texts import as_time, as_utc
from transforms.periods import Period


@dataclass(frozen=True, slots=True)
class AssessedFigure:
    """What a run found for one indicator, for the record."""

    code: str
    status: str
    value: Decimal | None
    unit: str
    target: Decimal | None
    completion: Decimal | None
    declared_path: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Run:
    """One finished attempt at a period's bulletin."""

    district: str
    period: Period
    as_of: dt.datetime | None
    fingerprint: str
    started: dt.datetime
    finished: dt.datetime
    outcome: str
    """made, blocked or failed."""
    message: str
    manifest: str
    run: str
    """Its id in the log; empty for one that was kept before ids were."""


class Runs(Connected):
    """The finished attempts at periods' bulletins."""

    @persistent
    def record(self, run: Run, figures: Sequence[AssessedFigure]) -> None:
        """Keep a finished run and what it assessed."""
        with self._writing() as connection:
            made = connection.execute(
                sa.insert(RUNS).returning(RUNS.c.id),
                {
                    "district": run.district,
                    "period": str(run.period),
                    "as_of": as_utc(run.as_of) if run.as_of else None,
                    "fingerprint": run.fingerprint,
                    "started": as_utc(run.started),
                    "finished": as_utc(run.finished),
                    "outcome": run.outcome,
                    "message": run.message,
                    "manifest": run.manifest,
                    "run": run.run or None,
                },
            ).scalar_one()
            if figures:
                connection.execute(sa.insert(ASSESSMENTS), [{"run": made, **asdict(figure)} for figure in figures])

    @persistent
    def last_runs(self, district: str) -> dict[Period, Run]:
        """The newest run of each period."""
        return self._newest(sa.select(RUNS).where(RUNS.c.district == district))

    @persistent
    def last_made(self, district: str) -> dict[Period, Run]:
        """The newest run of each period that made its bulletin of what is known now."""
        made = sa.select(RUNS).where(RUNS.c.district == district, RUNS.c.outcome == "made", RUNS.c.as_of.is_(None))
        return self._newest(made)

    def _newest(self, query: sa.Select[Any]) -> dict[Period, Run]:
        with self._reading() as connection:
            rows = connection.execute(query.order_by(RUNS.c.id)).all()
        return {
            Period.parse(row.period): Run(
                row.district,
                Period.parse(row.period),
                as_time(row.as_of) if row.as_of else None,
                row.fingerprint,
                as_time(row.started),
                as_time(row.finished),
                row.outcome,
                row.message,
                row.manifest,
                row.run or "",
            )
            for row in rows
        }

    @persistent
    def made_manifests(self, district: str) -> frozenset[str]:
        """The SHA-256 of the manifest of every bulletin that a run of the district ever made."""
        query = sa.select(RUNS.c.manifest).where(RUNS.c.district == district, RUNS.c.outcome == "made")
        with self._reading() as connection:
            return frozenset(sha256(row.manifest.encode()).hexdigest() for row in connection.execute(query))
