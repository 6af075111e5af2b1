"""Knows the words of areas (provinces, counties, townships, parks) from other words; knows no table and no district."""

from __future__ import annotations

import re

_PROVINCES = (
    r"(?:北京|天津|上海|重庆)市?|内蒙古(?:自治区)?|(?:广西|宁夏|新疆|西藏)(?:壮族|回族|维吾尔)?(?:自治区)?"
    r"|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海)省?"
)
_WHOLES = (
    r"全(?:国|省|市|区|县|州|域|镇|街道)(?:合计|总计|平均)?|(?:[全各][省市区县])?[合总]\s*计"
    r"|[省市区县]本?级|[省市区县]直(?:单位)?"
)
LISTED = re.compile(rf"{_PROVINCES}|{_WHOLES}")
"""Areas that are known by name: a list of areas usually begins with one of them."""

_KIND = (
    r"省份?|自治区|直辖市|市|区|县|州|旗|乡|镇|街道?|办事处|村|社区"
    r"|园区?|开发园?区|地区|区域|辖区|功能区|行政区划?|平台|单位"
)
_CORNER = r"(?:指标|项目)(?:名称)?"
AREA_COLUMN = re.compile(
    rf"(?:{_CORNER}[\\/＼、|]?)?各?(?!单位$)(?:{_KIND})(?:[、/（）()和及]*(?:{_KIND}))*[）)]?(?:名称|别)?(?:[\\/＼、|]?{_CORNER})?"
)
"""What a column of areas is called."""

_SUFFIX = re.compile(
    r"[\u4e00-\u9fff]{1,10}(?:省|自治区|自治州|自治县|市|[^地辖园市]区|[^区市]县|旗|[^城乡]镇|乡|街道(?:办(?:事处)?)?|州|盟"
    r"|园区|开发区|示范区|高新区|经开区|新区|功能区|集聚区|产业园|工业园|管委会)(?:[（(][^）)]*[）)])?"
)
_NO_AREA = re.compile(
    r"城市|都市|城镇|城乡|市区|郊区|社区|小区|库区|灾区|景区|股市|楼市|上市|超市|门市|夜市|城区|新市|地区|.*(?:数|额|值|率|量)"
)
"""What ends like an area's name and is none."""


def is_area(words: str) -> bool:
    """Whether the words are the name of an area, or of the whole (全区, 合计)."""
    plain = "".join(words.split())
    if LISTED.fullmatch(plain):
        return True
    return bool(_SUFFIX.fullmatch(plain)) and not _NO_AREA.fullmatch(plain)
