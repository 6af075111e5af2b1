"""Holds what a ledger counts against other ledgers and tables; a count that looks right may rest on half the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from transforms.counting import MissingColumns, counted_rows
from transforms.doubts import Doubt, Severity
from transforms.figures import exact
from transforms.observations import Observation, Received
from transforms.periods import Period
from transforms.plan import Count, Indicator
from transforms.readings import Reading, Table

_MOST_LOST = Decimal("0.2")
"""Rows that a ledger may lose from one month to the next, as a share, before its period is stopped: a project that was
withdrawn is told, a ledger that was replaced by an addendum isn't believed."""


def doubts_about_count(
    indicator: Indicator, rule: Count, received: Sequence[Received], used: tuple[Received, Table], period: Period
) -> Iterator[Doubt]:
    """Whether the ledger that was used agrees with another of the same day, and still has last month's rows."""
    one, table = used
    total = _total(rule, table, period)
    if total is None:
        return
    for other, rival in _ledgers(rule, received):
        if rival is table or rival.period != table.period or other.received != one.received:
            continue
        its = _total(rule, rival, period)
        if its is not None and its != total:
            yield Doubt(
                expectation="one-ledger-at-a-time",
                severity=Severity.CRITICAL,
                subject=f"{indicator.name}（按台账计数）",
                found=f"同时收到两份台账，分别计得{exact(its)}和{exact(total)}",
                expected="同一时期只有一份台账",
                cure="与报送单位核对，只留正确的一份，另一份移出收件目录",
                places=(f"{rival.workbook}《{rival.sheet}》", f"{table.workbook}《{table.sheet}》"),
                period=period,
            )
    if period.month > 1 and table.period == period and rule.date is not None:
        yield from _lost_rows(indicator, rule, received, table, period)


def doubt_about_other_count(indicator: Indicator, counted: Observation, reading: Reading) -> Iterator[Doubt]:
    """Whether a table or form that states the figure says what was counted."""
    if reading.value is not None and reading.value != counted.value:
        yield Doubt(
            expectation="count-as-stated",
            severity=Severity.WARNING,
            subject=indicator.name,
            found=f"表中列{exact(reading.value)}，按台账计得{exact(counted.value)}，通报采用台账数",
            expected="报表与台账一致",
            cure="与报送单位核对台账和报表，改正后重新报送",
            places=(str(reading.cell),),
            period=reading.period,
        )


def _lost_rows(
    indicator: Indicator, rule: Count, received: Sequence[Received], table: Table, period: Period
) -> Iterator[Doubt]:
    own = [(one.received, rival) for one, rival in _ledgers(rule, received) if rival.period == period.previous]
    if not own:
        return
    earlier = max(own, key=lambda item: (item[0], item[1].workbook))[1]
    then, now = _total(rule, earlier, period.previous), _total(rule, table, period.previous)
    if then is None or now is None or now >= then:
        return
    yield Doubt(
        expectation="ledger-keeps-its-rows",
        severity=Severity.CRITICAL if then - now > then * _MOST_LOST else Severity.WARNING,
        subject=f"{indicator.name}（按台账计数）",
        found=f"上月台账计到{period.previous.month}月为{exact(then)}，本月台账计到同月只有{exact(now)}",
        expected="本月台账含有此前各月已计入的各行",
        cure="核对是否漏行、只报了新增部分或列名错位，补全后重新报送；确因核减的，请报送单位说明",
        places=(f"{table.workbook}《{table.sheet}》", f"{earlier.workbook}《{earlier.sheet}》"),
        period=period,
    )


def _ledgers(rule: Count, received: Sequence[Received]) -> Iterator[tuple[Received, Table]]:
    for one in received:
        for table in one.contents.tables:
            if table.ledger is not None and rule.ledger in table.title:
                yield one, table


def _total(rule: Count, table: Table, month: Period) -> Decimal | None:
    if table.ledger is None:
        return None
    try:
        return sum((row.adds for row in counted_rows(table.ledger, rule, month)), Decimal(0))
    except MissingColumns:
        return None
