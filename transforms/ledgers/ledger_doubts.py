"""Holds what a ledger counts against other ledgers and tables; a count that looks right may rest on half the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from transforms.declared.counting import Count
from transforms.declared.district import District
from transforms.declared.plan import Indicator
from transforms.doubts import Doubt, Severity
from transforms.figures import exact
from transforms.ledgers.counting import MissingColumns, counted_rows, deciding_columns
from transforms.ledgers.ledger_sources import Source, ledgers_of, sender_of, source_of
from transforms.observations import Observation, Received
from transforms.periods import Period
from transforms.readings import Reading
from transforms.spellings import plain_words

_MOST_LOST = Decimal("0.2")
"""Rows that a ledger may lose from one month to the next, as a share, before its period is stopped: a project that was
withdrawn is told, a ledger that was replaced by an addendum isn't believed."""


def doubts_about_count(
    indicator: Indicator, rule: Count, received: Sequence[Received], used: Source, period: Period, district: District
) -> Iterator[Doubt]:
    """Whether the ledger that was used agrees with another of the same day, and still has last month's rows."""
    total = _total(rule, used, period)
    if total is None:
        return
    counted = _rows(rule, used, period)
    for rival in _rivals(rule, received, used, district):
        its, of_its = _total(rule, rival, period), _rows(rule, rival, period)
        if its is not None and of_its != counted:
            yield Doubt(
                expectation="one-ledger-at-a-time",
                severity=Severity.CRITICAL,
                subject=f"{indicator.name}（按台账计数）",
                found=f"同时收到两份台账，计入的行不同，分别计得{exact(its)}和{exact(total)}",
                expected="同一时期只有一份台账；各单位分别报送的，在方案的计数规则中用 parts 登记",
                cure="与报送单位核对，只留正确的一份，另一份移出收件目录",
                places=(*rival.places, *used.places),
                period=period,
            )
    if period.month > 1 and used.period == period and rule.date is not None:
        yield from _lost_rows(indicator, rule, received, used, period, district)


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


def lacking_columns(indicator: Indicator, missing: MissingColumns, source: Source) -> Doubt:
    """The ledger can't be counted for want of columns, or of their units."""
    return Doubt(
        expectation="ledger-has-columns",
        severity=Severity.CRITICAL,
        subject=f"{indicator.name}（按台账计数）",
        found=f"台账《{source.parts[0].table.title}》缺少列：{missing}",
        expected="台账有计数规则所用的各列，每列一次，计量单位能够换算",
        cure="补上该列（列名与规则一致）后重新报送，或修改方案中的计数规则",
        places=source.places,
        period=source.period,
    )


def lacking_parts(indicator: Indicator, source: Source) -> Doubt:
    """Some parts of a ledger that several send haven't come: what the others give isn't the figure."""
    return Doubt(
        expectation="ledger-is-whole",
        severity=Severity.WARNING,
        subject=f"{indicator.name}（按台账计数）",
        found=f"台账由各单位分别报送，尚缺{'、'.join(source.lacking)}的部分，本期不计数",
        expected="各单位的部分都已报送；没有项目的也报送空表",
        cure=f"向{'、'.join(source.lacking)}催报",
        places=source.places,
        period=source.period,
    )


def _lost_rows(
    indicator: Indicator, rule: Count, received: Sequence[Received], used: Source, period: Period, district: District
) -> Iterator[Doubt]:
    earlier = source_of(rule, received, period.previous, period.previous, district)
    if earlier is None or earlier.period != period.previous:
        return
    then, now = _total(rule, earlier, period.previous), _total(rule, used, period.previous)
    if then is None or now is None or now >= then:
        return
    yield Doubt(
        expectation="ledger-keeps-its-rows",
        severity=Severity.CRITICAL if then - now > then * _MOST_LOST else Severity.WARNING,
        subject=f"{indicator.name}（按台账计数）",
        found=f"上月台账计到{period.previous.month}月为{exact(then)}，本月台账计到同月只有{exact(now)}",
        expected="本月台账含有此前各月已计入的各行",
        cure="核对是否漏行、只报了新增部分或列名错位，补全后重新报送；确因核减的，请报送单位说明",
        places=(*used.places, *earlier.places),
        period=period,
    )


def _rivals(rule: Count, received: Sequence[Received], used: Source, district: District) -> Iterator[Source]:
    """Other ledgers of the same month and moment; of a ledger in parts, a part's other files."""
    own = [part.table for part in used.parts]
    for part in ledgers_of(rule, received):
        if any(part.table is table for table in own) or part.period != used.period:
            continue
        if not rule.parts:
            if part.one.received == used.parts[0].one.received:
                yield Source((part,))
            continue
        sender = sender_of(part.table, rule, district)
        same = [other for other in used.parts if sender and sender_of(other.table, rule, district) == sender]
        if same and part.one.received == same[0].one.received:
            kept = tuple(other for other in used.parts if other not in same)
            yield Source((*kept, part))


def _rows(rule: Count, source: Source, month: Period) -> Counter[tuple[str, ...]]:
    """What is counted, row by row, whatever the order: the texts of the columns that the rule names."""
    names = [name for name in (*deciding_columns(rule), rule.name) if name]
    try:
        return Counter(
            tuple(plain_words(row.texts.get(name, "")) for name in names)
            for part in source.parts
            for row in counted_rows(part.ledger, rule, month)
        )
    except MissingColumns:
        return Counter()


def _total(rule: Count, source: Source, month: Period) -> Decimal | None:
    try:
        return sum((row.adds for part in source.parts for row in counted_rows(part.ledger, rule, month)), Decimal(0))
    except MissingColumns:
        return None
