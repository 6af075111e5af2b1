"""The store on real SQLite and real PostgreSQL: exact, append-only, and as it was known at any moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.clock import BEIJING
from flows.jobs import Job
from flows.monthly import make_bulletin
from flows.store import AssessedFigure, Issue, NumberTaken, Run, Store, Vintage
from flows.workspace import Workspace
from tests.flows.small import Sent
from transforms.doubts import Doubt, Severity
from transforms.errors import EnvironmentFault
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Cell, Contents, Ledger, LedgerColumn, LedgerRow, Measure, Reading, State, Table
from transforms.writing.editing import Remembered
from transforms.writing.editions import Edition

DAY = dt.datetime(2024, 7, 17, tzinfo=dt.UTC)
JUNE = Period(2024, 6)


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    made = Store(address)
    yield made
    made.close()


def contents(vintage: Vintage, value: str = "12345678901234.345678") -> Contents:
    cell = Cell(vintage.sha256, vintage.workbook, "表", "D4")
    reading = Reading("产值", "", JUNE, Measure.YEAR_TO_DATE, Decimal(value), "亿元", cell, value)
    blank = Reading("税收", "", JUNE, Measure.MONTH, None, "亿元", cell, "", State.BLANK, "产值", "NG1310")
    ledger = Ledger((LedgerColumn("项目名称", "", "B"),), (LedgerRow(4, ("甲",)), LedgerRow(6, ("乙",))), 3)
    doubt = Doubt("stated-count", Severity.WARNING, "台账", "共3项", "2项", "核对", ("表A2",), JUNE)
    tables = (
        Table(
            "measures_across", vintage.workbook, "表", "2024年6月", JUNE, "区统计局", (reading, blank), None, ("注：",)
        ),
        Table("ledger", vintage.workbook, "账", "台账", JUNE, "", (), ledger),
    )
    return Contents(vintage.sha256, vintage.workbook, tables, (doubt,))


def kept(store: Store, origin: str, sha256: str, received: dt.datetime, value: str = "1") -> Vintage:
    vintage = store.add_vintage("small", Vintage(0, origin, origin.rsplit("/")[-1], sha256, received), 9, DAY)
    store.keep_contents(vintage, "reader", contents(vintage, value))
    return vintage


def known(store: Store, as_of: dt.datetime | None = None) -> list[tuple[str, bool]]:
    return [(one.vintage.sha256, one.in_force) for one in store.inputs("small", "reader", JUNE, as_of)]


@pytest.mark.parametrize("value", ["12345678901234.345678", "0.1", "-0.0000001", "13.80", "0"])
def test_what_was_read_comes_back_exactly(store: Store, value: str) -> None:
    vintage = kept(store, "inbox/a.xlsx", "a" * 64, DAY, value)
    (one,) = store.kept(store.inputs("small", "reader", JUNE, None))
    assert one.received.contents == contents(vintage, value)
    assert f"{one.received.contents.readings[0].value:f}" == value
    assert one.received.received == DAY


def test_a_figure_that_is_none_is_refused(store: Store) -> None:
    vintage = store.add_vintage("small", Vintage(0, "a.xlsx", "a.xlsx", "a" * 64, DAY), 9, DAY)
    with pytest.raises(Exception, match="is no figure"):
        store.keep_contents(vintage, "reader", contents(vintage, "NaN"))
    assert store.unread("small", "reader") == (vintage,)


def test_a_newer_vintage_takes_the_place_of_the_older_which_stays(store: Store) -> None:
    later = DAY + dt.timedelta(days=30)
    kept(store, "inbox/a.xlsx", "a" * 64, DAY)
    kept(store, "inbox/a.xlsx", "b" * 64, later)
    assert known(store) == [("a" * 64, False), ("b" * 64, True)]
    assert known(store, DAY) == [("a" * 64, True)]
    assert known(store, DAY - dt.timedelta(seconds=1)) == []


def test_a_withdrawn_vintage_is_known_until_then(store: Store) -> None:
    gone = DAY + dt.timedelta(days=2)
    vintage = kept(store, "inbox/a.xlsx", "a" * 64, DAY)
    store.withdraw([vintage], gone)
    assert known(store) == []
    assert known(store, gone - dt.timedelta(hours=1)) == [("a" * 64, True)]


def test_only_what_tells_of_the_two_years_is_an_input(store: Store) -> None:
    kept(store, "inbox/a.xlsx", "a" * 64, DAY)
    inputs = {
        period: len(store.inputs("small", "reader", Period.parse(period), None))
        for period in ("2024-05", "2024-06", "2025-12", "2026-01")
    }
    assert inputs == {"2024-05": 0, "2024-06": 1, "2025-12": 1, "2026-01": 0}


def test_runs_are_kept_and_the_newest_is_told(store: Store) -> None:
    figure = AssessedFigure("gross-output", "behind", Decimal("82.30"), "亿元", Decimal(170), None, None, None)
    for outcome in ("blocked", "made"):
        store.record(Run("small", JUNE, None, "f" * 64, DAY, DAY, outcome, "", "{}", "240718-a1"), [figure])
    last = store.last_runs("small")[JUNE]
    assert (last.outcome, last.run) == ("made", "240718-a1")


def issue(number: int = 1, correction: int = 0, period: Period = JUNE, **changes: Any) -> Issue:
    made = Issue(
        district="small",
        period=period,
        register="通报〔{year}〕{issue}号",
        year=2024,
        number=number,
        correction=correction,
        designation=f"通报〔2024〕{number}号",
        title="关于2024年1—6月工业的通报",
        dated=dt.date(2024, 7, 17),
        by="王明",
        at=DAY.astimezone(BEIJING),
        fingerprint="f" * 64,
        content="c" * 64,
        manifest_sha256="m" * 64,
    )
    return replace(made, **changes)


def test_an_issue_comes_back_with_its_bytes_its_vintages_and_its_figures(store: Store) -> None:
    kept(store, "inbox/a.xlsx", "a" * 64, DAY, "12345678901234.345678")
    inputs = store.inputs("small", "reader", JUNE, None)
    figure = Observation(
        "gross-output", "", JUNE, Measure.YEAR_TO_DATE, Decimal("12345678901234.3450"), "亿元", State.NUMBER, "", 4,
        (Cell("a" * 64, "a.xlsx", "表", "D4"),), DAY, "更正：原表为842",
    )  # fmt: skip
    files = {"manifest.json": b"{}", "bulletin.pdf": bytes(range(256))}
    store.keep_issue(issue(), files, inputs, [figure])
    assert store.issues("small") == (issue(),)
    assert store.issues("other") == ()
    assert store.issue_files(issue()) == files
    told = store.published(issue())
    assert told.figures == (figure,)
    assert f"{told.figures[0].value:f}" == "12345678901234.3450"
    assert told.vintages == {"a" * 64}
    assert (told.period, told.edition, told.designation) == (JUNE, Edition(1, 0, 2024), "通报〔2024〕1号")


def test_numbers_go_up_within_a_register_s_year(store: Store) -> None:
    store.keep_issue(issue(1), {}, (), ())
    store.keep_issue(issue(4, period=JUNE.next), {}, (), ())
    store.keep_issue(issue(4, correction=1, period=JUNE.next), {}, (), ())
    of = issue().register
    assert (store.next_number(of, 2024), store.next_number(of, 2025), store.next_number("另", 2024)) == (5, 1, 1)
    assert [one.folder for one in store.issues("small")] == ["2024-001", "2024-004", "2024-004-correction-1"]


@pytest.mark.parametrize("second", [issue(1, period=JUNE.next), issue(2), issue(1, period=JUNE.next, district="other")])
def test_neither_a_number_nor_a_period_is_given_out_twice(store: Store, second: Issue) -> None:
    store.keep_issue(issue(1), {"a": b"first"}, (), ())
    with pytest.raises(NumberTaken):
        store.keep_issue(second, {"a": b"second"}, (), ())
    assert store.issues("small") == (issue(1),)
    assert store.issue_files(issue(1)) == {"a": b"first"}


def test_a_store_that_cannot_be_used_is_told_without_its_password() -> None:
    with pytest.raises(EnvironmentFault) as told:
        Store("postgresql://clerk:secret@127.0.0.1:1/none")
    assert "secret" not in str(told.value)
    with pytest.raises(EnvironmentFault, match="DATABASE_URL"):
        Store("oracle-of-delphi")


def test_a_damaged_store_is_told_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_bytes(b"this is no database, but it is long enough to look at" * 40)
    with pytest.raises(EnvironmentFault, match="move it away"):
        Store(f"sqlite:///{tmp_path / 'store.sqlite3'}")


def test_both_databases_give_the_same_bulletin(
    workspace_and_sent: tuple[Workspace, Sent], postgresql: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace, _ = workspace_and_sent
    job = Job(workspace, "small", Period(2024, 3))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    on_sqlite = (make_bulletin(job).folder / "manifest.json").read_bytes()
    monkeypatch.setenv("DATABASE_URL", postgresql)
    assert (make_bulletin(job).folder / "manifest.json").read_bytes() == on_sqlite


def test_quotes_come_back_as_they_were_kept_in_their_order_and_for_their_period_only(store: Store) -> None:
    first = Remembered("all", "82.1亿元", "output|actual", "82.1亿元")
    second = Remembered("总体进展", "8.9%", "output|growth", "−8.9%")
    store.remember_quotes("specimen", JUNE, (first,), DAY)
    store.remember_quotes("specimen", JUNE, (second,), DAY)
    store.remember_quotes("specimen", JUNE, (), DAY)
    store.remember_quotes("specimen", JUNE.next, (first,), DAY)
    assert store.remembered_quotes("specimen", JUNE) == (first, second)
    assert store.remembered_quotes("other", JUNE) == ()
