"""What a plan's schema can't say about it: references, repeated codes and labels, agreement between years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.errors import Fault
from transforms.ledgers.counting_faults import counting_faults

_Lines = Mapping[tuple[str | int, ...], int]


def faults_in(plan: Plan, lines: _Lines, file: str, district: District, folder: str, year: int) -> Iterator[Fault]:
    """Faults of one plan against itself, its district and its place."""
    if plan.district != folder:
        yield Fault(file, lines.get(("district",), 1), f"district is {plan.district!r}", f"the folder is {folder!r}")
    if plan.year != year:
        yield Fault(file, lines.get(("year",), 1), f"year is {plan.year}", f"the file is named {year}.yaml")
    sections = {section.id for section in plan.sections}
    codes: dict[str, int] = {}
    labels: dict[tuple[str, str], str] = {}
    units = {name for unit in district.units for name in (unit.name, *unit.aliases)}
    by_code = {indicator.code: indicator for indicator in plan.indicators}
    for number, indicator in enumerate(plan.indicators):
        at = lines.get(("indicators", number), 1)

        def line(key: str, number: int = number, at: int = at) -> int:
            return lines.get(("indicators", number, key), at)

        if indicator.code in codes:
            yield Fault(
                file, line("code"), f"code {indicator.code!r} is given twice (first on line {codes[indicator.code]})",
                "give each indicator a code of its own",
            )  # fmt: skip
        codes.setdefault(indicator.code, line("code"))
        if indicator.section not in sections:
            yield Fault(file, line("section"), f"no section {indicator.section!r}", f"use one of {sorted(sections)}")
        yield from _parent_faults(indicator, by_code, file, line("target"))
        if indicator.counted:
            at_counted = ("indicators", number, "counted")
            own = {key[3:]: place for key, place in lines.items() if key[:3] == at_counted}
            yield from counting_faults(indicator.counted, own, file, district)
        for label in indicator.labels:
            clash = labels.setdefault((label, _group(indicator)), indicator.code)
            if clash != indicator.code:
                yield Fault(
                    file, line("labels"), f"label {label!r} also finds {clash!r}",
                    "make labels of the same kind of figure differ",
                )  # fmt: skip
        if units:
            for key, names in (
                ("lead_units", indicator.lead_units),
                ("cooperating_units", indicator.cooperating_units),
                ("reported_by", (indicator.reported_by,)),
            ):
                for name in names:
                    if name not in units:
                        yield Fault(
                            file, line(key), f"no unit {name!r} in district.yaml", "add it there or mend its spelling"
                        )
    for number, task in enumerate(plan.qualitative):
        at = lines.get(("qualitative", number), 1)
        if task.code in codes:
            yield Fault(file, at, f"code {task.code!r} is given twice", "give each task a code of its own")
        codes[task.code] = at
        if task.section not in sections:
            yield Fault(file, at, f"no section {task.section!r}", f"use one of {sorted(sections)}")
        if units and task.reported_by not in units:
            yield Fault(file, at, f"no unit {task.reported_by!r} in district.yaml", "add it there or mend its spelling")


def faults_between(plans: Sequence[tuple[Plan, str, _Lines]]) -> Iterator[Fault]:
    """The same code means the same thing in every year: same name, unit and kind of figure."""
    first: dict[str, tuple[Indicator, str]] = {}
    for plan, file, lines in plans:
        for number, indicator in enumerate(plan.indicators):
            if indicator.code not in first:
                first[indicator.code] = (indicator, file)
                continue
            known, where = first[indicator.code]
            for what, key, ours, theirs in (
                ("name", "name", indicator.name, known.name),
                ("unit", "unit", indicator.unit, known.unit),
                ("kind of figure", "target", _group(indicator), _group(known)),
            ):
                if ours != theirs:
                    yield Fault(
                        file, lines.get(("indicators", number, key), 1),
                        f"{indicator.code!r} has {what} {ours!r}, but {theirs!r} in {where}",
                        "use another code for another thing",
                    )  # fmt: skip


def faults_of_district(district: District, file: str, lines: _Lines, plans: Sequence[Plan]) -> Iterator[Fault]:
    """Codes that no plan of the district has, and spellings that mean two areas or two units."""
    known = {indicator.code for plan in plans for indicator in plan.indicators}
    for key, codes in (("ranked", district.bulletin.ranked), ("headline", district.bulletin.headline)):
        for code in codes:
            if plans and code not in known:
                at = lines.get(("bulletin", key), 1)
                yield Fault(file, at, f"no plan has the indicator {code!r}", f"mend or remove it in bulletin.{key}")
    spellings = {spelling for unit in district.units for spelling in (unit.name, *unit.aliases)}
    for number, expected in enumerate(district.expected):
        if spellings and expected.reporter not in spellings:
            at = lines.get(("expected", number, "reporter"), lines.get(("expected", number), 1))
            yield Fault(file, at, f"no unit {expected.reporter!r} in units", "add it there or mend its spelling")
    areas = [(("areas", number), area.name, area.aliases) for number, area in enumerate(district.areas)]
    units = [(("units", number), unit.name, unit.aliases) for number, unit in enumerate(district.units)]
    for members in (areas, units):
        meant: dict[str, str] = {}
        for at_key, name, aliases in members:
            for spelling in (name, *aliases):
                if spelling in meant:
                    found = f"{spelling!r} already means {meant[spelling]!r}"
                    yield Fault(file, lines.get(at_key, 1), found, "keep one of them")
                meant.setdefault(spelling, name)


def _parent_faults(indicator: Indicator, by_code: Mapping[str, Indicator], file: str, line: int) -> Iterator[Fault]:
    target = indicator.target
    if target.kind != "of-which":
        return
    parent = by_code.get(target.parent)
    if target.parent == indicator.code:
        yield Fault(file, line, "the part is its own whole", "name the code of the whole")
    elif parent is None:
        yield Fault(file, line, f"no parent {target.parent!r}", "name the code of the whole")
    elif parent.target.value is not None and parent.target.value < target.value:
        yield Fault(file, line, f"the part's target is above its whole's ({parent.target.value})", "mend one of them")


def _group(indicator: Indicator) -> str:
    """Indicators of different groups may share a row: a growth target and an amount read different columns."""
    match indicator.target.kind:
        case "reach" | "about" | "of-which":
            return "amount"
        case "grow" | "range":
            return "rate"
        case "repeat":
            return "count"
        case "hold" | "ceiling" | "clear":
            return "level"
        case "milestone" | "either":
            return "deed"
