"""Turns a counting rule into the words that a reader checks a list by; counts nothing."""

from __future__ import annotations

from typing import assert_never

from transforms.declared.counting import AtLeast, Below, Condition, Count, Filled, InYear, NoneOf, OneOf, StartsWith
from transforms.figures import exact


def rule_words(rule: Count) -> str:
    """据“工业项目台账”逐行计数，“签约日期”在本年1月1日至期末，“总投资”1亿元以上."""
    how = f"按列“{rule.sum}”合计" if rule.sum else "逐行计数"
    told = [f"据“{rule.ledger}”{how}"]
    if rule.parts:
        told.append(f"由{'、'.join(rule.parts)}分别报送")
    if rule.date:
        told.append(f"“{rule.date}”在本年1月1日至期末")
    return "，".join((*told, *map(_condition_words, rule.where)))


def _condition_words(condition: Condition) -> str:
    column = f"“{condition.column}”"
    match condition:
        case AtLeast(value=value, unit=unit):
            return f"{column}{exact(value)}{unit}以上"
        case Below(value=value, unit=unit):
            return f"{column}不满{exact(value)}{unit}"
        case OneOf(values=values):
            return f"{column}为{_listed(values)}"
        case NoneOf(values=values):
            return f"{column}不为{_listed(values)}"
        case StartsWith(values=values):
            return f"{column}以{_listed(values)}开头"
        case Filled():
            return f"{column}已填写"
        case InYear():
            return f"{column}在本年"
        case _:
            assert_never(condition)


def _listed(values: tuple[str, ...]) -> str:
    return "或".join(("、".join(values[:-1]), values[-1])) if len(values) > 1 else values[0]
