"""What a unit's notice holds it to: its own rows of the bulletin, and nothing that the bulletin doesn't say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from tests.transforms.builders import assessment, bulletin, counted, district, known, of_kind, plan, unpaced, unreported
from tests.transforms.builders import words as told_words
from transforms.assessments import Assessment, Status
from transforms.declared.district import District
from transforms.declared.plan import Plan
from transforms.doubts import Doubt, Severity
from transforms.periods import Period
from transforms.writing.editions import Edition
from transforms.writing.notices import Notice, Notices, notices

JUNE = Period(2024, 6)
TALKS = "召开恳谈会"
TASK = {"code": "talks", "task": TALKS, "section": "all", "clause": "三", "quote": TALKS, "reported_by": "区科技局"}
DEED = of_kind({"kind": "milestone", "due": "2024-08-31"}, "项", "建成示范园区", code="park", lead_units=("区科技局",))


def behind(code: str = "projects", **changes: Any) -> Assessment:
    """26 of 50, led by 区科技局, reported by 区统计局, with 区财政局 cooperating."""
    of = counted(code, **{"lead_units": ("区科技局",), "cooperating_units": ("区财政局",), **changes})
    return assessment(
        of,
        Status.BEHIND,
        value=Decimal(20),
        completion=Decimal(40),
        gap=Decimal(-10),
        needed=Decimal(30),
        needed_per_month=Decimal(5),
        remark="设备未到货。",
    )


def place(**declared: Any) -> District:
    made = district().model_dump(exclude_none=True)
    made["units"] = [{"name": name} for name in ("区统计局", "区科技局", "区财政局")]
    return District.model_validate({**made, "notices": declared})


def arranged(
    *assessments: Assessment, of: Plan | None = None, at: District | None = None, doubts: Sequence[Doubt] = ()
) -> Notices:
    of, at = of or plan(*(one.indicator for one in assessments)), at or place()
    return notices(bulletin(*assessments, of=of, place=at, doubts=doubts), of, at, assessments, doubts)


def only(made: Notices) -> Notice:
    [notice] = made.addressed
    return notice


def test_a_shortfall_is_told_in_the_bulletins_words() -> None:
    one = behind()
    notice = only(arranged(one))
    [row] = bulletin(one, place=place()).behind
    [shortfall] = notice.behind
    assert notice.unit == "区科技局"
    assert shortfall.row == row
    assert shortfall.told == f"{row.progress}，{row.gap}；{row.needed}"
    assert "后6个月还需完成30个，月均5个" in shortfall.told
    assert shortfall.explained_by == "区统计局"
    assert notice.leading == "你单位牵头的目标共1项：未达到序时的1项，占100.0%。"
    assert notice.reply == ("招引亿元以上工业项目",)


def test_the_units_own_remark_is_called_its_own() -> None:
    assert only(arranged(behind(reported_by="区科技局"))).behind[0].explained_by == "本单位"


def test_who_only_cooperates_gets_none_and_the_reason_is_told() -> None:
    made = arranged(behind())
    assert [(one.unit, one.why) for one in made.unaddressed] == [
        ("区统计局", "没有滞后、未报和近期到期的事项"),
        ("区财政局", "只作配合单位，由牵头单位督促"),
    ]


def test_who_reports_something_is_reminded_of_what_it_cooperates_on() -> None:
    ahead = assessment(counted("firms", name="新增企业", lead_units=("区科技局",), cooperating_units=("区统计局",)))
    made = arranged(behind(cooperating_units=("区统计局",)), ahead)
    reminded = next(one for one in made.addressed if one.unit == "区统计局")
    assert [row.code for row in reminded.shared] == ["projects"]
    assert reminded.shared_rest == "其余配合的1项目标：达到序时1项。"
    assert reminded.behind == () == reminded.indicators
    assert reminded.reply == ()
    assert reminded.asked == "请主动配合牵头单位，抓紧推进以上事项。"


def test_a_unit_on_pace_gets_none() -> None:
    made = arranged(assessment(counted(lead_units=("区科技局",), reported_by="区科技局")))
    assert made.addressed == ()
    assert [one.unit for one in made.unaddressed] == ["区科技局"]


def test_what_is_unreported_goes_to_who_reports_it_with_the_form_and_the_day() -> None:
    missing = unreported(counted(lead_units=("区科技局",), reported_by="区统计局"))
    made = arranged(missing, at=place(report_by=14, reply_within=7))
    notice = only(made)
    assert notice.unit == "区统计局"
    [unsent] = notice.unsent
    assert (unsent.form, unsent.names) == ("任务进展报送表", ("招引亿元以上工业项目",))
    assert notice.report_by == "2024年7月14日"
    assert "并于2024年7月19日前反馈回执" in notice.asked
    assert notice.reply == ("补报《任务进展报送表》",)


def test_without_declared_days_none_is_made_up() -> None:
    notice = only(arranged(unreported(counted(reported_by="区统计局"))))
    assert (notice.report_by, notice.number) == ("", "")
    assert notice.asked == "请抓紧补报未报送的数据和进展，并及时反馈回执（加盖公章）。"


def test_a_missed_table_is_told_even_if_no_figure_of_it_is() -> None:
    at = place()
    at = at.model_copy(
        update={"expected": District.model_validate(
            {**at.model_dump(exclude_none=True), "expected": [{"title": "工业项目台账", "reporter": "区科技局"}]}
        ).expected}
    )  # fmt: skip
    doubt = Doubt(
        "expected-file-came",
        Severity.WARNING,
        "工业项目台账（2024年6月）",
        "未收到",
        "报送",
        "催报",
        ("区科技局",),
        JUNE,
    )
    on_pace = assessment(counted(lead_units=("区科技局",)))
    [unsent] = only(arranged(on_pace, at=at, doubts=(doubt,))).unsent
    assert (unsent.form, unsent.names) == ("工业项目台账", ())
    earlier = replace(doubt, period=Period(2024, 5))
    assert arranged(on_pace, at=at, doubts=(earlier,)).addressed == ()


@pytest.mark.parametrize(
    ("due", "standing"),
    [("2024-08-31", "距期限还有50天"), ("2024-07-12", "今日到期"), ("2024-07-02", "已逾期10天"), ("2024-12-31", None)],
)
def test_a_deed_due_soon_is_told_with_its_days(due: str, standing: str | None) -> None:
    deed = unpaced(
        of_kind({"kind": "milestone", "due": due}, "项", "建成示范园区", code="park", lead_units=("区科技局",)),
        Status.NOT_DUE,
        None,
    )
    made = arranged(deed)
    assert [one.standing for notice in made.addressed for one in notice.deeds] == ([standing] if standing else [])


def test_a_deed_that_is_done_is_not_told() -> None:
    assert arranged(unpaced(DEED, Status.COMPLETED, None)).addressed == ()


def test_tasks_are_listed_and_silence_about_one_is_a_matter() -> None:
    of = plan(qualitative=(TASK,))
    fine = assessment()
    silent = notices(bulletin(fine, of=of, place=place()), of, place(), (fine,), ())
    assert silent.addressed[0].late_tasks[0].progress == ""
    assert silent.addressed[0].reply == ("补报定性任务进展",)
    told = bulletin(fine, of=of, place=place(), facts=known(told_words("talks", "开了2次")))
    assert notices(told, of, place(), (fine,), ()).addressed == ()
    stale = replace(told, tasks=(replace(told.tasks[0], progress="（5月报送）开了1次", is_late=True),))
    [late] = notices(stale, of, place(), (fine,), ()).addressed
    assert [row.progress for row in late.late_tasks] == ["（5月报送）开了1次"]
    assert late.reply == ("补报定性任务进展",)


def test_a_notice_counts_its_notes_from_one() -> None:
    ours, theirs = behind(), behind("posts", lead_units=("区财政局",))
    of = plan(ours.indicator, theirs.indicator)
    made = bulletin(ours, theirs, of=of, place=place())
    signs = {"posts": ("①",), "projects": ("②", "③")}
    sections = tuple(
        replace(one, rows=tuple(replace(row, marks=signs[row.code]) for row in one.rows)) for one in made.sections
    )
    marked = replace(made, sections=sections, marks=(("①", "甲"), ("②", "乙"), ("③", "丙")))
    by_unit = {one.unit: one for one in notices(marked, of, place(), (ours, theirs), ()).addressed}
    assert by_unit["区科技局"].marks == (("①", "乙"), ("②", "丙"))
    assert [row.marks for row in by_unit["区科技局"].indicators] == [("①", "②")]
    assert by_unit["区财政局"].marks == (("①", "甲"),)


def test_the_number_follows_the_edition_and_the_order_of_the_units() -> None:
    at = place(number="金经信督〔{year}〕{issue}—{serial}号")
    one, two = behind(), behind("firms", name="新增企业", lead_units=("区统计局",))
    of = plan(one.indicator, two.indicator)
    draft = bulletin(one, two, of=of, place=at)
    issue = replace(draft, edition=Edition(6))
    assert [n.number for n in notices(draft, of, at, (one, two), ()).addressed] == [
        "金经信督〔2024〕　—1号", "金经信督〔2024〕　—2号",
    ]  # fmt: skip
    assert [n.number for n in notices(issue, of, at, (one, two), ()).addressed] == [
        "金经信督〔2024〕6—1号", "金经信督〔2024〕6—2号",
    ]  # fmt: skip


def test_a_pattern_with_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValidationError, match="only"):
        place(number="督{month}号")


def test_the_leading_unit_sees_all_that_it_leads_in_the_plans_order() -> None:
    led = [behind(), assessment(counted("firms", name="新增企业", lead_units=("区科技局", "区财政局")))]
    made = arranged(*led)
    by_unit = {one.unit: one for one in made.addressed}
    assert [row.code for row in by_unit["区科技局"].indicators] == ["projects", "firms"]
    assert [row.code for row in by_unit["区财政局"].indicators] == ["firms"]
    assert [row.code for row in by_unit["区财政局"].shared] == ["projects"]
