"""The commentary on a section: every pattern of a sentence at its edges, and no fact told twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.transforms.builders import (
    JUNE,
    assessment,
    bulletin,
    counted,
    history,
    indicator,
    known,
    observation,
    of_kind,
    rate,
    unpaced,
    unreported,
)
from transforms.assessments import AreaStanding, AreaTable, Assessment, Status
from transforms.declared.plan import Indicator
from transforms.observations import Observation
from transforms.periods import Period
from transforms.readings import Measure

DECEMBER = Period(2024, 12)
BATCH = {"kind": "batch", "month": 12}
LEVEL = of_kind({"kind": "hold", "value": "160"}, "家", "规上工业企业总数", code="firms")
CEILING = of_kind({"kind": "ceiling", "value": "1"}, "%", "担保费率", code="fee", places=2)
CLEAR = of_kind({"kind": "clear"}, "家", "无研发活动企业", code="idle")
PARK = of_kind({"kind": "milestone"}, "项", "建成省级示范园区", code="park")


def told(*of: Assessment, facts: tuple[Observation, ...] = (), tables: tuple[AreaTable, ...] = ()) -> str:
    """The one section's text."""
    made = bulletin(*of, facts=known(*facts), period=of[0].period, tables=tables)
    (commentary,) = made.commentaries
    return "\n".join(commentary.paragraphs)


def growth_of(code: str, value: str, period: Period) -> Observation:
    return observation(code, value, period, Measure.YEAR_TO_DATE_GROWTH)


def behind(of: Indicator | None = None, value: str = "20", **changes: object) -> Assessment:
    """20 of 50 in June, by 序时进度."""
    completion = Decimal(value) * 2
    gap = completion - 50
    made = assessment(
        of or counted(),
        Status.SEVERELY_BEHIND if gap <= -10 else Status.BEHIND,
        value=Decimal(value),
        completion=completion,
        gap=gap,
        needed=50 - Decimal(value),
        needed_per_month=(50 - Decimal(value)) / 6,
        growth=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def kept(at: int, status: Status = Status.ON_PATH, value: str = "26") -> Assessment:
    of = counted(f"kept-{at}", name=f"项目{'甲乙丙丁戊己庚辛'[at]}")
    number = Decimal(value)
    return assessment(of, status, value=number, completion=number * 2, gap=number * 2 - 50, growth=None)


# --- Headline -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "headline"),
    [
        ((kept(0), kept(1)), "2项目标全部达到序时及以上。"),
        ((behind(value="24"), kept(1)), "2项目标中，达到序时及以上1项、未达到序时1项。"),
        ((behind(value="24"), behind(counted("b", name="别的"), "24")), "2项目标均未达到序时。"),
        ((behind(), behind(counted("b", name="别的"))), "2项目标均严重滞后。"),
        (
            (behind(), behind(counted("b", name="别的"), "24")),
            "2项目标均落后于进度要求，其中未达到序时1项、严重滞后1项。",
        ),
        ((kept(0), unreported(counted("robots", name="机器人"))), "2项目标中，本期评价1项，达到序时。"),
        (
            (kept(0), kept(1), unreported(counted("robots", name="机器人"))),
            "3项目标中，本期评价2项，全部达到序时及以上。",
        ),
        (
            (kept(0), behind(value="24"), unreported(counted("robots", name="机器人"))),
            "3项目标中，本期评价2项：达到序时及以上1项、未达到序时1项。",
        ),
        (
            tuple(unreported(counted(code, name=f"{code}数")) for code in ("one", "two")),
            "2项目标本期均未报。",
        ),
        (
            (
                unreported(counted("one", name="机器人")),
                unpaced(PARK, Status.NOT_DUE, None, verdict="期限为2024年12月31日，尚未报告进展"),
            ),
            "2项目标中，未到期1项、未报1项。",
        ),
    ],
)
def test_headline(of: tuple[Assessment, ...], headline: str) -> None:
    assert told(*of).startswith(headline)


