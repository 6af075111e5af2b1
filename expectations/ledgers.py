"""What is expected of ledgers: that each project or firm stands there once, dated and sized as it's counted."""

from __future__ import annotations

from collections.abc import Sequence

from expectations import rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.district import District
from transforms.doubts import Doubt, Severity
from transforms.observations import Received
from transforms.periods import Period
from transforms.plan import Plan


def doubts_about_ledgers(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> tuple[Doubt, ...]:
    """The reference period's ledgers, row by row, each in its newest vintage."""
    # Both are slow to import, and only a run that has something to check should pay for them.
    from expectations import gate
    from transforms.frames.areas import known_areas
    from transforms.frames.ledgers import ledgers_frame

    frames = {"ledgers": ledgers_frame(received, plan, district, period)}
    return gate.doubts_about(frames, EXPECTATIONS, {"areas": sorted(known_areas(district))}, period)


EXPECTATIONS = (
    Expectation(
        id="name-once",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": ["ledger", "name_key"], "ignore_row_if": "any_value_is_missing"},
        ),
        together=("ledger", "name_key"),
        subject="台账《{ledger}》：{name}",
        found="同一名称出现了不止一行",
        expected="每个项目（企业）只列一行",
        cure="删去重复的行；确为两项的，请在名称中区分（如一期、二期）",
    ),
    Expectation(
        id="credit-code-once",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": ["ledger", "firm_code"], "ignore_row_if": "any_value_is_missing"},
        ),
        together=("ledger", "firm_code"),
        subject="台账《{ledger}》：{firm_code}",
        found="同一统一社会信用代码出现了不止一行",
        expected="每家企业只列一行",
        cure="核对是否同一企业以新旧名称各列一行，删去重复的行或改正代码",
    ),
    Expectation(
        id="credit-code-valid",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.has_check_digit),
        found="统一社会信用代码“{credit_code}”通不过校验",
        expected="18位代码，末位校验码正确（GB 32100-2015）",
        cure="对照营业执照改正代码",
    ),
    Expectation(
        # Its row counts for the whole district and for no area.
        id="row-area-known",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeInSet", {"column": "area", "value_set": {"$PARAMETER": "areas"}}),
        found="“{column}”为“{area}”，不在已登记的乡镇、园区之列，该行未计入任何地区；{nearest}",
        expected="已登记的乡镇、街道或园区的名称",
        cure="改正名称；如系该地区的另一写法，请在 district.yaml 的 aliases 中登记",
    ),
    Expectation(
        id="date-readable",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.is_date),
        found="“{column}”填的是“{date_text}”，不是日期，该行未计入",
        expected="一个日期，如2024-06-18",
        cure="改填日期后重新报送",
    ),
    Expectation(
        # Many ledgers list what hasn't begun yet.
        id="date-filled",
        severity=Severity.INFO,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "undated", "value_set": [""]}),
        together=("workbook", "sheet", "ledger", "column"),
        subject="台账《{ledger}》",
        found="有{count}行“{column}”为空，未计入",
        expected="计入的行都有日期；尚未发生的可以留空",
        cure="已发生的请补填日期，尚未发生的无需处理",
    ),
    Expectation(
        # Such a row isn't counted, so no figure is wrong by it; it's missing if its date is a slip.
        id="date-passed",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "as_of",
                "column_B": "date",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        found="“{column}”为{date}，晚于台账所属的{as_of_words}，该行未计入",
        expected="不晚于{as_of}",
        cure="核对日期；确属以后的，到期再列入",
    ),
    Expectation(
        # As above: not counted. Ledgers that run over years have dozens of them rightly.
        id="date-within-year",
        severity=Severity.INFO,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "date",
                "column_B": "year_start",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        together=("workbook", "sheet", "ledger", "column"),
        subject="台账《{ledger}》",
        found="有{count}行“{column}”早于{year_start}，不属本年，未计入",
        expected="不早于{year_start}",
        cure="核对年份是否填错；往年的行无需处理",
    ),
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
        found="“{column}”以亿元计，却填了{shown}，疑似以万元计的数",
        expected="小于1000亿元",
        cure="核对计量单位，换算为亿元后重新报送",
    ),
    Expectation(
        # Either the heading is old, or a row was lost on the way: then the count is wrong and looks right.
        id="rows-as-stated",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectColumnPairValuesToBeEqual",
            {
                "column_A": "stated",
                "column_B": "listed",
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        found="表头称共{stated}项，实际读到{listed}行",
        expected="表头的项数与行数一致",
        cure="核对有无漏行、空行或合并单元格，改正表头或补齐行后重新报送",
    ),
)
"""Adding an expectation about ledgers is one entry here."""
