"""Knows what an area column's spelling means: a declared area, the whole, or somewhere else; knows no figure."""

from __future__ import annotations

from transforms.declared.district import District
from transforms.observations import WHOLE

_LEVEL_WORDS = frozenset({"全区", "全市", "全县", "全省", "全国"})

WHOLE_WORDS = frozenset({"", "合计", "总计", "全区合计", "全部"}) | _LEVEL_WORDS
"""Spellings in an area column that name no area but a whole: the district, or a level above it."""


def area_name(spelling: str, district: District) -> str | None:
    """The declared area that a spelling means, WHOLE for the whole district, None for any other.

    Beside 全区, a row 全市 or 全省 is a benchmark: no figure of the district.
    """
    plain = "".join(spelling.split())
    region = district.bulletin.region
    if plain in {district.name, region}:
        return WHOLE
    if plain in _LEVEL_WORDS and region in _LEVEL_WORDS:
        return None
    if plain in WHOLE_WORDS:
        return WHOLE
    area = district.area(plain)
    return area.name if area else None
