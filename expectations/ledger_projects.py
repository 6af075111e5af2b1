"""What is expected of the projects in a ledger: that they go forward, step by step and month by month."""

from __future__ import annotations

from expectations import rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.doubts import Severity


def _not_below(column: str, other: str) -> BuiltIn:
    return BuiltIn(
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": column, "column_B": other, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    )


EXPECTATIONS = (
    Expectation(
        id="steps-in-order",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_not_below("step_date", "step_before"),
        found="“{column}”为{step_date}，早于“{before_words}”的{step_before}",
        expected="签约、开工、投产依次不早于前一步",
        cure="核对两个日期，改正后重新报送",
    ),
    Expectation(
        # Some projects are never signed for; their first step is another.
        id="steps-not-skipped",
        severity=Severity.INFO,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "skipped"}),
        together=("workbook", "sheet", "ledger", "column", "skipped"),
        subject="台账《{ledger}》",
        found="有{count}行已有“{skipped_by}”，而“{skipped}”为空",
        expected="前一步的日期已填写",
        cure="补填“{skipped}”；没有这一步的，无需处理",
    ),
    Expectation(
        id="stage-has-its-date",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_not_below("dated_step", "stage_step"),
        found="“{column}”为“{stage}”，而{dated_words}",
        expected="写明的阶段有相应的日期",
        cure="补填日期或改正阶段；没有日期的不计入",
    ),
    Expectation(
        id="stage-keeps-up",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_not_below("stage_step", "dated_step"),
        found="“{column}”仍为“{stage}”，而{dated_words}",
        expected="阶段与日期一致",
        cure="核对日期是否填错，或更新阶段",
    ),
    Expectation(
        id="row-still-listed",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "gone"}),
        found="上月台账中的“{gone}”，本月台账中没有了{gone_like}",
        expected="上月列入的各行本月仍在",
        cure="核对是否漏行；确已退出的，请报送单位说明",
    ),
    Expectation(
        id="day-stays",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.day_stays),
        beside="was_place",
        found="“{who}”的“{column}”上月为{was_day}，本月为{now_day}",
        expected="已经发生的日期不再变动",
        cure="核对哪一个日期正确；更正的，请报送单位说明",
    ),
    Expectation(
        id="amount-does-not-fall",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_not_below("now_amount", "was_amount"),
        beside="was_place",
        found="“{who}”的“{column}”上月为{was_shown}，本月为{shown}",
        expected="不低于上月",
        cure="核对哪一个数正确；确已核减的，请报送单位说明",
    ),
    Expectation(
        id="stage-does-not-go-back",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_not_below("now_step", "was_step"),
        beside="was_place",
        found="“{who}”的“{column}”上月为“{was_words}”，本月为“{now_words}”",
        expected="项目不倒退",
        cure="核对项目的实际进展，改正后重新报送",
    ),
)
