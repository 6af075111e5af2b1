"""Applies declared corrections to the rows of ledgers, and tells which no longer bite; counts nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.correction_doubts import basis, expired, idle
from transforms.declared.corrections import BLANK, LedgerCorrection
from transforms.doubts import Doubt
from transforms.figures import parse_number
from transforms.observations import CorrectedRow, Received
from transforms.periods import Period
from transforms.readings import Cell, Table

Place = tuple[int, int, int]
"""The numbers of what was received, of its table, and of the reading or row in it."""


@dataclass(frozen=True, slots=True)
class CorrectedLedgers:
    """What was received with its ledgers corrected, the cells that changed, and what is wrong with the corrections."""

    received: tuple[Received, ...]
    rows: tuple[CorrectedRow, ...]
    doubts: tuple[Doubt, ...]


def correct_ledgers(
    received: Sequence[Received], corrections: Sequence[LedgerCorrection], reference: Period
) -> CorrectedLedgers:
    """Apply each to every ledger of its year from its month on; the newest ledger says whether it still bites.

    A ledger goes on from month to month, and its errors with it.
    """
    made = list(received)
    rows: list[CorrectedRow] = []
    doubts: list[Doubt] = []
    for correction in corrections:
        found = [
            cell
            for at, one in enumerate(made)
            for number, table in enumerate(one.contents.tables)
            for cell in _cells(correction, one, (at, number), table, reference)
        ]
        # A row that the newest ledger no longer has is no longer wrong.
        last = max((_moment(one, table) for one, table in _ledgers(correction, made, reference)), default=None)
        newest = [cell for cell in found if cell.received.in_force and _moment(cell.received, cell.table) == last]
        doubts += _doubts(correction, newest, reference)
        wrong = [cell for cell in found if cell.is_wrong]
        for cell in wrong:
            made[cell.place[0]] = _mended(made[cell.place[0]], cell, correction.corrected)
        rows += [_row(correction, cell) for cell in wrong if cell in newest]
    return CorrectedLedgers(tuple(made), tuple(rows), tuple(doubts))


@dataclass(frozen=True, slots=True)
class _LedgerCell:
    """A cell that a correction names; ``column`` is its position in the row's texts."""

    place: Place
    column: int
    received: Received
    table: Table
    cell: Cell
    text: str
    is_wrong: bool


def _cells(
    correction: LedgerCorrection, one: Received, at: tuple[int, int], table: Table, reference: Period
) -> Iterator[_LedgerCell]:
    ledger = table.ledger
    if ledger is None or not _is_meant(correction, one, table, reference):
        return
    column = ledger.position(correction.column)
    if column is None:
        return
    for position, row in enumerate(ledger.rows):
        if correction.row in row.texts:
            text = row.texts[column]
            ref = f"{ledger.columns[column].letter}{row.number}"
            cell = Cell(one.contents.vintage, one.contents.workbook, table.sheet, ref)
            yield _LedgerCell((*at, position), column, one, table, cell, text, _same(text, correction.found))


def _ledgers(
    correction: LedgerCorrection, received: Sequence[Received], reference: Period
) -> Iterator[tuple[Received, Table]]:
    for one in received:
        for table in one.contents.tables:
            if one.in_force and table.ledger is not None and _is_meant(correction, one, table, reference):
                yield one, table


def _is_meant(correction: LedgerCorrection, one: Received, table: Table, reference: Period) -> bool:
    return (
        correction.ledger in table.title
        and table.period is not None
        and correction.at <= table.period <= reference
        and table.period.year == correction.at.year
        and (correction.workbook or "") in one.contents.workbook
    )


def _same(text: str, wanted: str) -> bool:
    if wanted == BLANK:
        return not text.strip()
    number = parse_number(wanted)
    return text.strip() == wanted if number is None else parse_number(text) == number


def _mended(one: Received, cell: _LedgerCell, corrected: str) -> Received:
    _, number, position = cell.place
    table = one.contents.tables[number]
    ledger = table.ledger
    assert ledger is not None
    row = ledger.rows[position]
    texts = (*row.texts[: cell.column], corrected, *row.texts[cell.column + 1 :])
    rows = (*ledger.rows[:position], row._replace(texts=texts), *ledger.rows[position + 1 :])
    tables = list(one.contents.tables)
    tables[number] = replace(table, ledger=replace(ledger, rows=rows))
    return replace(one, contents=replace(one.contents, tables=tuple(tables)))


def _moment(one: Received, table: Table) -> tuple[str, dt.datetime]:
    """Of two ledgers the one of the later month is newer, and of one month's the one that came later."""
    return (str(table.period), one.received)


def _row(correction: LedgerCorrection, cell: _LedgerCell) -> CorrectedRow:
    return CorrectedRow(
        subject=f"{correction.ledger}“{correction.row}”的{correction.column}",
        cell=cell.cell,
        found=basis(correction, correction.found_words),
        corrected=correction.corrected,
        until=correction.until,
    )


def _doubts(correction: LedgerCorrection, newest: Sequence[_LedgerCell], reference: Period) -> Iterator[Doubt]:
    wrong = [cell for cell in newest if cell.is_wrong]
    places = tuple(str(cell.cell) for cell in newest)
    if not newest:
        yield _idle(
            correction, reference, f"台账中没有名称为“{correction.row}”的行，或没有“{correction.column}”这一列",
            "核对该条更正的 ledger、row、column、period；不再需要的，删除该条更正", (),
        )  # fmt: skip
    elif len(newest) > 1:
        yield _idle(
            correction, reference, f"台账中有{len(newest)}行名为“{correction.row}”，不知更正哪一行",
            "请来源单位在名称中区分后修改 row，或改正原表后删除该条更正", places,
        )  # fmt: skip
    elif not wrong and _same(newest[0].text, correction.corrected):
        yield _idle(
            correction, reference, f"来源已改正：现为{newest[0].text}，即更正值",
            "从 corrections.yaml 中删除该条更正", places,
        )  # fmt: skip
    elif not wrong:
        held = newest[0].text.strip() or "空白"
        yield _idle(
            correction, reference,
            f"来源已变动：现为{held}，既不是更正所针对的{correction.found_words}，也不是更正值{correction.corrected}",
            "向来源单位核实：新内容正确的，删除该条更正；仍然有误的，按新内容修改 found", places,
        )  # fmt: skip
    elif correction.has_expired(reference):
        yield expired(correction, reference, places)


def _idle(correction: LedgerCorrection, reference: Period, found: str, cure: str, cells: tuple[str, ...]) -> Doubt:
    return idle(correction, reference, found, cure, cells, correction.found_words)