def test_a_section_of_one_target_counts_nothing() -> None:
    assert told(kept(0)) == "项目甲26个，完成全年50个目标的52.0%，快于序时进度2.0个百分点。"


@pytest.mark.parametrize(
    ("statuses", "headline"),
    [
        ((Status.COMPLETED, Status.COMPLETED), "2项目标全部完成：项目甲（26个，为全年目标的52.0%）、项目乙（"),
        ((Status.MISSED, Status.MISSED), "2项目标均未完成。"),
        ((Status.COMPLETED, Status.MISSED), "2项目标中，完成1项、未完成1项。"),
    ],
)
def test_headline_of_december(statuses: tuple[Status, ...], headline: str) -> None:
    of = [replace(kept(at, status), period=DECEMBER, figure_period=DECEMBER) for at, status in enumerate(statuses)]
    assert told(*of).startswith(headline)


def test_a_section_without_indicators_has_no_commentary() -> None:
    assert [one.section for one in bulletin(kept(0)).commentaries] == ["all"]


# --- What keeps its path ------------------------------------------------------------------------


def test_a_few_are_told_each_and_more_are_listed_with_their_figures() -> None:
    few = told(*(kept(at) for at in range(4)))
    assert few.count("快于序时进度2.0个百分点。") == 4
    many = told(*(kept(at) for at in range(5)))
    assert "项目丁（26个，快于序时进度2.0个百分点）、项目戊（26个，快于序时进度2.0个百分点）也达到序时。" in many


def test_headline_indicators_come_first_then_what_is_ahead() -> None:
    text = told(kept(0), kept(1, Status.AHEAD, "40"))
    assert text.index("项目乙40个") < text.index("项目甲26个")


def test_what_is_reached_is_told_with_how_much_of_the_target_that_is() -> None:
    over = replace(kept(0, Status.COMPLETED, "52"), printed_gap=None)
    just = replace(kept(1, Status.COMPLETED, "50"), printed_gap=None)
    assert "项目甲（52个，为全年目标的104.0%）、项目乙（50个）已提前完成全年目标。" in told(over, just)
    done = unpaced(PARK, Status.COMPLETED, None, figure_period=JUNE, verdict="于2024年6月3日完成")
    assert told(done) == "建成省级示范园区已完成全年目标。"


def test_what_is_reached_within_a_tolerance_says_so() -> None:
    of = counted("jobs", name="新增就业岗位", target={"kind": "about", "value": "1500", "tolerance": "75"})
    one = assessment(of, Status.COMPLETED, value=Decimal(1430), completion=Decimal("95.3"), gap=None, growth=None)
    assert told(one) == "新增就业岗位（1430个，在“左右”的允许幅度内）已提前完成全年目标。"


def test_a_limit_that_was_once_broken_is_told_so() -> None:
    verdict = "本期未超过上限，年内2月曾超限"
    one = unpaced(CEILING, Status.ON_PATH, "0.95", gap=Decimal("0.05"), gap_unit="百分点", verdict=verdict)
    assert told(one) == "担保费率6月底为0.95%，未超过1%的上限，年内2月曾超限。"


# --- What is behind -----------------------------------------------------------------------------


def test_a_gap_is_told_with_what_is_needed_beside_what_was_done() -> None:
    assert told(behind()) == (
        "招引亿元以上工业项目20个，完成全年50个目标的40.0%，慢于序时进度10.0个百分点；"
        "后6个月还需完成30个，月均5个（前6个月月均3.3个）。"
    )


@pytest.mark.parametrize(
    ("may", "words"),
    [
        ("18", "，差距较5月底扩大4.3个百分点；"),  # 36.0−41.7＝−5.7
        ("15", "，差距较5月底收窄1.7个百分点；"),  # 30.0−41.7＝−11.7
        ("0", "，差距较5月底收窄31.7个百分点；"),
        ("21", "个百分点；"),  # It wasn't behind then.
        (None, "个百分点；"),
    ],
)
def test_how_a_gap_has_moved(may: str | None, words: str) -> None:
    text = told(behind(history=history(None, None, None, None, may, "20")))
    assert words in text
    assert ("差距" in text) == ("差距" in words)


