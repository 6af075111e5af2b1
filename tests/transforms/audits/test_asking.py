from __future__ import annotations

import pytest

from tests.transforms.audits.returns import JUNE, audit, contents, doubts_of_audits, row
from transforms.audits.asking import EVALUABLE, HOLDS, ask, where
from transforms.audits.columns import Subject
from transforms.audits.declared import audits_of_yaml
from transforms.audits.evaluation import Blanks, Verdict
from transforms.doubts import Severity
from transforms.errors import DeclarationError
from transforms.periods import Period
from transforms.readings import Measure

YAML = """\
scope: 审核关系
tables: {title: 主要经济指标, layout: measures_across}
severity: critical
tolerance: 0.5
blanks: zero
formulas:
  - {formula: "A = B + C", note: 合计}
  - formula: 轻工业 <= 总产值
    severity: warning
    tolerance: 0
"""


def test_a_declaration_is_read_with_its_lines() -> None:
    first, second = audits_of_yaml(YAML, "审核.yaml")
    assert [one.place for one in (first, second)] == ["审核.yaml:7", "审核.yaml:8"]
    assert [one.severity for one in (first, second)] == [Severity.CRITICAL, Severity.WARNING]
    assert [str(one.formula.tolerance.amount) for one in (first, second)] == ["0.5", "0"]
    assert {one.blanks for one in (first, second)} == {Blanks.ZERO}
    assert first.subject == Subject("主要经济指标", "", "measures_across")


def test_every_fault_of_a_declaration_is_told_with_its_line() -> None:
    broken = YAML.replace("A = B + C", "A = B = C").replace("轻工业 <= 总产值", "轻工业 <= ").replace("scope", "scoop")
    with pytest.raises(DeclarationError) as told:
        audits_of_yaml(broken, "审核.yaml")
    faults = [str(fault) for fault in told.value.faults]
    assert {fault.line for fault in told.value.faults} == {1, 7, 8}
    assert any("formulas.0.formula" in fault for fault in faults)
    assert any("the formula ends where an operand or a number is due" in fault for fault in faults)


def test_a_formula_is_asked_of_each_period_area_and_measure() -> None:
    rows = [
        row(name, raw, ref, period=period, area=area, measure=measure)
        for period, area, measure, values in (
            (JUNE, "", Measure.MONTH, "532"),
            (JUNE, "木厂镇", Measure.YEAR_TO_DATE, "642"),
            (Period(2024, 5), "", Measure.LEVEL, "431"),
            # Growth rates don't add up, and nobody expects it.
            (JUNE, "", Measure.MONTH_GROWTH, "999"),
        )
        for name, raw, ref in zip("ABC", values, ("D5", "D6", "D7"), strict=True)
    ]
    asked = ask([contents(*rows)], [audit("A=B+C")])
    assert [(where(one.outcome.column), one.outcome.verdict) for one in asked] == [
        ("2024年5月期末", Verdict.PASS),
        ("2024年6月本月", Verdict.PASS),
        ("2024年6月木厂镇累计", Verdict.PASS),
    ]


def test_a_formula_whose_rows_are_nowhere_lacks_them_in_every_column_of_its_scope() -> None:
    rows = contents(row("A", "5"), row("B", "5", "D6"))
    asked = ask([rows], [audit("A=B"), audit("X>=Y")])
    assert [(one.outcome.verdict, one.outcome.reason) for one in asked] == [
        (Verdict.PASS, ""),
        (Verdict.UNDECIDED, "X没有这一行（栏）；Y没有这一行（栏）"),
    ]
    (alone,) = ask([rows], [audit("X>=Y")])
    assert (alone.outcome.column, alone.outcome.reason) == (None, "没有这些行：X、Y")
    assert doubts_of_audits(rows, [audit("X>=Y")]) == ()


def test_operands_may_stand_in_two_tables_and_in_two_files() -> None:
    one, other = contents(row("A", "5"), title="甲表"), contents(row("B", "6", vintage="v2"), title="乙表")
    (asked,) = ask([one, other], [audit("A=B")])
    assert asked.outcome.verdict is Verdict.FAIL


def test_only_the_tables_named_are_asked() -> None:
    wrong = contents(row("A", "5"), row("B", "6"), title="2024年6月主要经济指标", reporter="区统计局")

    def told(subject: Subject) -> int:
        return len(doubts_of_audits(wrong, [audit("A=B", subject=subject)]))

    assert told(Subject("主要 经济指标", "统计局", "periods_across")) == 1
    assert told(Subject("能源")) == told(Subject(reporter="区科技局")) == told(Subject(layout="ledger")) == 0


def test_a_formula_of_each_row_is_asked_of_the_rows_that_have_its_columns() -> None:
    rows = contents(
        row("甲", "5", "C5"), row("甲", "4", "D5", measure=Measure.YEAR_TO_DATE),
        row("乙", "3", "C6"), row("乙", "4", "D6", measure=Measure.YEAR_TO_DATE),
        row("丙", "3", "C7"),
    )  # fmt: skip
    (doubt,) = doubts_of_audits(rows, [audit("本月<=累计")])
    assert "2024年6月“甲”左边5，右边4（甲.本月=5，甲.累计=4）" in doubt.found
    assert doubt.places == ("月报.xlsx《表一》C5", "月报.xlsx《表一》D5")


def test_doubts_have_words_for_the_bureau() -> None:
    rows = contents(row("A", "5"), row("B", "6", "D6"), row("C", "", "D7"))
    broken, lacking = doubts_of_audits(
        rows, [audit("A=B±0.5", number="3", note="合计", severity=Severity.CRITICAL), audit("A=C")]
    )
    assert (broken.expectation, broken.severity, broken.period) == (HOLDS, Severity.CRITICAL, JUNE)
    assert broken.subject == "《审核关系》3：A=B±0.5（合计）"
    assert broken.expected == "左边等于右边，误差不超过0.5"
    assert (lacking.expectation, lacking.severity) == (EVALUABLE, Severity.INFO)
    assert lacking.found == "2024年6月无法核算：A=C（C未填）"
    assert lacking.places == ("月报.xlsx《表一》D7",)


def test_a_side_without_any_item_is_nothing_to_mend() -> None:
    assert doubts_of_audits(contents(row("A", "5"), row("B", "—", "D6")), [audit("A=B")]) == ()
