"""The memory: vintages, what was read from them, runs, what was published; append-only, the door to SQLAlchemy."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import SQLAlchemyError

from flows.clock import BEIJING
from transforms.arrivals import SourceRecord
from transforms.doubts import Doubt, Severity
from transforms.errors import EnvironmentFault
from transforms.observations import Observation, Received
from transforms.periods import Period
from transforms.readings import (
    Cell,
    Contents,
    Ledger,
    LedgerColumn,
    LedgerRow,
    Measure,
    Reading,
    State,
    Table,
)
from transforms.writing.editing import Remembered
from transforms.writing.editions import Edition
from transforms.writing.published import Published


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


_metadata = sa.MetaData()

_vintages = sa.Table(
    "vintages",
    _metadata,
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

_withdrawals = sa.Table(
    "withdrawals",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), nullable=False),
    sa.Column("at", sa.String, nullable=False),
)

_sightings = sa.Table(
    "sightings",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), nullable=False),
    sa.Column("item", sa.String, nullable=False, index=True),
    sa.Column("tag", sa.String, nullable=False),
)

_empty_items = sa.Table(
    "empty_items",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False, index=True),
    sa.Column("item", sa.String, nullable=False),
    sa.Column("tag", sa.String, nullable=False),
)

_pulls = sa.Table(
    "pulls",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("district", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("faults", sa.String, nullable=False),
    sa.Index("pulls_by_source", "district", "source"),
)

_reads = sa.Table(
    "reads",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), nullable=False),
    sa.Column("reader", sa.String, nullable=False),
    sa.Column("periods", sa.String, nullable=False),
    sa.Column("doubts", sa.String, nullable=False),
    sa.UniqueConstraint("vintage", "reader"),
)

_tables = sa.Table(
    "tables",
    _metadata,
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

_readings = sa.Table(
    "readings",
    _metadata,
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

_row_codes = sa.Table(
    # The few readings whose row has a code; a table of its own, so that a store made before there were codes goes on.
    "row_codes",
    _metadata,
    sa.Column("read", sa.Integer, nullable=False),
    sa.Column("table", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("read", "table", "number"),
)

_ledger_rows = sa.Table(
    "ledger_rows",
    _metadata,
    sa.Column("read", sa.Integer, nullable=False),
    sa.Column("table", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("texts", sa.String, nullable=False),
    sa.PrimaryKeyConstraint("read", "table", "number"),
    sa.ForeignKeyConstraint(["read", "table"], ["tables.read", "tables.number"]),
)

_runs = sa.Table(
    "runs",
    _metadata,
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
    sa.Index("runs_by_period", "district", "period"),
)

_assessments = sa.Table(
    "assessments",
    _metadata,
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

_issues = sa.Table(
    "issues",
    _metadata,
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

_issue_files = sa.Table(
    "issue_files",
    _metadata,
    sa.Column("issue", sa.ForeignKey("issues.id"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

_issue_vintages = sa.Table(
    "issue_vintages",
    _metadata,
    sa.Column("issue", sa.ForeignKey("issues.id"), primary_key=True),
    sa.Column("vintage", sa.ForeignKey("vintages.id"), primary_key=True),
)

_issue_figures = sa.Table(
    "issue_figures",
    _metadata,
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

_edit_quotes = sa.Table(
    # Figures as they stood when an editor's text first quoted them; never changed, so that a later one is noticed.
    "edit_quotes",
    _metadata,
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


@dataclass(frozen=True, slots=True)
class Vintage:
    """One pull of one file: where it came from, its bytes' hash, and when it was received."""

    id: int
    origin: str
    workbook: str
    sha256: str
    received: dt.datetime


@dataclass(frozen=True, slots=True)
class Input:
    """A vintage that a bulletin may use, and which read of it."""

    vintage: Vintage
    read: int
    in_force: bool
    """False for a vintage whose place in the source was since taken by a newer one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A vintage with what was read from it."""

    vintage: Vintage
    received: Received


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


