from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.contained import read
from flows.fingerprint import reader_fingerprint
from flows.passwords import given_passwords
from flows.store import Store, Vintage
from flows.vintage_reading import LOCKED, read_new, read_vintage
from tests.flows.pulling import Puller, every_text, statistics
from tests.transforms import other_formats, specimens
from tests.transforms.hostile import sheet
from transforms.spreadsheets.unreadable import UnreadableFile

DATA = other_formats.encrypted(specimens.xlsx(specimens.INDICATORS, specimens.INDICATOR_MERGES), "口令1")
VINTAGE = Vintage(1, "inbox/密.xlsx", "密.xlsx", "0" * 64, dt.datetime(2024, 7, 12, tzinfo=dt.UTC))


def test_an_encrypted_vintage_is_read_when_its_password_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUEBAO_PASSWORDS", raising=False)
    assert [doubt.expectation for doubt in read_vintage(DATA, VINTAGE).doubts] == [LOCKED]
    monkeypatch.setenv("YUEBAO_PASSWORDS", "别的 口令1")
    contents = read_vintage(DATA, VINTAGE)
    assert len(contents.readings) == 20
    assert "口令1" not in repr(contents.doubts)


def test_passwords_are_separated_by_white_space_and_one_may_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUEBAO_PASSWORDS", "a b\nc")
    assert given_passwords() == ("a", "b", "c", "a b\nc")
    monkeypatch.setenv("YUEBAO_PASSWORDS", " ")
    assert given_passwords() == ()


def test_a_large_file_is_read_in_a_process_of_its_own_with_the_same_result() -> None:
    rows = [
        *specimens.LEDGER[:3],
        *[(n, f"项目{n}", "镇", "食品", 1.5, dt.date(2024, 3, 1), "", "在建") for n in range(20_000)],
    ]
    contents = read(specimens.xlsx(rows), "台账.xlsx", "v")
    (table,) = contents.tables
    assert table.ledger is not None
    assert len(table.ledger.rows) == 20_000


def test_a_file_that_aborts_the_engine_is_refused_and_we_live(tmp_path: Path) -> None:
    # 300,000 cells without references in one row, and 99,000 rows: calamine asks for 700 GB and aborts the process.
    wide = '<row r="1">' + "<c><v>1</v></c>" * 300_000 + "</row>"
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 99_000))
    with pytest.raises(UnreadableFile, match=r"限度|损坏"):
        read(sheet(wide + rows), "撑.xlsx", "v")


def test_a_locked_file_is_read_from_the_store_once_its_password_is_given(
    puller: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YUEBAO_PASSWORDS", raising=False)
    inbox = puller.workspace.folder("small") / "inbox"
    (inbox / "三月.xlsx").write_bytes(other_formats.encrypted(statistics(26.0), "口令1"))
    puller.pull()
    district, store = puller.workspace.district("small"), Store(puller.workspace.store_address)

    def locked() -> list[str]:
        return [vintage.workbook for vintage in store.told_of("small", reader_fingerprint(), LOCKED)]

    try:
        read_new(puller.workspace, district, store)
        assert locked() == ["三月.xlsx"]
        assert read_new(puller.workspace, district, store) == 0
        monkeypatch.setenv("YUEBAO_PASSWORDS", "口令1")
        assert read_new(puller.workspace, district, store) == 1
        assert locked() == []
        assert read_new(puller.workspace, district, store) == 0
    finally:
        store.close()
    assert "口令1" not in every_text(puller.workspace.folder("small"))
