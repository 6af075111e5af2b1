"""What a bulletin says of assessments: nothing more than the figures, and nothing where there's nothing to say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

import pytest

from tests.transforms.builders import (
    JUNE,
    RECEIVED,
    assessment,
    bulletin,
    cell,
    counted,
    district,
    history,
    indicator,
    known,
    observation,
    of_kind,
    plan,
    rate,
    received,
    unpaced,
    unreported,
    words,
)
from transforms.assessments import AreaStanding, AreaTable, Assessment, Status
from transforms.declared.corrections import Corrections
from transforms.declared.plan import Indicator
from transforms.doubts import Doubt, Severity
from transforms.harmonise import harmonise
from transforms.observations import LedgerEntry, Revision
from transforms.periods import Period
from transforms.readings import Measure, Reading, State
from transforms.writing.bulletin import Bulletin, IndicatorRow
from transforms.writing.compose import compose
from transforms.writing.paragraphs import summary_points, unreported_by_unit

LEVEL = of_kind({"kind": "hold", "value": "160"}, "家", "规上工业企业总数", code="firms")
SHARE = of_kind({"kind": "hold", "value": "20"}, "%", "制造业增加值占GDP比重", code="share", frequency="quarterly")
CEILING = of_kind({"kind": "ceiling", "value": "1"}, "%", "担保费率", code="fee", places=2)
CLEAR = of_kind({"kind": "clear"}, "家", "无研发活动企业", code="idle")
FAIRS = of_kind({"kind": "repeat", "value": "2", "every": "quarter"}, "场", "举办招聘会", code="fairs")
PARK = of_kind({"kind": "milestone"}, "项", "建成省级示范园区", code="park")
TITLE = of_kind({"kind": "either", "options": ["获评小巨人", "获评设计中心"]}, "项", "获评国家级称号", code="title")
ABOUT = counted("jobs", name="新增就业岗位", target={"kind": "about", "value": "1500", "tolerance": "75"})
BATCH = counted("firms-new", name="新增规上工业企业", unit="家", path={"kind": "batch", "month": 12})
RANGE = rate("range", name="工业用电量增速", short_name=None, target={"kind": "range", "value": "5.5", "upper": "6"})


def behind_projects(**changes: object) -> Assessment:
    """26 of 50, at 57.0% of last year's way."""
    made = assessment(
        counted(path={"kind": "last-year"}),
        Status.BEHIND,
        verdict="按历史同期进度57.0%判断",
        value=Decimal(20),
        completion=Decimal(40),
        last_year_path=Decimal(57),
        declared_path=Decimal(57),
        gap=Decimal(-17),
        needed=Decimal(30),
        needed_per_month=Decimal(5),
        growth=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def everything() -> tuple[Assessment, ...]:
    """One of every kind and of every status that June can have."""
    return (
        assessment(last_year_path=Decimal("48.75"), history=history(None, "24", "38", "55", "70", "88.96")),
        unpaced(rate(), Status.BEHIND, "8.2", gap=Decimal("-1.8"), gap_unit="百分点", needed=Decimal("1.8"),
                needed_growth=Decimal("11.84"), history=history(None, "9", "9", "9", "7.9", "8.2")),
        behind_projects(remark="项目用地未落实。"),
        assessment(BATCH, Status.NOT_DUE, verdict="12月集中认定，此前不作序时要求", value=Decimal(7),
                   completion=Decimal(14), declared_path=Decimal(0), gap=None, gap_unit="", growth=None),
        assessment(ABOUT, Status.COMPLETED, value=Decimal(1430), completion=Decimal("95.333"), needed=Decimal(0),
                   gap=Decimal("45.3"), growth=None),
        unpaced(LEVEL, Status.SEVERELY_BEHIND, "138", gap=Decimal(-22), gap_unit="家", needed=Decimal(22)),
        unpaced(SHARE, Status.NOT_DUE, "19.4", figure_period=Period(2024, 3), verdict="本期无数据发布安排"),
        unpaced(CEILING, Status.ON_PATH, "0.95", gap=Decimal("0.05"), gap_unit="百分点",
                verdict="年内已报6期均未超过上限"),
        unpaced(CLEAR, Status.BEHIND, "3", gap=Decimal(-3), gap_unit="家", needed=Decimal(3),
                verdict="未清零，尚有3家"),
        unpaced(FAIRS, Status.ON_PATH, "2", gap=Decimal(0), gap_unit="期", verdict="已结束的2个季度中2个季度达标"),
        unpaced(PARK, Status.COMPLETED, None, figure_period=JUNE, verdict="于2024年6月3日完成", cells=(cell(),)),
        unpaced(TITLE, Status.NOT_DUE, None, verdict="期限为2024年12月31日，尚未完成"),
        unpaced(RANGE, Status.AHEAD, "8.1", gap=Decimal("2.6"), gap_unit="百分点", verdict="高于目标区间上限"),
        unreported(counted("robots", name="推广应用工业机器人", reported_by="区科技局")),
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> Bulletin:
    return bulletin(*everything())


def rows(made: Bulletin) -> list[IndicatorRow]:
    return [row for section in made.sections for row in section.rows]


def row(one: Assessment, **changes: object) -> IndicatorRow:
    return rows(bulletin(one, **changes))[0]  # type: ignore[arg-type]


def texts(made: object) -> Iterator[str]:
    """Every text of a bulletin."""
    if isinstance(made, str):
        yield made
    elif isinstance(made, tuple):
        for part in made:
            yield from texts(part)
    elif is_dataclass(made):
        for field in fields(made):
            yield from texts(getattr(made, field.name))


def prose(made: Bulletin) -> str:
    return "\n".join(made.paragraphs)


def december(one: Indicator, status: Status, **changes: object) -> Assessment:
    last = Period(2024, 12)
    return replace(
        assessment(one, status),
        period=last,
        figure_period=last,
        elapsed_path=Decimal(100),
        declared_path=Decimal(100),
        needed_per_month=None,
        **changes,  # type: ignore[arg-type]
    )


# --- What holds of every text -------------------------------------------------------------------


def test_no_text_has_what_official_chinese_forbids(whole: Bulletin) -> None:
    for text in texts(whole):
        assert not re.search(r"负增长|增长[-−]|下降[-−]|。。|，，|；；|（）|《》|None|−0(\.0+)?(?!\d|\.)", text), text
        assert not re.search(r"(于|低于|高于|提高|回落|收窄|扩大)[^，；。（]*\d%个?(?!.{0,12}目标)百分点", text), text
        assert "  " not in text


def test_a_difference_of_percentages_is_in_points(whole: Bulletin) -> None:
    for text in whole.paragraphs:
        for found in re.finditer(r"(快于|慢于|提高|回落|收窄|扩大)[^，。；]*", text):
            assert not found[0].endswith("%"), found[0]


def test_every_indicator_is_in_some_section_with_a_serial_of_its_own(whole: Bulletin) -> None:
    assert [r.code for r in rows(whole)] == [one.indicator.code for one in everything()]
    assert [r.serial for r in rows(whole)] == list(range(1, len(everything()) + 1))
    assert whole.total == len(everything()) == sum(count.count for count in whole.statuses)


def test_every_paragraph_is_whole_sentences(whole: Bulletin) -> None:
    assert 4 <= len(whole.paragraphs) <= 8
    assert all(paragraph.endswith("。") for paragraph in whole.paragraphs)


def test_the_same_arguments_give_the_same_bulletin(whole: Bulletin) -> None:
    assert bulletin(*everything()) == whole


# --- Head ---------------------------------------------------------------------------------------


def test_head(whole: Bulletin) -> None:
    assert whole.title == "关于2024年1—6月全区工业发展要点目标任务完成情况的通报"
    assert whole.number == "金经信通报〔2024〕　号"
    assert whole.subtitle == "（2024年1—6月）"
    assert whole.document == "《金安区2024年度工业发展要点》（金发〔2024〕5号）"
    assert (whole.dated, whole.dated_iso) == ("2024年7月12日", "2024-07-12")
    assert (whole.copies, whole.contact) == ("", "")


def test_dated_by_the_newest_input_that_tells_of_the_time() -> None:
    later = received(moment=RECEIVED + dt.timedelta(days=3))
    of_july = received(Period(2024, 7), RECEIVED + dt.timedelta(days=30))
    made = bulletin(assessment(), inputs=[later, received(), of_july])
    assert made.dated_iso == "2024-07-15"
    assert bulletin(assessment(), inputs=[]).dated_iso == "2024-06-30"


# --- Summary ------------------------------------------------------------------------------------


def test_opening_and_counts(whole: Bulletin) -> None:
    assert whole.paragraphs[0] == (
        "根据《金安区2024年度工业发展要点》（金发〔2024〕5号），现将2024年1—6月全区工业发展要点目标任务完成情况通报如下。"
    )
    assert whole.paragraphs[1] == (
        "纳入通报的14项全年目标中，已完成全年目标的2项，占14.3%；超序时的1项，占7.1%；达到序时的3项，占21.4%；"
        "未达到序时的3项，占21.4%；严重滞后的1项，占7.1%；未到期的3项，占21.4%；未报的1项，占7.1%。"
        "未到期和未报的不作进度评价；在评价的10项中，达到序时及以上的6项，占60.0%。"
    )


def test_headline_of_an_amount_and_a_rate() -> None:
    facts = known(
        observation("output", "8.4", Period(2024, 5), Measure.YEAR_TO_DATE_GROWTH),
        observation("output", "8.7", JUNE, Measure.YEAR_TO_DATE_GROWTH),
    )
    made = bulletin(*everything(), facts=facts, place=district(headline=("output", "value-added")))
    assert made.paragraphs[2] == (
        "1—6月，全区规上工业总产值完成89.0亿元，同比增长8.7%，增速较1—5月提高0.3个百分点，"
        "完成全年170亿元以上目标的52.3%，快于序时进度2.3个百分点，快于历史同期进度3.5个百分点。"
        "规上工业增加值同比增长8.2%，增速较1—5月提高0.3个百分点，但仍低于全年10%以上的目标1.8个百分点。"
    )


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "projects",
            "招引亿元以上工业项目20个，完成全年50个目标的40.0%，慢于历史同期进度17.0个百分点，慢于序时进度10.0个百分点。",
        ),
        ("firms-new", "新增规上工业企业7家，完成全年50家目标的14.0%，12月集中认定，此前不作序时要求。"),
        ("jobs", "新增就业岗位1430个，完成全年1500个左右目标的95.3%，已完成全年目标。"),
        ("firms", "规上工业企业总数6月底为138家，比160家的目标少22家。"),
        ("share", "制造业增加值占GDP比重本期无数据发布安排，3月底为19.4%。"),
        ("fee", "担保费率6月底为0.95%，未超过1%的上限。"),
        ("idle", "无研发活动企业6月底为3家，未清零，尚有3家。"),
        ("fairs", "举办招聘会已结束的2个季度中2个季度达标。"),
        ("park", "建成省级示范园区于2024年6月3日完成。"),
        ("title", "获评国家级称号：期限为2024年12月31日，尚未完成。"),
        ("range", "工业用电量同比增长8.1%，高于全年5.5%～6%的目标区间上限2.1个百分点。"),
        ("robots", "推广应用工业机器人本期应报未报。"),
    ],
)
def test_headline_of_every_kind(code: str, text: str) -> None:
    made = bulletin(*everything(), place=district(headline=(code,)))
    assert made.paragraphs[2] == f"1—6月，全区{text}"


