"""Writes the notes on method (编制说明) that a plan and a period call for; knows no figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.assessments import Assessment
from transforms.declared.district import District, Lines
from transforms.declared.plan import Frequency, Indicator, Plan
from transforms.declared.targets import About
from transforms.paths import elapsed
from transforms.periods import Period
from transforms.writing.assessment_wording import list_name
from transforms.writing.indicator_rows import about_words
from transforms.writing.target_wording import plain
from transforms.writing.wording import percent


def method(plan: Plan, district: District, period: Period, assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """The notes on method (编制说明) that this plan and period call for."""
    return tuple(_method(plan, district.lines, period, assessments))


def _method(plan: Plan, lines: Lines, period: Period, assessments: Sequence[Assessment]) -> Iterator[str]:
    kinds: set[str] = {indicator.target.kind for indicator in plan.indicators}
    paths: set[str] = {indicator.path.kind for indicator in plan.indicators}
    yield _scope(plan)
    if plan.units_note:
        yield f"{plan.units_note.rstrip('。')}。"
    if kinds & {"reach", "about", "of-which"}:
        yield from _amounts(lines, period, paths)
    if kinds & {"grow", "range"}:
        yield (
            "增速目标以累计增速与全年目标增速直接比较，差距＝累计增速－目标增速，不按月折算；"
            f"高于目标{plain(lines.ahead_rate)}个百分点及以上的为超序时，达到目标的为达到序时，"
            f"低于目标的为未达到序时，其中低于目标{plain(abs(lines.severe_rate))}个百分点及以上的为严重滞后。"
        )
    if kinds & {"hold", "ceiling", "clear"}:
        yield from _levels(lines, kinds)
    if "repeat" in kinds:
        yield (
            "按月、按季、按年开展的任务逐期判断，只评价已结束的各期，未结束的一期不计为未达标；"
            "以往各期未达标的，以后各期不能补足。"
        )
    if kinds & {"milestone", "either"}:
        yield "有完成时限的任务，以责任单位报送的是否完成、完成日期判断；未到时限的为未到期。"
    if period.month == 12:
        yield "本期为全年数据，各项只判断是否完成全年目标，不再区分超序时、达到序时、未达到序时和严重滞后。"
    yield "状态按表列小数位数判断。未到期指本期没有应达要求或没有数据发布安排，未报指应报而未报，二者均不计作达到序时。"
    if period.month < 12:
        yield _needed(kinds)
    yield from _number_words(plan)
    yield from _frequencies(plan)
    yield from _statistics_notes(plan, assessments)
    yield "部分数据因四舍五入的原因，存在总计与分项合计不等的情况。"
    yield "表中“—”表示无该项，“…”表示不足最小单位，空格表示不详。"


def _scope(plan: Plan) -> str:
    text = f"依据{plan.document.citation}，列入{len(plan.indicators)}项有数量或时限的目标"
    if plan.qualitative:
        text += f"，另有{len(plan.qualitative)}项定性任务只列责任单位报送的进展原文，不作计算"
    return f"{text}。"


def _amounts(lines: Lines, period: Period, paths: set[str]) -> Iterator[str]:
    shown = f"{period.month}÷12×100%＝{percent(elapsed(period))}"
    yield (
        f"完成率＝本年累计÷全年目标×100%。序时进度＝已过月数÷12×100%，本期为{shown}。"
        "历史同期进度＝上年同期累计÷上年全年×100%。"
    )
    basis = ["序时进度"] if "elapsed" in paths else []
    if "last-year" in paths:
        basis.append("历史同期进度（缺上年数据的用序时进度）")
    if "schedule" in paths:
        basis.append("下达的分月计划进度")
    if "batch" in paths:
        basis.append("集中认定时间（此前不作序时要求，到期后应达100%）")
    yield (
        f"差距＝完成率－应达进度，应达进度逐项确定，分别为{'、'.join(basis)}；"
        if len(basis) > 1
        else f"差距＝完成率－应达进度，应达进度为{''.join(basis)}；"
    ) + (
        f"高于应达进度{plain(lines.ahead)}个百分点及以上的为超序时，不低于的为达到序时，"
        f"低于的为未达到序时，其中低{plain(abs(lines.severe))}个百分点及以上的为严重滞后；"
        "累计数达到全年目标的为已完成全年目标。"
    )


def _levels(lines: Lines, kinds: set[str]) -> Iterator[str]:
    told = []
    if "hold" in kinds:
        severe = plain(abs(lines.severe))
        told.append(
            "水平目标以最近一期的水平与目标比较，不按月折算，"
            f"低于目标{severe}个百分点及以上（以数量计的为低{severe}%及以上）的为严重滞后"
        )
    if "ceiling" in kinds:
        told.append("上限目标逐期判断是否超过上限，差距＝上限－实际")
    if "clear" in kinds:
        told.append("清零目标判断是否清零，清零后又出现的重新计为未达到")
    yield f"{'；'.join(told)}。"


def _needed(kinds: set[str]) -> str:
    text = ""
    if kinds & {"reach", "about", "of-which"}:
        text = "后续需完成量＝全年目标－本年累计，月均按剩余月数平均。"
    if kinds & {"reach", "of-which", "grow", "range"}:
        text += "后续所需增速按上年同期水平推算，只供调度参考，不是统计数据。"
    return text or "后续需完成量＝目标－现有水平。"


def _number_words(plan: Plan) -> Iterator[str]:
    yield "目标中的“以上”“以下”均含本数（《中华人民共和国民法典》第一千二百五十九条）。"
    told = [
        f"{list_name(indicator)}{about_words(indicator.unit, indicator.target).removeprefix('“左右”未规定幅度，')}"
        for indicator in plan.indicators
        if isinstance(indicator.target, About)
    ]
    if told:
        yield f"文件未规定“左右”的幅度：{'；'.join(told)}。"


def _frequencies(plan: Plan) -> Iterator[str]:
    words = {Frequency.QUARTERLY: "按季", Frequency.YEARLY: "按年"}
    told = [
        f"{'、'.join(names)}{word}报送"
        for frequency, word in words.items()
        if (names := [list_name(i) for i in plan.indicators if i.frequency is frequency])
    ]
    if told:
        yield f"{'；'.join(told)}；不在报送月份的，列示最近一期数据并注明时期。"


def _statistics_notes(plan: Plan, assessments: Sequence[Assessment]) -> Iterator[str]:
    monthly = [i for i in plan.indicators if i.first_month == 2]
    if monthly:
        names = "、".join(list_name(i) for i in monthly)
        yield f"{names}的1月、2月数据合并发布，每年第一期为1—2月，不单独发布1月和2月当月数。"
    if any(a.growth is not None for a in assessments):
        yield (
            "同比增速采用来源单位公布或报送的数；统计范围有变化的，所用同期数与本期的统计范围相一致，"
            "与上年公布的数据存在口径差异，不能用两年公布的数直接推算。"
        )
    bases: dict[str, list[Indicator]] = {}
    for indicator in plan.indicators:
        if indicator.price_basis:
            bases.setdefault(indicator.price_basis, []).append(indicator)
    if bases:
        told = [f"{'、'.join(list_name(i) for i in of_basis)}按{basis}计算" for basis, of_basis in bases.items()]
        yield f"{'；'.join(told)}。"
    if any(indicator.counted for indicator in plan.indicators):
        yield "按台账计数的指标，以报送单位的台账为准逐行计数，所计项目（企业）另列清单。"
