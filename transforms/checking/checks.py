"""What a check of files found, file by file and the worst first; reads no file and asks no expectation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from posixpath import commonprefix
from typing import Any

from transforms.checking.places import parse_place
from transforms.declared.district import District
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.readings import Contents, State, Table

SEVERITY_WORDS = {Severity.CRITICAL: "严重", Severity.WARNING: "提醒", Severity.INFO: "说明"}
"""How a severity is called, the worst first."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: what was read from it, its size in bytes, and every doubt about it."""

    contents: Contents
    size: int
    doubts: tuple[Doubt, ...]

    @property
    def name(self) -> str:
        """What messages call it: its own name, with its folder where two share that."""
        return self.contents.workbook

    def of(self, severity: Severity) -> tuple[Doubt, ...]:
        """Its doubts of one severity."""
        return tuple(doubt for doubt in self.doubts if doubt.severity is severity)


@dataclass(frozen=True, slots=True)
class Check:
    """Files held against all that is known: ``basis`` says in a Chinese sentence what that was.

    ``others`` are doubts of the same periods that lie in none of the files: what is missing, or wrong elsewhere.
    ``remarks`` are Chinese sentences on what the check couldn't look at.
    """

    basis: str
    files: tuple[Checked, ...]
    others: tuple[Doubt, ...] = ()
    remarks: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    """The reference periods that the files were checked for; none where they were checked by themselves."""
    whole_period: bool = False
    """Whether the files are all that was received for the period, so that the others belong to the check."""

    @property
    def stopping(self) -> int:
        """How many doubts would stop a run."""
        others = [doubt for doubt in self.others if doubt.severity is Severity.CRITICAL] if self.whole_period else []
        return self.count(Severity.CRITICAL) + len(others)

    def count(self, severity: Severity) -> int:
        """How many doubts of that severity the files have."""
        return sum(len(file.of(severity)) for file in self.files)

    def summary(self) -> str:
        """The counts in one line."""
        doubts = [doubt for file in self.files for doubt in file.doubts]
        doubts += self.others if self.whole_period else ()
        return f"共核对{len(self.files)}个文件：{counts(doubts)}"

    def understood(self) -> str:
        """What was read in all, in one line."""
        return understood([table for file in self.files for table in file.contents.tables])

    def told(self) -> dict[str, Any]:
        """The check for another program."""
        return {
            "basis": self.basis,
            "remarks": list(self.remarks),
            "counts": {severity.value: self.count(severity) for severity in SEVERITY_WORDS},
            "files": [
                {
                    "file": file.name,
                    "size": file.size,
                    "sha256": file.contents.vintage,
                    "tables": [table_told(table) for table in file.contents.tables],
                    "doubts": [doubt.told() for doubt in file.doubts],
                }
                for file in self.files
            ],
            "others": [doubt.told() for doubt in self.others],
        }


def counts(doubts: Iterable[Doubt]) -> str:
    """How many doubts there are of each severity; what isn't there is said too."""
    found = [doubt.severity for doubt in doubts]
    if not found:
        return "没有发现问题"
    return "，".join(f"{word}{found.count(severity)}项" for severity, word in SEVERITY_WORDS.items())


def understood(tables: Sequence[Table]) -> str:
    """What was read from some tables, in one line."""
    if not tables:
        return "没有认出任何表"
    ledgers = sum(rows_in(table) for table in tables if table.ledger is not None)
    figures = sum(map(figures_in, tables))
    return f"认出{len(tables)}个表，读出{figures}个数字" + (f"、{ledgers}行台账" if ledgers else "")


def figures_in(table: Table) -> int:
    """How many numbers were read from a table."""
    return sum(reading.state is State.NUMBER for reading in table.readings)


def rows_in(table: Table) -> int:
    """How many rows of the sheet the table's readings or its ledger's rows stand in."""
    if table.ledger is not None:
        return len(table.ledger.rows)
    return len({reading.cell.ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for reading in table.readings})


def table_told(table: Table) -> dict[str, Any]:
    """A table that was known, for another program."""
    return {
        "sheet": table.sheet,
        "title": table.title,
        "layout": table.layout,
        "period": str(table.period) if table.period else None,
        "reporter": table.reporter,
        "rows": rows_in(table),
        "figures": figures_in(table),
    }


def period_of(contents: Contents) -> Period | None:
    """The reference period that a file is sent for: its tables', else its readings', else the one its doubts name."""
    tables = [table.period for table in contents.tables if table.period]
    doubts = [doubt.period for doubt in contents.doubts if doubt.period]
    return max(tables or contents.periods or doubts, default=None)