def test_behind_one_path_and_ahead_of_the_other_says_which_counts() -> None:
    one = behind_projects(value=Decimal(26), completion=Decimal(52), gap=Decimal(-5))
    made = bulletin(one, rest())
    assert "慢于历史同期进度5.0个百分点（状态据此判断），快于序时进度2.0个百分点" in made.behind[0].gap


def test_a_first_figure_has_no_change() -> None:
    one = unpaced(rate(), Status.ON_PATH, "10.2", gap=Decimal("0.2"), gap_unit="百分点", history=history(None, "10.2"))
    made = bulletin(replace(one, period=Period(2024, 2), figure_period=Period(2024, 2)), period=Period(2024, 2))
    assert "1—2月，全区规上工业增加值同比增长10.2%，高于全年10%以上的目标0.2个百分点。" in prose(made)


def test_march_is_compared_with_the_first_two_months() -> None:
    march = Period(2024, 3)
    one = unpaced(rate(), Status.ON_PATH, "10.2", gap=Decimal("0.2"), history=history(None, "-1", "10.2"))
    made = bulletin(replace(one, period=march, figure_period=march), period=march)
    assert "增速较1—2月提高11.2个百分点，由负转正" in prose(made)


def test_january() -> None:
    january = Period(2024, 1)
    one = replace(behind_projects(), period=january, figure_period=january, history=history("20"))
    made = bulletin(one, period=january)
    assert made.title == "关于2024年1月全区工业发展要点目标任务完成情况的通报"
    assert "1月，全区招引亿元以上工业项目20个" in prose(made)
    assert "后11个月还需完成30个" in made.behind[0].needed


