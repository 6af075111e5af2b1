"""Usual shapes of the tables that bureaus send, a small one each, and every figure that is read from it.

``area/parent/label measure period = value unit @cell``; a state stands for the value where there's none.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.transforms import specimens
from tests.transforms.specimens import Row
from transforms.readings import Contents, Reading
from transforms.spreadsheets.sheets import reference
from transforms.tables.reading import read


@dataclass(frozen=True)
class Shape:
    rows: tuple[Row, ...]
    figures: str
    doubts: frozenset[str] = frozenset()
    merges: tuple[str, ...] = ()
    name: str = "表.xlsx"


SHAPES = {
    "provinces down, years across": Shape(
        (
            ("数据库：分省年度数据",),
            ("指标：地区生产总值(亿元)",),
            ("时间：最近5年",),
            ("地区", "2023年", "2022年", "2021年"),
            ("北京市", 43760.7, 41610.9, 41045.6),
            ("天津市", 16737.3, 16132.2, 15685.1),
            ("河北省", 43944.1, 42370.4, 40397.1),
            ("数据来源：国家统计局",),
        ),
        """
            北京市//地区生产总值 year 2023-12 = 43760.7亿元 @B5
            北京市//地区生产总值 year 2022-12 = 41610.9亿元 @C5
            北京市//地区生产总值 year 2021-12 = 41045.6亿元 @D5
            天津市//地区生产总值 year 2023-12 = 16737.3亿元 @B6
            天津市//地区生产总值 year 2022-12 = 16132.2亿元 @C6
            天津市//地区生产总值 year 2021-12 = 15685.1亿元 @D6
            河北省//地区生产总值 year 2023-12 = 43944.1亿元 @B7
            河北省//地区生产总值 year 2022-12 = 42370.4亿元 @C7
            河北省//地区生产总值 year 2021-12 = 40397.1亿元 @D7
        """,
    ),
    "months down, provinces across": Shape(
        (
            ("数据库：分省月度数据",),
            ("指标：社会消费品零售总额_累计值(亿元)",),
            ("时间", "北京市", "天津市", "安徽省"),
            ("2024年6月", 7070.2, 1900.1, 11800.5),
            ("2024年5月", 5800, 1600.4, 9800),
            ("注：…",),
        ),
        """
            北京市//社会消费品零售总额 year-to-date 2024-06 = 7070.2亿元 @B4
            北京市//社会消费品零售总额 year-to-date 2024-05 = 5800亿元 @B5
            天津市//社会消费品零售总额 year-to-date 2024-06 = 1900.1亿元 @C4
            天津市//社会消费品零售总额 year-to-date 2024-05 = 1600.4亿元 @C5
            安徽省//社会消费品零售总额 year-to-date 2024-06 = 11800.5亿元 @D4
            安徽省//社会消费品零售总额 year-to-date 2024-05 = 9800亿元 @D5
        """,
    ),
    "two-level head with last year beside": Shape(
        (
            ("××区主要经济指标",),
            ("（2024年1—6月）",),
            ("指  标", "计量单位", "本    期", None, None, "累    计", None, None),
            (None, None, "实际完成", "上年同期", "同比增长(%)", "实际完成", "上年同期", "同比增长(%)"),
            ("一、地区生产总值", "亿元", "—", "—", "—", 215.6, 203.2, "5.8"),
            ("    第一产业", "亿元", None, None, None, 20.1, 19.5, 3.2),
            ("二、规模以上工业增加值", "%", None, None, 8.1, None, None, 7.9),
            ("三、固定资产投资", "亿元", None, None, None, None, None, "↑3.2"),
            ("四、社会消费品零售总额", "亿元", "12.3", "11.8", "４．２", "７５．１", "72", "4.3"),
            ("填表人：张三\u3000\u3000审核人：李四",),
        ),
        """
            地区生产总值 month 2024-06 = [no-item]亿元 @C5
            地区生产总值 last-year 2024-06 = [no-item]亿元 @D5
            地区生产总值 month-growth 2024-06 = [no-item]% @E5
            地区生产总值 year-to-date 2024-06 = 215.6亿元 @F5
            地区生产总值 last-year 2024-06 = 203.2亿元 @G5
            地区生产总值 year-to-date-growth 2024-06 = 5.8% @H5
            地区生产总值/第一产业 month 2024-06 = [blank]亿元 @C6
            地区生产总值/第一产业 last-year 2024-06 = [blank]亿元 @D6
            地区生产总值/第一产业 month-growth 2024-06 = [blank]% @E6
            地区生产总值/第一产业 year-to-date 2024-06 = 20.1亿元 @F6
            地区生产总值/第一产业 last-year 2024-06 = 19.5亿元 @G6
            地区生产总值/第一产业 year-to-date-growth 2024-06 = 3.2% @H6
            规模以上工业增加值 month 2024-06 = [blank]% @C7
            规模以上工业增加值 last-year 2024-06 = [blank]% @D7
            规模以上工业增加值 month-growth 2024-06 = 8.1% @E7
            规模以上工业增加值 year-to-date 2024-06 = [blank]% @F7
            规模以上工业增加值 last-year 2024-06 = [blank]% @G7
            规模以上工业增加值 year-to-date-growth 2024-06 = 7.9% @H7
            固定资产投资 month 2024-06 = [blank]亿元 @C8
            固定资产投资 last-year 2024-06 = [blank]亿元 @D8
            固定资产投资 month-growth 2024-06 = [blank]% @E8
            固定资产投资 year-to-date 2024-06 = [blank]亿元 @F8
            固定资产投资 last-year 2024-06 = [blank]亿元 @G8
            固定资产投资 year-to-date-growth 2024-06 = [text]% @H8
            社会消费品零售总额 month 2024-06 = 12.3亿元 @C9
            社会消费品零售总额 last-year 2024-06 = 11.8亿元 @D9
            社会消费品零售总额 month-growth 2024-06 = 4.2% @E9
            社会消费品零售总额 year-to-date 2024-06 = 75.1亿元 @F9
            社会消费品零售总额 last-year 2024-06 = 72亿元 @G9
            社会消费品零售总额 year-to-date-growth 2024-06 = 4.3% @H9
        """,
        frozenset({"numbers-are-numbers"}),
        merges=("A1:H1", "A2:H2", "A3:A4", "B3:B4", "C3:E3", "F3:H3"),
    ),
    "townships down, measures of the title across": Shape(
        (
            ("2024年6月份分乡镇财政收入完成情况表",),
            ("编制单位：区财政局", None, None, None, None, None, "单位：万元"),
            (
                "序号",
                "乡镇街",
                "年度预算",
                "本月完成",
                "累计完成",
                "完成年度预算%",
                "上年同期",
                "增减额",
                "增减%",
                "位次",
            ),
            (1, "东市街道", "12,000", "1,050", "6,200", "51.67%", 5900, 300, 5.1, 3),
            (2, "三十铺镇", "8 500", 620, "4,100", "48.2", 4200, "(100)", "-2.4", 8),
            ("", "合计", 20500, 1670, 10300, 50.2, 10100, 200, 2.0, None),
        ),
        """
            东市街道//财政收入 annual-target 2024-06 = 12000万元 @C4
            东市街道//财政收入 month 2024-06 = 1050万元 @D4
            东市街道//财政收入 year-to-date 2024-06 = 6200万元 @E4
            东市街道//财政收入 completion 2024-06 = 51.67% @F4
            东市街道//财政收入 last-year 2024-06 = 5900万元 @G4
            东市街道//财政收入 year-to-date-growth 2024-06 = 5.1% @I4
            东市街道//财政收入 rank 2024-06 = 3位 @J4
            三十铺镇//财政收入 annual-target 2024-06 = 8500万元 @C5
            三十铺镇//财政收入 month 2024-06 = 620万元 @D5
            三十铺镇//财政收入 year-to-date 2024-06 = 4100万元 @E5
            三十铺镇//财政收入 completion 2024-06 = 48.2% @F5
            三十铺镇//财政收入 last-year 2024-06 = 4200万元 @G5
            三十铺镇//财政收入 year-to-date-growth 2024-06 = -2.4% @I5
            三十铺镇//财政收入 rank 2024-06 = 8位 @J5
            合计//财政收入 annual-target 2024-06 = 20500万元 @C6
            合计//财政收入 month 2024-06 = 1670万元 @D6
            合计//财政收入 year-to-date 2024-06 = 10300万元 @E6
            合计//财政收入 completion 2024-06 = 50.2% @F6
            合计//财政收入 last-year 2024-06 = 10100万元 @G6
            合计//财政收入 year-to-date-growth 2024-06 = 2% @I6
            合计//财政收入 rank 2024-06 = [blank]位 @J6
        """,
        frozenset({"columns-name-series", "measures-are-used"}),
        merges=("A1:J1",),
    ),
    "budget with completion and triangles": Shape(
        (
            ("2024年上半年财政收支情况表",),
            (None, None, None, "单位：万元"),
            ("项  目", "年初预算", "本年累计", "占预算%", "比上年同期增减额", "比上年同期增减%"),
            ("一、一般公共预算收入", 100000, 52000, "52.0", 2000, "4.0"),
            ("（一）税收收入", 80000, 40000, 50, 1000, 2.6),
            ("  其中：增值税", 30000, 15000, 50, "-500", "-3.2"),
            ("        企业所得税", 10000, 6000, 60, None, None),
            ("（二）非税收入", 20000, 12000, 60, 1000, 9.1),
            ("二、一般公共预算支出", 200000, 110000, 55, "△3000", "△2.7"),
        ),
        """
            一般公共预算收入 annual-target 2024-06 = 100000万元 @B4
            一般公共预算收入 year-to-date 2024-06 = 52000万元 @C4
            一般公共预算收入 completion 2024-06 = 52.0% @D4
            一般公共预算收入 year-to-date-growth 2024-06 = 4.0% @F4
            税收收入 annual-target 2024-06 = 80000万元 @B5
            税收收入 year-to-date 2024-06 = 40000万元 @C5
            税收收入 completion 2024-06 = 50% @D5
            税收收入 year-to-date-growth 2024-06 = 2.6% @F5
            税收收入/增值税 annual-target 2024-06 = 30000万元 @B6
            税收收入/增值税 year-to-date 2024-06 = 15000万元 @C6
            税收收入/增值税 completion 2024-06 = 50% @D6
            税收收入/增值税 year-to-date-growth 2024-06 = -3.2% @F6
            税收收入/企业所得税 annual-target 2024-06 = 10000万元 @B7
            税收收入/企业所得税 year-to-date 2024-06 = 6000万元 @C7
            税收收入/企业所得税 completion 2024-06 = 60% @D7
            税收收入/企业所得税 year-to-date-growth 2024-06 = [blank]% @F7
            非税收入 annual-target 2024-06 = 20000万元 @B8
            非税收入 year-to-date 2024-06 = 12000万元 @C8
            非税收入 completion 2024-06 = 60% @D8
            非税收入 year-to-date-growth 2024-06 = 9.1% @F8
            一般公共预算支出 annual-target 2024-06 = 200000万元 @B9
            一般公共预算支出 year-to-date 2024-06 = 110000万元 @C9
            一般公共预算支出 completion 2024-06 = 55% @D9
            一般公共预算支出 year-to-date-growth 2024-06 = [text]% @F9
        """,
        frozenset({"measures-are-used", "numbers-are-numbers"}),
        merges=("A1:F1",),
    ),
    "last year under each group": Shape(
        (
            ("固定资产投资完成情况（2024年1-5月）",),
            ("指标名称", "1-5月累计", "", "增长%", ""),
            ("", "本年", "上年", "本年", "上年同期"),
            ("固定资产投资（万元）", 2668000, 2400000, 11.2, 9.8),
            ("\u3000#民间投资", 1600000, "1,500,000", "6.7", "—"),
            ("\u3000#工业投资（万元）", 900000, 800000, 12.5, 3),
        ),
        """
            固定资产投资 year-to-date 2024-05 = 2668000万元 @B4
            固定资产投资 last-year 2024-05 = 2400000万元 @C4
            固定资产投资 year-to-date-growth 2024-05 = 11.2% @D4
            固定资产投资 last-year 2024-05 = 9.8% @E4
            固定资产投资/民间投资 year-to-date 2024-05 = 1600000 @B5
            固定资产投资/民间投资 last-year 2024-05 = 1500000 @C5
            固定资产投资/民间投资 year-to-date-growth 2024-05 = 6.7% @D5
            固定资产投资/民间投资 last-year 2024-05 = [no-item]% @E5
            固定资产投资/工业投资 year-to-date 2024-05 = 900000万元 @B6
            固定资产投资/工业投资 last-year 2024-05 = 800000万元 @C6
            固定资产投资/工业投资 year-to-date-growth 2024-05 = 12.5% @D6
            固定资产投资/工业投资 last-year 2024-05 = 3% @E6
        """,
    ),
    "electricity with thousands as text": Shape(
        (
            ("金安区2024年6月全社会用电量情况",),
            ("单位：万千瓦时、%",),
            ("类  别", "当月", "当月同比", "1-6月累计", "累计同比"),
            ("全社会用电量", "12,345.6", 5.6, "70,001.2", 6.1),
            ("一、工业用电", 8000, 4.1, 45000, 5.2),
            ("\u3000其中：制造业", 7000, 4, 41000, 5),
            ("二、城乡居民用电", 2000, 8, 12000, 9.5),
        ),
        """
            全社会用电量 month 2024-06 = 12345.6万千瓦时 @B4
            全社会用电量 month-growth 2024-06 = 5.6% @C4
            全社会用电量 year-to-date 2024-06 = 70001.2万千瓦时 @D4
            全社会用电量 year-to-date-growth 2024-06 = 6.1% @E4
            工业用电 month 2024-06 = 8000万千瓦时 @B5
            工业用电 month-growth 2024-06 = 4.1% @C5
            工业用电 year-to-date 2024-06 = 45000万千瓦时 @D5
            工业用电 year-to-date-growth 2024-06 = 5.2% @E5
            工业用电/制造业 month 2024-06 = 7000万千瓦时 @B6
            工业用电/制造业 month-growth 2024-06 = 4% @C6
            工业用电/制造业 year-to-date 2024-06 = 41000万千瓦时 @D6
            工业用电/制造业 year-to-date-growth 2024-06 = 5% @E6
            城乡居民用电 month 2024-06 = 2000万千瓦时 @B7
            城乡居民用电 month-growth 2024-06 = 8% @C7
            城乡居民用电 year-to-date 2024-06 = 12000万千瓦时 @D7
            城乡居民用电 year-to-date-growth 2024-06 = 9.5% @E7
        """,
    ),
    "a heading with the unit of what is counted": Shape(
        (
            ("2024年1-6月招商引资情况通报",),
            ("乡镇（园区）", "亿元以上项目（个）", "", "到位资金（亿元）", "", "排名"),
            ("", "签约", "开工", "当月", "累计", ""),
            ("高新区", 5, 3, 2.5, 12.8, 1),
            ("东桥镇", 1, "/", "0.3", "1.2万", 2),
        ),
        """
            高新区//亿元以上项目签约 year-to-date 2024-06 = 5个 @B4
            高新区//亿元以上项目开工 year-to-date 2024-06 = 3个 @C4
            高新区//到位资金 month 2024-06 = 2.5亿元 @D4
            高新区//到位资金 year-to-date 2024-06 = 12.8亿元 @E4
            东桥镇//亿元以上项目签约 year-to-date 2024-06 = 1个 @B5
            东桥镇//亿元以上项目开工 year-to-date 2024-06 = [no-item]个 @C5
            东桥镇//到位资金 month 2024-06 = 0.3亿元 @D5
            东桥镇//到位资金 year-to-date 2024-06 = [text]亿元 @E5
        """,
        frozenset({"measures-are-used", "numbers-are-numbers"}),
        merges=("A2:A3", "B2:C2", "D2:E2", "F2:F3"),
    ),
    "trade in dollars with a share": Shape(
        (
            ("2024年5月外贸进出口情况表",),
            ("计量单位：万美元",),
            ("指标", "本月", "同比%", "1-5月", "同比%", "占全市比重%"),
            ("进出口总额", 1234.5, "12.3%", 6000, "-3.2%", 8.1),
            ("  出口", 1000, 10, 5000, -2, 9),
            ("  进口", 234.5, "…", 1000, None, 5),
        ),
        """
            进出口总额 month 2024-05 = 1234.5万美元 @B4
            进出口总额 month-growth 2024-05 = 12.3% @C4
            进出口总额 year-to-date 2024-05 = 6000万美元 @D4
            进出口总额 year-to-date-growth 2024-05 = -3.2% @E4
            进出口总额 level 2024-05 = 8.1% @F4
            进出口总额/出口 month 2024-05 = 1000万美元 @B5
            进出口总额/出口 month-growth 2024-05 = 10% @C5
            进出口总额/出口 year-to-date 2024-05 = 5000万美元 @D5
            进出口总额/出口 year-to-date-growth 2024-05 = -2% @E5
            进出口总额/出口 level 2024-05 = 9% @F5
            进出口总额/进口 month 2024-05 = 234.5万美元 @B6
            进出口总额/进口 month-growth 2024-05 = [too-small]% @C6
            进出口总额/进口 year-to-date 2024-05 = 1000万美元 @D6
            进出口总额/进口 year-to-date-growth 2024-05 = [blank]% @E6
            进出口总额/进口 level 2024-05 = 5% @F6
        """,
    ),
    "firms in stock and new": Shape(
        (
            ("四上企业入库情况（截至2024年6月末）",),
            ("类别", "在库企业数（家）", "其中：本年新增", "本月新增", "退库"),
            ("规上工业", 160, 12, 2, 3),
            ("限上商贸", 80, 6, 1, 0),
            ("规上服务业", 45, 5, None, "-"),
            ("资质建筑业", 30, 2, 0, "—"),
            ("合计", 315, 25, 3, 3),
        ),
        """
            规上工业 level 2024-06 = 160家 @B3
            规上工业 year-to-date 2024-06 = 12 @C3
            规上工业 month 2024-06 = 2 @D3
            限上商贸 level 2024-06 = 80家 @B4
            限上商贸 year-to-date 2024-06 = 6 @C4
            限上商贸 month 2024-06 = 1 @D4
            规上服务业 level 2024-06 = 45家 @B5
            规上服务业 year-to-date 2024-06 = 5 @C5
            规上服务业 month 2024-06 = [blank] @D5
            资质建筑业 level 2024-06 = 30家 @B6
            资质建筑业 year-to-date 2024-06 = 2 @C6
            资质建筑业 month 2024-06 = 0 @D6
            合计 level 2024-06 = 315家 @B7
            合计 year-to-date 2024-06 = 25 @C7
            合计 month 2024-06 = 3 @D7
        """,
        frozenset({"columns-are-known"}),
    ),
    "side by side": Shape(
        (
            ("2024年6月工业与投资",),
            ("指标", "本月", "累计", None, "指标", "本月", "累计"),
            ("工业总产值（亿元）", 10, 60, None, "固定资产投资（亿元）", 5, 30),
            ("工业税收（亿元）", 1, 6, None, "工业投资（亿元）", 2, 12),
        ),
        """
            工业总产值 month 2024-06 = 10亿元 @B3
            工业总产值 year-to-date 2024-06 = 60亿元 @C3
            工业税收 month 2024-06 = 1亿元 @B4
            工业税收 year-to-date 2024-06 = 6亿元 @C4
            固定资产投资 month 2024-06 = 5亿元 @F3
            固定资产投资 year-to-date 2024-06 = 30亿元 @G3
            工业投资 month 2024-06 = 2亿元 @F4
            工业投资 year-to-date 2024-06 = 12亿元 @G4
        """,
    ),
    "side by side without a blank column": Shape(
        (
            ("2024年6月财政收支",),
            ("单位：万元",),
            ("项目", "本月", "累计", "增减%", "项目", "本月", "累计", "增减%"),
            ("一般公共预算收入", 10, 60, 1, "一般公共预算支出", 20, 100, 2),
        ),
        """
            一般公共预算收入 month 2024-06 = 10万元 @B4
            一般公共预算收入 year-to-date 2024-06 = 60万元 @C4
            一般公共预算收入 year-to-date-growth 2024-06 = 1% @D4
            一般公共预算支出 month 2024-06 = 20万元 @F4
            一般公共预算支出 year-to-date 2024-06 = 100万元 @G4
            一般公共预算支出 year-to-date-growth 2024-06 = 2% @H4
        """,
    ),
    "one under the other": Shape(
        (
            ("表一 2024年6月工业",),
            ("指标", "单位", "本月", "累计"),
            ("工业总产值", "亿元", 10, 60),
            (),
            ("表二 2024年6月投资",),
            ("指标", "单位", "本月", "累计"),
            ("固定资产投资", "亿元", 5, 30),
            ("注：以上为快报数",),
        ),
        """
            工业总产值 month 2024-06 = 10亿元 @C3
            工业总产值 year-to-date 2024-06 = 60亿元 @D3
            固定资产投资 month 2024-06 = 5亿元 @C7
            固定资产投资 year-to-date 2024-06 = 30亿元 @D7
        """,
    ),
    "months without a year across": Shape(
        (
            ("2024年规模以上工业总产值（亿元）",),
            ("月份", "1-2月", "3月", "4月", "5月", "6月"),
            ("当月", 20, 12, 13, 14, 15),
            ("累计", 20, 32, 45, 59, 74),
            ("累计同比%", 5.1, 6, 6.2, 6.3, 6.5),
        ),
        """
            规模以上工业总产值当月 year-to-date 2024-02 = 20亿元 @B3
            规模以上工业总产值当月 month 2024-03 = 12亿元 @C3
            规模以上工业总产值当月 month 2024-04 = 13亿元 @D3
            规模以上工业总产值当月 month 2024-05 = 14亿元 @E3
            规模以上工业总产值当月 month 2024-06 = 15亿元 @F3
            规模以上工业总产值累计 year-to-date 2024-02 = 20亿元 @B4
            规模以上工业总产值累计 year-to-date 2024-03 = 32亿元 @C4
            规模以上工业总产值累计 year-to-date 2024-04 = 45亿元 @D4
            规模以上工业总产值累计 year-to-date 2024-05 = 59亿元 @E4
            规模以上工业总产值累计 year-to-date 2024-06 = 74亿元 @F4
            规模以上工业总产值累计同比 year-to-date-growth 2024-02 = 5.1% @B5
            规模以上工业总产值累计同比 year-to-date-growth 2024-03 = 6% @C5
            规模以上工业总产值累计同比 year-to-date-growth 2024-04 = 6.2% @D5
            规模以上工业总产值累计同比 year-to-date-growth 2024-05 = 6.3% @E5
            规模以上工业总产值累计同比 year-to-date-growth 2024-06 = 6.5% @F5
        """,
        frozenset({"columns-name-series"}),
    ),
    "months without a year down": Shape(
        (
            ("2024年用电量",),
            ("单位：万千瓦时",),
            ("月份", "全社会用电量", "工业用电量"),
            ("1月", 1000, 600),
            ("2月", 900, 500),
            ("3月", 1100, 700),
            ("上半年", 6000, 4000),
        ),
        """
            全社会用电量 month 2024-01 = 1000万千瓦时 @B4
            全社会用电量 month 2024-02 = 900万千瓦时 @B5
            全社会用电量 month 2024-03 = 1100万千瓦时 @B6
            全社会用电量 year-to-date 2024-06 = 6000万千瓦时 @B7
            工业用电量 month 2024-01 = 600万千瓦时 @C4
            工业用电量 month 2024-02 = 500万千瓦时 @C5
            工业用电量 month 2024-03 = 700万千瓦时 @C6
            工业用电量 year-to-date 2024-06 = 4000万千瓦时 @C7
        """,
        frozenset({"measures-are-stated"}),
    ),
    "quarters and halves down": Shape(
        (
            ("地区生产总值（亿元）",),
            ("时间", "绝对值", "增速%"),
            ("2023年一季度", 100, 5.1),
            ("2023年上半年", 210, 5.3),
            ("2023年前三季度", 320, 5.4),
            ("2023年全年", 450, 5.6),
        ),
        """
            地区生产总值 quarter 2023-03 = 100亿元 @B3
            地区生产总值 year-to-date 2023-06 = 210亿元 @B4
            地区生产总值 year-to-date 2023-09 = 320亿元 @B5
            地区生产总值 year 2023-12 = 450亿元 @B6
            地区生产总值 year-to-date-growth 2023-06 = 5.3% @C4
            地区生产总值 year-to-date-growth 2023-09 = 5.4% @C5
            地区生产总值 year-to-date-growth 2023-12 = 5.6% @C6
        """,
        frozenset({"columns-name-series", "measures-are-stated", "measures-are-used"}),
    ),
    "English months": Shape(
        (
            ("Month", "Exports", "Imports"),
            ("Jan-24", 100, 50),
            ("Feb-24", 90, 45),
            ("Mar-24", 110, 55),
        ),
        """
            Exports month 2024-01 = 100 @B2
            Exports month 2024-02 = 90 @B3
            Exports month 2024-03 = 110 @B4
            Imports month 2024-01 = 50 @C2
            Imports month 2024-02 = 45 @C3
            Imports month 2024-03 = 55 @C4
        """,
        frozenset({"measures-are-stated"}),
        name="表.csv",
    ),
    "months as codes": Shape(
        (
            ("年月", "工业增加值增速(%)", "用电量(亿千瓦时)"),
            (202404, 5.1, 10),
            (202405, 5.3, 11),
            (202406, 5.5, 12),
        ),
        """
            工业增加值增速 month-growth 2024-04 = 5.1% @B2
            工业增加值增速 month-growth 2024-05 = 5.3% @B3
            工业增加值增速 month-growth 2024-06 = 5.5% @B4
            用电量 month 2024-04 = 10亿千瓦时 @C2
            用电量 month 2024-05 = 11亿千瓦时 @C3
            用电量 month 2024-06 = 12亿千瓦时 @C4
        """,
        frozenset({"measures-are-stated"}),
    ),
    "completion of the annual plan": Shape(
        (
            ("××区2024年上半年经济运行主要指标完成情况",),
            ("序号", "指标名称", "单位", "全年目标", "1—6月完成", "完成年度计划%", "同比增长%", "责任单位", "备注"),
            (1, "地区生产总值", "亿元", 450, 215.6, 47.9, 5.8, "区发改委", None),
            (2, "规上工业增加值", "%", 8, 7.9, None, "—", "区工信局", "快于目标"),
            (3, "财政收入", "亿元", 30, 16.1, "53.7%", "6.2%", "区财政局", None),
        ),
        """
            地区生产总值 annual-target 2024-06 = 450亿元 @D3
            地区生产总值 year-to-date 2024-06 = 215.6亿元 @E3
            地区生产总值 completion 2024-06 = 47.9% @F3
            地区生产总值 year-to-date-growth 2024-06 = 5.8% @G3
            规上工业增加值 annual-target 2024-06 = 8% @D4
            规上工业增加值 year-to-date 2024-06 = 7.9% @E4
            规上工业增加值 completion 2024-06 = [blank]% @F4
            规上工业增加值 year-to-date-growth 2024-06 = [no-item]% @G4
            规上工业增加值 remark 2024-06 = [text] @I4
            财政收入 annual-target 2024-06 = 30亿元 @D5
            财政收入 year-to-date 2024-06 = 16.1亿元 @E5
            财政收入 completion 2024-06 = 53.7% @F5
            财政收入 year-to-date-growth 2024-06 = 6.2% @G5
        """,
    ),
    "merged row labels": Shape(
        (
            ("2024年6月分行业用电量",),
            ("行业", None, "本月（万千瓦时）", "同比%", "累计（万千瓦时）", "同比%"),
            ("工业", "采矿业", 100, 1, 600, 2),
            (None, "制造业", 200, 3, 1200, 4),
            ("建筑业", "建筑业", 50, 5, 300, 6),
            ("合计", None, 350, 3, 2100, 4),
        ),
        """
            工业/采矿业 month 2024-06 = 100万千瓦时 @C3
            工业/采矿业 month-growth 2024-06 = 1% @D3
            工业/采矿业 year-to-date 2024-06 = 600万千瓦时 @E3
            工业/采矿业 year-to-date-growth 2024-06 = 2% @F3
            工业/制造业 month 2024-06 = 200万千瓦时 @C4
            工业/制造业 month-growth 2024-06 = 3% @D4
            工业/制造业 year-to-date 2024-06 = 1200万千瓦时 @E4
            工业/制造业 year-to-date-growth 2024-06 = 4% @F4
            建筑业 month 2024-06 = 50万千瓦时 @C5
            建筑业 month-growth 2024-06 = 5% @D5
            建筑业 year-to-date 2024-06 = 300万千瓦时 @E5
            建筑业 year-to-date-growth 2024-06 = 6% @F5
            合计 month 2024-06 = 350万千瓦时 @C6
            合计 month-growth 2024-06 = 3% @D6
            合计 year-to-date 2024-06 = 2100万千瓦时 @E6
            合计 year-to-date-growth 2024-06 = 4% @F6
        """,
        merges=("A2:B2", "A3:A4", "A6:B6"),
    ),
    "balances and their changes": Shape(
        (
            ("2024年6月末金融机构人民币存贷款",),
            ("单位：亿元、%",),
            ("项目", "6月末余额", "比年初增减", "比上年同期增减", "同比增长"),
            ("各项存款余额", 800, 60, 80, 11.1),
            ("各项贷款余额", 700, 70, 90, 14.7),
        ),
        """
            各项存款余额 level 2024-06 = 800亿元 @B4
            各项存款余额 month-growth 2024-06 = 11.1% @E4
            各项贷款余额 level 2024-06 = 700亿元 @B5
            各项贷款余额 month-growth 2024-06 = 14.7% @E5
        """,
        frozenset({"measures-are-used"}),
    ),
    "townships across": Shape(
        (
            ("2024年1—6月分乡镇主要指标",),
            ("指标", "单位", "全区", "三十铺镇", "东桥镇", "高新区"),
            ("规上工业总产值", "亿元", 81.3, 31.3, 1.3, 40),
            ("规上工业总产值增速", "%", 9.1, 8, "—", 10),
            ("期末规上企业数", "家", 160, 50, 10, 80),
        ),
        """
            全区//规上工业总产值 year-to-date 2024-06 = 81.3亿元 @C3
            三十铺镇//规上工业总产值 year-to-date 2024-06 = 31.3亿元 @D3
            东桥镇//规上工业总产值 year-to-date 2024-06 = 1.3亿元 @E3
            高新区//规上工业总产值 year-to-date 2024-06 = 40亿元 @F3
            全区//规上工业总产值增速 year-to-date-growth 2024-06 = 9.1% @C4
            三十铺镇//规上工业总产值增速 year-to-date-growth 2024-06 = 8% @D4
            东桥镇//规上工业总产值增速 year-to-date-growth 2024-06 = [no-item]% @E4
            高新区//规上工业总产值增速 year-to-date-growth 2024-06 = 10% @F4
            全区//期末规上企业数 level 2024-06 = 160家 @C5
            三十铺镇//期末规上企业数 level 2024-06 = 50家 @D5
            东桥镇//期末规上企业数 level 2024-06 = 10家 @E5
            高新区//期末规上企业数 level 2024-06 = 80家 @F5
        """,
    ),
    "full width and blanks in numbers": Shape(
        (
            ("２０２４年１—６月主要指标",),
            ("指标名称（单位）", "１—６月", "同比±％"),
            ("社会消费品零售总额（亿元）", "７５．１", "４．３"),
            ("进出口总额（万美元）", "\xa012 345.6\xa0", "－３．２"),
            ("税收（亿元）", "1,2.5", "(12.3)"),
        ),
        """
            社会消费品零售总额 year-to-date 2024-06 = 75.1亿元 @B3
            社会消费品零售总额 year-to-date-growth 2024-06 = 4.3% @C3
            进出口总额 year-to-date 2024-06 = 12345.6万美元 @B4
            进出口总额 year-to-date-growth 2024-06 = -3.2% @C4
            税收 year-to-date 2024-06 = [text]亿元 @B5
            税收 year-to-date-growth 2024-06 = [text]% @C5
        """,
        frozenset({"numbers-are-numbers"}),
    ),
    "codes beside labels": Shape(
        (
            ("房地产开发投资和销售情况",),
            ("2024年1-6月", None, None, "单位：万元、平方米、%"),
            ("指标名称", "计量单位", "代码", "本年1-6月", "去年同期", "增减(%)"),
            ("房地产开发投资", "万元", "101", 120000, 150000, -20),
            ("  #住宅", "万元", "102", 90000, 110000, -18.2),
            ("商品房销售面积", "平方米", "201", 60000, 80000, -25),
        ),
        """
            房地产开发投资 year-to-date 2024-06 = 120000万元 @D4
            房地产开发投资 last-year 2024-06 = 150000万元 @E4
            房地产开发投资 year-to-date-growth 2024-06 = -20% @F4
            房地产开发投资/住宅 year-to-date 2024-06 = 90000万元 @D5
            房地产开发投资/住宅 last-year 2024-06 = 110000万元 @E5
            房地产开发投资/住宅 year-to-date-growth 2024-06 = -18.2% @F5
            商品房销售面积 year-to-date 2024-06 = 60000平方米 @D6
            商品房销售面积 last-year 2024-06 = 80000平方米 @E6
            商品房销售面积 year-to-date-growth 2024-06 = -25% @F6
        """,
    ),
    "title split over rows": Shape(
        (
            ("六安市金安区统计局",),
            ("规模以上工业企业主要指标",),
            ("2024年6月",),
            (None, None, None, None, "单位：亿元"),
            ("指标", "本月止累计", "去年同期累计", "同比增减", "增幅（%）"),
            ("工业总产值", 81.3, 74.5, 6.8, 9.1),
            ("营业收入", 75, 70, 5, 7.1),
            ("利润总额", -1.2, 0.5, "—", "—"),
        ),
        """
            工业总产值 year-to-date 2024-06 = 81.3亿元 @B6
            工业总产值 last-year 2024-06 = 74.5亿元 @C6
            工业总产值 year-to-date-growth 2024-06 = 9.1% @E6
            营业收入 year-to-date 2024-06 = 75亿元 @B7
            营业收入 last-year 2024-06 = 70亿元 @C7
            营业收入 year-to-date-growth 2024-06 = 7.1% @E7
            利润总额 year-to-date 2024-06 = -1.2亿元 @B8
            利润总额 last-year 2024-06 = 0.5亿元 @C8
            利润总额 year-to-date-growth 2024-06 = [no-item]% @E8
        """,
        frozenset({"measures-are-used"}),
        merges=("A1:E1", "A2:E2", "A3:E3"),
    ),
    "counties with ranks": Shape(
        (
            ("2024年1-6月六安市分县区主要经济指标",),
            ("县  区", "规上工业增加值", "", "固定资产投资", "", "社会消费品零售总额", "", ""),
            ("", "增速(%)", "位次", "增速(%)", "位次", "总量(亿元)", "增速(%)", "位次"),
            ("全  市", 8.1, "", 5.5, "", 600, 4.3, ""),
            ("金安区", 8.5, 2, 6.1, 1, 120, 4.8, 2),
            ("裕安区", 7.9, 4, 5.2, 3, 110, 4.1, 5),
            ("叶集区", "9.0", 1, "-1.2", 7, 30, "5.0", 1),
        ),
        """
            全市//规上工业增加值 year-to-date-growth 2024-06 = 8.1% @B4
            全市//规上工业增加值 rank 2024-06 = [blank]位 @C4
            全市//固定资产投资 year-to-date-growth 2024-06 = 5.5% @D4
            全市//固定资产投资 rank 2024-06 = [blank]位 @E4
            全市//社会消费品零售总额 year-to-date 2024-06 = 600亿元 @F4
            全市//社会消费品零售总额 year-to-date-growth 2024-06 = 4.3% @G4
            全市//社会消费品零售总额 rank 2024-06 = [blank]位 @H4
            金安区//规上工业增加值 year-to-date-growth 2024-06 = 8.5% @B5
            金安区//规上工业增加值 rank 2024-06 = 2位 @C5
            金安区//固定资产投资 year-to-date-growth 2024-06 = 6.1% @D5
            金安区//固定资产投资 rank 2024-06 = 1位 @E5
            金安区//社会消费品零售总额 year-to-date 2024-06 = 120亿元 @F5
            金安区//社会消费品零售总额 year-to-date-growth 2024-06 = 4.8% @G5
            金安区//社会消费品零售总额 rank 2024-06 = 2位 @H5
            裕安区//规上工业增加值 year-to-date-growth 2024-06 = 7.9% @B6
            裕安区//规上工业增加值 rank 2024-06 = 4位 @C6
            裕安区//固定资产投资 year-to-date-growth 2024-06 = 5.2% @D6
            裕安区//固定资产投资 rank 2024-06 = 3位 @E6
            裕安区//社会消费品零售总额 year-to-date 2024-06 = 110亿元 @F6
            裕安区//社会消费品零售总额 year-to-date-growth 2024-06 = 4.1% @G6
            裕安区//社会消费品零售总额 rank 2024-06 = 5位 @H6
            叶集区//规上工业增加值 year-to-date-growth 2024-06 = 9.0% @B7
            叶集区//规上工业增加值 rank 2024-06 = 1位 @C7
            叶集区//固定资产投资 year-to-date-growth 2024-06 = -1.2% @D7
            叶集区//固定资产投资 rank 2024-06 = 7位 @E7
            叶集区//社会消费品零售总额 year-to-date 2024-06 = 30亿元 @F7
            叶集区//社会消费品零售总额 year-to-date-growth 2024-06 = 5.0% @G7
            叶集区//社会消费品零售总额 rank 2024-06 = 1位 @H7
        """,
        merges=("A2:A3", "B2:C2", "D2:E2", "F2:H2"),
    ),
    "years down": Shape(
        (
            ("主要经济指标历年数据",),
            ("年份", "地区生产总值（亿元）", "增速（%）", "财政收入（亿元）"),
            ("2020年", 300, 3.5, 20),
            ("2021年", 340, 8.1, 22),
            ("2022", 360, 3.8, 23),
            ("2023年", 380, 5.6, 25),
        ),
        """
            地区生产总值 year 2020-12 = 300亿元 @B3
            地区生产总值 year 2021-12 = 340亿元 @B4
            地区生产总值 year 2022-12 = 360亿元 @B5
            地区生产总值 year 2023-12 = 380亿元 @B6
            地区生产总值 year-to-date-growth 2020-12 = 3.5% @C3
            地区生产总值 year-to-date-growth 2021-12 = 8.1% @C4
            地区生产总值 year-to-date-growth 2022-12 = 3.8% @C5
            地区生产总值 year-to-date-growth 2023-12 = 5.6% @C6
            财政收入 year 2020-12 = 20亿元 @D3
            财政收入 year 2021-12 = 22亿元 @D4
            财政收入 year 2022-12 = 23亿元 @D5
            财政收入 year 2023-12 = 25亿元 @D6
        """,
    ),
    "years across": Shape(
        (
            ("金安区主要年份国民经济指标",),
            ("指标", "单位", "2020年", "2021年", "2022年", "2023年"),
            ("年末总人口", "万人", 80.1, 80.2, 80, 79.8),
            ("地区生产总值", "亿元", 300, 340, 360, 380),
            ("人均GDP", "元", 37000, 42000, 45000, 47600),
        ),
        """
            年末总人口 level 2020-12 = 80.1万人 @C3
            年末总人口 level 2021-12 = 80.2万人 @D3
            年末总人口 level 2022-12 = 80万人 @E3
            年末总人口 level 2023-12 = 79.8万人 @F3
            地区生产总值 year 2020-12 = 300亿元 @C4
            地区生产总值 year 2021-12 = 340亿元 @D4
            地区生产总值 year 2022-12 = 360亿元 @E4
            地区生产总值 year 2023-12 = 380亿元 @F4
            人均GDP year 2020-12 = 37000元 @C5
            人均GDP year 2021-12 = 42000元 @D5
            人均GDP year 2022-12 = 45000元 @E5
            人均GDP year 2023-12 = 47600元 @F5
        """,
    ),
    "an index is no growth": Shape(
        (
            ("2024年6月居民消费价格指数",),
            ("类别", "环比", "同比", "1-6月平均"),
            ("居民消费价格总指数", 99.8, 100.2, 100.1),
            ("一、食品烟酒", 99.5, 98.1, 97.8),
        ),
        """
            居民消费价格总指数 year-to-date 2024-06 = 100.1 @D3
            食品烟酒 year-to-date 2024-06 = 97.8 @D4
        """,
        frozenset({"indices-are-no-growth", "measures-are-used"}),
    ),
    "last month beside": Shape(
        (
            ("2024年6月规上工业产值",),
            ("指标", "本月", "上月", "上年同月", "环比%", "同比%"),
            ("工业总产值（亿元）", 14.1, 13.5, 13, 4.4, 8.5),
        ),
        """
            工业总产值 month 2024-06 = 14.1亿元 @B3
            工业总产值 last-year 2024-06 = 13亿元 @D3
            工业总产值 month-growth 2024-06 = 8.5% @F3
        """,
        frozenset({"measures-are-used"}),
    ),
    "no year anywhere": Shape(
        (
            ("工业经济运行情况（6月）",),
            ("指标", "单位", "6月", "1-6月", "6月增速", "1-6月增速"),
            ("工业总产值", "亿元", 14.1, 81.3, 8.2, 9.1),
        ),
        """
            工业总产值 month None = 14.1亿元 @C3
            工业总产值 year-to-date None = 81.3亿元 @D3
            工业总产值 month-growth None = 8.2% @E3
            工业总产值 year-to-date-growth None = 9.1% @F3
        """,
        frozenset({"period-is-stated"}),
    ),
    "rates by the title alone": Shape(
        (
            ("2024年6月规上工业分类型增加值增速",),
            ("分  组", "6月", "1—6月"),
            ("总  计", 8.1, 7.9),
            ("按轻重工业分",),
            ("\u3000轻工业", 6, 6.2),
            ("\u3000重工业", 9, 8.8),
            ("按经济类型分",),
            ("\u3000国有企业", 3, "3.1"),
            ("\u3000私营企业", 8, 8.3),
        ),
        """
            总计 month-growth 2024-06 = 8.1% @B3
            总计 year-to-date-growth 2024-06 = 7.9% @C3
            按轻重工业分 month-growth 2024-06 = [blank]% @B4
            按轻重工业分 year-to-date-growth 2024-06 = [blank]% @C4
            按轻重工业分/轻工业 month-growth 2024-06 = 6% @B5
            按轻重工业分/轻工业 year-to-date-growth 2024-06 = 6.2% @C5
            按轻重工业分/重工业 month-growth 2024-06 = 9% @B6
            按轻重工业分/重工业 year-to-date-growth 2024-06 = 8.8% @C6
            按经济类型分 month-growth 2024-06 = [blank]% @B7
            按经济类型分 year-to-date-growth 2024-06 = [blank]% @C7
            按经济类型分/国有企业 month-growth 2024-06 = 3% @B8
            按经济类型分/国有企业 year-to-date-growth 2024-06 = 3.1% @C8
            按经济类型分/私营企业 month-growth 2024-06 = 8% @B9
            按经济类型分/私营企业 year-to-date-growth 2024-06 = 8.3% @C9
        """,
        frozenset({"columns-say-growth"}),
    ),
    "year and month columns": Shape(
        (
            ("年份", "月份", "规上工业总产值(亿元)", "同比(%)"),
            (2023, 11, 12, 5),
            (None, 12, 13, 6),
            (2024, 1, None, None),
            (None, 2, 14, 7),
        ),
        """
            规上工业总产值 month 2023-11 = 12亿元 @C2
            规上工业总产值 month 2023-12 = 13亿元 @C3
            规上工业总产值 month 2024-01 = [blank]亿元 @C4
            规上工业总产值 month 2024-02 = 14亿元 @C5
            规上工业总产值 month-growth 2023-11 = 5% @D2
            规上工业总产值 month-growth 2023-12 = 6% @D3
            规上工业总产值 month-growth 2024-01 = [blank]% @D4
            规上工业总产值 month-growth 2024-02 = 7% @D5
        """,
        frozenset({"measures-are-stated"}),
    ),
    "months as measures": Shape(
        (
            ("2024年各月用电量（万千瓦时）",),
            ("指标", "1月", "2月", "3月", "4月"),
            ("全社会用电量", 100, 90, 110, 105),
            ("工业用电量", 60, 50, 70, 65),
        ),
        """
            全社会用电量 month 2024-01 = 100万千瓦时 @B3
            全社会用电量 month 2024-02 = 90万千瓦时 @C3
            全社会用电量 month 2024-03 = 110万千瓦时 @D3
            全社会用电量 month 2024-04 = 105万千瓦时 @E3
            工业用电量 month 2024-01 = 60万千瓦时 @B4
            工业用电量 month 2024-02 = 50万千瓦时 @C4
            工业用电量 month 2024-03 = 70万千瓦时 @D4
            工业用电量 month 2024-04 = 65万千瓦时 @E4
        """,
    ),
    "a unit nobody knows": Shape(
        (
            ("2024年6月统计",),
            ("指标", "单位", "本月", "累计"),
            ("总产值", "亿圆", 14, 81),
            ("税收", "亿元", 1, 5),
        ),
        """
            总产值 month 2024-06 = 14亿圆 @C3
            总产值 year-to-date 2024-06 = 81亿圆 @D3
            税收 month 2024-06 = 1亿元 @C4
            税收 year-to-date 2024-06 = 5亿元 @D4
        """,
        frozenset({"units-are-usual"}),
    ),
    "townships down, months across": Shape(
        (
            ("2024年分乡镇工业投资（万元）",),
            ("乡镇", "1月", "2月", "3月", "合计"),
            ("东桥镇", 10, 20, 30, 60),
            ("三十铺镇", 11, 21, 31, 63),
        ),
        """
            东桥镇//工业投资 month 2024-01 = 10万元 @B3
            东桥镇//工业投资 month 2024-02 = 20万元 @C3
            东桥镇//工业投资 month 2024-03 = 30万元 @D3
            三十铺镇//工业投资 month 2024-01 = 11万元 @B4
            三十铺镇//工业投资 month 2024-02 = 21万元 @C4
            三十铺镇//工业投资 month 2024-03 = 31万元 @D4
        """,
        frozenset({"columns-name-series", "measures-are-stated", "measures-are-used"}),
    ),
    "blank rows and a blank first column": Shape(
        (
            (),
            ("", "金安区2024年6月主要指标"),
            (),
            ("", "指标", "单位", "本月", "累计"),
            (),
            ("", "总产值", "亿元", 14, 81),
            (),
            ("", "税收", "亿元", 1, 5),
            (),
            ("", "注：快报数"),
        ),
        """
            总产值 month 2024-06 = 14亿元 @D6
            总产值 year-to-date 2024-06 = 81亿元 @E6
            税收 month 2024-06 = 1亿元 @D8
            税收 year-to-date 2024-06 = 5亿元 @E8
        """,
    ),
    "completion by township": Shape(
        (
            ("各镇街2024年上半年固定资产投资完成情况",),
            (None, None, None, None, "单位：亿元"),
            ("镇街", "任务数", "完成数", "完成率", "同比增长", "排名"),
            ("东桥镇", 10, 5, "50%", "3.2%", 1),
            ("合计", 30, 16, "53.3%", "5%", None),
        ),
        """
            东桥镇//固定资产投资 year-to-date 2024-06 = 5亿元 @C4
            东桥镇//固定资产投资 completion 2024-06 = 50% @D4
            东桥镇//固定资产投资 year-to-date-growth 2024-06 = 3.2% @E4
            东桥镇//固定资产投资 rank 2024-06 = 1位 @F4
            合计//固定资产投资 year-to-date 2024-06 = 16亿元 @C5
            合计//固定资产投资 completion 2024-06 = 53.3% @D5
            合计//固定资产投资 year-to-date-growth 2024-06 = 5% @E5
            合计//固定资产投资 rank 2024-06 = [blank]位 @F5
        """,
        frozenset({"columns-name-series", "measures-are-used"}),
    ),
    "indicators down, the township beside each": Shape(
        (
            ("2024年6月情况",),
            ("序号", "指标", "乡镇", "本月", "累计", "同比"),
            (1, "工业投资（亿元）", "三十铺镇", 1, 12, 3.2),
            (2, "工业投资（亿元）", "木厂镇", 2, 13, -1.5),
        ),
        """
            三十铺镇//工业投资 month 2024-06 = 1亿元 @D3
            三十铺镇//工业投资 year-to-date 2024-06 = 12亿元 @E3
            三十铺镇//工业投资 year-to-date-growth 2024-06 = 3.2% @F3
            木厂镇//工业投资 month 2024-06 = 2亿元 @D4
            木厂镇//工业投资 year-to-date 2024-06 = 13亿元 @E4
            木厂镇//工业投资 year-to-date-growth 2024-06 = -1.5% @F4
        """,
    ),
    "townships over several indicators each": Shape(
        (
            ("2024年6月情况",),
            ("乡镇", "指标", "累计（亿元）", "同比%"),
            ("三十铺镇", "工业投资", 12, 3),
            (None, "工业产值", 22, 4),
            ("木厂镇", "工业投资", 13, 5),
        ),
        """
            三十铺镇//工业投资 year-to-date 2024-06 = 12亿元 @C3
            三十铺镇//工业投资 year-to-date-growth 2024-06 = 3% @D3
            三十铺镇//工业产值 year-to-date 2024-06 = 22亿元 @C4
            三十铺镇//工业产值 year-to-date-growth 2024-06 = 4% @D4
            木厂镇//工业投资 year-to-date 2024-06 = 13亿元 @C5
            木厂镇//工业投资 year-to-date-growth 2024-06 = 5% @D5
        """,
    ),
    "areas and indicators down, periods across": Shape(
        (
            ("地区", "指标", "2024年6月", "2024年5月"),
            ("三十铺镇", "工业投资累计（亿元）", 12, 9),
            ("木厂镇", "工业投资累计（亿元）", 22, 18),
        ),
        """
            三十铺镇//工业投资累计 year-to-date 2024-06 = 12亿元 @C2
            三十铺镇//工业投资累计 year-to-date 2024-05 = 9亿元 @D2
            木厂镇//工业投资累计 year-to-date 2024-06 = 22亿元 @C3
            木厂镇//工业投资累计 year-to-date 2024-05 = 18亿元 @D3
        """,
    ),
    "a figure a row, year and month apart": Shape(
        (
            ("年份", "月份", "地区", "指标名称", "计量单位", "数值"),
            (2024, 6, "金安区", "工业总产值累计", "亿元", 89.0),
            (2024, "6月", "三十铺镇", "工业总产值累计同比", "%", 8.2),
            (2024, None, "东桥镇", "工业总产值累计", "亿元", 3.5),
        ),
        """
            金安区//工业总产值累计 year-to-date 2024-06 = 89亿元 @F2
            三十铺镇//工业总产值累计同比 year-to-date-growth 2024-06 = 8.2% @F3
        """,
        frozenset({"periods-are-readable"}),
    ),
    "a figure a row, its measure in a column": Shape(
        (
            ("地区", "指标", "时间", "口径", "单位", "数值"),
            ("金安区", "工业投资", "2024年6月", "累计", "亿元", 12.5),
            ("金安区", "工业投资", "2024年6月", "累计同比", "%", 20.1),
            ("裕安区", "工业投资", "2024年1—6月", "", "亿元", "—"),
        ),
        """
            金安区//工业投资 year-to-date 2024-06 = 12.5亿元 @F2
            金安区//工业投资 year-to-date-growth 2024-06 = 20.1% @F3
            裕安区//工业投资 year-to-date 2024-06 = [no-item]亿元 @F4
        """,
    ),
    "a figure a row, its month in the title": Shape(
        (
            ("2024年6月各镇指标",),
            ("序号", "指标", "乡镇", "数值（亿元）", "备注"),
            (1, "工业投资累计", "三十铺镇", 12.5, "快报数"),
            (2, "工业投资累计", "木厂镇", "#N/A", None),
        ),
        """
            三十铺镇//工业投资累计 year-to-date 2024-06 = 12.5亿元 @D3
            木厂镇//工业投资累计 year-to-date 2024-06 = [error]亿元 @D4
        """,
        frozenset({"no-error-cells"}),
    ),
}


def line(reading: Reading) -> str:
    value = f"{reading.value:f}" if reading.value is not None else f"[{reading.state}]"
    label = "/".join((reading.area, reading.parent, reading.label)).lstrip("/")
    return f"{label} {reading.measure} {reading.period} = {value}{reading.unit} @{reading.cell.ref}"


def contents_of(shape: Shape) -> Contents:
    data = specimens.csv(shape.rows) if shape.name.endswith(".csv") else specimens.xlsx(shape.rows, shape.merges)
    return read(data, shape.name, "v1")


@pytest.mark.parametrize("name", SHAPES)
def test_a_usual_shape_is_read(name: str) -> None:
    shape = SHAPES[name]
    contents = contents_of(shape)
    expected = [one.strip() for one in shape.figures.strip().splitlines()]
    assert [line(reading) for reading in contents.readings] == expected
    assert {doubt.expectation for doubt in contents.doubts} == shape.doubts


@pytest.mark.parametrize("name", SHAPES)
def test_no_number_of_a_usual_shape_is_lost_silently(name: str) -> None:
    contents = contents_of(SHAPES[name])
    read_cells = {reading.cell.ref for reading in contents.readings}
    told = {place.rpartition("》")[2] for doubt in contents.doubts for place in doubt.places}
    columns = {ref.rstrip("0123456789") for ref in told}
    for number, row in enumerate(SHAPES[name].rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not _counts_rows(SHAPES[name], column):
                ref = reference(number - 1, column)
                assert ref in read_cells | told or ref.rstrip("0123456789") in columns, ref


def _counts_rows(shape: Shape, column: int) -> bool:
    """Whether the column's head is 序号, or a period's (年份, 月份), whose numbers are no figures."""
    heads = {row[column] for row in shape.rows if column < len(row)}
    return bool(heads & {"序号", "年月", "年份", "月份"})
