"""Turns the words of titles, heads and file names into periods and their spans; knows no table."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from transforms.periods import Period


class Span(StrEnum):
    """How much of the year the words mean; the period names the month that it ends in."""

    MONTH = "month"
    YEAR_TO_DATE = "year-to-date"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """A period as somebody wrote it: ``words`` are theirs, ``year_stated`` is whether they gave the year."""

    period: Period
    span: Span
    words: str
    year_stated: bool


def whole_period(text: str, year: int | None = None) -> PeriodWords | None:
    """The period that the whole text means, as in a column's head or a row of a 时间 column.

    Takes 2024年6月, 2024-06, 2024.06, 2024/6, 202406, 1—6月, 前5个月, 上半年, 一季度, 前三季度, 2020Q1, 2019年, 全年,
    a day (2008-01-01 is January) and so on. Words without a year need ``year``; None where the text is anything else or
    means months that are no month, quarter, year or year-to-date (3—5月).
    """
    plain = _plain(text)
    if english := _ENGLISH.fullmatch(text.strip()):
        year_of_it = english["y"] or f"20{english['yy']}"
        return _made(int(year_of_it), _MONTHS.index(english["m"][:3].lower()) + 1, Span.MONTH, text.strip())
    found = _PERIOD.fullmatch(_LEAD.sub("", plain, count=1))
    if found:
        return _meaning(found, year, text.strip())
    short = _BARE.fullmatch(plain)
    if not short:
        return None
    return _made(int(short["y"]), int(short["m"] or 12), Span.MONTH if short["m"] else Span.YEAR, text)


def periods_in(text: str, year: int | None = None) -> tuple[PeriodWords, ...]:
    """The periods that a title, a file name or a line of words names, in order.

    The day on which a form was filled in or printed (填报日期：2024-07-12) is none; an 截至 day is.
    """
    plain = _CLERICAL.sub(" ", _plain(text, spaced=True))
    found = (_meaning(one, year, one[0].strip()) for one in _PERIOD.finditer(plain))
    return tuple(one for one in found if one and not (one.span is Span.MONTH and _is_day(one.words)))


def clerical_day(text: str) -> dt.date | None:
    """The day on which a line says that a form was filled in (填报日期：2024-07-12), None where it says none."""
    found = _FILLED.search(_plain(text, spaced=True))
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


_DIGITS = str.maketrans("０１２３４５６７８９／．－Ｑ（）", "0123456789/.-Q()")
_DASHES = re.compile(r"[—–―‐‑−~～]+|(?<=[\d月季一二三四])\s*[至到]\s*(?=[\d一二三四五六七八九十])")
_CHINESE_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=\s*年)")
_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])(?=\s*(?:-|月))")
_CHINESE_DIGITS = {"〇": 0, "○": 0, "零": 0} | {c: n for n, c in enumerate("一二三四五六七八九十", start=1)}
_CLERICAL = re.compile(
    r"(?:填报|报送|制表|打印|导出|上报|报出|编制|发布|更新|收到)(?:日期|时间|日)\s*[:：]?\s*[\d年月日./-]+"
)
_FILLED = re.compile(
    r"(?:填报|填表|报送|制表|上报|报出|编制)(?:日期|时间|日)\s*[:：]?\s*"
    r"(?P<y>20\d\d)[年./-](?P<m>\d{1,2})[月./-](?P<d>\d{1,2})"
)
_LEAD = re.compile(r"^(?:截至|截止到?|自年初)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"(?P<m>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?[-\s/](?:(?P<y>(?:19|20)\d\d)|(?P<yy>\d\d))",
    re.IGNORECASE,
)
"""Jun-24, as a spreadsheet writes a month into a CSV; 24-Jun may be a day, and is none."""
_BARE = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])?")
_MONTH = r"(?:1[0-2]|0?[1-9])"
_PERIOD = re.compile(
    r"(?P<until>截至|截止到?)?"
    r"(?:(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>年度?|[-./]|(?=Q))|(?<!\d)(?P<yy>[1-4]\d)年(?=\d))?"
    r"(?:"
    rf"(?P<from>(?<!\d){_MONTH})(?:月份?)?-(?:(?P=y)年)?(?P<to>{_MONTH})(?:月份?|(?=累计))"
    rf"|(?P<m>(?<!\d){_MONTH})月(?:份|末|底)?(?:\d{{1,2}}日)?"
    rf"|(?P<iso>(?<=\d[-./]){_MONTH})(?:[-./]\d{{1,2}})?(?![\d.%])"
    rf"|前(?P<first>{_MONTH}|[一二三四五六七八九十]|十一)个?月"
    r"|(?P<half>上半年)"
    r"|(?:前(?P<quarters>[2-4两二三四])个?季度|[1一]-(?P<toquarter>[234二三四])季度)"
    r"|第?(?P<quarter>[1234一二三四])季度?(?:末|底)?|Q(?P<q>[1-4])"
    r"|(?P<all>全年)"
    r"|(?P<ym>(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2]))(?!\d)"
    r"|(?P<year>(?:(?<=年)|(?<=年度))(?!\d|下半年|第?[1-4一二三四]季|前\d))"
    r")"
)
_INNER_BLANKS = re.compile(r"(?<=\d)\s+(?=[年月季日-])|(?<=[年-])\s+(?=[\d前上第全])|(?<=月)\s+(?=-|\d{1,2}\s*日)")
_POINTED = re.compile(r"(?<!\d)((?:19|20)\d\d)\.(?=0?1-\d{1,2}(?!\d|\.))")
"""2024.1-6月 is 2024年1-6月."""
_UNNAMED = re.compile(r"((?<=年)0?1-(?:1[0-2]|0?[2-9]))(?![\d月季.\-年日号])")
"""2024年1-6主要指标 is of six months."""
_LAST = {"2": 6, "两": 6, "二": 6, "3": 9, "三": 9, "4": 12, "四": 12}


def _plain(text: str, *, spaced: bool = False) -> str:
    plain = _DASHES.sub("-", text.translate(_DIGITS))
    plain = _CHINESE_YEAR.sub(lambda m: "".join(str(_CHINESE_DIGITS[c]) for c in m[0]), plain)
    plain = _CHINESE_MONTH.sub(lambda m: str(sum(_CHINESE_DIGITS[c] for c in m[0])), plain)
    # Inside a date people put blanks (2024 年 6 月); between sentences they must stay.
    plain = _INNER_BLANKS.sub("", plain)
    plain = _POINTED.sub(r"\1年", plain)
    plain = _UNNAMED.sub(r"\1月", plain)
    return plain if spaced else "".join(plain.split()).removesuffix("止").removesuffix("累计")


def _meaning(found: re.Match[str], year: int | None, words: str) -> PeriodWords | None:
    stated = found["y"] or (f"20{found['yy']}" if found["yy"] else None)
    if found["ym"]:
        return None if stated else _made(int(found["ym"][:4]), int(found["ym"][4:]), Span.MONTH, words)
    if stated is None and year is None:
        return None
    month, span = _month(found)
    if month is None or (found["sep"] in {"-", ".", "/"} and not (found["iso"] or found["q"])):
        return None
    if not stated and (found["year"] is not None or found["iso"]):
        return None
    if found["until"] and span is Span.MONTH:
        span = Span.YEAR_TO_DATE
    made = _made(int(stated or year or 0), month, span, words)
    if made is None or stated:
        return made
    return PeriodWords(made.period, made.span, made.words, year_stated=False)


def _month(found: re.Match[str]) -> tuple[int | None, Span]:
    if found["to"]:
        first, last = int(found["from"]), int(found["to"])
        if first == 1:
            return last, Span.YEAR_TO_DATE
        return (last, Span.QUARTER) if last % 3 == 0 and first == last - 2 else (None, Span.MONTH)
    if month := found["m"] or found["iso"]:
        return int(month), Span.MONTH
    if first_months := found["first"]:
        number = int(first_months) if first_months.isdigit() else _chinese_number(first_months)
        return number, Span.YEAR_TO_DATE
    if found["half"]:
        return 6, Span.YEAR_TO_DATE
    if several := found["quarters"] or found["toquarter"]:
        return _LAST[several], Span.YEAR_TO_DATE
    if quarter := found["quarter"] or found["q"]:
        return 3 * (int(quarter) if quarter.isdigit() else _CHINESE_DIGITS[quarter]), Span.QUARTER
    return 12, Span.YEAR


def _chinese_number(words: str) -> int:
    return sum(_CHINESE_DIGITS[character] for character in words)


def _made(year: int, month: int, span: Span, words: str) -> PeriodWords | None:
    try:
        return PeriodWords(Period(year, month), span, words, year_stated=True)
    except ValueError:
        return None


def _is_day(words: str) -> bool:
    return bool(re.search(r"\d日$|[-./]\d{1,2}[-./]\d{1,2}$", words))