def test_a_gap_to_two_paths_has_moved_to_the_one_that_counts() -> None:
    past = history(None, None, None, None, "18", "20")
    # In May 历史同期进度 may have been another one than 序时进度: to that the gap may have moved the other way.
    text = told(behind(last_year_path=Decimal(50), history=past))
    assert "比序时进度和历史同期进度均慢10.0个百分点，与序时进度的差距较5月底扩大4.3个百分点；" in text


def test_a_gap_that_has_not_moved() -> None:
    # 30.8−41.7＝−10.9 in May; 39.1−50.0＝−10.9 in June.
    of = counted(target={"kind": "reach", "value": "1000"})
    one = behind(of, completion=Decimal("39.1"), history=history(None, None, None, None, "308", "391"))
    one = replace(one, value=Decimal(391), gap=Decimal("-10.9"), printed_gap=Decimal("-10.9"))
    assert "差距与5月底持平" in told(one)


def test_january_has_nothing_to_compare_with() -> None:
    january = Period(2024, 1)
    one = behind(period=january, figure_period=january, history=history("20"))
    assert not any(word in told(one) for word in ("较", "持平", "前1个月"))


def test_nothing_done_is_told_without_a_share_and_a_growth() -> None:
    one = behind(value="0", needed=Decimal(50), needed_per_month=Decimal(50) / 6)
    assert told(one).startswith("招引亿元以上工业项目暂为0个，慢于序时进度50.0个百分点；后6个月还需完成50个")
    assert "前6个月" not in told(one)


@pytest.mark.parametrize(
    ("now", "before", "status", "words"),
    [
        ("4.6", "-3.2", Status.SEVERELY_BEHIND, "同比增长4.6%，增速较1—5月提高7.8个百分点，由负转正，但仍低于"),
        ("-1.0", "3.0", Status.SEVERELY_BEHIND, "同比下降1.0%，增速较1—5月回落4.0个百分点，由正转负，低于"),
        ("-3.0", "-5.5", Status.SEVERELY_BEHIND, "同比下降3.0%，降幅较1—5月收窄2.5个百分点，但仍低于"),
        ("-5.5", "-3.0", Status.SEVERELY_BEHIND, "同比下降5.5%，降幅较1—5月扩大2.5个百分点，低于"),
        ("8.0", "8.0", Status.BEHIND, "同比增长8.0%，增速与1—5月持平，低于"),
        ("0", "1.0", Status.BEHIND, "同比持平，增速较1—5月回落1.0个百分点，低于"),
        ("11.0", "12.0", Status.ON_PATH, "同比增长11.0%，增速较1—5月回落1.0个百分点，但仍高于"),
        ("12.0", "11.0", Status.ON_PATH, "同比增长12.0%，增速较1—5月提高1.0个百分点，高于"),
        ("10.0", "12.0", Status.ON_PATH, "同比增长10.0%，增速较1—5月回落2.0个百分点，与全年10%以上的目标持平"),
    ],
)
def test_a_rate_beside_what_it_was(now: str, before: str, status: Status, words: str) -> None:
    one = unpaced(
        rate(),
        status,
        now,
        gap=Decimal(now) - 10,
        gap_unit="百分点",
        history=history(None, None, None, None, before, now),
    )
    assert f"规上工业增加值{words}" in told(one)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("138", "136", "6月底为138家，较5月底增加2家，但仍比160家的目标少22家"),
        ("138", "139", "6月底为138家，较5月底减少1家，比160家的目标少22家"),
        ("160", "160", "6月底为160家，与160家的目标持平"),
        ("138", None, "6月底为138家，比160家的目标少22家"),
    ],
)
def test_a_level_beside_what_it_was(now: str, before: str | None, words: str) -> None:
    status = Status.ON_PATH if now == "160" else Status.BEHIND
    past = history(None, None, None, None, before, now)
    one = unpaced(LEVEL, status, now, gap=Decimal(now) - 160, gap_unit="家", history=past)
    assert f"规上工业企业总数{words}。" in told(one)