def doubts_of(contents: Contents, found: Sequence[Doubt], names: Collection[str], district: District | None) -> tuple[
    Doubt, ...
]:  # fmt: skip
    """Of all doubts found, those about one of the files, the worst first; ``names`` are what all the files are called.

    A figure that its unit should have sent and didn't is a doubt about the file that this unit sent. What was found on
    reading the file and is no business of the period is told all the same, but stops nothing.
    """
    books = dict.fromkeys(names, ())
    unit_names = _units(contents, district)
    here = [
        doubt
        for doubt in found
        if any((place := parse_place(text, books)) and place.workbook == contents.workbook for text in doubt.places)
        or (doubt.places and set(doubt.places) <= unit_names)
    ]
    known = {(doubt.expectation, doubt.places) for doubt in here}
    here += [_aside(doubt) for doubt in contents.doubts if (doubt.expectation, doubt.places) not in known]
    return told_in_order(_once(dict.fromkeys(here), contents))


def told_in_order(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """The worst first, and those of one kind together."""
    told = list(doubts)
    order = list(SEVERITY_WORDS)
    kinds = {kind: place for place, kind in reversed(list(enumerate(map(_kind, told))))}
    return tuple(sorted(told, key=lambda doubt: (order.index(doubt.severity), kinds[_kind(doubt)])))


def grouped(doubts: Iterable[Doubt]) -> Iterator[tuple[tuple[str, Doubt], ...]]:
    """Doubts in the order they're told in, each with its number in words; those of one kind together if there are many.

    The numbers are the same wherever a file's doubts are told: on the terminal, in the report and in the marked copy.
    """
    numbers: Counter[Severity] = Counter()
    for _, same in groupby(told_in_order(doubts), _kind):
        group = []
        for doubt in same:
            numbers[doubt.severity] += 1
            group.append((f"{SEVERITY_WORDS[doubt.severity]}{numbers[doubt.severity]}", doubt))
        if len(group) < MANY:
            yield from ((one,) for one in group)
        else:
            yield tuple(group)


MANY = 3
"""So many doubts with one cure are told as one thing to do."""


def same_found(group: Sequence[tuple[str, Doubt]]) -> str:
    """What was found, where it is the same for all of a group; else empty."""
    return _same(doubt.found for _, doubt in group)


def same_expected(group: Sequence[tuple[str, Doubt]]) -> str:
    """What was expected, where it is the same for all of a group; else empty."""
    return _same(doubt.expected for _, doubt in group)


def same_subject(group: Sequence[tuple[str, Doubt]]) -> str:
    """What all subjects of a group begin with, up to a title's or a name's end; else empty."""
    start = commonprefix([doubt.subject for _, doubt in group])
    return start[: max(start.rfind("》"), start.rfind("：")) + 1]


def _same(texts: Iterable[str]) -> str:
    first, *others = dict.fromkeys(texts)
    return "" if others else first


def _kind(doubt: Doubt) -> tuple[str, Severity, str]:
    return doubt.expectation, doubt.severity, doubt.cure


def _once(doubts: Iterable[Doubt], contents: Contents) -> list[Doubt]:
    """Without those that say again, and no graver, that a cell holds no number."""
    told = list(doubts)
    not_numbers = {str(one.cell) for one in contents.readings if one.state in {State.TEXT, State.ERROR}}
    about = [frozenset(doubt.places) if not_numbers.issuperset(doubt.places) else frozenset() for doubt in told]
    order = list(SEVERITY_WORDS)
    return [
        doubt
        for place, (doubt, cells) in enumerate(zip(told, about, strict=True))
        if not any(
            cells
            and cells <= others
            # Of two that say the same of the same cells, the later one knows more: it was told of the figure's meaning.
            and (order.index(other.severity), len(cells) - len(others), -later)
            < (order.index(doubt.severity), 0, -place)
            for later, (other, others) in enumerate(zip(told, about, strict=True))
        )
    ]


def _units(contents: Contents, district: District | None) -> set[str]:
    if district is None:
        return set()
    units = (district.unit(table.reporter) for table in contents.tables if table.reporter)
    return {unit.name for unit in units if unit is not None}


def _aside(doubt: Doubt) -> Doubt:
    if doubt.severity is not Severity.CRITICAL:
        return doubt
    return replace(doubt, severity=Severity.WARNING, found=f"{doubt.found}（不属于所核对的时期）")


def called(contents: Contents, name: str) -> Contents:
    """The same contents under another name, so that two files of one name can be told apart."""
    if name == contents.workbook:
        return contents
    old = {contents.workbook: ()}

    def renamed(text: str) -> str:
        return name + text[len(contents.workbook) :] if parse_place(text, old) else text

    tables = tuple(
        replace(
            table,
            workbook=name,
            readings=tuple(replace(one, cell=replace(one.cell, workbook=name)) for one in table.readings),
        )
        for table in contents.tables
    )
    doubts = tuple(replace(doubt, places=tuple(map(renamed, doubt.places))) for doubt in contents.doubts)
    return replace(contents, workbook=name, tables=tables, doubts=doubts)
