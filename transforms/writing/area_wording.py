"""Tells in a paragraph which areas come first and last by the ranked indicators; ranks nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.assessments import AreaStanding, AreaTable
from transforms.writing.assessment_wording import list_name
from transforms.writing.wording import counted_list, growth, measured, rank_words

AREA_KINDS = {"township": "乡镇（街道）", "park": "园区"}
"""What areas of a kind are called together."""

_MOST_TIED = 3


def areas_paragraph(tables: Sequence[AreaTable]) -> str:
    """First and last of each ranked indicator; empty where nothing could be ranked."""
    grouped: dict[str, list[AreaTable]] = {}
    for table in tables:
        grouped.setdefault(table.indicator.code, []).append(table)
    sentences = []
    for of_indicator in grouped.values():
        told = [text for table in of_indicator if (text := _first_and_last(table))]
        if told:
            sentences.append(f"{list_name(of_indicator[0].indicator)}：{'；'.join(told)}。")
    return f"分区域看，{''.join(sentences)}" if sentences else ""


def _first_and_last(table: AreaTable) -> str:
    ranked = [standing for standing in table.standings if standing.rank is not None]
    if len(ranked) < 2:
        return ""
    kind = AREA_KINDS[table.kind]
    first = [s for s in ranked if s.rank == 1]
    last = [s for s in ranked if s.rank == ranked[-1].rank]
    if first == last:
        return f"{len(ranked)}个{kind}均为{_area_figure(table, ranked[0])}"
    among = kind if len(ranked) == len(table.standings) else f"有数据的{len(ranked)}个{kind}"
    return f"{among}中，{_shared(table, first)}，{_shared(table, last)}"


def _shared(table: AreaTable, standings: Sequence[AreaStanding]) -> str:
    one, kind = standings[0], f"个{AREA_KINDS[table.kind]}"
    if one.value == 0 and len(standings) > _MOST_TIED:
        return f"{len(standings)}{kind}为{_area_figure(table, one)}"
    names = counted_list([s.area for s in standings], _MOST_TIED, kind)
    rank = one.rank or len(table.standings)
    alone_and_moved = len(standings) == 1 and one.value != 0 and one.previous_rank != rank
    place = rank_words(rank, one.tied, one.previous_rank if alone_and_moved else None)
    return f"{names}（{_area_figure(table, one)}）{place}"


def _area_figure(table: AreaTable, standing: AreaStanding) -> str:
    indicator = table.indicator
    if standing.value is None:
        return ""
    if indicator.target.kind in {"grow", "range"}:
        return growth(standing.value)
    return measured(standing.value, table.places, indicator.unit)
