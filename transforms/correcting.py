"""Applies declared corrections to what was read, and tells which no longer bite; decides no figure otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from transforms.area_names import area_name
from transforms.correction_doubts import basis, expired, idle
from transforms.declared.corrections import BLANK, Correction, Corrections
from transforms.declared.district import District
from transforms.doubts import Doubt, Severity
from transforms.figures import exact, printed
from transforms.ledgers.ledger_correcting import Place, correct_ledgers
from transforms.measure_names import MEASURE_WORDS
from transforms.observations import WHOLE, CorrectedRow, Received
from transforms.periods import Period
from transforms.readings import Reading, State, Table
from transforms.tables.labels import names_of


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was received with the corrections applied, the ledgers' cells that changed, and what is wrong with them."""

    received: tuple[Received, ...]
    rows: tuple[CorrectedRow, ...]
    doubts: tuple[Doubt, ...]


def correct(received: Sequence[Received], corrections: Corrections, district: District, reference: Period) -> Corrected:
    """Apply the corrections that a bulletin of the reference period needs: of its year so far and the year before.

    A correction that finds its cell in no file, or whose cell has been mended by the newest file that states it, is a
    critical doubt: the source is right, or the correction is wrong, and a person must say which. One whose last day is
    over is still applied, with a warning, since the wrong figure isn't the better one.
    """
    if not corrections.corrections and not corrections.ledger_corrections:
        return Corrected(tuple(received), (), ())
    wanted = [one for one in corrections.corrections if _is_asked(one.at, reference)]
    found = _cells(received, wanted, district)
    doubts: list[Doubt] = []
    changed: dict[Place, Reading] = {}
    for number, correction in enumerate(wanted):
        cells = found[number]
        doubts += _doubts(correction, cells, reference)
        changed |= {cell.place: _mended(cell.reading, correction) for cell in cells if cell.has(correction)}
    made = [_changed(one, at, changed) for at, one in enumerate(received)]
    of_ledgers = [one for one in corrections.ledger_corrections if _is_asked(one.at, reference)]
    ledgers = correct_ledgers(made, of_ledgers, reference)
    return Corrected(ledgers.received, ledgers.rows, (*doubts, *ledgers.doubts))


def _is_asked(period: Period, reference: Period) -> bool:
    return period <= reference and period.year >= reference.year - 1


@dataclass(frozen=True, slots=True)
class _Cell:
    """A reading that a correction names, and where it stands in what was received."""

    place: Place
    received: Received
    table: Table
    reading: Reading

    def has(self, correction: Correction) -> bool:
        """Whether the wrong content still stands there."""
        if isinstance(correction.found, Decimal):
            return self.reading.value == correction.found
        if correction.found == BLANK:
            return self.reading.state is State.BLANK
        return self.reading.value is None and self.reading.raw.strip() == correction.found.strip()


