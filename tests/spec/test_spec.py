"""Runs every line of the tables of this folder; docs/rules.md is printed from the same lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from flows.working_days import ChineseWorkingDays
from tests.spec.language import district, indicator, known, period, plan, state_of
from tests.spec.tables import COMMAND, FOLDER, RULES, TOPICS, Case, cases, rules
from transforms.assessments import Assessment
from transforms.declared.corrections import Correction, Corrections
from transforms.declared.counting import Count
from transforms.declared.plan import Indicator
from transforms.declared.schedule import Late, Schedule, When
from transforms.doubts import Doubt
from transforms.figures import Interval, exact, printed, round_half_up
from transforms.harmonise import harmonise
from transforms.judging import PERCENT_PLACES, assess
from transforms.ledgers.counting import undecided_rows
from transforms.observations import Harmonised, Received
from transforms.periods import Period
from transforms.readings import Cell, Contents, Ledger, LedgerColumn, LedgerRow, Reading, State, Table
from transforms.scheduling.due import deadline, due_in
from transforms.wanted import measures_of

ALL = [pytest.param(case, id=f"{case.file}:{case.line}") for topic in TOPICS for case in cases(topic)]


@pytest.mark.parametrize("case", ALL)
def test_line(case: Case) -> None:
    heads = set(case.cells)
    run = next((run for head, run in RUNS.items() if head in heads), None)
    assert run is not None, f"{case.place}: no column that says what is expected"
    found, inputs = run(case.cells)
    expected = {head: cell for head, cell in case.cells.items() if head not in inputs | {"why"}}
    assert expected.keys() <= found.keys(), f"{case.place}: nobody knows {sorted(expected.keys() - found.keys())}"
    assert {head: found[head] for head in expected} == expected, case.place


def test_every_table_is_in_the_document() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(TOPICS)


def test_the_document_is_in_step() -> None:
    known_text = RULES.read_text(encoding="utf-8") if RULES.exists() else ""
    assert known_text == rules(), f"docs/rules.md is out of step; run `make rules`, which is {COMMAND}"


# --- Judged: figures, or what came of ledgers and deliveries ------------------------------------------------

_Run = Callable[[Mapping[str, str]], tuple[dict[str, str], set[str]]]
_DECLARED = {"target", "path", "month", "frequency", "first month", "places", "lines"}


def _judged(cells: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    one, at = indicator(cells), period(cells["month"])
    found = _shown(_assessed(one, known(one, cells["figures"], at), at, cells.get("lines", "")))
    return found, _DECLARED | {"figures"}


def _assessed(one: Indicator, what: Harmonised, at: Period, lines: str = "") -> Assessment:
    (made,) = assess(plan(one), what, district(lines), at)
    return made


def _shown(made: Assessment) -> dict[str, str]:
    places = made.indicator.printed_places
    gap_places = PERCENT_PLACES if made.completion is not None else places
    return {
        "status": made.status,
        "before": made.previous_status or "—",
        "figure": _or_dash(made.value, places),
        "of": str(made.figure_period or "—"),
        "completion": _or_dash(made.completion, PERCENT_PLACES),
        "elapsed": _or_dash(made.elapsed_path, PERCENT_PLACES),
        "last year": _or_dash(made.last_year_path, PERCENT_PLACES),
        "due": _or_dash(made.declared_path, PERCENT_PLACES),
        "gap": "—" if made.printed_gap is None else f"{_signed(made.printed_gap, gap_places)} {made.gap_unit}",
        "needed": _or_dash(made.needed, places),
        "per month": _or_dash(made.needed_per_month, max(places, 1)),
        "growth needed": _or_dash(made.needed_growth, PERCENT_PLACES),
        "verdict": made.verdict or "—",
        "notes": "；".join(made.notes) or "—",
        "done on": made.done_on.isoformat() if made.done_on else "—",
        "evidence": made.evidence or "—",
        "remark": made.remark or "—",
    }


def _or_dash(value: Decimal | None, places: int) -> str:
    return "—" if value is None else printed(value, places)


def _signed(value: Decimal, places: int) -> str:
    assert round_half_up(value, places) == value, f"the gap {value} has more digits than are printed"
    return f"{'+' if value > 0 else ''}{printed(value, places)}"


# --- Counted: a ledger --------------------------------------------------------------------------------------


def _counted(cells: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    rule = Count.model_validate({"ledger": "台账"} | _conditions(cells["rule"]))
    one = indicator(cells).model_copy(update={"counted": rule})
    at = period(cells["month"])
    table = Table("台账", "台账.xlsx", "一", "工业项目台账", at, ledger=_ledger(cells["columns"], cells["rows"]))
    received = Received(Contents("vintage", "台账.xlsx", (table,)), dt.datetime(2024, 12, 31, tzinfo=dt.UTC))
    what = harmonise([received], plan(one), district(), Corrections(), at)
    found = _shown(_assessed(one, what, at))
    found["counted"] = found["figure"]
    found["rows counted"] = "、".join(entry.cell.ref for entry in what.entries) or "—"
    found["doubt"] = _told(what.doubts)
    if "undecided" in cells:
        assert table.ledger is not None
        unsure = undecided_rows(table.ledger, rule, at)
        found["undecided"] = "、".join(f"{one.column.letter}{one.number}" for one in unsure) or "—"
    return found, _DECLARED | {"rule", "columns", "rows"}


def _conditions(words: str) -> dict[str, object]:
    """ "dated 签约日期, 总投资 at least 5 亿元, 级别 one of 省级/市级, 批文 filled, sum 总投资" """
    made: dict[str, object] = {}
    where: list[dict[str, object]] = []
    for part in words.split(", "):
        match part.split():
            case ["dated", column]:
                made["date"] = column
            case ["sum", column]:
                made["sum"] = column
            case ["all"]:
                pass
            case [column, "at", "least", value, unit]:
                where.append({"kind": "at-least", "column": column, "value": value, "unit": unit})
            case [column, "below", value, unit]:
                where.append({"kind": "below", "column": column, "value": value, "unit": unit})
            case [column, "one" | "none" as which, "of", values]:
                where.append({"kind": f"{which}-of", "column": column, "values": values.split("/")})
            case [column, "starts", "with", values]:
                where.append({"kind": "starts-with", "column": column, "values": values.split("/")})
            case [column, "in", "year"]:
                where.append({"kind": "in-year", "column": column})
            case [column, "filled"]:
                where.append({"kind": "filled", "column": column})
            case _:
                raise ValueError(f"no such rule: {part}")
    return made | {"where": where}


def _ledger(columns: str, rows: str) -> Ledger:
    heads = []
    for letter, head in zip("ABCDEFGH", columns.split(", "), strict=False):
        name, _, unit = head.partition("（")
        heads.append(LedgerColumn(name, unit.rstrip("）"), letter))
    made = []
    for number, row in enumerate(rows.split("; "), start=3):
        texts = tuple("" if text == "blank" else text for text in row.split(", "))
        made.append(LedgerRow(number, texts))
    return Ledger(tuple(heads), tuple(made))


# --- Deliveries: vintages and corrections -------------------------------------------------------------------


def _used(cells: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    one, at = indicator(cells), period(cells["month"])
    received = [_delivery(one, words) for words in cells["deliveries"].split(" / ")]
    corrections = Corrections(corrections=_corrections(cells.get("correction", "—"), one))
    what = harmonise(received, plan(one), district(), corrections, at)
    found = _shown(_assessed(one, what, at))
    found["used"] = found["figure"]
    found["revision"] = "; ".join(f"{r.old} → {r.new}" for r in what.revisions) or "—"
    found["doubt"] = _told(what.doubts)
    return found, _DECLARED | {"deliveries", "correction"}


def _delivery(one: Indicator, words: str) -> Received:
    """ "07-05 6: 84.2 亿元" is the figure of June that came on 5 July; the unit may be left out."""
    day, figures = words.split(" ", 1)
    workbook = f"{day}.xlsx"
    readings = []
    for number, entry in enumerate(figures.split("; "), start=1):
        month, text = entry.split(": ")
        text, _, unit = text.partition(" ")
        state, value = state_of(text)
        readings.append(
            Reading(
                label="指标",
                area="",
                period=period(month),
                measure=measures_of(one)[0],
                value=value,
                unit=unit,
                cell=Cell(workbook, workbook, "一", f"B{number}"),
                raw="" if state is State.BLANK else text,
                state=state,
            )
        )
    table = Table("表", workbook, "一", "月报", None, readings=tuple(readings))
    return Received(Contents(workbook, workbook, (table,)), dt.datetime.fromisoformat(f"2024-{day}T09:00+08:00"))


def _corrections(words: str, one: Indicator) -> tuple[Correction, ...]:
    """ "6: 842 is 84.2 until 2024-12-31" """
    if words == "—":
        return ()
    at, wrong, _, right, _, until = words.split()
    return (
        Correction(
            label="指标",
            period=str(period(at.rstrip(":"))),
            measure=measures_of(one)[0],
            found=Decimal(wrong),
            corrected=Decimal(right),
            reason="小数点错位",
            authority="区统计局",
            until=dt.date.fromisoformat(until),
        ),
    )


def _told(doubts: tuple[Doubt, ...]) -> str:
    return "; ".join(f"{doubt.severity}: {doubt.expectation}" for doubt in doubts) or "—"


# --- Digits -------------------------------------------------------------------------------------------------


def _rounded(cells: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    return {"printed": printed(Decimal(cells["number"]), int(cells["digits"]))}, {"number", "digits"}


def _interval(cells: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    found = Interval.of(Decimal(cells["figure"]))
    return {"from": exact(found.low) or "", "to below": exact(found.high) or ""}, {"figure"}


# --- Schedules ---------------------------------------------------------------------------------------------------


class _AsOf2026:
    """The library's calendar as it was before 2027 was announced, whatever it knows since."""

    def __init__(self) -> None:
        self._library = ChineseWorkingDays()

    def works(self, day: dt.date) -> bool:
        return self._library.works(day)

    def announced(self, year: int) -> bool:
        return year <= 2026 and self._library.announced(year)


def _due(cells: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    count, after = (int(part) for part in cells["rule"].removeprefix("working day ").split(" after "))
    late = Late(until=int(cells["late until"]))
    schedule = Schedule(when=When(working_day=count, after=after, at=cells["at"]), late=late)
    calendar = _AsOf2026()
    due = due_in(schedule, calendar, Period.parse(cells["month"]))
    found = {
        "period due": str(due.period),
        "due": f"{due.at:%Y-%m-%d %H:%M}",
        "deadline": f"{deadline(schedule, calendar, due):%Y-%m-%d %H:%M}",
        "announced": "no" if due.provisional else "yes",
    }
    return found, {"rule", "at", "late until", "month"}


RUNS: dict[str, _Run] = {
    "period due": _due,
    "counted": _counted,
    "used": _used,
    "status": _judged,
    "due": _judged,
    "printed": _rounded,
    "to below": _interval,
}
"""Which run a table's own column calls for."""