def test_a_plan_of_one_target_is_told_without_shares() -> None:
    made = bulletin(assessment())
    assert made.paragraphs[1] == "纳入通报的全年目标共1项：规上工业总产值达到序时。"
    assert "占" not in prose(made)
    assert (made.behind, made.behind_lead, made.areas_lead) == ((), "", "")


def test_what_is_behind_is_told_with_what_is_needed() -> None:
    made = bulletin(*everything(), place=district(headline=("output",)))
    assert (
        "严重滞后的有1项：规上工业企业总数为138家，比160家的目标少22家。"
        "未达到序时的有3项：招引亿元以上工业项目（慢于历史同期进度17.0个百分点）；"
        "规上工业增加值增速（低于全年10%以上的目标1.8个百分点）；无研发活动企业（未清零，尚有3家）。"
    ) in prose(made)


def test_what_a_headline_has_told_is_not_told_again() -> None:
    made = bulletin(*everything(), place=district(headline=("value-added",)))
    assert "未达到序时的有3项：规上工业增加值增速，按上年同期水平推算，7—12月增速须达到11.8%以上；" in prose(made)


def test_what_is_done_or_ahead(whole: Bulletin) -> None:
    assert (
        "已完成全年目标的有2项：新增就业岗位、建成省级示范园区；"
        "超序时的有1项：工业用电量增速（高于全年5.5%～6%的目标区间上限2.1个百分点）。"
    ) in prose(whole)


