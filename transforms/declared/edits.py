"""Turns the Markdown in which an editor rewrites a bulletin's paragraphs into plain texts with their lines; no figures.

The one door to markdown-it. A heading names a section of the plan, or 总体进展 for the summary; what stands under it
replaces the automatic paragraphs, or with （补充） follows them. Paragraphs and flat lists are taken, emphasis without
its marks; comments are passed over; anything else is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from transforms.declared.plan import Plan
from transforms.errors import DeclarationError, EditFault, Fault

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SUMMARY = "总体进展"
"""The heading of the summary, which isn't a section of the plan; its opening sentence is never replaced."""


class Mode(StrEnum):
    """What an edited text does to the automatic one."""

    REPLACE = "替换"
    ADD = "补充"


@dataclass(frozen=True, slots=True)
class EditedParagraph:
    """One paragraph's text, without marks and without breaks, and the line of the file that each part begins on."""

    text: str
    lines: tuple[tuple[int, int], ...]
    """Where in the text a line of the file begins, and its number."""

    def line_at(self, at: int) -> int:
        """The line of the file that the character at this place stands on."""
        return max(number for start, number in self.lines if start <= at)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an editor wrote for one section; ``section`` is its id in the plan, or SUMMARY."""

    section: str
    mode: Mode
    paragraphs: tuple[EditedParagraph, ...]


@dataclass(frozen=True, slots=True)
class Edits:
    """All that was written into one file; sections without a text of the editor's own aren't in it."""

    file: str
    edits: tuple[Edit, ...]

    def of(self, section: str) -> Edit | None:
        """What was written for one section."""
        return next((edit for edit in self.edits if edit.section == section), None)


def edits_of(text: str, file: str, plan: Plan) -> Edits:
    """Read one period's edits; DeclarationError with every fault of the file, each with its line."""
    faults: list[Fault] = []
    names = _names(plan)
    edits: list[Edit] = []
    seen: dict[str, int] = {}
    faults += _unseen_marks(text, file)
    for head, body in _parts(_parser().parse(text), file, faults):
        section, mode = _named(head, names, file, faults) if head else (None, Mode.REPLACE)
        if section is not None and head is not None:
            if section in seen:
                found = f"标题“{head.text}”与第{seen[section]}行所指的部分相同"
                faults.append(EditFault(file, head.line, found, "并作一处"))
            seen.setdefault(section, head.line)
        paragraphs = tuple(_paragraphs(body, file, faults))
        if head is None and paragraphs:
            line = paragraphs[0].lines[0][1]
            cure = "先写二级标题，如“## 总体进展”，再写段落"
            faults.append(EditFault(file, line, "这段文字不在任何标题之下", cure))
        elif section is not None and paragraphs:
            edits.append(Edit(section, mode, paragraphs))
    if faults:
        raise DeclarationError(sorted(faults, key=lambda fault: fault.line))
    return Edits(file, tuple(edits))


_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufffd]"
)
"""Control characters, marks that turn the direction of writing, and what stands for a broken character."""


