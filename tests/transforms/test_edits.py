"""What an editor's file may hold, which line each thing stands on, and everything that is refused."""

from __future__ import annotations

import pytest

from tests.transforms.builders import counted, indicator, plan
from transforms.declared.edits import SUMMARY, Edits, Mode, edits_of
from transforms.errors import DeclarationError

FILE = "data_raw/specimen/edits/2024-06.md"
OF = plan(indicator(), counted(section="more"))


def read(text: str) -> Edits:
    return edits_of(text, FILE, OF)


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(DeclarationError) as caught:
        read(text)
    return [(fault.line, fault.found) for fault in caught.value.faults]


def texts(text: str) -> list[str]:
    return [paragraph.text for edit in read(text).edits for paragraph in edit.paragraphs]


def test_a_heading_names_the_section_by_its_title_its_number_or_its_id() -> None:
    for head in ("总体目标", "一、总体目标", "（一）总体目标", "1. 总体目标", "all", " 总体 目标 "):
        (edit,) = read(f"## {head}\n\n段落。\n").edits
        assert (edit.section, edit.mode) == ("all", Mode.REPLACE)


@pytest.mark.parametrize(("head", "mode"), [("（替换）", Mode.REPLACE), ("（补充）", Mode.ADD), (" (补充) ", Mode.ADD)])
def test_a_heading_says_what_becomes_of_the_automatic_text(head: str, mode: Mode) -> None:
    (edit,) = read(f"## 总体进展{head}\n\n段落。\n").edits
    assert (edit.section, edit.mode) == (SUMMARY, mode)


def test_a_section_without_a_text_of_its_own_is_not_edited() -> None:
    assert read("# 题\n\n<!-- 说明 -->\n\n## 总体目标\n\n<!-- 自动\n\n文稿 -->\n\n## 科技创新（补充）\n").edits == ()
    assert read("").edits == ()


def test_paragraphs_lose_their_marks_their_indents_and_their_breaks() -> None:
    assert texts("## 总体目标\n\n　　产值**82.1亿元**，\n　　*增长*7.9%。<!-- 待核 -->\n\n    缩进的 GDP\ntotal\n") == [
        "产值82.1亿元，增长7.9%。",
        "缩进的GDP total",
    ]


def test_items_of_a_flat_list_are_paragraphs() -> None:
    assert texts("## 总体目标\n\n- 甲\n- 乙\n\n1. 丙\n2. 丁\n") == ["甲", "乙", "（1）丙", "（2）丁"]


def test_characters_of_html_are_text() -> None:
    assert texts("## 总体目标\n\n产值 < 目标 & “甲”\\<b\\>\n") == ["产值<目标&“甲”<b>"]


def test_each_place_of_a_paragraph_knows_its_line() -> None:
    (edit,) = read("## 总体目标\n\n产值82.1亿元，\n增长7.9%，\n\n\n税收3.2亿元。\n").edits
    first, second = edit.paragraphs
    assert [first.line_at(first.text.index(one)) for one in ("产值", "82", "增长", "7.9")] == [3, 3, 4, 4]
    assert second.line_at(0) == 7


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "这里是表格"),
        ("![图](a.png)", "这里有图片"),
        ("见[网页](http://example.com)", "这里有链接"),
        ("<div>甲</div>", "这里是HTML"),
        ("甲<b>乙", "这里有HTML"),
        ("```\n甲\n```", "这里是代码块"),
        ("甲`乙`", "这里有代码"),
        ("> 甲", "这里是引用块"),
        ("***", "这里是分隔线"),
        ("~~甲~~", "这里有删除线"),
        ("- 甲\n  - 乙", "列表里又有列表"),
        ("<!-- 甲 --> 乙", "注释后面的同一行还有文字"),
        ("<!-- 甲\n乙", "注释没有结束，后面的文字都会丢掉"),
        ("### 甲", "标题“甲”的级别不对"),
    ],
)
def test_anything_else_is_refused_with_its_line(body: str, found: str) -> None:
    told = faults(f"## 总体目标\n\n{body}\n")
    assert all(words == found for _, words in told)
    assert told[0][0] in {3, 4}


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x85", "\u202e", "\u200f", "\ufffd"])
def test_a_mark_that_nobody_sees_is_refused_with_its_line(mark: str) -> None:
    told = "第3个字符是看不见的控制符或坏字"
    assert faults(f"## 总体目标\r\n\r\n产值{mark}82.1亿元\r\n") == [(3, f"{told}（U+{ord(mark):04X}）")]


def test_a_refused_block_is_told_once() -> None:
    assert len(faults("## 总体目标\n\n> 甲<b>\n>\n> - 乙\n")) == 1


def test_all_faults_are_told_at_once_in_their_order() -> None:
    assert faults("无题文字\n\n## 没有的\n\n段\n\n## 总体目标\n\n<p>\n\n## all（补充）\n\n段\n") == [
        (1, "这段文字不在任何标题之下"),
        (3, "没有“没有的”这一部分的文稿"),
        (9, "这里是HTML"),
        (11, "标题“all（补充）”与第7行所指的部分相同"),
    ]


def test_a_fault_names_the_file_the_line_and_the_cure() -> None:
    with pytest.raises(DeclarationError) as caught:
        read("## 没有的\n")
    assert str(caught.value) == (
        f"{FILE}:1：没有“没有的”这一部分的文稿；标题写明所改的部分：总体目标、科技创新、总体进展；后面可加（替换）或（补充）"
    )


def test_a_title_of_two_sections_means_neither() -> None:
    sections = [{"id": "one", "title": "一、项目"}, {"id": "two", "title": "二、项目"}, {"id": "all", "title": "总"}]
    of = plan(indicator(), *(counted(code, section=code) for code in ("one", "two")), sections=sections)
    with pytest.raises(DeclarationError):
        edits_of("## 项目\n\n段\n", FILE, of)
    assert edits_of("## two\n\n段\n", FILE, of).edits[0].section == "two"


def test_a_section_of_tasks_alone_has_no_text_to_edit() -> None:
    with pytest.raises(DeclarationError) as caught:
        edits_of("## 科技创新\n\n段\n", FILE, plan(indicator()))
    assert "没有“科技创新”这一部分的文稿" in str(caught.value)