@dataclass(frozen=True, slots=True)
class Issue:
    """A bulletin that was published: its place in the organ's register, by whom and when, and what its files were."""

    district: str
    period: Period
    register: str
    """The pattern of the 发文字号, which names the register that the number was taken from."""
    year: int
    number: int
    correction: int
    """0 for the issue itself, 1 for its first correction; a correction has its issue's year and number."""
    designation: str
    """发文字号: 金经信通报〔2024〕6号（更正）."""
    title: str
    dated: dt.date
    """成文日期."""
    by: str
    at: dt.datetime
    fingerprint: str
    """That of the draft which it was frozen from."""
    content: str
    """A hash of all that it says besides its number and its 修订说明."""
    manifest_sha256: str

    @property
    def edition(self) -> Edition:
        """What its templates were told."""
        return Edition(self.number, self.correction, self.year)

    @property
    def folder(self) -> str:
        """The name of its folder in data_out/DISTRICT/issues; such names sort in the order of the register."""
        name = f"{self.year}-{self.number:03d}"
        return f"{name}-correction-{self.correction}" if self.correction else name


class NumberTaken(Exception):
    """Another publisher was faster: the number, or the period, has its issue."""


class Store:
    """One store, on SQLite or PostgreSQL by its address.

    Times are kept as UTC texts, which sort, and given in the districts' time.
    """

    def __init__(self, address: str) -> None:
        self._engine = _engine(address)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _told(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _told(self._engine), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def vintages(self, district: str) -> tuple[Vintage, ...]:
        """Every vintage of the district that hasn't been withdrawn, oldest first."""
        return tuple(vintage for vintage, _ in self._standing(district, None))

    def add_vintage(self, district: str, vintage: Vintage, size: int, pulled: dt.datetime) -> Vintage:
        """Keep a new vintage; gives it with its id."""
        with self._writing() as connection:
            made = connection.execute(
                sa.insert(_vintages).returning(_vintages.c.id),
                {
                    "district": district,
                    "origin": vintage.origin,
                    "workbook": vintage.workbook,
                    "sha256": vintage.sha256,
                    "size": size,
                    "received": _utc(vintage.received),
                    "pulled": _utc(pulled),
                },
            ).scalar_one()
        return Vintage(made, vintage.origin, vintage.workbook, vintage.sha256, vintage.received)

    def withdraw(self, vintages: Iterable[Vintage], at: dt.datetime) -> None:
        """Record that these are no longer in their source; what was made from them stays as it was."""
        rows = [{"vintage": vintage.id, "at": _utc(at)} for vintage in vintages]
        if rows:
            with self._writing() as connection:
                connection.execute(sa.insert(_withdrawals), rows)

    def sight(self, vintage: Vintage, item: str, tag: str) -> None:
        """Record that a source's item had this mark when the vintage was taken from it."""
        with self._writing() as connection:
            connection.execute(sa.insert(_sightings), {"vintage": vintage.id, "item": item, "tag": tag})

    def sightings(self, district: str) -> dict[str, tuple[tuple[str, int], ...]]:
        """For each item of the district's sources its marks and their vintages' ids, oldest first."""
        query = (
            sa.select(_sightings.c.item, _sightings.c.tag, _sightings.c.vintage)
            .join(_vintages, _vintages.c.id == _sightings.c.vintage)
            .where(_vintages.c.district == district)
            .order_by(_sightings.c.id)
        )
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                found[row.item] = (*found.get(row.item, ()), (row.tag, row.vintage))
        return found

    def record_empty(self, district: str, item: str, tag: str) -> None:
        """Record that a source's item with this mark was looked through and holds no delivery."""
        with self._writing() as connection:
            connection.execute(sa.insert(_empty_items), {"district": district, "item": item, "tag": tag})

    def empty_items(self, district: str) -> frozenset[tuple[str, str]]:
        """The items of the district's sources that hold no delivery, each with its mark."""
        query = sa.select(_empty_items.c.item, _empty_items.c.tag).where(_empty_items.c.district == district)
        with self._reading() as connection:
            return frozenset((row.item, row.tag) for row in connection.execute(query))

    def record_pull(self, district: str, source: str, at: dt.datetime, faults: Sequence[str]) -> None:
        """Keep that a source was pulled, and what stood in the way."""
        row = {"district": district, "source": source, "at": _utc(at), "faults": _json(faults)}
        with self._writing() as connection:
            connection.execute(sa.insert(_pulls), row)

    def pulls(self, district: str) -> dict[str, SourceRecord]:
        """What is known of the pulls of each source that was ever pulled."""
        query = sa.select(_pulls).where(_pulls.c.district == district).order_by(_pulls.c.id)
        found: dict[str, SourceRecord] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                at, faults = _time(row.at), tuple(json.loads(row.faults))
                whole = found[row.source].whole if faults and row.source in found else None
                found[row.source] = SourceRecord(at, faults, whole if faults else at)
        return found

    def unread(self, district: str, reader: str) -> tuple[Vintage, ...]:
        """The vintages that this version of the reader hasn't read yet."""
        with self._reading() as connection:
            read = set(connection.execute(sa.select(_reads.c.vintage).where(_reads.c.reader == reader)).scalars())
        return tuple(vintage for vintage in self.vintages(district) if vintage.id not in read)

    def told_of(self, district: str, reader: str, expectation: str) -> tuple[Vintage, ...]:
        """The vintages of which this version of the reader said nothing but that they break this expectation."""
        with self._reading() as connection:
            found = connection.execute(
                sa.select(_reads.c.vintage, _reads.c.doubts).where(
                    _reads.c.reader == reader, _reads.c.doubts.contains(expectation, autoescape=True)
                )
            )
            told = {
                row.vintage for row in found if {doubt.expectation for doubt in _doubts(row.doubts)} == {expectation}
            }
        return tuple(vintage for vintage in self.vintages(district) if vintage.id in told)

    def keep_contents(self, vintage: Vintage, reader: str, contents: Contents) -> None:
        """Keep what one version of the reader read from a vintage, all or nothing; in place of an earlier failure."""
        with self._writing() as connection:
            # Only a read that gave no table is ever repeated, so that nothing hangs on this row.
            connection.execute(sa.delete(_reads).where(_reads.c.vintage == vintage.id, _reads.c.reader == reader))
            read = connection.execute(
                sa.insert(_reads).returning(_reads.c.id),
                {
                    "vintage": vintage.id,
                    "reader": reader,
                    "periods": " ".join(str(period) for period in contents.periods),
                    "doubts": _doubts_text(contents.doubts),
                },
            ).scalar_one()
            tables, readings, rows = _rows_of(read, contents)
            codes = list(_codes_of(read, contents))
            kept = ((_tables, tables), (_readings, readings), (_row_codes, codes), (_ledger_rows, rows))
            for table, values in kept:
                if values:
                    connection.execute(sa.insert(table), values)

    def inputs(self, district: str, reader: str, period: Period, as_of: dt.datetime | None) -> tuple[Input, ...]:
        """The vintages that a bulletin of the period may use, as known at a moment (now if None), oldest first.

        That is: all that tells of the period's year so far or of the year before, and all that tells of no period.
        """
        first = Period(period.year - 1, 1)
        standing = self._standing(district, as_of)
        with self._reading() as connection:
            reads = {
                row.vintage: row
                for row in connection.execute(
                    sa.select(_reads.c.id, _reads.c.vintage, _reads.c.periods).where(_reads.c.reader == reader)
                )
            }
        found = []
        for vintage, in_force in standing:
            row = reads.get(vintage.id)
            if row is None:
                continue
            told = [Period.parse(text) for text in row.periods.split()]
            if not told or any(first <= one <= period for one in told):
                found.append(Input(vintage, row.id, in_force))
        return tuple(found)

    def files_by_period(self, district: str, reader: str) -> dict[Period, int]:
        """How many of the district's vintages tell of each period."""
        standing = {vintage.id for vintage, in_force in self._standing(district, None) if in_force}
        with self._reading() as connection:
            rows = connection.execute(
                sa.select(_reads.c.vintage, _reads.c.periods).where(_reads.c.reader == reader)
            ).all()
        counts: dict[Period, int] = {}
        for row in rows:
            for text in row.periods.split() if row.vintage in standing else ():
                counts[Period.parse(text)] = counts.get(Period.parse(text), 0) + 1
        return counts

    def kept(self, inputs: Sequence[Input]) -> tuple[Kept, ...]:
        """What was read from these vintages."""
        with self._reading() as connection:
            contents = _contents(connection, {one.read: one.vintage for one in inputs})
        return tuple(
            Kept(one.vintage, Received(contents[one.read], one.vintage.received, one.in_force)) for one in inputs
        )

    def _standing(self, district: str, as_of: dt.datetime | None) -> list[tuple[Vintage, bool]]:
        with self._reading() as connection:
            gone: dict[int, str] = {
                row.vintage: row.at
                for row in connection.execute(
                    sa.select(_withdrawals.c.vintage, sa.func.min(_withdrawals.c.at).label("at")).group_by(
                        _withdrawals.c.vintage
                    )
                )
            }
            rows = connection.execute(
                sa.select(_vintages)
                .where(_vintages.c.district == district)
                .order_by(_vintages.c.received, _vintages.c.origin, _vintages.c.id)
            ).all()
        moment = _utc(as_of) if as_of else None
        found: dict[str, list[Vintage]] = {}
        for row in rows:
            if row.id in gone and (moment is None or gone[row.id] <= moment):
                continue
            if moment is not None and row.received > moment:
                continue
            vintage = Vintage(row.id, row.origin, row.workbook, row.sha256, _time(row.received))
            found.setdefault(row.origin, []).append(vintage)
        newest = {vintages[-1].id for vintages in found.values()}
        everything = sorted(
            (vintage for vintages in found.values() for vintage in vintages),
            key=lambda vintage: (vintage.received, vintage.origin, vintage.id),
        )
        return [(vintage, vintage.id in newest) for vintage in everything]

    def record(self, run: Run, figures: Sequence[AssessedFigure]) -> None:
        """Keep a finished run and what it assessed."""
        with self._writing() as connection:
            made = connection.execute(
                sa.insert(_runs).returning(_runs.c.id),
                {
                    "district": run.district,
                    "period": str(run.period),
                    "as_of": _utc(run.as_of) if run.as_of else None,
                    "fingerprint": run.fingerprint,
                    "started": _utc(run.started),
                    "finished": _utc(run.finished),
                    "outcome": run.outcome,
                    "message": run.message,
                    "manifest": run.manifest,
                },
            ).scalar_one()
            if figures:
                connection.execute(sa.insert(_assessments), [{"run": made, **asdict(figure)} for figure in figures])

    def remember_quotes(self, district: str, period: Period, quotes: Iterable[Remembered], at: dt.datetime) -> None:
        """Keep figures as they stand, since an edited text quotes them for the first time."""
        rows = [{"district": district, "period": str(period), "at": _utc(at), **asdict(quote)} for quote in quotes]
        if rows:
            with self._writing() as connection:
                connection.execute(sa.insert(_edit_quotes), rows)

    def remembered_quotes(self, district: str, period: Period) -> tuple[Remembered, ...]:
        """The figures that the period's edited texts have quoted, as they stood then."""
        columns = (_edit_quotes.c.section, _edit_quotes.c.quoted, _edit_quotes.c.key, _edit_quotes.c.figure)
        query = sa.select(*columns).where(_edit_quotes.c.district == district, _edit_quotes.c.period == str(period))
        with self._reading() as connection:
            return tuple(Remembered(*row) for row in connection.execute(query.order_by(_edit_quotes.c.id)))

    def last_runs(self, district: str) -> dict[Period, Run]:
        """The newest run of each period."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(_runs).where(_runs.c.district == district).order_by(_runs.c.id)).all()
        return {
            Period.parse(row.period): Run(
                row.district,
                Period.parse(row.period),
                _time(row.as_of) if row.as_of else None,
                row.fingerprint,
                _time(row.started),
                _time(row.finished),
                row.outcome,
                row.message,
                row.manifest,
            )
            for row in rows
        }

    def issues(self, district: str) -> tuple[Issue, ...]:
        """What the district has published, corrections too, in the order in which that happened."""
        query = sa.select(_issues).where(_issues.c.district == district).order_by(_issues.c.id)
        with self._reading() as connection:
            return tuple(_issue(row) for row in connection.execute(query))

    def next_number(self, register: str, year: int) -> int:
        """The number after the highest one that was given out in the register's year."""
        highest = sa.select(sa.func.max(_issues.c.number)).where(_issues.c.register == register, _issues.c.year == year)
        with self._reading() as connection:
            return (connection.execute(highest).scalar() or 0) + 1

    def keep_issue(
        self, issue: Issue, files: Mapping[str, bytes], inputs: Sequence[Input], figures: Sequence[Observation]
    ) -> None:
        """Keep an issue with its files, the vintages that it knew and the figures that it told; all or nothing.

        Raises NumberTaken where the number was given out, or the period published, in the meantime.
        """
        row = {
            **{name: getattr(issue, name) for name in Issue.__dataclass_fields__},
            "period": str(issue.period),
            "dated": issue.dated.isoformat(),
            "at": _utc(issue.at),
        }
        known = {(one.vintage.sha256, one.vintage.workbook): one.vintage.id for one in inputs}
        with _told(self._engine):
            try:
                with self._engine.begin() as connection:
                    made = connection.execute(sa.insert(_issues).returning(_issues.c.id), row).scalar_one()
                    kept: tuple[tuple[sa.Table, list[dict[str, Any]]], ...] = (
                        (_issue_files, [{"name": name, "data": data} for name, data in files.items()]),
                        (_issue_vintages, [{"vintage": one.vintage.id} for one in inputs]),
                        (_issue_figures, [_figure_row(at, one, known) for at, one in enumerate(figures)]),
                    )
                    for table, rows in kept:
                        if rows:
                            connection.execute(sa.insert(table), [{"issue": made, **one} for one in rows])
            except sa.exc.IntegrityError as error:
                raise NumberTaken(str(error.orig)) from None

    def issue_files(self, issue: Issue) -> dict[str, bytes]:
        """The bytes of an issue's files by their names, its manifest among them."""
        query = (
            sa.select(_issue_files.c.name, _issue_files.c.data)
            .join(_issues, _issues.c.id == _issue_files.c.issue)
            .where(*_is(issue))
            .order_by(_issue_files.c.name)
        )
        with self._reading() as connection:
            return {row.name: row.data for row in connection.execute(query)}

    def published(self, issue: Issue) -> Published:
        """What an issue told and knew, for a later bulletin to say what has changed."""
        figures = (
            sa.select(_issue_figures)
            .join(_issues, _issues.c.id == _issue_figures.c.issue)
            .where(*_is(issue))
            .order_by(_issue_figures.c.number)
        )
        vintages = (
            sa.select(_vintages.c.id, _vintages.c.sha256, _vintages.c.workbook)
            .join(_issue_vintages, _issue_vintages.c.vintage == _vintages.c.id)
            .join(_issues, _issues.c.id == _issue_vintages.c.issue)
            .where(*_is(issue))
        )
        with self._reading() as connection:
            known = {row.id: (row.sha256, row.workbook) for row in connection.execute(vintages)}
            told = tuple(_published_figure(row, known) for row in connection.execute(figures))
        return Published(
            issue.period,
            issue.edition,
            issue.designation,
            issue.dated,
            told,
            frozenset(sha for sha, _ in known.values()),
        )


def _is(issue: Issue) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _issues.c.district == issue.district,
        _issues.c.period == str(issue.period),
        _issues.c.correction == issue.correction,
    )


