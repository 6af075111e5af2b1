"""Which tables a rule counts: the newest ledger, or every declared part of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.transforms.builders import district
from tests.transforms.builders import indicator as an_indicator
from tests.transforms.builders import plan as a_plan
from transforms.declared.corrections import Corrections
from transforms.declared.counting import Count
from transforms.doubts import Severity
from transforms.harmonise import harmonise
from transforms.observations import WHOLE, Harmonised, Received
from transforms.periods import Period
from transforms.readings import Contents, Ledger, LedgerColumn, LedgerRow, Table

MAY, JUNE = Period(2024, 5), Period(2024, 6)
DAY = dt.datetime(2024, 7, 12, tzinfo=dt.UTC)
HEADS = ("项目名称", "签约日期", "乡镇")
RULE = {"ledger": "项目台账", "date": "签约日期", "name": "项目名称", "area": "乡镇", "parts": ["甲镇", "东园区"]}

Row = tuple[str, str, str]


def table(*rows: Row, by: str = "", title: str = "项目台账", sheet: str = "一", period: Period = JUNE) -> Table:
    columns = tuple(LedgerColumn(name, "", letter) for name, letter in zip(HEADS, "ABC", strict=True))
    ledger = Ledger(columns, tuple(LedgerRow(number, row) for number, row in enumerate(rows, start=4)))
    return Table("ledger", f"{by or title}.xlsx", sheet, title, period, by, ledger=ledger)


def sent(*tables: Table, day: int = 12) -> Received:
    made = Contents(f"{tables[0].workbook}{day}", tables[0].workbook, tables)
    return Received(made, DAY.replace(day=day))


def known(*received: Received, **rule: object) -> Harmonised:
    counted = an_indicator().model_copy(update={"counted": Count.model_validate(RULE | rule), "unit": "个"})
    return harmonise(received, a_plan(counted), district(), Corrections(), JUNE)


def count(found: Harmonised, area: str = WHOLE) -> Decimal | None:
    return next((o.value for o in found.observations if o.area == area and o.period == JUNE), None)


ONE, TWO, THREE = (("一", "2024-03-01", "甲镇"), ("二", "2024-04-01", "东园区"), ("三", "2024-05-01", "甲镇"))


def test_the_parts_of_several_reporters_are_one_ledger() -> None:
    found = known(sent(table(ONE, THREE, by="甲镇")), sent(table(TWO, by="东园区")))
    assert [count(found, area) for area in (WHOLE, "甲镇", "东园区")] == [Decimal(3), Decimal(2), Decimal(1)]
    assert [str(entry.cell) for entry in found.entries] == [
        "甲镇.xlsx《一》B4",
        "甲镇.xlsx《一》B5",
        "东园区.xlsx《一》B4",
    ]
    assert found.doubts == ()


def test_a_part_is_known_by_its_title_where_nobody_signs_it() -> None:
    found = known(sent(table(ONE, title="甲镇项目台账")), sent(table(TWO, title="东园区2024年6月项目台账")))
    assert count(found) == 2


def test_all_tables_of_a_reporters_file_are_its_part() -> None:
    split = sent(table(ONE, by="甲镇"), table(THREE, by="甲镇", sheet="二"))
    assert count(known(split, sent(table(TWO, by="东园区")))) == 3


def test_a_newer_file_of_a_reporter_takes_the_place_of_its_own_part_alone() -> None:
    found = known(
        sent(table(ONE, THREE, by="甲镇")), sent(table(TWO, by="东园区")), sent(table(ONE, by="甲镇"), day=14)
    )
    assert count(found) == 2


def test_without_every_part_there_is_no_figure() -> None:
    found = known(sent(table(ONE, by="甲镇")), sent(table(TWO, by="东园区", period=MAY)))
    assert count(found) is None
    (doubt,) = found.doubts
    assert (doubt.expectation, doubt.severity) == ("ledger-is-whole", Severity.WARNING)
    assert "尚缺东园区的部分" in doubt.found


def test_two_different_files_of_a_part_on_one_day_stop_the_period() -> None:
    found = known(
        sent(table(ONE, by="甲镇")), sent(table(TWO, by="东园区")), sent(table(THREE, by="甲镇", title="甲镇项目台账"))
    )
    assert "one-ledger-at-a-time" in {doubt.expectation for doubt in found.doubts}


def test_two_tables_of_a_ledger_without_parts_are_not_taken_for_one_another() -> None:
    split = sent(table(ONE), table(THREE, sheet="二"))
    (doubt,) = known(split, parts=[]).doubts
    assert (doubt.expectation, doubt.severity) == ("one-ledger-at-a-time", Severity.CRITICAL)
