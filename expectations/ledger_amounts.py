"""What is expected of the amounts in a ledger: that they are numbers, in the column's unit, as large as is counted."""

from __future__ import annotations

from expectations import rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.doubts import Severity

EXPECTATIONS = (
    Expectation(
        id="amount-readable",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.is_number),
        found="“{column}”填的是“{amount_text}”，不是数字，该行可能未计入",
        expected="一个数字，单位写在列名中",
        cure="改填数字后重新报送",
    ),
    Expectation(
        id="amount-at-threshold",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "amount",
                "column_B": "least",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        found="“{column}”为{shown}，低于计入门槛{least_words}，该行不计入任何指标",
        expected="{least_words}以上（含本数）",
        cure="核对金额和计量单位；确实不足的，从台账中移出",
    ),
    Expectation(
        # A single project of a thousand 亿元 is beyond any district; ten thousand times less is usual.
        id="amount-not-in-ten-thousands",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnValuesToBeBetween",
            {"column": "yi_amount", "max_value": 1000, "strict_max": True},
        ),
        together=("workbook", "sheet", "ledger", "column"),
        found="“{column}”以亿元计，却填了{shown}，疑似以万元计的数（这样的共{count}处）",
        expected="小于1000亿元",
        cure="核对计量单位，换算为亿元后重新报送",
    ),
    Expectation(
        # A district's projects are of one 亿元 and some: if half of them had a hundred, the column is in 万元.
        id="column-not-in-ten-thousands",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnValuesToBeBetween",
            {"column": "yi_usual", "max_value": 100, "strict_max": True},
        ),
        found="“{column}”以亿元计，各行的中位数却是{usual_words}，疑似整列以万元计",
        expected="小于100亿元",
        cure="核对列名中的计量单位，改正后重新报送",
    ),
    Expectation(
        id="amount-of-usual-size",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnValuesToBeBetween",
            {"column": "times_usual", "max_value": float(rules.UNIT_FACTOR), "strict_max": True},
        ),
        found="“{column}”为{shown}，是该列中位数（{usual_words}）的{times_usual}倍，疑似计量单位不同",
        expected="与同列其他各行大小相近",
        cure="核对金额和计量单位；确为特大项目的，无需处理",
    ),
    Expectation(
        id="amount-not-in-larger-unit",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnValuesToBeBetween",
            {"column": "usual_times", "max_value": float(rules.UNIT_FACTOR), "strict_max": True},
        ),
        found="“{column}”为{shown}，该列中位数（{usual_words}）是它的{usual_times}倍，疑似以亿元计的数",
        expected="与同列其他各行大小相近",
        cure="核对金额和计量单位；确为特小项目的，无需处理",
    ),
    Expectation(
        id="amount-positive",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnValuesToBeBetween",
            {"column": "counted_amount", "min_value": 0, "strict_min": True},
        ),
        found="“{column}”为{shown}，该行不计入按金额计数的指标",
        expected="大于0；尚不知道的留空",
        cure="核对金额后重新报送",
    ),
)
