"""What holds for every ledger: order and cutting change nothing, a fitting row adds one, a naive count agrees."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.builders import district
from tests.transforms.builders import indicator as an_indicator
from tests.transforms.builders import plan as a_plan
from transforms.declared.corrections import Corrections
from transforms.declared.counting import Count
from transforms.harmonise import harmonise
from transforms.ledgers.counting import counted_rows, undecided_rows
from transforms.observations import WHOLE, Received
from transforms.periods import Period
from transforms.readings import Contents, Ledger, LedgerColumn, LedgerRow, Table

QUICK = settings(max_examples=80, deadline=None, derandomize=True)
"""The same cases in every run, and none kept in the tree."""

JUNE = Period(2024, 6)
COLUMNS = tuple(
    LedgerColumn(name, unit, letter)
    for name, unit, letter in (
        ("项目名称", "", "A"), ("总投资", "万元", "B"), ("签约日期", "", "C"), ("级别", "", "D"), ("行业", "", "E"),
    )
)  # fmt: skip
RULE = Count.model_validate(
    {
        "ledger": "台账",
        "date": "签约日期",
        "name": "项目名称",
        "where": [
            {"kind": "at-least", "column": "总投资", "value": "1", "unit": "亿元"},
            {"kind": "below", "column": "总投资", "value": "5", "unit": "亿元"},
            {"kind": "one-of", "column": "级别", "values": ["省级", "国家级"]},
            {"kind": "starts-with", "column": "行业", "values": ["C3"]},
        ],
    }
)

Row = tuple[str, str, str, str, str]
amounts = st.one_of(
    st.sampled_from(["", "—", "#N/A", "约3亿", "9999.99", "10000", "10,000", "49999", "50000", "-1", "0"]),
    st.integers(min_value=9_000, max_value=51_000).map(str),
)
days = st.one_of(
    st.sampled_from(["", "待定", "#REF!", "2024-06", "2024-07", "2024-01", "2023-12-31", "2024-01-01", "2024-06-30"]),
    st.dates(dt.date(2023, 11, 1), dt.date(2024, 8, 31)).map(dt.date.isoformat),
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙", "丙"]),
        amounts,
        days,
        st.sampled_from(["省级", "国家级", "市级", "", "省 级", "#N/A"]),
        st.sampled_from(["C39", "C34通用", "C20", "", "Ｃ35"]),
    ),
    max_size=25,
)


def ledger(made: list[Row], first: int = 4) -> Ledger:
    return Ledger(COLUMNS, tuple(LedgerRow(number, row) for number, row in enumerate(made, start=first)))


def count(made: list[Row]) -> int:
    return sum(1 for _ in counted_rows(ledger(made), RULE, JUNE))


def naive(made: list[Row]) -> int:
    """The rule as a clerk would apply it with a ruler, sharing nothing with the program."""
    found = 0
    for _, amount, day, level, sector in made:
        number = amount.replace(",", "")
        if not re.fullmatch(r"-?\d+(?:\.\d+)?", number):
            continue
        if not 10_000 <= Decimal(number) < 50_000:
            continue
        if not re.fullmatch(r"2024-0[1-6](?:-\d\d)?", day):
            continue
        if level.replace(" ", "") not in ("省级", "国家级"):
            continue
        found += sector[:2] in ("C3", "Ｃ3")
    return found


@QUICK
@given(rows)
def test_a_naive_count_agrees(made: list[Row]) -> None:
    assert count(made) == naive(made)


@QUICK
@given(rows, st.integers(min_value=0, max_value=999))
def test_the_order_of_rows_never_matters(made: list[Row], seed: int) -> None:
    other = list(made)
    Random(seed).shuffle(other)

    def texts(given: list[Row]) -> Counter[tuple[str, ...]]:
        return Counter(tuple(row.texts.values()) for row in counted_rows(ledger(given), RULE, JUNE))

    assert texts(made) == texts(other)


@QUICK
@given(rows, st.integers(min_value=0, max_value=25))
def test_a_row_that_fits_adds_one_wherever_it_stands(made: list[Row], at: int) -> None:
    fitting = ("丁", "10000", "2024-06-30", "省级", "C39")
    assert count([*made[:at], fitting, *made[at:]]) == count(made) + 1


@QUICK
@given(rows)
def test_no_row_is_both_counted_and_undecided(made: list[Row]) -> None:
    table = ledger(made)
    counted = {row.number for row in counted_rows(table, RULE, JUNE)}
    undecided = {row.number for row in undecided_rows(table, RULE, JUNE)}
    assert not counted & undecided


@QUICK
@given(rows)
def test_mending_an_undecided_cell_decides_it(made: list[Row]) -> None:
    good = ("甲", "10000", "2024-03-01", "省级", "C39")
    for row in undecided_rows(ledger(made), RULE, JUNE):
        at = COLUMNS.index(row.column)
        mended = list(made[row.number - 4])
        mended[at] = good[at]
        again = ledger([(mended[0], mended[1], mended[2], mended[3], mended[4])])
        others = [one.column for one in undecided_rows(again, RULE, JUNE)]
        assert row.column not in others
        assert others or count([(mended[0], mended[1], mended[2], mended[3], mended[4])]) == 1


@QUICK
@given(rows, st.integers(min_value=0, max_value=25))
def test_a_ledger_cut_in_two_parts_gives_the_same_count(made: list[Row], at: int) -> None:
    parts = RULE.model_copy(update={"parts": ("甲镇", "东园区")})
    counted = an_indicator().model_copy(update={"counted": parts, "unit": "个"})
    received = [
        Received(
            Contents(by, f"{by}.xlsx", (Table("ledger", f"{by}.xlsx", "一", "台账", JUNE, by, ledger=ledger(own)),)),
            dt.datetime(2024, 7, 12, tzinfo=dt.UTC),
        )
        for by, own in (("甲镇", made[:at]), ("东园区", made[at:]))
    ]
    found = harmonise(received, a_plan(counted), district(), Corrections(), JUNE)
    (june,) = [o for o in found.observations if o.period == JUNE and o.area == WHOLE]
    assert june.value == count(made)
    assert len(found.entries) == count(made)