def test_changes_of_status() -> None:
    changed = behind_projects(previous_status=Status.ON_PATH)
    quarterly = unpaced(SHARE, Status.NOT_DUE, None, verdict="本期无数据发布安排", previous_status=Status.ON_PATH)
    same = assessment(previous_status=Status.ON_PATH)
    made = bulletin(changed, quarterly, same)
    assert "与上次评价相比，1项目标状态有变化：招引亿元以上工业项目由达到序时转为未达到序时。" in made.paragraphs
    assert "状态有变化" not in prose(bulletin(same))


def test_unreported_units_are_named_and_never_on_pace(whole: Bulletin) -> None:
    assert whole.paragraphs[-1] == "本期应报未报的数据：区科技局1项。"
    assert whole.unreported == ("区科技局（1项：推广应用工业机器人）",)
    assert rows(whole)[-1].status_word == "未报"


def test_what_the_source_wrote_in_place_of_a_figure_is_told() -> None:
    one = replace(unreported(indicator()), verdict="本期应报未报：来源填“—”（无此项）")
    facts = known(observation("output", None, state=State.NO_ITEM, text="—"))
    made = bulletin(one, facts=facts)
    assert rows(made)[0].actual.text == "—"
    assert made.unreported == ("区统计局（1项：规上工业总产值，来源填“—”）",)


def test_months_without_any_figure_of_the_year_are_told_together() -> None:
    january = Period(2024, 1)
    waiting = [
        replace(unpaced(one, Status.NOT_DUE, "9", figure_period=Period(2023, 12)), period=january)
        for one in (indicator(), rate())
    ]
    made = bulletin(*waiting, period=january)
    assert "1月，全区规上工业总产值、规上工业增加值增速本期无数据发布安排。" in made.paragraphs


def test_changes_of_status_tell_what_got_worse_first_and_name_all_but_the_unreported() -> None:
    moved = [
        assessment(indicator(f"i{at}", name=f"指标{at}", short_name=None), Status.ON_PATH, previous_status=Status.AHEAD)
        for at in range(9)
    ]
    better = replace(moved[0], status=Status.BEHIND, previous_status=Status.SEVERELY_BEHIND)
    worse = behind_projects(previous_status=Status.ON_PATH)
    lost = replace(unreported(counted("robots")), previous_status=Status.ON_PATH)
    told = prose(bulletin(better, worse, lost, *moved[1:8]))
    assert "10项目标状态有变化：招引亿元以上工业项目由达到序时转为未达到序时；指标0由严重滞后转为未达到序时；" in told
    assert told.count("由超序时转为达到序时") == 7
    assert "转为达到序时；1项转为未报。" in told
    assert "；另有指标7、指标8。" in prose(bulletin(better, worse, *moved[1:]))


def test_december_has_no_changes_of_status() -> None:
    one = december(indicator(), Status.MISSED, previous_status=Status.BEHIND)
    assert "状态有变化" not in prose(bulletin(one, period=Period(2024, 12)))


def test_the_first_time_that_something_is_due_is_no_change() -> None:
    assert "状态有变化" not in prose(bulletin(unreported(indicator())))


def test_a_unit_that_has_sent_other_things_is_said_to_have() -> None:
    made = bulletin(unreported(indicator()), facts=known(reporters=("区统计局",)))
    assert made.unreported == ("区统计局（1项：规上工业总产值，已报送其他数据）",)
    assert "达到序时" not in prose(made)


# --- December -----------------------------------------------------------------------------------


def test_december_tells_what_was_missed_and_needs_nothing() -> None:
    one = december(
        indicator(), Status.MISSED, value=Decimal("166.8"), completion=Decimal("98.1176"), gap=Decimal("-1.9"),
        needed=Decimal("3.2"),
    )  # fmt: skip
    made = bulletin(one, rest(), period=Period(2024, 12))
    (behind,) = made.behind
    assert behind.progress == "全年完成166.8亿元，占全年170亿元以上目标的98.1%"
    assert behind.gap == "比全年目标少3.2亿元"
    assert behind.needed == ""
    assert made.title == "关于2024年全区工业发展要点目标任务完成情况的通报"
    assert "2024年，全区规上工业总产值完成166.8亿元" in prose(made)
    assert not any("还需" in text for text in made.paragraphs)


def test_a_missed_target_never_prints_as_a_hundred_percent() -> None:
    one = december(indicator(), Status.MISSED, value=Decimal("169.94"), completion=Decimal("99.9647"))
    assert row(one, period=Period(2024, 12)).completion.text == "99.96%"


# --- Rows ---------------------------------------------------------------------------------------


