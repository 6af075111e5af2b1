"""What is expected of ledgers: that each project or firm stands there once, dated and sized as it's counted."""

from __future__ import annotations

from collections.abc import Sequence

from expectations import ledger_amounts, ledger_names, ledger_projects, rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.observations import Received
from transforms.periods import Period


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
    *ledger_names.EXPECTATIONS,
    *ledger_amounts.EXPECTATIONS,
    *ledger_projects.EXPECTATIONS,
    Expectation(
        # Neither in nor out: a count with it is wrong and one without it too.
        id="counted-cell-is-no-error",
        severity=Severity.CRITICAL,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "open_error"}),
        found="“{column}”是错误值{open_error}，无法判断该行是否计入：{for_what}",
        expected="没有错误值",
        cure="改正该格的公式或引用后重新报送",
    ),
    Expectation(
        id="counted-amount-is-a-number",
        severity=Severity.CRITICAL,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "open_words"}),
        found="“{column}”填的是“{open_words}”，无法判断该行是否计入：{for_what}",
        expected="一个数字或日期，单位写在列名中",
        cure="改填后重新报送",
    ),
    Expectation(
        # Missing is never zero: whether the row would count isn't known.
        id="counted-cell-is-filled",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "open_blank"}),
        found="“{column}”为空，其余条件都符合，该行未计入：{for_what}",
        expected="计数所用的各列都已填写",
        cure="补填后重新报送；确不计入的，无需处理",
    ),
    Expectation(
        # A word that no rule knows loses its row; if it's a slip, the count is wrong and looks right.
        id="word-not-mistyped",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "mistyped"}),
        found="“{column}”为“{mistyped}”，不在计数规则之列，该行未计入；相近的是“{meant}”",
        expected="“{meant}”等计数规则所列的写法",
        cure="如系笔误，改正后重新报送；如系同一荣誉（行业、批次）的另一写法，请在方案的计数规则中登记",
    ),
    Expectation(
        # Ledgers list much that no target counts.
        id="word-counted",
        severity=Severity.INFO,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "uncounted"}),
        together=("workbook", "sheet", "ledger", "column", "uncounted"),
        subject="台账《{ledger}》",
        found="有{count}行“{column}”为“{uncounted}”，不在任何计数规则之列，未计入",
        expected="计数规则所列的写法",
        cure="不计入的无需处理；应计入的，请在方案的计数规则中登记",
    ),
    Expectation(
        # Its row counts for the whole district and for no area.
        id="row-area-known",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn("ExpectColumnValuesToBeInSet", {"column": "area", "value_set": {"$PARAMETER": "areas"}}),
        found="“{column}”为“{area}”，不在已登记的乡镇、园区之列，该行未计入任何地区；{nearest}",
        expected="已登记的乡镇、街道或园区的名称",
        cure="改正名称；如系该地区的另一写法，请管理员登记（district.yaml 的 aliases）",
    ),
    Expectation(
        id="date-readable",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.is_date),
        found="“{column}”填的是“{date_text}”，不是日期，该行可能未计入",
        expected="一个日期，如2024-06-18；整月在计数期内的月份，如2024-05，也计入",
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
"""Adding an expectation about ledgers is one entry here or in one of the three modules."""
