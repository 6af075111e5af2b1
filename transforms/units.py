"""Units of measure as statistics tables write them, and exact conversion between those that measure the same thing."""

from __future__ import annotations

from decimal import Decimal

_SCALES: tuple[dict[str, Decimal], ...] = (
    {
        "元": Decimal(1),
        "千元": Decimal(1000),
        "万元": Decimal(10_000),
        "百万元": Decimal(1_000_000),
        "千万元": Decimal(10_000_000),
        "亿元": Decimal(100_000_000),
        "万亿元": Decimal(1_000_000_000_000),
    },
    {"吨": Decimal(1), "万吨": Decimal(10_000)},
    {"%": Decimal(1), "百分点": Decimal(1), "个百分点": Decimal(1), "‰": Decimal("0.1")},
    # Measure words of the same kind of thing: a project is counted in 个 or 项, a firm in 家 or 户.
    dict.fromkeys(("家", "户", "个", "项", "件"), Decimal(1)),
    dict.fromkeys(("人", "名"), Decimal(1)),
    dict.fromkeys(("场", "次", "期", "场次"), Decimal(1)),
    dict.fromkeys(("台", "台套", "台(套)"), Decimal(1)),
    {"亩": Decimal(1), "万亩": Decimal(10_000)},
    {"千瓦时": Decimal(1), "万千瓦时": Decimal(10_000), "亿千瓦时": Decimal(100_000_000)},
)


COUNTED_IN = frozenset({"家", "户", "个", "项", "件", "人", "名", "场", "次", "期", "场次", "台", "台套", "台(套)"})
"""Measure words of things that there is a whole number of."""


def convert(value: Decimal, unit: str, into: str) -> Decimal | None:
    """The value in another unit, exactly; None where the two don't measure the same thing or one is unknown."""
    source, wanted = plain_unit(unit), plain_unit(into)
    if source == wanted:
        return value
    for scale in _SCALES:
        if source in scale and wanted in scale:
            return value * scale[source] / scale[wanted]
    return None


def is_known(unit: str) -> bool:
    """Whether the unit is one that tables of this field use."""
    return any(plain_unit(unit) in scale for scale in _SCALES)


def is_counted(unit: str) -> bool:
    """Whether the unit counts things one by one, so that its whole numbers were never rounded: 家, 人, 场, 台."""
    return plain_unit(unit) in COUNTED_IN


def plain_unit(unit: str) -> str:
    """The unit in one spelling: no white space, half-width signs."""
    plain = "".join(unit.split()).replace("％", "%").replace("（", "(").replace("）", ")")
    return {"人民币亿元": "亿元", "亿元人民币": "亿元"}.get(plain, plain)
