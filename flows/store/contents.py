"""What was read from a vintage, as rows of the store's tables and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from flows.store.tables import LEDGER_ROWS, READINGS, READS, ROW_CODES, TABLES
from flows.store.texts import as_text
from flows.store.vintages import Vintage
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.readings import Cell, Contents, Ledger, LedgerColumn, LedgerRow, Measure, Reading, State, Table


def write_contents(connection: Connection, read: int, contents: Contents) -> None:
    """Keep what one read of a vintage gave."""
    tables, readings, rows = _rows_of(read, contents)
    codes = list(_codes_of(read, contents))
    for table, values in ((TABLES, tables), (READINGS, readings), (ROW_CODES, codes), (LEDGER_ROWS, rows)):
        if values:
            connection.execute(sa.insert(table), values)


def contents_of(connection: Connection, wanted: Mapping[int, Vintage]) -> dict[int, Contents]:
    """What these reads gave, each with the vintage that it was of."""
    readings: dict[tuple[int, int], list[Any]] = {}
    ledger_rows: dict[tuple[int, int], list[Any]] = {}
    tables: dict[int, list[Table]] = {read: [] for read in wanted}
    doubts: dict[int, str] = {}
    codes: dict[tuple[int, int, int], str] = {}
    for part in _parts(list(wanted)):
        for row in connection.execute(sa.select(ROW_CODES).where(ROW_CODES.c.read.in_(part))):
            codes[row.read, row.table, row.number] = row.code
        for source, into in ((READINGS, readings), (LEDGER_ROWS, ledger_rows)):
            query = sa.select(source).where(source.c.read.in_(part)).order_by(*source.primary_key.columns)
            for row in connection.execute(query):
                into.setdefault((row.read, row.table), []).append(row)
        for row in connection.execute(sa.select(READS.c.id, READS.c.doubts).where(READS.c.id.in_(part))):
            doubts[row.id] = row.doubts
        query = sa.select(TABLES).where(TABLES.c.read.in_(part)).order_by(TABLES.c.read, TABLES.c.number)
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
        read: Contents(vintage.sha256, vintage.workbook, tuple(tables[read]), doubts_of(doubts[read]))
        for read, vintage in wanted.items()
    }


def doubts_as_text(doubts: Sequence[Doubt]) -> str:
    """Doubts as the text that a read keeps them as."""
    return as_text([doubt.told() for doubt in doubts])


def doubts_of(text: str) -> tuple[Doubt, ...]:
    """The same back."""
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


def _rows_of(read: int, contents: Contents) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    tables: list[dict[str, Any]] = []
    readings: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number, table in enumerate(contents.tables):
        head = None
        if table.ledger is not None:
            columns = [asdict(column) for column in table.ledger.columns]
            head = as_text({"columns": columns, "stated": table.ledger.stated_count})
            rows += [
                {"read": read, "table": number, "number": row.number, "texts": as_text(row.texts)}
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
                "notes": as_text(table.notes),
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