def test_a_row_of_an_amount() -> None:
    facts = known(
        observation("output", "80.1", JUNE.last_year),
        observation("output", "164.3", Period(2023, 12)),
        observation("output", "8.7", measure=Measure.YEAR_TO_DATE_GROWTH, cells=(cell("D5"),)),
    )
    made = row(assessment(last_year_path=Decimal("48.7523")), facts=facts)
    assert (made.target, made.actual.text, made.growth.text) == ("≥170", "89.0", "8.7%")
    assert made.actual.sources == ("月报.xlsx《主要指标》C5",)
    assert made.growth.sources == ("月报.xlsx《主要指标》D5",)
    assert made.completion.explanation == "完成率＝88.96÷170×100%＝52.3%"
    assert made.elapsed_path.explanation == "序时进度＝6÷12×100%＝50.0%"
    assert made.last_year_path.text == "48.8%"
    assert made.last_year_path.explanation == "历史同期进度＝80.1÷164.3×100%＝48.8%"
    assert (made.gap.text, made.gap_unit) == ("+2.3", "百分点")
    assert made.gap.explanation == "差距＝完成率52.3%－序时进度50.0%＝+2.3个百分点"
    assert made.completion_ratio == pytest.approx(0.5233, abs=1e-4)
    assert made.path_ratio == 0.5


def test_paths_are_printed_for_what_is_pro_rated_only(whole: Bulletin) -> None:
    by_code = {r.code: r for r in rows(whole)}
    for code in ("value-added", "firms", "share", "fee", "idle", "fairs", "park", "title", "range"):
        found = by_code[code]
        assert (found.completion.text, found.elapsed_path.text, found.last_year_path.text) == ("—",) * 3
    assert by_code["firms-new"].elapsed_path.text == "50.0%"
    assert by_code["firms-new"].gap.text == "—"


@pytest.mark.parametrize(
    ("code", "target", "actual", "gap", "period"),
    [
        ("value-added", "≥10", "8.2", "−1.8", ""),
        ("projects", "≥50", "20", "−17.0", ""),
        ("jobs", "1500左右", "1430", "+45.3", ""),
        ("firms", "≥160", "138", "−22", ""),
        ("share", "≥20", "19.4", "—", "3月底"),
        ("fee", "≤1", "0.95", "+0.05", ""),
        ("idle", "清零", "3", "−3", ""),
        ("fairs", "每季度≥2", "2", "0", "二季度"),
        ("park", "完成", "已完成", "—", ""),
        ("title", "完成", "", "—", ""),
        ("range", "5.5～6", "8.1", "+2.6", ""),
        ("robots", "≥50", "", "", ""),
    ],
)
def test_a_row_of_every_kind(whole: Bulletin, code: str, target: str, actual: str, gap: str, period: str) -> None:
    found = next(r for r in rows(whole) if r.code == code)
    assert (found.target, found.actual.text, found.gap.text, found.figure_period) == (target, actual, gap, period)


def test_a_base_of_zero_has_no_share_and_an_unknown_one_is_blank() -> None:
    zero = known(observation("output", "0", JUNE.last_year), observation("output", "0", Period(2023, 12)))
    assert row(assessment(), facts=zero).last_year_path.text == "—"
    assert row(assessment()).last_year_path.text == ""


def test_each_note_is_explained_once() -> None:
    revised = "此数已由来源单位修订，采用最新数"
    made = bulletin(assessment(notes=(revised,)), behind_projects(notes=(revised,)), rest())
    assert [r.marks for r in rows(made)] == [("①",), ("①", "②"), ("③",)]
    assert made.marks == (
        ("①", "此数已由来源单位修订，采用最新数。"),
        ("②", "状态按历史同期进度判断。"),
        ("③", "“左右”未规定幅度，按±75个掌握，达到1425个即为完成。"),
    )


def rest() -> Assessment:
    return next(one for one in everything() if one.indicator.code == "jobs")


# --- Behind, areas, tasks, lists ----------------------------------------------------------------


def test_behind_rows_begin_with_the_gravest(whole: Bulletin) -> None:
    assert [(r.name, r.status_word) for r in whole.behind] == [
        ("规上工业企业总数", "严重滞后"),
        ("招引亿元以上工业项目", "未达到序时"),
        ("规上工业增加值增速", "未达到序时"),
        ("无研发活动企业", "未达到序时"),
    ]
    assert whole.behind_lead == "截至6月底，严重滞后1项、未达到序时3项。各类内按差距由大到小排列，差距以数量计的列后。"
    assert whole.behind[1].progress == "1—6月累计20个，完成全年50个目标的40.0%"
    assert whole.behind[1].remark == "项目用地未落实"


