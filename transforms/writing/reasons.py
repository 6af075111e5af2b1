"""Takes out of a unit's own words what they add to a sentence about its figure; changes no word of them."""

from __future__ import annotations

import re
from collections.abc import Set
from decimal import Decimal

from transforms.assessments import Assessment
from transforms.figures import places_of, round_half_up
from transforms.writing.assessment_wording import remark_words

_MOST = 160
"""About five printed lines; the table of what is behind has the unit's words to their end."""
_STOPS = re.compile(r"[。；]")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(\D?)")
_ENDS_IN_FIGURE = re.compile(r"\d(?:%|个百分点|[^\d，]{0,3})")
_SHORT = 16
"""Characters: a longer clause says more than its figures."""
_READS_ON = re.compile(r"因|由于|受|但|其中|虽|如|若|除|[一二三四五六七八九十]是|.*[缺欠少]")
"""A clause that belongs to the next one, is one of several reasons, or says what was wanting."""
_JUDGEMENT = re.compile(r"(?:尚|暂|仍)?(?:未|已)?(?:完成|达到?|达成)[^，]{0,6}(?:目标|任务|进度|序时)")
"""未达目标, 已完成年度任务: the bulletin has judged that itself."""

_Figure = tuple[Decimal, str]


def reason_words(assessment: Assessment, told: str) -> str:
    """据区经信局反映，…; empty where the unit gave no words, or none that aren't in ``told`` already.

    Clauses at a sentence's head that only repeat ``told`` are left out, and so are whole sentences at the end of a long
    text. What might be a reason always stays.
    """
    words = re.sub(r"\s+", "", remark_words(assessment))
    new = [rest for one in _STOPS.split(words) if (rest := _what_is_new(one, told))]
    kept: list[str] = []
    for one in new:
        if kept and sum(map(len, kept)) + len(one) > _MOST:
            break
        kept.append(one)
    return f"据{assessment.indicator.reported_by}反映，{'；'.join(kept)}" if kept else ""


def _what_is_new(sentence: str, told: str) -> str:
    clauses = sentence.strip("，").split("，")
    while clauses and _repeats(clauses[0], told):
        clauses.pop(0)
    return "，".join(clauses)


def _repeats(clause: str, told: str) -> bool:
    """Whether it says nothing new: words that were told, a judgement, or a told figure, if perhaps with more digits."""
    if clause in told or _JUDGEMENT.fullmatch(clause):
        return True
    ends = [found.end() for found in _ENDS_IN_FIGURE.finditer(clause)]
    if len(clause) > _SHORT or _READS_ON.match(clause) or len(clause) not in ends:
        return False
    known = _figures(told)
    return all(_is_told(one, known) for one in _figures(clause))


def _is_told(figure: _Figure, told: Set[_Figure]) -> bool:
    value, unit = figure
    # Of nothing done the share is zero too, and isn't told.
    return any((unit == of and round_half_up(value, places_of(one)) == one) or value == one == 0 for one, of in told)


def _figures(text: str) -> Set[_Figure]:
    """Every number with the sign of its unit: 80.7亿, 47.5%."""
    return {(Decimal(number), unit) for number, unit in _NUMBER.findall(text)}