def test_a_share_of_what_flows_stands_in_its_quarters() -> None:
    of = of_kind(
        {"kind": "hold", "value": "20"},
        "%",
        "制造业增加值占GDP比重",
        code="share",
        frequency="quarterly",
        price_basis="现价",
    )
    past = history(None, None, "18.6", None, None, "19.2")
    one = unpaced(of, Status.BEHIND, "19.2", gap=Decimal("-0.8"), gap_unit="百分点", history=past)
    assert told(one) == "制造业增加值占GDP比重上半年为19.2%，较一季度提高0.6个百分点，但仍低于20%的目标0.8个百分点。"


def test_behind_the_path_that_counts_and_ahead_of_the_other() -> None:
    one = assessment(status=Status.BEHIND, completion=Decimal("48.3"), last_year_path=Decimal(48), gap=Decimal("-1.7"))
    assert "慢于序时进度1.7个百分点，但快于历史同期进度0.3个百分点" in told(one)
    assert "状态据此判断" not in told(one)


def test_which_of_several_is_severely_behind_is_said_and_of_one_it_is_not() -> None:
    assert "慢于序时进度10.0个百分点，属严重滞后；" in told(behind(), behind(counted("b", name="别的"), "24"))
    assert "属严重滞后" not in told(behind(), kept(1))


def test_a_rate_that_an_amount_has_told_is_not_told_again() -> None:
    amount = assessment(
        indicator(name="财政收入", short_name=None), Status.BEHIND, completion=Decimal(48), gap=Decimal(-2),
        growth=Decimal("-2.8"),
    )  # fmt: skip
    of = rate(name="财政收入增速", short_name="财政收入")
    echo = unpaced(of, Status.SEVERELY_BEHIND, "-2.8", gap=Decimal("-12.8"), gap_unit="百分点", needed=Decimal(1),
                   needed_growth=Decimal("10.8"))  # fmt: skip
    text = told(echo, amount)
    assert text.count("2.8%") == 1
    assert text.endswith("财政收入增速低于全年10%以上的目标12.8个百分点，属严重滞后。")
    assert "按上年同期水平推算，7—12月" not in text


def test_what_was_cleared_and_came_back_is_told_once() -> None:
    one = unpaced(CLEAR, Status.BEHIND, "2", gap=Decimal(-2), needed=Decimal(2), verdict="3月曾清零后反弹，现有2家")
    assert told(one) == "无研发活动企业：3月曾清零后反弹，现有2家。"


def test_december_needs_nothing_and_says_what_is_missing() -> None:
    one = replace(
        behind(value="47"), status=Status.MISSED, period=DECEMBER, figure_period=DECEMBER, elapsed_path=Decimal(100),
        declared_path=Decimal(100), needed_per_month=None, printed_gap=Decimal(-6),
        history=(*history(*[None] * 10, "40"),),
    )  # fmt: skip
    assert told(one) == "招引亿元以上工业项目47个，较11月底增加7个，占全年50个目标的94.0%，比全年目标少3个。"


# --- What waits ---------------------------------------------------------------------------------