@pytest.mark.parametrize(
    ("one", "needed"),
    [
        (behind_projects(needed=Decimal(13), needed_per_month=Decimal(13) / 6), "后6个月还需完成13个，月均2.2个"),
        (behind_projects(needed=Decimal(2), needed_per_month=Decimal(2) / 6), "后6个月还需完成2个"),
        (
            assessment(status=Status.BEHIND, needed_growth=Decimal("7.26")),
            "后6个月还需完成81.0亿元，月均13.5亿元，按上年同期水平推算须同比增长7.3%以上",
        ),
        (
            assessment(status=Status.BEHIND, needed_growth=Decimal("-3.1")),
            "后6个月还需完成81.0亿元，月均13.5亿元，按上年同期水平推算同比降幅不得超过3.1%",
        ),
        (
            assessment(ABOUT, Status.BEHIND, needed=Decimal(725), needed_per_month=Decimal(725) / 6),
            "按“左右”下限1425个计，后6个月还需完成725个，月均120.8个",
        ),
        (unpaced(rate(), Status.BEHIND, "8.2", needed=Decimal("1.8")), ""),
        # What a level lacks is its gap, which stands before it.
        (unpaced(SHARE, Status.BEHIND, "19.4", needed=Decimal("0.6")), ""),
        (unpaced(CEILING, Status.BEHIND, "1.10"), "须降至1%以下（含本数）"),
        (unpaced(FAIRS, Status.BEHIND, "0", needed=Decimal(2)), "本季度还需完成2场"),
        (unpaced(PARK, Status.BEHIND, None, needed=Decimal(1)), ""),
    ],
)
def test_needed(one: Assessment, needed: str) -> None:
    assert bulletin(one).behind[0].needed == needed


def test_november_has_one_month_left() -> None:
    november = Period(2024, 11)
    one = replace(behind_projects(), period=november, figure_period=november, needed_per_month=Decimal(30))
    assert bulletin(one, period=november).behind[0].needed == "12月还需完成30个"


def table(*values: str | None, kind: str = "township", previous: tuple[int | None, ...] = ()) -> AreaTable:
    """Areas named 甲 to 辛 with figures that are best first; a zero has no rank."""
    shown: list[str | None] = [value for value in values if value not in {None, "0"}]
    standings = tuple(
        AreaStanding(
            area=f"{name}镇",
            value=None if value is None else Decimal(value),
            growth=None,
            rank=shown.index(value) + 1 if value in shown else None,
            tied=shown.count(value) > 1,
            previous_rank=before,
        )
        for name, value, before in zip("甲乙丙丁戊己庚辛", values, previous or (None,) * len(values), strict=False)
    )
    return AreaTable(indicator(), kind, standings, 1)


def test_areas_first_and_last() -> None:
    made = bulletin(assessment(), tables=(table("9", "5", "5", None, previous=(2, 1, None, None)),))
    assert (
        "分区域看，规上工业总产值：有数据的3个乡镇（街道）中，甲镇（9.0亿元）居第1位，较上月上升1位，"
        "乙镇、丙镇均为5.0亿元，并列第2位。"
    ) in made.paragraphs
    (section,) = made.areas
    assert [(r.rank, r.value.text, r.movement) for r in section.rows] == [
        ("1", "9.0", "上升1位"),
        ("2（并列）", "5.0", "下降1位"),
        ("2（并列）", "5.0", "—"),
        ("—", "", "—"),
    ]
    assert section.note == "注：丁镇数据未报，不参与排名。"
    assert (section.title, section.value_head) == ("规上工业总产值（乡镇、街道）", "1—6月累计")


def test_an_area_keeps_the_sign_that_its_source_wrote() -> None:
    no_item = [
        observation("output", None, measure=measure, area="丁镇", state=State.NO_ITEM, text="—")
        for measure in (Measure.YEAR_TO_DATE, Measure.YEAR_TO_DATE_GROWTH)
    ]
    made = bulletin(assessment(), tables=(table("9", "5", None, None),), facts=known(*no_item))
    assert [(r.value.text, r.growth.text) for r in made.areas[0].rows[2:]] == [("", ""), ("—", "—")]
    assert made.areas[0].note == "注：丙镇数据未报；丁镇无此项数据，不参与排名。"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (("5", "5"), "分区域看，规上工业总产值：2个乡镇（街道）均为5.0亿元。"),
        (("5",), ""),
        ((None, None), ""),
        (("9", "0", "0", "0", "0"), "甲镇（9.0亿元）居第1位，4个乡镇（街道）为0.0亿元。"),
        (
            ("9", "1", "1", "1", "1"),
            "甲镇（9.0亿元）居第1位，乙镇、丙镇、丁镇等4个乡镇（街道）均为1.0亿元，并列第2位。",
        ),
        (("9", "0", "0"), "甲镇（9.0亿元）居第1位，乙镇、丙镇均为0.0亿元。"),
        (("9", "0"), "甲镇（9.0亿元）居第1位，乙镇为0.0亿元。"),
        (("0", "0"), "分区域看，规上工业总产值：2个乡镇（街道）均为0.0亿元。"),
    ],
)
def test_areas_at_their_edges(values: tuple[str | None, ...], words: str) -> None:
    made = bulletin(assessment(), tables=(table(*values),))
    assert words in prose(made)
    assert ("分区域看" in prose(made)) == bool(words)


