"""Turns ledgers into a table of the facts that their rows state; counts nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from transforms.declared.district import District
from transforms.declared.plan import Indicator, Plan
from transforms.frames import ledger_amounts, ledger_dates, ledger_names, ledger_past, ledger_words
from transforms.frames.ledger_page import Page
from transforms.frames.table import place_of, table
from transforms.ledgers.ledger_kin import title_key
from transforms.observations import LedgerEntry, Received
from transforms.periods import Period
from transforms.readings import Table

COLUMNS = (
    "workbook",
    "sheet",
    "ledger",
    "group",
    "column",
    *ledger_names.COLUMNS,
    *ledger_words.COLUMNS,
    *ledger_dates.COLUMNS,
    *ledger_amounts.COLUMNS,
    *ledger_past.COLUMNS,
    "stated",
    "listed",
)

ENTRY_COLUMNS = ("indicator", "code", "name", "date", "area", "amount", "date_words")


def ledgers_frame(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> pd.DataFrame:
    """One row for each fact of the reference period's ledgers: of a name, a code, a word, a date, an amount, a change.

    Of vintages of one ledger the newest is taken. An earlier month's is only what the reference period's is held
    against: the later one repeats its rows.
    """
    counting = [indicator for indicator in plan.indicators if indicator.counted] if plan else []
    pages = [_page(one, part, counting, district, period) for one, part in _newest(received, period)]
    earlier = _earlier(received, period) if period else {}
    rows: list[dict[str, object]] = []
    for page in pages:
        rows.append({**page.base(None, None), "stated": page.ledger.stated_count, "listed": len(page.ledger.rows)})
        for facts in (ledger_words, ledger_dates, ledger_amounts):
            rows += facts.facts_of(page)
        before = [_page(one, part, counting, district, period) for one, part in earlier.get(_kind(page.part), ())]
        rows += ledger_past.facts_of(page, before)
    # A part of a ledger may repeat what another part has, so names are asked of all parts together.
    rows += ledger_names.facts_of(pages)
    return table(COLUMNS, rows)


def entries_frame(entries: Sequence[LedgerEntry], plan: Plan, period: Period) -> pd.DataFrame:
    """One row for each ledger row that was counted for an indicator."""
    names = {indicator.code: indicator.name for indicator in plan.indicators}
    return table(
        ENTRY_COLUMNS,
        (
            {
                **place_of((entry.cell,)),
                "subject": f"{names.get(entry.code, entry.code)}（台账计数）：{entry.name}",
                "period": str(period),
                "needs": True,
                "indicator": names.get(entry.code, entry.code),
                "code": entry.code,
                "name": "".join(entry.name.split()) or None,
                "date": entry.date,
                "area": entry.area,
                "amount": entry.amount,
                "date_words": entry.date or "无日期",
            }
            for entry in entries
        ),
    )


_Ledgers = list[tuple[Received, Table]]


def _newest(received: Sequence[Received], period: Period | None) -> _Ledgers:
    """The tables of each ledger's newest file, of the period or of none."""
    newest: dict[tuple[str, Period | None, str], tuple[tuple[dt.datetime, str], _Ledgers]] = {}
    for one in received:
        for part in one.contents.tables:
            if part.ledger is None or (period and part.period and part.period != period):
                continue
            key = (part.title or f"{part.workbook}/{part.sheet}", part.period, part.reporter)
            newness = (one.received, one.contents.workbook)
            if key not in newest or newest[key][0] < newness:
                newest[key] = (newness, [(one, part)])
            elif newest[key][1][0][0] is one:
                newest[key][1].append((one, part))
    return [found for _, ledgers in newest.values() for found in ledgers]


def _earlier(received: Sequence[Received], period: Period) -> dict[tuple[str, str], _Ledgers]:
    """The tables of each kind of ledger that the latest earlier month of the same year had."""
    months = [part.period for one in received for part in one.contents.tables if part.ledger and part.period]
    found: dict[tuple[str, str], _Ledgers] = {}
    for month in sorted({month for month in months if month < period and month.year == period.year}):
        for one, part in _newest(received, month):
            if part.period == month:
                known = found.get(_kind(part), [])
                # The later month's in place of the earlier's; tables of one month side by side.
                found[_kind(part)] = [*(item for item in known if item[1].period == month), (one, part)]
    return found


def _kind(part: Table) -> tuple[str, str]:
    return title_key(part.title), part.reporter


def _page(one: Received, part: Table, counting: Sequence[Indicator], district: District, period: Period | None) -> Page:
    assert part.ledger is not None
    rules = tuple(
        (indicator.name, indicator.counted)
        for indicator in counting
        if indicator.counted and indicator.counted.ledger in part.title
    )
    return Page(one, part, part.ledger, rules, district, part.period or period)