def waiting(code: str, name: str, value: str, **changes: object) -> Assessment:
    of = counted(code, name=name, path=BATCH)
    made = assessment(
        of, Status.NOT_DUE, verdict="12月集中认定，此前不作序时要求", value=Decimal(value), gap=None, gap_unit="",
        completion=Decimal(value) * 2, declared_path=Decimal(0), growth=None,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_what_is_recognised_in_a_batch() -> None:
    past = history(None, None, None, None, "6", "7")
    alone = told(waiting("firms-new", "新增企业", "7", history=past))
    assert alone == "新增企业7个（占全年目标的14.0%，较5月底增加1个），12月集中认定，此前不作进度要求。"
    none = told(waiting("firms-new", "新增企业", "0"))
    assert none == "新增企业暂为零，12月集中认定，此前不作进度要求。"
    three = told(waiting("a", "甲类", "7"), waiting("b", "乙类", "0"), waiting("c", "丙类", "0"))
    assert "12月集中认定、此前不作进度要求的目标中，甲类7个（占全年目标的14.0%）；乙类、丙类均暂为零。" in three


def test_what_is_to_be_done_by_a_day() -> None:
    one = unpaced(PARK, Status.NOT_DUE, None, figure_period=JUNE, verdict="期限为2024年12月31日，尚未完成")
    assert told(one) == "建成省级示范园区尚未完成，期限为12月31日。"
    told_of = replace(one, remark="主体施工。已封顶。")
    assert told(told_of) == "建成省级示范园区（区统计局：主体施工；已封顶）尚未完成，期限为12月31日。"
    silent = replace(one, figure_period=None, verdict="期限为2024年12月31日，尚未报告进展")
    assert told(silent) == "建成省级示范园区尚未报告进展，期限为12月31日。"
    other = replace(one, indicator=of_kind({"kind": "milestone"}, "项", "建成孵化器", code="hub"))
    assert "建成省级示范园区、建成孵化器均尚未完成，期限为12月31日。" in told(one, other)


def test_what_has_no_figure_this_month() -> None:
    share = of_kind({"kind": "hold", "value": "60"}, "%", "推行比例", code="share", frequency="quarterly")
    none = unpaced(share, Status.NOT_DUE, None, verdict="本期无数据发布安排")
    assert told(none) == "推行比例本期无数据发布安排。"
    verdict = "本期无数据发布安排，最近一期为2024年3月"
    march = unpaced(share, Status.NOT_DUE, "53.6", figure_period=Period(2024, 3), verdict=verdict)
    assert told(march) == "推行比例3月底为53.6%，本期无新数据发布。"
    last_year = replace(march, figure_period=Period(2023, 12), verdict="本期无数据发布安排，最近一期为2023年12月")
    assert told(last_year) == "推行比例本期无数据发布安排。"


def test_what_nothing_is_asked_of_yet_is_told_together() -> None:
    nothing = [
        assessment(
            counted(code, name=name), Status.NOT_DUE, verdict="按历史同期进度本期尚无进度要求", value=Decimal(0),
            completion=Decimal(0), declared_path=Decimal(0), gap=Decimal(0), growth=None,
        )
        for code, name in (("a", "甲类"), ("b", "乙类"))
    ]  # fmt: skip
    assert told(nothing[0]) == "甲类暂为零，按历史同期进度本期尚无进度要求。"
    assert "甲类、乙类均暂为零，按历史同期进度本期尚无进度要求。" in told(*nothing)
    land = of_kind({"kind": "hold", "value": "100"}, "%", "标准地占比", code="land")
    none = unpaced(land, Status.NOT_DUE, None, verdict="本期无此项（来源填“—”）")
    assert told(none) == "标准地占比本期无此项（来源填“—”）。"


def test_a_task_of_the_running_year_is_told_with_its_target() -> None:
    of = of_kind({"kind": "repeat", "value": "2", "every": "year"}, "场", "举办直训", code="training")
    once = unpaced(of, Status.NOT_DUE, "1", verdict="本期尚在进行")
    assert told(once) == "举办直训已完成1场，目标为每年不少于2场。"
    assert told(replace(once, value=Decimal(0))) == "举办直训尚未开展，目标为每年不少于2场。"


def test_what_is_owed_is_told_by_unit() -> None:
    robots = unreported(counted("robots", name="机器人", reported_by="区科技局"))
    advisers = unreported(counted("advisers", name="顾问", reported_by="区科技局"))
    assert told(robots) == "区科技局应报未报机器人。"
    assert "区科技局应报未报2项，分别是机器人、顾问。" in told(robots, advisers)


# --- What has changed ---------------------------------------------------------------------------


def test_changes_of_status_are_told_together_the_worse_first() -> None:
    better = replace(kept(0), previous_status=Status.BEHIND)
    again = replace(kept(1), previous_status=Status.BEHIND)
    worse = behind(previous_status=Status.ON_PATH)
    assert told(better, again, worse).endswith(
        "与上次评价相比，招引亿元以上工业项目由达到序时转为严重滞后；项目甲、项目乙由未达到序时转为达到序时。"
    )
    assert "与上次评价" not in told(replace(kept(0), previous_status=Status.ON_PATH))
    assert "与上次评价" not in told(kept(0))


def places(*moves: tuple[str, int, int | None, str]) -> AreaTable:
    standings = [
        AreaStanding(area, Decimal(value), None, rank, tied=False, previous_rank=before)
        for area, rank, before, value in moves
    ]
    return AreaTable(counted("kept-0"), "township", tuple(standings), 0)


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        (
            (("甲镇", 1, 3, "9"), ("乙镇", 2, 1, "8"), ("丙镇", 3, 2, "7"), ("丁镇", 4, 4, "6")),
            "上升最多的是甲镇（上升2位，居第1位），下降的有乙镇、丙镇（均下降1位）",
        ),
        ((("甲镇", 1, 2, "9"), ("乙镇", 2, 1, "8"), ("丙镇", 3, 3, "7"), ("丁镇", 4, 4, "6")),
         "上升的有甲镇（上升1位，居第1位），下降的有乙镇（下降1位，居第2位）"),
        ((("甲镇", 1, 1, "9"), ("乙镇", 2, 2, "8"), ("丙镇", 3, 3, "7"), ("丁镇", 4, 4, "6")), ""),
        ((("甲镇", 1, None, "9"), ("乙镇", 2, None, "8"), ("丙镇", 3, None, "7"), ("丁镇", 4, None, "6")), ""),
        ((("甲镇", 1, 2, "9"), ("乙镇", 2, 1, "8"), ("丙镇", 3, 3, "7")), ""),  # Too few to speak of moves.
    ],
)  # fmt: skip
def test_how_ranks_have_moved(moves: tuple[tuple[str, int, int | None, str], ...], words: str) -> None:
    text = told(kept(0), tables=(places(*moves),))
    assert (f"从位次变化看，招引亿元以上工业项目{words}。" if words else "") in text
    assert bool(words) == ("位次" in text)


