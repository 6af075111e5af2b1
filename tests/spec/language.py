"""Turns the words of the tables (reach 170 亿元; batch 9; 6 growth: 8.2) into plans and figures; judges nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from transforms.declared.district import Bulletin, District, Lines
from transforms.declared.plan import Document, Indicator, Plan, Section
from transforms.declared.sources import FolderSource
from transforms.figures import parse_number, places_of
from transforms.observations import WHOLE, Harmonised, Observation
from transforms.periods import Period, span
from transforms.readings import Cell, Measure, State
from transforms.wanted import measures_of

RECEIVED = dt.datetime(2025, 1, 31, tzinfo=dt.UTC)

_NUMBER = r"(?P<value>-?[\d.]+)"
_TARGETS: tuple[tuple[str, dict[str, str]], ...] = (
    (rf"reach {_NUMBER} (?P<unit>\S+)", {}),
    (rf"about {_NUMBER} ± (?P<tolerance>[\d.]+) (?P<unit>\S+)", {}),
    (rf"of-which {_NUMBER} (?P<unit>\S+) of (?P<parent>\S+)", {}),
    (rf"grow {_NUMBER} (?P<unit>%)", {}),
    (rf"range {_NUMBER}～(?P<upper>-?[\d.]+) (?P<unit>%)", {}),
    (rf"hold {_NUMBER} (?P<unit>\S+)( from (?P<baseline>-?[\d.]+))?", {}),
    (rf"ceiling {_NUMBER} (?P<unit>\S+)", {}),
    (r"clear (?P<unit>\S+)", {}),
    (rf"repeat {_NUMBER} (?P<unit>\S+) every (?P<every>month|quarter|year)", {}),
    (r"milestone( by (?P<due>\S+))?", {"unit": "项"}),
    (r"either (?P<options>\S+ or \S+)( by (?P<due>\S+))?", {"unit": "项"}),
)


def indicator(cells: Mapping[str, str]) -> Indicator:
    """The indicator that a line declares by target, path, frequency, first month and places."""
    declared = cells["target"]
    kind = declared.split()[0]
    found = next(
        ((match, more) for shape, more in _TARGETS if (match := re.fullmatch(shape, declared))),
        None,
    )
    if found is None:
        raise ValueError(f"no such target: {declared}")
    target: dict[str, object] = {"kind": kind}
    target |= {key: word for key, word in found[0].groupdict().items() if word is not None}
    unit = target.pop("unit", None) or found[1]["unit"]
    labels = ["指标"]
    if "options" in target:
        labels = str(target["options"]).split(" or ")
        target["options"] = labels
    return Indicator.model_validate(
        {
            "code": "one",
            "name": "指标",
            "section": "all",
            "unit": unit,
            "target": target,
            "clause": "一",
            "quote": "指标",
            "path": _path(cells.get("path", "flat")),
            "frequency": cells.get("frequency", "monthly"),
            "first_month": cells.get("first month", "1"),
            "places": cells.get("places"),
            "lead_units": ["区经信局"],
            "units_basis": "文件",
            "reported_by": "区经信局",
            "labels": labels,
        }
    )


def _path(words: str) -> dict[str, object]:
    kind, *numbers = words.split()
    match kind:
        case "schedule":
            return {"kind": kind, "due": {str(month): share for month, share in enumerate(numbers, start=1)}}
        case "batch":
            return {"kind": kind, "month": numbers[0]}
        case _:
            return {"kind": kind}


def plan(*indicators: Indicator) -> Plan:
    """A plan of 2024 with these indicators alone."""
    return Plan(
        district="small",
        year=2024,
        document=Document(title="要点", number="1号", issued=dt.date(2024, 1, 31)),
        sections=(Section(id="all", title="全部"),),
        indicators=indicators,
    )


def district(lines: str = "") -> District:
    """A district; ``lines`` such as "severe -15, ahead 0" take the place of the default."""
    named = dict(pair.split() for pair in lines.split(", ")) if lines else {}
    return District(
        id="small",
        name="小河区",
        sources=(FolderSource(kind="folder", path="inbox"),),
        lines=Lines.model_validate(named),
        bulletin=Bulletin(organ="区经信局", number="{issue}号", subject="进展", region="全区", addressees="各镇"),
    )


def period(words: str) -> Period:
    """A month of 2024, or of the year it names."""
    return Period.parse(words) if "-" in words else Period(2024, int(words))


def known(one: Indicator, figures: str, at: Period) -> Harmonised:
    """What is known at a month: the figures of a line that are not later."""
    found = tuple(figure for figure in observations(one, figures) if figure.period <= at)
    return Harmonised(found, (), (), (), ())


def observations(one: Indicator, figures: str) -> Iterator[Observation]:
    """Figures as "3: 20; 6 month: 8.2; 2023-12: 90; 1..5: 1; 6 done(甲): 是"; without a measure, the judged one."""
    for entry in filter(None, (part.strip() for part in figures.split(";"))):
        found = re.fullmatch(r"([\d-]+)(?:\.\.(\d+))?(?: ([a-z-]+))?(?:\((.+)\))?: (.+)", entry)
        if found is None:
            raise ValueError(f"no such figure: {entry}")
        first, last, measure, option, text = found.groups()
        for month in span(period(first), period(last or first)):
            yield observation(one, month, Measure(measure) if measure else measures_of(one)[0], text, option or "")


def observation(one: Indicator, month: Period, measure: Measure, text: str, option: str = "") -> Observation:
    """One figure with the cell that its month and measure name."""
    state, value = state_of(text)
    unit = "%" if "growth" in measure else one.unit
    return Observation(
        code=one.code,
        area=WHOLE,
        period=month,
        measure=measure,
        value=value,
        unit=unit,
        state=state,
        text="" if state is State.BLANK else text,
        places=0 if value is None else places_of(value),
        cells=(Cell("vintage", "月报.xlsx", measure.value, f"A{month.ordinal}"),),
        received=RECEIVED,
        option=option,
    )


def state_of(text: str) -> tuple[State, Decimal | None]:
    """What a cell with this text is, and its number; "blank" is an empty cell."""
    named = {"blank": State.BLANK, "—": State.NO_ITEM, "…": State.TOO_SMALL}
    if text in named:
        return named[text], None
    if text.startswith("#"):
        return State.ERROR, None
    value = parse_number(text)
    return (State.TEXT, None) if value is None else (State.NUMBER, value)
