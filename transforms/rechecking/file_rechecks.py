"""Rechecks sums, parts, shares and growth within one file; the gates ask the same of all files, knowing the plan."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.doubts import Doubt, Severity
from transforms.figures import HUNDRED, Interval, growth_between, printed
from transforms.measure_names import MEASURE_WORDS
from transforms.periods import Period
from transforms.readings import Contents, Measure, Reading, State
from transforms.rechecking.row_rechecks import doubt, share_of, stated_against
from transforms.rechecking.slips import slip
from transforms.rechecking.table_rows import Row, interval_of, is_additive, quoted, rows_of
from transforms.tables.findings import Findings, Rule
from transforms.tables.labels import plain_label

UNRECONCILED = Decimal("0.1")
"""No restatement within a year moves a year-to-date figure by this share: it's the wrong column or unit."""

_SUMS = Rule(
    "months-add-up", Severity.INFO, "累计数与分期数之和不一致", "上期累计＋本期＝本期累计（四舍五入除外）",
    "前期数经修订的无需处理；否则核对后重新报送",
)  # fmt: skip
_SUMS_FAR = Rule(
    "months-reconcile", Severity.WARNING, "累计数与分期数之和相差10%以上", "上期累计＋本期＝本期累计",
    "核对三个数是否填错栏、填错月或用错计量单位，改正后重新报送",
)  # fmt: skip
_SCOPE = Rule(
    "growth-agrees", Severity.INFO, "增速与两年水平数推算的不一致", "上年基数按可比口径调整时允许不一致",
    "无需处理；以所报增速为准，上年同期数可能已按可比口径调整",
)  # fmt: skip
_ROUNDING = Rule(
    "shares-add-up", Severity.INFO, "比重之和不等于100%", "部分数据因四舍五入的原因，存在总计与分项合计不等的情况",
    "无需处理",
)  # fmt: skip
_GROWN = {Measure.MONTH_GROWTH: Measure.MONTH, Measure.YEAR_TO_DATE_GROWTH: Measure.YEAR_TO_DATE}
_ADDED = (Measure.MONTH, Measure.YEAR_TO_DATE, Measure.LEVEL, Measure.QUARTER, Measure.YEAR)
_WHOLE = re.compile(r"|合计|总计|全部|全区合计|全[国省市县区]")
_SUBTOTAL = re.compile(r".*(?:小计|合计|平均)")
_PARK = re.compile(r".*(?:园|园区|开发区|高新区|经开区|集中区|新城|示范区)")
_NOTHING = Decimal(0)
_SHARE = re.compile(r"(?P<part>.+?)占(?:全[区市县省国])?(?P<whole>.+?)的?(?:比重|比例)")
_GDP = {"GDP": "地区生产总值", "生产总值": "地区生产总值", "国内生产总值": "地区生产总值"}


def file_rechecks(contents: Contents) -> Iterator[Doubt]:
    """What the file's own figures contradict: sums over periods, wholes of parts, shares, growth over years."""
    series = _series(contents)
    findings = Findings()
    for key, one in series.items():
        _sums(key, one, findings)
        yield from _growth(key, one, findings)
    for table in contents.tables:
        rows = list(rows_of(table))
        yield from _parts_of_areas(rows, findings)
        yield from _parts_of_labels(rows)
        yield from _shares(rows)
    yield from findings.doubts()


# --- Over periods -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    label: str
    parent: str
    area: str


_Figures = Mapping[tuple[Measure, Period], Reading]


def _series(contents: Contents) -> Mapping[_Name, _Figures]:
    """The numbers of each label and area by measure and period; the first of a figure that stands twice."""
    plain: dict[str, str] = {}
    found: dict[_Name, dict[tuple[Measure, Period], Reading]] = defaultdict(dict)
    for reading in contents.readings:
        if reading.value is not None and reading.period is not None:
            label = plain.setdefault(reading.label, "") or plain_label(reading.label)
            plain[reading.label] = label
            found[_Name(label, reading.parent, reading.area)].setdefault((reading.measure, reading.period), reading)
    return found


