"""What was read from a spreadsheet, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.console.showing import Show
from transforms.figures import exact

if TYPE_CHECKING:
    from transforms.readings import Contents, Reading


def print_contents(contents: Contents, show: Show) -> None:
    """What was read from a file and what is wrong with it."""
    show(_contents(contents), lambda: _contents_lines(contents))


def _contents(contents: Contents) -> dict[str, Any]:
    return {
        "file": contents.workbook,
        "sha256": contents.vintage,
        "tables": [
            {
                "layout": table.layout,
                "sheet": table.sheet,
                "title": table.title,
                "period": str(table.period) if table.period else None,
                "reporter": table.reporter,
                "notes": list(table.notes),
                "ledger": None
                if table.ledger is None
                else {
                    "columns": [
                        {"name": column.name, "unit": column.unit, "letter": column.letter}
                        for column in table.ledger.columns
                    ],
                    "stated_count": table.ledger.stated_count,
                    "rows": [{"row": row.number, "texts": list(row.texts)} for row in table.ledger.rows],
                },
            }
            for table in contents.tables
        ],
        "readings": [_reading(reading) for reading in contents.readings],
        "doubts": [doubt.told() for doubt in contents.doubts],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "label": reading.label,
        "parent": reading.parent,
        "area": reading.area,
        "period": str(reading.period) if reading.period else None,
        "measure": reading.measure.value,
        "value": exact(reading.value),
        "unit": reading.unit,
        "state": reading.state.value,
        "sheet": reading.cell.sheet,
        "cell": reading.cell.ref,
        "raw": reading.raw,
    }


def _contents_lines(contents: Contents) -> Iterator[str]:
    for table in contents.tables:
        period = table.period.chinese() if table.period else "—"
        reporter = f"，{table.reporter}" if table.reporter else ""
        yield f"《{table.sheet}》{table.title}  [{table.layout}，{period}{reporter}]"
        for reading in table.readings:
            value = exact(reading.value) if reading.value is not None else f"({reading.state})"
            area = f"{reading.area} " if reading.area else ""
            yield (
                f"  {reading.cell.ref:<6} {area}{reading.label}  {reading.period or '—'} {reading.measure}  "
                f"{value}{reading.unit if reading.value is not None else ''}  〔{reading.raw}〕"
            )
        if table.ledger is not None:
            yield "  " + " | ".join(column.name for column in table.ledger.columns)
            for row in table.ledger.rows:
                yield f"  {row.number:<4} " + " | ".join(row.texts)
    for doubt in contents.doubts:
        yield f"  ! {doubt.severity} {doubt.chinese()}"
    counted = sum(len(table.ledger.rows) for table in contents.tables if table.ledger)
    yield (
        f"{len(contents.tables)} tables, {len(contents.readings)} readings, {counted} ledger rows, "
        f"{len(contents.doubts)} doubts"
    )
