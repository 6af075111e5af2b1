"""The steps that a project goes through, as a ledger's columns and stage words name them; judges no project."""

from __future__ import annotations

import re

STEPS = ("签约", "开工", "竣工", "投产", "转化规上")
"""In their order; a ledger may have any of them."""

_DATES = tuple(
    re.compile(words)
    for words in (
        r"签约.*(?:日期|时间|年月)",
        r"(?:实际)?(?:开工|开建|动工).*(?:日期|时间|年月)",
        r"(?:实际)?(?:竣工|完工|建成).*(?:日期|时间|年月)",
        r"(?:实际)?(?:投产|达产|投运).*(?:日期|时间|年月)",
        r"(?:转化规上|入规|升规|纳规|上规).*(?:日期|时间|年月)",
    )
)
_PLANNED = re.compile(r"计划|拟|预计|预期|目标|应|力争")
_STAGE_HEAD = re.compile(r"(?:形象|建设|项目|工程)?(?:进度|进展|阶段|状态)(?:情况)?|(?:当前|目前|所处)(?:阶段|状态)")
_STAGES = tuple(
    re.compile(words)
    for words in (
        r"已?签约",
        r"已?(?:开工|动工|在建|建设中|施工中|主体施工)"
        r"|(?:正在)?(?:桩基|基础|地基|土建|主体|厂房|钢结构|装修|装饰|场地平整|设备)(?:工程)?(?:施工|建设|封顶|浇筑|安装|调试)(?:中|阶段)?",
        r"已?(?:竣工|完工|建成)",
        r"已?(?:投产|达产|投运|运营)",
        r"已?(?:转化规上|入规|升规|上规|纳规)",
    )
)


def step_of_column(name: str) -> int | None:
    """Which of STEPS the column gives the day of; None for any other, and for a planned day."""
    if _PLANNED.search(name):
        return None
    return next((at for at, words in enumerate(_DATES) if words.fullmatch(name)), None)


def is_stage_column(name: str) -> bool:
    """Whether the column says in words how far a project is."""
    return bool(_STAGE_HEAD.fullmatch(name))


def step_of_stage(text: str) -> int | None:
    """Which of STEPS a stage says it has reached: 已投产. None for any other words (主体封顶, 未开工, 计划6月投产)."""
    return next((at for at, words in enumerate(_STAGES) if words.fullmatch(text.strip())), None)