def test_where_no_area_has_any_none_has_a_place_and_each_keeps_its_row() -> None:
    (section,) = bulletin(assessment(), tables=(table("0", "0", previous=(None, None)),)).areas
    assert [(r.rank, r.value.text, r.movement) for r in section.rows] == [("—", "0.0", "—")] * 2
    assert section.note == "注：各乡镇（街道）均为0亿元，不排位次。"  # Naming them would leave the table empty.


def test_tasks_have_their_units_own_words() -> None:
    tasks = [
        {
            "code": "talks",
            "task": "定期召开恳谈会",
            "section": "all",
            "clause": "一",
            "quote": "召开",
            "reported_by": "区政府办",
        },
        {
            "code": "green",
            "task": "绿色制造",
            "section": "all",
            "clause": "一",
            "quote": "绿色",
            "reported_by": "区经信局",
        },
        {"code": "other", "task": "其他", "section": "all", "clause": "一", "quote": "其他", "reported_by": "区经信局"},
    ]
    facts = known(words("talks", "召开恳谈会1次"), words("green", "已启动", Period(2024, 5)))
    made = bulletin(assessment(), of=plan(qualitative=tasks), facts=facts)
    assert [(t.unit, t.progress) for t in made.tasks] == [
        ("区政府办", "召开恳谈会1次"),
        ("区经信局", "（5月报送）已启动"),
        ("区经信局", ""),
    ]


def test_a_remark_under_a_tasks_label_reaches_the_bulletin() -> None:
    task = {
        "code": "talks", "task": "定期召开恳谈会", "section": "all", "clause": "一", "quote": "召开",
        "reported_by": "区政府办", "labels": ["民营企业家恳谈会"],
    }  # fmt: skip
    of = plan(qualitative=[task])
    came = received()
    said = Reading("民营企业家恳谈会", "", JUNE, Measure.REMARK, None, "", cell("D9"), "召开1次", State.TEXT)
    table = replace(came.contents.tables[0], readings=(said,))
    came = replace(came, contents=replace(came.contents, tables=(table,)))
    facts = harmonise([came], of, district(), Corrections(), JUNE)
    assert bulletin(assessment(), of=of, facts=facts).tasks[0].progress == "召开1次"


def test_counted_rows_are_listed_with_their_cell() -> None:
    entry = LedgerEntry("projects", "年产万套零部件项目", "甲镇", "2024-03-05", "1.5", cell("B7"))
    made = bulletin(behind_projects(), facts=known(entries=(entry,)))
    (listed,) = made.counted
    assert listed.title == "招引亿元以上工业项目"
    assert listed.rows[0].source == "月报.xlsx《主要指标》B7"


# --- Notes --------------------------------------------------------------------------------------


def test_method_tells_what_the_plan_calls_for(whole: Bulletin) -> None:
    told = "\n".join(whole.method)
    assert "本期为6÷12×100%＝50.0%" in told
    assert "高于应达进度5个百分点及以上的为超序时" in told
    assert "低10个百分点及以上的为严重滞后" in told
    assert "新增就业岗位按±75个掌握，达到1425个即为完成" in told
    assert "部分数据因四舍五入的原因，存在总计与分项合计不等的情况。" in told
    assert "制造业增加值占GDP比重按季报送" in told
    assert all(text.endswith("。") for text in whole.method)
    small = "\n".join(bulletin(unpaced(rate(first_month=2, price_basis="可比价"), Status.ON_PATH, "10.2")).method)
    assert not re.search("左右|完成率|台账", small)
    assert "规上工业增加值增速的1月、2月数据合并发布，每年第一期为1—2月" in small
    assert "规上工业增加值增速按可比价计算。" in small


def test_quality_has_doubts_and_corrections_but_no_records() -> None:
    doubt = Doubt("sum", Severity.WARNING, "工业投资", "合计不符", "合计相符", "与来源单位核对", ("月报.xlsx《表》B3",))
    record = replace(doubt, severity=Severity.INFO)
    corrected = observation("output", "88.96", corrected="原表为889.6，漏点小数点；依据：区统计局电话确认")
    rule = {
        "label": "规模以上工业总产值", "period": "2024-06", "measure": "year-to-date", "found": "889.6",
        "corrected": "88.96", "reason": "漏点小数点", "authority": "区统计局电话确认", "until": "2024-12-31",
    }  # fmt: skip
    made = bulletin(
        assessment(),
        doubts=[doubt, record],
        facts=known(corrected),
        corrections=Corrections.model_validate({"corrections": [rule]}),
    )
    assert [(r.subject, r.found, r.treatment) for r in made.quality] == [
        ("工业投资", "合计不符；应为：合计相符", "与来源单位核对"),
        (
            "规模以上工业总产值（累计，2024年6月）",
            "原表为889.6，漏点小数点；依据：区统计局电话确认",
            "按更正值88.96亿元采用，更正有效期至2024年12月31日",
        ),
    ]


