"""What the schema of corrections can't say about them: two for one cell, and names that no plan or district has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.area_names import area_name
from transforms.declared.corrections import Correction, Corrections, LedgerCorrection
from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.errors import Fault
from transforms.tables.labels import names_of, plain_label
from transforms.wanted import is_counted_whole, wanted_measures

_Lines = Mapping[tuple[str | int, ...], int]


def placed(corrections: Corrections, lines: _Lines, file: str) -> Corrections:
    """The corrections, each knowing the file and line that it's declared on."""
    name = file.rpartition("/")[2]

    def place(section: str, number: int) -> str:
        return f"{name}:{lines.get((section, number), 1)}"

    return Corrections(
        corrections=tuple(
            one.placed(place("corrections", number)) for number, one in enumerate(corrections.corrections)
        ),
        ledger_corrections=tuple(
            one.placed(place("ledger_corrections", number)) for number, one in enumerate(corrections.ledger_corrections)
        ),
    )


def faults_of_corrections(corrections: Corrections, lines: _Lines, file: str) -> Iterator[Fault]:
    """Faults that the declaration shows by itself: two corrections of one cell, one that is over before it begins."""
    seen: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
    for at, one in corrections.all():
        line = lines.get(at, 1)
        key, scope = _key(one), _scope(one)
        for other, first in seen.setdefault(key, []):
            if all(not mine or not theirs or mine == theirs for mine, theirs in zip(scope, other, strict=True)):
                yield Fault(
                    file, line, f"a second correction of one figure (first on line {first})",
                    "keep one, or tell them apart by workbook or title",
                )  # fmt: skip
                break
        seen[key].append((scope, line))
        if one.has_expired(one.at):
            yield Fault(
                file, lines.get((*at, "until"), line), f"until {one.until} comes before {one.period}",
                "name a day of the last month whose bulletin it's to be applied for",
            )  # fmt: skip


def faults_against(
    corrections: Corrections, lines: _Lines, file: str, district: District, plans: Sequence[Plan]
) -> Iterator[Fault]:
    """Names that nothing else declares: a label, a measure, an area, a ledger that no bulletin would ever ask for."""
    for at, one in corrections.all():

        def line(key: str, at: tuple[str, int] = at) -> int:
            return lines.get((*at, key), lines.get(at, 1))

        # A figure is used by the plan of its year and, for comparison, by that of the next.
        of_years = [plan for plan in plans if plan.year in {one.at.year, one.at.year + 1}]
        if not of_years:
            yield Fault(
                file, line("period"), f"no plan of {one.at.year} or {one.at.year + 1}", "mend the period or remove it"
            )
            continue
        indicators = [indicator for plan in of_years for indicator in plan.indicators]
        if isinstance(one, LedgerCorrection):
            if not any(i.counted and (i.counted.ledger in one.ledger or one.ledger in i.counted.ledger)
                       for i in indicators):  # fmt: skip
                yield Fault(file, line("ledger"), f"no indicator is counted from a ledger {one.ledger!r}", "mend it")
            continue
        yield from _of_table(one, indicators, file, line("label"), line("measure"))
        if one.area is not None and area_name(one.area, district) is None:
            yield Fault(file, line("area"), f"no area {one.area!r} in district.yaml", "mend its spelling or remove it")


def _of_table(
    one: Correction, indicators: Sequence[Indicator], file: str, label_line: int, measure_line: int
) -> Iterator[Fault]:
    named = [i for i in indicators if names_of(one.label) & {word for label in i.labels for word in names_of(label)}]
    if not named:
        yield Fault(
            file, label_line, f"no indicator of the plan is found under the label {one.label!r}",
            "write the label as the plan's labels have it",
        )  # fmt: skip
        return
    wanting = [i for i in named if one.measure in wanted_measures(i)]
    if not wanting:
        yield Fault(
            file, measure_line, f"{named[0].code!r} takes no figure from the measure {one.measure.value}",
            f"use one of {', '.join(measure.value for measure in wanted_measures(named[0]))}",
        )  # fmt: skip
    elif all(is_counted_whole(i, one.measure) and not one.area for i in wanting):
        yield Fault(
            file, label_line, f"{wanting[0].code!r} is counted from a ledger: a table's own figure isn't used",
            "correct the ledger's row in ledger_corrections",
        )  # fmt: skip


def _key(one: Correction | LedgerCorrection) -> tuple[str, ...]:
    if isinstance(one, LedgerCorrection):
        return ("ledger", one.ledger, one.row, one.column)
    return ("table", plain_label(one.label), one.area or "", one.period, one.measure)


def _scope(one: Correction | LedgerCorrection) -> tuple[str, ...]:
    title = "" if isinstance(one, LedgerCorrection) else one.title or ""
    return (one.workbook or "", title)
