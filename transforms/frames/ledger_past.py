"""Facts of what became of last month's rows: gone, a day moved or gone, an amount or a stage that fell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.dates import iso_date
from transforms.figures import parse_number
from transforms.frames.ledger_page import Page
from transforms.frames.table import shown
from transforms.ledgers.conditions import is_error, is_nothing
from transforms.ledgers.counting import deciding_columns
from transforms.ledgers.firm_names import alike, name_key, slips
from transforms.ledgers.ledger_kin import name_column, pairs
from transforms.ledgers.project_steps import is_stage_column, step_of_column, step_of_stage
from transforms.readings import LedgerColumn, LedgerRow
from transforms.units import convert

COLUMNS = ("gone", "gone_like", "was_day", "now_day", "was_amount", "now_amount", "was_shown", "was_step", "now_step",
           "was_words", "now_words", "who", "was_place")  # fmt: skip


def facts_of(page: Page, before: Sequence[Page]) -> Iterator[dict[str, object]]:
    """Of every row that an earlier ledger of this kind had. Of several earlier tables none says that a row is gone."""
    for past in before:
        named = name_column(past.ledger)
        gone: list[LedgerRow] = []
        shared = [
            (column, at, position)
            for at, column in enumerate(page.ledger.columns)
            if (position := past.ledger.position(column.name)) is not None
        ]
        counted = {name for rule in page.counts for name in deciding_columns(rule)}
        for old, new in pairs(past.ledger, page.ledger, page.worded):
            if new is None:
                gone.append(old)
                continue
            for column, at, position in shared:
                was, now = old.texts[position].strip(), new.texts[at].strip()
                if was == now or is_nothing(was) or is_error(was) or is_error(now):
                    continue
                place = str(past.cell(old, past.ledger.columns[position]))
                fact = {**page.base(new, column), "who": past.text(old, named), "was_place": (place,)}
                yield from _change(fact, column, past.ledger.columns[position], was, now, column.name in counted)
        if len(before) == 1:
            yield from _gone(page, past, gone, named)


def _gone(page: Page, past: Page, gone: Sequence[LedgerRow], named: str | None) -> Iterator[dict[str, object]]:
    """Rows that are no more: their place is in the earlier file."""
    if not gone:
        return
    called = {name_key(text): text for _, _, text in page.texts(name_column(page.ledger)) if text}
    names = [*called, *(past.text(old, named) for old in gone)]
    groups = (alike(names), slips(names))
    position = past.ledger.position(named) if named else None
    column = past.ledger.columns[position] if position is not None else None
    for old in gone:
        who = past.text(old, named)
        key = name_key(who)
        near = [called[other] for group in groups for other in group.get(key, ()) if other in called]
        like = f"；本月有相近的“{near[0]}”，如系改名请说明" if near else ""
        fact = {**past.base(old, column), "gone": who or f"第{old.number}行", "gone_like": like, "who": who}
        # The doubt is the later ledger's, whatever file the row stands in.
        yield {**fact, "period": str(page.at or ""), "subject": f"台账《{page.part.title}》", "needs": bool(page.rules)}


def _change(
    fact: dict[str, object],
    column: LedgerColumn,
    old: LedgerColumn,
    was: str,
    now: str,
    is_counted: bool,
) -> Iterator[dict[str, object]]:
    if step_of_column(column.name) is not None:
        if iso_date(was):
            yield {**fact, "was_day": was, "now_day": now or "空"}
    elif is_stage_column(column.name):
        steps = step_of_stage(was), step_of_stage(now)
        if steps[0] is not None and steps[1] is not None:
            yield {**fact, "was_step": steps[0], "now_step": steps[1], "was_words": was, "now_words": now}
    elif is_counted or "累计" in column.name or "总投资" in column.name:
        yield from _amounts(fact, column, old, was, now)


def _amounts(
    fact: dict[str, object], column: LedgerColumn, old: LedgerColumn, was: str, now: str
) -> Iterator[dict[str, object]]:
    earlier, later = parse_number(was), parse_number(now)
    converted = None if earlier is None else convert(earlier, old.unit, column.unit)
    if earlier is not None and converted is not None and later is not None:
        amounts = {"was_amount": converted, "now_amount": later}
        yield {**fact, **amounts, "was_shown": shown(earlier, old.unit), "shown": shown(later, column.unit)}