def _issue(row: Any) -> Issue:
    return Issue(
        district=row.district,
        period=Period.parse(row.period),
        register=row.register,
        year=row.year,
        number=row.number,
        correction=row.correction,
        designation=row.designation,
        title=row.title,
        dated=dt.date.fromisoformat(row.dated),
        by=row.by,
        at=_time(row.at),
        fingerprint=row.fingerprint,
        content=row.content,
        manifest_sha256=row.manifest_sha256,
    )


def _figure_row(number: int, figure: Observation, known: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    return {
        "number": number,
        "code": figure.code,
        "area": figure.area,
        "period": str(figure.period),
        "measure": figure.measure.value,
        "value": figure.value,
        "unit": figure.unit,
        "places": figure.places,
        "corrected": figure.corrected,
        "received": _utc(figure.received),
        "cells": _json([[known[cell.vintage, cell.workbook], cell.sheet, cell.ref] for cell in figure.cells]),
    }


def _published_figure(row: Any, known: Mapping[int, tuple[str, str]]) -> Observation:
    return Observation(
        code=row.code,
        area=row.area,
        period=Period.parse(row.period),
        measure=Measure(row.measure),
        value=row.value,
        unit=row.unit,
        state=State.NUMBER,
        text="",
        places=row.places,
        cells=tuple(Cell(*known[vintage], sheet, ref) for vintage, sheet, ref in json.loads(row.cells)),
        received=_time(row.received),
        corrected=row.corrected,
    )


def _engine(address: str) -> Engine:
    try:
        url = sa.engine.make_url(address)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise EnvironmentFault(f"the store's address can't be used ({error}); mend DATABASE_URL") from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    with _told(engine):
        _metadata.create_all(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, and BEGIN IMMEDIATE: a deferred read-then-write fails under contention in spite of the timeout."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """A database's failure as a sentence with its cure; the password isn't shown."""
    try:
        yield
    except sa.exc.OperationalError as error:
        raise EnvironmentFault(
            f"the store {engine.url!r} fails: {error.orig}; see that it's running and reachable, that it may be "
            "written, and that there's room"
        ) from None
    except sa.exc.DatabaseError as error:
        raise EnvironmentFault(
            f"the store {engine.url!r} refuses: {error.orig}; if it is damaged, move it away and restore it from a "
            "copy: it alone remembers when each vintage came"
        ) from None


def _rows_of(read: int, contents: Contents) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    tables: list[dict[str, Any]] = []
    readings: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number, table in enumerate(contents.tables):
        head = None
        if table.ledger is not None:
            columns = [asdict(column) for column in table.ledger.columns]
            head = _json({"columns": columns, "stated": table.ledger.stated_count})
            rows += [
                {"read": read, "table": number, "number": row.number, "texts": _json(row.texts)}
                for row in table.ledger.rows
            ]
        tables.append(
            {
                "read": read,
                "number": number,
                "layout": table.layout,
                "sheet": table.sheet,
                "title": table.title,
                "period": str(table.period) if table.period else None,
                "reporter": table.reporter,
                "notes": _json(table.notes),
                "ledger": head,
            }
        )
        readings += [
            {
                "read": read,
                "table": number,
                "number": position,
                "label": one.label,
                "parent": one.parent,
                "area": one.area,
                "period": str(one.period) if one.period else None,
                "measure": one.measure.value,
                "value": one.value,
                "unit": one.unit,
                "state": one.state.value,
                "ref": one.cell.ref,
                "raw": one.raw,
            }
            for position, one in enumerate(table.readings)
        ]
    return tables, readings, rows


def _codes_of(read: int, contents: Contents) -> Iterator[dict[str, Any]]:
    for number, table in enumerate(contents.tables):
        for position, one in enumerate(table.readings):
            if one.code:
                yield {"read": read, "table": number, "number": position, "code": one.code}


def _contents(connection: Connection, wanted: dict[int, Vintage]) -> dict[int, Contents]:
    readings: dict[tuple[int, int], list[Any]] = {}
    ledger_rows: dict[tuple[int, int], list[Any]] = {}
    tables: dict[int, list[Table]] = {read: [] for read in wanted}
    doubts: dict[int, str] = {}
    codes: dict[tuple[int, int, int], str] = {}
    for part in _parts(list(wanted)):
        for row in connection.execute(sa.select(_row_codes).where(_row_codes.c.read.in_(part))):
            codes[row.read, row.table, row.number] = row.code
        for source, into in ((_readings, readings), (_ledger_rows, ledger_rows)):
            query = sa.select(source).where(source.c.read.in_(part)).order_by(*source.primary_key.columns)
            for row in connection.execute(query):
                into.setdefault((row.read, row.table), []).append(row)
        for row in connection.execute(sa.select(_reads.c.id, _reads.c.doubts).where(_reads.c.id.in_(part))):
            doubts[row.id] = row.doubts
        query = sa.select(_tables).where(_tables.c.read.in_(part)).order_by(_tables.c.read, _tables.c.number)
        for row in connection.execute(query):
            vintage = wanted[row.read]
            key = (row.read, row.number)
            tables[row.read].append(
                Table(
                    layout=row.layout,
                    workbook=vintage.workbook,
                    sheet=row.sheet,
                    title=row.title,
                    period=Period.parse(row.period) if row.period else None,
                    reporter=row.reporter,
                    readings=tuple(
                        _reading(one, vintage, row.sheet, codes.get((*key, one.number), ""))
                        for one in readings.get(key, ())
                    ),
                    ledger=_ledger(row.ledger, ledger_rows.get(key, [])) if row.ledger else None,
                    notes=tuple(json.loads(row.notes)),
                )
            )
    return {
        read: Contents(vintage.sha256, vintage.workbook, tuple(tables[read]), _doubts(doubts[read]))
        for read, vintage in wanted.items()
    }


def _parts(ids: list[int]) -> Iterator[list[int]]:
    """SQLite takes 32,766 parameters at most."""
    for start in range(0, len(ids), 10_000):
        yield ids[start : start + 10_000]


def _reading(row: Any, vintage: Vintage, sheet: str, code: str) -> Reading:
    return Reading(
        label=row.label,
        area=row.area,
        period=Period.parse(row.period) if row.period else None,
        measure=Measure(row.measure),
        value=row.value,
        unit=row.unit,
        cell=Cell(vintage.sha256, vintage.workbook, sheet, row.ref),
        raw=row.raw,
        state=State(row.state),
        parent=row.parent,
        code=code,
    )


def _ledger(head: str, rows: Sequence[Any]) -> Ledger:
    told = json.loads(head)
    return Ledger(
        columns=tuple(LedgerColumn(**column) for column in told["columns"]),
        rows=tuple(LedgerRow(row.number, tuple(json.loads(row.texts))) for row in rows),
        stated_count=told["stated"],
    )


def _doubts_text(doubts: Sequence[Doubt]) -> str:
    return _json([doubt.told() for doubt in doubts])


def _doubts(text: str) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(
            **{
                **told,
                "severity": Severity(told["severity"]),
                "places": tuple(told["places"]),
                "period": Period.parse(told["period"]) if told["period"] else None,
            }
        )
        for told in json.loads(text)
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(BEIJING)
