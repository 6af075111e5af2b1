"""Explains one assessment so that anyone can redo it by hand: target, cells, arithmetic, path, rule; judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from transforms.assessments import Assessment, Status
from transforms.declared.district import District, Lines
from transforms.declared.plan import Frequency, Plan
from transforms.declared.targets import (
    About,
    Ceiling,
    Clear,
    Either,
    Grow,
    Hold,
    Milestone,
    OfWhich,
    Range,
    Reach,
    Repeat,
)
from transforms.judging import PERCENT_PLACES
from transforms.writing.assessment_wording import (
    change_words,
    figure,
    gap_words,
    is_pro_rated,
    path_name,
    remark_words,
    when,
)
from transforms.writing.indicator_rows import about_words, completion_arithmetic, elapsed_arithmetic, gap_arithmetic
from transforms.writing.needed_wording import needed_words
from transforms.writing.target_wording import plain, target_words
from transforms.writing.wording import counted_list, growth, percent

_MOST_CELLS = 12


def explain(assessment: Assessment, plan: Plan, district: District) -> str:
    """Several lines of Chinese for ``yuebao explain DISTRICT PERIOD CODE``, without a final line end."""
    indicator = assessment.indicator
    parts = (
        ("目标", _target(assessment, plan)),
        ("数据", _figure(assessment)),
        ("计算", _arithmetic(assessment)),
        ("应达进度", _path(assessment)),
        ("差距", _gap(assessment)),
        ("状态", _status(assessment, district.lines)),
        ("后续", _needed(assessment)),
        ("说明", _remarks(assessment)),
    )
    lines = [f"{district.name}　{assessment.period.chinese()}　{indicator.name}（{indicator.code}）"]
    for heading, told in parts:
        lines += [f"{heading if at == 0 else ''}{'：' if at == 0 else '　　'}{line}" for at, line in enumerate(told)]
    return "\n".join(lines)


def _target(assessment: Assessment, plan: Plan) -> Iterator[str]:
    indicator = assessment.indicator
    yield target_words(indicator)
    yield f"{plan.document.citation}{indicator.clause}：“{''.join(indicator.quote.split())}”"
    for stand in indicator.also:
        yield f"又见{stand.clause}：“{''.join(stand.quote.split())}”"
    if isinstance(indicator.target, About):
        yield about_words(indicator.unit, indicator.target)
    units = f"牵头单位：{'、'.join(indicator.lead_units)}"
    if indicator.cooperating_units:
        units += f"；配合单位：{'、'.join(indicator.cooperating_units)}"
    yield f"{units}；数据报送：{indicator.reported_by}"
    yield f"责任单位依据：{indicator.units_basis}"
    if indicator.note:
        yield f"方案备注：{indicator.note}"


def _figure(assessment: Assessment) -> Iterator[str]:
    shown = figure(assessment)
    if shown:
        line = f"{when(assessment)}{shown}"
        if is_pro_rated(assessment) and assessment.growth is not None:
            line += f"，{growth(assessment.growth)}"
        if assessment.value is not None:
            line += f"（计算用数{plain(assessment.value)}）"
        yield line
    else:
        yield assessment.verdict
    change = change_words(assessment)
    if change:
        yield change
    yield from _places(assessment)
    if assessment.evidence:
        yield f"佐证：{assessment.evidence}"


def _places(assessment: Assessment) -> Iterator[str]:
    """The cells, those of one sheet on one line."""
    sheets: dict[str, list[str]] = {}
    for cell in dict.fromkeys(assessment.cells):
        sheets.setdefault(f"{cell.workbook}《{cell.sheet}》", []).append(cell.ref)
    for sheet, refs in sheets.items():
        yield f"取自{sheet}{counted_list(refs, _MOST_CELLS, '个单元格')}" if any(refs) else f"取自{sheet}"


def _arithmetic(assessment: Assessment) -> Iterator[str]:
    step = completion_arithmetic(assessment)
    if step and assessment.completion is not None:
        yield f"{step}（四舍五入前{assessment.completion:.4f}%）"


def _path(assessment: Assessment) -> Iterator[str]:
    if not is_pro_rated(assessment):
        return
    basis = path_name(assessment)
    if assessment.elapsed_path is not None:
        yield f"{elapsed_arithmetic(assessment)}{_basis('序时进度', basis)}"
    if assessment.last_year_path is not None:
        shown = percent(assessment.last_year_path)
        yield f"历史同期进度＝上年同期累计÷上年全年×100%＝{shown}{_basis('历史同期进度', basis)}"
    if basis not in {"序时进度", "历史同期进度"} and assessment.declared_path is not None:
        yield f"{basis}{percent(assessment.declared_path)}（状态据此判断）"


def _basis(name: str, basis: str) -> str:
    return "（状态据此判断）" if name == basis else ""


def _gap(assessment: Assessment) -> Iterator[str]:
    if assessment.printed_gap is not None and assessment.status is not Status.NOT_DUE:
        step = gap_arithmetic(assessment).removeprefix("差距＝")
        if step:
            yield step
    words = gap_words(assessment)
    if words:
        yield words


def _status(assessment: Assessment, lines: Lines) -> Iterator[str]:
    yield f"{assessment.status.chinese}：{assessment.verdict}" if assessment.verdict else assessment.status.chinese
    yield f"规则：{_rule(assessment, lines)}"
    if assessment.previous_status not in {None, assessment.status}:
        yield f"上次评价为{assessment.previous_status.chinese if assessment.previous_status else ''}"


def _rule(assessment: Assessment, lines: Lines) -> str:
    match assessment.status:
        case Status.NOT_REPORTED:
            return "本期应报而无数，列为未报，不计作达到序时"
        case Status.NOT_DUE:
            return _not_due_rule(assessment)
        case _:
            return _rule_of_kind(assessment, lines)


def _not_due_rule(assessment: Assessment) -> str:
    words = {Frequency.QUARTERLY: "按季报送，只在季末月份判断", Frequency.YEARLY: "按年报送，只在12月判断"}
    told = words.get(assessment.indicator.frequency, "本期没有应达要求")
    return f"{told}，列为未到期，不计作达到序时"


def _rule_of_kind(assessment: Assessment, lines: Lines) -> str:
    target, last = assessment.indicator.target, assessment.period.month == 12
    match target:
        case Reach() | About() | OfWhich():
            if assessment.status is Status.COMPLETED:
                least = target.least if isinstance(target, About) else target.value
                return f"累计数按印出的位数达到{plain(least)}即为已完成"
            if last:
                return "年末未达到全年目标的，为未完成全年目标"
            return _lines(f"完成率与{path_name(assessment)}比较", plain(lines.ahead), plain(abs(lines.severe)))
        case Grow() | Range():
            if last:
                return "年末增速达到目标的为已完成，低于目标的为未完成全年目标"
            return _lines(
                "累计增速与全年目标增速比较，不按月折算", plain(lines.ahead_rate), plain(abs(lines.severe_rate))
            )
        case Hold():
            unit = "个百分点" if assessment.indicator.unit == "%" else "%"
            return (
                "最近一期水平与目标比较，不按月折算；达到为达到序时，低于为未达到序时，"
                f"低{plain(abs(lines.severe))}{unit}及以上为严重滞后；年末达到才为已完成"
            )
        case Ceiling():
            return "不超过上限为达到序时，超过为未达到序时；年末不超过才为已完成"
        case Clear():
            return "清零为达到序时，尚有未清零的为未达到序时；年末清零才为已完成"
        case Repeat():
            return "只看已结束的期次，有一期未达标即为未达到序时，不能补做；进行中的一期不计"
        case Milestone() | Either():
            return "报送为已完成的为已完成，未到时限的为未到期，逾期未完成的为未达到序时"
        case _:
            assert_never(target)


def _lines(compared: str, ahead: str, severe: str) -> str:
    return (
        f"{compared}；高{ahead}个百分点及以上为超序时，不低于为达到序时，"
        f"低于为未达到序时，其中低{severe}个百分点及以上为严重滞后；按印出的{PERCENT_PLACES}位小数判断"
    )


def _needed(assessment: Assessment) -> Iterator[str]:
    words = needed_words(assessment)
    if words:
        yield words


def _remarks(assessment: Assessment) -> Iterator[str]:
    yield from assessment.notes
    if assessment.remark:
        yield f"单位说明：{remark_words(assessment)}"
