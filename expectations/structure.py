"""What is expected of readings before anyone asks what they mean: names, units, one value, numbers, periods."""

from __future__ import annotations

from collections.abc import Sequence

from expectations import rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.observations import Received
from transforms.periods import Period


def doubts_about_readings(
    received: Sequence[Received], plan: Plan | None, district: District, period: Period | None
) -> tuple[Doubt, ...]:
    """What was read, asked whether it was read right. Takes the newest vintage of each series, up to the period."""
    # Both are slow to import, and only a run that has something to check should pay for them.
    from expectations import gate
    from transforms.frames.areas import known_areas
    from transforms.frames.readings import known_labels, readings_frame
    from transforms.frames.repeats import repeats_frame
    from transforms.frames.stated_targets import stated_targets_frame

    return gate.doubts_about(
        {
            "readings": readings_frame(received, plan, district, period),
            "tables": repeats_frame(received, plan, district, period),
            "targets": stated_targets_frame(received, plan, district, period),
        },
        EXPECTATIONS,
        {
            "labels": sorted(known_labels(plan)),
            "areas": sorted(known_areas(district)),
        },
        period,
    )


EXPECTATIONS = (
    Expectation(
        # A label that the plan doesn't name is no fault: workbooks hold more than the plan.
        id="label-known",
        severity=Severity.INFO,
        frame="readings",
        check=BuiltIn("ExpectColumnValuesToBeInSet", {"column": "label", "value_set": {"$PARAMETER": "labels"}}),
        together=("label",),
        subject="{label}",
        found="方案中没有以此为名称的指标，该行（列）未采用",
        expected="方案中有指标用这一名称",
        cure="如属方案指标，请在方案中补记这一名称；否则无需处理",
    ),
    Expectation(
        id="area-known",
        severity=Severity.WARNING,
        frame="readings",
        check=BuiltIn("ExpectColumnValuesToBeInSet", {"column": "area", "value_set": {"$PARAMETER": "areas"}}),
        together=("workbook", "sheet", "area"),
        subject="地区“{area}”",
        found="不在已登记的乡镇、园区之列，其数据未采用；{nearest}",
        expected="已登记的乡镇、街道或园区的名称",
        cure="改正表中的名称；如系该地区的另一写法，请管理员登记（district.yaml 的 aliases）",
    ),
    Expectation(
        id="unit-known",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="readings",
        check=Rule(rules.unit_fits),
        found="{when}数值{raw}的计量单位“{unit}”无法识别或换算",
        expected="{due_words}",
        cure="核对并改正表中的计量单位后重新报送",
    ),
    Expectation(
        # Without a unit the plan's own would be taken for granted: off by 10⁴ if that's wrong.
        id="unit-named",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="readings",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "money_unit", "value_set": [""]}),
        together=("workbook", "sheet", "due_words"),
        subject="《{sheet}》",
        found="{when}有{count}个金额（{raw}等）没有注明计量单位，无从区分万元与亿元",
        expected="{due_words}，写在表头、列名或单位栏中",
        cure="在表中注明计量单位后重新报送",
    ),
    Expectation(
        id="value-single",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="readings",
        check=BuiltIn(
            "ExpectColumnPairValuesToBeEqual",
            {
                "column_A": "content",
                "column_B": "first_content",
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        beside="first_at",
        found="同一文件中{when}有两个不同的数：{first_shown}和{raw}",
        expected="同一指标、同一地区、同一时期只有一个数",
        cure="核对后改正其中错误的一处，重新报送",
    ),
    Expectation(
        id="value-once",
        severity=Severity.WARNING,
        frame="readings",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {
                "column_list": ["vintage", "series", "content"],
                "ignore_row_if": "any_value_is_missing",
            },
        ),
        together=("vintage", "series", "content"),
        found="同一文件中{when}同一个数（{raw}）出现了不止一次",
        expected="同一指标、同一地区、同一时期只填一处",
        cure="保留一处即可，以免日后只改其一",
    ),
    Expectation(
        id="number-due",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="readings",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "number_state", "value_set": ["text"]}),
        found="{when}应为数字，实为文字“{raw}”",
        expected="一个数字；没有该项填“—”，数值过小填“…”，未知留空",
        cure="改填数字，说明文字移至备注栏",
    ),
    Expectation(
        id="error-free",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="readings",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "state", "value_set": ["error"]}),
        found="{when}单元格显示公式错误{raw}",
        expected="公式能算出结果，或直接填数",
        cure="修复公式或其引用的单元格后重新报送",
    ),
    Expectation(
        # Nothing without a period is used; the indicators it was meant for are 未报.
        id="period-named",
        severity=Severity.WARNING,
        frame="readings",
        check=BuiltIn("ExpectColumnValuesToNotBeInSet", {"column": "dated", "value_set": [""]}),
        together=("workbook", "sheet"),
        subject="《{sheet}》",
        found="表题、表头均未注明所属时期，其数据未采用",
        expected="注明年份和月份，如“2024年1—6月”",
        cure="在表题或表头中注明所属时期后重新报送",
    ),
    Expectation(
        id="period-begun",
        severity=Severity.WARNING,
        frame="readings",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "received_month",
                "column_B": "stated_period",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        together=("workbook", "sheet"),
        subject="《{sheet}》",
        found="所注时期{when}在收到文件时（{received_month}）尚未开始，{use_words}",
        expected="所注时期不晚于收到文件的月份",
        cure="核对表题中的年份和月份，改正后重新报送",
    ),
    Expectation(
        # A flash figure or a forecast at best; at worst last month's file under a new title.
        id="period-ended",
        severity=Severity.WARNING,
        frame="readings",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "received_day",
                "column_B": "running_until",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        together=("workbook", "sheet"),
        subject="《{sheet}》",
        found="文件于{received_day}收到，所注时期{when}到{running_until}才结束；{use_words}",
        expected="所注时期结束后报送",
        cure="核对表题中的时期；属快报、预计数的，请注明，正式数出来后重新报送",
    ),
    Expectation(
        id="period-within-table",
        severity=Severity.WARNING,
        frame="readings",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "table_period",
                "column_B": "held_period",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        together=("workbook", "sheet"),
        subject="《{sheet}》",
        found="表题所注时期为{table_period}，表内却有{when}的数据",
        expected="表内数据的时期不晚于表题所注的时期",
        cure="核对表题与列名中的年份和月份，改正后重新报送",
    ),
    Expectation(
        # One figure may stand still; a whole table that does is last month's file, or last year's, under a new title.
        id="table-is-new",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="tables",
        check=Rule(rules.is_new),
        beside="earlier_at",
        found="{when}的表与{earlier}（{earlier_when}）可比的{compared}个数全部相同，如{example}",
        expected="本月、累计和增速随时期变化",
        cure="核对是否误报了旧表、只改了标题；改正后重新报送",
    ),
    Expectation(
        id="target-is-the-plans",
        severity=Severity.WARNING,
        frame="targets",
        check=Rule(rules.is_a_target),
        found="所列全年目标{target_words}与方案的目标不同：{plan_words}",
        expected="与方案的全年目标一致",
        cure="核对表中的全年目标；方案已调整目标的，请修改方案文件；另有考核目标的，请在表头注明",
    ),
    Expectation(
        # Beside a target column the table is held against itself; this is for tables that state a rate alone.
        id="completion-of-the-plan",
        severity=Severity.WARNING,
        frame="targets",
        check=Rule(rules.follows_from_one),
        found="所报完成率{completion_words}，而{operands_words}",
        expected="完成率＝本期累计÷方案的全年目标（四舍五入除外）",
        cure="核对累计数和完成率，改正其中错误的一格后重新报送；按其他目标计算的，请在表中列出该目标",
    ),
)
"""Adding an expectation about readings is one entry here."""
