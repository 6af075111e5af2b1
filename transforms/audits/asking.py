"""Asks every audit of every column it's about, and tells as doubts what doesn't hold; decides nothing of a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transforms.audits.columns import Column, Figures, Subject
from transforms.audits.declared import Audit
from transforms.audits.evaluation import NO_ITEM, Outcome, Verdict, evaluate, quoted, side
from transforms.audits.formulas import MEASURE_WORDS, Relation
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.readings import Contents

HOLDS = "audit-formula-holds"
EVALUABLE = "audit-formula-evaluable"


@dataclass(frozen=True, slots=True)
class Asked:
    """One audit in one column and what came of it."""

    audit: Audit
    outcome: Outcome

    @property
    def period(self) -> Period | None:
        """The column's period; None where no column has a figure for the formula."""
        return self.outcome.column.period if self.outcome.column else None


def ask(contents: Sequence[Contents], audits: Iterable[Audit]) -> tuple[Asked, ...]:
    """Every audit in every column of its scope; ``contents`` oldest first, so that the newest figure counts.

    A column belongs to a scope when at least one of the scope's formulas has a row for each of its operands there. A
    formula for which there's no column at all is asked once, of none.
    """
    figures: dict[Subject, Figures] = {}
    scopes: dict[tuple[str, Subject], list[Audit]] = defaultdict(list)
    for audit in audits:
        scopes[audit.scope, audit.subject].append(audit)
    made: list[Asked] = []
    for (_, subject), group in scopes.items():
        if subject not in figures:
            figures[subject] = Figures(contents, subject)
        made += _ask(group, figures[subject])
    return tuple(made)


def broken(asked: Iterable[Asked]) -> tuple[Doubt, ...]:
    """A doubt for each formula that doesn't hold."""
    return tuple(told_broken(one) for one in asked if one.outcome.verdict is Verdict.FAIL)


def told_broken(asked: Asked) -> Doubt:
    """A broken formula with both sides, every operand and its cells."""
    audit, outcome = asked.audit, asked.outcome
    formula = audit.formula
    number = " ".join(word for word in (audit.report, audit.number) if word)
    tolerance = formula.tolerance
    allowed = f"{side(tolerance.amount)}" if tolerance.amount else f"{side(tolerance.share * 100)}%"
    within = f"，误差不超过{allowed}" if tolerance.amount or tolerance.share else ""
    note = f"（{audit.note}）" if audit.note else ""
    return Doubt(
        expectation=HOLDS,
        severity=audit.severity,
        subject=f"《{audit.scope}》{number + '：' if number else ''}{formula.text}{note}",
        found=f"{where(outcome.column)}左边{side(outcome.left)}，右边{side(outcome.right)}（{quoted(outcome)}）",
        expected=f"左边{_RELATIONS[formula.relation]}右边{within}",
        cure="核对所列单元格，改正后重新报送；数据无误的，在情况说明中写明原因",
        places=tuple(dict.fromkeys(str(cell) for one in outcome.found for cell in one.cells)) or (audit.place,),
        period=asked.period,
    )


def told_undecided(asked: Iterable[Asked]) -> tuple[Doubt, ...]:
    """The formulas that couldn't be evaluated: one doubt for each scope and period. One without an item isn't told."""
    groups: dict[tuple[str, Period], list[Asked]] = defaultdict(list)
    for one in asked:
        lacking = one.outcome.verdict is Verdict.UNDECIDED and not one.outcome.reason.endswith(NO_ITEM)
        if lacking and one.period is not None:
            groups[one.audit.scope, one.period].append(one)
    return tuple(_undecided(scope, period, group) for (scope, period), group in groups.items())


def where(column: Column | None) -> str:
    """The column for a message: 2024年6月木厂镇本月."""
    if column is None:
        return ""
    measure = MEASURE_WORDS.get(column.measure, column.measure.value) if column.measure else ""
    return f"{column.period.chinese()}{column.area}{measure}{column.row and f'“{column.row}”'}"


_RELATIONS = {
    Relation.EQUAL: "等于",
    Relation.UNEQUAL: "不等于",
    Relation.AT_LEAST: "不小于",
    Relation.AT_MOST: "不大于",
    Relation.ABOVE: "大于",
    Relation.BELOW: "小于",
}
_SHOWN = 5


def _ask(group: Sequence[Audit], figures: Figures) -> Iterator[Asked]:
    own = {id(audit): tuple(figures.columns(audit.formula, audit.measures)) for audit in group}
    shared = dict.fromkeys(
        column
        for audit in group
        if not audit.formula.of_each_row
        for column in own[id(audit)]
        if column.measure is not None and figures.has_all(column, audit.formula)
    )
    ordered = sorted(shared, key=lambda column: (column.period, column.area))
    for audit in group:
        named = [column for column in own[id(audit)] if column.measure is None]
        columns = named or [column for column in ordered if column.measure in audit.measures]
        for column in columns:
            yield Asked(audit, evaluate(audit.formula, figures, column, audit.blanks))
        if not columns:
            names = "、".join(str(one) for one in audit.formula.operands())
            yield Asked(audit, Outcome(Verdict.UNDECIDED, None, (), reason=f"没有这些行：{names}"))


def _undecided(scope: str, period: Period, group: Sequence[Asked]) -> Doubt:
    told = dict.fromkeys(f"{one.audit.formula.text}（{one.outcome.reason}）" for one in group)
    tail = f"等{len(told)}条" if len(told) > _SHOWN else ""
    cells = dict.fromkeys(
        str(cell) for one in group for found in one.outcome.found if found.lack for cell in found.cells
    )
    return Doubt(
        expectation=EVALUABLE,
        severity=Severity.INFO,
        subject=f"《{scope}》的审核公式",
        found=f"{period.chinese()}无法核算：{'；'.join(list(told)[:_SHOWN])}{tail}",
        expected="公式所用的指标都有数",
        cure="补报缺少的指标；本期不报这些指标的，不需处理",
        places=tuple(cells) or tuple(dict.fromkeys(one.audit.place for one in group)),
        period=period,
    )
