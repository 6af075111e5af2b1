"""A full-sized bulletin of invented figures, with all that a spreadsheet can do to a page, rendered once a session."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flows.render import render_html, render_pdf, render_xlsx
from tests.render.pages import ATTACHED
from tests.render.specimen_histories import specimen_area_histories, specimen_histories
from transforms.assessments import Assessment, Status
from transforms.declared.plan import Indicator
from transforms.figures import printed
from transforms.periods import Period
from transforms.readings import Cell
from transforms.writing.bulletin import (
    AreaRow,
    AreaSection,
    BehindRow,
    Bulletin,
    Commentary,
    CountedList,
    CountedPart,
    CountedRow,
    Figure,
    IndicatorRow,
    QualityRow,
    RevisionRow,
    SectionTable,
    SourceRow,
    StatusCount,
    SummaryPoint,
    TaskRow,
)
from transforms.writing.editions import Edition

ROOT = Path(__file__).resolve().parents[2]
PERIOD = Period(2024, 6)
HASH = "3f0c9a51be774d02a6617e4f5cb2d8e90a1b2c3d4e5f60718293a4b5c6d7e8f9"
HOSTILE = "<script>alert(1)</script>=1+1犇鑫㙍䶮堃喆（六安）智能制造有限公司"
NAMES = (
    "规模以上工业总产值",
    "规模以上工业增加值增速",
    "新增规模以上工业企业",
    "规模以上工业企业总数",
    "战略性新兴产业产值占规模以上工业总产值比重",
    "亿元以上工业项目新开工个数（其中：5亿元以上项目）",
    "融资担保平均担保费率",
    "开展“专精特新”企业培育及数字化改造专题对接活动场次",
    "建成省级数字化转型示范园区",
    "“酷豆丁”获评国家级专精特新“小巨人”企业或成功申报国家级工业设计中心",
)
SECTIONS = (
    ("一、工业经济稳中求进", 12),
    ("二、项目建设提速增效", 11),
    ("三、创新驱动、数字赋能", 12),
    ("四、企业梯度培育", 9),
    ("五、要素保障与营商环境优化", 8),
)
STATUSES = tuple(Status)
AREAS = 60


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The folder of fonts that make setup fetches."""
    folder = Path(os.environ.get("YUEBAO_FONTS", ROOT / ".fonts"))
    if not (folder / "fonts.conf").is_file():
        pytest.fail(f"no fonts in {folder}: run make setup", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def bulletin() -> Bulletin:
    """52 indicators, 60 areas, 18 behind."""
    return full_bulletin()


@pytest.fixture(scope="session")
def plain() -> Bulletin:
    """The shortest bulletin."""
    return plain_bulletin()


@pytest.fixture(scope="session")
def assessments(bulletin: Bulletin) -> tuple[Assessment, ...]:
    """One assessment to each row of the bulletin."""
    return tuple(_assessment(row) for section in bulletin.sections for row in section.rows)


@pytest.fixture(scope="session")
def pdf(bulletin: Bulletin, fonts: Path) -> bytes:
    """The bulletin as PDF."""
    return render_pdf(bulletin, "tongbao", fonts, ATTACHED)


@pytest.fixture(scope="session")
def html(bulletin: Bulletin) -> str:
    """The bulletin as HTML."""
    return render_html(bulletin, "tongbao")


@pytest.fixture(scope="session")
def xlsx(bulletin: Bulletin, assessments: tuple[Assessment, ...]) -> bytes:
    """The bulletin as a workbook."""
    return render_xlsx(bulletin, assessments)


def full_bulletin() -> Bulletin:
    """What the fixture gives; a second process builds the same."""
    sections = _sections()
    rows = [row for section in sections for row in section.rows]
    behind = [row for row in rows if row.status in (Status.SEVERELY_BEHIND, Status.BEHIND)]
    behind.sort(key=lambda row: row.status != Status.SEVERELY_BEHIND)
    return Bulletin(
        district_id="specimen",
        district="金安区",
        region="全区",
        period=PERIOD,
        demonstration=True,
        organ="金安区经济和信息化局",
        edition=Edition(number=6),
        number="金经信通报〔2024〕6号",
        title="金安区经济和信息化局关于2024年1—6月全区工业发展要点目标任务完成情况的通报",
        subtitle="（2024年1—6月）",
        addressees="各乡镇人民政府、街道办事处，区直有关单位，各园区管委会：",
        copies="区委办公室，区人大常委会办公室，区政府办公室，区政协办公室，区纪委监委，市经济和信息化局。",
        contact="联系人：区经济和信息化局运行监测股，电话：0564—3260000",
        dated="2024年7月15日",
        dated_iso="2024-07-15",
        paragraphs=(
            "根据《金安区2024年度工业发展要点》（金发〔2024〕5号），现将2024年1—6月全区工业发展要点目标任务完成情况通报如下。",
            "1—6月，全区规模以上工业总产值完成88.32亿元，同比增长9.6%，完成年度目标的52.0%，快于序时进度2.0个百分点；"
            "规模以上工业增加值同比增长8.2%，低于年度目标1.8个百分点；新增规模以上工业企业9家，完成年度目标的36.0%，"
            "慢于序时进度14.0个百分点；㙍山矿业、䶮辉电子、犇鑫新材、堃源机械、喆盛科技等5家企业产值同比下降8.92%，降幅收窄。",
            "总的看，52项年度目标中，26项达到或快于序时进度，占50.0%；19项滞后；7项本月未到期或未报送。",
        ),
        commentaries=tuple(
            Commentary(
                f"section-{at}",
                title,
                (
                    f"本部分共{count}项目标。规模以上工业总产值完成88.32亿元，快于序时进度2.0个百分点，增速较1—5月提高0.8个百分点。",
                    "新增规模以上工业企业9家，慢于序时进度14.0个百分点，后6个月还需完成16家，月均2.7家；企业多在年底集中申报。",
                ),
            )
            for at, (title, count) in enumerate(SECTIONS)
        ),
        summary=(
            SummaryPoint("总体", "纳入通报的52项全年目标中，26项达到或快于序时进度，占50.0%。"),
            SummaryPoint("滞后", "严重滞后的有6项：规上工业总产值，后6个月还需完成87.9亿元，月均14.6亿元。"),
            SummaryPoint("未报", "本期应报未报的数据：区科技局3项；区市场监管局1项。"),
        ),
        headline=tuple(f"specimen-{at}" for at in range(1, 7)),
        statuses=tuple(_status_count(status, rows) for status in STATUSES),
        total=len(rows),
        sections=sections,
        behind=tuple(_behind(row, at) for at, row in enumerate(behind)),
        behind_lead=f"截至6月底，共有{len(behind)}项指标滞后于序时进度，其中严重滞后的按差距由大到小列在前面。",
        areas=(_areas(), _small_areas()),
        areas_lead="以下按各乡镇（街道）、园区报送数排名，数值相同的并列。",
        histories=specimen_histories(sections, PERIOD),
        area_histories=specimen_area_histories((_areas(), _small_areas()), PERIOD),
        tasks=(
            TaskRow(
                "定期召开重点企业恳谈会，协调解决生产经营中的困难和问题",
                "区经信局",
                "6月召开恳谈会1次，参会企业23家，收集问题17件，已办结15件。",
            ),
            TaskRow(
                "推动“标准地”改革提质扩面",
                "区自然资源和规划分局、区投创中心",
                "上半年新出让工业用地4宗，全部按“标准地”方式出让。",
            ),
            TaskRow("落实产业链“链长制”", "区发展改革委", ""),
        ),
        unreported=(
            "区科技局（3项：高新技术企业数、研发投入强度、技术合同成交额）",
            "区市场监管局（1项：新增有效发明专利数）",
        ),
        marks=(
            ("①", "此数已由来源单位修订，采用最新数。"),
            ("②", "历史同期进度按上年公布数推算，与快报口径略有差异。"),
        ),
        method=(
            "序时进度＝已过月数÷12，本期为50.0%。历史同期进度＝上年同期累计数÷上年全年数。完成率＝累计完成数÷年度目标。",
            "差距＝完成率（或实际值）－应达到的进度（或目标值），正数表示快于、负数表示慢于；以百分点或指标本身单位计。",
            "状态按印出的位数判定；部分数据因四舍五入的原因，存在总计与分项合计不等的情况。“—”表示无该项，“…”表示不足最小单位，空格表示不详。",
        ),
        quality=tuple(
            QualityRow(
                f"规模以上工业总产值（{at}）",
                f"金安区2024年1—6月工业经济运行监测月报表.xlsx《主要指标》D{at + 4}",
                f"表内完成率{at}2.0%与按累计数重算的{at}3.1%不一致",
                "以累计数重算的结果为准，已告知报送单位核实",
            )
            for at in range(1, 7)
        ),
        revisions=(
            RevisionRow(
                "工业投资增速",
                "2024年1—5月",
                _figure("12.3"),
                _figure("11.8"),
                "%",
                "固定资产投资数据质量核查后核减2个项目",
            ),
            RevisionRow("新增规模以上工业企业", "2024年1—5月", _figure("8"), _figure("7"), "家", "1家企业退库"),
        ),
        revisions_lead="与金经信通报〔2024〕5号所载相比，2项数据有变化，均以本期为准。",
        counted=(
            CountedList(
                "亿元以上工业项目新开工清单",
                tuple(_counted(at) for at in range(1, 41)),
                "据“亿元以上工业项目台账”逐行计数，“总投资”1亿元以上",
                (CountedPart("①", "新开工5亿元以上项目", 4), CountedPart("②", "新开工10亿元以上项目", 1)),
            ),
            CountedList("新增规模以上工业企业名单", tuple(_counted(at) for at in range(41, 50))),
        ),
        sources=tuple(
            SourceRow(
                f"金安区2024年1—6月工业经济运行监测月报表（{at}）.xlsx",
                "区统计局" if at % 2 else "区经济和信息化局运行监测股",
                "2024年1—6月",
                f"2024-07-{at:02d} 09:30",
                _hash(at),
            )
            for at in range(1, 13)
        ),
        document="《金安区2024年度工业发展要点》（金发〔2024〕5号）",
    )


def plain_bulletin() -> Bulletin:
    """The shortest bulletin: real, one indicator on pace, nothing behind, no areas, tasks, lists or doubts."""
    full = full_bulletin()
    section = full.sections[0]
    row = replace(section.rows[0], status=Status.ON_PATH, status_word="达到序时", marks=())
    return replace(
        full,
        demonstration=False,
        copies="",
        contact="",
        revisions_lead="",
        sections=(SectionTable(section.title, (row,)),),
        statuses=(StatusCount(Status.ON_PATH, "达到序时", 1, "100.0%", (row.name,)),),
        total=1,
        behind=(),
        behind_lead="",
        headline=(row.code,),
        areas=(),
        areas_lead="",
        histories=specimen_histories((SectionTable(section.title, (row,)),), PERIOD),
        area_histories=(),
        tasks=(),
        unreported=(),
        marks=(),
        quality=(),
        revisions=(),
        counted=(),
    )


def _figure(text: str) -> Figure:
    return Figure(text, ("金安区2024年1—6月工业经济运行监测月报表.xlsx《主要指标》D7",), vintages=(_hash(3),))


def _hash(at: int) -> str:
    return HASH[at:] + HASH[:at]


def _sections() -> tuple[SectionTable, ...]:
    made, serial = [], 0
    for title, count in SECTIONS:
        rows = []
        for _ in range(count):
            serial += 1
            rows.append(_row(serial))
        made.append(SectionTable(title, tuple(rows)))
    return tuple(made)


def _row(serial: int) -> IndicatorRow:
    status = STATUSES[serial % len(STATUSES)]
    completion = Decimal(serial * 37 % 1200) / 10
    reported = status is not Status.NOT_REPORTED
    gap = completion - 50
    return IndicatorRow(
        code=f"specimen-{serial}",
        serial=serial,
        name=f"{NAMES[serial % len(NAMES)]}{serial:02d}",
        unit=("亿元", "家", "%", "个", "场次")[serial % 5],
        target=("≥170", "1500左右", "5.5～6", "每季度≥2", "完成")[serial % 5],
        actual=_figure(f"{serial * 3}.{serial % 10}") if reported else Figure(""),
        figure_period="1—3月" if serial % 13 == 0 else "",
        growth=_figure("−8.92%") if serial % 3 else Figure("—"),
        completion=Figure(f"{completion:.1f}%", explanation="累计完成数÷年度目标") if reported else Figure("—"),
        elapsed_path=Figure("50.0%", explanation="6÷12"),
        last_year_path=Figure("48.7%") if serial % 2 else Figure("—"),
        gap=Figure(printed(gap, 1) if gap < 0 else f"+{printed(gap, 1)}") if reported else Figure("—"),
        gap_unit="百分点" if reported else "",
        status=status,
        status_word=status.chinese,
        verdict="完成率慢于序时进度8.0个百分点",
        lead_units=("区经信局",) if serial % 4 else ("区自然资源和规划分局", "区投资创业中心"),
        marks=("①",) if serial % 11 == 0 else (),
        completion_ratio=float(completion / 100) if reported else None,
        path_ratio=0.5,
    )


def _status_count(status: Status, rows: list[IndicatorRow]) -> StatusCount:
    of_status = [row for row in rows if row.status is status]
    share = printed(Decimal(len(of_status)) * 100 / len(rows), 1)
    return StatusCount(status, status.chinese, len(of_status), f"{share}%", tuple(r.name for r in of_status))


def _behind(row: IndicatorRow, at: int) -> BehindRow:
    return BehindRow(
        code=row.code,
        name=row.name,
        status=row.status,
        status_word=row.status_word,
        progress=f"截至6月底{row.actual.text}{row.unit}，完成年度目标的{row.completion.text}",
        gap="慢于序时进度8.0个百分点",
        needed="后6个月月均需完成4.0个",
        lead_units=row.lead_units,
        cooperating_units=("区发展改革委", "区财政局") if at % 3 == 0 else (),
        remark="受市场需求不足影响，部分企业订单减少；下步将加强调度，确保三季度末达到序时" if at % 2 == 0 else "",
    )


def _areas() -> AreaSection:
    rows = tuple(
        AreaRow(
            rank=f"{at}" if at not in (7, 8) else "7（并列）",
            area=f"㙍山堃泽镇（喆溪街道）第{at}工业集中区" if at % 9 == 0 else f"三十铺镇{at}",
            value=_figure(f"{(AREAS + 1 - at) * 7}.{at % 10}"),
            growth=_figure(f"{at}.1%"),
            movement=("上升2位", "下降1位", "持平", "—")[at % 4],
        )
        for at in range(1, AREAS + 1)
    )
    return AreaSection("规模以上工业总产值", "亿元", "1—6月累计", rows, True, "注：未报送的区域不参与排名。")


def _small_areas() -> AreaSection:
    rows = tuple(AreaRow(f"{at}", f"开发区{at}", _figure(f"{9 - at}"), Figure("—"), "持平") for at in range(1, 6))
    return AreaSection("新开工亿元以上工业项目", "个", "1—6月累计", rows, False)


def _counted(at: int) -> CountedRow:
    return CountedRow(
        name=HOSTILE if at == 3 else f"年产{at}万套智能装备关键零部件生产线建设项目",
        area="三十铺镇",
        date=f"2024-{at % 6 + 1:02d}-15",
        amount=f"{at}.50",
        source=f"亿元以上工业项目台账.xlsx《台账》第{at + 3}行",
        marks={5: "①②", 7: "①"}.get(at, ""),
    )


def _assessment(row: IndicatorRow) -> Assessment:
    indicator = Indicator.model_validate(
        {
            "code": row.code,
            "name": row.name,
            "section": "one",
            "unit": row.unit,
            "target": {"kind": "reach", "value": "170"},
            "clause": "一",
            "quote": "达到170",
            "path": {"kind": "elapsed"},
            "lead_units": row.lead_units,
            "units_basis": "分工方案",
            "reported_by": "区经信局",
            "labels": (row.name,),
        }
    )
    reported = row.status is not Status.NOT_REPORTED
    return Assessment(
        indicator=indicator,
        period=PERIOD,
        status=row.status,
        verdict=row.verdict,
        value=Decimal("88.325") if reported else None,
        figure_period=PERIOD if reported else None,
        completion=Decimal("88.325") / Decimal(170) * 100 if reported else None,
        elapsed_path=Decimal(50),
        declared_path=Decimal(50),
        gap=Decimal("1.955882352941176") if reported else None,
        gap_unit="百分点",
        needed=Decimal("81.675") if reported else None,
        needed_per_month=Decimal("13.6125") if reported else None,
        cells=(Cell(HASH, "月报表.xlsx", "主要指标", "D7"),) if reported else (),
    )
