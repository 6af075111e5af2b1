"""Decides what the arrival or absence of a period's files means; opens none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.declared.district import District, Expected
from transforms.doubts import Doubt, Severity
from transforms.observations import Received
from transforms.periods import Period
from transforms.readings import State, Table


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What is known of the pulls of a source: when it was last tried, what stood in the way, when all of it came."""

    tried: dt.datetime
    faults: tuple[str, ...]
    whole: dt.datetime | None


def concerns(received: Received, period: Period) -> bool:
    """Whether a bulletin of the period may use the file: it tells of that year so far or of the year before."""
    return any(Period(period.year - 1, 1) <= told <= period for told in received.contents.periods)


def is_of(received: Received, period: Period) -> bool:
    """Whether the file tells of the period itself."""
    return period in received.contents.periods


def says_something(table: Table) -> bool:
    """Whether anything was filled in; a form sent back as it came reports nothing. A ledger may rightly be empty."""
    return table.ledger is not None or any(reading.state is not State.BLANK for reading in table.readings)


def missing_files(received: Sequence[Received], district: District, period: Period) -> Iterator[Doubt]:
    """The files that the district expects for the period and that haven't come."""
    here = [
        table for one in received for table in one.contents.tables if table.period == period and says_something(table)
    ]
    for expected in district.expected:
        if period.month in expected.months and not any(answers(table, expected, district) for table in here):
            yield Doubt(
                expectation="expected-file-came",
                severity=expected.severity,
                subject=f"{expected.name}（{period.chinese()}）",
                found=f"未收到{expected.reporter}的{expected.name}",
                expected=f"{expected.reporter}报送{period.chinese()}{expected.name}",
                cure="催报后放入收件目录再运行；已报送的，核对表内的标题、月份和报送单位"
                + ("" if expected.severity is Severity.CRITICAL else "；本期先不报送的，相关指标列为未报"),
                places=(expected.reporter,),
                period=period,
            )


def nothing_came(received: Sequence[Received], period: Period) -> Iterator[Doubt]:
    """That no file tells of the period yet: without any, no bulletin can be made."""
    if not any(tells_of(one, period) for one in received):
        yield Doubt(
            expectation="period-reported",
            severity=Severity.CRITICAL,
            subject=period.chinese(),
            found="尚未收到该月的任何数据",
            expected=f"报送单位报送{period.chinese()}数据",
            cure="催报后放入收件目录；已报送的，核对表内的标题和月份",
            places=("收件目录",),
            period=period,
        )


def tells_of(received: Received, period: Period) -> bool:
    """Whether a file is of the period, or has a doubt that stands in its way."""
    return is_of(received, period) or any(doubt.period == period for doubt in received.contents.doubts)


def unreached(
    records: Mapping[str, SourceRecord], district: District, period: Period, as_of: dt.datetime | None
) -> tuple[Doubt, ...]:
    """The sources that couldn't be pulled when last tried, where a file of the period may have come since.

    Until a source was last pulled whole all is known of it. A file comes in its own month or the one after, so periods
    older than that are left alone: one failing server doesn't make every old bulletin stale.
    """
    found = []
    for place in (source.place for source in district.sources):
        record = records.get(place)
        if record is None or not record.faults:
            continue
        whole = record.whole
        if whole is not None:
            known = Period(whole.year, whole.month).previous
            if period < known or (as_of is not None and as_of <= whole):
                continue
        since = f"{whole.year}年{whole.month}月{whole.day}日以来" if whole else "至今"
        found.append(
            Doubt(
                expectation="source-pulled",
                severity=Severity.WARNING,
                subject=f"数据来源{place}",
                found=f"{since}未能完整取得其中的文件，按此前收到的文件编制",
                expected="来源能够连接，其中的文件全部取得",
                cure="运行yuebao pull查看原因，恢复后重新运行",
                places=(place,),
                period=period,
            )
        )
    return tuple(found)


def answers(table: Table, expected: Expected, district: District) -> bool:
    """Whether the table is the expected one by its own words; a file's name may be anything.

    A table that names no reporter answers only where its title is expected of nobody else.
    """
    if expected.title not in table.title:
        return False
    if not table.reporter:
        return sum(other.title == expected.title for other in district.expected) == 1
    reporter = district.unit(table.reporter)
    return reporter is not None and reporter.name == expected.reporter


def standing_in_the_way(doubts: Iterable[Doubt], period: Period) -> tuple[Doubt, ...]:
    """The doubts that a bulletin of the period must know of.

    Those of later periods aren't its business. An earlier period's fault no longer stops this one: it becomes a
    warning, since that period was stopped by it or made before the fault came.
    """
    kept: dict[Doubt, None] = {}
    for doubt in doubts:
        if doubt.period is not None and (doubt.period > period or doubt.period.year < period.year - 1):
            continue
        if doubt.period is not None and doubt.period < period and doubt.severity is Severity.CRITICAL:
            doubt = replace(doubt, severity=Severity.WARNING, found=f"{doubt.found}（{doubt.period.chinese()}的问题）")
        kept[doubt] = None
    return tuple(kept)


def beside(doubts: Iterable[Doubt], stopping: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """The warnings about the cells, then the sheets and files, of critical doubts: they may explain them."""
    told = {place for doubt in stopping for place in doubt.places}
    sheets = {_sheet(place) for place in told}
    warnings = [doubt for doubt in doubts if doubt.severity is Severity.WARNING]
    near = [doubt for doubt in warnings if told & set(doubt.places)]
    same = {part for sheet in sheets for part in (sheet, sheet.partition("《")[0])}
    around = [doubt for doubt in warnings if doubt not in near and same & {_sheet(place) for place in doubt.places}]
    return (*near, *around)


def _sheet(place: str) -> str:
    sheet, bracket, _ = place.rpartition("》")
    return sheet + bracket if bracket else place


def critical(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """The doubts that stop the period."""
    return tuple(doubt for doubt in doubts if doubt.severity is Severity.CRITICAL)