def _sums(name: _Name, figures: _Figures, findings: Findings) -> None:
    for (measure, period), total in figures.items():
        if measure is not Measure.YEAR_TO_DATE or not is_additive(total):
            continue
        for part, length in ((Measure.MONTH, 1), (Measure.QUARTER, 3)):
            own = figures.get((part, period))
            first = period.month <= length
            before = None if first else figures.get((measure, Period.from_ordinal(period.ordinal - length)))
            if own is not None and (first or before is not None):
                _sum(name, total, [one for one in (before, own) if one], findings)
    for (measure, period), quarter in figures.items():
        if measure is Measure.QUARTER and is_additive(quarter):
            months = [figures.get((Measure.MONTH, Period.from_ordinal(period.ordinal - back))) for back in (2, 1, 0)]
            known = [month for month in months if month is not None]
            if len(known) == 3:
                _sum(name, quarter, known, findings)


def _sum(name: _Name, total: Reading, parts: Sequence[Reading], findings: Findings) -> None:
    whole = interval_of(total)
    intervals = [interval_of(part, total.unit) for part in parts]
    if whole is None or any(one is None for one in intervals):
        return
    added = _added([one for one in intervals if one])
    gap = added.away_from(whole)
    if gap == 0:
        return
    far = gap >= UNRECONCILED * abs(whole.low + whole.high) / 2
    words = "＋".join(quoted(part) for part in parts)
    period = total.period.chinese() if total.period else ""
    found = f"“{name.label}”{period}{MEASURE_WORDS[total.measure]}{quoted(total)}，而{words}"
    rule = _SUMS_FAR if far else _SUMS
    for reading in (total, *parts):
        findings.add(rule, str(reading.cell), found, total.period if far else None, apart=str(name))


def _added(intervals: Sequence[Interval]) -> Interval:
    total = Interval(Decimal(0), Decimal(0))
    for one in intervals:
        total += one
    return total


def _growth(name: _Name, figures: _Figures, findings: Findings) -> Iterator[Doubt]:
    """Growth against last year's published level: the base may have been restated, so that's a note (method §5)."""
    for (measure, period), stated in figures.items():
        level = _GROWN.get(measure)
        now = figures.get((level, period)) if level else None
        then = figures.get((level, period.last_year)) if level else None
        if now is None or then is None or stated.value is None:
            continue
        this, last = interval_of(now), interval_of(then, now.unit)
        own = interval_of(stated)
        if this is None or last is None or own is None or last.low <= 0:
            continue
        implied = growth_between(this, last)
        if own.overlaps(implied):
            continue
        why = slip(stated.value, (implied.low + implied.high) / 2)
        if why:
            row = Row(name.label, name.parent, name.area, period, ())
            found, expected = stated_against(stated, implied, f"本期{quoted(now)}、上年公布的同期{quoted(then)}")
            yield doubt(
                "growth-keeps-its-point", Severity.WARNING, row, (found + why, expected),
                "核对小数点、正负号和百分号，改正后重新报送", (stated, now, then),
            )  # fmt: skip
            continue
        words = (
            f"“{name.label}”{period.chinese()}所报{quoted(stated)}，推算为{implied.written(2, '%')}，"
            f"至少相差{printed(own.away_from(implied), 2)}个百分点"
        )
        findings.add(_SCOPE, str(stated.cell), words, None, apart=str(name))


# --- Wholes and parts -------------------------------------------------------------------------------------------------


def _parts_of_areas(rows: Sequence[Row], findings: Findings) -> Iterator[Doubt]:
    """全区 against the sum of the areas; parks may lie beside the townships or in them, and 小计 is a sum itself."""
    groups: dict[tuple[str, str, Period], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.label, row.parent, row.period].append(row)
    for members in groups.values():
        wholes = [row for row in members if _WHOLE.fullmatch(row.area)]
        parts = [row for row in members if row.area and not _WHOLE.fullmatch(row.area)]
        if len(wholes) == 1 and len(parts) >= 2:
            single = [row for row in parts if not _SUBTOTAL.fullmatch(row.area)]
            outside = [row for row in single if not _PARK.fullmatch(row.area)]
            subtotals = [row for row in parts if row not in single]
            yield from _whole_of(wholes[0], (single, outside, subtotals), "各地区", findings)


