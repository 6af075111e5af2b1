"""An editor's paragraphs in a bulletin, and what is told of the figures that they quote."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.transforms.builders import assessment, bulletin, counted, indicator, plan, rate, unpaced
from transforms.assessments import AreaStanding, AreaTable, Assessment, Status
from transforms.declared.edits import Edits, edits_of
from transforms.declared.plan import Plan
from transforms.doubts import Severity
from transforms.writing.bulletin import Bulletin
from transforms.writing.bulletin_figures import Names
from transforms.writing.editing import QuotesChecked, Remembered, check_quotes, edited, file_to_edit

OF = plan(indicator(), rate(), counted(section="more"))


def assessments(output: str = "88.96", projects: str = "26") -> tuple[Assessment, ...]:
    value = Decimal(output)
    return (
        assessment(value=value, completion=value / 170 * 100),
        unpaced(rate(), Status.BEHIND, "8.2", gap=Decimal("-1.8"), gap_unit="百分点"),
        assessment(counted(section="more"), value=Decimal(projects), completion=Decimal(projects) * 2, growth=None),
    )


def areas(value: str) -> AreaTable:
    standing = AreaStanding("甲镇", Decimal(value), None, 1, tied=False, previous_rank=1)
    return AreaTable(indicator(), "township", (standing, replace(standing, area="乙镇", value=Decimal(1), rank=2)), 2)


def made(output: str = "88.96", projects: str = "26", area: str = "4.40") -> Bulletin:
    return bulletin(*assessments(output, projects), of=OF, tables=(areas(area),))


def written(body: str, head: str = "总体目标") -> Edits:
    return edits_of(f"## {head}\n\n{body}\n", "edits/2024-06.md", OF)


def check(body: str, now: Bulletin, before: tuple[Remembered, ...] = ()) -> QuotesChecked:
    return check_quotes(written(body), now, OF, before)


def found(checked: QuotesChecked) -> list[str]:
    return [doubt.found for doubt in checked.doubts]


# --- Paragraphs ---------------------------------------------------------------------------------


def test_what_is_written_takes_the_automatic_paragraphs_place() -> None:
    automatic = made()
    after = edited(automatic, written("自己的话。"))
    assert [one.paragraphs for one in after.commentaries] == [("自己的话。",), automatic.commentaries[1].paragraphs]
    assert after.paragraphs == automatic.paragraphs


def test_what_is_added_follows_the_automatic_paragraphs() -> None:
    automatic = made()
    after = edited(automatic, written("自己的话。", "总体目标（补充）"))
    assert after.commentaries[0].paragraphs == (*automatic.commentaries[0].paragraphs, "自己的话。")


def test_a_page_s_summary_says_what_was_written_of_the_whole() -> None:
    automatic = made()
    told = [(point.label, point.text) for point in automatic.summary]
    body = "自己的话。\n\n第二段。"
    replaced, added = (edited(automatic, written(body, head)).summary for head in ("总体进展", "总体进展（补充）"))
    assert [(point.label, point.text) for point in replaced] == [("综述", "自己的话。"), ("", "第二段。")]
    assert [(point.label, point.text) for point in added] == [*told, ("补充", "自己的话。"), ("", "第二段。")]
    assert edited(automatic, written(body)).summary == automatic.summary


@pytest.mark.parametrize(("head", "kept"), [("总体进展", 1), ("总体进展（补充）", 99)])
def test_the_opening_sentence_of_the_summary_always_stays(head: str, kept: int) -> None:
    automatic = made()
    assert edited(automatic, written("自己的话。", head)).paragraphs == (*automatic.paragraphs[:kept], "自己的话。")


def test_nothing_written_changes_nothing() -> None:
    assert edited(made(), Edits("f.md", ())) == made()


def test_the_file_to_edit_edits_nothing_and_has_every_automatic_paragraph() -> None:
    automatic = made()
    text = file_to_edit(automatic)
    assert edits_of(text, "f.md", OF).edits == ()
    told = [*automatic.paragraphs[1:], *(one for each in automatic.commentaries for one in each.paragraphs)]
    assert all(paragraph in text for paragraph in told)


def test_words_of_a_unit_cannot_end_the_comment() -> None:
    automatic = made()
    told = replace(automatic, paragraphs=(automatic.paragraphs[0], "甲-->乙"))
    assert edits_of(file_to_edit(told), "f.md", OF).edits == ()


# --- Quotes -------------------------------------------------------------------------------------


def test_a_figure_is_remembered_when_it_is_first_quoted_and_only_then() -> None:
    first = check("规上工业总产值完成89.0亿元。", made())
    assert first.doubts == ()
    assert Remembered("all", "89.0亿元", "output|actual", "89.0亿元") in first.first_quoted
    again = check("规上工业总产值完成89.0亿元。", made(), first.first_quoted)
    assert (again.doubts, again.first_quoted) == ((), ())


def test_a_quoted_figure_that_has_changed_is_told_with_its_line_and_both_figures() -> None:
    first = check("规上工业总产值\n完成89.0亿元。", made())
    (doubt,) = check("规上工业总产值\n完成89.0亿元。", made("91.20"), first.first_quoted).doubts
    assert (doubt.severity, doubt.places) == (Severity.WARNING, ("edits/2024-06.md:4",))
    assert doubt.found == "引用的“89.0亿元”与本期数不一致：规上工业总产值，写入时为89.0亿元，现为91.2亿元"
    assert doubt.subject == "编辑文稿“总体目标”"


def test_a_change_is_told_at_every_run_until_the_text_is_mended() -> None:
    first = check("规上工业总产值完成89.0亿元。", made())
    now = made("91.20")
    assert len(check("规上工业总产值完成89.0亿元。", now, first.first_quoted).doubts) == 1
    mended = check("规上工业总产值完成91.2亿元。", now, first.first_quoted)
    assert mended.doubts == ()
    both = (*first.first_quoted, *mended.first_quoted)
    assert check("规上工业总产值完成91.2亿元。", now, both).doubts == ()


def test_words_around_a_changed_figure_do_not_hide_it() -> None:
    first = check("规上工业总产值完成89.0亿元。", made())
    assert len(check("上半年，全区规上工业总产值为89.0亿元，形势平稳。", made("91.20"), first.first_quoted).doubts) == 1


def test_another_figure_that_now_prints_alike_does_not_hide_a_change() -> None:
    first = check("招引亿元以上工业项目26个。", made())
    now = bulletin(*assessments(projects="27")[:2], assessment(counted(section="more"), value=Decimal(27)), of=OF)
    others = check("招引亿元以上工业项目26个。", now, first.first_quoted)
    assert found(others) == ["引用的“26个”与本期数不一致：招引亿元以上工业项目，写入时为26个，现为27个"]


def test_a_number_that_is_no_figure_of_the_bulletin_is_noted() -> None:
    (doubt,) = check("另有500万元到账。", made()).doubts
    assert (doubt.severity, doubt.found) == (Severity.INFO, "“500万元”不是本期通报中的数")


def test_a_number_without_a_name_is_right_as_long_as_some_figure_prints_alike() -> None:
    first = check("完成26个。", made())
    assert check("完成26个。", made(), first.first_quoted).doubts == ()
    assert len(check("完成26个。", made(projects="28"), first.first_quoted).doubts) == 1


def test_figures_of_areas_counts_and_the_automatic_text_are_known() -> None:
    told = (
        "甲镇总产值4.40亿元，居第1位。纳入通报的3项目标中，未达到序时1项，占33.3%。规上工业增加值低于目标1.8个百分点。"
    )
    checked = check(told, made())
    assert checked.doubts == ()
    keys = {one.key.partition("|")[0] for one in checked.first_quoted}
    assert {"甲镇", "behind", "value-added"} <= keys


def test_a_figure_that_is_no_longer_told_is_a_change() -> None:
    first = check("甲镇4.40亿元。", made())
    gone = bulletin(*assessments(), of=OF)
    (doubt,) = check("甲镇4.40亿元。", gone, first.first_quoted).doubts
    assert "现已无此数" in doubt.found


def test_a_section_remembers_its_own_quotes_only() -> None:
    first = check("规上工业总产值完成89.0亿元。", made())
    other = check_quotes(written("规上工业总产值完成89.0亿元。", "科技创新"), made("91.20"), OF, first.first_quoted)
    assert found(other) == ["“89.0亿元”不是本期通报中的数"]


def test_without_edits_nothing_is_looked_at() -> None:
    assert check_quotes(Edits("f.md", ()), made(), OF, ()) == QuotesChecked((), ())


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("2024年1—6月，6月15日，后6个月，一季度，1-5月，5～6月", []),
        ("金发〔2024〕5号", []),
        ("（2）5G和G60", []),
        ("招引亿元以上工业项目２６个，１,２３４.５万元", ["26个", "1,234.5万元"]),
        ("同比下降8.9%，慢于5.9个百分点，63%～68%", ["8.9%", "5.9个百分点", "63%", "68%"]),
        ("（82.1亿元，为48.3%）", ["82.1亿元", "48.3%"]),
        ("居第6位", ["6位"]),
    ],
)
def test_which_numbers_of_a_text_tell_a_figure(text: str, quoted: list[str]) -> None:
    assert [one.text for one in Names(OF, made()).quoted(text)] == quoted


def test_a_number_in_a_name_is_part_of_the_name() -> None:
    of: Plan = plan(counted(name="招引5亿元以上工业项目", labels=("招引5亿元以上工业项目",)))
    one = assessment(of.indicators[0], value=Decimal(6))
    told = Names(of, bulletin(one, of=of)).quoted("招引5亿元以上工业项目6个")
    assert [(quoted.text, quoted.about) for quoted in told] == [("6个", frozenset({"projects"}))]
