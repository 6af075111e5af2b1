"""Tells spellings of one firm's or project's name from names of two; knows no register of firms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from transforms.spellings import plain_words

_SHORTEST = 6
"""Characters from which on one changed character is taken for a slip; shorter names differ by one rightly."""


def name_key(name: str) -> str:
    """The name in half width without blanks, quotation marks and traditional characters: one key is one name."""
    return _MARKS.sub("", plain_words(name).translate(_SIMPLE)).upper()


_PATTERN = 4
"""More names than these that differ in the same place are named after a pattern, and none is a slip of another."""


def alike(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each name's key, the keys (its own too) that differ only by their legal form or by a region before them.

    Names that no other is like aren't there. 一期 and 二期, 分公司, and another number are other things.
    """
    keys = tuple(dict.fromkeys(map(name_key, names)))
    regions = _regions(keys)
    cores: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        cores[_core(key, regions)].append(key)
    return {key: tuple(group) for group in cores.values() if len(group) > 1 for key in group}


def slips(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each long name's key, the keys (its own too) that are one character away; numbers and directions are none.

    Names that no other is near aren't there. Two firms may well be called so: it's worth a look and no more.
    """
    # 50,000 long names lack a character in millions of ways; a list is made only where two names meet.
    firsts: dict[str, str] = {}
    spelled: dict[str, list[str]] = {}
    for key in dict.fromkeys(map(name_key, names)):
        if len(key) >= _SHORTEST:
            for lacking in {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}:
                first = firsts.setdefault(lacking, key)
                if first is not key:
                    spelled.setdefault(lacking, [first]).append(key)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for near in spelled.values():
        if len(near) > _PATTERN:
            continue
        for at, one in enumerate(near):
            for other in near[at + 1 :]:
                if one != other and _is_slip(one, other):
                    found[one] |= {one: None, other: None}
                    found[other] |= {one: None, other: None}
    return {key: tuple(group) for key, group in found.items()}


_MARKS = re.compile(r"[\"'“”‘’「」『』《》·•.,，。、_\-—–~]")
_TRADITIONAL = (
    "業電機車國際東開發區縣鎮鄉華廣興龍風馬門長陽陰銀鐵鋼銅錦環織紡綠級術藝實驗腦網絡點線顯數據庫產經濟貿築農務"
)
_SIMPLIFIED = (
    "业电机车国际东开发区县镇乡华广兴龙风马门长阳阴银铁钢铜锦环织纺绿级术艺实验脑网络点线显数据库产经济贸筑农务"
)
_SIMPLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_FORM = re.compile(r"(?:\(?集团\)?)?(?:股份)?(?:有限)?(?:责任)?(?:公司|厂)$|\(?集团\)?$")
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"(?:{_PROVINCES})(?:省|市|自治区)?")
_PLACE = re.compile(r"([\u4e00-\u9fff]{2})([市县区])")
_COUNTS = re.compile(r"[0-9A-Z一二三四五六七八九十百千万东西南北中上下新老旧甲乙丙丁大小]")
"""What tells two things from one another, where it's the one character that differs."""


def _regions(keys: Iterable[str]) -> frozenset[str]:
    """Places that some name of the ledger begins with as 六安市, so that 六安 alone is known for one elsewhere."""
    found = set()
    for key in keys:
        rest = _PROVINCE.sub("", key, count=1) if _PROVINCE.match(key) else key
        if place := _PLACE.match(rest):
            found.add(place[1])
    return frozenset(found)


def _core(key: str, regions: frozenset[str]) -> str:
    """What is left of a name without its region and its legal form."""
    rest = key
    while True:
        if (found := _PROVINCE.match(rest)) or (found := _PLACE.match(rest)):
            shorter = rest[found.end() :]
        elif rest[:2] in regions:
            shorter = rest[2:]
        else:
            break
        if len(_FORM.sub("", shorter)) < 2:
            break
        rest = shorter
    bare = _FORM.sub("", rest.replace("(", "").replace(")", ""))
    return bare if len(bare) >= 2 else rest


def _is_slip(one: str, other: str) -> bool:
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        differing = one[start] + other[start]
        if one[start + 1 :] != other[start + 1 :]:
            return False
    else:
        big, small = (one, other) if len(one) > len(other) else (other, one)
        if big[start + 1 :] != small[start:]:
            return False
        differing = big[start]
    return not _COUNTS.search(differing)
