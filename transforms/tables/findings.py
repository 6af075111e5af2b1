"""Gathers what is wrong with a file cell by cell and tells it as doubts, like with like; reads nothing."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.doubts import Doubt, Severity
from transforms.periods import Period


@dataclass(frozen=True, slots=True)
class Rule:
    """What a good file keeps: its name, how bad it is when it doesn't, and what to do then (Chinese)."""

    expectation: str
    severity: Severity
    subject: str
    expected: str
    cure: str


class Findings:
    """The breaches of rules found in one file."""

    def __init__(self) -> None:
        self._found: dict[tuple[Rule, Period | None, str], list[tuple[str, str]]] = {}

    def add(self, rule: Rule, place: str, found: str, period: Period | None = None, apart: str = "") -> None:
        """Note one breach; those of one rule and period are told together unless they're kept ``apart``."""
        self._found.setdefault((rule, period, apart), []).append((place, found))

    def doubts(self) -> tuple[Doubt, ...]:
        """One doubt for each rule and period, critical ones first, else in the order of the file."""
        made = [
            Doubt(
                expectation=rule.expectation,
                severity=rule.severity,
                subject=rule.subject,
                found=_listed([found for _, found in breaches]),
                expected=rule.expected,
                cure=rule.cure,
                places=tuple(dict.fromkeys(place for place, _ in breaches)),
                period=period,
            )
            for (rule, period, _), breaches in self._found.items()
        ]
        return tuple(sorted(made, key=lambda doubt: _ORDER[doubt.severity]))


_ORDER = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _listed(found: list[str]) -> str:
    different = list(dict.fromkeys(found))
    tail = f"等{len(found)}处" if len(different) > 5 else ""
    return "；".join(different[:5]) + tail


