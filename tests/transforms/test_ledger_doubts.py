"""A count is held against last month's ledger, another ledger of the same day, and what a table states."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.transforms.builders import cell, district, observation
from tests.transforms.builders import indicator as an_indicator
from transforms.declared.counting import Count
from transforms.declared.plan import Indicator
from transforms.doubts import Doubt, Severity
from transforms.ledgers.ledger_doubts import doubt_about_other_count, doubts_about_count
from transforms.ledgers.ledger_sources import Part, Source
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import Contents, Ledger, LedgerColumn, LedgerRow, Measure, Reading, Table

MAY, JUNE = Period(2024, 5), Period(2024, 6)
RULE = Count(ledger="项目台账", date="签约日期")
DAY = dt.datetime(2024, 7, 12, tzinfo=dt.UTC)
PROJECTS: Indicator = an_indicator().model_copy(update={"counted": RULE})


def ledger(name: str, period: Period, *days: str, received: dt.datetime = DAY) -> tuple[Received, Table]:
    columns = (LedgerColumn("项目名称", "", "B"), LedgerColumn("签约日期", "", "F"))
    rows = tuple(LedgerRow(number, (f"项目{number}", day)) for number, day in enumerate(days, start=4))
    table = Table("ledger", name, "台账", "工业项目台账", period, ledger=Ledger(columns, rows))
    return Received(Contents(name, name, (table,)), received), table


def doubts(used: tuple[Received, Table], *others: tuple[Received, Table]) -> list[Doubt]:
    received = [one for one, _ in (used, *others)]
    one, table = used
    assert table.ledger is not None
    source = Source((Part(one, table, table.ledger, JUNE),))
    return list(doubts_about_count(PROJECTS, RULE, received, source, JUNE, district()))


def test_a_ledger_that_has_grown_is_believed() -> None:
    may = ledger("五月.xlsx", MAY, "2024-01-09", "2024-05-20")
    assert doubts(ledger("六月.xlsx", JUNE, "2024-01-09", "2024-05-20", "2024-06-01"), may) == []


def test_an_addendum_in_place_of_the_ledger_stops_the_period() -> None:
    may = ledger("五月.xlsx", MAY, "2024-01-09", "2024-02-09", "2024-05-20")
    (doubt,) = doubts(ledger("新增.xlsx", JUNE, "2024-06-01"), may)
    assert (doubt.expectation, doubt.severity) == ("ledger-keeps-its-rows", Severity.CRITICAL)
    assert "上月台账计到5月为3，本月台账计到同月只有0" in doubt.found
    assert doubt.places == ("新增.xlsx《台账》", "五月.xlsx《台账》")


def test_one_withdrawn_project_of_many_is_told() -> None:
    days = [f"2024-03-{day:02d}" for day in range(1, 11)]
    (doubt,) = doubts(ledger("六月.xlsx", JUNE, *days[1:]), ledger("五月.xlsx", MAY, *days))
    assert doubt.severity is Severity.WARNING


def test_two_ledgers_of_one_day_that_differ_stop_the_period() -> None:
    used, rival = ledger("终稿.xlsx", JUNE, "2024-06-01"), ledger("台账.xlsx", JUNE, "2024-06-01", "2024-06-02")
    (doubt,) = doubts(used, rival)
    assert (doubt.expectation, doubt.severity) == ("one-ledger-at-a-time", Severity.CRITICAL)
    assert doubts(used, ledger("台账.xlsx", JUNE, "2024-06-01")) == []
    # As many rows, but another one: a total that agrees by chance hides it.
    (doubt,) = doubts(used, ledger("台账.xlsx", JUNE, "2024-06-03"))
    assert doubt.severity is Severity.CRITICAL
    later = ledger("更早.xlsx", JUNE, "2024-06-01", "2024-06-02", received=DAY - dt.timedelta(days=1))
    assert doubts(used, later) == []


@pytest.mark.parametrize(("stated", "told"), [("7", 0), ("6", 1), (None, 0)])
def test_what_a_table_states_is_compared(stated: str | None, told: int) -> None:
    value = None if stated is None else Decimal(stated)
    reading = Reading("新增规上", "", JUNE, Measure.YEAR_TO_DATE, value, "家", cell(), stated or "")
    counted = replace(observation("firms", "7"), unit="家")
    found = list(doubt_about_other_count(PROJECTS, counted, reading))
    assert len(found) == told
    assert all(one.severity is Severity.WARNING and "按台账计得7" in one.found for one in found)
