"""What is expected of figures once they have a meaning: that they fit their history, their parts and each other."""

from __future__ import annotations

from collections.abc import Sequence

from expectations import rules
from expectations.declared import BuiltIn, Expectation, Rule
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.observations import LedgerEntry, Observation
from transforms.periods import Period


def doubts_about_observations(
    observations: Sequence[Observation],
    entries: Sequence[LedgerEntry],
    plan: Plan,
    district: District,
    period: Period,
) -> tuple[Doubt, ...]:
    """What the figures mean, asked whether it can be. Looks at every period up to the reference period."""
    # Both are slow to import, and only a run that has something to check should pay for them.
    from expectations import gate
    from transforms.frames.due import due_frame
    from transforms.frames.figures import figures_frame
    from transforms.frames.ledgers import entries_frame
    from transforms.frames.parts import parts_frame

    return gate.doubts_about(
        {
            "figures": figures_frame(observations, plan, district, period),
            "parts": parts_frame(observations, plan, district, period),
            "due": due_frame(observations, plan, period),
            "entries": entries_frame(entries, plan, period),
        },
        EXPECTATIONS,
        {},
        period,
    )


EXPECTATIONS = (
    Expectation(
        # An accumulated figure falls only when something is taken back. Below 1 % that happens as a revision; above,
        # it is a column, a month or a unit mistaken. What may really fall (a net count) says may_fall in the plan.
        id="year-to-date-falls",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.year_to_date_holds),
        beside="before_at",
        found="累计数{shown}比{before_words}少1%以上",
        expected="年内累计数只增不减",
        cure="核对本期与上期报表；确属冲减、净增减的，请管理员在方案中注明该指标可以减少（may_fall）",
    ),
    Expectation(
        id="year-to-date-slips",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.year_to_date_does_not_slip),
        beside="before_at",
        found="累计数{shown}略少于{before_words}（不足1%）",
        expected="年内累计数只增不减",
        cure="向来源单位核实是否修订了前期数；如已修订，请一并重报前期报表",
    ),
    Expectation(
        # A restatement of earlier months explains some per cent; nothing explains a tenth of the year so far.
        id="months-reconcile",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.months_reconcile),
        beside="sum_at",
        found="上月累计加本月（{sum_words}）与本月累计{shown}相差10%以上",
        expected="上月累计＋本月＝本月累计",
        cure="核对三个数是否填错栏、填错月或用错计量单位，改正后重新报送",
    ),
    Expectation(
        id="months-add-up",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.months_add_up),
        beside="sum_at",
        found="上月累计加本月（{sum_words}）不等于本月累计{shown}，超出四舍五入的范围",
        expected="上月累计＋本月＝本月累计",
        cure="向来源单位核实前期数是否修订；如已修订，请一并重报前期报表",
    ),
    Expectation(
        # Never critical: what belongs to no township or park (区直) is in the whole alone.
        id="parts-add-up",
        severity=Severity.WARNING,
        frame="parts",
        check=Rule(rules.parts_add_up),
        found="全区{whole_words}，而{sum_words}，超出四舍五入的范围",
        expected="分乡镇、园区之和等于全区",
        cure="核对分地区数；全区数另含区直或跨区项目的，请在备注中说明",
    ),
    Expectation(
        id="areas-present",
        severity=Severity.WARNING,
        frame="parts",
        check=BuiltIn("ExpectColumnValuesToBeNull", {"column": "missing"}),
        found="缺少{missing}的数据",
        expected="同类的乡镇（或园区）都有数据，没有该项的填“—”",
        cure="向来源单位催报缺少的地区，或改正其名称",
    ),
    Expectation(
        id="of-which-within-whole",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=BuiltIn(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": "whole_high",
                "column_B": "part_low",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        beside="whole_at",
        found="其中数{shown}大于总数{whole_words}",
        expected="其中数不大于总数",
        cure="核对两个数是否填错行或统计口径不一，改正后重新报送",
    ),
    Expectation(
        id="unit-not-mistaken",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.no_unit_jump),
        beside="reference_at",
        found="{shown}与{reference_words}相差300倍以上，{suspicion}",
        expected="与本指标的历史数据在同一数量级",
        cure="核对计量单位（万元、亿元），改正后重新报送",
    ),
    Expectation(
        id="unit-near-target",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.near_target),
        found="{shown}是全年目标{target_words}的300倍以上，{target_suspicion}",
        expected="与全年目标在同一数量级",
        cure="核对计量单位（万元、亿元），改正后重新报送",
    ),
    Expectation(
        # A note on scope for the reader, never an error: the base is restated for the firms in scope (method §5).
        id="growth-agrees",
        severity=Severity.INFO,
        frame="figures",
        check=Rule(rules.growth_agrees),
        beside="implied_at",
        found="所报增速{shown}与水平数不符：{implied_words}，推算增速在{implied_range}之间",
        expected="所报增速与水平数推算的增速一致；上年基数按可比口径调整时允许不一致",
        cure="无需处理；通报中以所报增速为准，并注明上年同期数按可比口径调整",
    ),
    Expectation(
        id="growth-no-slip",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.growth_has_no_slip),
        beside="implied_at",
        found="所报增速{shown}与水平数推算的{implied_range}相差约10倍、100倍或正负相反：{implied_words}",
        expected="小数点、百分号和正负号与水平数推算的一致",
        cure="核对增速的小数点、百分号和正负号，以及水平数，改正后重新报送",
    ),
    Expectation(
        id="growth-is-near",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.growth_is_near),
        beside="implied_at",
        found="所报增速{shown}与水平数推算的相差5个百分点以上：{implied_words}，推算增速在{implied_range}之间",
        expected="所报增速与水平数推算的增速相近；上年基数按可比口径调整时允许不一致",
        cure="向来源单位核实增速、水平数与口径调整情况；属口径调整的无需改正",
    ),
    Expectation(
        id="growth-plausible",
        severity=Severity.WARNING,
        frame="figures",
        check=BuiltIn(
            "ExpectColumnValuesToBeBetween",
            {"column": "growth", "min_value": -100, "max_value": 500},
        ),
        found="增速{shown}超出常见范围",
        expected="在-100%至500%之间",
        cure="核对小数点和上年基数；基数过小的，请在备注中说明",
    ),
    Expectation(
        id="growth-no-fraction",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.growth_is_no_fraction),
        beside="rate_at",
        found="增速{shown}与{rate_words}相差约100倍，疑似小数点或百分号有误",
        expected="与上期在同一数量级",
        cure="核对小数点，以及单元格是否应为百分比，改正后重新报送",
    ),
    Expectation(
        id="growth-keeps-its-point",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.growth_keeps_its_point),
        beside="rate_at",
        found="增速{shown}与{rate_words}相差约10倍，疑似小数点有误",
        expected="与上期在同一数量级",
        cure="核对小数点，以及单元格是否应为百分比，改正后重新报送",
    ),
    Expectation(
        id="rate-moves-plausibly",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.rate_moves_plausibly),
        beside="rate_at",
        found="增速{shown}与{rate_words}相差50个百分点以上",
        expected="累计增速逐期变动平缓",
        cure="核对本期和上期的增速；属基数过小或口径调整的，请在备注中说明",
    ),
    Expectation(
        id="level-moves-plausibly",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.level_moves_plausibly),
        beside="near_at",
        found="{shown}与{near_words}相差2倍以上（3倍或三分之一）",
        expected="与上期、上年同期相近（累计数按月份折算）",
        cure="核对是否填错行、填错栏或多填、漏填一位；属实的，请在备注中说明",
    ),
    Expectation(
        # An amount that hasn't moved is mostly last month's table sent again; now and then nothing was done.
        id="year-to-date-moves",
        severity=Severity.WARNING,
        frame="figures",
        check=Rule(rules.has_moved),
        beside="stood_at",
        found="累计数{shown}与上月完全相同",
        expected="累计数随月份增加",
        cure="核对是否漏更新本期数；本月确无发生的，请在备注中说明",
    ),
    Expectation(
        id="amount-not-negative",
        severity=Severity.WARNING,
        frame="figures",
        check=BuiltIn("ExpectColumnValuesToBeBetween", {"column": "amount", "min_value": 0}),
        found="数值{shown}为负数",
        expected="不小于零",
        cure="核对正负号；属冲减、退回的，请在备注中说明，或请管理员在方案中注明该指标可以减少（may_fall）",
    ),
    Expectation(
        id="share-keeps-its-point",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.share_keeps_its_point),
        beside="rate_at",
        found="比重（比率）{shown}与{rate_words}相差约10倍或100倍，疑似小数点有误",
        expected="与上期在同一数量级",
        cure="核对小数点，以及单元格是否应为百分比，改正后重新报送",
    ),
    Expectation(
        id="share-within-whole",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=BuiltIn("ExpectColumnValuesToBeBetween", {"column": "share", "min_value": 0, "max_value": 100}),
        found="比重（比率）为{shown}",
        expected="在0%至100%之间",
        cure="核对小数点，以及分子、分母是否填反，改正后重新报送",
    ),
    Expectation(
        id="count-whole",
        severity=Severity.CRITICAL,
        elsewhere=Severity.WARNING,
        frame="figures",
        check=Rule(rules.is_whole_count),
        found="个数为{shown}",
        expected="不小于零的整数",
        cure="核对是否填错栏（如把增速或金额填作个数），改正后重新报送",
    ),
    Expectation(
        # The indicator stands as 未报 in the bulletin; that's told, not stopped.
        id="figure-present",
        severity=Severity.WARNING,
        frame="due",
        check=BuiltIn("ExpectColumnValuesToNotBeNull", {"column": "figure"}),
        found="本期应报而未收到数据",
        expected="报表中有名称为“{labels}”的数字",
        cure="向{reported_by}催报；已报的，核对表中的指标名称与时期",
    ),
    Expectation(
        # A row that was copied is counted twice, and the count looks right.
        id="row-counted-once",
        severity=Severity.CRITICAL,
        frame="entries",
        check=BuiltIn(
            "ExpectCompoundColumnsToBeUnique",
            {
                "column_list": ["code", "name", "date", "area", "amount"],
                "ignore_row_if": "any_value_is_missing",
            },
        ),
        together=("code", "name", "date", "area", "amount"),
        found="名称、日期（{date_words}）、地区、金额完全相同的行被重复计数",
        expected="每一项只在台账中列一行",
        cure="删去台账中重复的行；确为两项的，请在名称中区分",
    ),
)
"""Adding an expectation about figures is one entry here."""