def _parts_of_labels(rows: Sequence[Row]) -> Iterator[Doubt]:
    """A 其中 row never exceeds the row it's part of."""
    by_name = {(row.label, row.area, row.period): row for row in rows if not row.parent}
    for row in rows:
        whole = by_name.get((plain_label(row.parent), row.area, row.period)) if row.parent else None
        for measure in _ADDED:
            part, of = row.one(measure), whole.one(measure) if whole else None
            if part is None or of is None or not is_additive(part) or not is_additive(of):
                continue
            own, limit = interval_of(part), interval_of(of, part.unit)
            if own is not None and limit is not None and limit.low >= 0 and own.low > limit.high:
                yield doubt(
                    "of-which-within-whole", Severity.WARNING, row,
                    (f"其中数{quoted(part)}大于{row.parent}的{quoted(of)}", "其中数不大于总数"),
                    "核对两个数是否填错行或统计口径不一，改正后重新报送", (part, of),
                )  # fmt: skip


def _whole_of(whole: Row, candidates: Sequence[Sequence[Row]], words: str, findings: Findings) -> Iterator[Doubt]:
    for measure in _ADDED:
        stated = whole.one(measure)
        if stated is None or not (is_additive(stated) or stated.value == HUNDRED):
            continue
        own = interval_of(stated)
        sums = [(parts, total) for parts in candidates if (total := _sum_of(parts, measure, stated)) is not None]
        if own is None or not sums:
            continue
        plain = [sum(((row.one(measure) or stated).value or _NOTHING for row in parts), _NOTHING) for parts, _ in sums]
        if any(own.overlaps(total) for _, total in sums):
            if not is_additive(stated) and stated.value not in plain:
                findings.add(_ROUNDING, str(stated.cell), f"{whole.name}各项之和为{printed(plain[0], 2)}%", None)
            continue
        parts, total = min(sums, key=lambda pair: own.away_from(pair[1]))
        cells = [one for row in parts if (one := row.one(measure))]
        yield doubt(
            "parts-add-up", Severity.WARNING, whole,
            (
                f"{MEASURE_WORDS[measure]}合计为{quoted(stated)}，而{words}之和在{total.written(2, stated.unit)}之间",
                "合计等于各项之和（四舍五入除外）",
            ),
            "核对各项和合计；合计另含未列出部分的，请在备注中说明", (stated, *cells),
        )  # fmt: skip


def _sum_of(rows: Sequence[Row], measure: Measure, whole: Reading) -> Interval | None:
    """What the rows add up to; None where one of them has neither a number nor —."""
    intervals = []
    for row in rows:
        found = row.one(measure)
        one = interval_of(found, whole.unit) if found else None
        if one is None:
            if not any(r.measure is measure and r.state is State.NO_ITEM for r in row.readings):
                return None
            one = Interval(Decimal(0), Decimal(0))
        intervals.append(one)
    return _added(intervals) if intervals else None


def _shares(rows: Sequence[Row]) -> Iterator[Doubt]:
    """工业增加值占GDP比重 against 工业增加值 and GDP of the same table."""
    known = {(_plain_name(row.label), row.area, row.period): row for row in rows}
    for row in rows:
        named = _SHARE.fullmatch(row.label)
        stated = row.one(Measure.LEVEL, Measure.YEAR_TO_DATE, Measure.QUARTER)
        if named is None or stated is None or stated.unit != "%":
            continue
        part = known.get((_plain_name(named["part"]), row.area, row.period))
        whole = known.get((_plain_name(named["whole"]), row.area, row.period))
        own = interval_of(stated)
        if part is None or whole is None or own is None:
            continue
        ratios = [
            (one, other, share)
            for measure in _ADDED
            if (one := part.one(measure)) and (other := whole.one(measure))
            if is_additive(one) and (share := share_of(one, other)) is not None
        ]
        if ratios and not any(own.overlaps(share) for _, _, share in ratios):
            one, other, share = min(ratios, key=lambda found: own.away_from(found[2]))
            words = stated_against(stated, share, f"{quoted(one)}÷{quoted(other)}")
            yield doubt(
                "share-follows", Severity.WARNING, row, words, "核对比重及其分子、分母，改正后重新报送",
                (stated, one, other),
            )  # fmt: skip


def _plain_name(label: str) -> str:
    return _GDP.get(label, label)
