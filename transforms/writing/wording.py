"""Sentence parts of official Chinese about figures that are already known; decides nothing about a target."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from transforms.figures import HUNDRED, printed, round_half_up
from transforms.judging import PERCENT_PLACES
from transforms.periods import Period

POINT = "百分点"
"""The unit of a difference of percentages; with a number it's 个百分点, never %."""


# --- Figures ------------------------------------------------------------------------------------


def measured(value: Decimal, places: int, unit: str) -> str:
    """A figure with its unit: 89.0亿元, 26个, 0.6个百分点; a distance has no sign of its own."""
    return f"{printed(value, places)}{'个' if unit == POINT else ''}{unit}"


def percent(value: Decimal) -> str:
    """A share or rate as printed: 52.4%."""
    return f"{printed(value, PERCENT_PLACES)}%"


def share(count: int, total: int) -> str:
    """The share of a count: 9.6%."""
    return percent(HUNDRED * count / total)


def signed(gap: Decimal, places: int) -> str:
    """A gap with its sign: +2.4, −1.3, and 0.0 without one."""
    shown = printed(gap, places)
    return f"+{shown}" if round_half_up(gap, places) > 0 else shown


# --- Growth -------------------------------------------------------------------------------------


def growth(rate: Decimal) -> str:
    """同比增长8.7%, 同比下降8.9%, 同比持平; never a negative growth."""
    shown = round_half_up(rate, PERCENT_PLACES)
    if shown == 0:
        return "同比持平"
    return f"同比{'增长' if shown > 0 else '下降'}{percent(abs(shown))}"


def change_of_rate(now: Decimal, before: Decimal, since: str) -> str:
    """How a rate has changed since an earlier period such as 1—5月, reckoned from the printed rates."""
    shown, earlier = round_half_up(now, PERCENT_PLACES), round_half_up(before, PERCENT_PLACES)
    by = f"{printed(abs(shown - earlier), PERCENT_PLACES)}个百分点"
    if shown == earlier:
        return f"{'降幅' if shown < 0 else '增速'}与{since}持平"
    if shown < 0 and earlier < 0:
        return f"降幅较{since}{'收窄' if shown > earlier else '扩大'}{by}"
    turned = ""
    if shown > 0 > earlier:
        turned = "，由负转正"
    elif shown < 0 < earlier:
        turned = "，由正转负"
    return f"增速较{since}{'提高' if shown > earlier else '回落'}{by}{turned}"


def change_of_level(now: Decimal, before: Decimal, places: int, unit: str, since: str) -> str:
    """How a level or share has changed since 5月底: 较5月底增加3家, 提高0.6个百分点, 持平."""
    change = round_half_up(now, places) - round_half_up(before, places)
    if change == 0:
        return f"与{since}持平"
    if unit == "%":
        return f"较{since}{'提高' if change > 0 else '下降'}{measured(abs(change), places, POINT)}"
    return f"较{since}{'增加' if change > 0 else '减少'}{measured(abs(change), places, unit)}"


# --- Gaps ---------------------------------------------------------------------------------------


def gap_to_path(completion: Decimal, path: Decimal, name: str, *, alike: bool = False) -> str:
    """快于序时进度5.9个百分点, 慢于…, 与…持平; the points are those between the two as printed.

    ``alike``: the name is that of several paths which have come equally far (比…和…均慢15.0个百分点).
    """
    apart = round_half_up(completion, PERCENT_PLACES) - round_half_up(path, PERCENT_PLACES)
    if apart == 0:
        return f"与{name}持平"
    points = measured(abs(apart), PERCENT_PLACES, POINT)
    if alike:
        return f"比{name}均{'快' if apart > 0 else '慢'}{points}"
    return f"{'快于' if apart > 0 else '慢于'}{name}{points}"


def gap_to_rate(rate: Decimal, target: Decimal, places: int, name: str) -> str:
    """高于全年目标1.8个百分点, 低于…, 与…持平."""
    apart = round_half_up(rate, places) - target
    if apart == 0:
        return f"与{name}持平"
    return f"{'高于' if apart > 0 else '低于'}{name}{measured(abs(apart), places, POINT)}"


def gap_to_level(level: Decimal, target: Decimal, places: int, unit: str, name: str) -> str:
    """比目标少12家, 比目标多3家, 低于目标0.6个百分点, 与目标持平."""
    if unit == "%":
        return gap_to_rate(level, target, places, name)
    apart = round_half_up(level, places) - target
    if apart == 0:
        return f"与{name}持平"
    return f"比{name}{'多' if apart > 0 else '少'}{measured(abs(apart), places, unit)}"


# --- Ranks, counts and lists --------------------------------------------------------------------


def rank_words(rank: int, tied: bool, previous: int | None) -> str:
    """居第6位，较上月上升1位; 并列第2位 where another shares it."""
    place = f"并列第{rank}位" if tied else f"居第{rank}位"
    moved = "" if previous is None else movement(rank, previous)
    if moved == "持平":
        return f"{place}，与上月持平"
    return f"{place}，较上月{moved}" if moved else place


def movement(rank: int, previous: int) -> str:
    """上升2位, 下降1位, 持平."""
    if rank == previous:
        return "持平"
    return f"上升{previous - rank}位" if rank < previous else f"下降{rank - previous}位"


def status_counts(counts: Sequence[tuple[str, int]], total: int) -> str:
    """已完成全年目标的5项，占9.6%；超序时的8项，占15.4%; a status that nothing has isn't told."""
    return "；".join(f"{word}的{count}项，占{share(count, total)}" for word, count in counts if count)


def name_list(names: Sequence[str], most: int) -> str:
    """甲、乙、丙; 甲、乙等 where more than ``most`` had to be cut; 无 for none."""
    return f"{'、'.join(names[:most])}{'等' if len(names) > most else ''}" or "无"


def counted_list(names: Sequence[str], most: int, counter: str) -> str:
    """The same where the number hasn't been told before: 甲、乙等5项."""
    return name_list(names, most) + (f"{len(names)}{counter}" if len(names) > most else "")


# --- Periods ------------------------------------------------------------------------------------


def year_so_far(period: Period, year: int) -> str:
    """1—6月, 全年 in December; with the year where it isn't the bulletin's own."""
    months = "全年" if period.month == 12 else period.chinese_year_to_date()
    return months if period.year == year else f"{period.year}年{months}"


def quarters_so_far(period: Period, year: int) -> str:
    """一季度, 上半年, 前三季度, 全年 at a quarter's end; 1—5月 in between."""
    quarters = {3: "一季度", 6: "上半年", 9: "前三季度"}.get(period.month)
    if quarters is None:
        return year_so_far(period, year)
    return quarters if period.year == year else f"{period.year}年{quarters}"


def month_end(period: Period, year: int) -> str:
    """6月底, 年底 in December; with the year where it isn't the bulletin's own."""
    end = "年底" if period.month == 12 else f"{period.month}月底"
    return end if period.year == year else f"{period.year}{'' if end == '年底' else '年'}{end}"


def months_to_come(period: Period) -> str:
    """7—12月; 12月 where only one is left; empty in December."""
    match period.months_left:
        case 0:
            return ""
        case 1:
            return "12月"
        case _:
            return f"{period.month + 1}—12月"


def sentence(*parts: str) -> str:
    """The parts that aren't empty, with commas between them and one full stop."""
    told = [part.strip("，；。") for part in parts]
    return f"{'，'.join(part for part in told if part)}。" if any(told) else ""
