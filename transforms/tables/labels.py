"""Turns a row's or column's words into a label, its unit and its place under other labels; knows no table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.spellings import nearest
from transforms.units import is_known


@dataclass(frozen=True, slots=True)
class Label:
    """``text`` are the words themselves; ``indent`` counts the leading blanks in half widths, 其中 included."""

    text: str
    unit: str
    indent: int
    of_which: bool
    numbered: bool


def read_label(raw: str) -> Label:
    """A label without numbering (一、 （一） 1. ①), unit brackets, white space, 其中 and #.

    Words that say the measure stay: 工业增加值累计增长 is the label of that row. A bracket that is no unit (不变价) and
    one that gives an index's base (上年=100) stay too; the base is also the unit.
    """
    words = raw.lstrip()
    indent = sum(_WIDTH.get(character, 1) for character in raw[: len(raw) - len(words)])
    of_which = numbered = False
    while True:
        if found := _OF_WHICH.match(words):
            of_which, indent = True, indent + _width(found[0])
        elif found := _NUMBERING.match(words):
            numbered = True
        else:
            break
        words = words[found.end() :].lstrip()
    text, unit = without_unit(_joined(words))
    return Label(text.rstrip("：:"), unit, indent, of_which, numbered)


def without_unit(words: str) -> tuple[str, str]:
    """The words without the bracket that names a unit, and the unit, which is empty where there's no such bracket."""
    for found in reversed(list(_BRACKET.finditer(words))):
        inside = found[1].strip().removeprefix("单位：").removeprefix("单位:").strip()
        if is_unit(inside):
            return (words[: found.start()] + words[found.end() :]).strip(), inside
        if "=100" in inside:
            return words, inside
    tail = _TAIL.search(words)
    return (words[: tail.start()].rstrip(), tail[1]) if tail else (words, "")


def nearest_unit(text: str) -> str:
    """The unit that the text was probably meant to be (亿圆, 万元人民币); empty where none is near."""
    return nearest(text, _USUAL, 0.5) or ""


def is_unit(text: str) -> bool:
    """Whether the text is a unit of measure: 亿元, %, 万千瓦时, 元/人, 吨标准煤/万元."""
    plain = "".join(text.split()).replace("％", "%").lstrip("±+-")
    return is_known(plain) or bool(_UNIT.fullmatch(plain))


def plain_label(text: str) -> str:
    """The label without the words that only say its measure, so that 工业增加值累计增长 is 工业增加值.

    Brackets and letters are brought to half width. What consists of such words alone stays as it is.
    """
    plain = read_label(text.translate(_HALF)).text
    while (shorter := _MEASURE_TAIL.sub("", plain).rstrip("_-、，")) and shorter != plain:
        plain = shorter
    return plain


def names_of(label: str) -> frozenset[str]:
    """The spellings that a label is found under: its own and the plain one."""
    return frozenset((label, plain_label(label)))


_USUAL = (
    "亿元", "万元", "千元", "元", "万美元", "亿美元", "%", "个百分点", "家", "户", "个", "项", "人", "万人", "次", "台",
    "吨", "万吨", "亩", "公顷", "平方米", "万平方米", "平方公里", "千瓦时", "万千瓦时", "亿千瓦时", "吨标准煤", "元/人",
)  # fmt: skip
_WIDTH = {"\u3000": 2, "\t": 4}
_BLANKS = re.compile(r"\s+")
_WORD_GAP = re.compile(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z0-9])")
_OF_WHICH = re.compile(r"(?:其\s*中[：:、，,]?|[#＃*＊]+|[-—－–·•]+(?=[\u4e00-\u9fff]))")
_NUMBERING = re.compile(
    r"(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)][、.．]?"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|\d{1,2}[、．)）]"
    r"|\d{1,2}\.(?!\d)"
    r"|\d{1,2}(?:\.\d{1,2})+(?:[、.．]|\s+)(?=[\u4e00-\u9fff])"
    r"|[①-⑳㈠-㈩])"
)
_BRACKET = re.compile(r"[（(\[【]([^（）()\[\]【】]*)[）)\]】]")
_TAIL = re.compile(r"(?:[_,，:：]|(?<=[^\d\s±+-])(?=[%％‰]$))([%％‰]|亿元|万元|万吨|亿千瓦时)$")
_UNIT = re.compile(
    r"(?:人民币)?(?:[十百千万亿]{0,3}"
    r"(?:元|美元|吨|吨标准煤|标准煤|公斤|千克|克|米|公里|千米|平方米|平方公里|立方米|公顷|亩|升|千瓦时|千瓦|度|瓦|"
    r"家|户|个|项|件|人|名|人次|人日|场|场次|次|期|台|台套|台\(套\)|台（套）|套|辆|艘|架|座|栋|幢|所|处|条|对|只|头|株|"
    r"张|份|批|笔|部|支|本|册|箱|吨公里|人公里|吨/日|标箱|小时|天|日|月|年|位|分|倍|级|户次|件次|TEU))"
    r"(?:/[十百千万亿]{0,2}(?:元|人|家|户|亩|平方米|吨|年|月|日|天|公顷|个|千瓦时|小时|平方公里))?"
    r"|[%％‰]|个?百分点|(?:USD|RMB|GWh|MWh|kWh|km|kg|MW|GW)"
)
_MEASURE_TAIL = re.compile(
    r"(?:(?:当期|当月|本月|当季|本季|期末|累计)(?:值|数|额)?|本年(?:累计)?|"
    r"(?:累计|当月|本月|当季)?(?:同比|比上年同期|较上年同期)(?:增长|增减|增幅|增速)?(?:速度|率)?|"
    r"(?:增长|增速|增幅)(?:速度|率)?|完成额)$"
)
_HALF = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "—": "-"})


def _joined(words: str) -> str:
    gapped = _WORD_GAP.sub("\x00", words)
    return _BLANKS.sub("", gapped).replace("\x00", " ")


def _width(words: str) -> int:
    return sum(2 if character > "\u2000" else 1 for character in words)