def _cells(
    received: Sequence[Received], corrections: Sequence[Correction], district: District
) -> Mapping[int, list[_Cell]]:
    """The cells that each correction names, oldest vintage first."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for number, correction in enumerate(corrections):
        for name in names_of(correction.label):
            by_label[name].append(number)
    names: dict[str, tuple[int, ...]] = {}
    found: dict[int, list[_Cell]] = defaultdict(list)
    order = sorted(range(len(received)), key=lambda at: (received[at].received, received[at].contents.workbook))
    for at in order:
        one = received[at]
        for number, table in enumerate(one.contents.tables):
            for position, reading in enumerate(table.readings):
                meant = names.get(reading.label)
                if meant is None:  # The same labels come back every month, and each costs a dozen expressions.
                    meant = tuple(dict.fromkeys(n for name in names_of(reading.label) for n in by_label.get(name, ())))
                    names[reading.label] = meant
                for which in meant:
                    if _is_named(corrections[which], one, table, reading, district):
                        found[which].append(_Cell((at, number, position), one, table, reading))
    return found


def _is_named(correction: Correction, one: Received, table: Table, reading: Reading, district: District) -> bool:
    return (
        correction.period == str(reading.period)
        and correction.measure == reading.measure
        and (correction.workbook or "") in one.contents.workbook
        and (correction.title or "") in table.title
        and area_name(reading.area, district) == (area_name(correction.area, district) if correction.area else WHOLE)
    )


def _mended(reading: Reading, correction: Correction) -> Reading:
    told = basis(correction, _shown(correction))
    return replace(reading, value=correction.corrected, state=State.NUMBER, corrected=told)


def _shown(correction: Correction) -> str:
    if isinstance(correction.found, Decimal):
        exponent = correction.found.as_tuple().exponent
        return printed(correction.found, max(0, -exponent) if isinstance(exponent, int) else 0)
    return correction.found_words


def _changed(one: Received, at: int, changed: Mapping[Place, Reading]) -> Received:
    numbers = {place[1] for place in changed if place[0] == at}
    if not numbers:
        return one
    tables = tuple(
        replace(
            table,
            readings=tuple(
                changed.get((at, number, position), reading) for position, reading in enumerate(table.readings)
            ),
        )
        if number in numbers
        else table
        for number, table in enumerate(one.contents.tables)
    )
    return replace(one, contents=replace(one.contents, tables=tables))


# --- What is wrong with a correction -----------------------------------------------------------------


def _doubts(correction: Correction, cells: Sequence[_Cell], reference: Period) -> Iterator[Doubt]:
    standing = [cell for cell in cells if cell.received.in_force]
    # As anywhere, neither a blank nor an error takes the place of a figure, unless it's just what is to be corrected.
    silent = {State.BLANK, State.ERROR}
    stated = [cell for cell in standing if cell.reading.state not in silent or cell.has(correction)] or standing
    if not stated:
        yield _idle(
            correction, reference, f"来源中没有{_name(correction)}这一格",
            "核对该条更正的 label、area、period、measure（及 workbook、title）；不再需要的，删除该条更正", (),
        )  # fmt: skip
        return
    moment = max(cell.received.received for cell in stated)
    newest = [cell for cell in stated if cell.received.received == moment]
    wrong = [cell for cell in newest if cell.has(correction)]
    if wrong:
        yield from _applied_twice(correction, wrong, reference)
        if correction.has_expired(reference):
            yield expired(correction, reference)
        return
    last = newest[-1]
    held = last.reading.raw.strip() or "空白"
    if last.reading.value == correction.corrected:
        yield _idle(
            correction, reference, f"来源已改正：现为{held}，即更正值",
            "从 corrections.yaml 中删除该条更正", (str(last.reading.cell),),
        )  # fmt: skip
        return
    yield _idle(
        correction, reference,
        f"来源已变动：现为{held}，既不是更正所针对的{_shown(correction)}，也不是更正值{exact(correction.corrected)}",
        "向来源单位核实：新数正确的，删除该条更正；仍然有误的，按新数修改 found", (str(last.reading.cell),),
    )  # fmt: skip


def _name(correction: Correction) -> str:
    area = f"{correction.area}，" if correction.area else ""
    where = f"（{'，'.join(words for words in (correction.workbook, correction.title) if words)}）"
    words = f"“{correction.label}”（{area}{correction.at.chinese()}{MEASURE_WORDS[correction.measure]}）"
    return words + (where if correction.workbook or correction.title else "")


def _idle(correction: Correction, reference: Period, found: str, cure: str, cells: tuple[str, ...]) -> Doubt:
    return idle(correction, reference, found, cure, cells, _shown(correction))


def _applied_twice(correction: Correction, wrong: Sequence[_Cell], reference: Period) -> Iterator[Doubt]:
    """Tables repeat a figure, and are corrected together; two rows of one table are two figures."""
    for _, group in groupby(wrong, key=lambda cell: cell.place[:2]):
        cells = [str(cell.reading.cell) for cell in group]
        if len(cells) > 1:
            yield Doubt(
                expectation="correction-is-single",
                severity=Severity.CRITICAL,
                subject=correction.subject,
                found=f"同一个表中有{len(cells)}个单元格与该条更正相符，不知更正哪一个",
                expected="一条更正只针对一个单元格",
                cure="请来源单位把两行的名称写得不同，并按其名称修改 label；或改正原表后删除该条更正",
                places=(correction.place, *cells),
                period=reference,
            )
