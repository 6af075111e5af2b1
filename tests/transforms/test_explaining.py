"""Whether an assessment can be redone by hand from its explanation."""

from __future__ import annotations

from decimal import Decimal

from tests.transforms.builders import (
    assessment,
    cell,
    counted,
    district,
    history,
    indicator,
    of_kind,
    plan,
    rate,
    unpaced,
    unreported,
)
from transforms.assessments import Assessment, Status
from transforms.explaining import explain


def explained(one: Assessment) -> str:
    return explain(one, plan(one.indicator), district())


def test_an_amount_step_by_step() -> None:
    text = explained(
        assessment(last_year_path=Decimal("48.75"), history=history(None, None, None, None, "70", "88.96"))
    )
    assert text.splitlines() == [
        "金安区　2024年6月　规模以上工业总产值（output）",
        "目标：170亿元以上",
        "　　《金安区2024年度工业发展要点》（金发〔2024〕5号）一、总体目标：“全年完成规模以上工业总产值170亿元以上”",
        "　　牵头单位：区经信局；数据报送：区统计局",
        "　　责任单位依据：文件",
        "数据：1—6月89.0亿元，同比增长8.7%（计算用数88.96）",
        "　　较5月底增加19.0亿元",
        "　　取自月报.xlsx《主要指标》C5",
        "计算：完成率＝88.96÷170×100%＝52.3%（四舍五入前52.3294%）",
        "应达进度：序时进度＝6÷12×100%＝50.0%（状态据此判断）",
        "　　历史同期进度＝上年同期累计÷上年全年×100%＝48.8%",
        "差距：完成率52.3%－序时进度50.0%＝+2.3个百分点",
        "　　快于序时进度2.3个百分点，快于历史同期进度3.5个百分点",
        "状态：达到序时：按序时进度50.0%判断",
        "　　规则：完成率与序时进度比较；高5个百分点及以上为超序时，不低于为达到序时，低于为未达到序时，"
        "其中低10个百分点及以上为严重滞后；按印出的1位小数判断",
        "后续：后6个月还需完成81.0亿元，月均13.5亿元",
    ]


def test_a_rate_with_what_is_still_needed() -> None:
    text = explained(
        unpaced(
            rate(), Status.BEHIND, "8.2", gap=Decimal("-1.8"), gap_unit="百分点", needed=Decimal("1.8"),
            needed_growth=Decimal("11.84"), previous_status=Status.ON_PATH, remark="订单减少",
        )
    )  # fmt: skip
    assert "差距：8.2%－10%＝−1.8个百分点" in text
    assert "高2个百分点及以上为超序时" in text
    assert "低5个百分点及以上为严重滞后" in text
    assert "上次评价为达到序时" in text
    assert "后续：按上年同期水平推算，7—12月增速须达到11.8%以上" in text
    assert "单位说明：订单减少" in text
    assert "应达进度" not in text
    assert "完成率" not in text


def test_one_that_was_not_reported_tells_its_rule() -> None:
    text = explained(unreported(indicator()))
    assert "数据：本期应报未报" in text
    assert "规则：本期应报而无数，列为未报，不计作达到序时" in text
    assert "完成率" not in text


def test_every_kind_has_a_rule() -> None:
    kinds = [
        of_kind({"kind": "hold", "value": "160"}, "家", "总数"),
        of_kind({"kind": "ceiling", "value": "1"}, "%", "费率"),
        of_kind({"kind": "clear"}, "家", "无研发活动企业"),
        of_kind({"kind": "repeat", "value": "1", "every": "month"}, "场", "招聘"),
        of_kind({"kind": "milestone"}, "项", "建成园区"),
        of_kind({"kind": "either", "options": ["甲", "乙"]}, "项", "获评"),
    ]
    for one in kinds:
        assert "规则：" in explained(unpaced(one, Status.ON_PATH, "1", verdict="已报"))


def test_the_declared_tolerance_and_a_path_of_its_own() -> None:
    about = counted(
        target={"kind": "about", "value": "50", "tolerance": "5"}, path={"kind": "batch", "month": 6}, note="说明"
    )
    cells = (cell("C5"), cell("C6"))
    text = explained(
        assessment(about, Status.BEHIND, declared_path=Decimal(100), gap=Decimal(-50), growth=None, cells=cells)
    )
    assert "取自月报.xlsx《主要指标》C5、C6" in text
    assert "“左右”未规定幅度，按±5个掌握，达到45个即为完成" in text
    assert "应达进度100.0%（状态据此判断）" in text
    assert "方案备注：说明" in text
