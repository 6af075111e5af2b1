"""Turns the words of heads and labels into measures; knows no table and no figure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from transforms.period_words import Span, periods_in
from transforms.readings import Measure


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """What a head's words say: ``span`` is how much of the year they mean, None where they don't say it."""

    kind: Kind | Measure
    """A measure that stands for itself, or a kind that becomes one with a span."""
    span: Span | None


class Kind(StrEnum):
    """What a head is about, apart from how much of the year."""

    VALUE = "value"
    GROWTH = "growth"
    UNMEASURED = "unmeasured"
    """环比 and absolute differences (增减额): no measure stands for them, so that they aren't read."""


WORDS = frozenset({Measure.EVIDENCE, Measure.REMARK})
"""Measures whose columns hold words, never figures."""

_FIXED: tuple[tuple[Measure, str], ...] = (
    (Measure.EVIDENCE, r"佐证|证明材料|依据(?:文号|材料)"),
    (Measure.REMARK, r"情况说明|进展情况|进展|形象进度|原因|说明|备注|措施"),
    (Measure.RANK, r"位次|排名|排位|名次"),
    (
        Measure.COMPLETION,
        r"完成率|完成进度|完成比例|完成百分比|完成(?:年度|全年|年|年初)?(?:目标|计划|任务|预算)(?!数|值|额)"
        r"|[占为](?:全年|年度|年|年初|调整)*(?:目标|计划|任务|预算)|(?<!形象)进度",
    ),
    (
        Measure.ANNUAL_TARGET,
        r"(?:全年|年度|本年|年)(?:计划|任务|预期|奋斗|工作)?目标|目标(?:值|任务|数)|(?:全年|年度)(?:计划|任务)(?:数|值)?|年计划"
        r"|(?:全年|年度|年初)预算|^预算(?:数|额)?$",
    ),
)
_FIXED_PATTERNS = tuple((measure, re.compile(pattern)) for measure, pattern in _FIXED)
_ENGLISH = {
    "value": (Kind.VALUE, Span.MONTH),
    "yoy": (Kind.GROWTH, Span.MONTH),
    "mom": (Kind.UNMEASURED, None),
    "ytd": (Kind.VALUE, Span.YEAR_TO_DATE),
    "ytd_value": (Kind.VALUE, Span.YEAR_TO_DATE),
    "ytd_yoy": (Kind.GROWTH, Span.YEAR_TO_DATE),
}
_NO_ACTUAL = re.compile(r"计划|目标|预计|预期|任务数|应达|百分点")
"""What is meant to be isn't what is, and a change in 百分点 is no rate of growth."""
_LAST_YEAR = re.compile(r"(?<![比较与对])(?:上年|去年|上一年)(?!.*(?:[比较]|[=＝]100))")
_INDEX = re.compile(r"[=＝]\s*100|指数")
_ELAPSED = re.compile(
    r"(?:位次|排名|名次)(?:变化|变动|升降)|(?:上年|去年)全年|序时|时间进度|应(?:达|完成)|超(?:欠)?进度"
)
"""How much of the year is over, and the distance to it; a change of rank; last year's whole: no measure of these."""
_CHAIN = re.compile(r"环比|[比较](?:上月|上季|上期|年初|上年末|去年末|年末)|^(?:上月|上期|上季)")
_CHANGE = re.compile(r"增减额|增长额|增加额|增量|净增|增减(?:量|数|值)|增减[（(](?!\s*[±+-]?\s*(?:[%％]|个?百分点))")
_GROWTH = re.compile(r"同比|增长|增速|增幅|增减|±|[比较](?:上|去)年|升降")
_CALLED_GROWTH = re.compile(
    r"(?:同比|[比较]上年同期)(?:增长|增减|增速|增幅|升降)?(?:速度|率)?$|(?:增长|增速|增幅)(?:速度|率)?$"
)
_YEAR_TO_DATE = re.compile(
    r"累计|本年(?!末)|自年初|年初至|(?<!\d)0?1(?:月份?)?\s*[-—–~～至到]\s*(?:\d{1,2}|本)月|前\d{1,2}个?月|1-本月|上半年|前[两三]季度"
)
_QUARTER = re.compile(r"当季|本季(?!末)|单季|季度值")
_MONTH = re.compile(r"本月(?!末)|当月|当期|本期|单月|^\d{1,2}月份?$")
_LEVEL = re.compile(r"期末|季末|月末|年末|现状|比重|占比|存量|余额|时点|截至|现有|在库|累计达到")
_YEAR = re.compile(r"全年|年度")
_PLAIN = re.compile(
    r"绝对[量值]|数值|总量|实际|指标值|完成(?:数|量|值|额|情况)?$|^完成|^数[量据]?$|^值$|^金额$|^总[额数]$|^发生额$|^实绩"
)