# --- The unit's own words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        ("项目用地未落实。", "据区统计局反映，项目用地未落实。"),
        (
            "已完成20个，仅为目标的40.0%。主要原因：一是缺地；二是缺钱。",
            "据区统计局反映，主要原因：一是缺地；二是缺钱。",
        ),
        ("截至本月20个，其中5个未备案", "据区统计局反映，其中5个未备案。"),
        ("累计20个。", ""),
        ("累计20个，未达目标", ""),
        ("一是雨多；二是20个项目设备未到；三是缺电", "据区统计局反映，一是雨多；二是20个项目设备未到；三是缺电。"),
        ("缺20个", "据区统计局反映，缺20个。"),
        ("20个未落地，推迟到下半年", "据区统计局反映，20个未落地，推迟到下半年。"),
        ("尚未完成年度任务。缺地", "据区统计局反映，缺地。"),
        ("因20个项目缺地，进度慢", "据区统计局反映，因20个项目缺地，进度慢。"),
        (
            "20个上年签约的重点项目至今仍未能办完用地审批手续",
            "据区统计局反映，20个上年签约的重点项目至今仍未能办完用地审批手续。",
        ),
        ("上月25个", "据区统计局反映，上月25个。"),
        (" 缺地 \n缺钱 ", "据区统计局反映，缺地缺钱。"),
        ("", ""),
        ("一" * 100 + "。" + "二" * 100, f"据区统计局反映，{'一' * 100}。"),
        ("一" * 300, f"据区统计局反映，{'一' * 300}。"),
    ],
)
def test_a_reason_adds_to_the_figures_and_never_repeats_them(remark: str, words: str) -> None:
    text = told(behind(remark=remark))
    assert text.endswith(f"（前6个月月均3.3个）。{words}")


def test_a_share_that_a_unit_gives_with_more_digits_is_a_repetition_too() -> None:
    one = behind(completion=Decimal("40.04"), remark="完成率40.04%，缺地。")
    assert told(one).endswith("据区统计局反映，缺地。")
