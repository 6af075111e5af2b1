"""Tells which spellings mean a declared area, and which declared area an unknown one is like."""

from __future__ import annotations

from transforms.area_names import WHOLE_WORDS
from transforms.declared.district import District
from transforms.spellings import nearest


def known_areas(district: District) -> frozenset[str]:
    """Every spelling of an area, and of the whole."""
    spellings = {word for area in district.areas for word in (area.name, *area.aliases)}
    return frozenset(spellings | WHOLE_WORDS | {district.name, district.bulletin.region})


def nearest_area(spelling: str, district: District) -> str:
    """A clause for a message: the declared area whose name or alias is most like the spelling."""
    names = {word: area.name for area in district.areas for word in (area.name, *area.aliases)}
    close = nearest(spelling, names, 0.4)
    return f"已登记的名称中最接近的是“{names[close]}”" if close else "已登记的名称中没有相近的"