def test_what_a_unit_owes_is_one_row_without_orders_to_an_operator() -> None:
    owed = [
        Doubt("figure-present", Severity.WARNING, f"{name}2024年6月", "未收到", "有数字", "催报", ("区科技局",), JUNE)
        for name in ("甲项目", "乙项目")
    ]
    file = Doubt(
        "expected-file-came", Severity.WARNING, "报送表", "未收到报送表", "报送", "再运行", ("区科技局",), JUNE
    )
    made = bulletin(assessment(), doubts=[file, *owed])
    assert [(r.subject, r.place, r.found) for r in made.quality] == [
        ("报送表", "区科技局", "未收到报送表"),
        ("指标数据（2024年6月）", "区科技局", "应报而未收到数据2项：甲项目、乙项目"),
    ]
    assert not any("运行" in r.treatment for r in made.quality)


def test_revisions_have_both_figures_with_their_cells() -> None:
    revision = Revision(
        "output", "甲镇", Period(2024, 5), Measure.YEAR_TO_DATE, Decimal("41.3"), Decimal("40.9"), "亿元",
        cell("C5"), cell("C6"), RECEIVED,
    )  # fmt: skip
    ranked = (table("40.9", "1"),)
    (made,) = bulletin(assessment(), facts=known(revisions=(revision,)), tables=ranked).revisions
    assert (made.name, made.period) == ("规模以上工业总产值（甲镇，累计）", "2024年5月")
    assert (made.old.text, made.new.text, made.unit) == ("41.3", "40.9", "亿元")
    assert made.new.sources == ("月报.xlsx《主要指标》C6",)
    assert made.reason == "来源单位重新报送（2024年7月12日收到）"
    august = bulletin(assessment(), facts=known(revisions=(revision,)), tables=ranked, period=Period(2024, 8))
    assert august.revisions == ()
    assert bulletin(assessment(), facts=known(revisions=(revision,))).revisions == ()  # It prints no area.


def test_sources_are_the_files_that_figures_were_taken_from() -> None:
    unused = received(workbook="其他.xlsx")
    unused = replace(unused, contents=replace(unused.contents, vintage="cd" * 32))
    made = bulletin(assessment(), facts=known(observation("output", "88.96")), inputs=[received(), unused])
    assert [(s.workbook, s.reporter, s.period, s.received) for s in made.sources] == [
        ("月报.xlsx", "区统计局", "2024年6月", "2024-07-12 09:30")
    ]


def test_a_bulletin_made_as_of_a_moment_says_so() -> None:
    moment = dt.datetime(2024, 6, 30, 23, 59, tzinfo=dt.UTC)
    one = assessment()
    made = compose(plan(one.indicator), district(), JUNE, (one,), (), known(), (), Corrections(), (), moment)
    assert made.method[0] == "本件按截至2024年6月30日收到的数据编制，此后收到的报表和修订未计入。"


# --- The page's summary -------------------------------------------------------------------------


def test_the_summary_says_in_labelled_points_what_its_figures_do_not() -> None:
    made = bulletin(*everything())
    labels = [point.label for point in made.summary]
    assert labels == [label for label in ("总体", "领先", "滞后", "变化", "未报") if label in labels]
    assert labels[0] == "总体"
    assert all(point.text.endswith("。") for point in made.summary)
    behind = next(point.text for point in made.summary if point.label == "滞后")
    assert all(row.name in behind for row in made.behind[:1])


def test_a_finished_year_is_summed_up_by_what_was_completed() -> None:
    labels = [point.label for point in summary_points(Period(2024, 12), everything())]
    assert labels[:3] == ["总体", "完成", "未完成"]


def test_the_headline_is_the_district_s_and_else_the_first_section_s() -> None:
    assert bulletin(*everything(), place=district(headline=("value-added", "no-such"))).headline == ("value-added",)
    whole = bulletin(*everything(), place=district(headline=()))
    assert whole.headline
    assert set(whole.headline) <= {row.code for row in whole.sections[0].rows}


def test_a_month_without_a_figure_has_one_point() -> None:
    made = bulletin(unpaced(indicator(), Status.NOT_DUE, None))
    assert [point.label for point in made.summary] == ["总体"]


def test_a_missing_count_is_asked_of_the_ledgers_sender() -> None:
    from_ledger = assessment(status=Status.NOT_REPORTED, sender="区招商创业中心")
    typed = assessment(status=Status.NOT_REPORTED)
    assert {unit: len(owed) for unit, owed in unreported_by_unit([from_ledger, typed]).items()} == {
        "区招商创业中心": 1,
        typed.indicator.reported_by: 1,
    }
