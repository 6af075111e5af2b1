"""Tells in a paragraph which areas come first and last by the ranked indicators; ranks nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.assessments import AreaStanding, AreaTable
from transforms.writing.assessment_wording import list_name
from transforms.writing.wording import counted_list, growth, measured, rank_words

AREA_KINDS = {"township": "乡镇（街道）", "park": "园区"}
"""What areas of a kind are called together."""

_MOST_TIED = 3
_RATES = ("grow", "range")


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
    known = [standing for standing in table.standings if standing.value is not None]
    if len(known) < 2:
        return ""
    kind = AREA_KINDS[table.kind]
    # Who has nothing yet of what others have some of comes last, without a rank.
    first, last = ([s for s in known if s.rank == end.rank] for end in (known[0], known[-1]))
    if first == last:
        return f"{len(known)}个{kind}均为{_area_figure(table, known[0])}"
    among = kind if len(known) == len(table.standings) else f"有数据的{len(known)}个{kind}"
    return f"{among}中，{_shared(table, first)}，{_shared(table, last)}"


def _shared(table: AreaTable, standings: Sequence[AreaStanding]) -> str:
    one, kind = standings[0], f"个{AREA_KINDS[table.kind]}"
    names = counted_list([s.area for s in standings], _MOST_TIED, kind)
    shown, is_rate = _area_figure(table, one), table.indicator.target.kind in _RATES
    all_of_them = f"均{'' if is_rate else '为'}"
    if one.rank is None:
        if len(standings) > _MOST_TIED:
            return f"{len(standings)}{kind}为{shown}"
        return f"{names}{all_of_them if len(standings) > 1 else '为'}{shown}"
    before = one.previous_rank if len(standings) == 1 and one.previous_rank != one.rank else None
    place = rank_words(one.rank, one.tied, before)
    return f"{names}（{shown}）{place}" if len(standings) == 1 else f"{names}{all_of_them}{shown}，{place}"


def _area_figure(table: AreaTable, standing: AreaStanding) -> str:
    indicator = table.indicator
    if standing.value is None:
        return ""
    if indicator.target.kind in _RATES:
        return growth(standing.value)
    return measured(standing.value, table.places, indicator.unit)
