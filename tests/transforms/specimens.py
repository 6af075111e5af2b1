"""Good files of every layout, made in memory; tests change one thing in them and see what is said."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
import xlwt

Row = Sequence[object]

INDICATORS: tuple[Row, ...] = (
    ("金安区2024年6月主要经济指标（演示数据）",),
    ("制表单位：区统计局", None, None, None, None, "单位：见各行"),
    ("指标名称", "计量单位", "本月", None, "1—6月累计", None),
    (None, None, "绝对量", "同比增长(%)", "绝对量", "同比增长(%)"),
    ("一、工业",),
    ("规模以上工业总产值", "亿元", 14.1, 8.2, 81.3, 9.1),
    ("　其中：战略性新兴产业产值", "亿元", 3.2, "—", 18, "…"),
    ("　　　　高技术产业产值", "亿元", 1, 1, None, 2),
    ("规模以上工业增加值", "%", "—", 8.5, "—", 8.8),
    ("新增规上工业企业", "家", 2, None, 12, None),
    ("注：1. 演示数据",),
    ("数据来源：区统计局",),
)
INDICATOR_MERGES = ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:F3")

AREAS: tuple[Row, ...] = (
    ("金安区2024年6月分乡镇（园区）主要经济指标（演示数据）",),
    ("制表单位：区统计局",),
    ("乡镇（园区）", "规模以上工业总产值（亿元）", None, "工业投资（亿元）", None, "新增规上工业企业（家）"),
    (None, "1—6月累计", "同比增长（%）", "1—6月累计", "同比增长（%）", "累计"),
    ("全区", 81.3, 9.1, 20, 3, 12),
    ("三十铺镇", 31.3, 9.1, 10, -3, 5),
    ("东桥镇", 1.3, "—", None, None, 0),
    ("注：演示数据",),
)
AREA_MERGES = ("A1:F1", "A3:A4", "B3:C3", "D3:E3")

AREAS_ACROSS: tuple[Row, ...] = (
    ("2024年1—6月分乡镇主要指标",),
    ("指标", "计量单位", "全区", "三十铺镇", "东桥镇"),
    ("规上工业总产值", "亿元", 81.3, 31.3, None),
    ("规上工业总产值增速", "%", 9.1, 8, "—"),
    ("期末规上企业数", "家", 160, 50, 10),
)

UNFILLED: tuple[Row, ...] = (
    ("工作月报",),
    ("序号", "完成工作", "工作类型", "投入人力", "具体内容"),
    (1, None, None, None, None),
    (2, None, None, None, None),
    ("汇总",),
    ("序号", "工作类型", "统计"),
    (1, "培训", 0),
    (2, "演练", 0),
)

PANEL: tuple[Row, ...] = (
    (None, "研发经费", "专利数"),
    (None, 2014, 2014),
    ("北京", 233.5, 1.87),
    ("天津", 322.8, 1.23),
    ("河北", 260.7, 0.5),
    ("山西", 124.7, 0.35),
    ("西藏", 1, 0.001),
)
"""A corner without words over areas, a year under each indicator."""

LEDGER: tuple[Row, ...] = (
    ("金安区2024年工业项目台账（演示数据）",),
    ("填报单位：区招商创业中心　截至2024年6月30日　共3项",),
    ("序号", "项目名称", "建设地点", "行业", "总投资（亿元）", "签约日期", "开工日期", "形象进度"),
    (1, "甲项目", "三十铺镇", "装备", 5.25, dt.date(2024, 3, 15), "2024.3.15", "主体封顶"),
    (2, "乙项目", "东桥镇", "纺织", 10, 45366, "2024年3月15日", "—"),
    (3, "丙项目", "东桥镇", "食品", 0.5, "2024/3/5", "", ""),
    ("合计", None, None, None, 15.75),
    ("注：演示数据",),
)

FORM: tuple[Row, ...] = (
    ("2024年6月工业发展要点任务进展报送表（演示数据）",),
    ("报送单位：区人社局　填报日期：2024-07-12",),
    ("序号", "任务指标", "计量单位", "本月", "本年累计", "期末值", "情况说明"),
    (1, "开展职业技能培训", "人", 120, 800, "—", "按期推进"),
    (2, "新增高技能人才", "人", None, 30, None, None),
    (),
    ("二、节点任务",),
    ("序号", "任务事项", "是否完成", "完成日期", "佐证材料", "情况说明"),
    (1, "建成省级数字化转型示范园区", "是", dt.date(2024, 6, 20), "皖经信〔2024〕1号", None),
    (2, "获评国家级小巨人", "否", None, None, "申报中"),
    (3, "申报国家级工业设计中心", None, None, None, None),
    (),
    ("三、工作任务",),
    ("序号", "工作任务", "进展情况"),
    (1, "定期召开恳谈会", "已召开2次"),
    (2, "优化营商环境", None),
    (),
    ("单位负责人：张三　填表人：李四",),
)

PERIODS_ACROSS: tuple[Row, ...] = (
    ("数据库：月度数据",),
    ("时间：最近3个月",),
    ("指标", "2024年3月", "2024年2月", "2023年12月"),
    ("工业增加值同比增长(%)", 4.5, None, 6.8),
    ("工业增加值累计增长(%)", 6.1, 7.0, 4.6),
    ("数据来源：国家统计局",),
)

A_FIGURE_A_ROW: tuple[Row, ...] = (
    ("年份", "月份", "地区", "指标名称", "计量单位", "数值"),
    (2024, 5, "金安区", "工业总产值累计", "亿元", 73.5),
    (2024, 6, "金安区", "工业总产值累计", "亿元", 89.0),
    (2024, 6, "三十铺镇", "工业总产值累计", "亿元", 12.25),
)
PERIODS_DOWN: tuple[Row, ...] = (
    ("数据库：月度数据",),
    ("时间", "全国一般公共预算收入累计值(亿元)", "全国一般公共预算收入累计增长(%)"),
    ("2024年1—2月", 44585, -2.3),
    ("2024年3月", 60877, -2.3),
    ("数据来源：财政部",),
)


def xlsx(rows: Iterable[Row], merges: Iterable[str] = (), sheet: str = "表一", **more: Iterable[Row]) -> bytes:
    """The rows as an xlsx file; dates as true date cells; ``more`` are further sheets."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, content in {sheet: rows, **more}.items():
        page = book.add_worksheet(name)
        for row, cells in enumerate(content):
            for column, value in enumerate(cells):
                if isinstance(value, dt.date):
                    page.write_datetime(row, column, value, days)
                elif value is not None:
                    page.write(row, column, value)
        if name == sheet:
            for merge in merges:
                page.merge_range(merge, None)
            for row, cells in enumerate(content):
                for column, value in enumerate(cells):
                    if isinstance(value, str):
                        page.write_string(row, column, value)
    book.close()
    return made.getvalue()


def xls(rows: Iterable[Row], merges: Iterable[tuple[int, int, int, int]] = (), sheet: str = "表一") -> bytes:
    """The rows as a BIFF8 file; merges as (top, bottom, left, right)."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, dt.date):
                page.write(row, column, value, days)
            elif value is not None:
                page.write(row, column, value)
    page.merged_ranges.extend(merges)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def csv(rows: Iterable[Row], encoding: str = "gb18030") -> bytes:
    """The rows as Excel saves them: merged heads flattened by blanks."""
    lines = [",".join("" if value is None else f"{value}" for value in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def replaced(rows: Iterable[Row], ref: tuple[int, int], value: object) -> tuple[Row, ...]:
    """The rows with one cell changed, zero-based."""
    made = [list(row) for row in rows]
    row, column = ref
    made[row].extend([None] * (column + 1 - len(made[row])))
    made[row][column] = value
    return tuple(made)
