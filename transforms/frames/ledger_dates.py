"""Facts of the days in ledgers: whether they can be read, lie in the year, follow each other and fit the stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from transforms.dates import iso_date
from transforms.frames.ledger_page import Page
from transforms.ledgers.conditions import is_nothing
from transforms.ledgers.project_steps import STEPS, is_stage_column, step_of_column, step_of_stage
from transforms.periods import Period
from transforms.readings import LedgerColumn, LedgerRow

COLUMNS = (
    "date_text", "date", "as_of", "as_of_words", "year_start", "undated",
    "step_date", "step_before", "before_words", "skipped", "skipped_by",
    "stage", "stage_step", "dated_step", "dated_words",
)  # fmt: skip


def facts_of(page: Page) -> Iterator[dict[str, object]]:
    """Of each day that a rule counts by, of each pair of steps, and of each stage."""
    for name in dict.fromkeys(rule.date for rule in page.counts if rule.date):
        for row, column, text in page.texts(name):
            if page.at is not None:
                yield _date(page, row, column, text, page.at)
    steps = {
        step: column for column in reversed(page.ledger.columns) if (step := step_of_column(column.name)) is not None
    }
    stage = next((column for column in page.ledger.columns if is_stage_column(column.name)), None)
    if len(steps) > 1 or (steps and stage):
        for row in page.ledger.rows:
            yield from _steps(page, row, steps, stage)


def _date(page: Page, row: LedgerRow, column: LedgerColumn, text: str, at: Period) -> dict[str, object]:
    date = iso_date(text)
    plain = "" if is_nothing(text) else text
    fact = {**page.base(row, column), "undated": plain, "date_text": plain or None}
    if date is not None:
        fact |= {
            "date": date.isoformat(),
            "as_of": at.last_day.isoformat(),
            "as_of_words": f"{at.chinese()}末",
            "year_start": Period(at.year, 1).first_day.isoformat(),
        }
    return fact


def _steps(
    page: Page, row: LedgerRow, steps: dict[int, LedgerColumn], stage: LedgerColumn | None
) -> Iterator[dict[str, object]]:
    days: dict[int, dt.date] = {}
    for step in sorted(steps):
        column, text = steps[step], page.text(row, steps[step].name)
        date = iso_date(text)
        if date is None:
            continue
        if days:
            before = max(days)
            yield {
                **page.base(row, column),
                "step_date": date.isoformat(),
                "step_before": days[before].isoformat(),
                "before_words": steps[before].name,
            }
        elif (lacking := [other for other in sorted(steps) if other < step]) and not page.text(
            row, steps[lacking[-1]].name
        ):
            yield {**page.base(row, column), "skipped": steps[lacking[-1]].name, "skipped_by": column.name}
        days[step] = date
    if stage is not None:
        yield from _stage(page, row, steps, stage, days)


_COMMISSIONED = STEPS.index("投产")


def _stage(
    page: Page, row: LedgerRow, steps: dict[int, LedgerColumn], stage: LedgerColumn, days: dict[int, dt.date]
) -> Iterator[dict[str, object]]:
    """The last step that the words tell of, and the last that has a day by the period's end."""
    text = page.text(row, stage.name)
    reached = step_of_stage(text)
    if reached is None or not set(steps) >= {reached}:
        return
    passed = [step for step, day in days.items() if page.at is None or day <= page.at.last_day]
    # A project that has become a firm above scale still is 已投产.
    passed = [step for step in passed if step <= max(reached, _COMMISSIONED)]
    dated = max(passed, default=-1)
    words = f"“{steps[dated].name}”为{days[dated].isoformat()}" if passed else f"{STEPS[reached]}等各日期都为空"
    yield {
        **page.base(row, stage),
        "stage": text,
        "stage_step": reached,
        "dated_step": dated,
        "dated_words": words,
    }
