"""Says how a measure is called in a message; knows no figure."""

from __future__ import annotations

from transforms.readings import Measure

MEASURE_WORDS = {
    Measure.MONTH: "本月",
    Measure.YEAR_TO_DATE: "累计",
    Measure.MONTH_GROWTH: "本月同比",
    Measure.YEAR_TO_DATE_GROWTH: "累计同比",
    Measure.LEVEL: "期末数",
    Measure.QUARTER: "当季",
    Measure.YEAR: "全年",
    Measure.LAST_YEAR: "上年同期",
    Measure.ANNUAL_TARGET: "全年目标",
    Measure.COMPLETION: "完成率",
    Measure.RANK: "位次",
    Measure.DONE: "是否完成",
    Measure.DATE: "完成日期",
    Measure.EVIDENCE: "佐证材料",
    Measure.REMARK: "情况说明",
}