def _unseen_marks(text: str, file: str) -> Iterator[Fault]:
    """They'd vanish from one document and stay in another, or show a figure's digits backwards."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if found := _UNSEEN.search(line):
            told = f"第{found.start() + 1}个字符是看不见的控制符或坏字（U+{ord(found[0]):04X}）"
            yield EditFault(file, number, told, "删掉这个字符，或重新输入这一行")


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # Of a library that most commands can do without.

    # Chinese paragraphs are indented: that makes no code of them. Tables and struck-out words are met to be refused.
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable(["code", "reference"])


# --- Headings -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Head:
    text: str
    line: int


_MODE = re.compile(r"(.*?)\s*[（(]\s*(替换|补充)\s*[）)]\s*")
_ORDINAL = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])\s*")


def _names(plan: Plan) -> Mapping[str, str]:
    """What a heading may say, and the section that it means; a title that two sections share means neither.

    A section of tasks alone has no automatic text, and no place in a bulletin for one.
    """
    with_text = {indicator.section for indicator in plan.indicators}
    sections = [section for section in plan.sections if section.id in with_text]
    titles = [_bare(section.title) for section in sections]
    names = {section.id: section.id for section in sections}
    names |= {_bare(one.title): one.id for one in sections if titles.count(_bare(one.title)) == 1}
    return names | {SUMMARY: SUMMARY}


def _bare(title: str) -> str:
    squeezed = re.sub(r"\s+", "", title)
    return _ORDINAL.sub("", squeezed, count=1) if _ORDINAL.match(squeezed) else squeezed


def _parts(tokens: Sequence[Token], file: str, faults: list[Fault]) -> Iterator[tuple[_Head | None, Sequence[Token]]]:
    """The tokens under each heading of the second level; those before the first have none."""
    head: _Head | None = None
    body: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type != "heading_open":
            body.append(token)
            at += 1
            continue
        text, line = tokens[at + 1].content.strip(), _line(token)
        at += 3
        if token.tag == "h2":
            yield head, body
            head, body = _Head(text, line), []
        elif token.tag != "h1" or head is not None or _has_text(body):
            cure = "各部分用二级标题（##）；一级标题只在文件开头用一次，可有可无"
            faults.append(EditFault(file, line, f"标题“{text}”的级别不对", cure))
    yield head, body


def _has_text(body: Sequence[Token]) -> bool:
    """Whether anything but comments stands here."""
    return any(token.type != "html_block" for token in body)


def _named(head: _Head, names: Mapping[str, str], file: str, faults: list[Fault]) -> tuple[str | None, Mode]:
    matched = _MODE.fullmatch(head.text)
    name, mode = (matched[1], Mode(matched[2])) if matched else (head.text, Mode.REPLACE)
    section = names.get(_bare(name)) or names.get(name.strip())
    if section is None:
        listed = "、".join(name for name in names if not name.isascii())
        cure = f"标题写明所改的部分：{listed}；后面可加（替换）或（补充）"
        faults.append(EditFault(file, head.line, f"没有“{name}”这一部分的文稿", cure))
    return section, mode


# --- Paragraphs ---------------------------------------------------------------------------------


_REFUSED = {
    "table_open": "表格",
    "fence": "代码块",
    "code_block": "代码块",
    "blockquote_open": "引用块",
    "hr": "分隔线",
    "html_block": "HTML",
    "image": "图片",
    "link_open": "链接",
    "code_inline": "代码",
    "html_inline": "HTML",
    "s_open": "删除线",
}
_CURE = "只写普通段落和单层列表；强调用的星号可以留，印出时略去"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def _paragraphs(body: Sequence[Token], file: str, faults: list[Fault]) -> Iterator[EditedParagraph]:
    lists: list[Token] = []
    skipped_to = -1
    for at, token in enumerate(body):
        if at <= skipped_to:
            continue
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
            if len(lists) == 2:
                faults.append(EditFault(file, _line(token), "列表里又有列表", _CURE))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "html_block":
            faults += _faults_of_comment(token, file)
        elif token.type in _REFUSED:
            faults.append(EditFault(file, _line(token), f"这里是{_REFUSED[token.type]}", _CURE))
            skipped_to = _end_of(body, at)
        elif token.type == "inline":
            number = _number_before(body, at, lists)
            paragraph = _paragraph(token, number, file, faults)
            if paragraph.text:
                yield paragraph


def _end_of(body: Sequence[Token], at: int) -> int:
    """Where a refused block ends, so that what is in it isn't refused once more."""
    opened = body[at]
    if opened.nesting == 0:
        return at
    closing = opened.type.replace("_open", "_close")
    return next(
        (
            further
            for further in range(at + 1, len(body))
            if body[further].type == closing and body[further].level == opened.level
        ),
        len(body) - 1,
    )


def _faults_of_comment(token: Token, file: str) -> Iterator[Fault]:
    """A comment is passed over; one that isn't closed, or with words behind it, would take those words away unseen."""
    content = token.content.strip()
    if not content.startswith("<!--"):
        yield EditFault(file, _line(token), "这里是HTML", _CURE)
    elif "-->" not in content:
        yield EditFault(file, _line(token), "注释没有结束，后面的文字都会丢掉", "在注释末尾写“-->”")
    elif _COMMENT.sub("", content).strip():
        yield EditFault(file, _line(token), "注释后面的同一行还有文字", "“-->”之后另起一行")


def _number_before(body: Sequence[Token], at: int, lists: Sequence[Token]) -> str:
    """（2） for the second item of an ordered list; nothing for others and for an item's further paragraphs."""
    if not lists or lists[-1].type != "ordered_list_open" or at < 2 or body[at - 2].type != "list_item_open":
        return ""
    return f"（{body[at - 2].info}）"


def _paragraph(token: Token, number: str, file: str, faults: list[Fault]) -> EditedParagraph:
    text, line = number, _line(token)
    lines = [(0, line)]
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
            lines.append((len(text), line))
            text += " "
        elif child.type == "html_inline" and _COMMENT.fullmatch(child.content):
            line += child.content.count("\n")
        elif child.type in _REFUSED:
            faults.append(EditFault(file, line, f"这里有{_REFUSED[child.type]}", _CURE))
        elif child.type in {"text", "text_special"}:
            text += child.content
    return _squeezed(text, lines)


_SPACE = re.compile(r"\s+")


def _squeezed(text: str, lines: Sequence[tuple[int, int]]) -> EditedParagraph:
    """Without indents; a line's break is a space between Latin words and nothing between Chinese ones."""
    made, starts, done = "", [], 0
    pending = list(lines)

    def take(upto: int, shown: str) -> None:
        nonlocal made, done
        while pending and pending[0][0] < upto:
            start, number = pending.pop(0)
            starts.append((len(made) + min(max(start - done, 0), len(shown)), number))
        made += shown
        done = upto

    for found in _SPACE.finditer(text):
        take(found.start(), text[done : found.start()])
        before, after = made[-1:], text[found.end() : found.end() + 1]
        latin = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        take(found.end(), " " if latin else "")
    take(len(text), text[done:])
    starts += [(len(made), number) for _, number in pending]
    return EditedParagraph(made, tuple(starts))


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
