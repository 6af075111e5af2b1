"""A district's rows as texts that any store can take in, and back; ids are ranks, so that two stores tell the same."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from flows.store.connecting import Connected
from flows.store.persisting import persistent
from flows.store.tables import ISSUE_FIGURES, METADATA, READS, ROW_CODES, VINTAGES, ExactDecimal
from flows.store.texts import as_text

STAYS = "stays"
"""In a table's ``info``: what it holds concerns one machine, and doesn't move."""

_UNDECLARED = {ROW_CODES.c.read: READS}
"""References that no foreign key tells of."""
_AT_ONCE = 5_000

Lines = Iterator[bytes]


class RowsInTheWay(Exception):
    """The store knows the district already, or one of its numbers was given to another."""


class Moving(Connected):
    """Takes a district's rows out of the store, and puts them into another."""

    @persistent
    def rows_of(self, district: str, keep: Callable[[str, Lines], None]) -> None:
        """Hand over every table's rows as JSON lines, all as they stood at one moment.

        The same rows give the same lines on SQLite and on PostgreSQL: decimals are written out, bytes in base64, and
        an id is its row's rank among the district's, which is what the rows that refer to it say too. Where the
        database goes away in the midst, every table is handed over again.
        """
        with self._reading() as connection:
            if self._engine.dialect.name != "sqlite":  # SQLite sees one moment as it is.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            ranks: dict[str, dict[int, int]] = {}
            for table in moving_tables():
                keep(table.name, _lines_of(connection, table, district, ranks))

    @persistent
    def knows(self, district: str) -> bool:
        """Whether any row of the store belongs to the district."""
        with self._reading() as connection:
            return _knows(connection, district)

    @persistent
    def take_in(self, district: str, rows: Mapping[str, Callable[[], Iterable[bytes]]]) -> None:
        """Put a district's rows in, all or nothing, unless the store knows it; RowsInTheWay where a number is taken.

        ``rows`` gives each table's lines as :meth:`rows_of` handed them over. ValueError, or what else a wrong value
        brings about, where they're another district's, or no rows of these tables.
        """
        with self._writing() as connection:
            if _knows(connection, district):
                return
            ids: dict[str, dict[int, int]] = {}
            try:
                for table in moving_tables():
                    _put_in(connection, table, district, rows[table.name](), ids)
            except sa.exc.IntegrityError as error:
                raise RowsInTheWay(str(error.orig)) from None


@cache
def moving_tables() -> tuple[sa.Table, ...]:
    """The tables whose rows move with a district, each after those that it refers to."""
    return tuple(table for table in METADATA.sorted_tables if not table.info.get(STAYS))


@cache
def shape() -> str:
    """A hash over the names of the columns that move: two stores of one shape can take each other's rows in."""
    columns = [f"{column.table.name}.{column.name}" for table in moving_tables() for column in table.columns]
    return sha256("\n".join(sorted(columns)).encode()).hexdigest()[:16]


def _knows(connection: Connection, district: str) -> bool:
    return any(
        connection.execute(sa.select(sa.literal(1)).where(_belongs(table, district)).limit(1)).first()
        for table in moving_tables()
        if "district" in table.c
    )


def _belongs(table: sa.Table, district: str) -> sa.ColumnElement[bool]:
    if "district" in table.c:
        return table.c.district == district
    for column in table.c:
        target = _referred(column)
        if target is not None and target is not table:
            return column.in_(sa.select(target.c.id).where(_belongs(target, district)))
    raise LookupError(f"{table.name} belongs to no district; give it a district or a reference, or {STAYS!r}")


def _referred(column: sa.Column[Any]) -> sa.Table | None:
    """The table whose ids the column holds, through whatever is between."""
    if column in _UNDECLARED:
        return _UNDECLARED[column]
    for key in column.foreign_keys:
        return key.column.table if key.column.name == "id" else _referred(key.column)
    return None


# --- Out ----------------------------------------------------------------------------------------


def _lines_of(connection: Connection, table: sa.Table, district: str, ranks: dict[str, dict[int, int]]) -> Lines:
    own = ranks.setdefault(table.name, {})
    query = sa.select(table).where(_belongs(table, district)).order_by(*_in_order(connection, table))
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings():
        told: dict[str, Any] = {}
        for column in table.c:
            value, target = row[column.name], _referred(column)
            if column.name == "id":
                own[value] = value = len(own) + 1
            elif target is not None and value is not None:
                value = ranks[target.name][value]
            elif column is ISSUE_FIGURES.c.cells:
                value = _with_vintages(value, ranks[VINTAGES.name])
            told[column.name] = _told(value)
        yield as_text(told).encode() + b"\n"


def _in_order(connection: Connection, table: sa.Table) -> Iterator[sa.ColumnElement[Any]]:
    """The order of the key, texts by their characters' numbers whatever the database's language is."""
    collation = "BINARY" if connection.dialect.name == "sqlite" else "C"
    for column in table.primary_key.columns:
        yield sa.collate(column, collation) if isinstance(column.type, sa.String) else column


def _told(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": format(value, "f")}
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _with_vintages(cells: str, numbers: Mapping[int, int]) -> str:
    return as_text([[numbers[vintage], sheet, ref] for vintage, sheet, ref in json.loads(cells)])


# --- In -----------------------------------------------------------------------------------------


def _put_in(
    connection: Connection, table: sa.Table, district: str, lines: Iterable[bytes], ids: dict[str, dict[int, int]]
) -> None:
    own = ids.setdefault(table.name, {})
    for part in _parts(lines):
        rows = [_row(table, json.loads(line), ids) for line in part]
        if any(row.get("district", district) != district for row in rows):
            raise ValueError(f"a row of {table.name} is another district's")
        if "id" not in table.c:
            connection.execute(sa.insert(table), rows)
            continue
        ranks = [row.pop("id") for row in rows]
        made = connection.execute(sa.insert(table).returning(table.c.id, sort_by_parameter_order=True), rows)
        own.update(zip(ranks, made.scalars(), strict=True))


def _parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    for line in lines:
        part.append(line)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _row(table: sa.Table, told: dict[str, Any], ids: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    if told.keys() != set(table.c.keys()):
        raise ValueError(f"a row of {table.name} hasn't its columns")
    row: dict[str, Any] = {}
    for column in table.c:
        name, value, target = column.name, told[column.name], _referred(column)
        if target is not None and value is not None:
            row[name] = ids[target.name][value]
        elif column is ISSUE_FIGURES.c.cells:
            row[name] = _with_vintages(value, ids[VINTAGES.name])
        else:
            row[name] = _back(column, value)
    return row


def _back(column: sa.Column[Any], value: Any) -> Any:
    """A value as the column holds it; ValueError where it's of another kind."""
    match column.type, value:
        case _, None if column.nullable:
            return None
        case ExactDecimal(), {"decimal": text} if Decimal(text).is_finite():
            return Decimal(text)
        case sa.LargeBinary(), {"bytes": text}:
            return base64.b64decode(text, validate=True)
        case sa.String(), str():
            return value
        case sa.Integer(), int() if abs(value) < 2**63:
            return value
    raise ValueError(f"{column} holds no {value!r:.40}")
