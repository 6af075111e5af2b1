"""Completion statements that governments have published, rechecked as intervals (method §5); real, so never committed.

Each test takes its figures out of the fragment itself, and fails when the fragment no longer has them.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import pytest

from tests.transforms.test_samples import SAMPLES
from transforms.figures import HUNDRED, Interval
from transforms.rechecking.rechecks import rechecks
from transforms.tables.reading import read

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no real samples: {SAMPLES} is missing")

MONTHS = range(1, 13)
NUMBER = r"(\d+(?:\.\d+)?)"


def figures(kind: str, shape: str) -> list[tuple[str, ...]]:
    """What the shape (N stands for a number) finds in the fragments of that kind, the first that has it."""
    with next(SAMPLES.glob("52_*")).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = [re.findall(shape.replace("N", NUMBER), row["fragment"]) for row in rows if row["kind"] == kind]
    return next(numbers for numbers in found if numbers)


def printed(text: str) -> Interval:
    return Interval.of(Decimal(text))


def elapsed(month: int) -> Interval:
    due = HUNDRED * month / 12
    return Interval(due, due)


def of(rate: Interval, target: Interval) -> Interval:
    return Interval(rate.low * target.low / HUNDRED, rate.high * target.high / HUNDRED)


def test_two_completions_of_two_targets_are_of_one_amount() -> None:
    (city, own) = figures("two_targets", "完成.上全年任务（N亿元）的N%")
    amounts = [of(printed(rate), printed(target)) for target, rate in (city, own)]
    assert amounts[0].overlaps(amounts[1])
    wrong = of(printed(own[1]) + Interval.of(Decimal("0.50"), 3), printed(own[0]))
    assert not amounts[0].overlaps(wrong)


def test_two_gaps_to_two_targets_are_of_one_amount_in_one_month_alone() -> None:
    (pair,) = figures("two_targets", "（N亿元）N个百分点.*（N亿元）N个百分点")
    low, gap, high, wider = map(printed, pair)
    fits = [m for m in MONTHS if of(elapsed(m) - gap, low).overlaps(of(elapsed(m) - wider, high))]
    assert 8 in fits
    assert set(fits) <= {7, 8}


@pytest.mark.parametrize(
    ("kind", "shape", "sign", "month"),
    [
        ("xushi_ahead", "占年度计划N%，超序时进度N个百分点", -1, 8),
        ("level_target", "完成年度目标的N%，低于目标N个百分点", 1, 9),
    ],
)
def test_a_completion_and_its_gap_name_the_month(kind: str, shape: str, sign: int, month: int) -> None:
    ((rate, gap),) = figures(kind, shape)
    due = printed(rate) + printed(gap).times(Decimal(sign))
    assert [m for m in MONTHS if due.overlaps(elapsed(m))] == [month]


def test_two_completions_are_held_against_one_path() -> None:
    ((one, other, ahead, less),) = figures("xushi_ahead", "分别为N%、N%，分别超时序进度N个百分点、N个百分点")
    for rate, gap in ((one, ahead), (other, less)):
        assert [m for m in MONTHS if (printed(rate) - printed(gap)).overlaps(elapsed(m))] == [4]


def test_projects_and_their_completion_fit_a_whole_target() -> None:
    """Things are counted, so the target is a whole number: 145 of 165, 62 of 120."""
    pairs = figures("mixed_row", "项目N个，占全年目标任务的N%")
    wholes = []
    for count, rate in pairs:
        share = printed(rate)
        wholes.append([n for n in range(1, 1000) if share.low <= HUNDRED * int(count) / Decimal(n) < share.high])
    assert wholes == [[165], [120]]


def test_of_five_shares_of_222_tasks_one_is_inconsistent() -> None:
    """Counts aren't rounded: 162 of 222 is 72.97…, which no rounding makes 72.9; it was made to add up to 100."""
    pairs = figures("status_counts", "N个，占(?:总任务的)?N%")
    total = sum(int(count) for count, _ in pairs)
    wrong = [
        (count, rate)
        for count, rate in pairs
        if not printed(rate).overlaps(Interval(*[HUNDRED * int(count) / Decimal(total)] * 2))
    ]
    assert (total, wrong) == (222, [("162", "72.9")])
    assert sum(Decimal(rate) for _, rate in pairs) == HUNDRED


def told(unit: str, done: str, target: str, rate: str) -> list[str]:
    """What the recheck of a table says that states these three."""
    rows = (
        "2024年6月任务完成情况",
        "指标名称,计量单位,累计,全年目标,完成率（%）",
        f"任务,{unit},{done},{target},{rate}",
    )
    return [one.expectation for one in rechecks(read("\n".join(rows).encode(), "任务_2024年6月.csv", "v1"))]


def test_the_rechecks_of_a_table_say_the_same_of_these_statements() -> None:
    assert told("个", "145", "165", "87.9") == []
    assert told("个", "62", "120", "51.7") == []
    assert told("亿元", "25.47", "42.5", "59.94") == []
    assert told("亿元", "25.47", "46.5", "54.78") == []
    assert told("个", "162", "222", "73.0") == []
    assert told("个", "162", "222", "72.9") == ["completion-follows"]