def measure_words(words: str) -> MeasureWords | None:
    """What a column's head says, all its levels joined; None where it says nothing about a measure."""
    plain = "".join(words.split())
    if plain.lower() in _ENGLISH:
        return MeasureWords(*_ENGLISH[plain.lower()])
    span = span_words(plain)
    if _ELAPSED.search(plain):
        return MeasureWords(Kind.UNMEASURED, span)
    if _LAST_YEAR.search(plain):
        return MeasureWords(Measure.LAST_YEAR, span)
    for measure, pattern in _FIXED_PATTERNS:
        if pattern.search(plain):
            return MeasureWords(measure, span)
    if _CHAIN.search(plain) or _CHANGE.search(plain) or _NO_ACTUAL.search(plain):
        return MeasureWords(Kind.UNMEASURED, span)
    if _GROWTH.search(plain) and not _INDEX.search(plain):
        return MeasureWords(Kind.GROWTH, span)
    if _LEVEL.search(plain):
        return MeasureWords(Measure.LEVEL, span)
    if span is not None or _PLAIN.search(plain):
        return MeasureWords(Kind.VALUE, span)
    return None


def label_words(label: str) -> MeasureWords:
    """What a row's own words say of its measure: 房地产投资累计值, 工业增加值同比增长, 贷款余额, 价格指数(上年=100)."""
    span = span_words(label)
    if _CHAIN.search(label) or _CHANGE.search(label):
        return MeasureWords(Kind.UNMEASURED, span)
    if is_growth(label):
        return MeasureWords(Kind.GROWTH, span)
    if span is None and _LEVEL.search(label):
        return MeasureWords(Measure.LEVEL, span)
    return MeasureWords(Kind.VALUE, span)


def may_be_amount(words: str) -> bool:
    """Whether the words (同比增减, with neither % nor 率) may mean a difference as well as a rate."""
    plain = "".join(words.split())
    return bool(_EITHER.search(plain)) and not _RATE.search(plain)


_EITHER = re.compile(r"增减|升降|净增|[比较](?:上年|去年)(?:同期)?$|[±]")
_RATE = re.compile(r"[%％‰]|百分|增长|[率幅速]")


def is_index(label: str) -> bool:
    """Whether the label is an index's, which is a value of its month and never a growth rate."""
    return bool(_INDEX.search(label))


def span_words(plain: str) -> Span | None:
    """How much of the year the words mean, or None."""
    if _YEAR_TO_DATE.search(plain):
        return Span.YEAR_TO_DATE
    if _QUARTER.search(plain):
        return Span.QUARTER
    if _MONTH.search(plain):
        return Span.MONTH
    named = periods_in(plain, 2000)
    if named:
        return named[-1].span
    return Span.YEAR if _YEAR.search(plain) else None


def is_growth(label: str) -> bool:
    """Whether a row's own words say that it is a growth rate (工业增加值增速), which is not an index."""
    return bool(_CALLED_GROWTH.search(label)) and not _INDEX.search(label)


def value_measure(span: Span) -> Measure:
    """The measure of a value over the span."""
    match span:
        case Span.MONTH:
            return Measure.MONTH
        case Span.YEAR_TO_DATE:
            return Measure.YEAR_TO_DATE
        case Span.QUARTER:
            return Measure.QUARTER
        case Span.YEAR:
            return Measure.YEAR


def growth_measure(span: Span) -> Measure | None:
    """The measure of growth over the span; a year's growth is that of January to December, a quarter's has none."""
    match span:
        case Span.MONTH:
            return Measure.MONTH_GROWTH
        case Span.YEAR_TO_DATE | Span.YEAR:
            return Measure.YEAR_TO_DATE_GROWTH
        case Span.QUARTER:
            return None
