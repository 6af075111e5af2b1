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


def _at_most(column: str, most: int) -> BuiltIn:
    return BuiltIn("ExpectColumnValuesToBeBetween", {"column": column, "max_value": most})


def _not_below(column: str, other: str) -> BuiltIn:
    return BuiltIn(
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": column, "column_B": other, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    )


EXPECTATIONS = (
    Expectation(
        id="name-once",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": ["group", "name_key"], "ignore_row_if": "any_value_is_missing"},
        ),
        together=("group", "name_key"),
        subject="台账《{ledger}》：{name}",
        found="同一名称出现了不止一行",
        expected="每个项目（企业）只列一行",
        cure="删去重复的行；确为两项的，请在名称中区分（如一期、二期）",
    ),
    Expectation(
        # Firms with codes of their own are two firms, and aren't asked.
        id="name-in-one-spelling",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_at_most("spellings", 1),
        together=("group", "spelled"),
        subject="台账《{ledger}》：{spelled}",
        found="名称只差组织形式或地区，疑似同一企业（项目）的两种写法",
        expected="每个项目（企业）只列一行，名称与登记的全称一致",
        cure="核对是否同一企业（项目）；是的，删去重复的行，不是的无需处理",
    ),
    Expectation(
        # Two firms may well be called so: it's kept for the record.
        id="name-not-nearly-another",
        severity=Severity.INFO,
        frame="ledgers",
        check=_at_most("near_names", 1),
        together=("group", "near"),
        subject="台账《{ledger}》：{near}",
        found="名称只差一个字，可能是同一企业（项目），请核对",
        expected="每个项目（企业）只列一行，名称与登记的全称一致",
        cure="核对是否有错字；确为两家（项）的，无需处理",
    ),
    Expectation(
        id="name-has-one-code",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_at_most("codes_of_name", 1),
        together=("group", "name"),
        subject="台账《{ledger}》：{name}",
        found="同一名称有{codes_of_name}个统一社会信用代码（{name_codes}）",
        expected="一家企业只有一个代码",
        cure="对照营业执照改正代码；确为两家的，请写全称加以区分",
    ),
    Expectation(
        id="credit-code-once",
        severity=Severity.WARNING,
        frame="ledgers",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {"column_list": ["group", "firm_code"], "ignore_row_if": "any_value_is_missing"},
        ),
        together=("group", "firm_code"),
        subject="台账《{ledger}》：{credit_code}",
        found="同一统一社会信用代码出现了不止一行",
        expected="每家企业只列一行",
        cure="删去重复的行或改正代码",
    ),
    Expectation(
        id="credit-code-has-one-name",
        severity=Severity.WARNING,
        frame="ledgers",
        check=_at_most("names_of_code", 1),
        together=("group", "credit_code"),
        subject="台账《{ledger}》：{credit_code}",
        found="同一统一社会信用代码有{names_of_code}个名称：{code_names}",
        expected="一个代码只对应一家企业的一个名称",
        cure="核对是否同一企业以新旧名称各列一行，统一名称、删去重复的行或改正代码",
    ),
    Expectation(
        id="credit-code-valid",
        severity=Severity.WARNING,
        frame="ledgers",
        check=Rule(rules.has_check_digit),
        found="统一社会信用代码“{credit_code}”通不过校验：{code_fault}",
        expected="18位代码，末位校验码正确（GB 32100-2015）",
        cure="对照营业执照改正代码，并以文本格式填写",
    ),
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
        cure="改正名称；如系该地区的另一写法，请在 district.yaml 的 aliases 中登记",
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