ERROR_CELL = Rule("no-error-cells", Severity.WARNING, "单元格是错误值", "应为数字", "在原表中改正公式或引用后重新报送")
TEXT_FOR_NUMBER = Rule(
    "numbers-are-numbers", Severity.WARNING, "应填数字的单元格填了文字",
    "只填数字；没有这一项填“—”，不足最小单位填“…”，尚不知道留空", "改为数字后重新报送，文字移到说明栏",
)  # fmt: skip
UNCOMPUTED_FORMULA = Rule(
    "formulas-are-computed", Severity.WARNING, "公式未计算", "公式有计算好的数值",
    "用 Excel 或 WPS 打开、重新计算并保存后再报送",
)  # fmt: skip
PERCENT_ELSEWHERE = Rule(
    "units-fit-formats",
    Severity.WARNING,
    "单元格是百分数，计量单位却不是%",
    "数值与计量单位一致",
    "核对该格的数值和单位后重新报送",
)
UNIT_UNREADABLE = Rule(
    "units-are-words", Severity.WARNING, "计量单位读不出来", "计量单位是文字，如亿元、%、家", "补上计量单位后重新报送"
)
UNIT_UNKNOWN = Rule(
    "units-are-usual",
    Severity.INFO,
    "计量单位不常见",
    "如亿元、万元、%、家、人、万千瓦时",
    "核对是否写错；仍按所写的单位读取",
)
BLANK_LABEL = Rule(
    "rows-are-named",
    Severity.WARNING,
    "有数字的行没有名称",
    "每一行都有名称",
    "补上指标名称后重新报送；这些数字没有采用",
)
BY_CODE = Rule(
    "rows-have-words", Severity.INFO, "行没有名称，只有代码", "每一行都有名称", "补上指标名称；暂以代码作为名称"
)
UNKNOWN_COLUMN = Rule(
    "columns-are-known", Severity.WARNING, "有数字的栏目看不出含义", "栏目写明本月、累计、同比、期末等",
    "改写表头后重新报送；这一栏没有采用",
)  # fmt: skip
UNHEADED = Rule(
    "columns-are-named",
    Severity.WARNING,
    "有数字的一栏没有表头",
    "每一栏都有表头",
    "补上表头后重新报送；这一栏没有采用",
)
UNMEASURED = Rule(
    "measures-are-used",
    Severity.INFO,
    "环比、增减额或当季同比",
    "本月、累计、当季、期末及其同比",
    "不需处理；这些数字没有采用",
)
OTHER_AREA = Rule(
    "columns-are-of-the-area",
    Severity.INFO,
    "栏目是其他地区的数",
    "本地区的数",
    "不需处理；这一栏没有采用",
)
MEASURE_UNSTATED = Rule(
    "measures-are-stated", Severity.WARNING, "没有写明是当月、累计还是期末", "指标名称或表头写明口径",
    "在指标名称或表头中写明；暂按表头时期读取",
)  # fmt: skip
GROWTH_FROM_TITLE = Rule(
    "columns-say-growth",
    Severity.INFO,
    "只有标题写明是增速",
    "栏目写明同比增长（%）",
    "在栏目中写明；暂按标题读作增速",
)
AMOUNT_OR_RATE = Rule(
    "changes-say-what-they-are",
    Severity.WARNING,
    "看不出是增减额还是增减率",
    "栏目写明增减额、增减率或%",
    "在表头写明“%”或“额”后重新报送；这一栏没有采用",
)
INDEX_AS_GROWTH = Rule(
    "indices-are-no-growth",
    Severity.WARNING,
    "价格指数表的同比栏是指数，不是增长率",
    "指数写明上年=100，增长率写明%",
    "需要增长率时另列涨跌幅（%）；这些数字没有采用",
)
SAME_COLUMN_TWICE = Rule(
    "columns-differ", Severity.CRITICAL, "同一栏目出现两次", "每一栏目只出现一次", "删去多余的一栏或改正表头后重新报送"
)
LEDGER_COLUMN_TWICE = Rule(
    "ledger-columns-differ",
    Severity.WARNING,
    "台账有同名的两列",
    "每一列的名称各不相同",
    "改写列名，使其能够区分；计数所用的列同名时不能计数",
)
UNITS_CONTRADICT = Rule(
    "units-agree",
    Severity.WARNING,
    "列名中的计量单位与表头单位不符",
    "同一列只有一个计量单位",
    "核对该列的计量单位；暂按列名中的单位读取",
)
SAME_PERIOD_TWICE = Rule(
    "periods-differ", Severity.CRITICAL, "同一时期在表头中出现两次", "每一时期只出现一次", "改正表头后重新报送"
)
PERIOD_UNREADABLE = Rule(
    "periods-are-readable",
    Severity.WARNING,
    "时期读不出来",
    "如 2024年6月、2024-06、1—6月",
    "改正后重新报送；这些数字没有采用",
)
PERIODS_CONTRADICT = Rule(
    "periods-agree",
    Severity.CRITICAL,
    "时期互相矛盾",
    "标题、表头和文件名的时期一致",
    "核对是哪一期的数，改正后重新报送",
)
SHEET_PERIOD = Rule(
    "sheet-name-agrees",
    Severity.WARNING,
    "工作表名称的时期与表内不符",
    "工作表名称与标题的时期一致",
    "核对是哪一期的数，改正工作表名称",
)
PERIOD_RANGE = Rule(
    "stated-range-agrees",
    Severity.WARNING,
    "“时间”与表头的时期不符",
    "表头的时期都在所写时间之内",
    "核对是否导出了所要的时期",
)
PERIOD_FROM_NAME = Rule(
    "title-has-period", Severity.INFO, "标题没有写明时期", "标题写明时期", "在标题中写明时期；暂按文件名或工作表名读取"
)
FILLED_EARLY = Rule(
    "filled-after-the-period",
    Severity.WARNING,
    "填报日期早于报告期末",
    "报告期结束后填报",
    "核对报告期和填报日期；若是预计数，请注明",
)
NO_PERIOD = Rule(
    "period-is-stated",
    Severity.WARNING,
    "看不出是哪一期的数",
    "标题或文件名写明时期，如 2024年6月",
    "在标题中写明时期后重新报送；这些数字没有采用",
)
STATED_COUNT = Rule(
    "stated-count-holds",
    Severity.WARNING,
    "表头所写的数目与行数不符",
    "共几项（家）就有几行",
    "核对是否漏行或多行后重新报送",
)
NO_FIGURES = Rule("tables-have-rows", Severity.WARNING, "只有表头，没有数据行", "表头下有数据行", "填报后重新报送")
EMPTY_TEMPLATE = Rule(
    "forms-are-filled", Severity.INFO, "空表，没有填任何数", "填有数据", "填报后重新报送；未填的都按“未报”处理"
)
DATE_UNREADABLE = Rule(
    "dates-are-dates",
    Severity.WARNING,
    "日期读不出来",
    "如 2024-03-15、2024年3月15日",
    "改正日期后重新报送；该行不按日期计数",
)
LONG_NUMBER = Rule(
    "codes-are-texts",
    Severity.WARNING,
    "长编码存成了数字，末几位已丢失",
    "18位代码存成文本",
    "把该列设为文本格式，重新填写",
)
DONE_UNREADABLE = Rule(
    "done-is-yes-or-no", Severity.WARNING, "“是否完成”不是“是”或“否”", "填“是”或“否”", "改正后重新报送"
)
DIFFERENT_VALUES = Rule(
    "one-series-one-value",
    Severity.CRITICAL,
    "同一指标同一时期在几个表中的数不同",
    "同一指标同一时期只有一个数",
    "核对后改正或删去错误的表，重新报送",
)
REVISED = Rule(
    "past-figures-stand",
    Severity.INFO,
    "后来的文件修订了以前时期的数",
    "以前时期的数不变，或有修订说明",
    "采用后来的数；如非有意修订，请与报送单位核对",
)
ROUNDED = Rule(
    "figures-keep-their-places",
    Severity.INFO,
    "同一个数在几个表中保留的位数不同",
    "同一个数只有一种写法",
    "不需处理；如有可能，统一保留的位数",
)
MOVED = Rule(
    "copies-keep-their-periods",
    Severity.CRITICAL,
    "一个表的数是另一个表的数错开了时期",
    "每个数写在它自己的时期下",
    "以原始导出的表为准，把错开的表改正或删去，再重新报送",
)
SAME_FIGURES = Rule(
    "tables-differ",
    Severity.CRITICAL,
    "两个表是同样的数，写的却是两个时期",
    "不同时期的数各不相同",
    "核对哪个表写错了时期，或复制后没有改数，改正后重新报送",
)
SAME_TABLE_TWICE = Rule(
    "tables-stand-once",
    Severity.CRITICAL,
    "两个表写的是同一时期，数几乎全同",
    "同一时期只有一个表",
    "核对其中一个表是否写错了时期，或是没有改完的副本，改正或删去后重新报送",
)
PERIOD_MISSING = Rule(
    "periods-follow-on",
    Severity.WARNING,
    "中间缺了时期",
    "各期前后相连",
    "补上所缺时期的表或数；确实没有的，在表下注明",
)
SAME_LABEL_TWICE = Rule(
    "rows-differ",
    Severity.WARNING,
    "同一个表中有同名的行，数不相同",
    "每个指标的名称各不相同",
    "改写名称，使其能够区分",
)
UNREAD_FIGURES = Rule(
    "figures-are-in-tables",
    Severity.WARNING,
    "有数字不在任何认得出的表中",
    "数字都在有表头的表中",
    "补上表头，或删去多余的数字；这些数字没有采用",
)
AUDIT_FORMULAS = Rule(
    "formulas-lie-in-audits",
    Severity.WARNING,
    "是审核公式，不是报表",
    "审核公式放在本地区的 audits 文件夹，每月自动核算；收件目录只放报表",
    "把这个工作簿移到 data_raw 中本地区的 audits 文件夹，再运行 yuebao plan check",
)
UNKNOWN_SHEET = Rule(
    "layouts-are-known",
    Severity.WARNING,
    "工作表的格式认不出来",
    "有认得出的表头",
    "按认得出的表头改写后重新报送；与报表无关的工作表请删去",
)
UNKNOWN_FILE = Rule(
    "some-layout-is-known",
    Severity.CRITICAL,
    "文件中没有一个认得出的表",
    "有认得出的表头",
    "按认得出的表头改写后重新报送",
)
MARKED_COPY = Rule(
    "no-review-sheets",
    Severity.INFO,
    "带核对意见的副本",
    "原单位报送的文件",
    "确是改正后报送的，无需处理；误放入收件目录的，移出",
)
SERIES_FROM_TITLE = Rule(
    "columns-name-series",
    Severity.INFO,
    "栏目只写了口径，没有写指标",
    "栏目或“指标：”一行写明指标名称",
    "在栏目中写明指标；暂按标题读取",
)
WORDS_ONLY = Rule("columns-hold-figures", Severity.INFO, "栏目里没有数字", "栏目里是数字", "不需处理；这一栏没有采用")
FEBRUARY = Rule(
    "february-stands-alone",
    Severity.INFO,
    "1—2月的表中“本月”有数",
    "1—2月合并统计，没有单独的月份",
    "核对“本月”是2月还是1—2月；暂按2月读取",
)
