"""Turns what a form's cell accepts into a spreadsheet's own validation, with its Chinese words; writes no sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from transforms.figures import exact
from transforms.periods import Period
from transforms.reporting.forms import HEADS, Ask

_NO_ITEM = '"—","-","－","/"'
"""What is read as no such item."""


@dataclass(frozen=True, slots=True)
class FigureRule:
    """The validation of a cell, and formulas that tell what was pasted past it: wrong, or at least doubtful."""

    validation: dict[str, Any]
    wrong: str
    doubtful: str


def figure_rule(ask: Ask, unit: str, cell: str, remark: str) -> FigureRule:
    """What the cell accepts. Where a figure is only unlikely the program asks; where it can't be it refuses."""
    check = ask.check
    hard = [f"{cell}=INT({cell})"] if check.whole else []
    hard += [f"{cell}>={exact(check.low)}"] if check.low is not None else []
    hard += [f"{cell}<={exact(check.high)}"] if check.high is not None else []
    soft, asked = [], []
    if check.no_fall_below is not None:
        soft.append(f"OR({cell}>={exact(check.no_fall_below)},LEN({remark})>0)")
        asked.append(f"少于上期累计{exact(check.no_fall_below)}{unit}，请核对；确需核减的，先在“情况说明”中写明原因。")
    if check.no_fraction:
        soft.append(f"OR(ABS({cell})>=1,{cell}=0)")
        asked.append("不足1%。百分数填12.3，不填0.123，请核对。")
    own = unit if "%" not in HEADS[ask.measure] else "%"
    must = "整数" if check.whole else "数字"
    bounds = f"，不小于{exact(check.low)}" if check.low is not None else ""
    bounds += f"、不大于{exact(check.high)}" if check.high is not None else ""
    refused = f"只填{must}{bounds}；没有这一项填“—”，尚不掌握的留空。"
    prompt = f"填{must}，单位：{own}。" + ("12.3即12.3%，不填0.123。" if own == "%" else "")
    prompt += "没有这一项填“—”，不掌握的留空。" + ("" if ask.required else "此格供核对，可留空。")
    validation = {
        "validate": "custom",
        "value": f"={_valid(cell, [*hard, *soft])}",
        "input_title": f"{HEADS[ask.measure]}"[:32],
        "input_message": prompt[:255],
        "error_title": "请核对" if soft else "填写有误",
        "error_message": ("；".join((refused.rstrip("。"), *asked)) if soft else refused)[:255],
        "error_type": "warning" if soft else "stop",
    }
    wrong = f'=AND({cell}<>"",NOT({_valid(cell, hard)}))'
    doubtful = f"=AND(ISNUMBER({cell}),NOT(AND({','.join(soft)})))" if soft else ""
    return FigureRule(validation, wrong, doubtful)


def yes_or_no_rule() -> dict[str, Any]:
    """是 or 否, from a list."""
    return {
        "validate": "list",
        "source": ["是", "否"],
        "input_title": "是否完成",
        "input_message": "从下拉框选“是”或“否”；留空即为未报。",
        "error_title": "填写有误",
        "error_message": "只能选“是”或“否”，其他情况写在“情况说明”中。",
    }


def date_rule(period: Period) -> dict[str, Any]:
    """A day of the year that has come by the period's end."""
    first, last = dt.date(period.year, 1, 1), period.last_day
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": dt.datetime.combine(first, dt.time()),
        "maximum": dt.datetime.combine(last, dt.time()),
        "input_title": "完成日期",
        "input_message": f"选“是”的填写，如{last.isoformat()}；应在{first.isoformat()}至{last.isoformat()}之间。",
        "error_title": "填写有误",
        "error_message": f"填{first.isoformat()}至{last.isoformat()}之间的日期，如{last.isoformat()}。"
        "报告期以后完成的，在下一期报送。",
    }


def _valid(cell: str, conditions: list[str]) -> str:
    """IF is evaluated in its needed branch alone, so that a dash isn't compared as a number."""
    number = f"AND({','.join(conditions)})" if conditions else "TRUE"
    return f"IF(ISNUMBER({cell}),{number},OR({','.join(f'{cell}={one}' for one in _NO_ITEM.split(','))}))"
